/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes, random bytes and signature verification over EVP. Every refusal of a signature or a key
 * that OpenSSL leaves to its caller is made here or in crypto_point.c.
 */
#include "base/crypto.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include "base/crypto_point.h"
#include "codec/cose.h"

_Static_assert(CRYPTO_SIGNATURE_SIZE == COSE_SIGNATURE_SIZE, "one size for both algorithms");
_Static_assert(CRYPTO_KID_SIZE == COSE_KID_SIZE, "kid size");

struct crypto_key {
    int alg;
    EVP_PKEY *pkey;
};

struct crypto_hash {
    EVP_MD_CTX *ctx;
};

enum crypto_error crypto_hash_begin(struct crypto_hash **ret_hash)
{
    const struct crypto_library *lib = crypto_library();
    struct crypto_hash *hash = (struct crypto_hash *)calloc(1, sizeof *hash);

    if (lib == NULL || hash == NULL) {
        goto fail;
    }
    hash->ctx = EVP_MD_CTX_new();
    if (hash->ctx == NULL || EVP_DigestInit_ex2(hash->ctx, lib->sha256, NULL) != 1) {
        goto fail;
    }
    *ret_hash = hash;
    return CRYPTO_OK;
fail:
    crypto_hash_free(hash);
    return CRYPTO_SYSTEM;
}

enum crypto_error crypto_hash_update(struct crypto_hash *hash, struct span bytes)
{
    return EVP_DigestUpdate(hash->ctx, bytes.ptr, bytes.len) == 1 ? CRYPTO_OK : CRYPTO_SYSTEM;
}

enum crypto_error crypto_hash_finish(struct crypto_hash *hash,
                                     uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    return EVP_DigestFinal_ex(hash->ctx, ret_digest, NULL) == 1 ? CRYPTO_OK : CRYPTO_SYSTEM;
}

enum crypto_error crypto_hash_restart(struct crypto_hash *hash)
{
    return EVP_DigestInit_ex2(hash->ctx, NULL, NULL) == 1 ? CRYPTO_OK : CRYPTO_SYSTEM;
}

void crypto_hash_free(struct crypto_hash *hash)
{
    if (hash != NULL) {
        EVP_MD_CTX_free(hash->ctx);
        free(hash);
    }
}

enum crypto_error crypto_sha256(const struct span *part, size_t count,
                                uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    struct crypto_hash *hash = NULL;
    enum crypto_error error = crypto_hash_begin(&hash);

    for (size_t i = 0; error == CRYPTO_OK && i < count; i++) {
        error = crypto_hash_update(hash, part[i]);
    }
    if (error == CRYPTO_OK) {
        error = crypto_hash_finish(hash, ret_digest);
    }
    crypto_hash_free(hash);
    return error;
}

/* The parameters want to be written to, though nothing is. */
static EVP_PKEY *p256_pkey(const struct crypto_library *lib, struct span point)
{
    char group[] = "P-256";
    uint8_t copy[CRYPTO_SPKI_MAX];
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(lib->context, "EC", NULL);
    OSSL_PARAM param[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, point.len),
        OSSL_PARAM_construct_end(),
    };
    memcpy(copy, point.ptr, point.len);
    if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, param) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

enum crypto_error crypto_key_new(int alg, struct span public_key, struct crypto_key **ret_key)
{
    uint8_t spki[CRYPTO_SPKI_MAX];
    size_t spki_len = 0;
    enum crypto_error error = crypto_point_spki(alg, public_key, spki, &spki_len);
    if (error != CRYPTO_OK) {
        return error;
    }
    struct crypto_key *key = (struct crypto_key *)calloc(1, sizeof *key);
    if (key == NULL) {
        return CRYPTO_SYSTEM;
    }
    const struct crypto_library *lib = crypto_library();
    struct span point = crypto_point_of_spki(alg, spki);
    key->alg = alg;
    key->pkey = alg == COSE_ES256 ? p256_pkey(lib, point)
                                  : EVP_PKEY_new_raw_public_key_ex(lib->context, "ED25519", NULL,
                                                                   point.ptr, point.len);
    if (key->pkey == NULL) {
        crypto_key_free(key);
        return CRYPTO_SYSTEM;
    }
    *ret_key = key;
    return CRYPTO_OK;
}

void crypto_key_free(struct crypto_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pkey);
        free(key);
    }
}

enum crypto_error crypto_p256_compress(struct span point, uint8_t ret_key[CRYPTO_MAX_PUBLIC_KEY])
{
    uint8_t compressed[CRYPTO_POINT_P256_SIZE];
    uint8_t spki[CRYPTO_SPKI_MAX];
    size_t spki_len = 0;
    if (point.len != CRYPTO_P256_UNCOMPRESSED || point.ptr[0] != POINT_CONVERSION_UNCOMPRESSED) {
        return CRYPTO_BAD_KEY;
    }
    compressed[0] = (uint8_t)(POINT_CONVERSION_COMPRESSED | (point.ptr[point.len - 1] & 1));
    memcpy(compressed + 1, point.ptr + 1, sizeof compressed - 1);
    enum crypto_error error =
        crypto_point_spki(COSE_ES256, span_of(compressed, sizeof compressed), spki, &spki_len);
    if (error == CRYPTO_OK && !span_equal(point, crypto_point_of_spki(COSE_ES256, spki))) {
        error = CRYPTO_BAD_KEY; /* a y of the right parity alone */
    }
    if (error == CRYPTO_OK) {
        memcpy(ret_key, compressed, sizeof compressed);
    }
    return error;
}

