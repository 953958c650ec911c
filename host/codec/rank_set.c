/* SPDX-License-Identifier: Apache-2.0
 *
 * A set of ranks, block by block.
 */
#include "codec/rank_set.h"
#include "codec/varint.h"

#define MAX_BLOCK (RANK_SET_MAX_RANK / RANK_SET_BLOCK)

bool rank_set_encode(const uint64_t *rank, size_t count, struct writer *w)
{
    uint32_t index[RANK_SET_BLOCK];
    uint64_t expected = 0; /* the block that would follow without a gap */
    for (size_t at = 0; at < count;) {
        uint64_t block = rank[at] / RANK_SET_BLOCK;
        size_t members = 0;
        while (at < count && rank[at] / RANK_SET_BLOCK == block && members < RANK_SET_BLOCK) {
            index[members++] = (uint32_t)(rank[at++] % RANK_SET_BLOCK);
        }
        if (block < expected || block > MAX_BLOCK) {
            return false;
        }
        varint_write(w, block - expected);
        if (!index_set_encode(index, members, RANK_SET_BLOCK, w)) {
            return false;
        }
        expected = block + 1;
    }
    return true;
}

struct rank_set_reader rank_set_reader_of(struct span bytes)
{
    return (struct rank_set_reader){reader_of(bytes), 0};
}

bool rank_set_next(struct rank_set_reader *r, uint64_t *ret_first_rank, uint32_t *ret_index,
                   size_t *ret_count)
{
    if (rank_set_done(r)) {
        return false;
    }
    if (r->block > MAX_BLOCK) {
        r->bytes.failed = true; /* nothing can follow the last block */
    }
    uint64_t block = r->block + varint_read(&r->bytes, MAX_BLOCK - r->block);
    if (!index_set_decode(&r->bytes, RANK_SET_BLOCK, ret_index, ret_count)) {
        return false;
    }
    r->block = block + 1;
    *ret_first_rank = block * RANK_SET_BLOCK;
    return true;
}

bool rank_set_done(const struct rank_set_reader *r)
{
    return reader_done(&r->bytes);
}
