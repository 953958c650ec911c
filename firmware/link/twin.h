/* SPDX-License-Identifier: Apache-2.0
 *
 * CCID messages on a serial line, as the reader GemPC Twin frames them and libccid's serial driver
 * speaks: 03 06, message, and a byte that makes all of them add up to nothing (XOR). The reader
 * repeats what it was sent before it answers. To what is broken it says 03 15 16. While the card
 * takes its time the reader sends single bytes from 80 on: the driver would take the message that
 * CCID has for it for the repetition of what it sent.
 *
 * Bytes may be taken by an interrupt; a frame that is whole is answered outside of it, and until
 * then no byte is to be taken.
 */
#ifndef LINK_TWIN_H
#define LINK_TWIN_H

#include "link/ccid.h"

enum { TWIN_SYNC = 0x03, TWIN_ACK = 0x06, TWIN_NAK = 0x15, TWIN_MORE_TIME = 0x80 };

struct twin {
    struct ccid *ccid;
    /* Sends a byte. */
    void (*put)(void *context, uint8_t byte);
    void *context;
    bool broken;
    uint8_t sum;
    uint32_t taken; /* bytes of the frame */
    uint32_t whole; /* bytes it will have, as far as its head is known */
};

/* `ccid` and `context` must outlive the line. */
void twin_start(struct twin *twin, struct ccid *ccid, void (*put)(void *context, uint8_t byte),
                void *context);

/* A byte has come; true when twin_answer() is to be called. Bytes outside of frames are dropped. */
bool twin_take(struct twin *twin, uint8_t byte);

/* Answers the frame that is whole. */
void twin_answer(struct twin *twin);

/* Nothing has come for longer than a frame pauses: what has begun is dropped. */
void twin_idle(struct twin *twin);

/* The card, in the middle of a command, needs more time. */
void twin_more_time(struct twin *twin);

#endif
