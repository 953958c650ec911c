/* SPDX-License-Identifier: Apache-2.0
 *
 * The second half of unpacking: sets. For trust_unpack.c only.
 */
#ifndef VERIFIER_TRUST_TURN_H
#define VERIFIER_TRUST_TURN_H

#include "codec/row_change.h"
#include "verifier/trust_rows.h"
#include "verifier/trust_update.h"

/* `before` (sealed) with the sets of a packed part applied; the result is sealed and freed with
 * trust_rows_free, on success only. FORMAT when a rank is nobody's. */
MUST_USE enum trust_update_error trust_turn_sets(const struct row_packed *packed,
                                                 const struct trust_rows *before,
                                                 struct trust_rows *ret_rows);

#endif
