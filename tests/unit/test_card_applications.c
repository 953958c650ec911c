/* SPDX-License-Identifier: Apache-2.0
 *
 * Several applications on one card: each knows its own commands, sees its own objects, and forgets
 * what was shown to it when another one is selected; the NDEF application; what is there without
 * contacts; and the life cycle over all of them.
 */
#include "piv_host.h"

static struct card_host host;

#define SELECT_CREDENTIAL "00A4040007 F053414B534901 00"
#define SELECT_PIV        "00A404000B A000000308000010000100 00"
#define SELECT_NDEF       "00A4040007 D2760000850101 00"

static uint8_t message[300];

static int make(void **state)
{
    (void)state;
    uint64_t seed = 3;
    check_random_bytes(&seed, message, sizeof message);
    host_make(&host, 64);
    host_personalise(&host, 7);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(message, 40), 240), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(message, 99), 240), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(message, sizeof message), 240),
                     SW_OK);
    piv_host_personalise(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    uint8_t point[65];
    assert_int_equal(piv_host_generate(&host, 0x9E, point), SW_OK);
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CHUID, span_of(message, 50), 0), SW_OK);
    host_restart(&host);
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    assert_false(host.native.broke_a_rule);
    return 0;
}

static void start(enum card_interface interface)
{
    native_power_up(&host.native);
    card_start(&host.card, &host.native.port, interface);
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

/* All 65,536 pairs of CLA and INS in an application: those it has, and nothing else, are known. */
static void expect_commands(const char *select, const uint16_t *known, size_t count)
{
    assert_int_equal(host_hex(&host, select), SW_OK);
    for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
        bool expected = false;
        for (size_t i = 0; i < count; i++) {
            bool same = (pair & ~0x1400U) == known[i]; /* secure, chained */
            expected = expected || (same && (known[i] != 0x00C0 || pair == 0x00C0));
        }
        const struct apdu command = {.cla = (uint8_t)(pair >> 8), .ins = (uint8_t)pair};
        uint16_t sw = host_send(&host, &command);
        bool unknown = sw == SW_CLA_UNKNOWN || sw == SW_INS_UNKNOWN || sw == SW_CHANNEL_UNKNOWN ||
                       sw == SW_MESSAGING_UNKNOWN;
        assert_int_equal(unknown, !expected);
        assert_int_equal(host.data.len, 0);
    }
}

static void each_application_knows_its_own_commands(void **state)
{
    (void)state;
    static const uint16_t credential[] = {0x00A4, 0x00B0, 0x00B1, 0x0088, 0x0047, 0x00C0,
                                          0x8050, 0x8082, 0x80D8, 0x80E2, 0x80F0};
    static const uint16_t piv[] = {0x00A4, 0x0020, 0x0024, 0x002C, 0x0087, 0x0047,
                                   0x00CB, 0x00DB, 0x00C0, 0x8050, 0x8082, 0x80E2};
    static const uint16_t ndef[] = {0x00A4, 0x00B0, 0x00C0};
    expect_commands(SELECT_CREDENTIAL, credential, COUNT_OF(credential));
    expect_commands(SELECT_PIV, piv, COUNT_OF(piv));
    expect_commands(SELECT_NDEF, ndef, COUNT_OF(ndef));
}

static void files_belong_to_an_application(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {SELECT_CREDENTIAL, SW_OK},
        {"00A4000C02 E103", SW_OK},
        {"00B0000000", SW_OK}, /* the photo */
        {SELECT_PIV, SW_OK},
        {"00B0000000", SW_INS_UNKNOWN},
        {"00A4000002 E101 00", SW_NOT_FOUND}, /* PIV has no files */
        {"00A4000002 E102 00", SW_NOT_FOUND},
        {"00A4000402 E103 00", SW_NOT_FOUND},
        {"00A4020C02 E104", SW_NOT_FOUND},
        {"00A4000C02 E110", SW_NOT_FOUND},
        {SELECT_NDEF, SW_OK},
        {"00B0000000", SW_NO_FILE_SELECTED},
        {"00B0830000", SW_NOT_FOUND},
        {"00A4000C02 E101", SW_NOT_FOUND},
        {"00A4000C02 E102", SW_NOT_FOUND},
        {"00A4000C02 E110", SW_NOT_FOUND},
        {"00A4000C02 E103", SW_OK},
        {"00B0000000", SW_OK},
    };
    expect_all(answers, COUNT_OF(answers));
    assert_int_equal(host.data.len, CARD_NDEF_CC_BYTES); /* the capability container */
    assert_int_equal(host_hex(&host, SELECT_CREDENTIAL), SW_OK);
    assert_int_equal(host_hex(&host, "00B0000000"), SW_NO_FILE_SELECTED);
}

