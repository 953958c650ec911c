/* SPDX-License-Identifier: Apache-2.0
 *
 * A list that takes back what a signed one said is not built, and the refusal names the place.
 */
#include "authority/build.h"
#include "authority/key_file.h"
#include "authority/sign.h"
#include "authority/succession.h"
#include "source_json.h"

static char dir[PATH_MAX];
static char out[PATH_MAX];

#define RANGES(more)                                                                               \
    "'ranges':[{'first':10,'last':19,'status':'revoked','reason':'fraud','date':'2026-01-01'},"    \
    "{'first':20,'last':29,'status':'suspended','reason':'error','date':'2026-01-01'},"            \
    "{'first':30,'last':30,'status':'reinstated','reason':'error','date':'2026-01-01'}" more "]"
#define SETS "'revoked':[3,16384],'suspended':[5],'survivors':[7]"
#define CENTRE(from, until, reason, date)                                                          \
    "{'centre':'TUK-1','from':'" from "','until':" until ",'reason':'" reason "','date':'" date "'}"
#define CENTRES "'centres':[" CENTRE("2026-01-01", "null", "fraud", "2026-02-01") "]"
#define BLANK(first, last, reason, date)                                                           \
    "{'prefix':'AB','digits':6,'first':" #first ",'last':" #last ",'reason':'" reason              \
    "','date':'" date "'}"
#define BLANKS "'blanks':[" BLANK(100, 199, "fraud", "2026-02-01") "]"
#define ALL    SETS "," RANGES("") "," CENTRES "," BLANKS

static void set_version(int version)
{
    char text[128];
    (void)snprintf(text, sizeof text,
                   "{'version':%d,'as_of':'2026-06-09T10:13:20Z','valid_days':180}", version);
    source_put(dir, "ID/list.json", text);
}

static void sign_list(const char *path)
{
    struct sign_desk desk;
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    assert_int_equal(key_file_read(folder_path(dir, "keys/ID-1.pem"), NULL, &key, &problem),
                     AUTHORITY_OK);
    assert_int_equal(sign_open(path, out, &desk, &problem), AUTHORITY_OK);
    assert_int_equal(sign_with(&desk, key, &problem), AUTHORITY_OK);
    sign_close(&desk);
    crypto_private_key_free(key);
}

