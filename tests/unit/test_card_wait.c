/* SPDX-License-Identifier: Apache-2.0
 *
 * Guessing at the keys of the secure channel takes time: how long the card waits before it
 * compares, after how many wrong tries, and that neither power nor another command gets around it.
 */
#include "piv_host.h"

static struct card_host host;

static int make(void **state)
{
    (void)state;
    host_make(&host, 71);
    return 0;
}

/* Ahead of a comparison, after so many wrong ones. */
static const uint32_t delays_ms[] = {0, 0, 100, 200, 400, 800, 1600, 3200, 3200, 3200};

static const char no_cryptogram[] = "8482010010 00010203040506070001020304050607";

static uint32_t delay_after(unsigned wrong)
{
    return wrong < COUNT_OF(delays_ms) ? delays_ms[wrong] : 3200;
}

/* One EXTERNAL AUTHENTICATE with a cryptogram that is right or not; *ret_ms is how long the card
 * waited in it. */
static uint16_t try_keys(bool right, uint32_t *ret_ms)
{
    uint64_t before = host.native.waited_in_all_ms;
    unsigned waits = host.native.waits;
    assert_int_equal(host_challenge(&host), SW_OK);
    assert_int_equal(host.native.waits, waits); /* that costs nothing */
    host.host_cryptogram[3] ^= right ? 0 : 0x40;
    host_authenticate(&host, 0x03);
    *ret_ms = (uint32_t)(host.native.waited_in_all_ms - before);
    assert_int_equal(host.native.waits, waits + (*ret_ms != 0)); /* at one go */
    return host.sw;
}

static void expect_wrong(uint32_t wanted_ms)
{
    uint32_t ms;
    assert_int_equal(try_keys(false, &ms), SW_AUTHENTICATION_FAILED);
    assert_int_equal(ms, wanted_ms);
    assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
}

static void expect_right(uint32_t wanted_ms)
{
    uint32_t ms;
    assert_int_equal(try_keys(true, &ms), SW_OK);
    assert_int_equal(ms, wanted_ms);
    assert_int_equal(host.card.channel.phase, SCP03_OPEN);
}

static uint8_t tries_left(void)
{
    uint8_t tries = SCP03_TRIES;
    if (store_length(&host.card.store, STORE_TRIES) != 0) {
        assert_true(store_read(&host.card.store, STORE_TRIES, 0, &tries, 1));
    }
    return tries;
}

static void each_wrong_try_makes_the_next_one_wait(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned wrong = 0; wrong < SCP03_TRIES; wrong++) {
        expect_wrong(delay_after(wrong));
    }
    assert_int_equal(host.native.waited_in_all_ms, 185500);
    unsigned waits = host.native.waits;
    assert_int_equal(host_challenge(&host), SW_BLOCKED); /* and nothing is left to wait for */
    assert_int_equal(host_hex(&host, no_cryptogram), SW_CONDITIONS);
    assert_int_equal(host.native.waits, waits);
}

static void a_right_one_waits_as_well_and_ends_it(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned wrong = 0; wrong < SCP03_TRIES; wrong++) {
        for (unsigned i = 0; i < wrong; i++) {
            expect_wrong(delay_after(i));
        }
        expect_right(delay_after(wrong));
        assert_int_equal(tries_left(), SCP03_TRIES);
    }
    expect_wrong(0);
    expect_wrong(0);
    expect_wrong(100);
}

static void no_loss_of_power_gets_around_it(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < SCP03_TRIES; wrong++) {
        host_restart(&host);
        host_select(&host);
        expect_wrong(delay_after(wrong));
    }
    host_restart(&host);
    host_select(&host);
    assert_int_equal(host_challenge(&host), SW_BLOCKED);
}

/* The power goes while the card waits, or its clock stands still: nothing was compared, no try was
 * spent, and the next one waits as long. */
static void a_wait_that_does_not_end_compares_nothing(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 4; i++) {
        expect_wrong(delay_after(i));
    }
    for (unsigned i = 0; i < 3; i++) {
        host.native.wait_fails = true;
        assert_int_equal(host_challenge(&host), SW_OK);
        uint64_t operations = host.native.operations;
        assert_int_equal(host_authenticate(&host, 0x01), SW_INTERNAL); /* though it is right */
        assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
        assert_int_equal(host.native.operations, operations);
        assert_int_equal(tries_left(), SCP03_TRIES - 4);
        host.native.wait_fails = false;
        host_restart(&host);
        host_select(&host);
    }
    expect_right(400);
}

