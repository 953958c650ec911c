/* SPDX-License-Identifier: Apache-2.0
 *
 * PIN and PUK: every answer of VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER, and what a
 * wrong one costs.
 */
#include "piv_host.h"

static struct card_host host;

#define OTHER_PIN "654321\xFF\xFF"
#define LONG_PIN  "00000000"
#define OTHER_PUK "\x00\xFF\x01\xFE\x02\xFD\x03\xFC"

static int make(void **state)
{
    (void)state;
    host_make(&host, 61);
    piv_host_personalise(&host);
    host_restart(&host);
    piv_host_select(&host);
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    assert_false(host.native.broke_a_rule);
    return 0;
}

struct answer {
    const char *command;
    uint16_t sw;
};

static void expect_all(const struct answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (host_hex(&host, answers[i].command) != answers[i].sw) {
            print_error("%s\n", answers[i].command);
        }
        assert_int_equal(host.sw, answers[i].sw);
    }
}

static void verify_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00200080", SW_TRIES_LEFT + 3},
        {"00200180", SW_WRONG_P1P2},
        {"00207F80", SW_WRONG_P1P2},
        {"00200000", SW_REFERENCE}, /* the global PIN */
        {"00200081", SW_REFERENCE}, /* a PUK is not verified */
        {"00200096", SW_REFERENCE},
        {"00200098", SW_REFERENCE},
        {"00200080 07 313233343536FF", SW_WRONG_DATA},
        {"00200080 09 313233343536FFFFFF", SW_WRONG_DATA},
        {"00200080 08 3132333435FFFFFF", SW_WRONG_DATA}, /* five digits */
        {"00200080 08 31323334353AFFFF", SW_WRONG_DATA},
        {"00200080 08 313233343536FF37", SW_WRONG_DATA},
        {"00200080 08 3132333435363700", SW_WRONG_DATA},
        {"00200080 08 FFFFFFFFFFFFFFFF", SW_WRONG_DATA},
        {"0020FF80 08 313233343536FFFF", SW_WRONG_DATA},
        {"10200080 08 313233343536FFFF", SW_CHAIN_UNKNOWN},
        {"80200080 08 313233343536FFFF", SW_CLA_UNKNOWN},
        {"00200080", SW_TRIES_LEFT + 3}, /* none of these has cost a try */
        {"00200080 08 313233343537FFFF", SW_TRIES_LEFT + 2},
        {"00200080", SW_TRIES_LEFT + 2},
        {"00200080 08 313233343536FFFF", SW_OK},
        {"00200080", SW_OK},
        {"00200080 08 31323334FFFFFFFF", SW_WRONG_DATA}, /* and nothing is lost */
        {"00200080", SW_OK},
        {"0020FF80", SW_OK},
        {"00200080", SW_TRIES_LEFT + 3},
    };
    expect_all(answers, COUNT_OF(answers));
}

/* host_secure() checks the MAC of each response that has one: a wrong PIN is a warning, and has. */
static void a_wrong_pin_has_a_mac_in_the_channel(void **state)
{
    (void)state;
    static const struct {
        const char *pin;
        uint16_t sw;
    } steps[] = {
        {"123457\xFF\xFF", SW_TRIES_LEFT + 2},
        {"654321\xFF\xFF", SW_TRIES_LEFT + 1},
        {PIV_HOST_PIN, SW_OK},
        {"123457\xFF\xFF", SW_TRIES_LEFT + 2},
        {"12345\xFF\xFF\xFF", SW_WRONG_DATA},
        {"123457\xFF\xFF", SW_TRIES_LEFT + 1},
        {"123457\xFF\xFF", SW_TRIES_LEFT},
        {PIV_HOST_PIN, SW_BLOCKED},
    };
    piv_host_open(&host, 0x13);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct apdu verify = {.ins = CARD_INS_VERIFY,
                                    .p2 = CARD_PIV_PIN,
                                    .data = span_of(steps[i].pin, 8),
                                    .ne = 256};
        assert_int_equal(host_secure(&host, &verify), steps[i].sw);
        assert_int_equal(host.data.len, 0);
    }
}

