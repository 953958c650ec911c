/* SPDX-License-Identifier: Apache-2.0
 *
 * Points of P-256 and Ed25519: are they on their curve, and what is their SubjectPublicKeyInfo.
 * Written for speed, because a trust list brings thousands of keys at once; knows no signatures.
 */
#include "base/crypto_point.h"

#include <pthread.h>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "codec/cose.h"

#define P256_UNCOMPRESSED_SIZE 65

static const uint8_t p256_spki_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                         0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                         0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
static const uint8_t ed25519_spki_head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                            0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

_Static_assert(sizeof p256_spki_head + P256_UNCOMPRESSED_SIZE == CRYPTO_SPKI_MAX, "SPKI size");

static struct crypto_library library;
static bool library_ready;
static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void library_open(void)
{
    static const char p[] = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
    static const char d[] = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";

    library.context = OSSL_LIB_CTX_new();
    if (library.context == NULL) {
        return;
    }
    library.sha256 = EVP_MD_fetch(library.context, "SHA2-256", NULL);
    library.p256 = EC_GROUP_new_by_curve_name_ex(library.context, NULL, NID_X9_62_prime256v1);
    library_ready = library.sha256 != NULL && library.p256 != NULL &&
                    BN_hex2bn(&library.ed25519_p, p) != 0 && BN_hex2bn(&library.ed25519_d, d) != 0;
}

const struct crypto_library *crypto_library(void)
{
    return pthread_once(&library_once, library_open) == 0 && library_ready ? &library : NULL;
}

enum crypto_error crypto_refusal(enum crypto_error otherwise)
{
    bool out_of_memory = false;
    for (unsigned long e = ERR_get_error(); e != 0; e = ERR_get_error()) {
        out_of_memory = out_of_memory || ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE;
    }
    return out_of_memory ? CRYPTO_SYSTEM : otherwise;
}

/* Writes the uncompressed point; the decompression proves that it is on the curve. The point at
 * infinity has no compressed form of 33 bytes, and P-256 has no small subgroup. */
static enum crypto_error p256_expand(const struct crypto_library *lib, struct span public_key,
                                     uint8_t ret_point[P256_UNCOMPRESSED_SIZE])
{
    enum crypto_error error = CRYPTO_SYSTEM;
    BN_CTX *bn = NULL;
    EC_POINT *point = NULL;

    if (public_key.len != CRYPTO_POINT_P256_SIZE ||
        (public_key.ptr[0] != POINT_CONVERSION_COMPRESSED &&
         public_key.ptr[0] != (POINT_CONVERSION_COMPRESSED | 1))) {
        return CRYPTO_BAD_KEY;
    }
    bn = BN_CTX_new_ex(lib->context);
    point = EC_POINT_new(lib->p256);
    if (bn == NULL || point == NULL) {
        goto out;
    }
    ERR_clear_error();
    if (EC_POINT_oct2point(lib->p256, point, public_key.ptr, public_key.len, bn) != 1) {
        error = crypto_refusal(CRYPTO_BAD_KEY);
        goto out;
    }
    if (EC_POINT_point2oct(lib->p256, point, POINT_CONVERSION_UNCOMPRESSED, ret_point,
                           P256_UNCOMPRESSED_SIZE, bn) == P256_UNCOMPRESSED_SIZE) {
        error = CRYPTO_OK;
    }
out:
    EC_POINT_free(point);
    BN_CTX_free(bn);
    return error;
}

/* y of the eight points whose order divides 8, little-endian, without the sign of x. Signatures
 * under such a key can be made without any secret. */
