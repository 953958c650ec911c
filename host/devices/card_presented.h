/* SPDX-License-Identifier: Apache-2.0
 *
 * A card that somebody presents at a reader, for programs that speak to one: how long it is waited
 * for and held, what is said when that fails, and leaving the reader as it was found. Prints
 * nothing but the message of the clock, and knows nothing of what cards say.
 */
#ifndef DEVICES_CARD_PRESENTED_H
#define DEVICES_CARD_PRESENTED_H

#include "devices/card_reader.h"

enum { CARD_PRESENTED_WAIT_S = 30, CARD_PRESENTED_MAX_WAIT_S = 3600 };

/* Seconds to wait for a card, as somebody typed them: digits alone, and at most
 * CARD_PRESENTED_MAX_WAIT_S. */
MUST_USE bool card_presented_seconds(const char *text, unsigned *ret_seconds);

/* From here on the program ends after so many seconds, with a message that closes with `advice` (at
 * most 80 bytes) and status 74: library and service wait without a limit for a driver that hangs,
 * and for a program that keeps the card to itself; the service cleans up behind a client that is
 * gone. 0 seconds: not any more. One clock in a process. */
void card_presented_clock(unsigned seconds, const char *advice);

/* Closes a connection, unless there is none, and forgets it. */
void card_presented_leave(struct card_io *io);

enum { CARD_PRESENTED_PHRASE = 400 };

/* "READER: PHRASE", or the phrase alone before there is a reader (NULL or ""). Returns `room`. */
const char *card_presented_phrase(const char *reader, enum card_io_error error,
                                  char room[CARD_PRESENTED_PHRASE]);

/* The exit status for it: 70 or 74, as sysexits.h has them. */
int card_presented_status(enum card_io_error error);

#endif