static void the_pin_is_blocked_after_its_tries(void **state)
{
    (void)state;
    for (int left = 2; left >= 0; left--) {
        assert_int_equal(piv_host_verify(&host, OTHER_PIN), SW_TRIES_LEFT + left);
        host_restart(&host); /* which gives none back */
        piv_host_select(&host);
    }
    assert_int_equal(host_hex(&host, "00200080"), SW_BLOCKED);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_BLOCKED);
    assert_int_equal(piv_host_secret(&host, 0x24, 0x80, PIV_HOST_PIN, OTHER_PIN), SW_BLOCKED);
    assert_int_equal(piv_host_secret(&host, 0x2C, 0x80, PIV_HOST_PUK, LONG_PIN), SW_OK);
    assert_int_equal(host_hex(&host, "00200080"), SW_TRIES_LEFT + 3);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_TRIES_LEFT + 2);
    assert_int_equal(piv_host_verify(&host, LONG_PIN), SW_OK);
}

static void what_the_pin_opened_is_shut_again(void **state)
{
    (void)state;
    static const char *const enders[] = {"00A4040007 F053414B534901 00",
                                         "00200080 08 393939393939FFFF", "0020FF80",
                                         "002C0080 10 3837363534333231 313233343536FFFF",
                                         "00240080 10 3939393939393939 3939393939393939"};
    for (size_t i = 0; i < COUNT_OF(enders); i++) {
        assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
        assert_true(host.card.piv.verified);
        host_hex(&host, enders[i]);
        assert_false(host.card.piv.verified);
        assert_false(host.card.piv.fresh);
        piv_host_select(&host);
        assert_false(host.card.piv.verified);
    }
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    piv_host_select(&host); /* again: nothing changes */
    assert_int_equal(host_hex(&host, "00A4040006 A00000030900"), SW_NOT_FOUND);
    assert_int_equal(host_hex(&host, "00200080"), SW_OK);
    host_restart(&host);
    piv_host_select(&host);
    assert_int_equal(host_hex(&host, "00200080"), SW_TRIES_LEFT + 3);
}

static void change_reference_data_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00240180 10 313233343536FFFF 363534333231FFFF", SW_WRONG_P1P2},
        {"00240000 10 313233343536FFFF 363534333231FFFF", SW_REFERENCE},
        {"0024009B 10 313233343536FFFF 363534333231FFFF", SW_REFERENCE},
        {"00240080", SW_WRONG_DATA},
        {"00240080 0F 313233343536FFFF 363534333231FF", SW_WRONG_DATA},
        {"00240080 11 313233343536FFFF 363534333231FFFF FF", SW_WRONG_DATA},
        {"00240080 10 313233343536FFFF 3635343332FFFFFF", SW_WRONG_DATA},
        {"00240080 10 313233343536FFFF 36353433323100FF", SW_WRONG_DATA},
        {"00200080", SW_TRIES_LEFT + 3},
        {"00240080 10 313233343537FFFF 363534333231FFFF", SW_TRIES_LEFT + 2},
        {"00240081 10 3837363534333232 0000000000000000", SW_TRIES_LEFT + 2},
    };
    expect_all(answers, COUNT_OF(answers));
}

static bool flash_holds(const char *value)
{
    for (size_t i = 0; i + 8 <= NATIVE_FLASH; i++) {
        if (memcmp(host.native.flash + i, value, 8) == 0) {
            return true;
        }
    }
    return false;
}

static void a_changed_value_counts_and_the_old_one_is_gone(void **state)
{
    (void)state;
    assert_true(flash_holds(PIV_HOST_PIN) && flash_holds(PIV_HOST_PUK));
    assert_int_equal(piv_host_secret(&host, 0x24, 0x80, PIV_HOST_PIN, OTHER_PIN), SW_OK);
    assert_false(host.card.piv.verified); /* changing it does not show it */
    assert_int_equal(piv_host_secret(&host, 0x24, 0x81, PIV_HOST_PUK, OTHER_PUK), SW_OK);
    assert_false(flash_holds(PIV_HOST_PIN) || flash_holds(PIV_HOST_PUK));
    host_restart(&host);
    piv_host_select(&host);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_TRIES_LEFT + 2);
    assert_int_equal(piv_host_verify(&host, OTHER_PIN), SW_OK);
    assert_int_equal(piv_host_secret(&host, 0x24, 0x80, OTHER_PIN, LONG_PIN), SW_OK);
    assert_true(host.card.piv.verified); /* nor hide it */
    assert_int_equal(piv_host_secret(&host, 0x2C, 0x80, PIV_HOST_PUK, OTHER_PIN),
                     SW_TRIES_LEFT + 2);
    assert_int_equal(piv_host_secret(&host, 0x2C, 0x80, OTHER_PUK, OTHER_PIN), SW_OK);
    assert_int_equal(piv_host_tries(&host, STORE_PUK), 3);
    assert_int_equal(piv_host_verify(&host, OTHER_PIN), SW_OK);
}

