/* SPDX-License-Identifier: Apache-2.0
 *
 * The payload of a signed index block (WIRE.md, "Index blocks"): the numbers one station of an
 * issuer may give to certificates. The authority signs it as COSE_Sign with its threshold; who may
 * sign is not judged here.
 */
#ifndef ISSUER_BLOCK_H
#define ISSUER_BLOCK_H

#include "codec/cbor.h"

#define BLOCK_TYP         "block1"
#define BLOCK_STATION_MAX 32
#define BLOCK_MAX_BYTES   65536 /* of the signed document */

/* Spans point into the payload. */
struct block {
    struct span issuer;   /* code of 4 to 32 bytes */
    struct span station;  /* code of 1 to 32 bytes */
    uint32_t first, last; /* inclusive */
    int64_t issued_at_s;
};

/* False when it is not deterministic CBOR, not this structure, or first > last. */
bool block_decode(struct span payload, struct block *ret_block);

void block_encode(const struct block *block, struct writer *w);

#endif
