/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of the demo that needs cards: what is issued on them, and the verdicts it must get.
 */
#ifndef DEMO_CARD_H
#define DEMO_CARD_H

#include "cli/demo/demo.h"

enum { DEMO_CARD_CASES = 3 };

extern const struct demo_case demo_card_case[DEMO_CARD_CASES];

/* Whether there are two virtual readers; false with the problem told. */
bool demo_card_ready(struct demo *demo);

/* Issues a certificate on the card in the first virtual reader, copies it to the second one, and
 * judges card, paper and copy. False with the problem told. */
bool demo_card(struct demo *demo, struct demo_answer ret_answer[DEMO_CARD_CASES]);

#endif
