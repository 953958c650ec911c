/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of numbers below a bound, at random or in bursts, the same in every run, and what every set
 * that was read must be.
 */
#ifndef TESTS_INDEX_SAMPLE_H
#define TESTS_INDEX_SAMPLE_H

#include "check.h"
#include "codec/index_set.h"

#define INDEX_SAMPLE_BURST 200 /* mean length */

struct index_sample {
    uint32_t index[INDEX_SET_MAX_BOUND];
    size_t count;
    bool member[INDEX_SET_MAX_BOUND]; /* the same set, the naive way */
};

static inline bool index_sample_chance(uint64_t *state, uint32_t in_a_million)
{
    return check_random(state) % 1000000 < in_a_million;
}

static inline void index_sample_list(struct index_sample *s, uint32_t bound)
{
    s->count = 0;
    for (uint32_t i = 0; i < bound; i++) {
        if (s->member[i]) {
            s->index[s->count++] = i;
        }
    }
}

/* Each number is a member with that chance, at least one is. */
static inline void index_sample_random(struct index_sample *s, uint32_t bound,
                                       uint32_t in_a_million, uint64_t *state)
{
    for (uint32_t i = 0; i < bound; i++) {
        s->member[i] = index_sample_chance(state, in_a_million);
    }
    s->member[check_random(state) % bound] = true;
    index_sample_list(s, bound);
}

/* Adds runs of INDEX_SAMPLE_BURST members on average, which take that share of the numbers. */
static inline void index_sample_bursts(struct index_sample *s, uint32_t bound,
                                       uint32_t in_a_million, uint64_t *state)
{
    bool inside = false;
    for (uint32_t i = 0; i < bound; i++) {
        inside = index_sample_chance(state, inside ? 1000000 - 1000000 / INDEX_SAMPLE_BURST
                                                   : in_a_million / INDEX_SAMPLE_BURST);
        s->member[i] = s->member[i] || inside;
    }
    index_sample_list(s, bound);
}

static inline bool index_sample_is_set(const uint32_t *index, size_t count, uint32_t bound)
{
    bool is_set = count != 0 && index[0] < bound;
    for (size_t i = 1; i < count; i++) {
        is_set = is_set && index[i] > index[i - 1] && index[i] < bound;
    }
    return is_set;
}

#endif
