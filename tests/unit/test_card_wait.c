/* SPDX-License-Identifier: Apache-2.0
 *
 * Guessing at the keys of the secure channel, and having them at work to measure the chip, takes
 * time and comes to an end: how long the card waits before it touches a key, after how many
 * challenges, and that neither power nor another command gets around it.
 */
#include "piv_host.h"

static struct card_host host;

/* How often the card took its keys, which it does before it computes with them. */
static unsigned keys_taken;
static bool (*take_keys)(void *context, struct card_keys *keys);

static bool count_keys(void *context, struct card_keys *keys)
{
    keys_taken++;
    return take_keys(context, keys);
}

static int make(void **state)
{
    (void)state;
    host_make(&host, 71);
    keys_taken = 0;
    take_keys = host.native.port.transport_keys;
    host.native.port.transport_keys = count_keys;
    return 0;
}

/* Ahead of a challenge, after so many that were not answered rightly. */
static const uint32_t delays_ms[] = {0, 0, 100, 200, 400, 800, 1600, 3200, 3200, 3200};

static const char no_cryptogram[] = "8482010010 00010203040506070001020304050607";

static uint32_t delay_after(unsigned wrong)
{
    return wrong < COUNT_OF(delays_ms) ? delays_ms[wrong] : 3200;
}

static uint8_t tries_left(void)
{
    uint8_t tries = SCP03_TRIES;
    if (store_length(&host.card.store, STORE_TRIES) != 0) {
        assert_true(store_read(&host.card.store, STORE_TRIES, 0, &tries, 1));
    }
    return tries;
}

/* INITIALIZE UPDATE, which spends the try. *ret_ms is how long the card waited in it. */
static void ask(uint32_t *ret_ms)
{
    uint64_t before = host.native.waited_in_all_ms;
    unsigned waits = host.native.waits;
    uint8_t tries = tries_left();
    assert_int_equal(host_challenge(&host), SW_OK);
    *ret_ms = (uint32_t)(host.native.waited_in_all_ms - before);
    assert_int_equal(host.native.waits, waits + (*ret_ms != 0)); /* at one go */
    assert_int_equal(tries_left(), tries - 1);
}

/* A challenge, and an answer that is right or not: that one neither waits nor counts any more. */
static uint16_t try_keys(bool right, uint32_t *ret_ms)
{
    ask(ret_ms);
    unsigned waits = host.native.waits;
    uint64_t operations = host.native.operations;
    host.host_cryptogram[3] ^= right ? 0 : 0x40;
    host_authenticate(&host, 0x03);
    assert_int_equal(host.native.waits, waits);
    assert_true(right || host.native.operations == operations);
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

static void expect_asked(uint32_t wanted_ms)
{
    uint32_t ms;
    ask(&ms);
    assert_int_equal(ms, wanted_ms);
    assert_int_equal(host.card.channel.phase, SCP03_CHALLENGED);
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
    assert_int_equal(keys_taken, SCP03_TRIES);
}

/* Whoever only measures answers none, and gets no more than whoever guesses. */
static void challenges_alone_are_tries(void **state)
{
    (void)state;
    for (unsigned n = 0; n < SCP03_TRIES; n++) {
        if (n % 3 == 0) {
            host_restart(&host);
        }
        host_select(&host);
        expect_asked(delay_after(n));
    }
    assert_int_equal(host.native.waited_in_all_ms, 185500);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(host_challenge(&host), SW_BLOCKED);
        host_restart(&host);
        host_select(&host);
    }
    assert_int_equal(keys_taken, SCP03_TRIES);
}

/* The last try that is left opens the channel as well as the first. */
static void a_right_answer_to_the_last_challenge_counts(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned n = 0; n < SCP03_TRIES - 1; n++) {
        expect_asked(delay_after(n));
    }
    expect_right(3200);
    assert_int_equal(tries_left(), SCP03_TRIES);
}