static void reset_retry_counter_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"002C0180 10 3837363534333231 313233343536FFFF", SW_WRONG_P1P2},
        {"002C0081 10 3837363534333231 313233343536FFFF", SW_REFERENCE},
        {"002C0080", SW_WRONG_DATA},
        {"002C0080 08 3837363534333231", SW_WRONG_DATA}, /* no new PIN */
        {"002C0080 10 3837363534333231 31323334FFFFFFFF", SW_WRONG_DATA},
        {"002C0080 10 3837363534333230 363534333231FFFF", SW_TRIES_LEFT + 2},
        {"00200080 08 313233343536FFFF", SW_OK},
        {"002C0080 10 3837363534333230 363534333231FFFF", SW_TRIES_LEFT + 1},
        {"002C0080 10 3837363534333230 363534333231FFFF", SW_TRIES_LEFT + 0},
        {"002C0080 10 3837363534333231 363534333231FFFF", SW_BLOCKED},
        {"00240081 10 3837363534333231 3837363534333231", SW_BLOCKED},
        {"00200080 08 313233343536FFFF", SW_OK}, /* the PIN is the old one */
    };
    expect_all(answers, COUNT_OF(answers));
}

static void every_bit_of_a_pin_counts(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        char pin[9] = PIV_HOST_PUK;
        pin[bit / 8] ^= (char)(1U << bit % 8);
        assert_int_equal(piv_host_secret(&host, 0x2C, 0x80, pin, OTHER_PIN), SW_TRIES_LEFT + 2);
        assert_int_equal(piv_host_secret(&host, 0x2C, 0x80, PIV_HOST_PUK, OTHER_PIN), SW_OK);
    }
}

/* A card that was not personalised has no PIN, no PUK and no key to guess at. */
static void a_fresh_card_has_no_secret(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00200080", SW_REFERENCE},
        {"00200080 08 313233343536FFFF", SW_REFERENCE},
        {"00240080 10 313233343536FFFF 363534333231FFFF", SW_REFERENCE},
        {"00240081 10 3132333435363738 363534333231FFFF", SW_REFERENCE},
        {"002C0080 10 3132333435363738 363534333231FFFF", SW_REFERENCE},
        {"0087089B 04 7C028100 00", SW_REFERENCE},
        {"00870A9B 04 7C028000 00", SW_REFERENCE},
        {"0047019A 05 AC03800111 00", SW_WRONG_P1P2},
        {"0047009A 05 AC03800111 00", SW_SECURITY},
        {"00DB3FFF 08 5C035FC102 5301AA", SW_SECURITY},
        {"80E28000 0B 800903313233343536FFFF", SW_SECURITY},
    };
    host_make(&host, 5);
    piv_host_select(&host);
    expect_all(answers, COUNT_OF(answers));
}

