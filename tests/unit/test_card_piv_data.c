/* SPDX-License-Identifier: Apache-2.0
 *
 * SELECT, GET DATA and PUT DATA of the PIV application: every object, at its largest, whole and in
 * chains of any parts, and what is no such object.
 */
#include "piv_host.h"

static struct card_host host;
static uint8_t bytes[CARD_PIV_MAX_CREDENTIAL + 1];
static uint8_t room[CARD_PIV_MAX_CREDENTIAL + 8];

static const struct {
    uint32_t tag;
    size_t most;
} objects[] = {
    {CARD_PIV_CCC, CARD_PIV_MAX_CCC},
    {CARD_PIV_CHUID, CARD_PIV_MAX_CHUID},
    {CARD_PIV_CERTIFICATE_9A, CARD_PIV_MAX_CERTIFICATE},
    {CARD_PIV_CERTIFICATE_9C, CARD_PIV_MAX_CERTIFICATE},
    {CARD_PIV_CERTIFICATE_9E, CARD_PIV_MAX_CERTIFICATE},
    {CARD_PIV_CREDENTIAL, CARD_PIV_MAX_CREDENTIAL},
};

static int make(void **state)
{
    (void)state;
    uint64_t seed = 12;
    check_random_bytes(&seed, bytes, sizeof bytes);
    host_make(&host, 63);
    host_personalise(&host, 7);
    piv_host_personalise(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    assert_false(host.native.broke_a_rule);
    return 0;
}

static void expect_object(uint32_t tag, struct span wanted, uint32_t ne)
{
    struct writer w = writer_of(room, sizeof room);
    assert_int_equal(piv_host_get_object(&host, tag, ne, &w), SW_OK);
    check_bytes(writer_span(&w), wanted);
}

static uint16_t get(uint32_t tag)
{
    struct writer w = writer_of(room, sizeof room);
    return piv_host_get_object(&host, tag, 256, &w);
}

static void select_takes_the_name_and_its_beginnings(void **state)
{
    (void)state;
    static const char *const names[] = {"00A404000B A000000308000010000100 00",
                                        "00A4040009 A00000030800001000 00",
                                        "00A4040005 A000000308 00"};
    uint8_t wanted[19];
    check_hex("6111 4F06 000010000100 7907 4F05 A000000308", wanted, sizeof wanted);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        host_select(&host);
        assert_int_equal(host_hex(&host, names[i]), SW_OK);
        check_bytes(host.data, span_of(wanted, sizeof wanted));
    }
    static const struct {
        const char *command;
        uint16_t sw;
    } others[] = {
        {"00A4040004 A0000003 00", SW_NOT_FOUND},
        {"00A404000C A00000030800001000010000", SW_NOT_FOUND},
        {"00A404000B A000000308000010000200", SW_NOT_FOUND},
        {"00A404010B A000000308000010000100", SW_WRONG_P1P2},
        {"00A404040B A000000308000010000100", SW_WRONG_P1P2},
        {"00A404020B A000000308000010000100", SW_WRONG_P1P2},
        {"00A4000C02 E101", SW_OK}, /* see below */
        {"00A4040C0B A000000308000010000100", SW_OK},
    };
    host_select(&host);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_int_equal(host_hex(&host, others[i].command), others[i].sw);
        assert_int_equal(host.data.len, 0);
    }
}

static void the_discovery_object_says_what_pin_there_is(void **state)
{
    (void)state;
    uint8_t wanted[20];
    assert_int_equal(host_hex(&host, "00CB3FFF 03 5C017E 00"), SW_OK);
    check_bytes(host.data, check_hex("7E12 4F0B A000000308000010000100 5F2F02 4000", wanted, 20));
    assert_int_equal(host_hex(&host, "00CB3FFF 03 5C017E"), SW_MORE + 20);
}

