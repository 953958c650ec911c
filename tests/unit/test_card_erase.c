/* SPDX-License-Identifier: Apache-2.0
 *
 * SET STATUS to BLANK: who may, when, what is left, and what can never come back. Where the power
 * goes meanwhile is test_card_cuts.c and test_card_piv_cuts.c.
 */
#include "piv_host.h"

enum { PAIR = 97 };

static struct card_host host;
static uint8_t file[1000];

/* A card in a holder's hand, with something of everything. */
static int make(void **state)
{
    (void)state;
    static const uint32_t objects[] = {CARD_PIV_CHUID, CARD_PIV_CCC, CARD_PIV_CREDENTIAL,
                                       CARD_PIV_CERTIFICATE_9A};
    uint8_t point[65];
    uint64_t seed = 31;
    check_random_bytes(&seed, file, sizeof file);
    host_make(&host, 70);
    host_personalise(&host, 7);
    host_open(&host, 0x03);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(file, 1000), 500), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(file + 50, 100), 500), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL + 7, span_of(file + 99, 300), 500),
                     SW_OK);
    piv_host_personalise(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_generate(&host, CARD_PIV_KEY_9A, point), SW_OK);
    assert_int_equal(piv_host_generate(&host, CARD_PIV_KEY_9C, point), SW_OK);
    assert_int_equal(piv_host_generate(&host, CARD_PIV_KEY_9E, point), SW_OK);
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        assert_int_equal(piv_host_put_object(&host, objects[i], span_of(file + i, 200), 0), SW_OK);
    }
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    return host.native.broke_a_rule ? -1 : 0;
}

static bool flash_holds(const void *needle, size_t len)
{
    for (size_t i = 0; i + len <= NATIVE_FLASH; i++) {
        if (memcmp(host.native.flash + i, needle, len) == 0) {
            return true;
        }
    }
    return false;
}

static uint16_t erase(uint8_t level)
{
    host_open(&host, level);
    return host_set_status(&host, CARD_BLANK);
}

static void it_wants_a_channel_that_encrypts(void **state)
{
    (void)state;
    assert_int_equal(erase(0x01), SW_SECURITY);
    assert_int_equal(erase(0x11), SW_SECURITY);
    host_select(&host);
    assert_int_equal(host_hex(&host, "80F08001"), SW_SECURITY);
    assert_int_equal(host_hex(&host, "84F0800108 0001020304050607"), SW_SECURITY);
    host_open(&host, 0x03);
    assert_int_equal(host_hex(&host, "80F08001"), SW_SECURITY); /* nor beside it */
    assert_int_equal(host_hex(&host, "84F0800108 0001020304050607"), SW_SECURITY);
    piv_host_open(&host, 0x03);
    assert_int_equal(host_set_status(&host, CARD_BLANK), SW_INS_UNKNOWN);
    assert_int_equal(host.card.state, CARD_PERSONALISED);
    host_select(&host);
    assert_int_equal(host_prove(&host), SW_OK);
}

static void it_has_its_parameters(void **state)
{
    (void)state;
    static const uint8_t byte[1];
    const struct apdu no_card = {.cla = 0x80, .ins = CARD_INS_SET_STATUS, .p1 = 0x40, .p2 = 0x01};
    const struct apdu with_data = {
        .cla = 0x80, .ins = CARD_INS_SET_STATUS, .p1 = 0x80, .p2 = 0x01, .data = span_of(byte, 1)};
    host_open(&host, 0x01); /* parameters, then lengths, then rights */
    assert_int_equal(host_secure(&host, &no_card), SW_WRONG_P1P2);
    assert_int_equal(host_secure(&host, &with_data), SW_WRONG_LENGTH);
    host_open(&host, 0x13);
    assert_int_equal(host_secure(&host, &no_card), SW_WRONG_P1P2);
    assert_int_equal(host_secure(&host, &with_data), SW_WRONG_LENGTH);
    assert_int_equal(host.card.state, CARD_PERSONALISED);
}

