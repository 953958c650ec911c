/* SPDX-License-Identifier: Apache-2.0
 *
 * What crypto.c, crypto_sign.c and crypto_any.c share: the library context and the two kinds of
 * point, checked and laid out as SubjectPublicKeyInfo. For these files only; nothing here reads or
 * signs anything.
 */
#ifndef BASE_CRYPTO_POINT_H
#define BASE_CRYPTO_POINT_H

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "base/crypto.h"

#define CRYPTO_POINT_P256_SIZE    33 /* compressed, SEC 1 §2.3.3 */
#define CRYPTO_POINT_ED25519_SIZE 32 /* RFC 8032 §5.1.2 */
#define CRYPTO_SPKI_MAX           91 /* SubjectPublicKeyInfo of an uncompressed P-256 point */

/* What is fetched once and lives until the process ends; all of it is only read afterwards. */
struct crypto_library {
    OSSL_LIB_CTX
    *context; /* ours alone: neither the environment nor a configuration file changes it */
    EVP_MD *sha256;
    EC_GROUP *p256;
    BIGNUM *ed25519_p; /* the field prime 2^255 - 19 */
    BIGNUM *ed25519_d; /* the curve's constant d */
};

/* NULL when it could not be set up (memory). Safe from any thread. */
const struct crypto_library *crypto_library(void);

/* What a failure of the library since ERR_clear_error means: CRYPTO_SYSTEM when it ran out of
 * memory meanwhile, which it tells by its list of errors alone, and which no forger can cause. */
enum crypto_error crypto_refusal(enum crypto_error otherwise);

/* Checks a public key as trust documents carry it and writes its SubjectPublicKeyInfo DER (RFC 5280
 * §4.1), the P-256 point uncompressed. CRYPTO_BAD_KEY for a wrong length, a point off its curve,
 * and for Ed25519 a small-order point or one not encoded canonically. */
MUST_USE enum crypto_error crypto_point_spki(int alg, struct span public_key,
                                             uint8_t ret_spki[CRYPTO_SPKI_MAX], size_t *ret_len);

/* The point inside what crypto_point_spki wrote: 65 or 32 bytes, pointing into it. */
struct span crypto_point_of_spki(int alg, const uint8_t spki[CRYPTO_SPKI_MAX]);

/* ECDSA r ‖ s to ECDSA-Sig-Value DER (RFC 3279 §2.2.3); each half at most 66 bytes. */
#define CRYPTO_MAX_ECDSA_DER (2 * (66 + 3) + 3)
size_t crypto_ecdsa_der(struct span rs, uint8_t ret_der[CRYPTO_MAX_ECDSA_DER]);

#endif
