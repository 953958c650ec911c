/* SPDX-License-Identifier: Apache-2.0
 *
 * Centres and blanks: what is typed, what then stands in status.json, and what is refused.
 */
#include "authority/revoke_place.h"
#include "source_json.h"

static char dir[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    folder_make_sample(dir);
    source_put_status(dir, "");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

static const struct revoke_place of = {dir, "ID", ISSUER};

/* --- what is typed --- */

static void blanks_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *prefix;
        int digits;
        uint64_t first, last;
    } cases[] = {
        {"AB000100-AB000199", "AB", 6, 100, 199},
        {"BLK-S-0005000-BLK-S-0005999", "BLK-S-", 7, 5000, 5999},
        {"123-456", "", 3, 123, 456},
        {"A1-A1", "A", 1, 1, 1},
        {"0-9", "", 1, 0, 9},
        {"2026-000001-2026-000002", "2026-", 6, 1, 2},
        {"ABCDEFGHIJKLMNOP12345678-ABCDEFGHIJKLMNOP12345679", "ABCDEFGHIJKLMNOP", 8, 12345678,
         12345679},
        {"999999999999999999-999999999999999999", "", 18, 999999999999999999, 999999999999999999},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct row_blank blank;
        struct authority_problem problem;
        assert_int_equal(revoke_blanks_parse(cases[i].text, &blank, &problem), AUTHORITY_OK);
        check_bytes(blank.prefix, span_str(cases[i].prefix));
        assert_int_equal(blank.digits, cases[i].digits);
        assert_true(blank.first == cases[i].first && blank.last == cases[i].last);
    }
}

#define SHAPE                                                                                      \
    ": is not FIRST-LAST, two numbers of blanks of the same length like AB000100-AB000199; a "     \
    "single one is AB000100-AB000100"

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what;
    } cases[] = {
        {"", SHAPE},
        {"-", SHAPE},
        {"AB000100", SHAPE},
        {"AB99-AB100", SHAPE},
        {"AB1-5", SHAPE},
        {"AB000100..AB000199", SHAPE},
        {"AB-CD", ": a blank's number ends with digits"},
        {"AB1-CD2",
         ": both must begin with the same characters and have the same number of digits"},
        {"AB1-AB2-AB3-AB4",
         ": both must begin with the same characters and have the same number of "
         "digits"},
        {"A10-A1X",
         ": both must begin with the same characters and have the same number of digits"},
        {"AX1-A11",
         ": both must begin with the same characters and have the same number of digits"},
        {"AB2-AB1", ": the first is greater than the last"},
        {"0000000000000000001-0000000000000000002",
         ": a blank's number ends with at most 18 digits"},
        {"ABCDEFGHIJKLMNOPQ1-ABCDEFGHIJKLMNOPQ2",
         ": before the digits stand at most 16 characters"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char expected[256];
        struct row_blank blank = {.digits = 77};
        struct authority_problem problem;
        (void)snprintf(expected, sizeof expected, "%s%s", cases[i].text, cases[i].what);
        assert_int_equal(revoke_blanks_parse(cases[i].text, &blank, &problem), AUTHORITY_SOURCE);
        assert_string_equal(problem.text, expected);
        assert_int_equal(blank.digits, 77);
    }
}

/* --- blanks --- */

static enum authority_error add_blanks(const char *text, struct revoke_place_result *ret_result,
                                       struct authority_problem *problem)
{
    struct row_blank blank;
    assert_int_equal(revoke_blanks_parse(text, &blank, problem), AUTHORITY_OK);
    blank.reason = 3;
    blank.date_day = TODAY;
    return revoke_blanks(&of, &blank, ret_result, problem);
}

#define AB_BLANKS                                                                                  \
    "{'prefix':'AB','digits':6,'first':100,'last':199,'reason':'fraud','date':'2026-06-09'}"

static void blanks_become_an_entry(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct revoke_place_result result;
    source_report(dir, 1, "N-1", "", "AB000099", TODAY, 1);
    source_report(dir, 2, "N-2", "", "AB000100", TODAY, 1);
    source_report(dir, 3, "N-3", "", "AB000199", TODAY, 1);
    source_report(dir, 4, "N-4", "", "AB000200", TODAY, 1);
    source_report(dir, 5, "N-5", "", "AB00015", TODAY, 1);
    assert_int_equal(add_blanks("AB000100-AB000199", &result, &problem), AUTHORITY_OK);
    assert_true(result.added);
    assert_true(result.reported == 2);
    source_status_is(dir, "'blanks':[" AB_BLANKS "]");
    /* covered already */
    assert_int_equal(add_blanks("AB000100-AB000100", &result, &problem), AUTHORITY_OK);
    assert_false(result.added);
    source_status_is(dir, "'blanks':[" AB_BLANKS "]");
    /* one more, and another width */
    assert_int_equal(add_blanks("AB000100-AB000200", &result, &problem), AUTHORITY_OK);
    assert_int_equal(add_blanks("AB100-AB200", &result, &problem), AUTHORITY_OK);
    source_status_is(
        dir, "'blanks':[" AB_BLANKS ",{'prefix':'AB','digits':6,'first':100,'last':200,'reason':"
             "'fraud','date':'2026-06-09'},{'prefix':'AB','digits':3,'first':100,'last':200,"
             "'reason':'fraud','date':'2026-06-09'}]");
}

