/* SPDX-License-Identifier: Apache-2.0
 *
 * First lines of files of every shape, and a terminal of our own: what is typed at it, and whether
 * its echo is back after a signal at the prompt.
 */
#include "check.h"

#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "base/password.h"

/* --- files --- */

static char path[64];

static int make_file(void **state)
{
    (void)state;
    strcpy(path, "/tmp/saksi-password-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static enum password_error read_of(struct span content, struct password *ret_password)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.ptr, 1, content.len, file), content.len);
    assert_int_equal(fclose(file), 0);
    return password_read_file(path, ret_password);
}

static void the_first_line_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *content, *wanted;
    } cases[] = {
        {"a", "a"},
        {"correct horse\n", "correct horse"},
        {"correct horse\r\n", "correct horse"},
        {"correct horse\r", "correct horse"},
        {" blanks stay \nnot this\n", " blanks stay "},
        {"in\rside\n", "in\rside"},
        {"\r\r\n", "\r"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct password password = {""};
        assert_int_equal(read_of(span_str(cases[i].content), &password), PASSWORD_OK);
        assert_string_equal(password.text, cases[i].wanted);
    }
}

static void what_is_no_password_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        size_t len;
    } cases[] = {{"", 0}, {"\n", 1}, {"\r\n", 2}, {"\nsecond\n", 8}, {"a\0b\n", 4}, {"\0\n", 2}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct password password = {"before"};
        assert_int_equal(read_of(span_of(cases[i].content, cases[i].len), &password),
                         PASSWORD_LINE);
        assert_string_equal(password.text, "before");
    }
}

static void the_longest_one_fits(void **state)
{
    (void)state;
    static char line[3 * PASSWORD_MAX];
    struct password password = {""};
    memset(line, 'x', sizeof line);
    for (size_t len = PASSWORD_MAX - 2; len < PASSWORD_MAX + 2; len++) {
        enum password_error wanted = len < PASSWORD_MAX ? PASSWORD_OK : PASSWORD_LINE;
        line[len] = '\n';
        assert_int_equal(read_of(span_of(line, len), &password), wanted);
        assert_int_equal(read_of(span_of(line, sizeof line), &password), wanted);
        line[len] = 'x';
    }
    assert_int_equal(strlen(password.text), PASSWORD_MAX - 1);
    password_wipe(&password);
    for (size_t i = 0; i < PASSWORD_MAX; i++) {
        assert_int_equal(password.text[i], 0);
    }
}

static void what_cannot_be_read_is_told_apart(void **state)
{
    (void)state;
    struct password password = {"before"};
    assert_int_equal(password_read_file("/nonexistent/password", &password), PASSWORD_FILE);
    assert_int_equal(password_read_file("/tmp", &password), PASSWORD_FILE);
    assert_string_equal(password.text, "before");
    assert_non_null(strstr(password_error_text(PASSWORD_FILE), "password"));
    assert_non_null(strstr(password_error_text(PASSWORD_LINE), "1 to 1023 bytes"));
}

/* As a shell's <(...): only the first line is taken out of it. */
static void a_pipe_will_do(void **state)
{
    (void)state;
    char name[32];
    char rest[8] = "";
    int ends[2];
    struct password password = {""};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "one\ntwo", 7), 7);
    assert_int_equal(close(ends[1]), 0);
    (void)snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    assert_int_equal(password_read_file(name, &password), PASSWORD_OK);
    assert_string_equal(password.text, "one");
    assert_int_equal(read(ends[0], rest, sizeof rest), 3);
    assert_memory_equal(rest, "two", 3);
    assert_int_equal(close(ends[0]), 0);
}

/* --- a terminal --- */

#define PROMPT "Password of the key: "

struct desk {
    int keyboard; /* the other end of the terminal */
    int terminal;
    pid_t
        program; /* ends with 0 when it was told "correct horse", with 1 for another, 2 for none */
};

static void ask(int terminal)
{
    struct password password = {""};
    const struct rlimit no_core = {0, 0};
    if (login_tty(terminal) != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0) {
        _exit(3);
    }
    bool given = password_ask(PROMPT, &password);
    _exit(!given ? 2 : strcmp(password.text, "correct horse") != 0);
}