static void get_data_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        uint16_t sw;
    } answers[] = {
        {"00CB0000 05 5C035FC102 00", SW_WRONG_P1P2},
        {"00CB3F00 05 5C035FC102 00", SW_WRONG_P1P2},
        {"00CB3FFF 00", SW_WRONG_LENGTH},
        {"00CB3FFF 05 5C035FC102 00", SW_NOT_FOUND}, /* not written */
        {"00CB3FFF 05 5C035FC1F0 00", SW_NOT_FOUND},
        {"00CB3FFF 05 5C035FC103 00", SW_NOT_FOUND}, /* fingerprints */
        {"00CB3FFF 04 5C027F61 00", SW_NOT_FOUND},
        {"00CB3FFF 02 5C00 00", SW_WRONG_DATA},
        {"00CB3FFF 03 5C0300 00", SW_WRONG_DATA},
        {"00CB3FFF 05 5D035FC102 00", SW_WRONG_DATA},
        {"00CB3FFF 06 5C045FC10200 00", SW_WRONG_DATA},
        {"00CB3FFF 06 5C035FC10200 00", SW_WRONG_DATA},
        {"10CB3FFF 05 5C035FC102 00", SW_CHAIN_UNKNOWN},
        {"80CB3FFF 05 5C035FC102 00", SW_CLA_UNKNOWN},
        {"00CA3FFF 05 5C035FC102 00", SW_INS_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_int_equal(host_hex(&host, answers[i].command), answers[i].sw);
    }
}

static void every_object_at_its_largest_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        struct span most = span_of(bytes, objects[i].most);
        assert_int_equal(
            piv_host_put_object(&host, objects[i].tag, span_of(bytes, objects[i].most + 1), 250),
            SW_FULL);
        assert_int_equal(get(objects[i].tag), SW_NOT_FOUND);
        assert_int_equal(piv_host_put_object(&host, objects[i].tag, most, 255), SW_OK);
        assert_int_equal(piv_host_put_object(&host, objects[i].tag, most, 2048), SW_OK);
    }
    host_restart(&host);
    piv_host_select(&host);
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        struct span most = span_of(bytes, objects[i].most);
        expect_object(objects[i].tag, most, 256);
        expect_object(objects[i].tag, most, 100);
        expect_object(objects[i].tag, most, 65536);
        expect_object(objects[i].tag, most, 2056);
    }
}

static void all_that_a_card_can_hold_fits(void **state)
{
    (void)state;
    static uint8_t photo[CARD_APP_MAX_PHOTO];
    memset(photo, 0x5A, sizeof photo);
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        assert_int_equal(
            piv_host_put_object(&host, objects[i].tag, span_of(bytes, objects[i].most), 2048),
            SW_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        uint8_t point[65];
        assert_int_equal(piv_host_generate(&host, (uint8_t)(0x9A + 2 * i), point), SW_OK);
    }
    for (uint16_t i = 0; i < CARD_APP_CREDENTIALS; i++) {
        host_open(&host, 0x01);
        assert_int_equal(host_store(&host, (uint16_t)(CARD_APP_CREDENTIAL + i),
                                    span_of(bytes, CARD_APP_MAX_CREDENTIAL), 2048),
                         SW_OK);
    }
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(photo, CARD_APP_MAX_NDEF), 2048),
                     SW_OK);
    for (int round = 0; round < 3; round++) {
        host_open(&host, 0x01);
        assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(photo, sizeof photo), 2048),
                         SW_OK);
    }
    piv_host_select(&host);
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        expect_object(objects[i].tag, span_of(bytes, objects[i].most), 65536);
    }
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
}

static void an_object_comes_in_any_parts(void **state)
{
    (void)state;
    for (size_t part = 8; part < 400; part += part < 40 ? 1 : 37) {
        struct span value = span_of(bytes + part, 700);
        assert_int_equal(piv_host_put_object(&host, CARD_PIV_CERTIFICATE_9E, value, part),
                         part < 9 ? SW_WRONG_DATA : SW_OK); /* the head is in the first part */
        if (part >= 9) {
            expect_object(CARD_PIV_CERTIFICATE_9E, value, 256);
        }
    }
    for (size_t len = 1; len < 600; len += len < 300 ? 1 : 50) { /* heads of all lengths */
        struct span value = span_of(bytes, len);
        assert_int_equal(piv_host_put_object(&host, CARD_PIV_CREDENTIAL, value, 0), SW_OK);
        expect_object(CARD_PIV_CREDENTIAL, value, 256);
    }
}

