/* SPDX-License-Identifier: Apache-2.0
 *
 * All indices of a list laid end to end: each issuer's allotment after the one before, in the order
 * of their status rows (WIRE.md, "Packed parts"). Sets travel as ranks in that line.
 */
#ifndef VERIFIER_TRUST_RANKS_H
#define VERIFIER_TRUST_RANKS_H

#include "verifier/trust_rows.h"

struct trust_ranks {
    struct trust_rank_line {
        struct span issuer; /* encoded, as in keys; points into the rows */
        uint64_t first;     /* rank of its index 0 */
        uint64_t past;      /* rank after its last index */
    } * line;               /* owned; in order of issuer and of rank */
    size_t count;
};

/* Of sealed rows; issuers that would reach past RANK_SET_MAX_RANK are left out. Freed with
 * trust_ranks_free. */
MUST_USE enum trust_rows_error trust_ranks_of(const struct trust_rows *rows,
                                              struct trust_ranks *ret_ranks);
void trust_ranks_free(struct trust_ranks *ranks);

/* An issuer's line, or NULL. */
const struct trust_rank_line *trust_ranks_find(const struct trust_ranks *ranks, struct span issuer);

/* The encoded issuer at the front of a row's key. */
struct span trust_issuer_of_key(struct span key);

#endif
