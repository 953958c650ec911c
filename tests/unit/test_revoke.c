/* SPDX-License-Identifier: Apache-2.0
 *
 * Revoked, suspended, reinstated: what stands in status.json before and after, to the letter.
 */
#include "authority/revoke.h"
#include "authority/source_list.h"
#include "authority/status_map.h"
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

static const char *problem_text;
static struct revoke_result result;

/* With the reason fraud, today; some runs by their ends. */
static enum authority_error change(enum row_range_status status, const uint32_t (*ends)[2],
                                   size_t count)
{
    static struct authority_problem problem;
    struct index_runs runs = {0};
    for (size_t i = 0; i < count; i++) {
        struct index_run run = {ends[i][0], ends[i][1], 3};
        assert_int_equal(index_runs_add(&runs, run, &problem), AUTHORITY_OK);
    }
    index_runs_sort(&runs);
    struct revoke_request request = {dir, "ID", ISSUER, status, &runs, TODAY};
    problem.text[0] = '\0';
    enum authority_error error = revoke_runs(&request, &result, &problem);
    index_runs_free(&runs);
    problem_text = problem.text;
    return error;
}

static enum authority_error change_one(enum row_range_status status, uint32_t first, uint32_t last)
{
    const uint32_t ends[][2] = {{first, last}};
    return change(status, ends, 1);
}

static void assert_result(uint64_t changed, uint64_t before, uint64_t in_set)
{
    assert_true(result.changed == changed);
    assert_true(result.before == before);
    assert_true(result.in_set == in_set);
}

#define RANGE(first, last, what, reason, date)                                                     \
    "{'first':" #first ",'last':" #last ",'status':'" what "','reason':'" reason "','date':'" date \
    "'}"
#define NEW(first, last, what) RANGE(first, last, what, "fraud", "2026-06-09")
#define OLD(first, last, what) RANGE(first, last, what, "error", "2026-01-01")

static void what_is_written_can_be_reviewed(void **state)
{
    (void)state;
    source_put(dir, "ID/status.json",
               "{\n  'status': [\n    { 'issuer': '" ISSUER "', 'allotment': 9 }\n  ]\n}\n");
    assert_int_equal(change_one(ROW_RANGE_REVOKED, 7, 7), AUTHORITY_OK);
    struct span bytes = folder_read(dir, "ID/status.json");
    char *quoted = source_quoted("{\n"
                                 "  'status': [\n"
                                 "    {\n"
                                 "      'issuer': '" ISSUER "',\n"
                                 "      'allotment': 9,\n"
                                 "      'ranges': [\n"
                                 "        {\n"
                                 "          'first': 7,\n"
                                 "          'last': 7,\n"
                                 "          'status': 'revoked',\n"
                                 "          'reason': 'fraud',\n"
                                 "          'date': '2026-06-09'\n"
                                 "        }\n"
                                 "      ]\n"
                                 "    }\n"
                                 "  ]\n"
                                 "}\n");
    check_bytes(bytes, span_str(quoted));
    free(quoted);
    folder_free(bytes);
}

