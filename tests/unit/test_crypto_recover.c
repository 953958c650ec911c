/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys from signatures: the signer's is among them, each verifies, and none is found where there
 * can be none.
 */
#include "base/crypto_recover.h"
#include "base/crypto_sign.h"
#include "check.h"
#include "codec/cose.h"

static struct crypto_private_key *signer;
static const uint8_t order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                  0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

static bool verifies(const uint8_t point[CRYPTO_P256_UNCOMPRESSED], struct span message,
                     const uint8_t signature[64])
{
    uint8_t compressed[33];
    struct crypto_key *key = NULL;
    compressed[0] = (uint8_t)(2 | (point[64] & 1));
    memcpy(compressed + 1, point + 1, 32);
    assert_int_equal(crypto_key_new(COSE_ES256, span_of(compressed, 33), &key), CRYPTO_OK);
    enum crypto_error error = crypto_verify(key, COSE_ES256, message, span_of(signature, 64));
    crypto_key_free(key);
    return error == CRYPTO_OK;
}

static void the_signer_is_among_the_keys(void **state)
{
    (void)state;
    uint8_t signature[CRYPTO_SIGNATURE_SIZE], point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED];
    for (uint8_t i = 0; i < 50; i++) {
        uint8_t seed[32] = {i, 1}, message[3] = {i, 2, 3}, public_key[33];
        struct crypto_private_key *key = NULL;
        assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
        assert_int_equal(crypto_sign(key, span_of(message, 3), signature), CRYPTO_OK);
        assert_int_equal(crypto_private_key_public(key, public_key), 33);
        crypto_private_key_free(key);
        size_t count = 0, found = 0;
        assert_int_equal(crypto_recover(span_of(message, 3), span_of(signature, 64), point, &count),
                         CRYPTO_OK);
        assert_int_equal(count, 2);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(point[k][0], 4);
            assert_true(verifies(point[k], span_of(message, 3), signature));
            found += memcmp(point[k] + 1, public_key + 1, 32) == 0 &&
                     (point[k][64] & 1) == (public_key[0] & 1);
        }
        assert_int_equal(found, 1);
    }
}

/* r below the distance from the order to the prime stands for two x. */
static void a_small_r_fits_up_to_four_keys(void **state)
{
    (void)state;
    uint8_t point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED];
    struct span message = span_str("saksi");
    size_t all[CRYPTO_RECOVER_MAX + 1] = {0};
    for (uint8_t r = 1; r < 60; r++) {
        uint8_t signature[64] = {[31] = r, [63] = 7};
        size_t count = 0;
        enum crypto_error error = crypto_recover(message, span_of(signature, 64), point, &count);
        assert_int_equal(error, count == 0 ? CRYPTO_BAD_SIGNATURE : CRYPTO_OK);
        assert_true(count <= CRYPTO_RECOVER_MAX);
        for (size_t k = 0; k < count; k++) {
            assert_true(verifies(point[k], message, signature));
        }
        all[count]++;
    }
    assert_true(all[0] > 0 && all[2] > 0 && all[4] > 0);
    assert_int_equal(all[1] + all[3], 0);
}

static void refused(const uint8_t signature[64], size_t len)
{
    uint8_t point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED];
    size_t count = 99;
    assert_int_equal(crypto_recover(span_str("x"), span_of(signature, len), point, &count),
                     CRYPTO_BAD_SIGNATURE);
    assert_int_equal(count, 99);
}

static void what_is_no_signature_has_no_keys(void **state)
{
    (void)state;
    uint8_t signature[64];
    for (size_t at = 0; at < 64; at += 32) { /* r, then s */
        memset(signature, 1, sizeof signature);
        memset(signature + at, 0, 32);
        refused(signature, 64);
        memcpy(signature + at, order, 32);
        refused(signature, 64);
        memset(signature + at, 0xFF, 32);
        refused(signature, 64);
    }
    assert_int_equal(crypto_sign(signer, span_str("x"), signature), CRYPTO_OK);
    for (size_t len = 0; len < 64; len++) {
        refused(signature, len);
    }
}

/* s R = z G: the key would be the point at infinity. */
static void the_point_at_infinity_is_no_key(void **state)
{
    (void)state;
    uint8_t point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED], signature[64];
    static const uint8_t base_x[32] = {0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47,
                                       0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
                                       0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0,
                                       0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96};
    struct span message = span_str("x");
    size_t count = 0;
    memcpy(signature, base_x, 32); /* R = G, s = z */
    assert_int_equal(crypto_sha256(&message, 1, signature + 32), CRYPTO_OK);
    assert_int_equal(crypto_recover(message, span_of(signature, 64), point, &count), CRYPTO_OK);
    assert_int_equal(count, 1);
    assert_true(verifies(point[0], message, signature));
}

static int make(void **state)
{
    (void)state;
    const uint8_t seed[32] = {9};
    return crypto_private_key_from_seed(COSE_ES256, seed, &signer) == CRYPTO_OK ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    crypto_private_key_free(signer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signer_is_among_the_keys),
        cmocka_unit_test(a_small_r_fits_up_to_four_keys),
        cmocka_unit_test(what_is_no_signature_has_no_keys),
        cmocka_unit_test(the_point_at_infinity_is_no_key),
    };
    return cmocka_run_group_tests(tests, make, end);
}