/* Version 1 is signed; what follows is about version 2. */
static int set_up(void **state)
{
    (void)state;
    struct build_result result;
    struct authority_problem problem;
    folder_make_sample(dir);
    folder_join(out, dir, "out");
    source_put_status(dir, ALL);
    assert_int_equal(build_root(dir, &result, &problem), AUTHORITY_OK);
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    sign_list(folder_path(out, "ID.list"));
    set_version(2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

static void assert_built(void)
{
    struct authority_problem problem = {""};
    struct list_source list;
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    enum authority_error error = succession_check(dir, &list, NULL, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
    list_source_free(&list);
}

/* "FILE: WHAT" of the refusal, which names version and path besides. */
static void assert_refused(const char *what)
{
    char expected[512];
    struct build_result result;
    struct authority_problem problem = {""};
    (void)snprintf(expected, sizeof expected, "%s (version 1, %.120s)", what,
                   folder_path(out, "ID.list"));
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text, expected);
}

#define STATUS "ID/status.json: " ISSUER ": "
#define LOST(index, was)                                                                           \
    STATUS "index " #index " was " was                                                             \
           " and now is neither revoked, suspended nor reinstated; put it back, and lift it with " \
           "saksi authority reinstate"
#define LESS_CENTRE                                                                                \
    STATUS "the revoked centre TUK-1 is gone or covers less; put it back, or give the entry that " \
           "replaces it a later date"
#define FEWER_BLANKS                                                                               \
    STATUS "the revoked blanks AB 100 to 199 are gone or fewer; put them back, or give the entry " \
           "that replaces them a later date"

static void status_refused(const char *more, const char *what)
{
    source_put_status(dir, more);
    assert_refused(what);
}

static void status_built(const char *more)
{
    source_put_status(dir, more);
    assert_built();
}

static void indices_do_not_come_back(void **state)
{
    (void)state;
    status_built(ALL);
    status_refused("'revoked':[16384],'suspended':[5]," RANGES("") "," CENTRES "," BLANKS,
                   LOST(3, "revoked"));
    status_refused("'revoked':[3],'suspended':[5]," RANGES("") "," CENTRES "," BLANKS,
                   LOST(16384, "revoked"));
    status_refused("'revoked':[3,16384]," RANGES("") "," CENTRES "," BLANKS, LOST(5, "suspended"));
    status_refused(SETS "," CENTRES "," BLANKS, LOST(10, "revoked"));
    status_refused(SETS ",'ranges':[{'first':10,'last':28,'status':'revoked','reason':'fraud',"
                        "'date':'2026-01-01'}]," CENTRES "," BLANKS,
                   LOST(29, "suspended"));
    status_refused(SETS ",'ranges':[{'first':10,'last':29,'status':'revoked','reason':'fraud',"
                        "'date':'2026-01-01'}]," CENTRES "," BLANKS,
                   LOST(30, "reinstated"));
}

static void a_reinstatement_is_enough(void **state)
{
    (void)state;
    status_built("'ranges':[{'first':3,'last':30,'status':'reinstated','reason':'error','date':"
                 "'2026-06-09'},{'first':16384,'last':16384,'status':'suspended','reason':'error',"
                 "'date':'2026-06-09'}]," CENTRES "," BLANKS);
    /* more is always good, and a range may become a set */
    status_built("'revoked':[3,4,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,"
                 "16384],'suspended':[5]," CENTRES "," BLANKS);
}

static void allotments_do_not_shrink(void **state)
{
    (void)state;
    source_put_status(dir, ALL);
    folder_edit(dir, "ID/status.json", "20000", "19999");
    assert_refused(STATUS "the allotment is 19999, but was 20000; it does not shrink");
    folder_edit(dir, "ID/status.json", "19999", "20001");
    assert_built();
    source_put(dir, "ID/status.json", "{'status':[]}");
    assert_refused("ID/status.json: the entry of " ISSUER " is gone; put it back");
}

static void centres_end_by_a_later_decision(void **state)
{
    (void)state;
    const char *base = SETS "," RANGES("") "," BLANKS;
    static const struct {
        const char *centres;
        bool good;
    } cases[] = {
        {"", false},
        {CENTRE("2026-01-01", "null", "fraud", "2026-02-01"), true},
        {CENTRE("2025-01-01", "null", "fraud", "2025-02-01"), true}, /* covers more */
        {CENTRE("2026-01-01", "'2026-03-01'", "fraud", "2026-02-01"), false},
        {CENTRE("2026-01-02", "null", "fraud", "2026-02-01"), false},
        {CENTRE("2026-01-01", "'2026-03-01'", "fraud", "2026-02-02"), true},
        {CENTRE("2026-01-01", "'2026-01-01'", "error", "2026-02-01"), true},
        {CENTRE("2026-01-01", "'2026-01-01'", "error", "2026-01-31"), false},
        /* an entry that has nothing to do with it */
        {CENTRE("2025-01-01", "'2025-12-31'", "error", "2026-06-09"), false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[2048];
        (void)snprintf(text, sizeof text, "%s,'centres':[%s]", base, cases[i].centres);
        if (cases[i].good) {
            status_built(text);
        } else {
            status_refused(text, LESS_CENTRE);
        }
    }
    char text[2048];
    (void)snprintf(text, sizeof text, "%s," CENTRES, base);
    source_put_status(dir, text);
    folder_edit(dir, "ID/status.json", "TUK-1", "TUK-2");
    assert_refused(LESS_CENTRE);
}

static void blanks_end_by_a_later_decision(void **state)
{
    (void)state;
    static const struct {
        const char *blanks;
        bool good;
    } cases[] = {
        {"", false},
        {BLANK(100, 199, "fraud", "2026-02-01"), true},
        {BLANK(0, 999, "error", "2020-02-01"), true},
        {BLANK(101, 199, "fraud", "2026-02-01"), false},
        {BLANK(100, 198, "fraud", "2026-02-01"), false},
        {BLANK(150, 150, "fraud", "2026-02-02"), true},
        {BLANK(200, 299, "fraud", "2026-02-02"), false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[2048];
        (void)snprintf(text, sizeof text, SETS "," RANGES("") "," CENTRES ",'blanks':[%s]",
                       cases[i].blanks);
        if (cases[i].good) {
            status_built(text);
        } else {
            status_refused(text, FEWER_BLANKS);
        }
    }
    source_put_status(dir, ALL);
    folder_edit(dir, "ID/status.json", "digits\":6", "digits\":7");
    assert_refused(FEWER_BLANKS);
}

/* --- issuers and keys --- */

static void issuers_stay(void **state)
{
    (void)state;
    struct span issuers = folder_read(dir, "ID/issuers.json");
    struct span keys = folder_read(dir, "ID/keys.json");
    folder_edit(dir, "ID/issuers.json", "\"" OTHER "\"", "\"ID.SAMPLE-A.LSP-99\"");
    folder_edit(dir, "ID/keys.json", "\"" OTHER "\"", "\"ID.SAMPLE-A.LSP-99\"");
    assert_refused("ID/issuers.json: " OTHER " is gone; put it back and end its licence: rows end, "
                   "they are not deleted");
    folder_write(dir, "ID/issuers.json", issuers);
    folder_write(dir, "ID/keys.json", keys);
    assert_built();
    folder_free(issuers);
    folder_free(keys);
}

static void assert_key_refused(const char *what)
{
    struct build_result result;
    struct authority_problem problem = {""};
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_SOURCE);
    assert_memory_equal(problem.text, "ID/keys.json: the key ", 22);
    const char *found = strstr(problem.text, " of ");
    assert_non_null(found);
    assert_memory_equal(found + 4, what, strlen(what));
}

static void keys_end_and_stay_ended(void **state)
{
    (void)state;
    struct build_result result;
    struct authority_problem problem;
    struct span keys = folder_read(dir, "ID/keys.json");
    /* the old one ended as superseded in version 1 */
    folder_edit(dir, "ID/keys.json", "\"superseded\"", "\"ceased\"");
    assert_built();
    folder_edit(dir, "ID/keys.json", "\"ceased\"", "\"compromised\"");
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    sign_list(folder_path(out, "ID.list"));
    set_version(3);
    folder_write(dir, "ID/keys.json", keys);
    assert_key_refused(ISSUER " is no longer compromised (version 2, ");
    folder_edit(dir, "ID/keys.json", "\"end\": \"superseded\", \"at\"", "\"end\": null, \"at\"");
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_SOURCE);
    folder_free(keys);
}

static void an_end_is_not_put_off(void **state)
{
    (void)state;
    struct span keys = folder_read(dir, "ID/keys.json");
    const char *at = memmem(keys.ptr, keys.len, "\"at\": \"20", 9);
    assert_non_null(at);
    char old[32];
    (void)snprintf(old, sizeof old, "%.28s", at);
    folder_edit(dir, "ID/keys.json", old, "\"at\": \"2030-01-01T00:00:00Z\"");
    assert_key_refused(ISSUER " ends later than before (version 1, ");
    folder_write(dir, "ID/keys.json", keys);
    folder_edit(dir, "ID/keys.json", old, "\"at\": \"2020-01-01T00:00:00Z\"");
    assert_built();
    /* the end is taken out */
    char whole[64];
    (void)snprintf(whole, sizeof whole, ", \"end\": \"superseded\", %s", old);
    folder_write(dir, "ID/keys.json", keys);
    folder_edit(dir, "ID/keys.json", whole, "");
    assert_key_refused(ISSUER " has lost its end (version 1, ");
    folder_free(keys);
}

static void keys_stay(void **state)
{
    (void)state;
    source_put(dir, "ID/keys.json", "{'keys':[]}");
    struct build_result result;
    struct authority_problem problem = {""};
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_SOURCE);
    assert_non_null(
        strstr(problem.text, " is gone; put it back and end it: rows end, they are not deleted"));
}

/* --- where earlier lists are looked for --- */

static void every_signed_list_counts(void **state)
{
    (void)state;
    struct build_result result;
    struct authority_problem problem;
    char old[PATH_MAX];
    /* version 2 moves version 1 away; a version nobody signed does not count */
    source_put_status(dir,
                      "'revoked':[3,4,16384],'suspended':[5]," RANGES("") "," CENTRES "," BLANKS);
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    source_put_status(dir, ALL);
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    source_put_status(dir, "");
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_SOURCE);
    assert_non_null(strstr(problem.text, "/out/signed/ID-1.list)"));
    /* brought along from elsewhere */
    folder_join(old, dir, "old.list");
    assert_int_equal(rename(folder_path(dir, "out/signed/ID-1.list"), old), 0);
    assert_int_equal(build_list(dir, "ID", old, &result, &problem), AUTHORITY_SOURCE);
    assert_non_null(strstr(problem.text, "/old.list)"));
    assert_int_equal(build_list(dir, "MY", old, &result, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, "/old.list: is not a list of MY"));
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
}

