/* SPDX-License-Identifier: Apache-2.0
 *
 * INI files: values in order, the line of a fault, and what stands in a file's place without being
 * one. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ini.h"

static char folder[64], path[128];
static char taken[256]; /* "section.name=value;" */

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-ini-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a.conf", folder);
    taken[0] = '\0';
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static bool take(void *ctx, const char *section, const char *name, const char *value)
{
    size_t used = strlen(taken);
    assert_ptr_equal(ctx, taken);
    (void)snprintf(taken + used, sizeof taken - used, "%s.%s=%s;", section, name, value);
    return strcmp(value, "bad") != 0;
}

static void write_text(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void assert_read(enum ini_error expected, int line)
{
    int found = -1;
    assert_int_equal(ini_read(path, take, taken, &found), expected);
    assert_int_equal(found, line);
}

static void values_come_in_order(void **state)
{
    (void)state;
    write_text("[a]\nx = 1\n; a remark\n\ny=two words\n[b]\nx = 3\n");
    assert_read(INI_OK, -1);
    assert_string_equal(taken, "a.x=1;a.y=two words;b.x=3;");
}

static void an_empty_file_says_nothing(void **state)
{
    (void)state;
    write_text("");
    assert_read(INI_OK, -1);
    assert_string_equal(taken, "");
}

static void faults_have_a_line(void **state)
{
    (void)state;
    write_text("[a]\nx = 1\nnonsense\n");
    assert_read(INI_SYNTAX, 3);
    write_text("[a]\nx = 1\ny = bad\n");
    assert_read(INI_REFUSED, 3);
}

static void only_a_regular_file_is_read(void **state)
{
    (void)state;
    assert_read(INI_MISSING, -1);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_read(INI_IO, -1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_read(INI_IO, -1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(folder, path), 0);
    assert_read(INI_IO, -1);
    assert_string_equal(taken, "");
}

static void a_file_ends_at_the_limit(void **state)
{
    (void)state;
    write_text("[a]\nx = 1\n\n");
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    for (long at = ftell(f); at < INI_MAX_BYTES; at++) {
        assert_int_equal(fputc('\n', f), '\n');
    }
    assert_int_equal(fclose(f), 0);
    assert_read(INI_OK, -1);
    assert_string_equal(taken, "a.x=1;");
    assert_int_equal(truncate(path, INI_MAX_BYTES + 1), 0);
    assert_read(INI_IO, -1);
    assert_int_equal(truncate(path, INT64_C(1) << 40), 0);
    assert_read(INI_IO, -1);
}

static void a_long_line_is_not_cut(void **state)
{
    (void)state;
    static char text[2100], expected[256];
    for (int len = 150; len < 1000; len++) { /* of the line */
        (void)snprintf(text, sizeof text, "[a]\nx = %0*d\n", len - 4, 7);
        write_text(text);
        taken[0] = '\0';
        assert_read(len <= INI_MAX_LINE_BYTES ? INI_OK : INI_SYNTAX,
                    len <= INI_MAX_LINE_BYTES ? -1 : 2);
        (void)snprintf(expected, sizeof expected, "a.x=%0*d;", len - 4, 7);
        assert_string_equal(taken, len <= INI_MAX_LINE_BYTES ? expected : "");
        (void)snprintf(text, sizeof text, "[a]\n;%*sx = 1\n", len, "");
        write_text(text); /* a remark stays one */
        taken[0] = '\0';
        assert_read(len + 6 <= INI_MAX_LINE_BYTES ? INI_OK : INI_SYNTAX,
                    len + 6 <= INI_MAX_LINE_BYTES ? -1 : 2);
        assert_string_equal(taken, "");
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_long_line_is_not_cut),      IN_FOLDER(values_come_in_order),
        IN_FOLDER(an_empty_file_says_nothing),  IN_FOLDER(faults_have_a_line),
        IN_FOLDER(only_a_regular_file_is_read), IN_FOLDER(a_file_ends_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
