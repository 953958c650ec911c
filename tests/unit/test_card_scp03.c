/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's cryptography by published values, and the secure channel against the host's own
 * implementation: right and wrong keys, every flipped bit, every level.
 */
#include "card_host.h"
#include "card/crypto.h"
#include "scp03_known.h"

struct known {
    const char *key;
    size_t message; /* this many bytes of the standard's message */
    const char *mac;
};

/* NIST SP 800-38B, appendix D, and the same messages with its key of 256 bits. */
static const char message_hex[] =
    "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";
static const char key_128[] = "2b7e151628aed2a6abf7158809cf4f3c";
static const char key_256[] = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
static const struct known known_macs[] = {
    {key_128, 0, "bb1d6929e95937287fa37d129b756746"},
    {key_128, 16, "070a16b46b4d4144f79bdd9dd04a287c"},
    {key_128, 40, "dfa66747de9ae63030ca32611497c827"},
    {key_128, 64, "51f0bebf7e3b9d92fc49741779363cfe"},
    {key_256, 0, "028962f61b7bf89efc6b551f4667d983"},
    {key_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"},
    {key_256, 40, "aaf3d8f1de5640c232f5b169b9c911e6"},
    {key_256, 64, "e1992190549f6ed5696a2c056c315410"},
};

static struct card_host host;

static int make(void **state)
{
    (void)state;
    host_make(&host, 1);
    return 0;
}

static void cmac_has_the_values_of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known_macs); i++) {
        uint8_t key_room[32];
        uint8_t message[64];
        uint8_t wanted[16];
        uint8_t mac[16];
        struct span key = check_hex(known_macs[i].key, key_room, sizeof key_room);
        check_hex(message_hex, message, sizeof message);
        check_hex(known_macs[i].mac, wanted, sizeof wanted);
        size_t len = known_macs[i].message;
        const struct span parts[] = {span_of(message, len / 3),
                                     span_of(message + len / 3, len - len / 3)};
        card_cmac(key, parts, 2, mac);
        assert_memory_equal(mac, wanted, 16);
        host_cmac(key, span_of(message, len), mac);
        assert_memory_equal(mac, wanted, 16); /* so the judge of the tests below is right as well */
    }
}

static void cmac_agrees_with_another_implementation(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (size_t len = 0; len < 200; len++) {
        uint8_t key[32];
        uint8_t message[200];
        uint8_t mac[16];
        uint8_t wanted[16];
        check_random_bytes(&seed, key, sizeof key);
        check_random_bytes(&seed, message, sizeof message);
        struct span part = span_of(message, len);
        card_cmac(span_of(key, len % 2 == 0 ? 16 : 32), &part, 1, mac);
        host_cmac(span_of(key, len % 2 == 0 ? 16 : 32), part, wanted);
        assert_memory_equal(mac, wanted, 16);
    }
}