/* --- centres --- */

static enum authority_error add_centre(const char *name, int64_t from, int64_t until,
                                       struct revoke_place_result *ret_result,
                                       struct authority_problem *problem)
{
    struct row_centre centre = {span_str(name), from, until, 6, TODAY};
    return revoke_centre(&of, &centre, ret_result, problem);
}

static void a_centre_becomes_an_entry(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct revoke_place_result result;
    source_report(dir, 1, "N-1", "TUK-1", "", TODAY - 9, 1);
    source_report(dir, 2, "N-2", "TUK-1", "", TODAY - 5, 1);
    source_report(dir, 3, "N-3", "TUK-2", "", TODAY - 5, 1);
    assert_int_equal(add_centre("TUK-1", TODAY - 8, TODAY, &result, &problem), AUTHORITY_OK);
    assert_true(result.added);
    assert_true(result.reported == 1);
    source_status_is(dir, "'centres':[{'centre':'TUK-1','from':'2026-06-01','until':'2026-06-09',"
                          "'reason':'centre_fraud','date':'2026-06-09'}]");
    assert_int_equal(add_centre("TUK-1", TODAY - 7, TODAY - 1, &result, &problem), AUTHORITY_OK);
    assert_false(result.added);
    assert_int_equal(add_centre("TUK-1", TRUST_LEAST_DAY, ROW_NO_END_DAY, &result, &problem),
                     AUTHORITY_OK);
    assert_true(result.added);
    assert_true(result.reported == 2);
    source_status_is(dir, "'centres':[{'centre':'TUK-1','from':'2026-06-01','until':'2026-06-09',"
                          "'reason':'centre_fraud','date':'2026-06-09'},{'centre':'TUK-1',"
                          "'from':'1900-01-01','until':null,'reason':'centre_fraud',"
                          "'date':'2026-06-09'}]");
}

static void assert_refused(enum authority_error error, enum authority_error expected,
                           const struct authority_problem *problem, const char *text)
{
    assert_int_equal(error, expected);
    assert_string_equal(problem->text, text);
    source_status_is(dir, "");
}

static void what_is_refused_changes_nothing(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct revoke_place_result result;
    int lock = -1;
    enum authority_error error = add_centre("TUK-1", TODAY, TODAY - 1, &result, &problem);
    assert_refused(error, AUTHORITY_SOURCE, &problem,
                   "ID/status.json: status[0].centres[0].until: is earlier than from");
    error = add_centre("", TODAY, TODAY, &result, &problem);
    assert_refused(error, AUTHORITY_SOURCE, &problem,
                   "ID/status.json: status[0].centres[0].centre: is empty");
    error = add_centre("0123456789012345678901234", TODAY, TODAY, &result, &problem);
    assert_refused(error, AUTHORITY_SOURCE, &problem,
                   "ID/status.json: status[0].centres[0].centre: is longer than 24 bytes");
    assert_int_equal(authority_lock(&problem, dir, "ID", &lock), AUTHORITY_OK);
    assert_int_equal(add_blanks("A1-A2", &result, &problem), AUTHORITY_FILE);
    lock_release(lock);
    source_status_is(dir, "");
    source_put(dir, "ID/status.json", "{'status':[]}");
    assert_int_equal(add_blanks("A1-A2", &result, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "ID/status.json: has no entry for the issuer " ISSUER);
}

/* The entries that a row can have, and one more. */
static void entries_have_a_limit(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct revoke_place_result result;
    size_t cap = 64 + (size_t)ROW_MAX_BLANKS * 96;
    char *text = malloc(cap);
    assert_non_null(text);
    size_t used = (size_t)snprintf(
        text, cap, "{'status':[{'issuer':'" ISSUER "','allotment':20000,'blanks':[");
    for (int i = 0; i < ROW_MAX_BLANKS; i++) {
        used += (size_t)snprintf(text + used, cap - used,
                                 "%s{'prefix':'A','digits':6,'first':%d,'last':%d,'reason':'fraud',"
                                 "'date':'2026-06-09'}",
                                 i == 0 ? "" : ",", 2 * i, 2 * i);
        assert_true(used < cap - 8);
    }
    (void)snprintf(text + used, cap - used, "]}]}");
    source_put(dir, "ID/status.json", text);
    assert_int_equal(add_blanks("B1-B2", &result, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text,
                        "ID/status.json: status[0].blanks: has more than 256 elements");
    source_is(dir, "ID/status.json", text);
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_are_read),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        TEST(blanks_become_an_entry),
        TEST(a_centre_becomes_an_entry),
        TEST(what_is_refused_changes_nothing),
        TEST(entries_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
