/* SPDX-License-Identifier: Apache-2.0
 *
 * What a file beside a card says goes wrong, and a card that others use.
 */
#include "check.h"
#include "port/ifd/ifd_faults.h"
#include "port/native/native.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static char card[] = "/tmp/test_ifd_faults.XXXXXX";
static char file[sizeof card + 6];

static int make(void **state)
{
    (void)state;
    int fd = mkstemp(card);
    (void)snprintf(file, sizeof file, "%s.fault", card);
    return fd >= 0 && close(fd) == 0 ? 0 : -1;
}

static int remove_all(void **state)
{
    (void)state;
    (void)unlink(file);
    return unlink(card);
}

static struct ifd_faults read_text(const char *text)
{
    FILE *to = fopen(file, "w");
    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
    return ifd_faults_read(card);
}

static void expect_none(const struct ifd_faults *faults)
{
    static const struct ifd_faults none;
    assert_memory_equal(faults, &none, sizeof none);
}

static void no_file_is_no_fault(void **state)
{
    (void)state;
    struct ifd_faults faults = ifd_faults_read(card);
    expect_none(&faults);
    faults = read_text("");
    expect_none(&faults);
    faults = read_text("absently\nslo 4\n\n# mute\n7\n");
    expect_none(&faults);
}

static void every_line_counts(void **state)
{
    (void)state;
    struct ifd_faults faults = read_text("absent\nmute\ntoken\ntouch\npull 3\nslow 1500\nwait 4\n");
    assert_int_equal(faults.absent, 1);
    assert_int_equal(faults.mute, 1);
    assert_int_equal(faults.token, 1);
    assert_int_equal(faults.touch, 1);
    assert_int_equal(faults.pull, 3);
    assert_int_equal(faults.slow_ms, 1500);
    assert_int_equal(faults.wait, 4);
    faults =
        read_text("  slow 20\nnothing of this\nwait"); /* without a number, and an end of line */
    assert_int_equal(faults.slow_ms, 20);
    assert_int_equal(faults.wait, 1);
    assert_int_equal(faults.absent, 0);
    faults = read_text("pull x\nslow 99999999999999999999\nmute 0\ntouch\t7\r\n");
    assert_int_equal(faults.pull, 1);
    assert_int_equal(faults.slow_ms, UINT_MAX);
    assert_int_equal(faults.mute, 0);
    assert_int_equal(faults.touch, 7);
}

static void a_real_card_waits_and_draws_other_numbers(void **state)
{
    (void)state;
    static struct native native;
    uint8_t first[16], second[16];
    native_make(&native, 1);
    assert_true(native.port.random(&native, first, sizeof first));
    native_make(&native, 1);
    native_make_real(&native);
    assert_true(native.port.random(&native, second, sizeof second));
    assert_memory_not_equal(first, second, sizeof first);
    assert_true(native.wait_is_real);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_file_is_no_fault),
        cmocka_unit_test(every_line_counts),
        cmocka_unit_test(a_real_card_waits_and_draws_other_numbers),
    };
    return cmocka_run_group_tests(tests, make, remove_all);
}
