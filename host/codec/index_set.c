/* SPDX-License-Identifier: Apache-2.0
 *
 * The header of a block, and the choice between its forms.
 */
#include "codec/index_set.h"
#include "codec/index_method.h"
#include "codec/varint.h"

/* In the order of preference among forms of one size. */
enum method { RICE = 0, INTERPOLATIVE = 1, RAW = 2, RICE_WITH_K = 3 };
#define METHODS     4
#define METHOD_BITS 2

static bool is_set(const uint32_t *index, size_t count, uint32_t bound)
{
    if (bound == 0 || bound > INDEX_SET_MAX_BOUND || count == 0 || count > bound) {
        return false;
    }
    for (size_t i = 1; i < count; i++) {
        if (index[i] <= index[i - 1]) {
            return false;
        }
    }
    return index[count - 1] < bound;
}

/* The best parameter that is not the usual one. The size falls with k and then rises, so that the
 * search ends on either side where it rises. */
static unsigned other_k(const struct index_members *set, unsigned usual, size_t *ret_size)
{
    unsigned best = 0;
    size_t least = SIZE_MAX, size = 0;
    for (unsigned k = usual; k-- > 0 && (size = 1 + index_rice_size(set, k)) <= least;) {
        least = size;
        best = k;
    }
    for (unsigned k = usual + 1; k <= INDEX_RICE_MAX_K; k++) {
        size = 1 + index_rice_size(set, k);
        if (size > least) {
            break;
        }
        best = size < least ? k : best;
        least = size;
    }
    *ret_size = least;
    return best;
}

bool index_set_encode(const uint32_t *index, size_t count, uint32_t bound, struct writer *w)
{
    if (!is_set(index, count, bound)) {
        return false;
    }
    struct index_members set = {index, (uint32_t)count, bound};
    struct writer counting = writer_of(NULL, 0);
    index_interpolative_write(&set, &counting);
    unsigned usual = index_rice_k(set.count, bound), other, best = RICE;
    size_t size[METHODS] = {
        [RICE] = index_rice_size(&set, usual),
        [INTERPOLATIVE] = counting.len,
        [RAW] = index_raw_size(bound),
    };
    other = other_k(&set, usual, &size[RICE_WITH_K]);
    for (unsigned method = 1; method < METHODS; method++) {
        best = size[method] < size[best] ? method : best;
    }
    varint_write(w, (uint64_t)count << METHOD_BITS | best);
    switch (best) {
    case INTERPOLATIVE:
        index_interpolative_write(&set, w);
        break;
    case RAW:
        index_raw_write(&set, w);
        break;
    case RICE_WITH_K:
        writer_be(w, other, 1);
        index_rice_write(&set, other, w);
        break;
    default:
        index_rice_write(&set, usual, w);
    }
    return true;
}

/* The members after the header; the bytes they take off r are *ret_len. */
static bool read_members(struct reader *r, enum method method, uint32_t bound, uint32_t count,
                         uint32_t *ret_index, size_t *ret_len)
{
    unsigned k = index_rice_k(count, bound);
    switch (method) {
    case INTERPOLATIVE:
        return index_interpolative_read(r->rest, bound, count, ret_index, ret_len);
    case RAW:
        return index_raw_read(r->rest, bound, count, ret_index, ret_len);
    case RICE_WITH_K: {
        unsigned other = (unsigned)reader_be(r, 1);
        if (other > INDEX_RICE_MAX_K || other == k) { /* the usual one has no need to be named */
            return false;
        }
        k = other;
        break;
    }
    default:
        break;
    }
    return index_rice_read(r->rest, k, bound, count, ret_index, ret_len);
}

bool index_set_decode(struct reader *r, uint32_t bound, uint32_t *ret_index, size_t *ret_count)
{
    uint64_t header = varint_read(r, (uint64_t)bound << METHOD_BITS | (METHODS - 1));
    uint32_t count = (uint32_t)(header >> METHOD_BITS);
    size_t len = 0;
    if (r->failed || bound == 0 || bound > INDEX_SET_MAX_BOUND || count == 0 ||
        !read_members(r, (enum method)(header % METHODS), bound, count, ret_index, &len)) {
        r->failed = true;
        return false;
    }
    (void)reader_take(r, len);
    *ret_count = count;
    return true;
}