/* One that was pulled while it was made, with a key pair, a file and a PIN. */
static void a_blank_card_is_erased_as_well(void **state)
{
    (void)state;
    uint8_t pair[PAIR];
    host_make(&host, 71);
    assert_int_equal(erase(0x03), SW_OK); /* as new */
    host_open(&host, 0x03);
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(file, 1000), 500), SW_OK);
    assert_int_equal(host_put_keys(&host, 0x30, 32, 4), SW_OK);
    piv_host_open(&host, 0x03);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03" PIV_HOST_PIN, 9)), SW_OK);
    assert_true(store_read(&host.card.store, STORE_PAIR, 0, pair, PAIR));
    assert_int_equal(erase(0x11), SW_SECURITY);
    assert_true(store_length(&host.card.store, STORE_PAIR) == PAIR);
    assert_int_equal(erase(0x13), SW_OK);
    assert_false(flash_holds(pair, 32));
    assert_false(flash_holds(PIV_HOST_PIN, 8));
    assert_false(flash_holds(file, 16));
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_CONDITIONS); /* no key pair */
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_OK); /* the issuer's keys stay */
}

static void a_terminated_card_stays_so(void **state)
{
    (void)state;
    host_open(&host, 0x03);
    assert_int_equal(host_set_status(&host, CARD_TERMINATED), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_BLANK), SW_CONDITIONS);
    assert_int_equal(host_hex(&host, "00A4040007 F053414B534901 00"), SW_TERMINATED);
}

/* Wherever objects lie in flash. */
static void expect_nothing_left(const uint8_t pairs[4][PAIR])
{
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        assert_true(i == STORE_KEYS || i == STORE_TRIES || store_length(&host.card.store, i) == 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_false(flash_holds(pairs[i], 32));
        assert_false(flash_holds(pairs[i] + 32, 65));
    }
    assert_false(flash_holds(PIV_HOST_PIN, 8));
    assert_false(flash_holds(PIV_HOST_PUK, 8));
    assert_false(flash_holds(piv_host_key, 16));
    for (size_t i = 0; i + 16 <= sizeof file; i += 16) {
        assert_false(flash_holds(file + i, 16));
    }
}

static void expect_blank(void)
{
    host_select(&host);
    assert_int_equal(host.data.ptr[host.data.len - 1], CARD_BLANK);
    assert_int_equal(host_hex(&host, "00B0810000"), SW_OK);
    check_bytes(host.data, span_of("\x01\x01", 2)); /* the index names no file */
    assert_int_equal(host_hex(&host, "00B0820000"), SW_NOT_FOUND);
    static const char *const piv[] = {"00200080", "00CB3FFF 05 5C035FC102 00",
                                      "0087119E 26 7C24 8200 8120 "
                                      "0101010101010101010101010101010101010101010101010101010101"
                                      "010101 00",
                                      "0087089B 04 7C028100 00"};
    static const uint16_t answers[] = {SW_REFERENCE, SW_NOT_FOUND, SW_REFERENCE, SW_REFERENCE};
    piv_host_select(&host);
    for (size_t i = 0; i < COUNT_OF(piv); i++) {
        assert_int_equal(host_hex(&host, piv[i]), answers[i]);
    }
    card_start(&host.card, &host.native.port, CARD_CONTACTLESS);
    assert_int_equal(host_hex(&host, "00A4040007 D2760000850101 00"), SW_NOT_FOUND);
    host_restart(&host);
}

static void nothing_is_left_but_the_keys_of_the_channel(void **state)
{
    (void)state;
    static const unsigned objects[] = {STORE_PAIR, STORE_PIV_PAIR, STORE_PIV_PAIR + 1,
                                       STORE_PIV_PAIR + 2};
    uint8_t pairs[4][PAIR];
    for (size_t locked = 0; locked < 2; locked++) {
        make(state);
        for (size_t i = 0; i < 4; i++) {
            assert_true(store_read(&host.card.store, objects[i], 0, pairs[i], PAIR));
        }
        if (locked == 1) {
            host_open(&host, 0x01);
            assert_int_equal(host_set_status(&host, CARD_LOCKED), SW_OK);
        }
        assert_int_equal(erase(locked == 1 ? 0x13 : 0x03), SW_OK);
        expect_nothing_left(pairs);
        expect_blank();
        expect_nothing_left(pairs);
        assert_int_equal(erase(0x03), SW_OK);
        expect_blank();
    }
}

static void the_session_goes_on_and_no_file_is_current(void **state)
{
    (void)state;
    host_open(&host, 0x13);
    assert_int_equal(host_hex(&host, "00A4020402 E103 00"), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_BLANK), SW_OK);
    assert_int_equal(host_hex(&host, "00B0000000"), SW_NO_FILE_SELECTED);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_CONDITIONS); /* no key pair */
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_OK);
}

