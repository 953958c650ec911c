/* SPDX-License-Identifier: Apache-2.0
 *
 * T=1, block by block: every kind, every error and what is sent after it, chains of every size.
 */
#include "check.h"
#include "link/t1.h"

enum { ROOM = 700 };

static struct t1 t1;
static uint8_t room[ROOM];
static uint8_t answer[T1_MAX_BLOCK];
static size_t answer_len;
static enum t1_event event;

static int make(void **state)
{
    (void)state;
    memset(room, 0xAA, sizeof room);
    t1_start(&t1, room, sizeof room);
    return 0;
}

static uint8_t lrc(const uint8_t *bytes, size_t len)
{
    uint8_t x = 0;
    for (size_t i = 0; i < len; i++) {
        x ^= bytes[i];
    }
    return x;
}

static enum t1_event take(struct span block)
{
    uint8_t *copy = check_heap_copy(block);
    event = t1_take(&t1, span_of(copy, block.len));
    free(copy);
    if (event == T1_ANSWER) {
        answer_len = t1_write(&t1, answer);
    }
    return event;
}

/* A block without its LRC, in hexadecimal. */
static enum t1_event send(const char *hex)
{
    uint8_t block[T1_MAX_BLOCK + 1];
    size_t len = check_hex(hex, block, T1_MAX_BLOCK).len;
    block[len] = lrc(block, len);
    return take(span_of(block, len + 1));
}

static void expect(const char *hex)
{
    uint8_t wanted[T1_MAX_BLOCK + 1];
    size_t len = check_hex(hex, wanted, T1_MAX_BLOCK).len;
    wanted[len] = lrc(wanted, len);
    assert_int_equal(event, T1_ANSWER);
    check_bytes(span_of(answer, answer_len), span_of(wanted, len + 1));
}

static void expect_command(const char *hex)
{
    uint8_t wanted[ROOM];
    assert_int_equal(event, T1_COMMAND);
    check_bytes(span_of(t1.room, t1.len), check_hex(hex, wanted, sizeof wanted));
}

static void respond(const char *hex)
{
    t1_respond(&t1, check_hex(hex, room, sizeof room).len);
    answer_len = t1_write(&t1, answer);
    event = T1_ANSWER;
}

static void pair(const char *block, const char *wanted)
{
    send(block);
    expect(wanted);
}

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

static struct span part(uint8_t ns, bool more, struct span inf, uint8_t *block)
{
    block[0] = 0;
    block[1] = (uint8_t)(ns << 6 | (more ? 0x20 : 0));
    block[2] = (uint8_t)inf.len;
    memcpy(block + 3, inf.ptr, inf.len);
    block[3 + inf.len] = lrc(block, 3 + inf.len);
    return span_of(block, 4 + inf.len);
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

/* Each block is asked for once more, at every place of a chain. */
static void what_was_sent_is_sent_again(void **state)
{
    (void)state;
    pair("00C101 02", "00E101 02");
    pair("002001 00", "009000");
    pair("008000", "009000");    /* the acknowledgement did not arrive */
    pair("008001 00", "009000"); /* nor is an R-block with information understood */
    send("004001 A4");
    expect_command("00A4");
    respond("0102 0304 05");
    expect("002002 0102");
    pair("008100", "002002 0102");
    pair("008200", "002002 0102");
    pair("008000", "002002 0102");
    pair("009000", "006002 0304");
    pair("009100", "006002 0304");
    pair("008000", "000001 05");
    pair("008000", "000001 05");
    pair("009000", "008200"); /* there is no next one */
    pair("009000", "008200");
    pair("008000", "000001 05");
    send("000001 B0");
    expect_command("B0");
}

struct wrong {
    const char *block;
    enum t1_error error;
};

static const struct wrong wrongs[] = {
    {"", T1_BAD_LENGTH},
    {"00", T1_BAD_LENGTH},
    {"0000", T1_BAD_LENGTH},
    {"000000", T1_BAD_LENGTH},
    {"000001 01", T1_BAD_LENGTH},
    {"000000 0000", T1_BAD_LENGTH},
    {"000001 AA 00", T1_BAD_CODE},
    {"00C000 C1", T1_BAD_CODE},
    {"100000 10", T1_BAD_NAD},
    {"010000 01", T1_BAD_NAD},
    {"800000 80", T1_BAD_NAD},
    {"210001 AA 8A", T1_BAD_NAD},
    {"000100 01", T1_BAD_PCB},
    {"001000 10", T1_BAD_PCB},
    {"00A000 A0", T1_BAD_PCB},
    {"008300 83", T1_BAD_PCB},
    {"008400 84", T1_BAD_PCB},
    {"008800 88", T1_BAD_PCB},
    {"00C400 C4", T1_BAD_PCB},
    {"00D000 D0", T1_BAD_PCB},
    {"00E400 E4", T1_BAD_PCB},
    {"00C301 01 C3", T1_BAD_PCB}, /* the card's to ask for */
    {"008001 00 81", T1_BAD_INF},
    {"00C001 00 C1", T1_BAD_INF},
    {"00C100 C1", T1_BAD_INF},
    {"00C102 2020 C3", T1_BAD_INF},
    {"00C101 00 C0", T1_BAD_INF},
    {"00C101 FF 3F", T1_BAD_INF},
    {"00C201 00 C3", T1_BAD_INF},
    {"00C300 C3", T1_BAD_INF},
    {"00E300 E3", T1_BAD_INF},
    {"004000 40", T1_BAD_SEQUENCE},
    {"008000 80", T1_BAD_SEQUENCE}, /* nothing was sent that could be asked for */
    {"009000 90", T1_BAD_SEQUENCE},
    {"00E000 E0", T1_BAD_SEQUENCE}, /* answers to nothing */
    {"00E101 20 C0", T1_BAD_SEQUENCE},
    {"00E200 E2", T1_BAD_SEQUENCE},
    {"00E301 01 E3", T1_BAD_SEQUENCE},
};

static void errors_have_names_and_are_answered(void **state)
{
    for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
        uint8_t block[16];
        make(state);
        take(check_hex(wrongs[i].block, block, sizeof block));
        if (t1.error != wrongs[i].error) {
            print_error("%s\n", wrongs[i].block);
        }
        assert_int_equal(t1.error, wrongs[i].error);
        expect(wrongs[i].error == T1_BAD_CODE ? "008100" : "008200");
        take(check_hex("0000", block, sizeof block)); /* 7.2: the same again */
        expect(wrongs[i].error == T1_BAD_CODE ? "008100" : "008200");
        send("000001 B0"); /* and nothing has changed */
        expect_command("B0");
    }
}

