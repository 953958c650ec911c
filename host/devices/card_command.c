/* SPDX-License-Identifier: Apache-2.0
 *
 * Every response must bring the whole nearer to its end; one that does not is the last.
 */
#include "devices/card_command.h"

#include "base/crypto.h"
#include "wire/card_app.h"

const char *card_io_error_text(enum card_io_error error)
{
    switch (error) {
    case CARD_IO_OK:
        return "the card answered";
    case CARD_IO_NO_SERVICE:
        return "the card service does not answer; install and start pcscd";
    case CARD_IO_DENIED:
        return "the card service does not let this user in; allow it in polkit (see CARDS.md)";
    case CARD_IO_NO_READER:
        return "there is no such card reader; connect one, or see saksi card list";
    case CARD_IO_NO_CARD:
        return "no card was presented";
    case CARD_IO_REMOVED:
        return "the card was removed; leave it until the answer is there";
    case CARD_IO_RESET:
        return "another program reset the card; try again";
    case CARD_IO_BUSY:
        return "another program holds the card; end it, then try again";
    case CARD_IO_MUTE:
        return "the card does not answer; is it the right way round?";
    case CARD_IO_FAILED:
        return "the reader failed; try again";
    case CARD_IO_NO_APPLICATION:
        return "this is another kind of card; it holds no certificates";
    case CARD_IO_TERMINATED:
        return "the card was ended by its issuer; ask for another one";
    case CARD_IO_REFUSED:
        return "the card refuses to be read";
    case CARD_IO_NONSENSE:
        return "the card answers nonsense; do not rely on it";
    case CARD_IO_NO_KEYS:
        return "the key that opens this card was not given";
    case CARD_IO_WRONG_KEYS:
        return "the card has other keys; it is another issuer's, or a false one. Each attempt "
               "takes one of its 64 tries";
    case CARD_IO_SHUT:
        return "the card was tried with wrong keys too often, and takes none any more";
    case CARD_IO_TAMPERED:
        return "an answer was changed on its way; try another reader";
    case CARD_IO_STATE:
        return "the card's life cycle does not allow that any more, or not yet";
    case CARD_IO_FULL:
        return "the card has no room for that";
    case CARD_IO_WORN:
        return "the card's memory failed; take another card";
    case CARD_IO_SYSTEM:
        break;
    }
    return "memory ran out, or a library failed";
}

const char *card_io_error_name(enum card_io_error error)
{
    static const char *const names[] = {
        [CARD_IO_OK] = "ok",
        [CARD_IO_NO_SERVICE] = "no_service",
        [CARD_IO_DENIED] = "denied",
        [CARD_IO_NO_READER] = "no_reader",
        [CARD_IO_NO_CARD] = "no_card",
        [CARD_IO_REMOVED] = "removed",
        [CARD_IO_RESET] = "reset",
        [CARD_IO_BUSY] = "busy",
        [CARD_IO_MUTE] = "mute",
        [CARD_IO_FAILED] = "reader_failed",
        [CARD_IO_NO_APPLICATION] = "no_application",
        [CARD_IO_TERMINATED] = "terminated",
        [CARD_IO_REFUSED] = "refused",
        [CARD_IO_NONSENSE] = "nonsense",
        [CARD_IO_NO_KEYS] = "no_keys",
        [CARD_IO_WRONG_KEYS] = "wrong_keys",
        [CARD_IO_SHUT] = "shut",
        [CARD_IO_TAMPERED] = "tampered",
        [CARD_IO_STATE] = "state",
        [CARD_IO_FULL] = "full",
        [CARD_IO_WORN] = "worn",
        [CARD_IO_SYSTEM] = "system",
    };
    size_t at = (size_t)error;
    return at < sizeof names / sizeof names[0] && names[at] != NULL ? names[at] : "failed";
}

