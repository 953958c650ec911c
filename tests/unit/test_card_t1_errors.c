/* SPDX-License-Identifier: Apache-2.0
 *
 * T=1: what is wrong with a block, and what is sent after it; what is sent again.
 */
#include "t1_scene.h"

/* An acknowledgement that did not arrive, and an R-block with information, which is none. */
static void acknowledgements_are_sent_again(void **state)
{
    (void)state;
    pair("002001 00", "009000");
    pair("008000", "009000");
    pair("008001 00", "009000");
    send("004001 A4");
    expect_command("00A4");
}

/* Each block of the card's chain, as often as it is asked for. */
static void blocks_of_a_response_are_sent_again(void **state)
{
    (void)state;
    pair("00C101 02", "00E101 02");
    send("000001 A4");
    expect_command("A4");
    respond("0102 0304 05");
    expect("002002 0102");
    pair("008100", "002002 0102");
    pair("008200", "002002 0102");
    pair("008000", "002002 0102");
    pair("009000", "006002 0304");
    pair("009100", "006002 0304");
    pair("008000", "000001 05");
    pair("008000", "000001 05");
}

static void behind_the_last_block_there_is_none(void **state)
{
    (void)state;
    send("000001 A4");
    expect_command("A4");
    respond("9000");
    expect("000002 9000");
    pair("009000", "009200");
    pair("009000", "009200");
    pair("008000", "000002 9000");
    send("004001 B0");
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
        uint8_t block[16] = {0};
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
        cmocka_unit_test_setup(acknowledgements_are_sent_again, make),
        cmocka_unit_test_setup(blocks_of_a_response_are_sent_again, make),
        cmocka_unit_test_setup(behind_the_last_block_there_is_none, make),
        cmocka_unit_test_setup(errors_have_names_and_are_answered, make),
        cmocka_unit_test_setup(blocks_longer_than_any_are_refused, make),
        cmocka_unit_test_setup(errors_within_a_chain_do_not_end_it, make),
        cmocka_unit_test_setup(parts_and_flips_are_refused, make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
