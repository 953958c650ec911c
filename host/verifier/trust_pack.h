/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as they travel: a part as changes to other rows, or to nothing, and back (WIRE.md, "Packed
 * parts"). One pair of functions serves whole lists, deltas, and the way back to older versions
 * that a store keeps. Decides nothing: whether the result is what a state signed is the caller's to
 * ask.
 */
#ifndef VERIFIER_TRUST_PACK_H
#define VERIFIER_TRUST_PACK_H

#include "verifier/trust_rows.h"
#include "verifier/trust_update.h"

struct trust_packed {
    struct trust_part part; /* points into bytes */
    uint8_t *bytes;         /* owned: freed by the caller */
};

/* What turns `base` (sealed; NULL: nothing) into `rows` (sealed). */
MUST_USE enum trust_update_error trust_pack(const struct trust_rows *base,
                                            const struct trust_rows *rows,
                                            struct trust_packed *ret_packed);

/* The rows of a part, sealed; a packed one is applied to `base` (sealed; NULL: nothing). Kids of
 * key rows that a packed part brings are computed; those of a raw part are the caller's to check.
 * *ret_rows is freed with trust_rows_free, on success only. */
MUST_USE enum trust_update_error trust_unpack(const struct trust_part *part,
                                              const struct trust_rows *base,
                                              struct trust_rows *ret_rows);

/* A failure of rows under the name an update gives it. */
enum trust_update_error trust_update_error_of_rows(enum trust_rows_error error);

#endif
