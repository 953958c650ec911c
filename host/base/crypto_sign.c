/* SPDX-License-Identifier: Apache-2.0
 *
 * Private keys: make them, sign with them or have them sign, wipe them. Files are
 * crypto_sign_file.c's business, tokens pkcs11.c's.
 */
#include "base/crypto_sign_key.h"

#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#include "base/crypto_point.h"
#include "codec/cose.h"

struct crypto_private_key {
    int alg;
    EVP_PKEY *pkey;                  /* NULL for a remote key */
    struct crypto_remote_key remote; /* all NULL for a key in memory */
    struct crypto_key *verifier;     /* the public half, to check every signature made */
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    size_t public_key_len;
};

/* Compressed (SEC 1 §2.3.3), whatever form the file had it in. */
static bool p256_public(const EVP_PKEY *pkey, struct writer *w)
{
    BIGNUM *x = NULL;
    BIGNUM *y = NULL;
    uint8_t x_bytes[32];
    bool ok = EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
              EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
              BN_bn2binpad(x, x_bytes, sizeof x_bytes) == (int)sizeof x_bytes;
    if (ok) {
        writer_be(w, BN_is_odd(y) ? 0x03 : 0x02, 1);
        writer_put(w, span_of(x_bytes, sizeof x_bytes));
    }
    BN_free(x);
    BN_free(y);
    return ok;
}

static bool ed25519_public(const EVP_PKEY *pkey, struct writer *w)
{
    uint8_t raw[CRYPTO_POINT_ED25519_SIZE];
    size_t len = sizeof raw;
    bool ok = EVP_PKEY_get_raw_public_key(pkey, raw, &len) == 1 && len == sizeof raw;
    if (ok) {
        writer_put(w, span_of(raw, sizeof raw));
    }
    return ok;
}

/* COSE_ES256, COSE_EDDSA, or 0 for any other kind of key or curve. */
static int alg_of_pkey(const EVP_PKEY *pkey)
{
    char group[32] = "";
    if (EVP_PKEY_is_a(pkey, "ED25519")) {
        return COSE_EDDSA;
    }
    return EVP_PKEY_is_a(pkey, "EC") &&
                   EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) == 1 &&
                   strcmp(group, SN_X9_62_prime256v1) == 0
               ? COSE_ES256
               : 0;
}

enum crypto_error crypto_private_key_wrap(EVP_PKEY *pkey, struct crypto_private_key **ret_key)
{
    enum crypto_error error = CRYPTO_SYSTEM;
    struct crypto_private_key *key = (struct crypto_private_key *)calloc(1, sizeof *key);

    if (pkey == NULL || key == NULL) {
        goto out;
    }
    struct writer w = writer_of(key->public_key, sizeof key->public_key);
    key->alg = alg_of_pkey(pkey);
    if (key->alg == 0) {
        error = CRYPTO_UNSUPPORTED;
        goto out;
    }
    if (key->alg == COSE_ES256 ? !p256_public(pkey, &w) : !ed25519_public(pkey, &w)) {
        error = CRYPTO_BAD_KEY;
        goto out;
    }
    key->public_key_len = w.len;
    error = crypto_key_new(key->alg, writer_span(&w), &key->verifier);
    if (error == CRYPTO_OK) {
        key->pkey = pkey;
        pkey = NULL;
        *ret_key = key;
        key = NULL;
    }
out:
    crypto_private_key_free(key);
    EVP_PKEY_free(pkey);
    return error;
}

/* --- remote keys --- */

/* SEC 1 §2.3.4: a compressed point stays, an uncompressed one loses y. */
static bool compress_p256(struct span point, struct writer *w)
{
    if (point.len == 65 && point.ptr[0] == 0x04) {
        writer_be(w, (point.ptr[64] & 1) != 0 ? 0x03 : 0x02, 1);
        writer_put(w, span_of(point.ptr + 1, 32));
        return true;
    }
    writer_put(w, point);
    return point.len == CRYPTO_POINT_P256_SIZE;
}

/* Whether the point that was given is the one its compressed form stands for. */
static bool is_same_point(int alg, struct span given, struct span public_key)
{
    uint8_t spki[CRYPTO_SPKI_MAX];
    size_t len = 0;
    return given.len == public_key.len ||
           (crypto_point_spki(alg, public_key, spki, &len) == CRYPTO_OK &&
            span_equal(given, crypto_point_of_spki(alg, spki)));
}