/* A file that was begun is dropped, and cannot be gone on with. */
static void a_file_that_was_begun_is_dropped(void **state)
{
    (void)state;
    static const uint8_t begin[] = {0xE1, 0x10, 0x00, 0x02, 0x41};
    struct apdu block = {.cla = 0x80, .ins = CARD_INS_STORE_DATA, .data = span_of(begin, 5)};
    host_open(&host, 0x03);
    assert_int_equal(host_secure(&host, &block), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_BLANK), SW_OK);
    block.p1 = 0x80;
    block.p2 = 1;
    block.data = span_of("B", 1);
    assert_int_equal(host_secure(&host, &block), SW_WRONG_P1P2);
    assert_int_equal(store_length(&host.card.store, STORE_FILE + 1), 0);
}

static void an_old_key_is_never_proved_again(void **state)
{
    (void)state;
    uint8_t old[65];
    uint8_t now[65];
    host_select(&host);
    assert_int_equal(host_read(&host, CARD_APP_PUBLIC_KEY, old, 65), 65);
    assert_int_equal(erase(0x03), SW_OK);
    host_restart(&host);
    host_open(&host, 0x03);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(file, 300), 200), SW_OK);
    assert_int_equal(host_hex(&host, "0088000041"
                                     "00000000000000000000000000000000000000000000000000000000"
                                     "00000000"
                                     "00000000000000000000000000000000000000000000000000000000"
                                     "00000000"
                                     "01 00"),
                     SW_REFERENCE); /* no key at all, ... */
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_read(&host, CARD_APP_PUBLIC_KEY, now, 65), 65);
    assert_memory_not_equal(old, now, 65); /* ... then another one */
    assert_int_equal(host_prove(&host), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_OK);
    host_open(&host, 0x03);
    assert_int_equal(host_generate(&host), SW_CONDITIONS);
}

/* The factory's keys do not come back, and PERSONALISED asks for the issuer's as ever. */
static void the_issuers_keys_stay(void **state)
{
    (void)state;
    struct card_keys own = host.keys;
    assert_int_equal(erase(0x03), SW_OK);
    host_restart(&host);
    host.keys = host.native.transport_keys;
    host_select(&host);
    assert_int_equal(host_challenge(&host), SW_AUTHENTICATION_FAILED);
    assert_int_equal(host_authenticate(&host, 0x03), SW_AUTHENTICATION_FAILED);
    host.keys = own;
    host_open(&host, 0x03);
    assert_int_equal(host_put_keys(&host, 0x31, 32, 9), SW_OK);
    host_open(&host, 0x13);
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_OK);
    assert_int_equal(erase(0x13), SW_OK); /* as often as one likes */
}

/* Tries come back with right keys alone: erasing neither spends nor gives any. */
static void the_channels_tries_are_as_they_were(void **state)
{
    (void)state;
    uint8_t tries;
    host_open(&host, 0x03);
    tries = 5; /* as if 59 wrong ones came before, without what opening gives back */
    assert_int_equal(store_write(&host.card.store, STORE_TRIES, span_of(&tries, 1)), STORE_OK);
    assert_int_equal(host_set_status(&host, CARD_BLANK), SW_OK);
    host_restart(&host);
    assert_int_equal(store_length(&host.card.store, STORE_TRIES), 1);
    assert_true(store_read(&host.card.store, STORE_TRIES, 0, &tries, 1));
    assert_int_equal(tries, 5);
    host_open(&host, 0x03);
}

static void a_broken_flash_is_said(void **state)
{
    (void)state;
    host_open(&host, 0x03);
    host.native.deaf = true;
    assert_int_equal(host_set_status(&host, CARD_BLANK), SW_MEMORY_FAILURE);
    host.native.deaf = false;
    host_restart(&host);
    assert_int_equal(host.card.state, CARD_PERSONALISED);
    host_select(&host);
    assert_int_equal(host_prove(&host), SW_OK);
}

#define CARD_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(it_wants_a_channel_that_encrypts),
        CARD_TEST(it_has_its_parameters),
        CARD_TEST(a_blank_card_is_erased_as_well),
        CARD_TEST(a_terminated_card_stays_so),
        CARD_TEST(nothing_is_left_but_the_keys_of_the_channel),
        CARD_TEST(the_session_goes_on_and_no_file_is_current),
        CARD_TEST(a_file_that_was_begun_is_dropped),
        CARD_TEST(an_old_key_is_never_proved_again),
        CARD_TEST(the_issuers_keys_stay),
        CARD_TEST(the_channels_tries_are_as_they_were),
        CARD_TEST(a_broken_flash_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
