/* SPDX-License-Identifier: Apache-2.0
 *
 * PIN and PUK of a PIV application, from the host's side.
 */
#include "devices/card_piv_pin.h"
#include "piv_line.h"

static struct card_host host;
static struct card_line line;
static struct card_piv piv;
static unsigned tries;
static enum card_io_error io_error;

static void start(void)
{
    host_restart(&host);
    line = (struct card_line){.host = &host};
    struct card_io io = card_line_io(&line);
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    tries = 99;
}

static int make(void **state)
{
    uint8_t thumbprint[32];
    (void)state;
    piv_line_make(&host, 1, thumbprint);
    start();
    return 0;
}

static struct card_pin pin_of(const char *text)
{
    struct card_pin pin;
    assert_true(card_pin_make(span_str(text), false, &pin));
    return pin;
}

static enum card_pin_error change(const char *old, const char *new_pin)
{
    const struct card_pin first = pin_of(old), second = pin_of(new_pin);
    return card_piv_pin_change(&piv, &first, &second, &tries, &io_error);
}

static enum card_pin_error unblock(const char *puk, const char *new_pin)
{
    const struct card_pin first = pin_of(puk), second = pin_of(new_pin);
    return card_piv_pin_unblock(&piv, &first, &second, &tries, &io_error);
}

static enum card_pin_error ask(void)
{
    return card_piv_pin_tries(&piv, &tries, &io_error);
}

static void a_pin_is_filled_up(void **state)
{
    (void)state;
    struct card_pin pin = {{7}};
    static const char *const none[] = {"", "12345", "123456789", "1234567890123456"};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_false(card_pin_make(span_str(none[i]), false, &pin));
        assert_false(card_pin_make(span_str(none[i]), true, &pin));
    }
    assert_false(card_pin_make(span_str("12345a"), true, &pin));
    assert_false(card_pin_make(span_str("12345/"), true, &pin));
    assert_false(card_pin_make(span_str("12345:"), true, &pin));
    assert_int_equal(pin.bytes[0], 7);
    assert_true(card_pin_make(span_str("12345a"), false, &pin));
    assert_true(card_pin_make(span_str("123456"), true, &pin));
    assert_memory_equal(pin.bytes, "123456\xFF\xFF", 8);
    assert_true(card_pin_make(span_str("12345678"), true, &pin));
    assert_memory_equal(pin.bytes, "12345678", 8);
}

static void tries_are_told_and_spent(void **state)
{
    (void)state;
    start();
    assert_int_equal(ask(), CARD_PIN_OK);
    assert_int_equal(tries, 3);
    assert_int_equal(ask(), CARD_PIN_OK); /* asking spends none */
    assert_int_equal(tries, 3);
    assert_int_equal(change("123456", "654321"), CARD_PIN_OK);
    assert_int_equal(change("123456", "654321"), CARD_PIN_WRONG);
    assert_int_equal(tries, 2);
    assert_int_equal(change("654321", "123456"), CARD_PIN_OK);
    start();
    assert_int_equal(ask(), CARD_PIN_OK);
    assert_int_equal(tries, 3);
    assert_int_equal(change("123456", "12345a"), CARD_PIN_REFUSED); /* the card wants digits */
    assert_int_equal(change("000000", "123456"), CARD_PIN_WRONG);
    assert_int_equal(change("000000", "123456"), CARD_PIN_WRONG);
    assert_int_equal(tries, 1);
    assert_int_equal(change("000000", "123456"), CARD_PIN_BLOCKED);
    assert_int_equal(change("123456", "123456"), CARD_PIN_BLOCKED);
    tries = 99;
    assert_int_equal(ask(), CARD_PIN_BLOCKED);
    assert_int_equal(tries, 0);
    assert_int_equal(unblock("00000000", "111111"), CARD_PIN_WRONG);
    assert_int_equal(tries, 2);
    assert_int_equal(unblock("87654321", "111111"), CARD_PIN_OK);
    assert_int_equal(ask(), CARD_PIN_OK); /* set, but not shown */
    assert_int_equal(tries, 3);
    assert_int_equal(change("111111", "123456"), CARD_PIN_OK);
}

static const char *lie;

static size_t tell_lie(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)l;
    (void)command;
    (void)len;
    return check_hex(lie, response, cap).len;
}

static void every_answer_has_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum card_pin_error change, ask;
        unsigned tries;
    } answers[] = {
        {"9000", CARD_PIN_OK, CARD_PIN_IO, 99},
        {"63CF", CARD_PIN_WRONG, CARD_PIN_OK, 15},
        {"63C1", CARD_PIN_WRONG, CARD_PIN_OK, 1},
        {"63C0", CARD_PIN_BLOCKED, CARD_PIN_BLOCKED, 0},
        {"6983", CARD_PIN_BLOCKED, CARD_PIN_BLOCKED, 0},
        {"6A88", CARD_PIN_NONE, CARD_PIN_NONE, 99},
        {"6300", CARD_PIN_REFUSED, CARD_PIN_REFUSED, 99},
        {"6982", CARD_PIN_REFUSED, CARD_PIN_REFUSED, 99},
        {"6A80", CARD_PIN_REFUSED, CARD_PIN_REFUSED, 99},
        {"6D00", CARD_PIN_REFUSED, CARD_PIN_REFUSED, 99},
        {"00 9000", CARD_PIN_IO, CARD_PIN_IO, 99},
        {"", CARD_PIN_IO, CARD_PIN_IO, 99},
        {"6110", CARD_PIN_IO, CARD_PIN_IO, 99},
    };
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        start();
        lie = answers[i].hex;
        line.twist = tell_lie;
        assert_int_equal(change("123456", "654321"), answers[i].change);
        assert_int_equal(tries, answers[i].tries);
        line.twist = NULL;
        start();
        line.twist = tell_lie;
        assert_int_equal(ask(), answers[i].ask);
        assert_int_equal(tries, answers[i].tries);
    }
    piv_line_make(&host, 1, (uint8_t[32]){0});
}

static void a_card_that_goes_says_so(void **state)
{
    (void)state;
    start();
    line.fail_at = 2;
    line.failure = CARD_IO_REMOVED;
    assert_int_equal(ask(), CARD_PIN_IO);
    assert_int_equal(io_error, CARD_IO_REMOVED);
    assert_int_equal(unblock("87654321", "111111"), CARD_PIN_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pin_is_filled_up),
        cmocka_unit_test(tries_are_told_and_spent),
        cmocka_unit_test(every_answer_has_its_name),
        cmocka_unit_test(a_card_that_goes_says_so),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
