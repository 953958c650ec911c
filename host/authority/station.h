/* SPDX-License-Identifier: Apache-2.0
 *
 * Index blocks for the stations of an issuer: which numbers a station may give to certificates.
 * What was given is kept in DIR/STATE/blocks.json, so that no number is given twice.
 */
#ifndef AUTHORITY_STATION_H
#define AUTHORITY_STATION_H

#include "authority/problem.h"
#include "base/crypto_sign.h"

struct station_request {
    const char *state, *issuer, *station;
    uint32_t first, last; /* inclusive */
    int64_t issued_at_s;
};

struct station_result {
    unsigned signed_by, threshold;
};

/* Records the block and writes it to `out` with one signature; more are added by sign.h. Refuses
 * an issuer that is not in issuers.json, a block beyond its allotment, one that overlaps a block
 * given before (AUTHORITY_CONFLICT), and a key that is not the national authority's;
 * and does nothing while another program changes the sources (AUTHORITY_FILE). */
MUST_USE enum authority_error station_give(const char *dir, const struct station_request *request,
                                           const struct crypto_private_key *key, const char *out,
                                           struct station_result *ret_result,
                                           struct authority_problem *problem);

#endif