static bool ed25519_small_order(const uint8_t y[CRYPTO_POINT_ED25519_SIZE])
{
    static const uint8_t small[][CRYPTO_POINT_ED25519_SIZE] = {
        {0},
        {1},
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
         0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
         0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
         0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
         0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    };
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        if (memcmp(y, small[i], CRYPTO_POINT_ED25519_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

/* RFC 8032 §5.1.3: y is on the curve when x² = (y² - 1) / (d y² + 1) has a root. u / v is a square
 * exactly when u v is, so no division is needed. Returns 1, 0, or -1 when memory ran out. */
static int ed25519_has_x(const struct crypto_library *lib, const BIGNUM *y, BN_CTX *bn)
{
    const BIGNUM *p = lib->ed25519_p;
    BIGNUM *u = BN_CTX_get(bn);
    BIGNUM *v = BN_CTX_get(bn);
    if (v == NULL || BN_mod_sqr(u, y, p, bn) != 1 || BN_mod_mul(v, u, lib->ed25519_d, p, bn) != 1 ||
        BN_sub_word(u, 1) != 1 || BN_add_word(v, 1) != 1 || BN_mod_mul(u, u, v, p, bn) != 1) {
        return -1;
    }
    int symbol = BN_kronecker(u, p, bn);
    return symbol < -1 ? -1 : symbol == 1; /* symbol 0 is x = 0: small order, refused before */
}

/* OpenSSL takes any 32 bytes as an Ed25519 key, so the checks are here. */
static enum crypto_error ed25519_check(const struct crypto_library *lib, struct span public_key)
{
    enum crypto_error error = CRYPTO_SYSTEM;
    uint8_t y_bytes[CRYPTO_POINT_ED25519_SIZE];

    if (public_key.len != CRYPTO_POINT_ED25519_SIZE) {
        return CRYPTO_BAD_KEY;
    }
    memcpy(y_bytes, public_key.ptr, sizeof y_bytes);
    y_bytes[CRYPTO_POINT_ED25519_SIZE - 1] &= 0x7f;
    if (ed25519_small_order(y_bytes)) {
        return CRYPTO_BAD_KEY;
    }
    BN_CTX *bn = BN_CTX_new_ex(lib->context);
    if (bn == NULL) {
        return CRYPTO_SYSTEM;
    }
    BN_CTX_start(bn);
    BIGNUM *y = BN_CTX_get(bn);
    if (y != NULL && BN_lebin2bn(y_bytes, sizeof y_bytes, y) != NULL) {
        int on_curve = BN_cmp(y, lib->ed25519_p) < 0 ? ed25519_has_x(lib, y, bn) : 0;
        error = on_curve < 0 ? CRYPTO_SYSTEM : on_curve ? CRYPTO_OK : CRYPTO_BAD_KEY;
    }
    BN_CTX_end(bn);
    BN_CTX_free(bn);
    return error;
}

enum crypto_error crypto_point_spki(int alg, struct span public_key,
                                    uint8_t ret_spki[CRYPTO_SPKI_MAX], size_t *ret_len)
{
    const struct crypto_library *lib = crypto_library();
    struct writer w = writer_of(ret_spki, CRYPTO_SPKI_MAX);
    uint8_t point[P256_UNCOMPRESSED_SIZE];
    enum crypto_error error = CRYPTO_UNSUPPORTED;

    if (lib == NULL) {
        return CRYPTO_SYSTEM;
    }
    if (alg == COSE_ES256) {
        error = p256_expand(lib, public_key, point);
        if (error == CRYPTO_OK) {
            writer_put(&w, span_of(p256_spki_head, sizeof p256_spki_head));
            writer_put(&w, span_of(point, sizeof point));
        }
    } else if (alg == COSE_EDDSA) {
        error = ed25519_check(lib, public_key);
        if (error == CRYPTO_OK) {
            writer_put(&w, span_of(ed25519_spki_head, sizeof ed25519_spki_head));
            writer_put(&w, public_key);
        }
    }
    if (error == CRYPTO_OK) {
        *ret_len = w.len;
    }
    return error;
}

struct span crypto_point_of_spki(int alg, const uint8_t spki[CRYPTO_SPKI_MAX])
{
    return alg == COSE_ES256 ? span_of(spki + sizeof p256_spki_head, P256_UNCOMPRESSED_SIZE)
                             : span_of(spki + sizeof ed25519_spki_head, CRYPTO_POINT_ED25519_SIZE);
}

/* A DER INTEGER: no leading zeros, but one where the number would read as negative. */
static void put_integer(struct writer *w, struct span number)
{
    while (number.len > 1 && number.ptr[0] == 0) {
        number.ptr++;
        number.len--;
    }
    size_t pad = number.ptr[0] >> 7;
    writer_be(w, 0x02, 1);
    writer_be(w, number.len + pad, 1);
    writer_put(w, span_of("\0", pad));
    writer_put(w, number);
}

size_t crypto_ecdsa_der(struct span rs, uint8_t ret_der[CRYPTO_MAX_ECDSA_DER])
{
    uint8_t body[2 * (66 + 3)];
    size_t half = rs.len / 2;
    struct writer inner = writer_of(body, sizeof body);
    put_integer(&inner, span_of(rs.ptr, half));
    put_integer(&inner, span_of(rs.ptr + half, half));

    struct writer w = writer_of(ret_der, CRYPTO_MAX_ECDSA_DER);
    writer_be(&w, 0x30, 1);
    if (inner.len >= 0x80) {
        writer_be(&w, 0x81, 1);
    }
    writer_be(&w, inner.len, 1);
    writer_put(&w, writer_span(&inner));
    return w.len;
}
