/* SPDX-License-Identifier: Apache-2.0
 *
 * What may reach a terminal: text that stays text, colour only where it is wanted, and standard
 * streams that are what they are called.
 */
#include "check.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/terminal.h"

/* What terminal_text makes of it; static. */
static const char *shown(struct span text)
{
    static char room[4096];
    char *bytes = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&bytes, &len);
    assert_non_null(out);
    terminal_text(out, text);
    assert_int_equal(fclose(out), 0);
    assert_true(len < sizeof room);
    memcpy(room, bytes, len + 1);
    free(bytes);
    return room;
}

static void text_stays_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", ""},
        {"Siti Aminah", "Siti Aminah"},
        {"นายสมชาย ใจดี", "นายสมชาย ใจดี"},
        {"Nguyễn Văn Ánh ✔", "Nguyễn Văn Ánh ✔"},
        {"a\nb\tc\rd", "a?b?c?d"},
        {"\033[31mred\033[0m", "?[31mred?[0m"},
        {"\033]0;title\007", "?]0;title?"},
        {"bell\007 delete\177", "bell? delete?"},
        {"C1 \xC2\x9B"
         "31m",
         "C1 ??31m"},
        {"raw C1 \x9B"
         "31m",
         "raw C1 ?31m"},
        {"cut \xE0\xB8", "cut ??"},
        {"overlong \xC0\xAF", "overlong ??"},
        {"surrogate \xED\xA0\x80", "surrogate ???"},
        {"beyond \xF5\x80\x80\x80", "beyond ????"},
        {"right to left \xE2\x80\xAE"
         "abc",
         "right to left ???abc"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(shown(span_str(rows[i].text)), rows[i].expected);
    }
    assert_string_equal(shown(span_of("a\0b", 3)), "a?b");
}

static void any_byte_is_harmless(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int turn = 0; turn < 2000; turn++) {
        uint8_t bytes[40];
        size_t len = check_random(&seed) % sizeof bytes;
        check_random_bytes(&seed, bytes, len);
        uint8_t *copy = check_heap_copy(span_of(bytes, len));
        const char *text = shown(span_of(copy, len));
        assert_int_equal(strlen(text), len); /* one "?" a byte: nothing is hidden */
        for (const char *c = text; *c != '\0'; c++) {
            assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
        }
        free(copy);
    }
}

static void widths_are_columns(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    assert_int_equal(terminal_width(span_str("")), 0);
    assert_int_equal(terminal_width(span_str("Name")), 4);
    assert_int_equal(terminal_width(span_str("Tên")), 3);
    assert_int_equal(terminal_width(span_str("ชื่อ")), 2); /* two letters, two marks above them */
    assert_int_equal(terminal_width(span_str("国")), 2);
    assert_int_equal(terminal_width(span_of("\xE0\xB8", 2)), 2); /* cut: one a byte */
}

/* Everything written to a new terminal; static. */
static const char *on_a_terminal(const char *term, const char *no_color)
{
    static char text[256];
    int controller = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(controller >= 0);
    assert_int_equal(grantpt(controller), 0);
    assert_int_equal(unlockpt(controller), 0);
    FILE *out = fopen(ptsname(controller), "w");
    assert_non_null(out);
    assert_int_equal(term == NULL ? unsetenv("TERM") : setenv("TERM", term, 1), 0);
    assert_int_equal(no_color == NULL ? unsetenv("NO_COLOR") : setenv("NO_COLOR", no_color, 1), 0);
    terminal_colour(out, TERMINAL_RED);
    fputs("x", out);
    terminal_colour(out, TERMINAL_PLAIN);
    assert_int_equal(fflush(out), 0);
    ssize_t len = read(controller, text, sizeof text - 1);
    assert_true(len > 0);
    text[len] = '\0';
    assert_int_equal(fclose(out), 0);
    assert_int_equal(close(controller), 0);
    return text;
}

static void colour_only_where_it_is_wanted(void **state)
{
    (void)state;
    assert_string_equal(on_a_terminal("xterm", NULL), "\033[1;97;48;5;88mx\033[0m");
    assert_string_equal(on_a_terminal("xterm", "1"), "x");
    assert_string_equal(on_a_terminal("xterm", ""), "x");
    assert_string_equal(on_a_terminal("dumb", NULL), "x");
    assert_string_equal(on_a_terminal(NULL, NULL), "x");
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_false(terminal_has_colour(file));
    terminal_colour(file, TERMINAL_GREEN);
    assert_int_equal(ftell(file), 0);
    assert_int_equal(fclose(file), 0);
}

/* What a function says on standard error in a process of its own; static. */
static const char *said(int (*speak)(void), int *ret_status)
{
    static char text[8192];
    int ends[2], status = 0;
    size_t len = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        _exit(speak());
    }
    assert_true(child > 0);
    assert_int_equal(close(ends[1]), 0);
    for (ssize_t got; (got = read(ends[0], text + len, sizeof text - 1 - len)) > 0;) {
        len += (size_t)got;
    }
    text[len] = '\0';
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    *ret_status = WEXITSTATUS(status);
    return text;
}

static int say_error(void)
{
    terminal_error("verify", "%s: %d", "a\nb\033[1m", 7);
    return 0;
}

static int say_bad_option(void)
{
    terminal_bad_option("scan", "--x\033[1m");
    return 0;
}

static int say_much(void)
{
    char much[6000];
    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    terminal_error("verify", "%s", much);
    return 0;
}

static void messages_are_one_line(void **state)
{
    (void)state;
    int status = 1;
    assert_string_equal(said(say_error, &status), "saksi verify: a?b?[1m: 7\n");
    assert_string_equal(said(say_bad_option, &status),
                        "saksi scan: --x?[1m: is not an option here, or its value is missing; see "
                        "saksi scan --help\n");
    const char *much = said(say_much, &status);
    assert_true(strlen(much) < 3000);
    assert_ptr_equal(strchr(much, '\n'), much + strlen(much) - 1);
}

static int open_with_closed_streams(void)
{
    (void)close(STDIN_FILENO);
    (void)close(STDOUT_FILENO);
    terminal_start();
    int fd = open("/dev/null", O_RDWR);
    if (fd <= STDERR_FILENO || read(STDIN_FILENO, &(char){0}, 1) >= 0) {
        return 1;
    }
    puts("lost");
    return terminal_finish("verify") ? 2 : 0;
}

static int finish_well(void)
{
    (void)dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    puts("kept");
    return terminal_finish("verify") ? 0 : 1;
}

static int finish_after_an_early_loss(void)
{
    (void)dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    puts("lost");
    (void)fflush(stdout); /* nothing is pending any more; the loss is remembered */
    return terminal_finish("verify") ? 1 : 0;
}

static void closed_streams_lend_no_number(void **state)
{
    (void)state;
    int status = 1;
    (void)fflush(stdout);
    assert_non_null(strstr(said(open_with_closed_streams, &status), "could not be written"));
    assert_int_equal(status, 0);
    assert_string_equal(said(finish_well, &status), "");
    assert_int_equal(status, 0);
    assert_non_null(strstr(said(finish_after_an_early_loss, &status), "could not be written"));
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays_text),       cmocka_unit_test(any_byte_is_harmless),
        cmocka_unit_test(widths_are_columns),    cmocka_unit_test(colour_only_where_it_is_wanted),
        cmocka_unit_test(messages_are_one_line), cmocka_unit_test(closed_streams_lend_no_number),
    };
    return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
