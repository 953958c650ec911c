/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets and ranges put together, beside a plain table of every index.
 */
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

/* "3-5 revoked 7-7 suspended+": + marks what a range says. */
static void assert_map(const char *issuer, const char *expected)
{
    char text[1024] = "";
    size_t used = 0;
    struct authority_problem problem;
    struct list_source list;
    struct status_map map;
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    assert_int_equal(
        status_map_build(list.rows.row, list.rows.count, span_str(issuer), &map, &problem),
        AUTHORITY_OK);
    for (size_t i = 0; i < map.count; i++) {
        const struct status_part *part = &map.part[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u-%u %s%s", i == 0 ? "" : " ",
                                 part->first, part->last,
                                 row_enum_name(ROW_ENUM_RANGE_STATUS, part->status),
                                 part->reason != 0 ? "+" : "");
        assert_true(used < sizeof text);
    }
    assert_string_equal(text, expected);
    status_map_free(&map);
    list_source_free(&list);
}

static void maps_are_put_together(void **state)
{
    (void)state;
    assert_map(ISSUER, "3-3 revoked 5-5 suspended 17-17 revoked 100-104 revoked+ 105-105 "
                       "reinstated+ 106-119 revoked+ 200-209 suspended+ 16384-16384 revoked");
    assert_map(OTHER, "");
    assert_map("ID.SAMPLE-A.LSP-0", ""); /* a beginning is not an issuer */
    source_put_status(dir, "'revoked':[4,5,6,16383,16384],'suspended':[5,6,7,8,12]");
    assert_map(ISSUER, "4-6 revoked 7-8 suspended 12-12 suspended 16383-16384 revoked");
    source_put_status(dir, "'revoked':[4,5,6],'suspended':[7,8],'survivors':[1,2],'ranges':["
                           "{'first':5,'last':7,'status':'reinstated','reason':'error','date':"
                           "'2026-01-01'},{'first':8,'last':4294967295,'status':'revoked',"
                           "'reason':'error','date':'2026-01-01'}]");
    assert_map(ISSUER, "4-4 revoked 5-7 reinstated+ 8-4294967295 revoked+");
}

#define INDICES 48

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16 & 0x7FFF;
}

/* Random sets and ranges as JSON, and what each index should be. */
static void make(unsigned *seed, int *status, char *text, size_t cap)
{
    static const char *const names[] = {"", "revoked", "suspended", "reinstated"};
    size_t used = 0;
    for (int set = 2; set >= 1; set--) { /* revoked after suspended: it overrules */
        used +=
            (size_t)snprintf(text + used, cap - used, "%s'%s':[", set == 2 ? "" : ",", names[set]);
        const char *comma = "";
        for (int i = 0; i < INDICES; i++) {
            if (next(seed) % 3 == 0) {
                used += (size_t)snprintf(text + used, cap - used, "%s%d", comma, i);
                status[i] = set;
                comma = ",";
            }
        }
        used += (size_t)snprintf(text + used, cap - used, "]");
    }
    used += (size_t)snprintf(text + used, cap - used, ",'ranges':[");
    const char *comma = "";
    for (int first = (int)(next(seed) % 8); first < INDICES; first += (int)(next(seed) % 9)) {
        int last = first + (int)(next(seed) % 6);
        last = last < INDICES ? last : INDICES - 1;
        int what = 1 + (int)(next(seed) % 3);
        used += (size_t)snprintf(text + used, cap - used,
                                 "%s{'first':%d,'last':%d,'status':'%s','reason':'error','date':"
                                 "'2026-01-01'}",
                                 comma, first, last, names[what]);
        for (int i = first; i <= last; i++) {
            status[i] = what;
        }
        comma = ",";
        first = last + 1;
    }
    (void)snprintf(text + used, cap - used, "]");
}

static void assert_every_index(const struct status_map *map, const int *status)
{
    uint64_t total[4] = {0};
    for (uint32_t i = 0; i < INDICES; i++) {
        struct status_part one = status_map_at(map, i, i);
        assert_int_equal(one.status, status[i]);
        assert_true(one.first == i && one.last == i);
        struct status_part part = status_map_at(map, i, INDICES - 1);
        assert_true(part.first == i && part.last < INDICES);
        for (uint32_t k = i; k <= part.last; k++) {
            assert_int_equal(status[k], part.status);
        }
        total[status[i]]++;
    }
    for (int what = 1; what <= 3; what++) {
        assert_true(status_map_total(map, what) == total[what]);
    }
    for (size_t i = 1; i < map->count; i++) {
        assert_true(map->part[i - 1].last < map->part[i].first);
    }
}

static void every_index_is_what_a_table_says(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int turn = 0; turn < 300; turn++) {
        int status[INDICES] = {0};
        char text[3500];
        char whole[4096];
        struct authority_problem problem;
        struct list_source list;
        struct status_map map;
        make(&seed, status, text, sizeof text);
        (void)snprintf(whole, sizeof whole,
                       "{'status':[{'issuer':'" ISSUER "','allotment':48,%s}]}", text);
        char *quoted = source_quoted(whole);
        list_source_begin(&list, "ID");
        assert_int_equal(list_source_add(&list, "issuers.json",
                                         span_str("{\"issuers\":[{\"id\":\"" ISSUER
                                                  "\",\"kind\":\"centre\",\"parent\":null,"
                                                  "\"names\":{\"en\":\"A\"},\"licences\":[]}]}"),
                                         &problem),
                         AUTHORITY_OK);
        assert_int_equal(list_source_add(&list, "status.json", span_str(quoted), &problem),
                         AUTHORITY_OK);
        assert_int_equal(list_rows_sort(&list.rows, &problem), AUTHORITY_OK);
        assert_int_equal(
            status_map_build(list.rows.row, list.rows.count, span_str(ISSUER), &map, &problem),
            AUTHORITY_OK);
        assert_every_index(&map, status);
        status_map_free(&map);
        list_source_free(&list);
        free(quoted);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(maps_are_put_together),
        cmocka_unit_test(every_index_is_what_a_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