/* NIST SP 800-38A, F.2.1 and F.2.5. */
static void cbc_has_the_values_of_the_standard(void **state)
{
    (void)state;
    static const char *const ciphers[][2] = {
        {key_128, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
        {key_256, "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
    };
    for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
        uint8_t key_room[32];
        uint8_t bytes[64];
        uint8_t plain[64];
        uint8_t wanted[32];
        uint8_t iv[16];
        struct span key = check_hex(ciphers[i][0], key_room, sizeof key_room);
        check_hex(message_hex, bytes, sizeof bytes);
        check_hex(message_hex, plain, sizeof plain);
        check_hex(ciphers[i][1], wanted, sizeof wanted);
        check_hex("000102030405060708090a0b0c0d0e0f", iv, sizeof iv);
        card_cbc_encrypt(key, iv, bytes, 32);
        assert_memory_equal(bytes, wanted, 32);
        check_hex("000102030405060708090a0b0c0d0e0f", iv, sizeof iv);
        card_cbc_decrypt(key, iv, bytes, 32);
        assert_memory_equal(bytes, plain, 32);
    }
}

/* RFC 6979, A.2.5: P-256, SHA-256, "sample". The nonce is a function of key and message. */
static void signatures_have_the_values_of_the_standard(void **state)
{
    (void)state;
    uint8_t private_key[32];
    uint8_t public_key[65] = {0x04};
    uint8_t wanted[64];
    uint8_t signature[64];
    uint8_t digest[32];
    check_hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", private_key, 32);
    check_hex("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
              "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
              public_key + 1, 64);
    check_hex("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
              "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
              wanted, 64);
    struct span message = span_str("sample");
    card_sha256(&message, 1, digest);
    assert_true(card_sign(private_key, public_key, digest, signature));
    assert_memory_equal(signature, wanted, 64);
    private_key[31] ^= 1; /* a key that a fault has touched signs nothing */
    static const uint8_t zeros[64];
    assert_false(card_sign(private_key, public_key, digest, signature));
    assert_memory_equal(signature, zeros, 64);
}

static struct span known_bytes(const char *hex)
{
    static uint8_t room[8][64];
    static size_t next;
    next = (next + 1) % 8;
    return check_hex(hex, room[next], sizeof room[next]);
}

static void expect_unwrapped(struct scp03 *channel, const struct scp03_known_command *known)
{
    struct apdu plain;
    struct apdu command;
    uint8_t room[CARD_APP_MAX_NC + CARD_BLOCK];
    assert_true(apdu_read(known_bytes(known->plain), &plain));
    assert_true(apdu_read(known_bytes(known->wrapped), &command));
    assert_int_equal(scp03_unwrap(channel, &command, room), SW_OK);
    check_bytes(command.data, plain.data);
    assert_int_equal(command.cla, plain.cla | CARD_CLA_SECURE);
}

/* Cards of another maker: our card takes what those took, and answers what those answered. */
static void sessions_have_the_values_of_other_cards(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(scp03_known); i++) {
        const struct scp03_known *known = &scp03_known[i];
        struct card_keys keys = {.version = 0x30, .key_bytes = (uint8_t)known->key_len};
        struct scp03 channel = {.phase = SCP03_CLOSED};
        struct apdu command;
        uint8_t cryptogram[SCP03_CRYPTOGRAM];
        memcpy(keys.enc, known_bytes(known->enc).ptr, known->key_len);
        memcpy(keys.mac, known_bytes(known->mac).ptr, known->key_len);
        scp03_challenge(&channel, &keys, known_bytes(known->host_challenge).ptr,
                        known_bytes(known->card_challenge).ptr, cryptogram);
        check_bytes(span_of(cryptogram, sizeof cryptogram), known_bytes(known->card_cryptogram));
        assert_true(apdu_read(known_bytes(known->authenticate), &command));
        assert_true(scp03_authenticate(&channel, &command));
        assert_int_equal(channel.level, known->level);
        for (size_t c = 0; c < COUNT_OF(known->command); c++) {
            expect_unwrapped(&channel, &known->command[c]);
            if (c == 0) {
                uint8_t room[64];
                struct span answer = known_bytes(known->answer);
                struct writer data = writer_of(room, sizeof room);
                writer_put(&data, span_of(answer.ptr, 21));
                scp03_wrap(&channel, &data, SW_OK);
                check_bytes(writer_span(&data), answer);
            }
        }
    }
}

static void a_channel_opens_at_every_level(void **state)
{
    (void)state;
    static const uint8_t levels[] = {0x01, 0x03, 0x11, 0x13};
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        host_open(&host, levels[i]);
        assert_int_equal(host_generate(&host), SW_OK);
        assert_int_equal(host.data.len, 70);
        uint8_t file[300];
        memset(file, levels[i], sizeof file);
        assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(file, 300), 100), SW_OK);
        assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(file, 300), 1000), SW_OK);
        uint8_t back[300];
        assert_int_equal(host_read(&host, CARD_APP_PHOTO, back, 256), 300);
        assert_memory_equal(back, file, 300);
    }
}

static void a_read_inside_the_channel_carries_a_mac(void **state)
{
    (void)state;
    host_open(&host, 0x13);
    assert_int_equal(host_generate(&host), SW_OK);
    const struct apdu read = {.ins = CARD_INS_READ_BINARY, .p1 = 0x82, .ne = 256};
    assert_int_equal(host_secure(&host, &read), SW_OK);
    assert_int_equal(host.data.len, 65);
    const struct apdu beyond = {.ins = CARD_INS_READ_BINARY, .p1 = 0x82, .ne = 70};
    assert_int_equal(host_secure(&host, &beyond), SW_END_OF_FILE);
    const struct apdu nowhere = {.ins = CARD_INS_READ_BINARY, .p1 = 0x90, .ne = 70};
    assert_int_equal(host_secure(&host, &nowhere), SW_NOT_FOUND);
    assert_int_equal(host.data.len, 0); /* failures carry none */
}

