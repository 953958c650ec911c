/* SPDX-License-Identifier: Apache-2.0
 *
 * One command to a card, whole: 61xx is followed by GET RESPONSE and 6Cxx by the command once more
 * (ISO/IEC 7816-4 §5.3.4), both within limits. Believes no length the card names.
 */
#ifndef DEVICES_CARD_COMMAND_H
#define DEVICES_CARD_COMMAND_H

#include "devices/card_io.h"
#include "wire/apdu.h"

enum {
    CARD_COMMAND_MAX = 4096,        /* bytes of one command APDU that is sent */
    CARD_COMMAND_MAX_RESPONSES = 64 /* to one command, each with at least one byte of data */
};

/* What went over the line. */
struct card_traffic {
    unsigned commands;
    size_t bytes_out, bytes_in;
};

/* Sends; *ret_response points into `room`, which holds data and status word and should be two bytes
 * larger than the most data expected. What is sent is wiped behind it. CARD_IO_NONSENSE: a response
 * without a status word, more data than was asked for or than finds room, or one of endless parts.
 * Any other status word is the caller's to judge. `traffic` may be NULL. */
MUST_USE enum card_io_error card_command(const struct card_io *io, const struct apdu *command,
                                         uint8_t *room, size_t cap, struct card_traffic *traffic,
                                         struct apdu_response *ret_response);

/* The same where the answer may be longer than what Le asks for, as by a MAC that the card does not
 * count: at most `most` bytes, the rest by GET RESPONSE. */
MUST_USE enum card_io_error card_command_most(const struct card_io *io, const struct apdu *command,
                                              size_t most, uint8_t *room, size_t cap,
                                              struct card_traffic *traffic,
                                              struct apdu_response *ret_response);

#endif
