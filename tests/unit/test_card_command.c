/* SPDX-License-Identifier: Apache-2.0
 *
 * Every command and every status word of the card, in the order in which they are checked.
 */
#include "card_host.h"
#include "wire/tlv.h"

static struct card_host host;

#define SELECT_APP "00A4040007 F053414B534901"

static int make(void **state)
{
    (void)state;
    host_make(&host, 1);
    return 0;
}

/* A personalised card with two credentials and a photo of 5,000 bytes, the application selected. */
static uint8_t photo[5000];
static uint8_t credential[700];

static int make_full(void **state)
{
    uint64_t seed = 8;
    make(state);
    check_random_bytes(&seed, photo, sizeof photo);
    check_random_bytes(&seed, credential, sizeof credential);
    host_personalise(&host, 2);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(photo, sizeof photo), 2000), SW_OK);
    assert_int_equal(
        host_store(&host, CARD_APP_CREDENTIAL + 2, span_of(credential, sizeof credential), 240),
        SW_OK);
    host_restart(&host);
    host_select(&host);
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

static void what_is_no_command_is_refused(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"", SW_WRONG_LENGTH},
        {"00A404", SW_WRONG_LENGTH},
        {"00A4040007F053414B5349", SW_WRONG_LENGTH},
        {"00A40400 000000 00", SW_WRONG_LENGTH},
        {"20A40400", SW_CLA_UNKNOWN},
        {"A0A40400", SW_CLA_UNKNOWN},
        {"C0A40400", SW_CLA_UNKNOWN},
        {"FFA40400", SW_CLA_UNKNOWN},
        {"40A40400", SW_CHANNEL_UNKNOWN},
        {"01A40400", SW_CHANNEL_UNKNOWN},
        {"83500000", SW_CHANNEL_UNKNOWN},
        {"08A40400", SW_MESSAGING_UNKNOWN},
        {"0CA40400", SW_MESSAGING_UNKNOWN},
        {"8CE20000", SW_MESSAGING_UNKNOWN},
        {"00000000", SW_INS_UNKNOWN},
        {"00FF0000", SW_INS_UNKNOWN},
        {"00D60000", SW_INS_UNKNOWN}, /* UPDATE BINARY: nothing is written outside STORE DATA */
        {"80A40400", SW_CLA_UNKNOWN},
        {"00E20000", SW_CLA_UNKNOWN},
        {"80C0000000", SW_INS_UNKNOWN},
    };
    expect_all(answers, COUNT_OF(answers));
}

/* All 65,536 pairs of CLA and INS: those in the table, and nothing else, are known. */
static void only_the_tables_commands_exist(void **state)
{
    (void)state;
    static const uint16_t known[] = {0x00A4, 0x00B0, 0x00B1, 0x0088, 0x0047, 0x00C0,
                                     0x8050, 0x8082, 0x80D8, 0x80E2, 0x80F0, 0x0020,
                                     0x0024, 0x002C, 0x0087, 0x00CB, 0x00DB};
    for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
        uint8_t cla = (uint8_t)(pair >> 8);
        bool expected = false;
        for (size_t i = 0; i < COUNT_OF(known); i++) {
            unsigned plain = pair & ~0x1400U; /* secure, chained */
            expected = expected || (plain == known[i] && (known[i] != 0x00C0 || cla == 0));
        }
        const struct apdu command = {.cla = cla, .ins = (uint8_t)pair};
        uint16_t sw = host_send(&host, &command);
        bool unknown = sw == SW_CLA_UNKNOWN || sw == SW_INS_UNKNOWN || sw == SW_CHANNEL_UNKNOWN ||
                       sw == SW_MESSAGING_UNKNOWN;
        assert_int_equal(unknown, !expected);
        assert_int_equal(host.data.len, 0);
    }
}

static void nothing_works_before_the_application_is_selected(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00B0810000", SW_CONDITIONS},
        {"00B10000 03 540100 00", SW_CONDITIONS},
        {"0088000041", SW_CONDITIONS},
        {"00A40000 02 E101", SW_CONDITIONS},
        {"8050000008 0001020304050607 00", SW_CONDITIONS},
        {"80E2800000", SW_CONDITIONS},
        {"00C0000000", SW_CONDITIONS},
    };
    expect_all(answers, COUNT_OF(answers));
}

