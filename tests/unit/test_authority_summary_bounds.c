/* SPDX-License-Identifier: Apache-2.0
 *
 * A summary stays short, and legible, however much changes.
 */
#include "summary_scene.h"

#define MANY 3000

/* Rules, or titles of jobs, of which `text` is a part that changes. */
static void put_many(const char *name, const char *head, const char *format, const char *part)
{
    size_t cap = MANY * 512;
    char *json = malloc(cap);
    assert_non_null(json);
    size_t len = (size_t)snprintf(json, cap, "%s", head);
    for (int i = 0; i < MANY; i++) {
        len += (size_t)snprintf(json + len, cap - len, "%s", i == 0 ? "" : ",");
        char line[512];
        const char *at = strchr(format, '#');
        (void)snprintf(line, sizeof line, "%.*s%04d%s", (int)(at - format), format, i, at + 1);
        at = strchr(line, '$');
        len += (size_t)snprintf(json + len, cap - len, "%.*s%s%s", (int)(at - line), line, part,
                                at + 1);
    }
    (void)snprintf(json + len, cap - len, " ] }");
    put(name, json);
    free(json);
}

static void put_all(const char *part)
{
    put_many("MY/rules.json", "{ \"rules\": [",
             "{ \"id\": \"R#\", \"arrangement\": \"AGP\", \"result\": \"recognised\","
             "\"issuing_state\": \"ID\", \"valid_from\": \"2026-01-01\", \"valid_until\": null,"
             "\"sector_prefix\": \"$\", \"source\": \"S\" }",
             part);
    put_many(
        "MY/derecognised.json", "{ \"derecognised\": [",
        "{ \"issuer\": \"ID.$\", \"index\": 1#, \"reason\": \"fraud\", \"date\": \"2026-01-01\" }",
        part);
    put_many("MY/catalogue.json", "{ \"schemes\": [ ], \"units\": [ ], \"jobs\": [",
             "{ \"code\": \"J#\", \"names\": { \"en\": \"$ and a name that is as long as names can "
             "be and "
             "a little longer, so that it has to be cut\" } }",
             part);
}

static size_t count_of(const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        count++;
    }
    return count;
}

static void a_summary_stays_short(void **state)
{
    (void)state;
    struct authority_problem problem;
    put_all("A");
    publish_first();
    put_all("B");
    build("MY");
    assert_int_equal(summarise("out/MY.list", NULL, &problem), AUTHORITY_OK);
    assert_true(strlen(text) < 32768);
    assert_non_null(strstr(text, "    rules: 0 added, 3000 changed, 0 removed\n"
                                 "      R0000: asks for sector B\n"
                                 "      R0000: asked for sector A\n"));
    assert_non_null(strstr(text, "      R0007: asked for sector A\n"
                                 "      and 5984 more\n"
                                 "    de-recognised: 3000 added, 0 changed, 3000 removed\n"));
    assert_non_null(strstr(text, "3000 WARNINGS:\n  !! ID.A index 10000 is recognised again\n"));
    assert_int_equal(count_of("  !! ID.A"), 48);
    assert_non_null(strstr(text, "\n  !! and 2952 more\n" SIGNED_0));
    assert_non_null(strstr(text,
                           "      J0000: \"A and a name that is as long as names can be and a "
                           "little longer, so...\" is now \"B and"));
    for (const char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
        assert_true(strcspn(at, "\n") <= 240);
    }
}

static void one_index_in_two_is_not_listed(void **state)
{
    (void)state;
    char marks[2048] = "\"revoked\": [ ";
    for (int i = 0; i < 200; i++) {
        (void)snprintf(marks + strlen(marks), sizeof marks - strlen(marks), "%s%d",
                       i == 0 ? "" : ", ", 2 * i);
    }
    (void)snprintf(marks + strlen(marks), sizeof marks - strlen(marks), " ]");
    put_status("\"revoked\": [ ]");
    publish_first();
    put_status(marks);
    assert_my_changes(SINCE_1
                      "    indices:\n"
                      "      MY.SAMPLE-B: 200 newly revoked: 0, 2, 4, 6, 8, 10, 12, 14, 16, "
                      "18, 20, 22, ...\n" SIGNED_0);
}

/* Names may be cut, characters are not. */
static void characters_stay_whole(void **state)
{
    (void)state;
    put("MY/catalogue.json",
        "{ \"schemes\": [ ], \"units\": [ ], \"jobs\": [ { \"code\": \"J\", \"names\": { \"en\": "
        "\"ééééééééééééééé"
        "ééééééééééééééé"
        "éééééééééééé\" } } ] }");
    publish_first();
    put("MY/catalogue.json", "{ \"schemes\": [ ], \"units\": [ ], \"jobs\": [ ] }");
    assert_my_changes(SINCE_1 "    job titles: 0 added, 0 changed, 1 removed\n"
                              "      - J \"ééééééééééééé"
                              "ééééééééééééééé"
                              "éééééé...\"\n" SIGNED_0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SUMMARY_TEST(a_summary_stays_short),
        SUMMARY_TEST(one_index_in_two_is_not_listed),
        SUMMARY_TEST(characters_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
