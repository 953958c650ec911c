/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of an issuer's key, in DIR/STATE/keys.json, and the certificates that the issuer confirms
 * after a theft ("survivors" in status.json). Publishes nothing.
 */
#ifndef AUTHORITY_KEY_END_H
#define AUTHORITY_KEY_END_H

#include "authority/index_runs.h"
#include "base/crypto.h"
#include "codec/trust_row.h"

struct key_end_request {
    const char *dir, *state, *issuer;
    uint8_t kid[CRYPTO_KID_SIZE];
    enum row_key_end end;
    int64_t at_s;
};

/* 16 hexadecimal digits, of either case. */
bool key_end_read_kid(const char *text, uint8_t ret_kid[CRYPTO_KID_SIZE]);

/* The same end again changes nothing (*ret_changed). A key that has ended ends again only as
 * compromised: AUTHORITY_CONFLICT otherwise. AUTHORITY_SOURCE when keys.json has no such key. */
MUST_USE enum authority_error key_end(const struct key_end_request *request, bool *ret_changed,
                                      struct authority_problem *problem);

/* *ret_end: how the key ends by the sources. AUTHORITY_SOURCE when there is no such key. */
MUST_USE enum authority_error key_end_find(const struct key_end_request *request,
                                           enum row_key_end *ret_end,
                                           struct authority_problem *problem);

struct survivors_request {
    const char *dir, *state, *issuer;
    const struct index_runs *runs; /* sorted; at most INDEX_RUNS_MAX indices together */
};

struct survivors_result {
    uint64_t added, before;
    uint64_t reported; /* of all that were named: known from reports */
};

/* Adds to the set; nothing is taken out of it. */
MUST_USE enum authority_error key_end_survivors(const struct survivors_request *request,
                                                struct survivors_result *ret_result,
                                                struct authority_problem *problem);

#endif
