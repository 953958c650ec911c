/* SPDX-License-Identifier: Apache-2.0
 *
 * The ways to write the members of an index_set, without its header (WIRE.md, "Sets of indices").
 * Readers write `count` numbers, strictly ascending and below `bound`, and say how many bytes they
 * took; false when the bytes are no such set. Callers see to 1 ≤ count ≤ bound ≤ 65,536.
 */
#ifndef CODEC_INDEX_METHOD_H
#define CODEC_INDEX_METHOD_H

#include "wire/bytes.h"

#define INDEX_RICE_MAX_K 15

/* What is written of a set. */
struct index_members {
    const uint32_t *index; /* borrowed */
    uint32_t count, bound;
};

/* The parameter that is taken unless another is named. */
unsigned index_rice_k(uint32_t count, uint32_t bound);
size_t index_rice_size(const struct index_members *set, unsigned k);
void index_rice_write(const struct index_members *set, unsigned k, struct writer *w);
bool index_rice_read(struct span bytes, unsigned k, uint32_t bound, uint32_t count,
                     uint32_t *ret_index, size_t *ret_len);

void index_interpolative_write(const struct index_members *set, struct writer *w);
bool index_interpolative_read(struct span bytes, uint32_t bound, uint32_t count,
                              uint32_t *ret_index, size_t *ret_len);

size_t index_raw_size(uint32_t bound);
void index_raw_write(const struct index_members *set, struct writer *w);
bool index_raw_read(struct span bytes, uint32_t bound, uint32_t count, uint32_t *ret_index,
                    size_t *ret_len);

#endif
