/* SPDX-License-Identifier: Apache-2.0
 *
 * Revoking from the command line: adds a range to DIR/STATE/status.json, where it can be reviewed
 * like any other line. Publishes nothing.
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

#endif
