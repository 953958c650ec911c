/* SPDX-License-Identifier: Apache-2.0
 *
 * Foreign public keys over OpenSSL's decoders, and their signatures over EVP.
 */
#include "base/crypto_any.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/crypto_point.h"
#include "codec/cose.h"

#define MIN_RSA_BITS   2048 /* RFC 8230 §6.1 */
#define MAX_COORDINATE 66   /* P-521 */

enum family {
    FAMILY_ECDSA,
    FAMILY_EDDSA,
    FAMILY_RSA,
};

static const struct algorithm {
    int64_t alg;
    const char *name;
    enum family family;
    const char *md; /* NULL: the scheme hashes by itself */
} algorithm[] = {
    {COSE_ES256, "ES256", FAMILY_ECDSA, "SHA2-256"},
    {CRYPTO_ANY_ES384, "ES384", FAMILY_ECDSA, "SHA2-384"},
    {CRYPTO_ANY_ES512, "ES512", FAMILY_ECDSA, "SHA2-512"},
    {COSE_EDDSA, "EdDSA", FAMILY_EDDSA, NULL},
    {CRYPTO_ANY_PS256, "PS256", FAMILY_RSA, "SHA2-256"},
};

static const struct kind {
    const char *name;
    const char *openssl_group; /* of an EC key; at most 15 characters */
    enum family family;
    size_t coordinate; /* bytes of r, s, x or y; of x for Edwards curves */
} kinds[] = {
    {"P-256", SN_X9_62_prime256v1, FAMILY_ECDSA, 32},
    {"P-384", SN_secp384r1, FAMILY_ECDSA, 48},
    {"P-521", SN_secp521r1, FAMILY_ECDSA, MAX_COORDINATE},
    {"Ed25519", NULL, FAMILY_EDDSA, 32},
    {"Ed448", NULL, FAMILY_EDDSA, 57},
    {"RSA", NULL, FAMILY_RSA, 0},
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

struct crypto_any_key {
    EVP_PKEY *pkey;
    const struct kind *kind;
};

static bool is_of_kind(const EVP_PKEY *pkey, const struct kind *kind)
{
    char group[64] = "";
    if (kind->openssl_group == NULL) {
        return EVP_PKEY_is_a(pkey, kind->name) == 1;
    }
    return EVP_PKEY_is_a(pkey, "EC") == 1 &&
           EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) == 1 &&
           strcmp(group, kind->openssl_group) == 0;
}

/* OpenSSL takes any 32 bytes for an Ed25519 key; under points of small order anybody signs. */
static enum crypto_error check_point(const EVP_PKEY *pkey, const struct kind *kind)
{
    uint8_t point[CRYPTO_POINT_ED25519_SIZE];
    uint8_t spki[CRYPTO_SPKI_MAX];
    size_t len = sizeof point;
    if (strcmp(kind->name, "Ed25519") != 0) {
        return CRYPTO_OK;
    }
    return EVP_PKEY_get_raw_public_key(pkey, point, &len) == 1
               ? crypto_point_spki(COSE_EDDSA, span_of(point, len), spki, &len)
               : CRYPTO_SYSTEM;
}

/* Takes over `pkey` in every case; NULL is a key that could not be read. */
static enum crypto_error wrap(EVP_PKEY *pkey, struct crypto_any_key **ret_key)
{
    enum crypto_error error = pkey == NULL ? CRYPTO_BAD_KEY : CRYPTO_UNSUPPORTED;
    for (size_t i = 0; pkey != NULL && i < KIND_COUNT; i++) {
        if (!is_of_kind(pkey, &kinds[i]) ||
            (kinds[i].family == FAMILY_RSA && EVP_PKEY_get_bits(pkey) < MIN_RSA_BITS)) {
            continue;
        }
        error = check_point(pkey, &kinds[i]);
        struct crypto_any_key *key =
            error == CRYPTO_OK ? (struct crypto_any_key *)malloc(sizeof *key) : NULL;
        if (key == NULL) {
            error = error == CRYPTO_OK ? CRYPTO_SYSTEM : error;
            break;
        }
        *key = (struct crypto_any_key){pkey, &kinds[i]};
        *ret_key = key;
        return CRYPTO_OK;
    }
    EVP_PKEY_free(pkey);
    return error;
}

static EVP_PKEY *pkey_of_certificate(const struct crypto_library *lib, struct span der)
{
    const unsigned char *at = der.ptr;
    EVP_PKEY *pkey = NULL;
    X509 *certificate = X509_new_ex(lib->context, NULL);
    /* d2i frees the certificate and clears the pointer when it fails. */
    if (certificate != NULL && d2i_X509(&certificate, &at, (long)der.len) != NULL &&
        at == der.ptr + der.len) {
        pkey = X509_get_pubkey(certificate);
    }
    X509_free(certificate);
    return pkey;
}

static EVP_PKEY *pkey_of_spki(const struct crypto_library *lib, struct span der)
{
    const unsigned char *at = der.ptr;
    EVP_PKEY *pkey = d2i_PUBKEY_ex(NULL, &at, (long)der.len, lib->context, NULL);
    if (pkey != NULL && at != der.ptr + der.len) {
        EVP_PKEY_free(pkey);
        pkey = NULL;
    }
    return pkey;
}

static EVP_PKEY *pkey_of_der(const struct crypto_library *lib, struct span der)
{
    EVP_PKEY *pkey = pkey_of_spki(lib, der);
    return pkey != NULL ? pkey : pkey_of_certificate(lib, der);
}

