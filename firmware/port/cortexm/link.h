/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages over the serial line, as vsmartcard's virtual reader frames them: length (2 bytes,
 * big-endian), bytes. One message at a time: the answer goes out before the next one is taken.
 */
#ifndef CARD_LINK_H
#define CARD_LINK_H

#include "board.h"
#include "card/card.h"

enum {
    LINK_ROOM =
        CARD_MAX_COMMAND > CARD_MAX_RESPONSE ? (int)CARD_MAX_COMMAND : (int)CARD_MAX_RESPONSE
};

/* Begins to listen. */
void link_start(void);

/* Sleeps until a message is there; returns its length. Its bytes stand in link_room(), those
 * behind LINK_ROOM are lost. */
size_t link_receive(void);

/* LINK_ROOM bytes, for the message and then for its answer. */
uint8_t *link_room(void);

/* Sends the first `len` bytes of the room. */
void link_send(size_t len);

/* Done with this message: listens for the next one. */
void link_next(void);

/* The line's interrupt. */
void link_interrupt(void);

#endif
