/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of indices: sorted, joined, and read from files with one thing a line.
 */
#include "authority/index_file.h"
#include "source_json.h"

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

/* "3-5/2 7-7/1": first, last and reason. */
static const char *runs_text(const struct index_runs *runs)
{
    static char text[512];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < runs->count; i++) {
        const struct index_run *run = &runs->run[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u-%u/%d", i == 0 ? "" : " ",
                                 run->first, run->last, run->reason);
        assert_true(used < sizeof text);
    }
    return text;
}

static void assert_sorted(const struct index_run *run, size_t count, const char *expected)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(index_runs_add(&runs, run[i], &problem), AUTHORITY_OK);
    }
    index_runs_sort(&runs);
    assert_string_equal(runs_text(&runs), expected);
    index_runs_free(&runs);
}

static void runs_are_sorted_and_joined(void **state)
{
    (void)state;
    const struct index_run apart[] = {{9, 9, 1}, {3, 5, 1}};
    const struct index_run touching[] = {{6, 6, 1}, {5, 5, 1}, {7, 9, 1}, {5, 5, 1}};
    const struct index_run reasons[] = {{6, 6, 1}, {5, 5, 2}, {7, 7, 1}};
    const struct index_run inside[] = {{1, 9, 2}, {3, 4, 1}};
    const struct index_run across[] = {{1, 5, 2}, {4, 8, 1}};
    const struct index_run top[] = {
        {UINT32_MAX, UINT32_MAX, 1}, {0, 0, 1}, {UINT32_MAX - 1, UINT32_MAX, 1}};
    assert_sorted(NULL, 0, "");
    assert_sorted(apart, COUNT_OF(apart), "3-5/1 9-9/1");
    assert_sorted(touching, COUNT_OF(touching), "5-9/1");
    assert_sorted(reasons, COUNT_OF(reasons), "5-5/2 6-7/1");
    assert_sorted(inside, COUNT_OF(inside), "1-9/2");
    assert_sorted(across, COUNT_OF(across), "1-5/2 6-8/1");
    assert_sorted(top, COUNT_OF(top), "0-0/1 4294967294-4294967295/1");
    struct index_run all = {0, UINT32_MAX, 1};
    struct index_runs runs = {.run = &all, .count = 1};
    assert_true(index_runs_total(&runs) == 4294967296ULL);
}

static void there_are_not_more_than_a_million(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct index_runs runs = {0};
    for (uint32_t i = 0; i < INDEX_RUNS_MAX; i++) {
        assert_int_equal(index_runs_add(&runs, (struct index_run){2 * i, 2 * i, 1}, &problem),
                         AUTHORITY_OK);
    }
    assert_int_equal(index_runs_add(&runs, (struct index_run){1, 1, 1}, &problem),
                     AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "these are more than 1000000 indices or ranges; split them");
    index_runs_free(&runs);
}

static void ranges_are_decimal(void **state)
{
    (void)state;
    uint32_t first = 77;
    uint32_t last = 77;
    static const char *const bad[] = {
        "",           "-",   "1-",   "-1",           "2-1",
        "1-2-3",      "x",   "1 ",   " 1",           "+1",
        "4294967296", "0x1", "1--2", "1-4294967296", "99999999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(index_parse_range(span_str(bad[i]), &first, &last));
    }
    assert_int_equal(first, 77);
    assert_int_equal(last, 77);
    assert_true(index_parse_range(span_str("4294967295"), &first, &last));
    assert_true(first == UINT32_MAX && last == UINT32_MAX);
    assert_true(index_parse_range(span_str("0-12"), &first, &last));
    assert_true(first == 0 && last == 12);
}

static enum authority_error read_list(const char *text, bool by_number, struct index_runs *ret_runs,
                                      struct authority_problem *problem)
{
    static char path[PATH_MAX];
    folder_join(path, dir, "list.txt");
    folder_write(dir, "list.txt", span_str(text));
    struct index_file file = {path, by_number, dir, ISSUER, 3};
    return index_file_read(&file, ret_runs, problem);
}

static void a_file_names_indices(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct index_runs runs = {0};
    assert_int_equal(read_list("12\r\n\n  7-9 \n10\t\n4294967295", false, &runs, &problem),
                     AUTHORITY_OK);
    assert_string_equal(runs_text(&runs), "7-10/3 12-12/3 4294967295-4294967295/3");
    index_runs_free(&runs);
}

static void refused(const char *text, bool by_number, const char *expected)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    assert_int_equal(read_list(text, by_number, &runs, &problem), AUTHORITY_SOURCE);
    const char *found = strstr(problem.text, "list.txt: ");
    assert_non_null(found);
    assert_string_equal(found + strlen("list.txt: "), expected);
    assert_null(runs.run);
}

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    refused("1\n\n2x\n4\n", false, "line 3: 2x is not an index N or a range N-M");
    refused("9-1", false, "line 1: 9-1 is not an index N or a range N-M");
    refused("1\n\x1b[31m", false, "line 2: it is not an index N or a range N-M");
    refused("\n \r\n", false, "has no line that names anything");
    refused("N-1\n", true, "line 1: N-1 is in no report of this issuer");
    source_report(dir, 40, "N-1", "", "", TODAY, 1);
    refused("n 1\nN-2\n", true, "line 2: N-2 is in no report of this issuer");
    refused("n 1\n12345678901234567890123456789012345678901\n", true,
            "line 2: 12345678901234567890123456789012345678901 is not a certificate number");
    refused("n\t1\n", true, "line 1: it is not a certificate number");
    refused("--\n", true, "line 1: -- is in no report of this issuer");
}

static void numbers_are_looked_up(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct index_runs runs = {0};
    source_report(dir, 40, "N-1", "", "", TODAY, 1);
    source_report(dir, 41, "n 1", "", "", TODAY, 1); /* another copy of it */
    source_report(dir, 50, "N-2", "", "", TODAY, 1);
    assert_int_equal(read_list("n1\nN-2\n n 2 \n", true, &runs, &problem), AUTHORITY_OK);
    assert_string_equal(runs_text(&runs), "40-41/3 50-50/3");
    index_runs_free(&runs);
}

static void a_file_must_be_there(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct index_runs runs = {0};
    struct index_file file = {"/nowhere/at/all", false, dir, ISSUER, 3};
    assert_int_equal(index_file_read(&file, &runs, &problem), AUTHORITY_FILE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_sorted_and_joined),
        cmocka_unit_test(there_are_not_more_than_a_million),
        cmocka_unit_test(ranges_are_decimal),
        TEST(a_file_names_indices),
        TEST(a_wrong_line_is_named),
        TEST(numbers_are_looked_up),
        TEST(a_file_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
