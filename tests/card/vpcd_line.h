/* SPDX-License-Identifier: Apache-2.0
 *
 * A card behind vsmartcard's virtual reader: vpcd, which pcscd loads, listens on a port, and the
 * card connects to it. Messages are a length (2 bytes, big-endian) and as many bytes; one byte
 * alone is for the card's power, all others are commands. A connection that ends is a card that is
 * taken out.
 */
#ifndef TESTS_VPCD_LINE_H
#define TESTS_VPCD_LINE_H

#include <stdbool.h>

#include "wire/bytes.h"

enum { VPCD_FIRST_PORT = 35963, VPCD_SLOTS = 2, VPCD_MAX_MESSAGE = 0xFFFF };

enum vpcd_control { VPCD_OFF = 0, VPCD_ON = 1, VPCD_RESET = 2, VPCD_ATR = 4 };

struct vpcd_card {
    void *context;
    /* OFF, ON or RESET: nothing is answered. ATR: `answer` gets it, and its length is returned. */
    size_t (*control)(void *context, enum vpcd_control what, uint8_t *answer);
    /* A command; returns the length of the answer, or 0 when the card gives none and is to be taken
     * out. `answer` has room for VPCD_MAX_MESSAGE bytes. */
    size_t (*command)(void *context, struct span command, uint8_t *answer);
};

/* Puts the card into the slot and serves it; puts it in again when the reader has thrown it out.
 * Writes the line "inserted" to standard output when it is first given power and asked for its
 * ATR. Returns false when nobody listens on the port for ten seconds, or the card gave no answer.
 */
bool vpcd_serve(unsigned slot, const struct vpcd_card *card);

#endif