static bool has_echo(const struct desk *d)
{
    struct termios now;
    assert_int_equal(tcgetattr(d->terminal, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

/* Reads what the terminal shows, up to and with `text`, which is all it may show. */
static void must_show(const struct desk *d, const char *text)
{
    char shown[64] = "";
    size_t len = 0;
    while (len < strlen(text)) {
        ssize_t got = read(d->keyboard, shown + len, strlen(text) - len);
        assert_true(got > 0);
        len += (size_t)got;
    }
    assert_string_equal(shown, text);
}

static struct desk start(void)
{
    struct desk d;
    assert_int_equal(openpty(&d.keyboard, &d.terminal, NULL, NULL, NULL), 0);
    assert_true(has_echo(&d));
    d.program = fork();
    assert_true(d.program >= 0);
    if (d.program == 0) {
        (void)close(d.keyboard);
        ask(d.terminal);
    }
    must_show(&d, PROMPT);
    assert_false(has_echo(&d));
    return d;
}

static void type(const struct desk *d, const char *text)
{
    assert_int_equal(write(d->keyboard, text, strlen(text)), (ssize_t)strlen(text));
}

/* How the program ended. The echo is on again, and nothing was shown but the end of the line. */
static int finish(struct desk *d)
{
    int status = 0;
    assert_int_equal(waitpid(d->program, &status, 0), d->program);
    assert_true(has_echo(d));
    must_show(d, "\r\n");
    assert_int_equal(close(d->keyboard), 0);
    assert_int_equal(close(d->terminal), 0);
    return status;
}

static void assert_exit(struct desk *d, int wanted)
{
    int status = finish(d);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), wanted);
}

static void what_is_typed_is_taken_and_not_shown(void **state)
{
    (void)state;
    struct desk d = start();
    type(&d, "correct horse\n");
    assert_exit(&d, 0);
    d = start();
    type(&d, "correct hare\n");
    assert_exit(&d, 1);
    d = start();
    type(&d, "correct horse\x04\x04"); /* ends without a newline */
    assert_exit(&d, 0);
}

static void nothing_typed_is_none(void **state)
{
    (void)state;
    static char line[PASSWORD_MAX + 2];
    struct desk d = start();
    type(&d, "\n");
    assert_exit(&d, 2);
    d = start();
    type(&d, "\x04");
    assert_exit(&d, 2);
    d = start();
    memset(line, 'x', PASSWORD_MAX);
    line[PASSWORD_MAX] = '\n';
    type(&d, line);
    assert_exit(&d, 2);
}

static void a_signal_ends_it_with_the_echo_back(void **state)
{
    (void)state;
    static const struct {
        const char *key; /* "" for a signal of another program */
        int signal;
    } cases[] = {
        {"\x03", SIGINT}, {"half\x03", SIGINT}, {"\x1C", SIGQUIT}, {"", SIGTERM}, {"", SIGHUP},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct desk d = start();
        type(&d, cases[i].key);
        if (*cases[i].key == '\0') {
            assert_int_equal(kill(d.program, cases[i].signal), 0);
        }
        int status = finish(&d);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), cases[i].signal);
    }
}

/* No shell could wake it here, so that the kernel passes the stop over; that is a program that goes
 * on after a signal. */
static void it_asks_again_after_a_stop(void **state)
{
    (void)state;
    struct desk d = start();
    type(&d, "half\x1A");
    must_show(&d, "\r\n" PROMPT);
    assert_false(has_echo(&d));
    type(&d, "correct horse\n");
    assert_exit(&d, 0);
}

static void without_a_terminal_there_is_none(void **state)
{
    (void)state;
    int status = 0;
    pid_t program = fork();
    if (program == 0) {
        struct password password;
        _exit(setsid() < 0 ? 3 : password_ask(PROMPT, &password));
    }
    assert_int_equal(waitpid(program, &status, 0), program);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define WITH_FILE(name) cmocka_unit_test_setup_teardown(name, make_file, remove_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(the_first_line_is_taken),
        WITH_FILE(what_is_no_password_is_refused),
        WITH_FILE(the_longest_one_fits),
        cmocka_unit_test(what_cannot_be_read_is_told_apart),
        cmocka_unit_test(a_pipe_will_do),
        cmocka_unit_test(what_is_typed_is_taken_and_not_shown),
        cmocka_unit_test(nothing_typed_is_none),
        cmocka_unit_test(a_signal_ends_it_with_the_echo_back),
        cmocka_unit_test(it_asks_again_after_a_stop),
        cmocka_unit_test(without_a_terminal_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