static void select_finds_the_application_by_its_whole_name(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00A4040006 F053414B5349", SW_NOT_FOUND},    {"00A4040008 F053414B53490100", SW_NOT_FOUND},
        {"00A4040007 F053414B534902", SW_NOT_FOUND},  {"00A40400", SW_NOT_FOUND},
        {"00A4040007 A0000003090000", SW_NOT_FOUND},  {"00A4010007 F053414B534901", SW_WRONG_P1P2},
        {"00A4040407 F053414B534901", SW_WRONG_P1P2}, {"00A4040207 F053414B534901", SW_WRONG_P1P2},
        {"00A4040C07 F053414B534901", SW_OK},         {SELECT_APP "00", SW_OK},
    };
    expect_all(answers, COUNT_OF(answers));
    uint8_t room[32];
    check_bytes(host.data, check_hex("6F0D 8407F053414B534901 85020101", room, sizeof room));
    assert_int_equal(host_hex(&host, "00A4040006 F053414B5349 00"), SW_NOT_FOUND);
    assert_int_equal(host_hex(&host, "00B0810000"), SW_OK); /* it is still selected */
}

static void files_are_selected_by_identifier(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00A4000C02 E103", SW_OK},         {"00A4020C02 E112", SW_OK},
        {"00A4000C02 E101", SW_OK},         {"00A4000C02 E102", SW_OK},
        {"00A4000C02 E110", SW_NOT_FOUND}, /* no credential is there */
        {"00A4000C02 E118", SW_NOT_FOUND},  {"00A4000C02 E10F", SW_NOT_FOUND},
        {"00A4000C02 3F00", SW_NOT_FOUND},  {"00A4000C02 0000", SW_NOT_FOUND},
        {"00A4000C01 E1", SW_LC_P1P2},      {"00A4000C03 E10100", SW_LC_P1P2},
        {"00A4000C", SW_LC_P1P2},           {"00A4000802 E101", SW_WRONG_P1P2},
        {"00A4030C02 E101", SW_WRONG_P1P2}, {"00A4000402 E112 00", SW_OK},
    };
    expect_all(answers, COUNT_OF(answers));
    uint8_t room[32];
    check_bytes(host.data, check_hex("620E 800202BC 820101 8302E112 880190", room, sizeof room));
    assert_int_equal(host_hex(&host, "00A4000002 E103 00"), SW_OK);
    check_bytes(host.data, check_hex("6F0E 80021388 820101 8302E103 880118", room, sizeof room));
}

static void read_binary_reads_what_is_there(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00B0000000", SW_NO_FILE_SELECTED},
        {"00B0A00000", SW_WRONG_P1P2}, /* bits that are always 0 */
        {"00B0C10000", SW_WRONG_P1P2},
        {"00B08100", SW_WRONG_LENGTH},
        {"00B0810001 AA 00", SW_WRONG_LENGTH},
        {"00B0800000", SW_NOT_FOUND}, /* short identifiers 0, 31, and of files that are not there */
        {"00B09F0000", SW_NOT_FOUND},
        {"00B0900000", SW_NOT_FOUND},
        {"00B0840000", SW_NOT_FOUND},
        {"00B08F0000", SW_NOT_FOUND},
        {"00B0980000", SW_NOT_FOUND},
        {"00B0920000", SW_OK},
    };
    expect_all(answers, COUNT_OF(answers));
    check_bytes(host.data, span_of(credential, 256));
    assert_int_equal(host_hex(&host, "00B0000100"), SW_OK); /* now it is the current file */
    check_bytes(host.data, span_of(credential + 1, 256));
    assert_int_equal(host_hex(&host, "00B002BB01"), SW_OK);
    assert_int_equal(host_hex(&host, "00B002BB02"), SW_END_OF_FILE);
    check_bytes(host.data, span_of(credential + 699, 1));
    assert_int_equal(host_hex(&host, "00B002BB00"), SW_OK);
    assert_int_equal(host_hex(&host, "00B002BC00"), SW_OFFSET);
    assert_int_equal(host_hex(&host, "00B07FFF00"), SW_OFFSET);
    assert_int_equal(host_hex(&host, "00B0000000 0000"), SW_OK);
    check_bytes(host.data, span_of(credential, sizeof credential));
    assert_int_equal(host_hex(&host, "00B0000000 02BD"), SW_END_OF_FILE);
    assert_int_equal(host_hex(&host, "00B0830000 0000"), SW_OK); /* as much as fits */
    check_bytes(host.data, span_of(photo, CARD_APP_MAX_NE));
    assert_int_equal(host_hex(&host, "00B0830000 0FFF"), SW_OK);
    assert_int_equal(host.data.len, CARD_APP_MAX_NE);
}