/* Right or wrong, an answer uses the challenge up: what comes after it is not even compared. */
static void a_challenge_is_compared_with_once(void **state)
{
    (void)state;
    uint8_t right_room[2200], wrong_room[2200];
    host_select(&host);
    expect_asked(0);
    const struct apdu command = {
        .cla = 0x80, .ins = 0x82, .p1 = 0x01, .data = span_of(host.host_cryptogram, 8)};
    struct span right = host_wrap(&host, &command, right_room);
    memcpy(wrong_room, right_room, right.len);
    wrong_room[5] ^= 1;
    assert_int_equal(host_bytes(&host, span_of(wrong_room, right.len)), SW_AUTHENTICATION_FAILED);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
        assert_int_equal(host_bytes(&host, right), SW_CONDITIONS);
    }
    assert_int_equal(tries_left(), SCP03_TRIES - 1);
    assert_int_equal(keys_taken, 1);
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

/* The power goes while the card waits, or its clock stands still: no key was touched, no try was
 * spent, and the next one waits as long. */
static void a_wait_that_does_not_end_touches_no_key(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 4; i++) {
        expect_wrong(delay_after(i));
    }
    for (unsigned i = 0; i < 3; i++) {
        uint64_t operations = host.native.operations;
        host.native.wait_fails = true;
        assert_int_equal(host_challenge(&host), SW_INTERNAL);
        assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
        assert_int_equal(host.native.operations, operations);
        assert_int_equal(tries_left(), SCP03_TRIES - 4);
        assert_int_equal(keys_taken, 4);
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
        native_cut_after(&host.native, 0, NATIVE_CUT_NONE);
        assert_int_equal(host_challenge(&host), SW_MEMORY_FAILURE);
        assert_int_equal(host.native.waited_ms, 200);
        assert_int_equal(host.native.waits, 1 + i + 1);
        assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
        assert_int_equal(keys_taken, 3);
        host_restart(&host);
        host_select(&host);
        assert_int_equal(tries_left(), SCP03_TRIES - 3);
    }
    expect_right(200);
}

/* Flash that takes no try gets no challenge. */
static void a_try_that_flash_does_not_take_touches_no_key(void **state)
{
    (void)state;
    host_select(&host);
    expect_wrong(0);
    host.native.deaf = true;
    assert_int_equal(host_challenge(&host), SW_MEMORY_FAILURE);
    assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
    assert_int_equal(keys_taken, 1);
    host.native.deaf = false;
    host_restart(&host);
    host_select(&host);
    expect_right(0);
}

/* The power goes between challenge and answer, or while a right answer gives the tries back. */
static void a_spent_try_stays_spent(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 3; i++) {
        expect_asked(delay_after(i));
        host_restart(&host);
        host_select(&host);
        assert_int_equal(host_hex(&host, no_cryptogram), SW_CONDITIONS);
        assert_int_equal(tries_left(), SCP03_TRIES - 1 - i);
    }
    expect_asked(200);
    native_cut_after(&host.native, 0, NATIVE_CUT_NONE);
    assert_int_equal(host_authenticate(&host, 0x01), SW_MEMORY_FAILURE);
    assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
    host_restart(&host);
    host_select(&host);
    assert_int_equal(tries_left(), SCP03_TRIES - 4);
    expect_right(400);
}

static struct {
    unsigned calls;
    enum scp03_phase phase;
    uint8_t tries;
    unsigned keys_taken;
} seen;

static bool look_while_waiting(void *context, uint32_t ms)
{
    (void)context;
    (void)ms;
    seen.calls++;
    seen.phase = host.card.channel.phase;
    seen.tries = tries_left();
    seen.keys_taken = keys_taken;
    return true;
}

