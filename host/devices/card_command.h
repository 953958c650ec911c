/* SPDX-License-Identifier: Apache-2.0
 *
 * One command to a card, whole: 61xx is followed by GET RESPONSE and 6Cxx by the command once more
 * (ISO/IEC 7816-4 §5.3.4), both within limits. Believes no length the card names. And what every
 * application is spoken to with: SELECT by name, and status words as errors.
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

/* What a status word says wherever no command gives it another meaning: CARD_IO_TERMINATED,
 * CARD_IO_FULL, CARD_IO_WORN, and CARD_IO_REFUSED for all that is neither of these nor 9000. */
MUST_USE enum card_io_error card_io_error_of_sw(uint16_t sw);

enum { CARD_SELECT_ROOM = APDU_MAX_SHORT_NE + 2 };

/* Selects the application of that name; *ret_data is what it says about itself, and points into
 * `room`. CARD_IO_NO_APPLICATION when the card says in one of many ways that it has none.
 * CARD_IO_REFUSED when it says neither that nor what else is wrong: cards of other makers answer so
 * to names they do not know, too. */
MUST_USE enum card_io_error card_select(const struct card_io *io, struct span name,
                                        struct card_traffic *traffic,
                                        uint8_t room[CARD_SELECT_ROOM], struct span *ret_data);

#endif
