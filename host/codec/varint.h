/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers of seven bits a byte, the least significant first; the top bit says that more follow
 * (WIRE.md, "Sets of indices"). There is one form of a number, the shortest.
 */
#ifndef CODEC_VARINT_H
#define CODEC_VARINT_H

#include "wire/bytes.h"

/* A number of at most `max`, in nine bytes at most. Fails r on one beyond it, on a longer form and
 * at the end; 0 then. */
uint64_t varint_read(struct reader *r, uint64_t max);

/* value is below 2^63. */
void varint_write(struct writer *w, uint64_t value);

#endif