/* With their short identifiers where they have one: NDEF files do not. */
static void files_are_described_as_their_application_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *application, *select, *description;
    } files[] = {
        {SELECT_CREDENTIAL, "00A4000002 E103 00", "6F0E 80020028 820101 8302E103 880118"},
        {SELECT_CREDENTIAL, "00A4000402 E110 00", "620E 80020063 820101 8302E110 880180"},
        {SELECT_NDEF, "00A4000002 E103 00", "6F0B 8002000F 820101 8302E103"},
        {SELECT_NDEF, "00A4020402 E104 00", "620B 8002012E 820101 8302E104"},
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        uint8_t wanted[16];
        assert_int_equal(host_hex(&host, files[i].application), SW_OK);
        assert_int_equal(host_hex(&host, files[i].select), SW_OK);
        check_bytes(host.data, check_hex(files[i].description, wanted, sizeof wanted));
    }
}

static void nothing_shown_leaks_to_another_application(void **state)
{
    (void)state;
    piv_host_open(&host, 0x03);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(host_hex(&host, SELECT_CREDENTIAL), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_TERMINATED), SW_SECURITY); /* nor the channel */
    assert_int_equal(host_hex(&host, SELECT_PIV), SW_OK);
    assert_int_equal(host_hex(&host, "00200080"), SW_TRIES_LEFT + 3);
    assert_int_equal(host_hex(&host, "00DB3FFF 08 5C035FC102 5301AA"), SW_SECURITY);
    host_open(&host, 0x03);
    assert_int_equal(host_hex(&host, SELECT_PIV), SW_OK);
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03" PIV_HOST_PIN, 9)), SW_SECURITY);
    piv_host_open(&host, 0x03);
    piv_host_select(&host); /* the channel ends here, too */
    assert_int_equal(piv_host_put(&host, 0x80, span_of("\x03" PIV_HOST_PIN, 9)), SW_SECURITY);
    static const char *const pending[] = {"7C02 8100", "7C02 8000"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(piv_host_authenticate(&host, 0x0A, 0x9B, pending[i]), SW_OK);
        assert_int_equal(host_hex(&host, SELECT_NDEF), SW_OK);
        assert_int_equal(host.card.piv.pending, 0);
        piv_host_select(&host);
    }
}

/* Every reference and algorithm, with every right: none signs with the credential's key. */
static void the_credential_key_is_out_of_reach(void **state)
{
    (void)state;
    uint8_t pair[97];
    uint8_t data[38] = {0x7C, 0x24, 0x82, 0x00, 0x81, 0x20, 0x01};
    unsigned signatures = 0;
    assert_true(store_read(&host.card.store, STORE_PAIR, 0, pair, sizeof pair));
    piv_host_select(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    for (unsigned which = 0; which <= 0xFFFF; which++) {
        host.card.piv.verified = host.card.piv.fresh = host.card.piv.managed = true;
        const struct apdu sign = {.ins = 0x87,
                                  .p1 = (uint8_t)(which >> 8),
                                  .p2 = (uint8_t)which,
                                  .data = span_of(data, sizeof data),
                                  .ne = 256};
        if (host_send(&host, &sign) == SW_OK) {
            struct span der = span_of(host.data.ptr + 4, host.data.len - 4);
            assert_false(piv_host_is_signature(pair + 32, data + 6, der));
            signatures++;
        }
    }
    assert_int_equal(signatures, 1); /* 9E's own */
    host.card.piv.managed = true;
    for (unsigned reference = 0; reference < 256; reference++) {
        uint8_t point[65];
        uint8_t now[97];
        piv_host_generate(&host, (uint8_t)reference, point);
        assert_true(store_read(&host.card.store, STORE_PAIR, 0, now, sizeof now));
        assert_memory_equal(now, pair, sizeof now);
    }
    assert_int_equal(host_hex(&host, SELECT_CREDENTIAL), SW_OK);
    assert_int_equal(host_prove(&host), SW_OK);
}

static void a_phone_reads_the_message(void **state)
{
    (void)state;
    uint8_t wanted[CARD_NDEF_CC_BYTES];
    check_hex("000F 20 00FF 00FF 0406 E104 0C02 00 FF", wanted, sizeof wanted);
    for (int interface = CARD_CONTACT; interface <= CARD_CONTACTLESS; interface++) {
        start((enum card_interface)interface);
        assert_int_equal(host_hex(&host, SELECT_NDEF), SW_OK);
        assert_int_equal(host_hex(&host, "00A4000C02 E103"), SW_OK);
        assert_int_equal(host_hex(&host, "00B000000F"), SW_OK);
        check_bytes(host.data, span_of(wanted, sizeof wanted));
        assert_int_equal(host_hex(&host, "00A4000C02 E104"), SW_OK);
        assert_int_equal(host_hex(&host, "00B0000002"), SW_OK);
        check_bytes(host.data, span_of("\x01\x2C", 2));
        assert_int_equal(host_hex(&host, "00B00002FF"), SW_OK);
        check_bytes(host.data, span_of(message, 255));
        assert_int_equal(host_hex(&host, "00B001012D"), SW_OK);
        check_bytes(host.data, span_of(message + 255, 45));
    }
}

static void the_message_is_read_in_any_pieces(void **state)
{
    (void)state;
    uint8_t file[302] = {0x01, 0x2C};
    memcpy(file + 2, message, sizeof message);
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_OK);
    assert_int_equal(host_hex(&host, "00A4000C02 E104"), SW_OK);
    for (size_t at = 0; at < sizeof file; at++) {
        for (uint32_t len = 1; len <= 4 && at + len <= sizeof file; len++) {
            const struct apdu read = {
                .ins = 0xB0, .p1 = (uint8_t)(at >> 8), .p2 = (uint8_t)at, .ne = len};
            assert_int_equal(host_send(&host, &read), SW_OK);
            check_bytes(host.data, span_of(file + at, len));
        }
    }
}

