/* SPDX-License-Identifier: Apache-2.0
 *
 * One block of a sparse set: numbers below a bound that both sides know, in the smallest of a few
 * forms (WIRE.md, "Sets of indices"). Knows nothing of what the numbers count. No heap.
 */
#ifndef CODEC_INDEX_SET_H
#define CODEC_INDEX_SET_H

#include "wire/bytes.h"

#define INDEX_SET_MAX_BOUND 65536
#define INDEX_SET_MAX_BYTES (3 + INDEX_SET_MAX_BOUND / 8) /* of a block, whatever it holds */

/* Appends `count` numbers, strictly ascending and below `bound` (1..65,536), at least one. False,
 * and nothing written, when they are not. */
bool index_set_encode(const uint32_t *index, size_t count, uint32_t bound, struct writer *w);

/* Takes exactly the bytes of one block off the reader. ret_index has room for `bound` numbers,
 * which come strictly ascending and below `bound`, at least one. False, and the reader failed, on
 * anything else; what ret_index holds then means nothing. */
bool index_set_decode(struct reader *r, uint32_t bound, uint32_t *ret_index, size_t *ret_count);

#endif
