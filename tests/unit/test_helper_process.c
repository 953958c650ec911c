/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs that crash, hang, flood and lie must cost one error each and leave nothing behind.
 */
#include "check.h"
#include "devices/helper_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static enum helper_error run(const char *word, size_t output_max, struct helper_output *ret_output)
{
    const char *argv[] = {"liar", word, NULL};
    struct helper_call call = {.program = TEST_LIAR,
                               .argv = argv,
                               .input = span_str("what the helper is given"),
                               .output_max = output_max,
                               .timeout_ms = 60000};
    if (strstr(word, "hang") != NULL) {
        call.timeout_ms = 200;
    }
    return helper_run(&call, ret_output);
}

static void check_no_children(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void check_says(const char *word, const char *wanted)
{
    struct helper_output out = {0};
    assert_int_equal(run(word, 1000, &out), HELPER_OK);
    assert_int_equal(out.exit_code, 0);
    check_bytes(span_of(out.ptr, out.len), span_str(wanted));
    free(out.ptr);
    check_no_children();
}

static void gives_what_was_written(void **state)
{
    (void)state;
    check_says("say:53616b7369", "Saksi");
    check_says("nothing", "");
}

static void hands_over_sealed_input(void **state)
{
    (void)state;
    check_says("input", "what the helper is given");
}

static void keeps_its_own_things_to_itself(void **state)
{
    (void)state;
    int extra = open("/dev/null", O_RDONLY); /* not close-on-exec: must be closed all the same */
    assert_int_equal(setenv("SAKSI_SECRET", "1", 1), 0);
    sigset_t term, old;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &old);
    void (*pipe_handler)(int) = signal(SIGPIPE, SIG_IGN);
    check_says("surroundings", "fds 4 env 0 plain 1");
    signal(SIGPIPE, pipe_handler);
    sigprocmask(SIG_SETMASK, &old, NULL);
    close(extra);
}

/* The lowest descriptors may be free here, and then belong to the pipe and the input. */
static void works_without_standard_descriptors(void **state)
{
    (void)state;
    int saved[3];
    for (int fd = 0; fd < 3; fd++) {
        saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 100);
        close(fd);
    }
    struct helper_output out = {0};
    enum helper_error error = run("input", 1000, &out);
    for (int fd = 0; fd < 3; fd++) {
        dup2(saved[fd], fd);
        close(saved[fd]);
    }
    assert_int_equal(error, HELPER_OK);
    check_bytes(span_of(out.ptr, out.len), span_str("what the helper is given"));
    free(out.ptr);
}

static void gives_the_exit_code(void **state)
{
    (void)state;
    struct helper_output out = {0};
    assert_int_equal(run("exit:66", 10, &out), HELPER_OK);
    assert_int_equal(out.exit_code, 66);
    assert_int_equal(out.len, 0);
    free(out.ptr);
}

static void survives_every_misdeed(void **state)
{
    (void)state;
    static const char *const WORDS[] = {"crash", "crash-late", "hang", "close-and-hang", "flood"};
    unsigned before = open_descriptors();
    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        struct helper_output out = {.len = 77};
        assert_int_equal(run(WORDS[i], 100000, &out), HELPER_FAILED);
        assert_int_equal(out.len, 77);
        assert_null(out.ptr);
        check_no_children();
    }
    assert_int_equal(open_descriptors(), before);
    check_says("say:6f6b", "ok");
}

static void holds_the_output_limit_exactly(void **state)
{
    (void)state;
    struct helper_output out = {0};
    assert_int_equal(run("say:0102030405", 5, &out), HELPER_OK);
    assert_int_equal(out.len, 5);
    free(out.ptr);
    assert_int_equal(run("say:0102030405", 4, &out), HELPER_FAILED);
    assert_int_equal(run("say:01", 0, &out), HELPER_FAILED);
    assert_int_equal(run("nothing", 0, &out), HELPER_OK);
    assert_int_equal(out.len, 0);
    free(out.ptr);
}

static void hands_over_a_file_and_an_environment(void **state)
{
    (void)state;
    char path[] = "/tmp/saksi-helper-XXXXXX";
    char content[16] = {0};
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(unlink(path), 0);
    const char *argv[] = {"liar", "gift", NULL};
    const char *environment[] = {"SAKSI_TOLD=a secret", NULL};
    struct helper_call call = {.program = TEST_LIAR,
                               .argv = argv,
                               .output_max = 100,
                               .timeout_ms = 60000,
                               .environment = environment,
                               .file = &file};
    struct helper_output out = {0};
    unsigned before = open_descriptors();
    assert_int_equal(helper_run(&call, &out), HELPER_OK);
    check_bytes(span_of(out.ptr, out.len), span_str("a secret"));
    free(out.ptr);
    assert_int_equal(pread(file, content, sizeof content, 0), 1);
    assert_string_equal(content, "+");
    assert_int_equal(open_descriptors(), before); /* the caller's file stays open */
    call.file = NULL;
    call.environment = NULL;
    assert_int_equal(helper_run(&call, &out), HELPER_OK);
    check_bytes(span_of(out.ptr, out.len), span_str("no file"));
    free(out.ptr);
    assert_int_equal(close(file), 0);
}

static void count_up(void *ctx)
{
    (*(unsigned *)ctx)++;
}

static void calls_back_while_it_waits(void **state)
{
    (void)state;
    unsigned calls = 0;
    const char *argv[] = {"liar", "hang", NULL};
    struct helper_call call = {
        .program = TEST_LIAR, .argv = argv, .timeout_ms = 1300, .wait = count_up, .ctx = &calls};
    struct helper_output out = {0};
    assert_int_equal(helper_run(&call, &out), HELPER_FAILED);
    assert_in_range(calls, 1, 3); /* a slow machine loses some */
    check_no_children();
}

static void names_a_missing_program(void **state)
{
    (void)state;
    static const char *const PATHS[] = {"/nonexistent/saksi-decode", "/dev/null/saksi-decode", "/",
                                        __FILE__};
    const char *argv[] = {"liar", NULL};
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        struct helper_call call = {.program = PATHS[i], .argv = argv, .timeout_ms = 1000};
        struct helper_output out = {0};
        assert_int_equal(helper_run(&call, &out), HELPER_MISSING);
        check_no_children();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_what_was_written),
        cmocka_unit_test(hands_over_sealed_input),
        cmocka_unit_test(keeps_its_own_things_to_itself),
        cmocka_unit_test(works_without_standard_descriptors),
        cmocka_unit_test(gives_the_exit_code),
        cmocka_unit_test(survives_every_misdeed),
        cmocka_unit_test(holds_the_output_limit_exactly),
        cmocka_unit_test(hands_over_a_file_and_an_environment),
        cmocka_unit_test(calls_back_while_it_waits),
        cmocka_unit_test(names_a_missing_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