static EVP_PKEY *pkey_of_pem(const struct crypto_library *lib, struct span pem)
{
    EVP_PKEY *pkey = NULL;
    char *label = NULL;
    char *header = NULL;
    unsigned char *der = NULL;
    long len = 0;
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);

    if (bio != NULL && PEM_read_bio(bio, &label, &header, &der, &len) == 1) {
        struct span bytes = span_of(der, (size_t)len);
        if (strcmp(label, PEM_STRING_PUBLIC) == 0) {
            pkey = pkey_of_spki(lib, bytes);
        } else if (strcmp(label, PEM_STRING_X509) == 0) {
            pkey = pkey_of_certificate(lib, bytes);
        }
    }
    OPENSSL_clear_free(der, (size_t)len); /* somebody may name a private key by mistake */
    OPENSSL_free(header);
    OPENSSL_free(label);
    BIO_free(bio);
    return pkey;
}

enum crypto_error crypto_any_key_read(struct span file, struct crypto_any_key **ret_key)
{
    const struct crypto_library *lib = crypto_library();
    if (lib == NULL) {
        return CRYPTO_SYSTEM;
    }
    if (file.len == 0 || file.len > CRYPTO_ANY_MAX_KEY_FILE) {
        return CRYPTO_BAD_KEY;
    }
    ERR_set_mark(); /* a wrong guess at the format is no error */
    EVP_PKEY *pkey = file.ptr[0] == 0x30 ? pkey_of_der(lib, file) : NULL; /* a SEQUENCE */
    if (pkey == NULL) {
        pkey = pkey_of_pem(lib, file);
    }
    enum crypto_error error = wrap(pkey, ret_key);
    ERR_pop_to_mark();
    return error;
}

/* The group's name is copied because the parameter wants to be written to, though nothing is. */
static EVP_PKEY *pkey_of_coordinates(const struct crypto_library *lib, const struct kind *kind,
                                     struct span x, struct span y)
{
    char group[16] = "";
    uint8_t point[1 + 2 * MAX_COORDINATE];
    struct writer w = writer_of(point, sizeof point);
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(lib->context, "EC", NULL);
    memcpy(group, kind->openssl_group, strlen(kind->openssl_group) + 1);
    writer_be(&w, POINT_CONVERSION_UNCOMPRESSED, 1);
    writer_put(&w, x);
    writer_put(&w, y);
    OSSL_PARAM param[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, w.len),
        OSSL_PARAM_construct_end(),
    };
    if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, param) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

enum crypto_error crypto_any_key_of_point(const char *curve, struct span x, struct span y,
                                          struct crypto_any_key **ret_key)
{
    const struct crypto_library *lib = crypto_library();
    if (lib == NULL) {
        return CRYPTO_SYSTEM;
    }
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const struct kind *kind = &kinds[i];
        if (strcmp(curve, kind->name) != 0 || kind->family == FAMILY_RSA) {
            continue;
        }
        bool ecdsa = kind->family == FAMILY_ECDSA;
        if (x.len != kind->coordinate || y.len != (ecdsa ? kind->coordinate : 0)) {
            return CRYPTO_BAD_KEY;
        }
        return wrap(
            ecdsa ? pkey_of_coordinates(lib, kind, x, y)
                  : EVP_PKEY_new_raw_public_key_ex(lib->context, kind->name, NULL, x.ptr, x.len),
            ret_key);
    }
    return CRYPTO_UNSUPPORTED;
}

void crypto_any_key_free(struct crypto_any_key *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pkey);
        free(key);
    }
}

const char *crypto_any_key_kind(const struct crypto_any_key *key)
{
    return key->kind->name;
}

static const struct algorithm *algorithm_of(int64_t alg)
{
    for (size_t i = 0; i < sizeof algorithm / sizeof algorithm[0]; i++) {
        if (algorithm[i].alg == alg) {
            return &algorithm[i];
        }
    }
    return NULL;
}

const char *crypto_any_alg_name(int64_t alg)
{
    const struct algorithm *a = algorithm_of(alg);
    return a == NULL ? NULL : a->name;
}

/* RSASSA-PSS as RFC 8230 §2 wants it: MGF1 with the same hash, a salt of the hash's length. */
static bool set_pss(EVP_PKEY_CTX *ctx)
{
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static enum crypto_error verify_with(const struct algorithm *a, EVP_PKEY *pkey, struct span message,
                                     struct span signature)
{
    enum crypto_error error = CRYPTO_SYSTEM;
    EVP_PKEY_CTX *pctx = NULL; /* belongs to ctx */
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx != NULL &&
        EVP_DigestVerifyInit_ex(ctx, &pctx, a->md, crypto_library()->context, NULL, pkey, NULL) ==
            1 &&
        (a->family != FAMILY_RSA || set_pss(pctx))) {
        error = EVP_DigestVerify(ctx, signature.ptr, signature.len, message.ptr, message.len) == 1
                    ? CRYPTO_OK
                    : CRYPTO_BAD_SIGNATURE;
    }
    EVP_MD_CTX_free(ctx);
    return error;
}

enum crypto_error crypto_any_verify(const struct crypto_any_key *key, int64_t alg,
                                    struct span message, struct span signature)
{
    uint8_t der[CRYPTO_MAX_ECDSA_DER];
    const struct algorithm *a = algorithm_of(alg);

    if (a == NULL) {
        return CRYPTO_UNSUPPORTED;
    }
    if (key->kind->family != a->family) {
        return CRYPTO_BAD_KEY;
    }
    if (a->family == FAMILY_ECDSA) {
        if (signature.len != 2 * key->kind->coordinate) {
            return CRYPTO_BAD_SIGNATURE;
        }
        signature = span_of(der, crypto_ecdsa_der(signature, der));
    }
    return verify_with(a, key->pkey, message, signature);
}
