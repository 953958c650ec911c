/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening a signed trust document, and the count of its signatures with the key ids given. For
 * trust_*.c and their test only: everyone else takes trust_signatures_check.
 */
#ifndef VERIFIER_TRUST_SIGNATURES_H
#define VERIFIER_TRUST_SIGNATURES_H

#include "verifier/trust_update.h"

/* Keys that share a kid are tried in turn, up to this many a signature. */
#define TRUST_MAX_KID_TRIES 4

struct trust_kid {
    bool usable; /* false: not a key at all, it can sign nothing */
    uint8_t bytes[CRYPTO_KID_SIZE];
};

/* trust_signatures_check with the kid of each key of the role, in the role's order. */
MUST_USE enum trust_update_error trust_signatures_count(const struct cose_sign *document,
                                                        const struct trust_role *role,
                                                        const struct trust_kid *kid,
                                                        const uint8_t root_id[TRUST_DIGEST_SIZE]);

/* Takes a signed document apart: LIMIT, FORMAT, or ROLE for a document of another type. */
MUST_USE enum trust_update_error trust_document_open(struct span document, const char *typ,
                                                     struct cose_sign *ret_document);

/* A decoder's refusal under the name an update gives it. */
enum trust_update_error trust_update_error_of(enum trust_doc_error error);

#endif
