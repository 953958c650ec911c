/* SPDX-License-Identifier: Apache-2.0
 *
 * What issuers reported void, for the sources: such a certificate must not pass a checkpoint any
 * longer than the next list takes. For reports.c only.
 */
#ifndef AUTHORITY_REPORTS_VOID_H
#define AUTHORITY_REPORTS_VOID_H

#include "authority/problem.h"
#include "base/db.h"

struct reports_void {
    const char *dir, *state, *issuer;
    int64_t day; /* of the import */
};

/* Revokes in the sources whatever `db` (DIR/STATE/reports.db) calls void of the issuer and is not
 * revoked yet: all of it, so that what an earlier import failed to do is done now. The reason is
 * `superseded` when a later certificate of the same number was issued, else `error`. The caller
 * holds authority_lock and has begun a transaction. *ret_added: how many indices were added. */
MUST_USE enum authority_error reports_revoke_void(struct db *db, const struct reports_void *request,
                                                  size_t *ret_added,
                                                  struct authority_problem *problem);

#endif
