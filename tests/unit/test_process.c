/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs that behave, and programs that do not. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"

static enum process_error run(const char *script, struct span input, size_t output_max,
                              unsigned timeout_ms, struct process_result *ret_result)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    const char *const environment[] = {"PATH=/usr/bin:/bin", "GREETING=hello", NULL};
    struct process_call call = {argv, environment, input, output_max, timeout_ms};
    enum process_error error = process_run(&call, ret_result);
    /* Whatever happened, no child is left. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    return error;
}

static void input_comes_out_with_message_and_code(void **state)
{
    (void)state;
    struct process_result result;
    assert_int_equal(run("cat; echo $GREETING; printf 'one\\ttwo\\nthree\\n' >&2; exit 65",
                         span_str("in"), 64, 20000, &result),
                     PROCESS_OK);
    assert_int_equal(result.exit_code, 65);
    check_bytes(span_of(result.output, result.output_len), span_str("inhello\n"));
    assert_string_equal(result.message, "one?two three");
    free(result.output);
}

static void much_goes_through(void **state)
{
    (void)state;
    struct process_result result;
    size_t len = 3000000;
    uint8_t *bytes = malloc(len);
    assert_non_null(bytes);
    uint64_t seed = 1;
    check_random_bytes(&seed, bytes, len);
    assert_int_equal(run("cat", span_of(bytes, len), len, 20000, &result), PROCESS_OK);
    check_bytes(span_of(result.output, result.output_len), span_of(bytes, len));
    free(result.output);
    /* One byte more than allowed. */
    assert_int_equal(run("cat", span_of(bytes, len), len - 1, 20000, &result), PROCESS_OUTPUT);
    free(bytes);
}

static void a_long_message_is_cut(void **state)
{
    (void)state;
    struct process_result result;
    assert_int_equal(
        run("head -c 100000 /dev/zero | tr '\\0' x >&2", span_of(NULL, 0), 64, 20000, &result),
        PROCESS_OK);
    assert_int_equal(strlen(result.message), PROCESS_MESSAGE_SIZE - 1);
    free(result.output);
}

static void the_deadline_ends_it(void **state)
{
    (void)state;
    struct process_result result;
    assert_int_equal(run("exec sleep 60", span_of(NULL, 0), 64, 50, &result), PROCESS_TIMEOUT);
    /* Closing its output does not help it. */
    assert_int_equal(run("exec sleep 60 >&- 2>&-", span_of(NULL, 0), 64, 50, &result),
                     PROCESS_TIMEOUT);
}

static void a_crash_is_told(void **state)
{
    (void)state;
    struct process_result result;
    assert_int_equal(run("kill -SEGV $$", span_of(NULL, 0), 64, 20000, &result), PROCESS_CRASHED);
}

static void a_missing_program_is_told(void **state)
{
    (void)state;
    struct process_result result;
    const char *const argv[] = {"/nonexistent/program", NULL};
    const char *const none[] = {NULL};
    struct process_call call = {argv, none, span_of(NULL, 0), 64, 1000};
    assert_int_equal(process_run(&call, &result), PROCESS_MISSING);
    call.argv = (const char *const[]){"/etc/passwd", NULL};
    assert_int_equal(process_run(&call, &result), PROCESS_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_comes_out_with_message_and_code),
        cmocka_unit_test(much_goes_through),
        cmocka_unit_test(a_long_message_is_cut),
        cmocka_unit_test(the_deadline_ends_it),
        cmocka_unit_test(a_crash_is_told),
        cmocka_unit_test(a_missing_program_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
