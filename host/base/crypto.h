/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes, random bytes and signature verification over OpenSSL's EVP. Cannot sign (crypto_sign.h)
 * and does not read foreign key formats (crypto_any.h). Works in a library context of its own:
 * neither the environment nor OpenSSL's configuration file has a say in what verifies.
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "wire/bytes.h"
#include "wire/must_use.h"

#define CRYPTO_SHA256_SIZE    32
#define CRYPTO_KID_SIZE       8
#define CRYPTO_MAX_PUBLIC_KEY 33
#define CRYPTO_SIGNATURE_SIZE 64

enum crypto_error {
    CRYPTO_OK = 0,
    CRYPTO_BAD_SIGNATURE, /* does not verify, has the wrong length or values out of range */
    CRYPTO_BAD_KEY,     /* not a key of that algorithm: off the curve, small order, wrong length */
    CRYPTO_UNSUPPORTED, /* an algorithm this build does not know */
    CRYPTO_SYSTEM,      /* the library failed (memory) */
    CRYPTO_REMOTE,      /* a key outside this program did not sign (crypto_sign.h) */
};

/* A parsed public key; parsing costs about as much as a verification, so keep it. Safe to share
 * between threads. */
struct crypto_key;

/* Computes SHA-256 over the parts, one after another (FIPS 180-4). */
MUST_USE enum crypto_error crypto_sha256(const struct span *part, size_t count,
                                         uint8_t ret_digest[CRYPTO_SHA256_SIZE]);

/* A running SHA-256. begin/update/finish; free in any state. */
struct crypto_hash;
MUST_USE enum crypto_error crypto_hash_begin(struct crypto_hash **ret_hash);
MUST_USE enum crypto_error crypto_hash_update(struct crypto_hash *hash, struct span bytes);
MUST_USE enum crypto_error crypto_hash_finish(struct crypto_hash *hash,
                                              uint8_t ret_digest[CRYPTO_SHA256_SIZE]);
/* For the next message, after a finish: cheaper than another begin. */
MUST_USE enum crypto_error crypto_hash_restart(struct crypto_hash *hash);
void crypto_hash_free(struct crypto_hash *hash);

/* Parses a key as trust documents carry it: alg COSE_ES256 with a compressed P-256 point (33 bytes)
 * or COSE_EDDSA with an Ed25519 key (32 bytes; small-order and non-canonical points refused). The
 * caller frees it. */
MUST_USE enum crypto_error crypto_key_new(int alg, struct span public_key,
                                          struct crypto_key **ret_key);
void crypto_key_free(struct crypto_key *key);

/* The compressed form of an uncompressed P-256 point, 04 ‖ x ‖ y (SEC 1 §2.3.3), as cards and
 * tokens show their keys. CRYPTO_BAD_KEY for any other form, and for a y that is not that point's.
 */
#define CRYPTO_P256_UNCOMPRESSED 65
MUST_USE enum crypto_error crypto_p256_compress(struct span point,
                                                uint8_t ret_key[CRYPTO_MAX_PUBLIC_KEY]);

/* kid = first 8 bytes of SHA-256 over the SubjectPublicKeyInfo DER. Checks that the point is on its
 * curve, and is much cheaper than crypto_key_new. */
MUST_USE enum crypto_error crypto_kid(int alg, struct span public_key,
                                      uint8_t ret_kid[CRYPTO_KID_SIZE]);

/* Verifies a COSE signature (RFC 9053 §2): 64 bytes, for ES256 r ‖ s. `alg` is the algorithm the
 * document names; when it is not the key's own the answer is CRYPTO_BAD_SIGNATURE. */
MUST_USE enum crypto_error crypto_verify(const struct crypto_key *key, int alg, struct span message,
                                         struct span signature);

/* Bytes from the system's generator. */
MUST_USE enum crypto_error crypto_random(void *ret_bytes, size_t len);

/* Overwrites secrets; not removed by the compiler. */
void crypto_wipe(void *secret, size_t len);

/* Compares in constant time. */
bool crypto_equal(const void *a, const void *b, size_t len);

#endif