static void put_data_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        uint16_t sw;
    } answers[] = {
        {"00DB3F00 08 5C035FC102 5301AA", SW_WRONG_P1P2},
        {"00DB3FFF", SW_WRONG_LENGTH},
        {"00DB3FFF 03 5C017E", SW_FUNCTION}, /* made by the card */
        {"00DB3FFF 08 5C035FC103 5301AA", SW_FUNCTION},
        {"00DB3FFF 05 5C035FC102", SW_WRONG_DATA},
        {"00DB3FFF 06 5C035FC102 53", SW_WRONG_DATA},
        {"00DB3FFF 07 5C035FC102 5302", SW_WRONG_DATA},
        {"00DB3FFF 08 5C035FC102 5302AA", SW_WRONG_DATA},
        {"00DB3FFF 09 5C035FC102 5301AABB", SW_WRONG_DATA},
        {"00DB3FFF 08 5C035FC102 5401AA", SW_WRONG_DATA},
        {"00DB3FFF 08 5C035FC102 530100", SW_OK},
        {"00DB3FFF 09 5C035FC102 538101AA", SW_WRONG_DATA}, /* not the shortest */
        {"00DB3FFF 08 5C035FC102 5300AA", SW_WRONG_DATA},
        {"10DB3FFF 07 5C035FC102 5300", SW_WRONG_DATA},
        {"00DB3FFF 09 5C035FC102 53820200", SW_WRONG_DATA}, /* bytes are missing */
        {"00DB3FFF 09 5C035FC102 53820201", SW_FULL},
        {"80DB3FFF 08 5C035FC102 5301AA", SW_CLA_UNKNOWN},
        {"94DB3FFF 08 5C035FC102 5301AA", SW_CLA_UNKNOWN},
        {"14DB3FFF 08 5C035FC102 5301AA", SW_CHAIN_UNKNOWN},
        {"04DB3FFF 08 5C035FC102 5301AA", SW_SECURITY},
    };
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        if (host_hex(&host, answers[i].command) != answers[i].sw) {
            print_error("%s\n", answers[i].command);
        }
        assert_int_equal(host.sw, answers[i].sw);
    }
    expect_object(CARD_PIV_CHUID, span_of("", 1), 256); /* the one that was whole */
    assert_int_equal(host_hex(&host, "00DB3FFF 07 5C035FC102 5300"), SW_OK); /* removed */
    assert_int_equal(get(CARD_PIV_CHUID), SW_NOT_FOUND);
}

/* Whatever comes between the parts, the old value stays. */
static void a_broken_chain_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        uint16_t sw;
    } breaks[] = {
        {"00200080", SW_CHAIN_BROKEN},
        {"00DB3FFE 02 0203", SW_CHAIN_BROKEN},
        {"00CB3FFF 03 5C017E 00", SW_CHAIN_BROKEN},
        {"00FF0000", SW_INS_UNKNOWN},
        {"00DB3FFF 01 02", SW_WRONG_DATA},           /* too few */
        {"10DB3FFF 06 020304050607", SW_WRONG_DATA}, /* too many */
        {"00DB3FFF", SW_WRONG_LENGTH},
        {"00A404000B A000000308000010000100", SW_CHAIN_BROKEN},
        {"04DB3FFF 08 0000000000000000", SW_CHAIN_BROKEN},
    };
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CCC, span_of(bytes, 90), 0), SW_OK);
    for (size_t i = 0; i < COUNT_OF(breaks); i++) {
        assert_int_equal(host_hex(&host, "10DB3FFF 08 5C035FC107 530401"), SW_OK);
        if (host_hex(&host, breaks[i].command) != breaks[i].sw) {
            print_error("%s\n", breaks[i].command);
        }
        assert_int_equal(host.sw, breaks[i].sw);
        assert_int_not_equal(host_hex(&host, "00DB3FFF 03 020304"), SW_OK);
        expect_object(CARD_PIV_CCC, span_of(bytes, 90), 256);
        assert_int_equal(piv_host_manage(&host), SW_OK);
    }
    assert_int_equal(host_hex(&host, "10DB3FFF 08 5C035FC107 530401"), SW_OK);
    assert_int_equal(host_hex(&host, "00DB3FFF 03 020304"), SW_OK);
    expect_object(CARD_PIV_CCC, span_of("\1\2\3\4", 4), 256);
    assert_int_equal(host_hex(&host, "10DB3FFF 08 5C035FC107 530401"), SW_OK);
    host_restart(&host);
    piv_host_select(&host);
    expect_object(CARD_PIV_CCC, span_of("\1\2\3\4", 4), 256);
}

