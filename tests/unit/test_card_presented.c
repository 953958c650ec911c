/* SPDX-License-Identifier: Apache-2.0
 *
 * What is typed for seconds, what is said of a reader, and a clock that ends a program which hangs.
 */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

#include "devices/card_presented.h"

static void seconds_are_digits_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned seconds;
    } good[] = {{"0", 0}, {"1", 1}, {"30", 30}, {"0030", 30}, {"3600", 3600}};
    static const char *const bad[] = {"",     " 1",    "1 ",   "+1",
                                      "-1",   "1s",    "1.",   "0x10",
                                      "3601", "00030", "9999", "18446744073709551646"};
    unsigned seconds = 77;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(card_presented_seconds(bad[i], &seconds));
        assert_int_equal(seconds, 77);
    }
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(card_presented_seconds(good[i].text, &seconds));
        assert_int_equal(seconds, good[i].seconds);
    }
}

static void a_phrase_names_the_reader_if_there_is_one(void **state)
{
    (void)state;
    char room[CARD_PRESENTED_PHRASE], name[CARD_PRESENTED_PHRASE] = "";
    assert_string_equal(card_presented_phrase(NULL, CARD_IO_WORN, room),
                        card_io_error_text(CARD_IO_WORN));
    assert_string_equal(card_presented_phrase("", CARD_IO_WORN, room),
                        card_io_error_text(CARD_IO_WORN));
    assert_string_equal(card_presented_phrase("A %s reader", CARD_IO_WORN, room),
                        "A %s reader: the card's memory failed; take another card");
    memset(name, 'x', sizeof name - 1);
    for (int error = CARD_IO_OK; error <= CARD_IO_SYSTEM; error++) { /* none is cut */
        const char *text = card_io_error_text((enum card_io_error)error);
        card_presented_phrase(name, (enum card_io_error)error, room);
        assert_string_equal(room + strlen(room) - strlen(text), text);
        assert_int_equal(card_presented_status((enum card_io_error)error),
                         error == CARD_IO_SYSTEM ? 70 : 74);
    }
}

static unsigned closed;

static void close_it(void *ctx)
{
    (void)ctx;
    closed++;
}

static void a_card_is_left_once(void **state)
{
    (void)state;
    struct card_io io = {.close = close_it};
    card_presented_leave(&io);
    card_presented_leave(&io);
    assert_int_equal(closed, 1);
    assert_null(io.transmit);
}

/* A program that hangs; its status, and what it said. */
static int hang(unsigned first, unsigned then, char *said, size_t cap)
{
    int out[2], status = 0;
    assert_int_equal(pipe(out), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)dup2(out[1], STDERR_FILENO);
        card_presented_clock(first, "try again");
        card_presented_clock(then, "try another");
        (void)sleep(2);
        _exit(5);
    }
    (void)close(out[1]);
    ssize_t len = read(out[0], said, cap - 1);
    said[len > 0 ? len : 0] = '\0';
    (void)close(out[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_clock_ends_a_program_that_hangs(void **state)
{
    (void)state;
    char said[300];
    assert_int_equal(hang(60, 1, said, sizeof said), 74);
    assert_string_equal(said,
                        "saksi card: the card, its reader or another program held this one up "
                        "for 1 s; try another\n");
    assert_int_equal(hang(1, 0, said, sizeof said), 5);
    assert_string_equal(said, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_digits_alone),
        cmocka_unit_test(a_phrase_names_the_reader_if_there_is_one),
        cmocka_unit_test(a_card_is_left_once),
        cmocka_unit_test(the_clock_ends_a_program_that_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