static void the_message_is_never_written_there(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {SELECT_NDEF, SW_OK},
        {"00A4000C02 E104", SW_OK},
        {"00D6000002 0000", SW_INS_UNKNOWN},
        {"00D7000002 0000", SW_INS_UNKNOWN},
        {"80E2800000", SW_INS_UNKNOWN},
        {"8050000008 0001020304050607 00", SW_INS_UNKNOWN},
        {"00B0012E01", SW_OFFSET},
        {"00B0012D02", SW_END_OF_FILE},
        {"00A4000C02 E105", SW_NOT_FOUND},
        {"00A4000C01 E1", SW_LC_P1P2},
        {"00A4040C07 D2760000850100", SW_NOT_FOUND}, /* the name of version 1.0 */
        {"00A4040C06 D27600008501", SW_NOT_FOUND},
    };
    expect_all(answers, COUNT_OF(answers));
}

static void ndef_is_off_until_a_message_is_there(void **state)
{
    (void)state;
    host_make(&host, 9);
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_NOT_FOUND);
    host_open(&host, 0x01);
    uint8_t longer[CARD_APP_MAX_NDEF + 1] = {0};
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(longer, sizeof longer), 2000),
                     SW_FULL);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(longer, CARD_APP_MAX_NDEF), 2000),
                     SW_OK);
    uint8_t index[6];
    assert_int_equal(host_read(&host, CARD_APP_INDEX, index, 16), 6);
    assert_memory_equal(index, "\x01\x01\xE1\x04\x0C\x00", 6);
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_OK);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(NULL, 0), 2000), SW_OK);
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_NOT_FOUND);
}

/* Without contacts: no application but the one that the issuer has opened, and in it nothing but
 * its two files. */
static void without_contacts_nothing_personal_answers(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {SELECT_CREDENTIAL, SW_NOT_FOUND},
        {SELECT_PIV, SW_NOT_FOUND},
        {"00A4040005 A000000308", SW_NOT_FOUND},
        {"0087119E 00", SW_CONDITIONS},
        {"00CB3FFF 05 5C035FC102 00", SW_CONDITIONS},
        {"00200080", SW_CONDITIONS},
        {"0088000000", SW_CONDITIONS},
        {"8050000008 0001020304050607 00", SW_CONDITIONS},
        {"00B0810000", SW_CONDITIONS},
        {"00A4000C02 E104", SW_CONDITIONS},
    };
    start(CARD_CONTACTLESS);
    expect_all(answers, COUNT_OF(answers));
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_OK);
    for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
        const struct apdu command = {.cla = (uint8_t)(pair >> 8), .ins = (uint8_t)pair};
        assert_int_not_equal(host_send(&host, &command), SW_OK);
    }
    for (unsigned file = 0; file <= 0xFFFF; file++) {
        const uint8_t name[] = {(uint8_t)(file >> 8), (uint8_t)file};
        const struct apdu select = {.ins = 0xA4, .p2 = 0x0C, .data = span_of(name, 2)};
        bool there = file == CARD_NDEF_CC || file == CARD_NDEF_MESSAGE;
        assert_int_equal(host_send(&host, &select), there ? SW_OK : SW_NOT_FOUND);
    }
    start(CARD_CONTACT);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(NULL, 0), 99), SW_OK);
    start(CARD_CONTACTLESS);
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_NOT_FOUND);
}