static bool take_point(struct crypto_private_key *key, struct span point)
{
    struct writer w = writer_of(key->public_key, sizeof key->public_key);
    if (key->alg == COSE_ES256) {
        if (!compress_p256(point, &w)) {
            return false;
        }
    } else {
        writer_put(&w, point);
    }
    key->public_key_len = writer_span(&w).len;
    return is_same_point(key->alg, point, writer_span(&w));
}

enum crypto_error crypto_private_key_of_remote(int alg, struct span point,
                                               const struct crypto_remote_key *remote,
                                               struct crypto_private_key **ret_key)
{
    if (alg != COSE_ES256 && alg != COSE_EDDSA) {
        return CRYPTO_UNSUPPORTED;
    }
    struct crypto_private_key *key = (struct crypto_private_key *)calloc(1, sizeof *key);
    if (key == NULL) {
        return CRYPTO_SYSTEM;
    }
    key->alg = alg;
    enum crypto_error error = CRYPTO_BAD_KEY;
    if (take_point(key, point)) {
        error = crypto_key_new(alg, span_of(key->public_key, key->public_key_len), &key->verifier);
    }
    if (error != CRYPTO_OK) {
        crypto_private_key_free(key);
        return error;
    }
    key->remote = *remote;
    *ret_key = key;
    return CRYPTO_OK;
}

static enum crypto_error sign_remote(const struct crypto_private_key *key, struct span message,
                                     uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    struct span input = message;
    if (key->alg == COSE_ES256) {
        enum crypto_error error = crypto_sha256(&message, 1, digest);
        if (error != CRYPTO_OK) {
            return error;
        }
        input = span_of(digest, sizeof digest);
    }
    return key->remote.sign(key->remote.ctx, input, ret_signature) ? CRYPTO_OK : CRYPTO_REMOTE;
}

const char *crypto_private_key_problem(const struct crypto_private_key *key)
{
    return key->pkey != NULL ? "the library failed" : key->remote.problem(key->remote.ctx);
}

/* --- keys in memory --- */

EVP_PKEY *crypto_private_key_pkey(const struct crypto_private_key *key)
{
    return key->pkey;
}

enum crypto_error crypto_private_key_generate(int alg, struct crypto_private_key **ret_key)
{
    const struct crypto_library *lib = crypto_library();
    if (lib == NULL) {
        return CRYPTO_SYSTEM;
    }
    if (alg == COSE_ES256) {
        return crypto_private_key_wrap(EVP_PKEY_Q_keygen(lib->context, NULL, "EC", "P-256"),
                                       ret_key);
    }
    if (alg == COSE_EDDSA) {
        return crypto_private_key_wrap(EVP_PKEY_Q_keygen(lib->context, NULL, "ED25519"), ret_key);
    }
    return CRYPTO_UNSUPPORTED;
}

/* The parameters of a P-256 key with this scalar; NULL when memory ran out. */
static OSSL_PARAM *p256_param(const struct crypto_library *lib, const BIGNUM *scalar)
{
    OSSL_PARAM *param = NULL;
    uint8_t public_key[65];
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EC_POINT *point = EC_POINT_new(lib->p256);

    if (build != NULL && point != NULL &&
        EC_POINT_mul(lib->p256, point, scalar, NULL, NULL, NULL) == 1 &&
        EC_POINT_point2oct(lib->p256, point, POINT_CONVERSION_UNCOMPRESSED, public_key,
                           sizeof public_key, NULL) == sizeof public_key &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, public_key,
                                         sizeof public_key) == 1) {
        param = OSSL_PARAM_BLD_to_param(build);
    }
    EC_POINT_clear_free(point);
    OSSL_PARAM_BLD_free(build);
    return param;
}