static void unknown_levels_and_parameters_are_refused(void **state)
{
    (void)state;
    static const uint8_t levels[] = {0x00, 0x02, 0x10, 0x12, 0x33, 0x81};
    host_select(&host);
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        assert_int_equal(host_challenge(&host), SW_OK);
        assert_int_equal(host_authenticate(&host, levels[i]), SW_WRONG_P1P2);
    }
    assert_int_equal(host_hex(&host, "8050000108 0001020304050607 00"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8050000007 00010203040506 00"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8050310008 0001020304050607 00"), SW_REFERENCE);
    assert_int_equal(host_hex(&host, "8050FF0008 0001020304050607 00"), SW_OK);
    assert_int_equal(host_hex(&host, "8482010108 0001020304050607"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8482010008 0001020304050607"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8082010010 00010203040506070001020304050607"), SW_SECURITY);
}

static void the_factory_keys_end_when_keys_are_put(void **state)
{
    (void)state;
    struct card_keys transport = host.keys;
    host_open(&host, 0x01);
    assert_int_equal(host_put_keys(&host, 0x31, 32, 4), SW_OK);
    host_open(&host, 0x13);
    struct card_keys own = host.keys;
    host.keys = transport;
    host_select(&host);
    assert_int_equal(host_challenge(&host), SW_AUTHENTICATION_FAILED); /* says the host */
    assert_int_equal(host_authenticate(&host, 0x01), SW_AUTHENTICATION_FAILED);
    assert_int_equal(host_authenticate(&host, 0x01), SW_CONDITIONS); /* a new challenge first */
    host.keys = own;
    host_restart(&host);
    host_open(&host, 0x13);
}

