/* SPDX-License-Identifier: Apache-2.0
 *
 * The messages of the reader, each with its exact answer, whatever is wrong with it.
 */
#include "check.h"
#include "link/ccid.h"

enum { ROOM = 600 };

static struct ccid ccid;
static uint8_t room[ROOM];
static unsigned powered, unpowered, commands;
static uint8_t times;

static void power(void *context, bool on)
{
    assert_ptr_equal(context, &ccid);
    powered += on;
    unpowered += !on;
}

/* Answers with the command's first two bytes, after as many zeros as its third says. */
static size_t transmit(void *context, uint8_t *bytes, size_t len)
{
    assert_ptr_equal(context, &ccid);
    assert_ptr_equal(bytes, room);
    assert_true(len <= ROOM);
    size_t more = bytes[2];
    commands++;
    memset(bytes + 2, 0, ROOM - 2);
    return 2 + more;
}

static uint8_t patience(void *context, struct span command)
{
    assert_ptr_equal(context, &ccid);
    assert_ptr_equal(command.ptr, room);
    return times;
}

static const struct ccid_icc icc = {&ccid, power, transmit, patience};

static size_t send(struct span message)
{
    size_t n = message.len < CCID_MAX_MESSAGE ? message.len : CCID_MAX_MESSAGE;
    if (n != 0) {
        memcpy(ccid.message, message.ptr, n);
    }
    return ccid_answer(&ccid, message.len);
}

static void expect(const char *message, const char *wanted)
{
    uint8_t bytes[CCID_MAX_MESSAGE];
    uint8_t answer[CCID_MAX_MESSAGE];
    size_t len = send(check_hex(message, bytes, sizeof bytes));
    struct span w = check_hex(wanted, answer, sizeof answer);
    if (!span_equal(span_of(ccid.message, len), w)) {
        print_error("to %s: not %s but", message, wanted);
        for (size_t i = 0; i < len; i++) {
            print_error(" %02X", ccid.message[i]);
        }
        print_error("\n");
    }
    check_bytes(span_of(ccid.message, len), w);
    for (size_t i = len; len != 0 && i < CCID_MAX_MESSAGE; i++) {
        assert_int_equal(ccid.message[i], 0); /* nothing of the message is left */
    }
}

static int make(void **state)
{
    (void)state;
    powered = unpowered = commands = 0;
    times = 0;
    ccid_start(&ccid, &icc, room, sizeof room);
    return 0;
}

static void power_on(void)
{
    expect("62 00000000 00 01 000000", "80 0C000000 00 01 000000 3B858131FE45807394 01C028");
}

static int make_powered(void **state)
{
    make(state);
    power_on();
    return 0;
}

#define PARAMETERS "11100045 00FE00"

static void the_card_gets_power_and_loses_it(void **state)
{
    (void)state;
    expect("65 00000000 00 07 000000", "81 00000000 00 07 010001");
    power_on();
    expect("65 00000000 00 08 000000", "81 00000000 00 08 000000");
    expect("62 00000000 00 01 010000", "80 0C000000 00 01 000000 3B858131FE45807394 01C028");
    expect("62 00000000 00 01 030000", "80 0C000000 00 01 000000 3B858131FE45807394 01C028");
    expect("62 00000000 00 01 040000", "80 00000000 00 01 400700");
    assert_int_equal(powered, 3);
    expect("63 00000000 00 02 000000", "81 00000000 00 02 010001");
    expect("63 00000000 00 03 000000", "81 00000000 00 03 010001");
    assert_int_equal(unpowered, 1);
}

static void the_card_is_pulled_and_put_in(void **state)
{
    (void)state;
    ccid_insert(&ccid, false);
    assert_int_equal(unpowered, 1);
    expect("65 00000000 00 01 000000", "81 00000000 00 01 020001");
    expect("62 00000000 00 02 000000", "80 00000000 00 02 42FE00");
    expect("63 00000000 00 03 000000", "81 00000000 00 03 020001");
    expect("6F 04000000 00 04 000000 00C000C0", "80 00000000 00 04 42FE00");
    expect("6C 00000000 00 05 000000", "82 00000000 00 05 42FE01");
    ccid_insert(&ccid, true);
    expect("65 00000000 00 06 000000", "81 00000000 00 06 010001");
    power_on();
}

