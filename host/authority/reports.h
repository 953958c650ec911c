/* SPDX-License-Identifier: Apache-2.0
 *
 * What the issuers of a state have reported: which index went with which certificate number, centre
 * and blank. Kept in DIR/STATE/reports.db, so that a certificate can be revoked by its number; what
 * is void (spoilt, replaced) is revoked in DIR/STATE/status.json at once. Publishes nothing.
 * Believes a report only after its signature was checked with the issuer's key from keys.json.
 */
#ifndef AUTHORITY_REPORTS_H
#define AUTHORITY_REPORTS_H

#include "authority/problem.h"

struct reports_result {
    char issuer[33], station[33];
    size_t added, unchanged, voided;      /* rows; voided: were issued, are void now */
    size_t revoked;                       /* indices that were added to the sources */
    uint64_t missing_first, missing_last; /* the station's changes nobody reported yet; 0 none */
};

/* Imports one report, whole or not at all; `day` is today. The same report again changes nothing,
 * but finishes what was interrupted. AUTHORITY_SOURCE when the sources do not take a revocation.
 * AUTHORITY_DOCUMENT when it is damaged, forged, or signed with a key that is not to be believed;
 * AUTHORITY_CONFLICT when a row contradicts an earlier one. */
MUST_USE enum authority_error reports_import(const char *dir, const char *path, int64_t day,
                                             struct reports_result *ret_result,
                                             struct authority_problem *problem);

#endif