static void odd_read_binary_reads_what_is_there(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"00B10000 03 540100 00", SW_NO_FILE_SELECTED},
        {"00B1E103 03 540100", SW_WRONG_LENGTH}, /* no Le */
        {"00B1E103 03 540100 02", SW_WRONG_LENGTH},
        {"00B1E10300", SW_WRONG_LENGTH},
        {"00B1E103 02 5400 00", SW_WRONG_DATA},
        {"00B1E103 03 530100 00", SW_WRONG_DATA},
        {"00B1E103 04 54010000 00", SW_WRONG_DATA},
        {"00B1E103 07 54050000000000 00", SW_WRONG_DATA},
        {"00B1E110 03 540100 00", SW_NOT_FOUND},
        {"00B1001F 03 540100 00", SW_NOT_FOUND},
        {"00B1E103 04 54021388 00", SW_OFFSET},
        {"00B1E103 06 5404FFFFFFFF 00", SW_OFFSET},
        {"00B10003 04 54021387 00", SW_OK},
    };
    expect_all(answers, COUNT_OF(answers));
    assert_int_equal(host.data.len, 3);
    assert_int_equal(host.data.ptr[2], photo[4999]);
    for (uint32_t ne = 3; ne <= CARD_APP_MAX_NE; ne++) { /* as much as Le has room for */
        static const uint8_t offset[] = {0x54, 0x02, 0x00, 0x10};
        const struct apdu read = {
            .ins = 0xB1, .p1 = 0xE1, .p2 = 0x03, .data = span_of(offset, 4), .ne = ne};
        assert_int_equal(host_send(&host, &read), SW_OK);
        struct span value;
        assert_true(tlv_find(host.data, 0x53, &value));
        assert_memory_equal(value.ptr, photo + 16, value.len);
        assert_true(host.data.len <= ne && host.data.len + 1 >= ne);
    }
    assert_int_equal(host_hex(&host, "00B10000 04 54021386 05"), SW_END_OF_FILE);
    assert_int_equal(host.data.len, 4);
    assert_int_equal(host_hex(&host, "00B10000 04 54021386 04"), SW_OK);
}

static void responses_are_fetched_in_parts(void **state)
{
    (void)state;
    uint8_t whole[64];
    uint8_t room[128];
    struct writer w = writer_of(room, sizeof room);
    writer_put(&w, span_of("\x00\x88\x00\x00\x41", 5));
    uint8_t input[65] = {[64] = CARD_PURPOSE_VERIFY};
    writer_put(&w, span_of(input, sizeof input));
    assert_int_equal(host_bytes(&host, writer_span(&w)), SW_MORE + 64); /* no Le */
    assert_int_equal(host.data.len, 0);
    assert_int_equal(host_hex(&host, "00C0000041"), SW_WRONG_LE + 64);
    assert_int_equal(host_hex(&host, "00C0010000"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "00C00000"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "00C0000001 00 00"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "00C000000A"), SW_MORE + 54);
    memcpy(whole, host.data.ptr, 10);
    assert_int_equal(host_hex(&host, "00C0000000"), SW_OK);
    assert_int_equal(host.data.len, 54);
    memcpy(whole + 10, host.data.ptr, 54);
    assert_int_equal(host_hex(&host, "00C0000000"), SW_CONDITIONS);
    writer_be(&w, 0, 1);
    assert_int_equal(host_bytes(&host, writer_span(&w)), SW_OK);
    check_bytes(host.data, span_of(whole, 64)); /* RFC 6979: the same again */
    w.len--;
    assert_int_equal(host_bytes(&host, writer_span(&w)), SW_MORE + 64);
    assert_int_equal(host_hex(&host, "00B0810001"), SW_OK); /* another command drops it */
    assert_int_equal(host_hex(&host, "00C0000000"), SW_CONDITIONS);
}

static void a_warning_stands_behind_the_last_part(void **state)
{
    (void)state;
    host_open(&host, 0x11);
    uint8_t room[2200];
    const struct apdu read = {.ins = 0xB0, .p1 = 0x92, .p2 = 0xFF, .ne = 65535};
    assert_int_equal(host_bytes(&host, host_wrap(&host, &read, room)), SW_END_OF_FILE);
    assert_int_equal(host.data.len, 700 - 255 + 8);
    const struct apdu part = {.ins = 0xB0, .p1 = 0x82, .ne = 66};
    assert_int_equal(host_bytes(&host, host_wrap(&host, &part, room)), SW_MORE + 7);
    assert_int_equal(host_hex(&host, "00C0000007"), SW_END_OF_FILE);
}

