/* SPDX-License-Identifier: Apache-2.0
 *
 * What a certificate is named by where a card proves its key for it: SHA-256 of the bytes that its
 * issuer signed (WIRE.md, "The card").
 */
#ifndef BASE_CREDENTIAL_DIGEST_H
#define BASE_CREDENTIAL_DIGEST_H

#include "base/crypto.h"
#include "codec/cose.h"

/* Of a document of at most CREDENTIAL_MAX_BYTES, taken apart. False when it is longer, or when the
 * library fails. */
MUST_USE bool credential_digest(const struct cose_sign1 *cose,
                                uint8_t ret_digest[CRYPTO_SHA256_SIZE]);

#endif
