/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a list may follow those that were signed before: rows end, they are not deleted, and what
 * was revoked does not come back without a word. Compares rows; signatures are not looked at.
 */
#ifndef AUTHORITY_SUCCESSION_H
#define AUTHORITY_SUCCESSION_H

#include "authority/source_list.h"

/* Compares the sources with every signed list of the state that history_visit finds.
 * AUTHORITY_SOURCE, naming file, issuer and what is missing, when
 *  - an issuer, a key or an issuer's entry in status.json is gone,
 *  - the end of a key was taken back, put off, or is "compromised" no longer,
 *  - an allotment is smaller,
 *  - an index that was revoked, suspended or reinstated is none of these any more,
 *  - a revoked centre or range of blanks is gone or smaller, unless an entry that overlaps it has a
 *    later date, or on the same day another reason.
 * AUTHORITY_DOCUMENT when a signed list cannot be read. */
MUST_USE enum authority_error succession_check(const char *dir, const struct list_source *list,
                                               const char *against,
                                               struct authority_problem *problem);

/* ---- between succession.c and succession_status.c ---- */

/* One comparison: the rows of an earlier list, and of the sources, each in order. */
struct succession {
    const struct list_source *list; /* for the names of files */
    const struct row *before, *now;
    size_t before_count, now_count;
    int64_t version;  /* of the earlier list */
    const char *path; /* of it */
    struct authority_problem *problem;
};

/* AUTHORITY_SOURCE: "STATE/FILE: WHAT ... (version N, PATH)". */
enum authority_error succession_refuse(const struct succession *s, const char *file,
                                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The row with the same key in the sources, or NULL. */
const struct row *succession_find(const struct succession *s, const struct row *before);

/* All that status.json said about one issuer. */
MUST_USE enum authority_error succession_check_status(const struct succession *s,
                                                      struct span issuer);

#endif