/* By then the try is spent. */
static bool look_while_taking_keys(void *context, struct card_keys *keys)
{
    seen.tries = tries_left();
    return take_keys(context, keys);
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
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.phase, SCP03_CLOSED);
    assert_int_equal(seen.tries, SCP03_TRIES - 5);
    assert_int_equal(seen.keys_taken, 5);
    host.native.port.transport_keys = look_while_taking_keys;
    assert_int_equal(host_challenge(&host), SW_OK);
    assert_int_equal(seen.calls, 2);
    assert_int_equal(seen.tries, SCP03_TRIES - 7);
    assert_int_equal(host_authenticate(&host, 0x01), SW_OK);
    assert_int_equal(seen.calls, 2);
    assert_int_equal(tries_left(), SCP03_TRIES);
}

/* Where the issuer's keys lie in flash, and whether they were read while the tries stood at this.
 */
static struct {
    uint32_t from, to;
    uint8_t tries;
    unsigned reads;
} watched;
static bool (*read_flash)(void *context, uint32_t at, uint8_t *bytes, size_t len);

static bool watch_keys(void *context, uint32_t at, uint8_t *bytes, size_t len)
{
    if (at < watched.to && at + len > watched.from) {
        struct card *card = &host.card;
        uint32_t tries_at = card->store.entries[STORE_TRIES].at + FLASH_GRANULE;
        assert_int_equal(host.native.flash[tries_at], watched.tries);
        watched.reads++;
    }
    return read_flash(context, at, bytes, len);
}

static void stored_keys_are_not_read_before_the_try_is_spent(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(host_put_keys(&host, 0x31, 32, 4), SW_OK);
    host_open(&host, 0x01);
    uint32_t value = host.card.store.entries[STORE_KEYS].at + FLASH_GRANULE;
    watched.from = value + 2; /* behind the version and the length */
    watched.to = value + 2 + 3 * 32;
    watched.tries = SCP03_TRIES - 1;
    watched.reads = 0;
    read_flash = host.native.port.flash_read;
    host.native.port.flash_read = watch_keys;
    assert_int_equal(host_hex(&host, "8050300008 0001020304050607 00"), SW_REFERENCE);
    host.native.random_fails = true;
    assert_int_equal(host_challenge(&host), SW_INTERNAL);
    host.native.random_fails = false;
    assert_int_equal(watched.reads, 0);
    assert_int_equal(host_challenge(&host), SW_OK);
    assert_true(watched.reads > 0);
    uint8_t none = 0;
    assert_int_equal(store_write(&host.card.store, STORE_TRIES, span_of(&none, 1)), STORE_OK);
    watched.reads = 0;
    assert_int_equal(host_challenge(&host), SW_BLOCKED);
    assert_int_equal(watched.reads, 0);
}

static bool no_serial(void *context, uint8_t serial[CARD_SERIAL_BYTES])
{
    (void)context;
    (void)serial;
    return false;
}

/* Neither wait nor try nor key for what cannot become a challenge. */
static void no_challenge_is_no_try(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 3; i++) {
        expect_wrong(delay_after(i));
    }
    unsigned waits = host.native.waits;
    uint64_t operations = host.native.operations;
    assert_int_equal(host_hex(&host, "8050000108 0001020304050607 00"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8050310107 00010203040506 00"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8050310007 00010203040506 00"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8050000009 000102030405060708 00"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8050310008 0001020304050607 00"), SW_REFERENCE);
    host.native.random_fails = true;
    assert_int_equal(host_challenge(&host), SW_INTERNAL);
    host.native.random_fails = false;
    bool (*serial)(void *, uint8_t *) = host.native.port.serial;
    host.native.port.serial = no_serial;
    assert_int_equal(host_challenge(&host), SW_INTERNAL);
    host.native.port.serial = serial;
    assert_int_equal(host.native.waits, waits);
    assert_int_equal(host.native.operations, operations);
    assert_int_equal(tries_left(), SCP03_TRIES - 3);
    assert_int_equal(keys_taken, 3);
    expect_right(200);
}

static bool no_keys(void *context, struct card_keys *keys)
{
    (void)context;
    memset(keys, 0x55, sizeof *keys);
    return false;
}

