/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows that a store had in an earlier version of a list, made from those it has now by the way
 * back that it kept. For the export of deltas.
 */
#ifndef VERIFIER_TRUST_OLD_ROWS_H
#define VERIFIER_TRUST_OLD_ROWS_H

#include "verifier/trust_pack.h"

struct trust_old_rows {
    bool known;                /* false: the way back is not kept so far, or is damaged */
    struct trust_rows part[2]; /* security, catalogue */
};

/* `base` is the digest of the payload of the list wanted, `now` the rows as stored (security,
 * catalogue). Ends with trust_old_rows_free, on success only. Not knowing is no failure. */
MUST_USE enum trust_update_error trust_old_rows(struct trust_store *store,
                                                const struct trust_stored_list *stored,
                                                struct span base, const struct trust_rows now[2],
                                                struct trust_old_rows *ret_old);
void trust_old_rows_free(struct trust_old_rows *old);

#endif