static enum crypto_error p256_of_scalar(const struct crypto_library *lib, const uint8_t seed[32],
                                        EVP_PKEY **ret_pkey)
{
    enum crypto_error error = CRYPTO_SYSTEM;
    OSSL_PARAM *param = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(lib->context, "EC", NULL);
    BIGNUM *scalar = BN_secure_new();

    if (ctx == NULL || scalar == NULL || BN_bin2bn(seed, 32, scalar) == NULL) {
        goto out;
    }
    if (BN_is_zero(scalar) || BN_cmp(scalar, EC_GROUP_get0_order(lib->p256)) >= 0) {
        error = CRYPTO_BAD_KEY;
        goto out;
    }
    param = p256_param(lib, scalar);
    if (param != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, ret_pkey, EVP_PKEY_KEYPAIR, param) == 1) {
        error = CRYPTO_OK;
    }
out:
    OSSL_PARAM_free(param); /* wipes: the scalar came from secure memory */
    BN_clear_free(scalar);
    EVP_PKEY_CTX_free(ctx);
    return error;
}

enum crypto_error crypto_private_key_from_seed(int alg, const uint8_t seed[32],
                                               struct crypto_private_key **ret_key)
{
    const struct crypto_library *lib = crypto_library();
    EVP_PKEY *pkey = NULL;

    if (lib == NULL) {
        return CRYPTO_SYSTEM;
    }
    if (alg == COSE_EDDSA) {
        pkey = EVP_PKEY_new_raw_private_key_ex(lib->context, "ED25519", NULL, seed, 32);
    } else if (alg == COSE_ES256) {
        enum crypto_error error = p256_of_scalar(lib, seed, &pkey);
        if (error != CRYPTO_OK) {
            return error;
        }
    } else {
        return CRYPTO_UNSUPPORTED;
    }
    return crypto_private_key_wrap(pkey, ret_key);
}

/* EVP_PKEY_free wipes the secret. */
void crypto_private_key_free(struct crypto_private_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pkey);
        if (key->remote.free != NULL) {
            key->remote.free(key->remote.ctx);
        }
        crypto_key_free(key->verifier);
        free(key);
    }
}

int crypto_private_key_alg(const struct crypto_private_key *key)
{
    return key->alg;
}

size_t crypto_private_key_public(const struct crypto_private_key *key,
                                 uint8_t ret_public_key[CRYPTO_MAX_PUBLIC_KEY])
{
    memcpy(ret_public_key, key->public_key, key->public_key_len);
    return key->public_key_len;
}

/* ECDSA-Sig-Value DER → r ‖ s. */
static bool rs_of_der(struct span der, uint8_t ret_rs[CRYPTO_SIGNATURE_SIZE])
{
    const unsigned char *at = der.ptr;
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)der.len);
    bool ok = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret_rs, 32) == 32 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret_rs + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    return ok;
}

static enum crypto_error sign_raw(const struct crypto_private_key *key, struct span message,
                                  uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
    enum crypto_error error = CRYPTO_SYSTEM;
    const struct crypto_library *lib = crypto_library();
    const char *md = key->alg == COSE_ES256 ? "SHA2-256" : NULL;
    uint8_t out[CRYPTO_MAX_ECDSA_DER];
    size_t len = sizeof out;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (lib == NULL || ctx == NULL ||
        EVP_DigestSignInit_ex(ctx, NULL, md, lib->context, NULL, key->pkey, NULL) != 1 ||
        EVP_DigestSign(ctx, out, &len, message.ptr, message.len) != 1) {
        goto out;
    }
    if (key->alg == COSE_ES256) {
        error = rs_of_der(span_of(out, len), ret_signature) ? CRYPTO_OK : CRYPTO_SYSTEM;
    } else if (len == CRYPTO_SIGNATURE_SIZE) {
        memcpy(ret_signature, out, len);
        error = CRYPTO_OK;
    }
out:
    EVP_MD_CTX_free(ctx);
    return error;
}

/* A signature that went wrong (memory, a fault, a token that lies) can give the private key away,
 * so it never leaves. */
enum crypto_error crypto_sign(const struct crypto_private_key *key, struct span message,
                              uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    enum crypto_error error = key->pkey != NULL ? sign_raw(key, message, signature)
                                                : sign_remote(key, message, signature);

    if (error == CRYPTO_OK) {
        error =
            crypto_verify(key->verifier, key->alg, message, span_of(signature, sizeof signature));
    }
    if (error == CRYPTO_OK) {
        memcpy(ret_signature, signature, sizeof signature);
    }
    crypto_wipe(signature, sizeof signature);
    return error;
}
