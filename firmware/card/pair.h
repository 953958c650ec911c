/* SPDX-License-Identifier: Apache-2.0
 *
 * Key pairs, one an object of the store: the private key is made on the card, used here and nowhere
 * else, and never leaves. Which application may use which pair is for the callers to keep apart.
 */
#ifndef CARD_PAIR_H
#define CARD_PAIR_H

#include "card.h"

MUST_USE bool pair_is_there(const struct card *card, unsigned object);

/* Makes a pair, forgets the one that it replaces, and writes the public half as GENERATE ASYMMETRIC
 * KEY PAIR returns it: 7F49{86 point}. Returns the status word. */
MUST_USE uint16_t pair_make(struct card *card, unsigned object, struct writer *out);

/* Signs with a pair that is there; the signature has been verified. Returns the status word. */
MUST_USE uint16_t pair_sign(struct card *card, unsigned object, const uint8_t digest[CARD_DIGEST],
                            uint8_t signature[CARD_SIGNATURE]);

#endif