static void a_right_mac_does_not_make_up_for_a_wrong_cryptogram(void **state)
{
    (void)state;
    host_select(&host);
    for (size_t bit = 0; bit < 8 * sizeof host.host_cryptogram && bit < SCP03_TRIES - 1; bit++) {
        assert_int_equal(host_challenge(&host), SW_OK);
        host.host_cryptogram[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(host_authenticate(&host, 0x01), SW_AUTHENTICATION_FAILED);
        assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
    }
}

static void visit_authenticate(struct span flipped, void *context)
{
    const struct card_host *challenged = context;
    static struct card_host copy;
    host_copy(&copy, challenged);
    assert_int_not_equal(host_bytes(&copy, flipped), SW_OK);
    assert_true(copy.card.channel.phase != SCP03_OPEN);
}

static void no_flipped_bit_opens_the_channel(void **state)
{
    (void)state;
    uint8_t room[2200];
    host_select(&host);
    assert_int_equal(host_challenge(&host), SW_OK);
    static struct card_host challenged;
    host_copy(&challenged, &host);
    const struct apdu command = {
        .cla = 0x80, .ins = 0x82, .p1 = 0x01, .data = span_of(host.host_cryptogram, 8)};
    struct span bytes = host_wrap(&host, &command, room);
    check_bit_flips(bytes, visit_authenticate, &challenged);
    assert_int_equal(host_bytes(&host, bytes), SW_OK);
    assert_int_equal(host_bytes(&host, bytes), SW_CONDITIONS); /* nor does a replay */
}

static void visit_store(struct span flipped, void *context)
{
    const struct card_host *opened = context;
    static struct card_host copy;
    host_copy(&copy, opened);
    assert_int_not_equal(host_bytes(&copy, flipped), SW_OK);
    uint8_t byte;
    assert_int_equal(host_read(&copy, CARD_APP_CREDENTIAL, &byte, 1), 0);
}

static void no_flipped_bit_passes_the_mac(void **state)
{
    (void)state;
    static struct card_host opened;
    uint8_t room[2200];
    static const uint8_t data[] = {0xE1, 0x10, 0x00, 0x01, 0xAA};
    const struct apdu command = {
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .p1 = 0x80, .data = span_of(data, sizeof data)};
    host_open(&host, 0x03);
    host_copy(&opened, &host);
    struct span bytes = host_wrap(&host, &command, room);
    check_bit_flips(bytes, visit_store, &opened);
    assert_int_equal(host_bytes(&host, bytes), SW_OK);
    assert_int_equal(host_bytes(&host, bytes), SW_SECURITY); /* a replay, which ends the session */
    bytes = host_wrap(&host, &command, room);
    assert_int_equal(host_bytes(&host, bytes), SW_SECURITY);
}

static void padding_that_is_none_ends_the_session(void **state)
{
    (void)state;
    static const uint8_t data[16] = {0};
    const struct apdu command = {
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .data = span_of(data, 16)};
    host_open(&host, 0x03);
    host.level = 0x01; /* the host forgets to encrypt: the card decrypts to noise */
    assert_int_equal(host_secure(&host, &command), SW_MESSAGING_WRONG);
    assert_int_equal(host_secure(&host, &command), SW_SECURITY);
    host_open(&host, 0x03);
    host.level = 0x01;
    const struct apdu odd = {.cla = 0x80, .ins = CARD_INS_STORE_DATA, .data = span_of(data, 15)};
    assert_int_equal(host_secure(&host, &odd), SW_MESSAGING_WRONG);
}

static void guessing_ends(void **state)
{
    (void)state;
    host_select(&host);
    struct card_keys right = host.keys;
    for (int i = 0; i < SCP03_TRIES - 1; i++) {
        host.keys.mac[0] ^= 0xFF;
        host_challenge(&host);
        assert_int_equal(host_authenticate(&host, 0x01), SW_AUTHENTICATION_FAILED);
        host.keys = right;
        if (i % 10 == 0) {
            host_restart(&host);
            host_select(&host);
        }
    }
    host_open(&host, 0x01); /* the last try is as good as the first, and gives all back */
    assert_int_equal(host_generate(&host), SW_OK);
    for (int i = 0; i < SCP03_TRIES; i++) {
        host.keys.mac[0] ^= 0xFF;
        host_select(&host);
        host_challenge(&host);
        assert_int_equal(host_authenticate(&host, 0x01), SW_AUTHENTICATION_FAILED);
        host.keys = right;
    }
    host_restart(&host);
    host_select(&host);
    assert_int_equal(host_challenge(&host), SW_BLOCKED);
    assert_int_equal(host_prove(&host), SW_OK); /* checking the card still works */
}

static void a_broken_generator_is_noticed(void **state)
{
    (void)state;
    host_select(&host);
    host.native.random_fails = true;
    for (int i = 0; i < 2 * SCP03_TRIES; i++) { /* which costs no try */
        assert_int_equal(host_challenge(&host), SW_INTERNAL);
    }
    host.native.random_fails = false;
    host_open(&host, 0x01);
    host.native.random_fails = true;
    assert_int_equal(host_generate(&host), SW_INTERNAL);
    host.native.random_fails = false;
    assert_int_equal(host_generate(&host), SW_OK);
}

#define CARD_TEST(f) cmocka_unit_test_setup(f, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(cmac_has_the_values_of_the_standard),
        CARD_TEST(cmac_agrees_with_another_implementation),
        CARD_TEST(cbc_has_the_values_of_the_standard),
        CARD_TEST(signatures_have_the_values_of_the_standard),
        CARD_TEST(sessions_have_the_values_of_other_cards),
        CARD_TEST(a_channel_opens_at_every_level),
        CARD_TEST(a_read_inside_the_channel_carries_a_mac),
        CARD_TEST(unknown_levels_and_parameters_are_refused),
        CARD_TEST(the_factory_keys_end_when_keys_are_put),
        CARD_TEST(a_right_mac_does_not_make_up_for_a_wrong_cryptogram),
        CARD_TEST(no_flipped_bit_opens_the_channel),
        CARD_TEST(no_flipped_bit_passes_the_mac),
        CARD_TEST(padding_that_is_none_ends_the_session),
        CARD_TEST(guessing_ends),
        CARD_TEST(a_broken_generator_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