/* After a wait, the power goes while the try is being spent. */
static void a_cut_try_waits_again(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 3; i++) {
        expect_wrong(delay_after(i));
    }
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(host_challenge(&host), SW_OK);
        native_cut_after(&host.native, 0, NATIVE_CUT_NONE);
        assert_int_equal(host_authenticate(&host, 0x01), SW_MEMORY_FAILURE);
        assert_int_equal(host.native.waited_ms, 200);
        assert_int_equal(host.native.waits, 1 + i + 1);
        host_restart(&host);
        host_select(&host);
        assert_int_equal(tries_left(), SCP03_TRIES - 3);
    }
    expect_right(200);
}

static struct {
    unsigned calls;
    enum scp03_phase phase;
    uint8_t tries;
} seen;

static bool look_while_waiting(void *context, uint32_t ms)
{
    (void)context;
    (void)ms;
    seen.calls++;
    seen.phase = host.card.channel.phase;
    seen.tries = tries_left();
    return true;
}

static void the_wait_comes_first(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 5; i++) {
        expect_wrong(delay_after(i));
    }
    seen.calls = 0;
    host.native.port.wait = look_while_waiting;
    assert_int_equal(host_challenge(&host), SW_OK);
    assert_int_equal(host_authenticate(&host, 0x01), SW_OK);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.phase, SCP03_CHALLENGED);
    assert_int_equal(seen.tries, SCP03_TRIES - 5);
    assert_int_equal(tries_left(), SCP03_TRIES);
}

static void what_is_no_try_neither_waits_nor_counts(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 3; i++) {
        expect_wrong(delay_after(i));
    }
    unsigned waits = host.native.waits;
    assert_int_equal(host_hex(&host, no_cryptogram), SW_CONDITIONS); /* without a challenge */
    assert_int_equal(host_challenge(&host), SW_OK);
    assert_int_equal(host_hex(&host, "8482010008 0001020304050607"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8482020010 00010203040506070001020304050607"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8082010010 00010203040506070001020304050607"), SW_SECURITY);
    assert_int_equal(host.native.waits, waits);
    assert_int_equal(tries_left(), SCP03_TRIES - 3);
    expect_right(200);
}

static void a_wrong_mac_is_a_wrong_try(void **state)
{
    (void)state;
    uint8_t room[2200];
    host_select(&host);
    for (unsigned i = 0; i < 9; i++) {
        assert_int_equal(host_challenge(&host), SW_OK);
        const struct apdu command = {
            .cla = 0x80, .ins = 0x82, .p1 = 0x01, .data = span_of(host.host_cryptogram, 8)};
        struct span bytes = host_wrap(&host, &command, room);
        room[bytes.len - 1] ^= 0x01;
        uint64_t before = host.native.waited_in_all_ms;
        assert_int_equal(host_bytes(&host, bytes), SW_AUTHENTICATION_FAILED);
        assert_int_equal(host.native.waited_in_all_ms - before, delay_after(i));
    }
    assert_int_equal(tries_left(), SCP03_TRIES - 9);
}

/* One channel's keys, one count. */
static void both_applications_count_together(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 10; wrong++) {
        if (wrong % 2 == 0) {
            host_select(&host);
        } else {
            piv_host_select(&host);
        }
        expect_wrong(delay_after(wrong));
    }
    host_select(&host);
    expect_right(3200);
    piv_host_select(&host);
    expect_right(0);
}

/* Keys that were replaced leave their wrong tries behind with the session that put them. */
static void new_keys_begin_without_a_delay(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 5; i++) {
        expect_wrong(delay_after(i));
    }
    expect_right(800);
    assert_int_equal(host_put_keys(&host, 0x31, 16, 4), SW_OK);
    host_restart(&host);
    host_select(&host);
    expect_right(0);
    assert_false(host.native.broke_a_rule);
}

/* Checking a certificate has nothing to do with it. */
static void proofs_never_wait(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(host_generate(&host), SW_OK);
    host_select(&host);
    for (unsigned i = 0; i < SCP03_TRIES; i++) {
        expect_wrong(delay_after(i));
    }
    unsigned waits = host.native.waits;
    assert_int_equal(host_prove(&host), SW_OK);
    assert_int_equal(host.native.waits, waits);
}

#define CARD_TEST(f) cmocka_unit_test_setup(f, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(each_wrong_try_makes_the_next_one_wait),
        CARD_TEST(a_right_one_waits_as_well_and_ends_it),
        CARD_TEST(no_loss_of_power_gets_around_it),
        CARD_TEST(a_wait_that_does_not_end_compares_nothing),
        CARD_TEST(a_cut_try_waits_again),
        CARD_TEST(the_wait_comes_first),
        CARD_TEST(what_is_no_try_neither_waits_nor_counts),
        CARD_TEST(a_wrong_mac_is_a_wrong_try),
        CARD_TEST(both_applications_count_together),
        CARD_TEST(new_keys_begin_without_a_delay),
        CARD_TEST(proofs_never_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