/* Secrets come through the channel only, encrypted, well formed, and while the card may change. */
static void personalisation_is_strict(void **state)
{
    (void)state;
    uint8_t key[33] = {CARD_PIV_AES_128};
    memcpy(key + 1, piv_host_key, 32);
    host_make(&host, 5);
    piv_host_open(&host, 0x01);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03" PIV_HOST_PIN, 9)), SW_SECURITY);
    piv_host_open(&host, 0x03);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x00" PIV_HOST_PIN, 9)), SW_WRONG_DATA);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x10" PIV_HOST_PIN, 9)), SW_WRONG_DATA);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03" PIV_HOST_PIN, 8)), SW_WRONG_DATA);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03\x31\x32\x33\x34\xFF\xFF\xFF\xFF", 9)),
                     SW_WRONG_DATA);
    assert_int_equal(piv_host_put(&host, 0x82, span_of("\x03" PIV_HOST_PIN, 9)), SW_REFERENCE);
    for (size_t len = 0; len <= 33; len++) {
        assert_int_equal(piv_host_put(&host, 0x9B, span_of(key, len)),
                         len == 17 ? SW_OK : SW_WRONG_DATA);
    }
    key[0] = CARD_PIV_AES_256;
    assert_int_equal(piv_host_put(&host, 0x9B, span_of(key, 33)), SW_OK);
    key[0] = CARD_PIV_P256;
    assert_int_equal(piv_host_put(&host, 0x9B, span_of(key, 33)), SW_WRONG_DATA);
    key[0] = 0x03; /* triple DES */
    assert_int_equal(piv_host_put(&host, 0x9B, span_of(key, 25)), SW_WRONG_DATA);
    static const uint8_t usual[25] = {
        CARD_PIV_AES_192, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};
    assert_int_equal(piv_host_put(&host, 0x9B, span_of(usual, 25)), SW_WRONG_DATA);
    struct apdu raw = {.cla = 0x80, .ins = 0xE2, .p1 = 0x80, .data = span_of("\x80", 1)};
    assert_int_equal(host_secure(&host, &raw), SW_WRONG_DATA);
    raw.p2 = 1;
    assert_int_equal(host_secure(&host, &raw), SW_WRONG_P1P2);
    raw.p1 = raw.p2 = 0;
    assert_int_equal(host_secure(&host, &raw), SW_WRONG_P1P2);
    raw.p1 = 0x80;
    raw.data.len = 0;
    assert_int_equal(host_secure(&host, &raw), SW_WRONG_LENGTH);
}

static void secrets_are_set_again_until_the_card_is_locked(void **state)
{
    (void)state;
    host_personalise(&host, 5);
    piv_host_open(&host, 0x13);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x0F" OTHER_PIN, 9)), SW_OK);
    assert_false(flash_holds(PIV_HOST_PIN));
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_TRIES_LEFT + 14);
    host_open(&host, 0x01);
    assert_int_equal(host_set_status(&host, CARD_LOCKED), SW_OK);
    piv_host_open(&host, 0x03);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x0F" OTHER_PIN, 9)), SW_CONDITIONS);
    assert_int_equal(piv_host_secret(&host, 0x24, 0x80, OTHER_PIN, LONG_PIN),
                     SW_OK); /* the holder's */
    assert_int_equal(piv_host_verify(&host, LONG_PIN), SW_OK);
}

static void secrets_do_not_stay_in_memory(void **state)
{
    (void)state;
    piv_host_open(&host, 0x03);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03" OTHER_PIN, 9)), SW_OK);
    const uint8_t *memory = (const uint8_t *)&host.card;
    for (size_t i = 0; i + 8 <= sizeof host.card; i++) {
        assert_memory_not_equal(memory + i, OTHER_PIN, 8);
    }
}

/* Flash that takes no try gives no comparison. */
static void a_try_that_cannot_be_spent_is_none(void **state)
{
    (void)state;
    native_cut_after(&host.native, 0, NATIVE_CUT_NONE);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_MEMORY_FAILURE);
    assert_false(host.card.piv.verified);
    assert_int_equal(host_hex(&host, "00200080"), SW_MEMORY_FAILURE);
    host_restart(&host);
    piv_host_select(&host);
    host.native.deaf = true;
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_MEMORY_FAILURE);
    assert_false(host.card.piv.verified);
}

#define PIV_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PIV_TEST(verify_says_what_is_wrong),
        PIV_TEST(a_wrong_pin_has_a_mac_in_the_channel),
        PIV_TEST(the_pin_is_blocked_after_its_tries),
        PIV_TEST(what_the_pin_opened_is_shut_again),
        PIV_TEST(change_reference_data_says_what_is_wrong),
        PIV_TEST(a_changed_value_counts_and_the_old_one_is_gone),
        PIV_TEST(reset_retry_counter_says_what_is_wrong),
        PIV_TEST(every_bit_of_a_pin_counts),
        PIV_TEST(a_fresh_card_has_no_secret),
        PIV_TEST(personalisation_is_strict),
        PIV_TEST(secrets_are_set_again_until_the_card_is_locked),
        PIV_TEST(secrets_do_not_stay_in_memory),
        PIV_TEST(a_try_that_cannot_be_spent_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
