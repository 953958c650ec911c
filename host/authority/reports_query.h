/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to what issuers have reported, for those who revoke: which index has this number, which
 * certificates are that young, how many there are. Changes nothing.
 */
#ifndef AUTHORITY_REPORTS_QUERY_H
#define AUTHORITY_REPORTS_QUERY_H

#include "authority/index_runs.h"

/* The reports of one issuer, open. A state nobody has reported to answers like an empty one. */
struct reports_query;

/* `issuer` is borrowed until reports_query_close, which takes NULL too. */
MUST_USE enum authority_error reports_query_open(const char *dir, const char *issuer,
                                                 struct reports_query **ret_query,
                                                 struct authority_problem *problem);
void reports_query_close(struct reports_query *q);

/* Adds the indices of the certificates with this number, compared without blanks, dashes and case;
 * *ret_count: how many. */
MUST_USE enum authority_error reports_query_number(struct reports_query *q, struct span number,
                                                   int reason, struct index_runs *runs,
                                                   size_t *ret_count,
                                                   struct authority_problem *problem);

/* Adds the indices of all that is not void and was issued on that day or later. */
MUST_USE enum authority_error reports_query_since(struct reports_query *q, int64_t day, int reason,
                                                  struct index_runs *runs,
                                                  struct authority_problem *problem);

/* The first index from first to last that was reported void; *ret_found: whether there is one. */
MUST_USE enum authority_error reports_query_void(struct reports_query *q, uint32_t first,
                                                 uint32_t last, uint32_t *ret_index,
                                                 bool *ret_found,
                                                 struct authority_problem *problem);

/* How many certificates were reported: all of them, and those that are void. */
MUST_USE enum authority_error reports_query_totals(struct reports_query *q, uint64_t *ret_all,
                                                   uint64_t *ret_void,
                                                   struct authority_problem *problem);

/* How many of the indices from first to last were reported. */
MUST_USE enum authority_error reports_query_known(struct reports_query *q, uint32_t first,
                                                  uint32_t last, uint64_t *ret_count,
                                                  struct authority_problem *problem);

/* How many certificates name this centre and were issued between these days. */
MUST_USE enum authority_error reports_query_centre(struct reports_query *q, struct span centre,
                                                   int64_t from_day, int64_t until_day,
                                                   uint64_t *ret_count,
                                                   struct authority_problem *problem);

/* How many certificates have a blank of that length between these two, both included. */
MUST_USE enum authority_error reports_query_blanks(struct reports_query *q, struct span first,
                                                   struct span last, uint64_t *ret_count,
                                                   struct authority_problem *problem);

#endif