static void revoking_adds_and_never_weakens(void **state)
{
    (void)state;
    source_put_status(dir,
                      "'revoked':[3],'suspended':[5],'ranges':[" OLD(10, 19, "revoked") "," OLD(
                          20, 29, "suspended") "," OLD(30, 39, "reinstated") "]");
    const uint32_t ends[][2] = {{2, 6}, {8, 34}};
    assert_int_equal(change(ROW_RANGE_REVOKED, ends, 2), AUTHORITY_OK);
    assert_result(21, 11, 0);
    source_status_is(
        dir,
        "'revoked':[3],'suspended':[5],'ranges':[" OLD(10, 19, "revoked") "," OLD(
            35, 39,
            "reinstated") "," NEW(2, 2,
                                  "revoked") "," NEW(4, 6,
                                                     "revoked") "," NEW(8, 9,
                                                                        "revoked") "," NEW(20, 34,
                                                                                           "revoke"
                                                                                           "d") "]");
    /* again: nothing is new, not a byte is written */
    struct span before = folder_read(dir, "ID/status.json");
    assert_int_equal(change(ROW_RANGE_REVOKED, ends, 2), AUTHORITY_OK);
    assert_result(0, 32, 0);
    struct span after = folder_read(dir, "ID/status.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

static void suspending_leaves_what_is_revoked(void **state)
{
    (void)state;
    source_put_status(dir,
                      "'revoked':[3],'suspended':[5],'ranges':[" OLD(10, 19, "revoked") "," OLD(
                          20, 29, "suspended") "," OLD(30, 39, "reinstated") "]");
    const uint32_t ends[][2] = {{2, 6}, {8, 34}};
    assert_int_equal(change(ROW_RANGE_SUSPENDED, ends, 2), AUTHORITY_OK);
    assert_result(10, 22, 0);
    source_status_is(
        dir,
        "'revoked':[3],'suspended':[5],'ranges':[" OLD(10, 19, "revoked") "," OLD(20, 29, "suspended") "," OLD(
            35, 39,
            "reinstated") "," NEW(2, 2,
                                  "suspended") "," NEW(4, 4,
                                                       "suspended") "," NEW(6, 6,
                                                                            "suspended") "," NEW(8,
                                                                                                 9,
                                                                                                 "s"
                                                                                                 "u"
                                                                                                 "s"
                                                                                                 "p"
                                                                                                 "e"
                                                                                                 "n"
                                                                                                 "d"
                                                                                                 "e"
                                                                                                 "d") "," NEW(30,
                                                                                                              34,
                                                                                                              "suspended") "]");
}

static void reinstating_is_an_entry_of_its_own(void **state)
{
    (void)state;
    source_put_status(dir, "'revoked':[3],'suspended':[4],'ranges':[" OLD(
                               10, 19, "revoked") "," OLD(20, 29, "suspended") "]");
    const uint32_t ends[][2] = {{3, 4}, {15, 22}};
    assert_int_equal(change(ROW_RANGE_REINSTATED, ends, 2), AUTHORITY_OK);
    assert_result(10, 0, 0);
    source_status_is(
        dir,
        "'revoked':[3],'suspended':[4],'ranges':[" OLD(10, 14, "revoked") "," OLD(
            23, 29, "suspended") "," NEW(3, 4, "reinstated") "," NEW(15, 22, "reinstated") "]");
    /* and revoked once more */
    assert_int_equal(change_one(ROW_RANGE_REVOKED, 3, 3), AUTHORITY_OK);
    assert_result(1, 0, 0);
    source_status_is(
        dir,
        "'revoked':[3],'suspended':[4],'ranges':[" OLD(10, 14, "revoked") "," OLD(
            23, 29,
            "suspended") "," NEW(4, 4, "reinstated") "," NEW(15, 22,
                                                             "reinstated") "," NEW(3, 3,
                                                                                   "revoked") "]");
}

static void assert_refused(enum authority_error expected, enum row_range_status status,
                           uint32_t first, uint32_t last, const char *text)
{
    struct span before = folder_read(dir, "ID/status.json");
    struct revoke_result old = result;
    assert_int_equal(change_one(status, first, last), expected);
    assert_string_equal(problem_text, text);
    assert_memory_equal(&old, &result, sizeof result);
    struct span after = folder_read(dir, "ID/status.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

static void what_is_refused_changes_nothing(void **state)
{
    (void)state;
    source_put_status(dir, "'ranges':[" OLD(10, 19, "revoked") "," OLD(20, 20, "reinstated") "]");
    assert_refused(AUTHORITY_CONFLICT, ROW_RANGE_REINSTATED, 9, 12,
                   "index 9 of " ISSUER " is neither revoked nor suspended");
    assert_refused(AUTHORITY_CONFLICT, ROW_RANGE_REINSTATED, 18, 22,
                   "index 20 of " ISSUER
                   " is neither revoked nor suspended: it was reinstated before");
    source_report(dir, 12, "N-1", "", "", TODAY, 2);
    assert_refused(AUTHORITY_CONFLICT, ROW_RANGE_REINSTATED, 11, 13,
                   "index 12 of " ISSUER " was reported void by its issuer and cannot come back; "
                   "the holder needs a new certificate");
    source_put(dir, "ID/status.json", "{'status':[]}");
    assert_refused(AUTHORITY_SOURCE, ROW_RANGE_REVOKED, 1, 1,
                   "ID/status.json: has no entry for the issuer " ISSUER);
    source_put(dir, "ID/status.json", "{'status':[{'issuer':'" ISSUER "'}]}");
    assert_refused(AUTHORITY_SOURCE, ROW_RANGE_REVOKED, 1, 1,
                   "ID/status.json: status[0].allotment: is missing");
    source_put_status(dir, "");
    folder_edit(dir, "ID/rules.json", "\"rules\"", "\"rulez\"");
    assert_refused(AUTHORITY_SOURCE, ROW_RANGE_REVOKED, 1, 1,
                   "ID/rules.json: rulez: is not a known name");
}

/* --- many --- */

/* Every second index from 0 on. */
static enum authority_error change_many(enum row_range_status status, uint32_t count)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(index_runs_add(&runs, (struct index_run){2 * i, 2 * i, 3}, &problem),
                         AUTHORITY_OK);
    }
    struct revoke_request request = {dir, "ID", ISSUER, status, &runs, TODAY};
    enum authority_error error = revoke_runs(&request, &result, &problem);
    index_runs_free(&runs);
    return error;
}

static size_t rows_of(enum row_type type)
{
    struct authority_problem problem;
    struct list_source list;
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    size_t count = list_rows_count(&list.rows, type);
    list_source_free(&list);
    return count;
}

static void few_keep_their_reason_and_many_share_a_set(void **state)
{
    (void)state;
    source_put_status(dir, "");
    assert_int_equal(change_many(ROW_RANGE_REVOKED, REVOKE_MANY_RANGES), AUTHORITY_OK);
    assert_result(REVOKE_MANY_RANGES, 0, 0);
    assert_int_equal(rows_of(ROW_RANGE), REVOKE_MANY_RANGES);
    assert_int_equal(rows_of(ROW_BLOCK), 0);
    /* one more is one too many */
    assert_int_equal(change_many(ROW_RANGE_REVOKED, REVOKE_MANY_RANGES + 1), AUTHORITY_OK);
    assert_result(1, REVOKE_MANY_RANGES, 1);
    assert_int_equal(rows_of(ROW_RANGE), REVOKE_MANY_RANGES);
    assert_int_equal(rows_of(ROW_BLOCK), 1);
    /* but not a long run */
    assert_int_equal(change_one(ROW_RANGE_REVOKED, 15000, 15000 + REVOKE_LONG_RUN - 1),
                     AUTHORITY_OK);
    assert_result(REVOKE_LONG_RUN, 0, 0);
    assert_int_equal(change_one(ROW_RANGE_SUSPENDED, 16000, 16000 + REVOKE_LONG_RUN - 2),
                     AUTHORITY_OK);
    assert_result(REVOKE_LONG_RUN - 1, 0, REVOKE_LONG_RUN - 1);
    /* what is in a set is lifted by a range all the same */
    assert_int_equal(change_one(ROW_RANGE_REINSTATED, 16000, 16000), AUTHORITY_OK);
    assert_result(1, 0, 0);
    /* suspended again: under the range another set may hold it, so by a range */
    assert_int_equal(change_one(ROW_RANGE_SUSPENDED, 16000, 16000), AUTHORITY_OK);
    assert_result(1, 0, 0);
}

static void a_hundred_thousand_are_no_trouble(void **state)
{
    (void)state;
    source_put(dir, "ID/status.json", "{'status':[{'issuer':'" ISSUER "','allotment':1000000}]}");
    assert_int_equal(change_many(ROW_RANGE_REVOKED, 100000), AUTHORITY_OK);
    assert_result(100000, 0, 100000);
    assert_int_equal(rows_of(ROW_RANGE), 0);
    assert_int_equal(rows_of(ROW_BLOCK), (200000 + ROW_BLOCK_INDICES - 1) / ROW_BLOCK_INDICES);
    assert_int_equal(change_many(ROW_RANGE_REVOKED, 100001), AUTHORITY_OK);
    assert_result(1, 100000, 0); /* one alone: a range */
}

static void a_set_does_not_reach_beyond_the_allotment(void **state)
{
    (void)state;
    source_put_status(dir, "");
    struct span before = folder_read(dir, "ID/status.json");
    assert_int_equal(change_many(ROW_RANGE_REVOKED, 10001), AUTHORITY_SOURCE);
    struct span after = folder_read(dir, "ID/status.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

/* --- any order --- */

#define INDICES 40

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16 & 0x7FFF;
}

/* What a change should do to a table of every index; false when it is to be refused. */
static bool change_table(int *table, enum row_range_status status, const uint32_t (*ends)[2],
                         size_t count)
{
    int after[INDICES];
    memcpy(after, table, sizeof after);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = ends[i][0]; k <= ends[i][1]; k++) {
            bool bad = table[k] == ROW_RANGE_REVOKED || table[k] == ROW_RANGE_SUSPENDED;
            if (status == ROW_RANGE_REINSTATED && !bad) {
                return false;
            }
            bool stays = status == ROW_RANGE_SUSPENDED && bad;
            after[k] = stays ? table[k] : (int)status;
        }
    }
    memcpy(table, after, sizeof after);
    return true;
}

static void assert_table(const int *table)
{
    struct authority_problem problem;
    struct list_source list;
    struct status_map map;
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    assert_int_equal(
        status_map_build(list.rows.row, list.rows.count, span_str(ISSUER), &map, &problem),
        AUTHORITY_OK);
    for (uint32_t i = 0; i < INDICES; i++) {
        assert_int_equal(status_map_at(&map, i, i).status, table[i]);
    }
    status_map_free(&map);
    list_source_free(&list);
}

/* Few turns in the ordinary run: each writes and reads a folder. */
static void change_at_random(unsigned seed)
{
    int turns = check_is_long() ? 600 : 60;
    int table[INDICES] = {0};
    for (int turn = 0; turn < turns; turn++) {
        uint32_t ends[3][2];
        size_t count = 1 + next(&seed) % 3;
        enum row_range_status status = (enum row_range_status)(1 + next(&seed) % 3);
        for (size_t i = 0; i < count; i++) {
            ends[i][0] = next(&seed) % INDICES;
            ends[i][1] = ends[i][0] + next(&seed) % 4;
            ends[i][1] = ends[i][1] < INDICES ? ends[i][1] : INDICES - 1;
        }
        bool good = change_table(table, status, (const uint32_t(*)[2])ends, count);
        assert_int_equal(change(status, (const uint32_t(*)[2])ends, count),
                         good ? AUTHORITY_OK : AUTHORITY_CONFLICT);
        assert_table(table);
    }
}

static void ranges_follow_a_table(void **state)
{
    (void)state;
    source_put_status(dir, "");
    change_at_random(1);
}

/* So many ranges are there already that what is short goes to the sets. */
static void sets_follow_a_table(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct index_runs runs = {0};
    source_put_status(dir, "");
    for (uint32_t i = 0; i < REVOKE_MANY_RANGES; i++) {
        struct index_run run = {1000 + 2 * i, 1000 + 2 * i, 3};
        assert_int_equal(index_runs_add(&runs, run, &problem), AUTHORITY_OK);
    }
    struct revoke_request request = {dir, "ID", ISSUER, ROW_RANGE_REVOKED, &runs, TODAY};
    assert_int_equal(revoke_runs(&request, &result, &problem), AUTHORITY_OK);
    index_runs_free(&runs);
    change_at_random(2);
}

/* --- two programs --- */

static void sources_are_changed_by_one_program_at_a_time(void **state)
{
    (void)state;
    int lock = -1;
    struct authority_problem problem;
    source_put_status(dir, "");
    assert_int_equal(authority_lock(&problem, dir, "ID", &lock), AUTHORITY_OK);
    assert_int_equal(change_one(ROW_RANGE_REVOKED, 1, 1), AUTHORITY_FILE);
    source_status_is(dir, "");
    lock_release(lock);
    assert_int_equal(change_one(ROW_RANGE_REVOKED, 1, 1), AUTHORITY_OK);
    source_status_is(dir, "'ranges':[" NEW(1, 1, "revoked") "]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_can_be_reviewed),
        TEST(revoking_adds_and_never_weakens),
        TEST(suspending_leaves_what_is_revoked),
        TEST(reinstating_is_an_entry_of_its_own),
        TEST(what_is_refused_changes_nothing),
        TEST(few_keep_their_reason_and_many_share_a_set),
        TEST(a_hundred_thousand_are_no_trouble),
        TEST(a_set_does_not_reach_beyond_the_allotment),
        TEST(ranges_follow_a_table),
        TEST(sets_follow_a_table),
        TEST(sources_are_changed_by_one_program_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
