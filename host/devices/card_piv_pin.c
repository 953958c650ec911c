/* SPDX-License-Identifier: Apache-2.0
 *
 * Two values of eight bytes and one status word.
 */
#include "devices/card_piv_pin.h"

enum { LEAST = 6, FILL = 0xFF };

bool card_pin_make(struct span text, bool is_new, struct card_pin *ret_pin)
{
    if (text.len < LEAST || text.len > CARD_PIV_SECRET) {
        return false;
    }
    for (size_t i = 0; is_new && i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    memset(ret_pin->bytes, FILL, sizeof ret_pin->bytes);
    memcpy(ret_pin->bytes, text.ptr, text.len);
    return true;
}

/* What the card says to a command with a PIN. */
static enum card_pin_error error_of(uint16_t sw, unsigned *ret_tries)
{
    if ((sw & 0xFFF0) == SW_TRIES_LEFT) {
        *ret_tries = sw & 0x0F;
        return *ret_tries == 0 ? CARD_PIN_BLOCKED : CARD_PIN_WRONG;
    }
    switch (sw) {
    case SW_OK:
        return CARD_PIN_OK;
    case SW_BLOCKED:
        *ret_tries = 0;
        return CARD_PIN_BLOCKED;
    case SW_REFERENCE:
        return CARD_PIN_NONE;
    default:
        return CARD_PIN_REFUSED;
    }
}

static enum card_pin_error send(struct card_piv *piv, const struct apdu *command,
                                unsigned *ret_tries, enum card_io_error *ret_io)
{
    uint8_t room[2];
    struct apdu_response response;
    enum card_io_error error =
        card_command(&piv->io, command, room, sizeof room, &piv->traffic, &response);
    if (error != CARD_IO_OK) {
        *ret_io = error;
        return CARD_PIN_IO;
    }
    return error_of(response.sw, ret_tries);
}

/* VERIFY without a PIN: the answer of a card that wants one is that of one that got a wrong one. */
enum card_pin_error card_piv_pin_tries(struct card_piv *piv, unsigned *ret_tries,
                                       enum card_io_error *ret_io)
{
    const struct apdu ask = {.ins = CARD_INS_VERIFY, .p2 = CARD_PIV_PIN};
    enum card_pin_error error = send(piv, &ask, ret_tries, ret_io);
    if (error == CARD_PIN_OK) { /* nobody has shown it since the application was selected */
        *ret_io = CARD_IO_NONSENSE;
        return CARD_PIN_IO;
    }
    return error == CARD_PIN_WRONG ? CARD_PIN_OK : error;
}

static enum card_pin_error show_both(struct card_piv *piv, uint8_t ins,
                                     const struct card_pin *first, const struct card_pin *second,
                                     unsigned *ret_tries, enum card_io_error *ret_io)
{
    uint8_t data[2 * CARD_PIV_SECRET];
    memcpy(data, first->bytes, CARD_PIV_SECRET);
    memcpy(data + CARD_PIV_SECRET, second->bytes, CARD_PIV_SECRET);
    const struct apdu command = {
        .ins = ins, .p2 = CARD_PIV_PIN, .data = span_of(data, sizeof data)};
    enum card_pin_error error = send(piv, &command, ret_tries, ret_io);
    crypto_wipe(data, sizeof data);
    return error;
}

enum card_pin_error card_piv_pin_change(struct card_piv *piv, const struct card_pin *old,
                                        const struct card_pin *new_pin, unsigned *ret_tries,
                                        enum card_io_error *ret_io)
{
    return show_both(piv, CARD_INS_CHANGE_REFERENCE_DATA, old, new_pin, ret_tries, ret_io);
}

enum card_pin_error card_piv_pin_unblock(struct card_piv *piv, const struct card_pin *puk,
                                         const struct card_pin *new_pin, unsigned *ret_tries,
                                         enum card_io_error *ret_io)
{
    return show_both(piv, CARD_INS_RESET_RETRY_COUNTER, puk, new_pin, ret_tries, ret_io);
}
