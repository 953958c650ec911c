/* SPDX-License-Identifier: Apache-2.0
 *
 * Every response must bring the whole nearer to its end; one that does not is the last.
 */
#include "devices/card_command.h"

#include "base/crypto.h"
#include "wire/card_app.h"

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
