/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages over the serial line. Its first two bytes since the start say how they are framed:
 * 03 06 as the messages of a reader (link/twin.h), others as vsmartcard's virtual reader does it:
 * length (2 bytes, big-endian), bytes. One message at a time: the answer goes out before the next
 * one is taken.
 */
#ifndef CARD_LINK_H
#define CARD_LINK_H

#include "board.h"
#include "card/card.h"
#include "link/twin.h"

enum {
    LINK_ROOM =
        CARD_MAX_COMMAND > CARD_MAX_RESPONSE ? (int)CARD_MAX_COMMAND : (int)CARD_MAX_RESPONSE
};

/* Begins to listen, for the card `icc` where the messages are a reader's. */
void link_start(const struct ccid_icc *icc);

/* Sleeps until a message is there. One of a reader's it answers itself, and sleeps again; of others
 * it returns the length. Their bytes stand in link_room(), those behind LINK_ROOM are lost. */
size_t link_receive(void);

/* LINK_ROOM bytes, for the message and then for its answer. */
uint8_t *link_room(void);

/* Sends the first `len` bytes of the room. */
void link_send(size_t len);

/* Done with this message: listens for the next one. */
void link_next(void);

/* The card is running a command: a reader is asked for time, again and again. */
void link_working(bool on);

/* The line's interrupt, and that of the clock. */
void link_interrupt(void);
void link_tick(void);

#endif