static void commands_come_in_chains(void **state)
{
    (void)state;
    assert_int_equal(host_prove(&host), SW_OK);
    assert_int_equal(host_hex(&host, "1088000020 000102030405060708090A0B0C0D0E0F"
                                     "000102030405060708090A0B0C0D0E0F"),
                     SW_OK);
    assert_int_equal(host_hex(&host, "1088000020 000102030405060708090A0B0C0D0E0F"
                                     "000102030405060708090A0B0C0D0E0F"),
                     SW_OK);
    assert_int_equal(host_hex(&host, "0088000001 01 00"), SW_OK);
    uint8_t chained[64];
    memcpy(chained, host.data.ptr, 64);
    assert_int_equal(host_hex(&host, "0088000041 000102030405060708090A0B0C0D0E0F"
                                     "000102030405060708090A0B0C0D0E0F"
                                     "000102030405060708090A0B0C0D0E0F"
                                     "000102030405060708090A0B0C0D0E0F 01 00"),
                     SW_OK);
    check_bytes(host.data, span_of(chained, 64));
}

static void a_chain_that_breaks_is_dropped(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"1088000002 0000", SW_OK},
        {"0088000102 0000 00", SW_CHAIN_BROKEN},
        {"1088000002 0000", SW_OK},
        {"00B0810000", SW_CHAIN_BROKEN},
        {"00B0810000", SW_OK},
        {"1088000002 0000", SW_OK},
        {"00FF0000", SW_INS_UNKNOWN},
        {"0088000002 0000 00", SW_WRONG_LENGTH}, /* it stands alone */
        {"10B0810000", SW_CHAIN_UNKNOWN},
        {"10A40400", SW_CHAIN_UNKNOWN},
        {"94E2800000", SW_CHAIN_UNKNOWN},
        {"1488000001 00", SW_CHAIN_UNKNOWN},
    };
    expect_all(answers, COUNT_OF(answers));
    uint8_t data[1500] = {0};
    const struct apdu part = {.cla = 0x10, .ins = 0x88, .data = span_of(data, sizeof data)};
    assert_int_equal(host_send(&host, &part), SW_OK);
    assert_int_equal(host_send(&host, &part), SW_WRONG_LENGTH); /* more than fits */
    assert_int_equal(host_send(&host, &part), SW_OK);
}

static void only_so_much_fits_a_command(void **state)
{
    (void)state;
    uint8_t data[CARD_APP_MAX_NC + 100] = {0};
    struct apdu command = {
        .ins = CARD_INS_SELECT, .p1 = 0x04, .data = span_of(data, CARD_APP_MAX_NC), .ne = 64};
    assert_int_equal(host_send(&host, &command), SW_NOT_FOUND);
    command.data.len = CARD_APP_MAX_NC + 1; /* more than data may be */
    assert_int_equal(host_send(&host, &command), SW_WRONG_LENGTH);
    command.data.len = CARD_APP_MAX_NC + CARD_BLOCK + SCP03_MAC; /* what a wrapped one may be */
    assert_int_equal(host_send(&host, &command), SW_WRONG_LENGTH);
    command.data.len = sizeof data; /* more than any */
    assert_int_equal(host_send(&host, &command), SW_WRONG_LENGTH);
}

/* A chip may use one buffer for both directions. */
static void the_response_may_replace_the_command(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "00A4040007 F053414B534901 00",   "00B0920000", "00B1E103 03 540100 00", "00C0000000",
        "8050000008 0001020304050607 00", "00FF0000",   "00A4000402 E103 00"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        uint8_t shared[CARD_MAX_COMMAND];
        struct span command = check_hex(commands[i], shared, sizeof shared);
        static struct card_host other;
        host_copy(&other, &host);
        size_t len = card_transmit(&other.card, command, shared);
        uint16_t sw = host_hex(&host, commands[i]);
        assert_int_equal(len, host.data.len + 2);
        assert_memory_equal(shared, host.bytes, len);
        assert_int_equal(sw, shared[len - 2] << 8 | shared[len - 1]);
    }
}

static void the_key_is_proved_for_known_purposes(void **state)
{
    (void)state;
    uint8_t input[65] = {0};
    struct apdu command = {.ins = 0x88, .data = span_of(input, sizeof input), .ne = 256};
    for (unsigned purpose = 0; purpose < 256; purpose++) {
        input[64] = (uint8_t)purpose;
        bool known = purpose == CARD_PURPOSE_VERIFY || purpose == CARD_PURPOSE_ISSUE;
        assert_int_equal(host_send(&host, &command), known ? SW_OK : SW_WRONG_DATA);
    }
    command.data.len--;
    assert_int_equal(host_send(&host, &command), SW_WRONG_LENGTH);
    command.p2 = 1;
    assert_int_equal(host_send(&host, &command), SW_WRONG_P1P2);
}

