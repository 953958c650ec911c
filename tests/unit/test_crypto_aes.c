/* SPDX-License-Identifier: Apache-2.0
 *
 * AES with shared keys, by the values of the standards.
 */
#include "check.h"
#include "base/crypto_aes.h"

/* NIST SP 800-38B, appendix D (the messages of SP 800-38A, F). */
static const char message_hex[] =
    "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";
static const char key_128[] = "2b7e151628aed2a6abf7158809cf4f3c";
static const char key_256[] = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

static const struct {
    const char *key;
    size_t message; /* so many bytes of it */
    const char *mac;
} macs[] = {
    {key_128, 0, "bb1d6929e95937287fa37d129b756746"},
    {key_128, 16, "070a16b46b4d4144f79bdd9dd04a287c"},
    {key_128, 40, "dfa66747de9ae63030ca32611497c827"},
    {key_128, 64, "51f0bebf7e3b9d92fc49741779363cfe"},
    {key_256, 0, "028962f61b7bf89efc6b551f4667d983"},
    {key_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"},
    {key_256, 40, "aaf3d8f1de5640c232f5b169b9c911e6"},
    {key_256, 64, "e1992190549f6ed5696a2c056c315410"},
};

static uint8_t message[64];

static int make(void **state)
{
    (void)state;
    check_hex(message_hex, message, sizeof message);
    return 0;
}

static void cmac_has_the_values_of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(macs); i++) {
        uint8_t room[32], wanted[16], mac[16];
        struct span key = check_hex(macs[i].key, room, sizeof room);
        check_hex(macs[i].mac, wanted, sizeof wanted);
        for (size_t cut = 0; cut <= macs[i].message; cut++) {
            const struct span part[] = {span_of(message, cut), span_of(NULL, 0),
                                        span_of(message + cut, macs[i].message - cut)};
            assert_int_equal(crypto_cmac(key, part, 3, mac), CRYPTO_OK);
            assert_memory_equal(mac, wanted, 16);
        }
    }
}

/* NIST SP 800-38A, F.2.1, F.2.2, F.2.5 and F.2.6, the first two blocks. */
static void cbc_has_the_values_of_the_standard(void **state)
{
    (void)state;
    static const char *const ciphers[][2] = {
        {key_128, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
        {key_256, "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
    };
    for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
        uint8_t room[32], bytes[32], wanted[32], iv[16];
        struct span key = check_hex(ciphers[i][0], room, sizeof room);
        check_hex("000102030405060708090a0b0c0d0e0f", iv, sizeof iv);
        check_hex(ciphers[i][1], wanted, sizeof wanted);
        memcpy(bytes, message, sizeof bytes);
        assert_int_equal(crypto_cbc_encrypt(key, iv, bytes, sizeof bytes), CRYPTO_OK);
        assert_memory_equal(bytes, wanted, sizeof bytes);
        assert_int_equal(crypto_cbc_decrypt(key, iv, bytes, sizeof bytes), CRYPTO_OK);
        assert_memory_equal(bytes, message, sizeof bytes);
    }
}

/* FIPS 197, C.1 and C.3. */
static void a_block_has_the_values_of_the_standard(void **state)
{
    (void)state;
    static const char *const wanted[] = {"69c4e0d86a7b0430d8cdb78070b4c55a",
                                         "dda97ca4864cdfe06eaf70a0ec0d7191",
                                         "8ea2b7ca516745bfeafc49904b496089"};
    for (size_t i = 0; i < 3; i++) {
        uint8_t key[32], block[16], cipher[16];
        for (uint8_t k = 0; k < sizeof key; k++) {
            key[k] = k;
        }
        check_hex("00112233445566778899aabbccddeeff", block, sizeof block);
        check_hex(wanted[i], cipher, sizeof cipher);
        assert_int_equal(crypto_aes_encrypt(span_of(key, 16 + 8 * i), block), CRYPTO_OK);
        assert_memory_equal(block, cipher, sizeof block);
    }
}

static void no_other_length_is_a_key_or_a_block(void **state)
{
    (void)state;
    const uint8_t key[64] = {1}, iv[16] = {2};
    uint8_t bytes[32] = {3}, before[32] = {3};
    const struct span part = span_of(message, 16);
    for (size_t len = 0; len <= sizeof key; len++) {
        if (len == 16 || len == 24 || len == 32) {
            continue;
        }
        assert_int_equal(crypto_cmac(span_of(key, len), &part, 1, bytes), CRYPTO_BAD_KEY);
        assert_int_equal(crypto_cbc_encrypt(span_of(key, len), iv, bytes, 32), CRYPTO_BAD_KEY);
        assert_int_equal(crypto_cbc_decrypt(span_of(key, len), iv, bytes, 32), CRYPTO_BAD_KEY);
        assert_int_equal(crypto_aes_encrypt(span_of(key, len), bytes), CRYPTO_BAD_KEY);
    }
    for (size_t len = 1; len < 32; len++) {
        if (len != 16) {
            assert_int_equal(crypto_cbc_encrypt(span_of(key, 16), iv, bytes, len), CRYPTO_SYSTEM);
            assert_int_equal(crypto_cbc_decrypt(span_of(key, 16), iv, bytes, len), CRYPTO_SYSTEM);
        }
    }
    assert_int_equal(crypto_cbc_encrypt(span_of(key, 16), iv, bytes, 0), CRYPTO_OK);
    assert_memory_equal(bytes, before, sizeof bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cmac_has_the_values_of_the_standard),
        cmocka_unit_test(cbc_has_the_values_of_the_standard),
        cmocka_unit_test(a_block_has_the_values_of_the_standard),
        cmocka_unit_test(no_other_length_is_a_key_or_a_block),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
