/* SPDX-License-Identifier: Apache-2.0
 *
 * Rice codes of gaps: gap >> k zeros, a one, and the low k bits. Good for members that lie at
 * random.
 */
#include "codec/index_method.h"
#include "codec/bits.h"

#define SHORT_ZEROS (BITS_REFILLED - 1 - INDEX_RICE_MAX_K) /* up to there one refill is enough */

/* For members at random with share p the best parameter is the least with (1 − p)^(2^k) ≤ 1/φ, that
 * is 2^k ≥ ln φ / −ln(1 − p), about ln φ · (1/p − 1/2); 77/320 is ln φ / 2. */
unsigned index_rice_k(uint32_t count, uint32_t bound)
{
    uint64_t wanted = ((uint64_t)2 * bound - count) * 77;
    unsigned k = 0;
    while (k < INDEX_RICE_MAX_K && ((uint64_t)count * 320 << k) < wanted) {
        k++;
    }
    return k;
}

static uint32_t gap_before(const struct index_members *set, uint32_t i)
{
    return i == 0 ? set->index[0] : set->index[i] - set->index[i - 1] - 1;
}

size_t index_rice_size(const struct index_members *set, unsigned k)
{
    uint64_t bits = (uint64_t)set->count * (k + 1) + (set->index[0] >> k);
    for (uint32_t i = 1; i < set->count; i++) {
        bits += (set->index[i] - set->index[i - 1] - 1) >> k;
    }
    return (size_t)((bits + 7) / 8);
}

void index_rice_write(const struct index_members *set, unsigned k, struct writer *w)
{
    struct bit_writer b = bit_writer_of(w);
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t gap = gap_before(set, i);
        uint32_t zeros = gap >> k;
        for (; zeros > 16; zeros -= 16) {
            bit_put(&b, 0, 16);
        }
        bit_put(&b, 1, zeros + 1);
        bit_put(&b, gap & ((1U << k) - 1), k);
    }
    bit_writer_finish(&b);
}

/* Zeros beyond those one refill shows; false when there are more than `most`. */
static bool read_many_zeros(struct bit_reader *b, uint32_t most, uint32_t *ret_zeros)
{
    uint32_t zeros = 0;
    while (bit_zeros(b) >= BITS_REFILLED && zeros <= most) {
        bit_skip(b, BITS_REFILLED);
        zeros += BITS_REFILLED;
        bit_refill(b);
    }
    zeros += bit_zeros(b);
    if (zeros > most) {
        return false;
    }
    bit_skip(b, bit_zeros(b));
    bit_refill(b);
    *ret_zeros = zeros;
    return true;
}

bool index_rice_read(struct span bytes, unsigned k, uint32_t bound, uint32_t count,
                     uint32_t *ret_index, size_t *ret_len)
{
    struct bit_reader b = bit_reader_of(bytes);
    uint32_t least = 0;
    for (uint32_t i = 0; i < count; i++) {
        bit_refill(&b);
        uint32_t zeros = bit_zeros(&b);
        if (zeros <= SHORT_ZEROS) {
            bit_skip(&b, zeros);
        } else if (!read_many_zeros(&b, bound >> k, &zeros)) {
            return false;
        }
        bit_skip(&b, 1);
        uint32_t index = least + (zeros << k | bit_take(&b, k));
        if (index >= bound) {
            return false;
        }
        ret_index[i] = index;
        least = index + 1;
    }
    return bit_reader_finish(&b, ret_len);
}