enum crypto_error crypto_kid(int alg, struct span public_key, uint8_t ret_kid[CRYPTO_KID_SIZE])
{
    uint8_t spki[CRYPTO_SPKI_MAX];
    uint8_t digest[CRYPTO_SHA256_SIZE];
    size_t spki_len = 0;
    enum crypto_error error = crypto_point_spki(alg, public_key, spki, &spki_len);

    if (error == CRYPTO_OK) {
        struct span part = span_of(spki, spki_len);
        error = crypto_sha256(&part, 1, digest);
    }
    if (error == CRYPTO_OK) {
        memcpy(ret_kid, digest, CRYPTO_KID_SIZE);
    }
    return error;
}

/* 1 ≤ number < n, the order of P-256. */
static bool p256_scalar_in_range(const uint8_t number[32])
{
    static const uint8_t zero[32];
    static const uint8_t n[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                  0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    return memcmp(number, zero, sizeof zero) != 0 && memcmp(number, n, sizeof n) < 0;
}

/* The digest is made apart from the verification: EVP_DigestVerify would set up its hash anew each
 * time. An error inside counts as a bad signature: a forger can cause some (a result at infinity).
 */
static enum crypto_error verify_es256(const struct crypto_library *lib, EVP_PKEY *pkey,
                                      struct span message, struct span signature)
{
    enum crypto_error error = CRYPTO_SYSTEM;
    uint8_t digest[CRYPTO_SHA256_SIZE];
    uint8_t der[CRYPTO_MAX_ECDSA_DER];

    if (!p256_scalar_in_range(signature.ptr) || !p256_scalar_in_range(signature.ptr + 32)) {
        return CRYPTO_BAD_SIGNATURE;
    }
    size_t der_len = crypto_ecdsa_der(signature, der);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(lib->context, pkey, NULL);
    if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
        crypto_sha256(&message, 1, digest) == CRYPTO_OK) {
        ERR_clear_error();
        error = EVP_PKEY_verify(ctx, der, der_len, digest, sizeof digest) == 1
                    ? CRYPTO_OK
                    : crypto_refusal(CRYPTO_BAD_SIGNATURE);
    }
    EVP_PKEY_CTX_free(ctx);
    return error;
}

/* OpenSSL refuses S ≥ L and compares R as encoded (RFC 8032 §5.1.7). */
static enum crypto_error verify_ed25519(const struct crypto_library *lib, EVP_PKEY *pkey,
                                        struct span message, struct span signature)
{
    enum crypto_error error = CRYPTO_SYSTEM;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx != NULL &&
        EVP_DigestVerifyInit_ex(ctx, NULL, NULL, lib->context, NULL, pkey, NULL) == 1) {
        ERR_clear_error();
        error = EVP_DigestVerify(ctx, signature.ptr, signature.len, message.ptr, message.len) == 1
                    ? CRYPTO_OK
                    : crypto_refusal(CRYPTO_BAD_SIGNATURE);
    }
    EVP_MD_CTX_free(ctx);
    return error;
}

static enum crypto_error verify_once(const struct crypto_library *lib, const struct crypto_key *key,
                                     struct span message, struct span signature)
{
    return key->alg == COSE_ES256 ? verify_es256(lib, key->pkey, message, signature)
                                  : verify_ed25519(lib, key->pkey, message, signature);
}

/* A bad signature is looked at twice: lack of memory is not always in the library's list of errors,
 * and whoever asks may throw away what he holds. */
enum crypto_error crypto_verify(const struct crypto_key *key, int alg, struct span message,
                                struct span signature)
{
    const struct crypto_library *lib = crypto_library();
    if (lib == NULL) {
        return CRYPTO_SYSTEM;
    }
    if (alg != key->alg || signature.len != CRYPTO_SIGNATURE_SIZE) {
        return CRYPTO_BAD_SIGNATURE;
    }
    enum crypto_error error = verify_once(lib, key, message, signature);
    if (error == CRYPTO_BAD_SIGNATURE && verify_once(lib, key, message, signature) != error) {
        error = CRYPTO_SYSTEM;
    }
    return error;
}

enum crypto_error crypto_random(void *ret_bytes, size_t len)
{
    const struct crypto_library *lib = crypto_library();
    return lib != NULL && RAND_bytes_ex(lib->context, (unsigned char *)ret_bytes, len, 0) == 1
               ? CRYPTO_OK
               : CRYPTO_SYSTEM;
}

void crypto_wipe(void *secret, size_t len)
{
    OPENSSL_cleanse(secret, len);
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}
