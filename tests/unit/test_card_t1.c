/* SPDX-License-Identifier: Apache-2.0
 *
 * T=1, block by block: every kind, chains of every size.
 */
#include "t1_scene.h"

static void answers_to_reset(void **state)
{
    (void)state;
    assert_int_equal(t1_atr[0], 0x3B);
    assert_int_equal(lrc(t1_atr + 1, T1_ATR_BYTES - 1), 0);
    assert_int_equal(t1_atr[1] & 0x0F, 5); /* historical bytes */
    assert_int_equal(t1_atr[2], 0x81);     /* TD1: T=1, TD2 follows */
    assert_int_equal(t1_atr[3], 0x31);     /* TD2: T=1; TA3 and TB3, no TC3: LRC */
    assert_int_equal(t1_atr[4], T1_IFSC);  /* TA3 */
}

static void commands_and_responses_alternate(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        send(i % 2 == 0 ? "000004 00A40400" : "004004 00A40400");
        expect_command("00A40400");
        respond("6A82");
        expect(i % 2 == 0 ? "000002 6A82" : "004002 6A82");
    }
}

static void empty_blocks_are_blocks(void **state)
{
    (void)state;
    pair("002000", "009000");
    pair("006001 11", "008000");
    send("000000");
    expect_command("11");
    respond("");
    expect("000000");
    send("004000");
    expect_command("");
}

static void commands_come_in_parts_of_every_size(void **state)
{
    (void)state;
    uint8_t command[ROOM];
    uint8_t block[T1_MAX_BLOCK];
    uint64_t seed = 1;
    check_random_bytes(&seed, command, sizeof command);
    for (size_t size = 1; size <= T1_IFSC; size++) {
        uint8_t ns = 0;
        make(state);
        for (size_t at = 0; at < ROOM; at += size) {
            size_t n = ROOM - at < size ? ROOM - at : size;
            take(part(ns, at + n < ROOM, span_of(command + at, n), block));
            ns ^= 1;
            if (at + n < ROOM) {
                expect(ns != 0 ? "009000" : "008000");
            }
        }
        assert_int_equal(event, T1_COMMAND);
        check_bytes(span_of(t1.room, t1.len), span_of(command, ROOM));
    }
}

static void responses_go_in_parts_of_every_size(void **state)
{
    (void)state;
    uint8_t wanted[ROOM];
    for (unsigned ifsd = 1; ifsd <= T1_IFSC; ifsd++) {
        uint64_t seed = ifsd;
        uint8_t got[ROOM];
        size_t len = 0;
        uint8_t set[5] = {0, 0xC1, 1, (uint8_t)ifsd, (uint8_t)(0xC0 ^ ifsd)};
        make(state);
        take(span_of(set, sizeof set));
        assert_int_equal(answer[1], 0xE1);
        send("000001 00");
        check_random_bytes(&seed, room, ROOM);
        memcpy(wanted, room, ROOM);
        t1_respond(&t1, ROOM);
        answer_len = t1_write(&t1, answer);
        for (unsigned ns = 0;; ns ^= 1) {
            assert_int_equal(answer[1] & 0xDF, ns << 6);
            assert_true(answer[2] <= ifsd);
            memcpy(got + len, answer + 3, answer[2]);
            len += answer[2];
            if ((answer[1] & 0x20) == 0) {
                break;
            }
            assert_int_equal(answer[2], ifsd);
            send(ns == 0 ? "009000" : "008000");
        }
        check_bytes(span_of(got, len), span_of(wanted, ROOM));
    }
}

static void what_has_no_room_is_counted(void **state)
{
    (void)state;
    uint8_t bytes[T1_IFSC] = {0};
    uint8_t block[T1_MAX_BLOCK];
    uint8_t guard[ROOM + 8];
    memset(guard, 0x55, sizeof guard);
    t1_start(&t1, guard, ROOM);
    for (uint8_t i = 0; i < 9; i++) {
        take(part(i & 1, i < 8, span_of(bytes, i == 3 ? 0 : sizeof bytes), block));
    }
    assert_int_equal(event, T1_COMMAND);
    assert_int_equal(t1.len, ROOM + 1);
    for (size_t i = ROOM; i < sizeof guard; i++) {
        assert_int_equal(guard[i], 0x55);
    }
    t1_respond(&t1, 2 * (size_t)ROOM); /* nor does a response grow beyond it */
    assert_int_equal(t1.len, ROOM);
}

