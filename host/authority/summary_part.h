/* SPDX-License-Identifier: Apache-2.0
 *
 * The seam between summary.c and the files that know one kind of document each; for these only.
 */
#ifndef AUTHORITY_SUMMARY_PART_H
#define AUTHORITY_SUMMARY_PART_H

#include "authority/earlier.h"
#include "authority/sign.h"
#include "authority/summary_text.h"

/* Each shows the document on the desk and, when `before` is not NULL, what changed since.
 * AUTHORITY_DOCUMENT when `before` is damaged, or is about something else. */
MUST_USE enum authority_error summary_root(const struct sign_desk *desk,
                                           const struct earlier *before, struct summary_text *s,
                                           struct authority_problem *problem);
MUST_USE enum authority_error summary_list(const struct sign_desk *desk,
                                           const struct earlier *before, struct summary_text *s,
                                           struct authority_problem *problem);
MUST_USE enum authority_error summary_header(const struct sign_desk *desk,
                                             const struct earlier *before, struct summary_text *s,
                                             struct authority_problem *problem);

/* Versions and dates that do not go on: what verifiers refuse, or take for older than it is. */
struct summary_dates {
    int64_t version, from_s, until_s;
};
void summary_succession(struct summary_text *s, const struct earlier *before, const char *from_name,
                        const struct summary_dates *old, const struct summary_dates *now);

/* What differs between two rows of one key; one of them may have no bytes. Of the group at hand. */
void summary_row(struct summary_text *s, const struct row *old, const struct row *now);

/* The same for rows of one type: an issuer, its status, a rule of recognition. */
void summary_issuer(struct summary_text *s, const struct row *old, const struct row *now);
void summary_allotment(struct summary_text *s, const struct row *old, const struct row *now);
void summary_rule(struct summary_text *s, const struct row *old, const struct row *now);

/* Says how names by language differ, if they do. */
void summary_names(struct summary_text *s, const char *subject, const struct row_names *old,
                   const struct row_names *now);

/* What became of indices between two lists' sealed rows: revoked, suspended, and no longer. */
void summary_status(struct summary_text *s, const struct trust_rows *before,
                    const struct trust_rows *after);

#endif
