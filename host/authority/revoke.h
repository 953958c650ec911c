/* SPDX-License-Identifier: Apache-2.0
 *
 * Revoking: adds ranges to DIR/STATE/status.json, where they can be reviewed like any other line.
 * Publishes nothing.
 */
#ifndef AUTHORITY_REVOKE_H
#define AUTHORITY_REVOKE_H

#include "authority/problem.h"

struct revoke_request {
    const char *state, *issuer;
    uint32_t first, last; /* inclusive */
    int reason;           /* of ROW_ENUM_REASON */
    int64_t day;          /* of the decision */
};

/* The sources are checked with the change, and are as before when it is refused (AUTHORITY_SOURCE,
 * for example because another range covers an index already). AUTHORITY_FILE while another program
 * changes the sources. */
MUST_USE enum authority_error revoke_range(const char *dir, const struct revoke_request *request,
                                           struct authority_problem *problem);

struct revoke_index {
    uint32_t index;
    int reason;      /* of ROW_ENUM_REASON */
    bool is_revoked; /* set here: it was before */
};

struct revoke_indices {
    const char *state, *issuer;
    struct revoke_index *index; /* ascending, each once */
    size_t count;
    int64_t day; /* of the decision */
};

/* Sees to it that all these indices are revoked. Those that are stay as they are; a range that
 * suspends or reinstates one loses it. The caller holds authority_lock. Checked and undone like
 * revoke_range; nothing is written when nothing is new. */
MUST_USE enum authority_error revoke_indices(const char *dir, const struct revoke_indices *request,
                                             size_t *ret_added, struct authority_problem *problem);

#endif
