/* SPDX-License-Identifier: Apache-2.0
 *
 * A list file judged before anyone signs or publishes it: are the rows those the digest names, well
 * formed, sorted, and the state's own? Signatures are not looked at.
 */
#ifndef AUTHORITY_LIST_CHECK_H
#define AUTHORITY_LIST_CHECK_H

#include "authority/document.h"
#include "codec/trust_row.h"

/* What a list holds, for the summary. */
struct list_counts {
    size_t rows[ROW_JOB_TITLE + 1]; /* by row type */
    size_t revoked, suspended;      /* indices in sets; ranges count among the rows */
};

/* AUTHORITY_DOCUMENT names the first fault. `ret_counts` may be NULL. */
MUST_USE enum authority_error list_check(const char *name, const struct document *document,
                                         const struct trust_list *list,
                                         struct list_counts *ret_counts,
                                         struct authority_problem *problem);

#endif