/* The stolen key of one issuer, written down for another one as well. */
static void a_stolen_key_is_stolen_everywhere(void **state)
{
    (void)state;
    char text[8192], point[67] = "";
    struct build_result result;
    struct authority_problem problem = {""};
    struct span keys = folder_read(dir, "PH/keys.json");
    (void)snprintf(text, sizeof text, "%.*s", (int)keys.len, (const char *)keys.ptr);
    char *end = strstr(text, "\"compromised\"");
    assert_non_null(end);
    for (char *at = text; (at = strstr(at, "\"public\": \"")) != NULL && at < end; at++) {
        memcpy(point, at + strlen("\"public\": \""), sizeof point - 1);
    }
    (void)snprintf(text, sizeof text,
                   "{'keys':[{'issuer':'PH.SAMPLE-C.AC-01','alg':'ES256','public':'%s','from':"
                   "'2026-05-01T00:00:00Z','until':'2026-12-01T00:00:00Z'},",
                   point);
    char *copy = text + strlen(text);
    const char *rest = memchr(keys.ptr, '[', keys.len);
    assert_non_null(rest);
    (void)snprintf(copy, sizeof text - strlen(text), "%.*s",
                   (int)((const char *)keys.ptr + keys.len - rest - 1), rest + 1);
    source_put(dir, "PH/keys.json", text);
    assert_int_equal(build_list(dir, "PH", NULL, &result, &problem), AUTHORITY_SOURCE);
    assert_non_null(strstr(problem.text, " of PH.SAMPLE-C.AC-01 is compromised under "
                                         "PH.SAMPLE-C.AC-02; end it as compromised there, too"));
    folder_edit(dir, "PH/keys.json", "2026-12-01T00:00:00Z\"",
                "2026-12-01T00:00:00Z\",\"end\":\"compromised\",\"at\":\"2026-06-01T00:00:00Z\"");
    assert_int_equal(build_list(dir, "PH", NULL, &result, &problem), AUTHORITY_OK);
    folder_free(keys);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(indices_do_not_come_back),
        TEST(a_reinstatement_is_enough),
        TEST(allotments_do_not_shrink),
        TEST(centres_end_by_a_later_decision),
        TEST(blanks_end_by_a_later_decision),
        TEST(issuers_stay),
        TEST(keys_end_and_stay_ended),
        TEST(an_end_is_not_put_off),
        TEST(keys_stay),
        TEST(every_signed_list_counts),
        TEST(a_stolen_key_is_stolen_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