/* The try is spent before the keys are asked for. */
static void keys_that_cannot_be_had_have_cost_a_try(void **state)
{
    (void)state;
    host_select(&host);
    host.native.port.transport_keys = no_keys;
    assert_int_equal(host_challenge(&host), SW_MEMORY_FAILURE);
    assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
    assert_int_equal(tries_left(), SCP03_TRIES - 1);
    host.native.port.transport_keys = take_keys;
    expect_right(0); /* nor does the card need to be started again */
}

/* Another version is unknown to a card that is shut as well; what it knows, it refuses. */
static void a_shut_card_answers_in_the_same_order(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < SCP03_TRIES; i++) {
        expect_asked(delay_after(i));
    }
    assert_int_equal(host_hex(&host, "8050000108 0001020304050607 00"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8050000007 00010203040506 00"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8050310008 0001020304050607 00"), SW_REFERENCE);
    assert_int_equal(host_hex(&host, "8050FF0008 0001020304050607 00"), SW_BLOCKED);
    host.native.random_fails = true;
    assert_int_equal(host_challenge(&host), SW_BLOCKED);
    assert_int_equal(tries_left(), 0);
    assert_int_equal(keys_taken, SCP03_TRIES);
}

static void an_answer_that_is_none_uses_nothing_up(void **state)
{
    (void)state;
    host_select(&host);
    for (unsigned i = 0; i < 3; i++) {
        expect_wrong(delay_after(i));
    }
    assert_int_equal(host_hex(&host, no_cryptogram), SW_CONDITIONS); /* without a challenge */
    expect_asked(200);
    unsigned waits = host.native.waits;
    assert_int_equal(host_hex(&host, "8482010008 0001020304050607"), SW_WRONG_LENGTH);
    assert_int_equal(host_hex(&host, "8482020010 00010203040506070001020304050607"), SW_WRONG_P1P2);
    assert_int_equal(host_hex(&host, "8082010010 00010203040506070001020304050607"), SW_SECURITY);
    assert_int_equal(host_authenticate(&host, 0x01), SW_OK);
    assert_int_equal(host.native.waits, waits);
    assert_int_equal(tries_left(), SCP03_TRIES);
}

static void a_wrong_mac_is_a_wrong_try(void **state)
{
    (void)state;
    uint8_t room[2200];
    host_select(&host);
    for (unsigned i = 0; i < 9; i++) {
        expect_asked(delay_after(i));
        const struct apdu command = {
            .cla = 0x80, .ins = 0x82, .p1 = 0x01, .data = span_of(host.host_cryptogram, 8)};
        struct span bytes = host_wrap(&host, &command, room);
        room[bytes.len - 1] ^= 0x01;
        assert_int_equal(host_bytes(&host, bytes), SW_AUTHENTICATION_FAILED);
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
        CARD_TEST(challenges_alone_are_tries),
        CARD_TEST(a_right_answer_to_the_last_challenge_counts),
        CARD_TEST(a_challenge_is_compared_with_once),
        CARD_TEST(a_right_one_waits_as_well_and_ends_it),
        CARD_TEST(no_loss_of_power_gets_around_it),
        CARD_TEST(a_wait_that_does_not_end_touches_no_key),
        CARD_TEST(a_cut_try_waits_again),
        CARD_TEST(a_try_that_flash_does_not_take_touches_no_key),
        CARD_TEST(a_spent_try_stays_spent),
        CARD_TEST(the_wait_comes_first),
        CARD_TEST(stored_keys_are_not_read_before_the_try_is_spent),
        CARD_TEST(no_challenge_is_no_try),
        CARD_TEST(keys_that_cannot_be_had_have_cost_a_try),
        CARD_TEST(a_shut_card_answers_in_the_same_order),
        CARD_TEST(an_answer_that_is_none_uses_nothing_up),
        CARD_TEST(a_wrong_mac_is_a_wrong_try),
        CARD_TEST(both_applications_count_together),
        CARD_TEST(new_keys_begin_without_a_delay),
        CARD_TEST(proofs_never_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
