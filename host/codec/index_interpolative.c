/* SPDX-License-Identifier: Apache-2.0
 *
 * Binary interpolative coding: the middle member first, then those on either side, each within what
 * its neighbours leave. Good for members in runs, which cost nothing once their ends are known.
 */
#include "codec/index_method.h"
#include "codec/bits.h"

/* `count` members from `first` (a place in the array) on, the least of which is `low` or more;
 * `slack` numbers of their stretch are no members. */
struct stretch {
    uint32_t first, count, low, slack;
};

/* A stretch is at most half of the one before it: 65,536 members make 17. */
#define MAX_DEPTH 17

/* What the shape of a stretch says once the members below its middle have got `left` of the slack;
 * `rest` is what lies above. */
static struct stretch halve(struct stretch *s, uint32_t left)
{
    uint32_t below = s->count / 2;
    struct stretch rest = {s->first + below + 1, s->count - below - 1, s->low + below + left + 1,
                           s->slack - left};
    s->count = below;
    s->slack = left;
    return rest;
}

/* The code of a number in 0..most (most ≥ 1), minimal binary: the values in the middle have one bit
 * less when most + 1 is no power of two. */
struct minimal {
    unsigned bits;    /* of a short code */
    uint32_t shorter; /* how many codes are short */
    uint32_t from;    /* the value the first code stands for */
};

static inline struct minimal minimal_of(uint32_t most)
{
    uint32_t values = most + 1;
    unsigned bits = 31 - (unsigned)__builtin_clz(values);
    uint32_t shorter = (2U << bits) - values;
    return (struct minimal){bits, shorter, (values - shorter) / 2};
}

static void put_minimal(struct bit_writer *b, uint32_t value, uint32_t most)
{
    struct minimal m = minimal_of(most);
    uint32_t code = value >= m.from ? value - m.from : value + most + 1 - m.from;
    if (code < m.shorter) {
        bit_put(b, code, m.bits);
    } else {
        bit_put(b, code + m.shorter, m.bits + 1);
    }
}

static inline uint32_t take_minimal(struct bit_reader *b, uint32_t most)
{
    struct minimal m = minimal_of(most);
    bit_refill(b);
    uint32_t code = (uint32_t)(b->window >> 32 >> (32 - m.bits));
    bool longer = code >= m.shorter;
    uint32_t other = (uint32_t)(b->window >> 32 >> (31 - m.bits)) - m.shorter;
    code = longer ? other : code;
    bit_skip(b, m.bits + longer);
    uint32_t value = code + m.from;
    return value > most ? value - most - 1 : value;
}

void index_interpolative_write(const struct index_members *set, struct writer *w)
{
    struct bit_writer b = bit_writer_of(w);
    struct stretch waiting[MAX_DEPTH], s = {0, set->count, 0, set->bound - set->count};
    for (unsigned depth = 0;;) {
        while (s.count != 0 && s.slack != 0) {
            uint32_t below = s.count / 2;
            uint32_t left = set->index[s.first + below] - s.low - below;
            put_minimal(&b, left, s.slack);
            waiting[depth++] = halve(&s, left);
        }
        if (depth == 0) {
            break;
        }
        s = waiting[--depth];
    }
    bit_writer_finish(&b);
}

bool index_interpolative_read(struct span bytes, uint32_t bound, uint32_t count,
                              uint32_t *ret_index, size_t *ret_len)
{
    struct bit_reader b = bit_reader_of(bytes);
    struct stretch waiting[MAX_DEPTH], s = {0, count, 0, bound - count};
    for (unsigned depth = 0;;) {
        while (s.count != 0 && s.slack != 0) {
            uint32_t below = s.count / 2;
            uint32_t left = take_minimal(&b, s.slack);
            ret_index[s.first + below] = s.low + below + left;
            waiting[depth++] = halve(&s, left);
        }
        for (uint32_t i = 0; i < s.count; i++) { /* nothing is missing between them */
            ret_index[s.first + i] = s.low + i;
        }
        if (depth == 0) {
            return bit_reader_finish(&b, ret_len);
        }
        s = waiting[--depth];
    }
}