static void without_power_the_card_is_mute(void **state)
{
    (void)state;
    expect("6F 04000000 00 01 000000 00C000C0", "80 00000000 00 01 41FE00");
    expect("6C 00000000 00 02 000000", "82 00000000 00 02 41FE01");
    expect("6D 00000000 00 03 000000", "82 00000000 00 03 41FE01");
    expect("61 07000000 00 04 010000 " PARAMETERS, "82 00000000 00 04 41FE01");
    assert_int_equal(commands, 0);
}

static void commands_reach_the_card(void **state)
{
    (void)state;
    expect("6F 05000000 00 01 000000 00C101FE3E", "80 05000000 00 01 000000 00E101FE1E");
    expect("6F 07000000 00 02 000000 000003 900000 93", "80 06000000 00 02 000000 000002 9000 92");
    expect("6F 07000000 00 03 050000 004003 900003 D0",
           "80 09000000 00 03 000000 004005 9000000000 D5");
    expect("6F 04000000 00 04 000000 00C000C1", "80 04000000 00 04 000000 008100 81");
    expect("6F 01000000 00 05 000000 00", "80 04000000 00 05 000000 008100 81");
    expect("6F 00000000 00 06 000000", "80 00000000 00 06 400100");
    expect("6F 04000000 00 07 000100 00C000C0", "80 00000000 00 07 400800");
    expect("6F 04000000 00 08 000001 00C000C0", "80 00000000 00 08 400800");
    assert_int_equal(commands, 2);
    power_on(); /* numbers begin anew */
    expect("6F 07000000 00 02 000000 000003 900000 93", "80 06000000 00 02 000000 000002 9000 92");
}

static void commands_without_room_are_answered_for_the_card(void **state)
{
    (void)state;
    uint8_t block[CCID_HEAD + T1_MAX_BLOCK] = {0x6F, 0x02, 0x01, 0, 0, 0, 1};
    times = 3; /* nor is time asked for */
    for (uint8_t i = 0; i < 3; i++) {
        block[11] = (uint8_t)((i & 1) << 6 | (i < 2 ? 0x20 : 0));
        block[12] = T1_IFSC;
        block[sizeof block - 1] = block[11] ^ block[12];
        assert_int_equal(send(span_of(block, sizeof block)), i < 2 ? 14 : 16);
    }
    assert_int_equal(ccid.message[13], 0x67);
    assert_int_equal(ccid.message[14], 0x00);
    assert_int_equal(commands, 0);
}

static void the_card_asks_for_time(void **state)
{
    (void)state;
    uint8_t message[CCID_HEAD];
    uint8_t wanted[CCID_HEAD];
    times = 9;
    expect("6F 07000000 00 01 000000 000003 900000 93", "80 05000000 00 01 000000 00C30109CB");
    assert_int_equal(commands, 0);
    expect("6F 05000000 00 22 090000 00E30109EB", "80 06000000 00 22 000000 000002 9000 92");
    assert_int_equal(commands, 1);
    ccid_more_time(&ccid, 3, message);
    check_bytes(span_of(message, sizeof message),
                check_hex("80 00000000 00 22 800300", wanted, sizeof wanted));
}

static void parameters_are_what_they_are(void **state)
{
    (void)state;
    static const uint8_t offsets[] = {10, 11, 12, 13, 14, 15, 16};
    expect("6C 00000000 00 01 000000", "82 07000000 00 01 000001" PARAMETERS);
    expect("6D 00000000 00 02 000000", "82 07000000 00 02 000001" PARAMETERS);
    expect("61 07000000 00 03 010000 " PARAMETERS, "82 07000000 00 03 000001" PARAMETERS);
    expect("61 05000000 00 04 000000 1100000A00", "82 00000000 00 04 400701"); /* T=0 */
    expect("61 05000000 00 05 010000 1100000A00", "82 00000000 00 05 400101");
    expect("61 08000000 00 06 010000 " PARAMETERS "00", "82 00000000 00 06 400101");
    expect("61 07000000 00 07 010000 11110045 00FE00", "82 00000000 00 07 400B01"); /* CRC */
    for (size_t i = 0; i < sizeof offsets; i++) {
        uint8_t message[17];
        check_hex("61 07000000 00 08 010000 " PARAMETERS, message, sizeof message);
        message[offsets[i]] ^= 0x20;
        assert_int_equal(send(span_of(message, sizeof message)), CCID_HEAD);
        assert_int_equal(ccid.message[7], CCID_FAILED);
        assert_int_equal(ccid.message[8], offsets[i]);
    }
}