static void blocks_longer_than_any_are_refused(void **state)
{
    (void)state;
    uint8_t block[3 + 255 + 2] = {0, 0, 0xFF};
    block[3 + 255] = 0xFF;
    take(span_of(block, 4 + 255));
    assert_int_equal(t1.error, T1_BAD_LENGTH);
    expect("008200");
}

static void errors_within_a_chain_do_not_end_it(void **state)
{
    (void)state;
    pair("002001 01", "009000");
    for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
        uint8_t block[16];
        struct span bytes = check_hex(wrongs[i].block, block, sizeof block);
        if (wrongs[i].error != T1_BAD_SEQUENCE || bytes.ptr[1] >= 0x80) {
            take(bytes);
            expect("009000"); /* what asked for the next part asks for it again */
        }
    }
    pair("002001 01", "009000"); /* the first part, once more, is not another one */
    assert_int_equal(t1.error, T1_BAD_SEQUENCE);
    send("004001 02");
    expect_command("0102");
    respond("9000");
    pair("004001 02", "008200"); /* a command is not run twice */
    pair("008000", "000002 9000");
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

static void never_a_command(struct span block, void *context)
{
    (void)context;
    make(NULL);
    assert_int_equal(take(block), T1_ANSWER);
    assert_true(t1.error == T1_BAD_LENGTH || t1.error == T1_BAD_CODE);
    expect(t1.error == T1_BAD_CODE ? "008100" : "008200");
}

static void parts_and_flips_are_refused(void **state)
{
    (void)state;
    static const char *const blocks[] = {"000005 00B08100 00 34",
                                         "002003 00A404 83",
                                         "00C101 FE 3E",
                                         "00C000 C0",
                                         "00C200 C2",
                                         "008000 80"};
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        uint8_t room_[32];
        struct span block = check_hex(blocks[i], room_, sizeof room_);
        check_prefixes(block, never_a_command, NULL);
        check_bit_flips(block, never_a_command, NULL);
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
        cmocka_unit_test_setup(what_was_sent_is_sent_again, make),
        cmocka_unit_test_setup(errors_have_names_and_are_answered, make),
        cmocka_unit_test_setup(blocks_longer_than_any_are_refused, make),
        cmocka_unit_test_setup(errors_within_a_chain_do_not_end_it, make),
        cmocka_unit_test_setup(a_chain_from_the_card_wants_its_acknowledgement, make),
        cmocka_unit_test_setup(sizes_are_agreed_upon, make),
        cmocka_unit_test_setup(everything_begins_again, make),
        cmocka_unit_test_setup(chains_are_abandoned, make),
        cmocka_unit_test_setup(time_is_asked_for, make),
        cmocka_unit_test_setup(nothing_of_a_command_is_left, make),
        cmocka_unit_test_setup(parts_and_flips_are_refused, make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
