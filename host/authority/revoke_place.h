/* SPDX-License-Identifier: Apache-2.0
 *
 * Revoking what is not known by index: the certificates of an assessment centre, by their issue
 * date, and those printed on a range of blanks. Adds to DIR/STATE/status.json; publishes nothing.
 */
#ifndef AUTHORITY_REVOKE_PLACE_H
#define AUTHORITY_REVOKE_PLACE_H

#include "authority/problem.h"
#include "codec/trust_row.h"

struct revoke_place {
    const char *dir, *state, *issuer;
};

struct revoke_place_result {
    bool added;        /* false: what is there covers it already */
    uint64_t reported; /* certificates that the reports know to be meant */
};

/* Errors as of revoke_runs. */
MUST_USE enum authority_error revoke_centre(const struct revoke_place *of,
                                            const struct row_centre *centre,
                                            struct revoke_place_result *ret_result,
                                            struct authority_problem *problem);
MUST_USE enum authority_error revoke_blanks(const struct revoke_place *of,
                                            const struct row_blank *blank,
                                            struct revoke_place_result *ret_result,
                                            struct authority_problem *problem);

/* "AB000100-AB000199" to prefix, digits, first and last; the prefix points into `text`. What can be
 * read in two ways, or in none, is AUTHORITY_SOURCE with the rule that it breaks. */
MUST_USE enum authority_error revoke_blanks_parse(const char *text, struct row_blank *ret_blank,
                                                  struct authority_problem *problem);

#endif