static void rates_are_what_they_are(void **state)
{
    (void)state;
    expect("73 08000000 00 01 000000 A00F0000 012A0000",
           "84 08000000 00 01 000000 A00F0000 012A0000");
    expect("73 08000000 00 02 000000 A10F0000 012A0000", "84 00000000 00 02 400A00");
    expect("73 08000000 00 03 000000 A00F0000 002A0000", "84 00000000 00 03 400E00");
    expect("73 07000000 00 04 000000 A00F0000 012A00", "84 00000000 00 04 400100");
}

static void escapes_are_few(void **state)
{
    (void)state;
    expect("6B 01000000 00 01 000000 02", "83 07000000 00 01 000000 53414B53492D31");
    expect("6B 03000000 00 02 000000 010101", "83 00000000 00 02 000000");
    expect("6B 01000000 00 03 000000 03", "83 00000000 00 03 400A00");
    expect("6B 00000000 00 04 000000", "83 00000000 00 04 400100");
}

static void what_is_not_supported_says_so(void **state)
{
    (void)state;
    expect("69 01000000 00 01 000000 00", "80 00000000 00 01 400000");
    expect("6A 00000000 00 02 000000", "81 00000000 00 02 400000");
    expect("6E 00000000 00 03 000000", "81 00000000 00 03 400000");
    expect("71 00000000 00 04 000000", "81 00000000 00 04 400000");
}

static bool is_known(unsigned type)
{
    static const uint8_t known[] = {0x61, 0x62, 0x63, 0x65, 0x69, 0x6A, 0x6B,
                                    0x6C, 0x6D, 0x6E, 0x6F, 0x71, 0x72, 0x73};
    return memchr(known, (int)type, sizeof known) != NULL;
}

static void other_messages_are_not_known(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        uint8_t message[CCID_HEAD] = {(uint8_t)type, 0, 0, 0, 0, 0, 0x5A};
        size_t len = send(span_of(message, sizeof message));
        assert_true(len >= CCID_HEAD);
        bool refused = ccid.message[0] == CCID_SLOT_STATUS && ccid.message[7] >> 6 == 1 &&
                       ccid.message[8] == 0;
        bool unsupported = type == CCID_T0_APDU || type == CCID_CLOCK || type == CCID_MECHANICAL;
        assert_int_equal(refused, !is_known(type) || unsupported);
        assert_int_equal(ccid.message[6], 0x5A);
    }
}

static void other_slots_are_not_there(void **state)
{
    (void)state;
    for (unsigned type = 0x60; type < 0x76; type++) {
        uint8_t message[CCID_HEAD] = {(uint8_t)type, 0, 0, 0, 0, 1, 0x5A};
        if (is_known(type)) {
            assert_int_equal(send(span_of(message, sizeof message)), CCID_HEAD);
            assert_int_equal(ccid.message[7], CCID_ICC_ABSENT | CCID_FAILED);
            assert_int_equal(ccid.message[8], CCID_BAD_SLOT);
        }
    }
    assert_int_equal(powered, 1);
}

static void lengths_are_right(void **state)
{
    (void)state;
    uint8_t message[CCID_MAX_MESSAGE + 1];
    static const char *const whole[] = {
        "62 00000000 00 01 000000",          "63 00000000 00 01 000000",
        "65 00000000 00 01 000000",          "6C 00000000 00 01 000000",
        "6D 00000000 00 01 000000",          "72 00000000 00 01 000000",
        "6F 04000000 00 01 000000 00C000C0", ("61 07000000 00 01 010000 " PARAMETERS),
        "6B 01000000 00 01 000000 02",       "73 08000000 00 01 000000 A00F0000 012A0000"};
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        size_t len = check_hex(whole[i], message, sizeof message).len;
        for (size_t n = 0; n <= len + 1; n++) {
            make_powered(state);
            check_hex(whole[i], message, sizeof message);
            message[len] = 0;
            size_t answer = send(span_of(message, n));
            assert_int_equal(answer >= CCID_HEAD, n >= CCID_HEAD);
            if (n >= CCID_HEAD && n != len) {
                assert_int_equal(ccid.message[7], CCID_FAILED);
                assert_int_equal(ccid.message[8], CCID_BAD_LENGTH);
            }
        }
    }
    expect("62 01000000 00 01 000000 00", "80 00000000 00 01 400100");
    expect("65 00000001 00 01 000000", "81 00000000 00 01 400100");
    memset(message, 0, sizeof message);
    check_hex("6F 06010000 00 01 000000", message, sizeof message);
    assert_int_equal(send(span_of(message, sizeof message)), CCID_HEAD); /* one too many */
    assert_int_equal(ccid.message[8], CCID_BAD_LENGTH);
}