static void a_locked_card_changes_nothing_but_pins(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"0047009E 05 AC03800111 00", SW_CONDITIONS},
        {"00DB3FFF 08 5C035FC102 5301AA", SW_CONDITIONS},
        {"10DB3FFF 08 5C035FC102 5302AA", SW_CONDITIONS},
        {"00240080 10 313233343536FFFF 363534333231FFFF", SW_OK},
        {"002C0080 10 3837363534333231 313233343536FFFF", SW_OK},
        {"00200080 08 313233343536FFFF", SW_OK},
        {"00CB3FFF 05 5C035FC102 00", SW_OK},
    };
    host_open(&host, 0x01);
    assert_int_equal(host_set_status(&host, CARD_LOCKED), SW_OK);
    piv_host_select(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    expect_all(answers, COUNT_OF(answers));
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

static void a_terminated_card_has_no_application(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {SELECT_PIV, SW_TERMINATED},           {"00A4040005 A000000308", SW_TERMINATED},
        {SELECT_NDEF, SW_TERMINATED},          {SELECT_CREDENTIAL, SW_TERMINATED},
        {"00200080", SW_CONDITIONS},           {"0087119E 00", SW_CONDITIONS},
        {"00CB3FFF 03 5C017E", SW_CONDITIONS}, {"00A4040003 010203", SW_NOT_FOUND},
    };
    uint8_t pair[97];
    assert_true(store_read(&host.card.store, STORE_PIV_PAIR + 2, 0, pair, sizeof pair));
    host_open(&host, 0x01);
    assert_int_equal(host_set_status(&host, CARD_TERMINATED), SW_OK);
    for (int i = 0; i < 2; i++) {
        expect_all(answers, COUNT_OF(answers));
        assert_false(flash_holds(pair, 32));
        assert_false(flash_holds(PIV_HOST_PIN, 8));
        assert_false(flash_holds(PIV_HOST_PUK, 8));
        assert_false(flash_holds(piv_host_key, 16));
        assert_false(flash_holds(message, 16));
        host_restart(&host);
    }
    start(CARD_CONTACTLESS);
    assert_int_equal(host_hex(&host, SELECT_PIV), SW_NOT_FOUND);
    assert_int_equal(host_hex(&host, SELECT_NDEF), SW_NOT_FOUND);
}

#define CARD_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

/* As yubico-piv-tool selects: nothing is described, and nothing waits to be fetched. */
static void selected_without_le_nothing_comes_back(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "00A4040005 A000000308", "00A404000B A000000308000010000100", "00A4040007 F053414B534901",
        "00A4000002 E101", "00A4000402 E101"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        assert_int_equal(host_hex(&host, commands[i]), SW_OK);
        assert_int_equal(host.data.len, 0);
        assert_int_equal(host_hex(&host, "00C0000000"), SW_CONDITIONS);
    }
    assert_int_equal(host_hex(&host, "00B0000000"), SW_OK); /* selected they are */
    assert_int_equal(host_hex(&host, "00A4040007 F053414B534901 02"), SW_MORE | 13);
    assert_int_equal(host_hex(&host, "00A4040005 A000000309"), SW_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(each_application_knows_its_own_commands),
        CARD_TEST(selected_without_le_nothing_comes_back),
        CARD_TEST(files_belong_to_an_application),
        CARD_TEST(files_are_described_as_their_application_has_them),
        CARD_TEST(nothing_shown_leaks_to_another_application),
        CARD_TEST(the_credential_key_is_out_of_reach),
        CARD_TEST(a_phone_reads_the_message),
        CARD_TEST(the_message_is_read_in_any_pieces),
        CARD_TEST(the_message_is_never_written_there),
        CARD_TEST(ndef_is_off_until_a_message_is_there),
        CARD_TEST(without_contacts_nothing_personal_answers),
        CARD_TEST(a_locked_card_changes_nothing_but_pins),
        CARD_TEST(a_terminated_card_has_no_application),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
