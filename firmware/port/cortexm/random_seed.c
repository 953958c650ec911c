/* SPDX-License-Identifier: Apache-2.0
 *
 * Random bytes on a board without a generator: a seed that whoever starts the board puts into the
 * factory page, stretched by SHA-256. As unpredictable as that seed, and the same again when the
 * same seed is put there again: good enough for an emulator that is given a fresh one each time it
 * is started, and for nothing else. A card in anybody's hand needs a chip with a generator. Without
 * a seed, or with one used before, there are no random bytes.
 */
#include "board.h"
#include "factory.h"
#include "card/crypto.h"

enum { NEXT_STATE = 1, OUTPUT = 2 };

static uint8_t state[CARD_DIGEST];
static bool seeded;

static void step(uint8_t what, uint8_t out[CARD_DIGEST])
{
    const struct span parts[] = {span_of(state, sizeof state), span_of(&what, 1)};
    card_sha256(parts, 2, out);
}

static bool take_seed(void)
{
    volatile uint8_t *seed = ((struct factory *)(uintptr_t)FACTORY)->seed;
    uint8_t all_zeros = 0;
    uint8_t all_ones = 0xFF;
    for (size_t i = 0; i < FACTORY_SEED_BYTES; i++) {
        state[i] = seed[i];
        all_zeros |= state[i];
        all_ones &= state[i];
        seed[i] = 0; /* never twice */
    }
    return all_zeros != 0 && all_ones != 0xFF;
}

bool random_bytes(void *context, uint8_t *bytes, size_t len)
{
    (void)context;
    uint8_t output[CARD_DIGEST];
    seeded = seeded || take_seed();
    if (!seeded) {
        return false;
    }
    for (size_t done = 0; done < len; done += sizeof output) {
        size_t n = len - done < sizeof output ? len - done : sizeof output;
        step(OUTPUT, output);
        step(NEXT_STATE, state);
        memcpy(bytes + done, output, n);
    }
    bytes_wipe(output, sizeof output);
    return true;
}

_Static_assert((int)FACTORY_SEED_BYTES == (int)CARD_DIGEST, "the seed is the first state");