static void aborts_without_a_control_pipe_are_done(void **state)
{
    (void)state;
    expect("72 00000000 00 01 000000", "81 00000000 00 01 000000");
    expect("65 00000000 00 02 000000", "81 00000000 00 02 000000");
}

static void aborts_need_both_pipes(void **state)
{
    (void)state;
    ccid.has_control = true;
    expect("72 00000000 00 01 000000", "");
    assert_int_equal(ccid_control_abort(&ccid, 1, 1), 0); /* no such slot */
    assert_int_equal(ccid_control_abort(&ccid, 0, 1), CCID_HEAD);
    assert_int_equal(ccid.message[0], CCID_SLOT_STATUS);
    assert_int_equal(ccid_control_abort(&ccid, 0, 5), 0);
    expect("65 00000000 00 03 000000", "81 00000000 00 03 40FF00");
    expect("6F 04000000 00 04 000000 00C000C0", "80 00000000 00 04 40FF00");
    expect("72 00000000 00 04 000000", "81 00000000 00 04 40FF00"); /* another one */
    expect("72 00000000 00 05 000000", "81 00000000 00 05 000000");
    expect("65 00000000 00 06 000000", "81 00000000 00 06 000000");
    expect("72 00000000 00 07 000000", ""); /* a host that goes on without it */
    expect("65 00000000 00 08 000000", "81 00000000 00 08 000000");
    assert_int_equal(ccid_control_abort(&ccid, 0, 7), 0);
}

/* Any bit of a message is another: the answer has the length that it says, and to its bSeq. */
static void any_answer(struct span message, void *context)
{
    make_powered(context);
    size_t len = send(message);
    const uint8_t *m = ccid.message;
    assert_in_range(len, CCID_HEAD, CCID_MAX_MESSAGE);
    assert_int_equal(m[1] | m[2] << 8 | m[3] << 16, len - CCID_HEAD);
    assert_in_range(m[0], CCID_DATA_BLOCK, CCID_RATE_IS);
    assert_int_equal(m[6], message.ptr[6]);
    assert_true((m[7] & 0xC0) == 0 || (m[7] & 0xC0) == CCID_FAILED);
    assert_int_equal(commands, 0);
}

static void flips_are_answered(void **state)
{
    (void)state;
    static const char *const whole[] = {
        "62 00000000 00 01 000000", "6F 05000000 00 01 000000 00C101FE3E",
        ("61 07000000 00 01 010000 " PARAMETERS), "6B 03000000 00 01 000000 010101"};
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        uint8_t message[32];
        check_bit_flips(check_hex(whole[i], message, sizeof message), any_answer, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_card_gets_power_and_loses_it, make),
        cmocka_unit_test_setup(the_card_is_pulled_and_put_in, make_powered),
        cmocka_unit_test_setup(without_power_the_card_is_mute, make),
        cmocka_unit_test_setup(commands_reach_the_card, make_powered),
        cmocka_unit_test_setup(commands_without_room_are_answered_for_the_card, make_powered),
        cmocka_unit_test_setup(the_card_asks_for_time, make_powered),
        cmocka_unit_test_setup(parameters_are_what_they_are, make_powered),
        cmocka_unit_test_setup(rates_are_what_they_are, make_powered),
        cmocka_unit_test_setup(escapes_are_few, make_powered),
        cmocka_unit_test_setup(what_is_not_supported_says_so, make_powered),
        cmocka_unit_test_setup(other_messages_are_not_known, make_powered),
        cmocka_unit_test_setup(other_slots_are_not_there, make_powered),
        cmocka_unit_test_setup(lengths_are_right, make_powered),
        cmocka_unit_test_setup(aborts_without_a_control_pipe_are_done, make_powered),
        cmocka_unit_test_setup(aborts_need_both_pipes, make_powered),
        cmocka_unit_test_setup(flips_are_answered, make_powered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