/* One exchange. Its data goes to the start of `room`. */
static enum card_io_error exchange(const struct card_io *io, const struct apdu *command,
                                   uint8_t *room, size_t cap, struct card_traffic *traffic,
                                   struct apdu_response *ret_response)
{
    uint8_t bytes[CARD_COMMAND_MAX];
    struct writer w = writer_of(bytes, sizeof bytes);
    size_t len = 0;
    if (!apdu_write(&w, command) || !writer_ok(&w)) {
        return CARD_IO_SYSTEM;
    }
    enum card_io_error error = io->transmit(io->ctx, writer_span(&w), room, cap, &len);
    crypto_wipe(bytes, w.len); /* PINs are sent this way, too */
    if (error != CARD_IO_OK) {
        return error;
    }
    if (traffic != NULL) {
        traffic->commands++;
        traffic->bytes_out += w.len;
        traffic->bytes_in += len;
    }
    struct apdu_response response;
    if (len > cap || !apdu_response_read(span_of(room, len), &response) ||
        response.data.len > command->ne) {
        return CARD_IO_NONSENSE;
    }
    *ret_response = response;
    return CARD_IO_OK;
}

static uint32_t low_byte(uint16_t sw)
{
    return (sw & 0xFF) == 0 ? APDU_MAX_SHORT_NE : sw & 0xFF;
}

enum card_io_error card_command(const struct card_io *io, const struct apdu *command, uint8_t *room,
                                size_t cap, struct card_traffic *traffic,
                                struct apdu_response *ret_response)
{
    return card_command_most(io, command, command->ne, room, cap, traffic, ret_response);
}

enum card_io_error card_command_most(const struct card_io *io, const struct apdu *command,
                                     size_t most, uint8_t *room, size_t cap,
                                     struct card_traffic *traffic,
                                     struct apdu_response *ret_response)
{
    struct apdu_response part;
    struct apdu again = *command;
    size_t got = 0;
    enum card_io_error error = exchange(io, command, room, cap, traffic, &part);
    if (error == CARD_IO_OK && part.sw >> 8 == SW_WRONG_LE >> 8 && part.data.len == 0) {
        again.ne = low_byte(part.sw);
        if (again.ne > command->ne) { /* more than was asked for */
            return CARD_IO_NONSENSE;
        }
        error = exchange(io, &again, room, cap, traffic, &part);
    }
    for (int i = 0; error == CARD_IO_OK && part.sw >> 8 == SW_MORE >> 8; i++) {
        got += part.data.len;
        if (i == CARD_COMMAND_MAX_RESPONSES || (i > 0 && part.data.len == 0)) {
            return CARD_IO_NONSENSE;
        }
        const struct apdu fetch = {.ins = CARD_INS_GET_RESPONSE, .ne = low_byte(part.sw)};
        error = exchange(io, &fetch, room + got, cap - got, traffic, &part);
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    got += part.data.len;
    if (got > most) {
        return CARD_IO_NONSENSE;
    }
    *ret_response = (struct apdu_response){span_of(room, got), part.sw};
    return CARD_IO_OK;
}

/* ---- what status words say ---- */

enum card_io_error card_io_error_of_sw(uint16_t sw)
{
    switch (sw) {
    case SW_OK:
        return CARD_IO_OK;
    case SW_TERMINATED:
        return CARD_IO_TERMINATED;
    case SW_MEMORY_FAILURE:
        return CARD_IO_WORN;
    case SW_FULL:
        return CARD_IO_FULL;
    default:
        return CARD_IO_REFUSED;
    }
}

/* No application of that name, or no SELECT by name at all. ISO/IEC 7816-4 has 6A82 for it; 6999 is
 * what Java Cards say for an applet that lets nobody in, and 9404 what SIMs do. */
static bool is_not_there(uint16_t sw)
{
    switch (sw) {
    case SW_WRONG_LENGTH:
    case SW_OFFSET: /* P1-P2, in cards that know no 6A86 */
    case SW_INS_UNKNOWN:
    case SW_CLA_UNKNOWN:
    case 0x6999:
    case 0x9404:
        return true;
    default:
        return sw >> 8 == SW_NOT_FOUND >> 8;
    }
}

enum card_io_error card_select(const struct card_io *io, struct span name,
                               struct card_traffic *traffic, uint8_t room[CARD_SELECT_ROOM],
                               struct span *ret_data)
{
    struct apdu_response response;
    const struct apdu select = {
        .ins = CARD_INS_SELECT, .p1 = 0x04, .data = name, .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error =
        card_command(io, &select, room, CARD_SELECT_ROOM, traffic, &response);
    if (error != CARD_IO_OK) {
        return error;
    }
    if (is_not_there(response.sw)) {
        return CARD_IO_NO_APPLICATION;
    }
    *ret_data = response.data;
    return card_io_error_of_sw(response.sw);
}