static void without_a_key_nothing_is_proved(void **state)
{
    (void)state;
    uint8_t input[65] = {[64] = CARD_PURPOSE_VERIFY};
    const struct apdu command = {.ins = 0x88, .data = span_of(input, sizeof input), .ne = 256};
    host_select(&host);
    assert_int_equal(host_send(&host, &command), SW_REFERENCE);
    assert_int_equal(host_hex(&host, "00A4000C02 E102"), SW_NOT_FOUND);
}

static void the_index_says_what_is_there(void **state)
{
    (void)state;
    uint8_t room[64];
    uint8_t wanted[64];
    size_t len = host_read(&host, CARD_APP_INDEX, room, 256);
    check_bytes(span_of(room, len),
                check_hex("01 0F E1020041 E1031388 E11202BC", wanted, sizeof wanted));
}

static void without_contacts_there_is_no_application(void **state)
{
    (void)state;
    card_start(&host.card, &host.native.port, CARD_CONTACTLESS);
    assert_int_equal(host_hex(&host, SELECT_APP "00"), SW_NOT_FOUND);
    assert_int_equal(host_hex(&host, "00B0810000"), SW_CONDITIONS);
    assert_int_equal(host_hex(&host, "8050000008 0001020304050607 00"), SW_CONDITIONS);
}

static void damaged_memory_silences_the_card(void **state)
{
    (void)state;
    host.native.flash[host.card.store.entries[STORE_PAIR].at + FLASH_GRANULE] ^= 1;
    host_restart(&host);
    static const struct answer answers[] = {
        {SELECT_APP "00", SW_MEMORY_FAILURE},
        {"00B0810000", SW_MEMORY_FAILURE},
        {"00", SW_MEMORY_FAILURE},
    };
    expect_all(answers, COUNT_OF(answers));
}

static void memory_that_fails_while_reading_silences_the_card(void **state)
{
    (void)state;
    assert_int_equal(host_hex(&host, "00B0920000"), SW_OK);
    host.native.powered = false;
    assert_int_equal(host_hex(&host, "00B0920000"), SW_MEMORY_FAILURE);
    assert_int_equal(host.data.len, 0);
    host.native.powered = true;
    assert_int_equal(host_hex(&host, "00B0920000"), SW_MEMORY_FAILURE); /* until it is restarted */
    host_restart(&host);
    host_select(&host);
    assert_int_equal(host_hex(&host, "00B0920000"), SW_OK);
}

/* Whatever command first meets flash that does not answer says so, and none works after it. */
static void memory_that_fails_is_told_by_every_command(void **state)
{
    (void)state;
    static const char *const commands[] = {"8050000008 0001020304050607 00", "00B0820000",
                                           "00B1E103 03 540100 00"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        make_full(state);
        host_open(&host, 0x01); /* so that the tries are stored */
        host.native.powered = false;
        assert_int_equal(host_hex(&host, commands[i]), SW_MEMORY_FAILURE);
        host.native.powered = true;
        assert_int_equal(host_hex(&host, commands[i]), SW_MEMORY_FAILURE);
    }
    make_full(state);
    host_open(&host, 0x01);
    host.native.powered = false;
    assert_int_equal(host_put_keys(&host, 0x31, 16, 1), SW_MEMORY_FAILURE);
}

#define CARD_TEST(f) cmocka_unit_test_setup(f, make)
#define FULL_TEST(f) cmocka_unit_test_setup(f, make_full)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(what_is_no_command_is_refused),
        CARD_TEST(only_the_tables_commands_exist),
        CARD_TEST(nothing_works_before_the_application_is_selected),
        CARD_TEST(select_finds_the_application_by_its_whole_name),
        FULL_TEST(files_are_selected_by_identifier),
        FULL_TEST(read_binary_reads_what_is_there),
        FULL_TEST(odd_read_binary_reads_what_is_there),
        FULL_TEST(responses_are_fetched_in_parts),
        FULL_TEST(a_warning_stands_behind_the_last_part),
        FULL_TEST(commands_come_in_chains),
        FULL_TEST(a_chain_that_breaks_is_dropped),
        FULL_TEST(only_so_much_fits_a_command),
        FULL_TEST(the_response_may_replace_the_command),
        FULL_TEST(the_key_is_proved_for_known_purposes),
        CARD_TEST(without_a_key_nothing_is_proved),
        FULL_TEST(the_index_says_what_is_there),
        FULL_TEST(without_contacts_there_is_no_application),
        FULL_TEST(damaged_memory_silences_the_card),
        FULL_TEST(memory_that_fails_while_reading_silences_the_card),
        CARD_TEST(memory_that_fails_is_told_by_every_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
