/* SPDX-License-Identifier: Apache-2.0
 *
 * A sparse set of ranks below 2^48 as a stream of blocks of 65,536 ranks, of which those without
 * members are skipped (WIRE.md, "Sets of indices"). Knows nothing of what has which rank. No heap.
 */
#ifndef CODEC_RANK_SET_H
#define CODEC_RANK_SET_H

#include "codec/index_set.h"

#define RANK_SET_MAX_RANK ((UINT64_C(1) << 48) - 1)
#define RANK_SET_BLOCK    INDEX_SET_MAX_BOUND

/* Appends `count` ranks, strictly ascending, none at all included. False, and what *w holds means
 * nothing, when they are not ascending or one is beyond RANK_SET_MAX_RANK. Takes 256 KiB of
 * stack. */
bool rank_set_encode(const uint64_t *rank, size_t count, struct writer *w);

/* Reads one block at a time. Failure sticks; ask rank_set_done at the end. Four bytes can stand for
 * a whole block, so that the caller stops at the first rank beyond those it knows of. */
struct rank_set_reader {
    struct reader bytes;
    uint64_t block; /* the least number the next block may have */
};

/* Borrows the bytes until the last read. */
struct rank_set_reader rank_set_reader_of(struct span bytes);

/* The next block with members, at least one: rank = *ret_first_rank + index, strictly ascending.
 * ret_index has room for RANK_SET_BLOCK numbers. False at the end and on what is no block;
 * ret_index means nothing then. */
bool rank_set_next(struct rank_set_reader *r, uint64_t *ret_first_rank, uint32_t *ret_index,
                   size_t *ret_count);

/* True when every block was read and nothing is left over. A stream that was cut off between two
 * blocks is another set: its length or digest must be known from elsewhere. */
bool rank_set_done(const struct rank_set_reader *r);

#endif
