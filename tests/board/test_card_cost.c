/* SPDX-License-Identifier: Apache-2.0
 *
 * What the card's signatures cost on an emulated board, and that they cost the same whatever the
 * key and the digest: instructions, counted by the emulator (cost.c).
 *   test_card_cost BOARD FOLDER-OF-IMAGES
 */
#include "board_scene.h"

#include <unistd.h>

struct cost {
    uint32_t sign[2]; /* ticks, and polls to the next one */
    uint32_t both[2];
    uint32_t good;
};

static struct cost measure(void)
{
    uint8_t bytes[20];
    const uint8_t go = 1;
    assert_int_equal(write(run.line, &go, 1), 1);
    board_read_exactly(&run, bytes, sizeof bytes);
    struct reader r = reader_of(span_of(bytes, sizeof bytes));
    struct cost cost;
    cost.sign[0] = (uint32_t)reader_be(&r, 4);
    cost.sign[1] = (uint32_t)reader_be(&r, 4);
    cost.both[0] = (uint32_t)reader_be(&r, 4);
    cost.both[1] = (uint32_t)reader_be(&r, 4);
    cost.good = (uint32_t)reader_be(&r, 4);
    return cost;
}

/* With -icount shift=0 an instruction is a nanosecond. */
static uint32_t instructions(uint32_t ticks)
{
    return (uint32_t)((uint64_t)ticks * 1000 / run.kind->clock_mhz);
}

/* The polls tell instructions apart within a tick; where a tick is no whole number of instructions
 * (62.5 on the micro:bit) a tick more or less is the emulator's rounding. */
static bool same(const uint32_t a[2], const uint32_t b[2])
{
    uint32_t more = a[0] > b[0] ? a[0] - b[0] : b[0] - a[0];
    return 1000 % run.kind->clock_mhz == 0 ? more == 0 && a[1] == b[1] : more <= 1;
}

struct range {
    uint32_t least;
    uint32_t most;
};

static void widen(struct range *range, uint32_t ticks)
{
    range->least = ticks < range->least ? ticks : range->least;
    range->most = ticks > range->most ? ticks : range->most;
}

static void report(const char *what, const struct range *range)
{
    printf("  %s: %s takes %u to %u instructions\n", run.kind->name, what,
           instructions(range->least), instructions(range->most));
}

/* Many keys are needed: what depends on eight bits of a secret being zero shows once in 256.
 * Verifying knows no secret, and may take what it likes. */
static void test_signing_always_costs_the_same(void **state)
{
    (void)state;
    unsigned n = times(5, 1500);
    unsigned others = 0;
    struct cost first = measure();
    struct range sign = {first.sign[0], first.sign[0]};
    struct range both = {first.both[0], first.both[0]};
    for (unsigned i = 1; i < n; i++) {
        struct cost next = measure();
        assert_int_equal(next.good, 1);
        others += !same(next.sign, first.sign);
        widen(&sign, next.sign[0]);
        widen(&both, next.both[0]);
    }
    printf("  %s: %u keys and digests\n", run.kind->name, n);
    report("signing", &sign);
    report("signing and the check of it", &both);
    assert_int_equal(others, 0);
    if (strcmp(run.kind->name, "an386") == 0) {
        assert_true(instructions(sign.most) <= 6000000);
        assert_true(instructions(both.most) <= 18000000);
    }
}

static int set_up_counted(void **state)
{
    (void)state;
    make_board();
    run.counts = true;
    board_start(&run, "cost");
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_signing_always_costs_the_same)};
    int status = choose_board(argc, argv);
    return status != 0 ? status : cmocka_run_group_tests(tests, set_up_counted, tear_down);
}