static void writing_takes_a_key(void **state)
{
    (void)state;
    host_restart(&host);
    piv_host_select(&host);
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CCC, span_of(bytes, 9), 0), SW_SECURITY);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK); /* the holder's is not it */
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CCC, span_of(bytes, 9), 0), SW_SECURITY);
    piv_host_open(&host, 0x13);
    uint8_t data[1200] = {0x5C, 0x03, 0x5F, 0xC1, 0xF0, 0x53, 0x82, 0x04, 0x00};
    memcpy(data + 9, bytes, 1024);
    const struct apdu put = {.ins = 0xDB, .p1 = 0x3F, .p2 = 0xFF, .data = span_of(data, 9 + 1024)};
    assert_int_equal(host_secure(&host, &put), SW_OK);
    const struct apdu get = {
        .ins = 0xCB, .p1 = 0x3F, .p2 = 0xFF, .data = span_of(data, 5), .ne = 65536};
    assert_int_equal(host_secure(&host, &get), SW_OK);
    assert_int_equal(host.data.len, 4 + 1024);
    assert_memory_equal(host.data.ptr, data + 5, 1028);
    expect_object(CARD_PIV_CREDENTIAL, span_of(bytes, 1024), 256);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CREDENTIAL, span_of(bytes, 4096), 255),
                     SW_OK);
    assert_int_equal(host_secure(&host, &get), SW_WRONG_LENGTH); /* more than one MAC can cover */
}

static void responses_are_dropped_by_the_next_command(void **state)
{
    (void)state;
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CREDENTIAL, span_of(bytes, 3000), 1000),
                     SW_OK);
    assert_int_equal(host_hex(&host, "00CB3FFF 05 5C035FC1F0"), SW_MORE);
    assert_int_equal(host.data.len, 0);
    assert_int_equal(host_hex(&host, "00C0000000"), SW_MORE);
    assert_int_equal(host.data.len, 256);
    assert_int_equal(host_hex(&host, "00C0000000 0000"), SW_MORE); /* 692 more */
    assert_int_equal(host.data.len, CARD_APP_MAX_NE + SCP03_MAC);
    assert_int_equal(host_hex(&host, "00200080"), SW_TRIES_LEFT + 3);
    assert_int_equal(host_hex(&host, "00C0000000"), SW_CONDITIONS);
    native_cut_after(&host.native, 0, NATIVE_CUT_NONE);
    assert_int_equal(host_hex(&host, "00CB3FFF 05 5C035FC1F0 00"), SW_MORE);
    host.native.powered = false;
    assert_int_equal(host_hex(&host, "00C0000000"), SW_MEMORY_FAILURE);
    assert_int_equal(host.data.len, 0);
}

#define PIV_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PIV_TEST(select_takes_the_name_and_its_beginnings),
        PIV_TEST(the_discovery_object_says_what_pin_there_is),
        PIV_TEST(get_data_says_what_is_wrong),
        PIV_TEST(every_object_at_its_largest_is_kept),
        PIV_TEST(all_that_a_card_can_hold_fits),
        PIV_TEST(an_object_comes_in_any_parts),
        PIV_TEST(put_data_says_what_is_wrong),
        PIV_TEST(a_broken_chain_changes_nothing),
        PIV_TEST(writing_takes_a_key),
        PIV_TEST(responses_are_dropped_by_the_next_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