static void a_chain_from_the_card_wants_its_acknowledgement(void **state)
{
    (void)state;
    pair("00C101 01", "00E101 01");
    send("000001 B0");
    respond("9000");
    expect("002001 90");
    pair("004001 B0", "009200");
    assert_int_equal(t1.error, T1_BAD_SEQUENCE);
    pair("009000", "004001 00");
}

static void sizes_are_agreed_upon(void **state)
{
    (void)state;
    send("000001 B0");
    memset(room, 7, 64);
    t1_respond(&t1, 64);
    answer_len = t1_write(&t1, answer);
    assert_int_equal(answer[1], 0x20);
    assert_int_equal(answer[2], T1_FIRST_IFSD);
    pair("00C101 FE", "00E101 FE");
    send("008000"); /* the same part, now with all there is */
    assert_int_equal(answer[1], 0x00);
    assert_int_equal(answer[2], 64);
    pair("00C101 10", "00E101 10");
    send("008000");
    assert_int_equal(answer[1], 0x20);
    assert_int_equal(answer[2], 16);
    pair("00C101 20", "00E101 20");
    send("009000"); /* what the reader has are 16 bytes */
    assert_int_equal(answer[1], 0x60);
    assert_int_equal(answer[2], 32);
}

static void everything_begins_again(void **state)
{
    (void)state;
    pair("00C000", "00E000");
    pair("00C101 01", "00E101 01");
    pair("002001 01", "009000");
    pair("00C000", "00E000"); /* in a chain to the card */
    send("000001 B0");
    expect_command("B0");
    memset(room, 3, 40);
    t1_respond(&t1, 40);
    answer_len = t1_write(&t1, answer);
    assert_int_equal(answer[2], T1_FIRST_IFSD); /* sizes, too */
    pair("00C000", "00E000");                   /* in one from it */
    pair("009000", "008200");
    send("000001 B1");
    expect_command("B1");
    t1_ask_time(&t1, 2);
    pair("00C000", "00E000"); /* and while time is asked for: the command never runs */
    pair("00E301 02", "008200");
}

static void chains_are_abandoned(void **state)
{
    (void)state;
    pair("00C200", "00E200"); /* even when there is none */
    pair("002002 1234", "009000");
    pair("00C200", "00E200");
    pair("00C200", "00E200"); /* the answer was lost */
    assert_int_equal(room[0], 0);
    send("004001 B0");
    expect_command("B0");
    respond("9000");
    expect("000002 9000");
    pair("00C101 01", "00E101 01");
    send("000001 B0");
    respond("9000");
    expect("006001 90");
    pair("00C200", "00E200");
    send("004001 B1");
    expect_command("B1");
    respond("");
    expect("000000"); /* numbers go on */
}

static void time_is_asked_for(void **state)
{
    (void)state;
    send("000001 88");
    expect_command("88");
    t1_ask_time(&t1, 5);
    answer_len = t1_write(&t1, answer);
    event = T1_ANSWER;
    expect("00C301 05");
    static const char *const others[] = {"004001 88", "008000",    "009000", "00E301 04",
                                         "00E300",    "00C101 20", "00C200", "00C301 05"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        pair(others[i], "00C301 05"); /* rule 7.3 */
    }
    assert_int_equal(send("00E301 05"), T1_GRANTED);
    check_bytes(span_of(t1.room, t1.len), span_of("\x88", 1));
    respond("9000");
    expect("000002 9000");
    pair("00E301 05", "009200");
    pair("008000", "000002 9000");
}

static void nothing_of_a_command_is_left(void **state)
{
    (void)state;
    send("00000A 00200080 313233343536");
    respond("9000");
    for (size_t i = 2; i < ROOM; i++) {
        assert_int_equal(room[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(answers_to_reset, make),
        cmocka_unit_test_setup(commands_and_responses_alternate, make),
        cmocka_unit_test_setup(empty_blocks_are_blocks, make),
        cmocka_unit_test_setup(commands_come_in_parts_of_every_size, make),
        cmocka_unit_test_setup(responses_go_in_parts_of_every_size, make),
        cmocka_unit_test_setup(what_has_no_room_is_counted, make),
        cmocka_unit_test_setup(a_chain_from_the_card_wants_its_acknowledgement, make),
        cmocka_unit_test_setup(sizes_are_agreed_upon, make),
        cmocka_unit_test_setup(everything_begins_again, make),
        cmocka_unit_test_setup(chains_are_abandoned, make),
        cmocka_unit_test_setup(time_is_asked_for, make),
        cmocka_unit_test_setup(nothing_of_a_command_is_left, make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
