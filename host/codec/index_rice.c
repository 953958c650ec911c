/* SPDX-License-Identifier: Apache-2.0
 *
 * Rice codes of gaps, good for members that lie at random. The low k bits of all gaps stand before
 * the rest of them in unary: a reader then finds both without waiting for one another, which makes
 * it twice as fast as with the parts of each gap side by side.
 */
#include "codec/index_method.h"
#include "codec/bits.h"

#define FEW_ZEROS 31U /* up to there one look into the window is enough */

/* For members at random with share p the best parameter is the least with (1 − p)^(2^k) ≤ 1/φ, that
 * is 2^k ≥ ln φ / −ln(1 − p), about 2 · 6/25 · (1/p − 1/2). It costs at most 0.1 % more than
 * the best wherever Rice is of use. */
unsigned index_rice_k(uint32_t count, uint32_t bound)
{
    uint64_t wanted = ((uint64_t)2 * bound - count) * 6;
    unsigned k = 0;
    while (k < INDEX_RICE_MAX_K && ((uint64_t)count * 25 << k) < wanted) {
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
        bit_put(&b, gap_before(set, i) & ((1U << k) - 1), k);
    }
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t zeros = gap_before(set, i) >> k;
        for (; zeros >= FEW_ZEROS; zeros -= FEW_ZEROS) {
            bit_put(&b, 0, FEW_ZEROS);
        }
        bit_put(&b, 1, zeros + 1);
    }
    bit_writer_finish(&b);
}

/* Takes the zeros before the next one, and that one; false when there are more than `most`. */
static bool take_many(struct bit_reader *b, uint32_t most, uint32_t *ret_zeros)
{
    uint32_t zeros = 0;
    bit_refill(b);
    while (bit_zeros(b) >= FEW_ZEROS && zeros <= most) {
        bit_skip(b, FEW_ZEROS);
        bit_refill(b);
        zeros += FEW_ZEROS;
    }
    *ret_zeros = zeros + bit_zeros(b);
    bit_skip(b, bit_zeros(b) % (FEW_ZEROS + 1) + 1);
    return *ret_zeros <= most;
}

bool index_rice_read(struct span bytes, unsigned k, uint32_t bound, uint32_t count,
                     uint32_t *ret_index, size_t *ret_len)
{
    struct bit_reader low = bit_reader_of(bytes), high = bit_reader_at(bytes, (size_t)count * k);
    uint32_t least = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (high.valid <= FEW_ZEROS) {
            bit_refill(&high);
        }
        uint32_t zeros = bit_zeros(&high);
        if (zeros < FEW_ZEROS) {
            bit_skip(&high, zeros + 1);
        } else if (!take_many(&high, bound >> k, &zeros)) {
            return false;
        }
        if (low.valid < INDEX_RICE_MAX_K) {
            bit_refill(&low);
        }
        uint32_t index = least + (zeros << k | bit_take(&low, k));
        if (index >= bound) {
            return false;
        }
        ret_index[i] = index;
        least = index + 1;
    }
    return bit_reader_finish(&high, ret_len);
}
