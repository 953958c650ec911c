/* SPDX-License-Identifier: Apache-2.0
 *
 * Indices that a change is about, as runs: collected in any order, then sorted and joined. Knows no
 * issuer and no status.
 */
#ifndef AUTHORITY_INDEX_RUNS_H
#define AUTHORITY_INDEX_RUNS_H

#include "authority/problem.h"

#define INDEX_RUNS_MAX 1000000

struct index_run {
    uint32_t first, last; /* inclusive */
    int reason;           /* of ROW_ENUM_REASON, or 0 where it does not matter */
};

/* Ends with index_runs_free, whatever happened; a zeroed one is empty. */
struct index_runs {
    struct index_run *run;
    size_t count, cap;
};

void index_runs_free(struct index_runs *runs);

/* AUTHORITY_SYSTEM, or AUTHORITY_SOURCE when there are more than INDEX_RUNS_MAX. */
MUST_USE enum authority_error index_runs_add(struct index_runs *runs, struct index_run run,
                                             struct authority_problem *problem);

/* Ascending and disjoint; runs that touch and have one reason become one. Of two that overlap, the
 * reason of the one that begins first holds. */
void index_runs_sort(struct index_runs *runs);

/* How many indices there are in sorted runs. */
uint64_t index_runs_total(const struct index_runs *runs);

#endif
