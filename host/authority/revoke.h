/* SPDX-License-Identifier: Apache-2.0
 *
 * Revoking, suspending and reinstating by index: changes DIR/STATE/status.json, where it can be
 * reviewed like any other line. Nothing is ever taken out of a set, and what a range says ends only
 * by another range. Publishes nothing.
 */
#ifndef AUTHORITY_REVOKE_H
#define AUTHORITY_REVOKE_H

#include "authority/index_runs.h"
#include "codec/trust_row.h"

/* A range keeps reason and date but costs a row; an index in a set costs two bytes and keeps
 * neither. A change that would leave an issuer more ranges than this puts what is shorter than
 * REVOKE_LONG_RUN into the set, but for what a range spoke of before. */
#define REVOKE_MANY_RANGES 1024
#define REVOKE_LONG_RUN    16

struct revoke_request {
    const char *dir, *state, *issuer;
    enum row_range_status status;  /* that the indices are to have */
    const struct index_runs *runs; /* sorted */
    int64_t day;                   /* of the decision */
};

struct revoke_result {
    uint64_t changed; /* indices */
    uint64_t before;  /* indices that were so already, or worse, and stay as they are */
    uint64_t in_set;  /* of the changed ones: without reason and date */
};

/* What is revoked stays revoked when it is to be revoked or suspended; what is suspended stays so
 * when it is to be suspended. AUTHORITY_CONFLICT when an index that is to be reinstated is neither
 * revoked nor suspended, or was reported void; AUTHORITY_SOURCE when the sources do not take the
 * change: then they are as before. AUTHORITY_FILE while another program changes them. */
MUST_USE enum authority_error revoke_runs(const struct revoke_request *request,
                                          struct revoke_result *ret_result,
                                          struct authority_problem *problem);

/* The same for a caller that holds authority_lock. */
MUST_USE enum authority_error revoke_runs_locked(const struct revoke_request *request,
                                                 struct revoke_result *ret_result,
                                                 struct authority_problem *problem);

#endif
