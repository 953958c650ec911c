/* SPDX-License-Identifier: Apache-2.0
 *
 * The next version in the sources: two members change, nothing else, and never backwards.
 */
#include "authority/raise.h"
#include "authority_folder.h"

static char dir[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    folder_make_sample(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

static void assert_file(const char *name, const char *text)
{
    struct span bytes = folder_read(dir, name);
    check_bytes(bytes, span_str(text));
    folder_free(bytes);
}

static void version_and_time_are_raised(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct raise_result result;
    assert_int_equal(raise_list(dir, "ID", FOLDER_NOW_S + 60, &result, &problem), AUTHORITY_OK);
    assert_string_equal(result.path, folder_path(dir, "ID/list.json"));
    assert_int_equal(result.version, 2);
    assert_file("ID/list.json", "{\n  \"version\": 2,\n  \"as_of\": \"2026-06-09T10:14:20Z\",\n"
                                "  \"valid_days\": 180\n}\n");
    assert_int_equal(raise_header(dir, FOLDER_NOW_S, &result, &problem), AUTHORITY_OK);
    assert_int_equal(raise_header(dir, FOLDER_NOW_S + 1, &result, &problem), AUTHORITY_OK);
    assert_string_equal(result.path, folder_path(dir, "header.json"));
    assert_int_equal(result.version, 3);
    assert_file("header.json", "{\n  \"version\": 3,\n  \"issued_at\": \"2026-06-09T10:13:21Z\",\n"
                               "  \"valid_days\": 30,\n  \"staleness\": {\n    \"plain\": 7,\n"
                               "    \"shown\": 30,\n    \"amber\": 90\n  }\n}\n");
}

static void assert_refused(enum authority_error expected, int64_t now_s, const char *text)
{
    struct authority_problem problem;
    struct raise_result result = {.version = 77};
    struct span before = folder_read(dir, "ID/list.json");
    assert_int_equal(raise_list(dir, "ID", now_s, &result, &problem), expected);
    assert_non_null(strstr(problem.text, text));
    assert_int_equal(result.version, 77);
    struct span after = folder_read(dir, "ID/list.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

static void what_is_refused_stays_as_it_was(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct raise_result result;
    int lock = -1;
    assert_refused(AUTHORITY_SOURCE, FOLDER_NOW_S - 1,
                   "ID/list.json: as_of: is later than this computer's clock; set the clock");
    assert_int_equal(authority_lock(&problem, dir, "ID", &lock), AUTHORITY_OK);
    assert_refused(AUTHORITY_FILE, FOLDER_NOW_S, "another program changes the sources of ID");
    lock_release(lock);
    folder_edit(dir, "ID/list.json", "\"version\": 1", "\"version\": 9223372036854775807");
    assert_refused(AUTHORITY_SOURCE, FOLDER_NOW_S, "ID/list.json: version: ");
    folder_edit(dir, "ID/list.json", "\"version\"", "\"vers\"");
    assert_refused(AUTHORITY_SOURCE, FOLDER_NOW_S, "ID/list.json: version: is missing");
    assert_int_equal(raise_list(dir, "XX", FOLDER_NOW_S, &result, &problem), AUTHORITY_FILE);
}

static void the_header_is_changed_by_one_program_at_a_time(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct raise_result result;
    int lock = -1;
    assert_int_equal(authority_lock_document(&problem, folder_path(dir, "header.json"), &lock),
                     AUTHORITY_OK);
    assert_int_equal(raise_header(dir, FOLDER_NOW_S, &result, &problem), AUTHORITY_FILE);
    lock_release(lock);
    assert_int_equal(raise_header(dir, FOLDER_NOW_S, &result, &problem), AUTHORITY_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(version_and_time_are_raised),
        TEST(what_is_refused_stays_as_it_was),
        TEST(the_header_is_changed_by_one_program_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
