/* SPDX-License-Identifier: Apache-2.0
 *
 * From s = (z + r d) / k follows Q = d G = (s R - z G) / r, where R = k G has an x that is r modulo
 * the order: r itself, or r + n where that is still below the field's prime; and one of two y.
 */
#include "base/crypto_recover.h"

#include <openssl/bn.h>
#include <openssl/err.h>

#include "base/crypto_point.h"

enum { HALF = CRYPTO_SIGNATURE_SIZE / 2 };

/* Everything a recovery computes with; the numbers belong to `bn`. */
struct recovery {
    const EC_GROUP *group;
    BN_CTX *bn;
    EC_POINT *nonce; /* R */
    EC_POINT *key;   /* Q */
    BIGNUM *r, *s, *z;
    BIGNUM *of_base, *of_nonce; /* -z / r, s / r */
    BIGNUM *x;
};

static bool open_recovery(struct recovery *rec)
{
    const struct crypto_library *lib = crypto_library();
    if (lib == NULL) {
        return false;
    }
    rec->group = lib->p256;
    rec->bn = BN_CTX_new_ex(lib->context);
    rec->nonce = EC_POINT_new(lib->p256);
    rec->key = EC_POINT_new(lib->p256);
    if (rec->bn == NULL || rec->nonce == NULL || rec->key == NULL) {
        return false;
    }
    BN_CTX_start(rec->bn);
    rec->r = BN_CTX_get(rec->bn);
    rec->s = BN_CTX_get(rec->bn);
    rec->z = BN_CTX_get(rec->bn);
    rec->of_base = BN_CTX_get(rec->bn);
    rec->of_nonce = BN_CTX_get(rec->bn);
    rec->x = BN_CTX_get(rec->bn); /* the last is NULL when any is */
    return rec->x != NULL;
}

static void close_recovery(struct recovery *rec)
{
    EC_POINT_free(rec->key);
    EC_POINT_free(rec->nonce);
    if (rec->bn != NULL) {
        BN_CTX_end(rec->bn);
        BN_CTX_free(rec->bn);
    }
}

static bool in_range(const BIGNUM *number, const BIGNUM *order)
{
    return !BN_is_zero(number) && BN_cmp(number, order) < 0;
}

static enum crypto_error load(struct recovery *rec, const uint8_t digest[CRYPTO_SHA256_SIZE],
                              struct span signature)
{
    const BIGNUM *order = EC_GROUP_get0_order(rec->group);
    if (BN_bin2bn(signature.ptr, HALF, rec->r) == NULL ||
        BN_bin2bn(signature.ptr + HALF, HALF, rec->s) == NULL ||
        BN_bin2bn(digest, CRYPTO_SHA256_SIZE, rec->z) == NULL) {
        return CRYPTO_SYSTEM;
    }
    if (!in_range(rec->r, order) || !in_range(rec->s, order)) {
        return CRYPTO_BAD_SIGNATURE;
    }
    bool ok = BN_mod_inverse(rec->x, rec->r, order, rec->bn) != NULL &&
              BN_mod_mul(rec->of_nonce, rec->s, rec->x, order, rec->bn) == 1 &&
              BN_mod_mul(rec->of_base, rec->z, rec->x, order, rec->bn) == 1 &&
              BN_mod_sub(rec->of_base, order, rec->of_base, order, rec->bn) == 1 &&
              BN_copy(rec->x, rec->r) != NULL;
    return ok ? CRYPTO_OK : CRYPTO_SYSTEM;
}

/* The key for the nonce's point with x and that y; none where the curve has no such point. */
static enum crypto_error take(struct recovery *rec, int odd,
                              uint8_t point[CRYPTO_P256_UNCOMPRESSED])
{
    ERR_clear_error();
    if (EC_POINT_set_compressed_coordinates(rec->group, rec->nonce, rec->x, odd, rec->bn) != 1) {
        return crypto_refusal(CRYPTO_BAD_SIGNATURE);
    }
    if (EC_POINT_mul(rec->group, rec->key, rec->of_base, rec->nonce, rec->of_nonce, rec->bn) != 1) {
        return CRYPTO_SYSTEM;
    }
    if (EC_POINT_is_at_infinity(rec->group, rec->key) == 1) {
        return CRYPTO_BAD_SIGNATURE;
    }
    return EC_POINT_point2oct(rec->group, rec->key, POINT_CONVERSION_UNCOMPRESSED, point,
                              CRYPTO_P256_UNCOMPRESSED, rec->bn) == CRYPTO_P256_UNCOMPRESSED
               ? CRYPTO_OK
               : CRYPTO_SYSTEM;
}

static enum crypto_error take_all(struct recovery *rec,
                                  uint8_t point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED],
                                  size_t *count)
{
    const BIGNUM *order = EC_GROUP_get0_order(rec->group);
    const BIGNUM *prime = EC_GROUP_get0_field(rec->group);
    while (BN_cmp(rec->x, prime) < 0) {
        for (int odd = 0; odd < 2; odd++) {
            enum crypto_error error = take(rec, odd, point[*count]);
            if (error == CRYPTO_SYSTEM) {
                return error;
            }
            *count += error == CRYPTO_OK;
        }
        if (BN_add(rec->x, rec->x, order) != 1) { /* twice this is beyond the prime */
            return CRYPTO_SYSTEM;
        }
    }
    return *count == 0 ? CRYPTO_BAD_SIGNATURE : CRYPTO_OK;
}

enum crypto_error crypto_recover(struct span message, struct span signature,
                                 uint8_t ret_point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED],
                                 size_t *ret_count)
{
    struct recovery rec = {0};
    uint8_t digest[CRYPTO_SHA256_SIZE];
    uint8_t point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED];
    size_t count = 0;
    if (signature.len != CRYPTO_SIGNATURE_SIZE) {
        return CRYPTO_BAD_SIGNATURE;
    }
    enum crypto_error error = crypto_sha256(&message, 1, digest);
    if (error == CRYPTO_OK) {
        error = open_recovery(&rec) ? load(&rec, digest, signature) : CRYPTO_SYSTEM;
    }
    if (error == CRYPTO_OK) {
        error = take_all(&rec, point, &count);
    }
    close_recovery(&rec);
    if (error == CRYPTO_OK) {
        memcpy(ret_point, point, count * sizeof point[0]);
        *ret_count = count;
    }
    return error;
}
