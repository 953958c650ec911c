/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys and signatures of other makers, for saksi inspect: PEM, DER and X.509, with more algorithms
 * than certificates of this project use. Says whether a signature is good under a key; whose key it
 * is, it does not know. The verifying core never links this.
 */
#ifndef BASE_CRYPTO_ANY_H
#define BASE_CRYPTO_ANY_H

#include "base/crypto.h"

/* COSE algorithm numbers beside COSE_ES256 and COSE_EDDSA (RFC 9053 §2, RFC 8230 §2). */
#define CRYPTO_ANY_ES384 (-35)
#define CRYPTO_ANY_ES512 (-36)
#define CRYPTO_ANY_PS256 (-37)

#define CRYPTO_ANY_MAX_KEY_FILE 65536

struct crypto_any_key;

/* Reads a public key: SubjectPublicKeyInfo or an X.509 certificate, PEM (the first block) or DER.
 * Of a certificate only the key is taken: its dates, usages and signature are not looked at. Keys
 * on P-256, P-384, P-521, Ed25519, Ed448 and RSA from 2,048 bits; others are CRYPTO_UNSUPPORTED,
 * anything else, points of small order among it, CRYPTO_BAD_KEY. The caller frees it. */
MUST_USE enum crypto_error crypto_any_key_read(struct span file, struct crypto_any_key **ret_key);

/* Makes a key from the parameters of a COSE_Key or JWK: curve "P-256", "P-384" or "P-521" with x
 * and y in full length, "Ed25519" or "Ed448" with x alone. */
MUST_USE enum crypto_error crypto_any_key_of_point(const char *curve, struct span x, struct span y,
                                                   struct crypto_any_key **ret_key);

void crypto_any_key_free(struct crypto_any_key *key);

/* "P-256", "RSA" and so on; constant. */
const char *crypto_any_key_kind(const struct crypto_any_key *key);

/* The name of a COSE signature algorithm that crypto_any_verify knows, or NULL. */
const char *crypto_any_alg_name(int64_t alg);

/* CRYPTO_OK, CRYPTO_BAD_SIGNATURE, CRYPTO_UNSUPPORTED for an unknown algorithm, or CRYPTO_BAD_KEY
 * when the key is not of the algorithm's kind. Any ECDSA algorithm goes with any of the three
 * curves (RFC 9053 §2.1). */
MUST_USE enum crypto_error crypto_any_verify(const struct crypto_any_key *key, int64_t alg,
                                             struct span message, struct span signature);

#endif
