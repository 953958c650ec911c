/* SPDX-License-Identifier: Apache-2.0
 *
 * The sources in words, to the letter.
 */
#include "authority/status_words.h"
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

/* The lines about one issuer; kids, which are new in every folder, as "KID". */
static void assert_lines(int64_t now_s, const char *id, const char *expected)
{
    char *text = NULL;
    char found[4096] = "";
    struct authority_problem problem;
    assert_int_equal(status_words(dir, "ID", now_s, &text, &problem), AUTHORITY_OK);
    char *at = strstr(text, id);
    assert_non_null(at);
    for (bool first = true; at != NULL && *at != '\0'; first = false) {
        size_t line = strcspn(at, "\n") + 1;
        if (!first && *at != ' ') {
            break;
        }
        if (strncmp(at, "    key ", 8) == 0) {
            memmove(at + 16, at + 29, strlen(at + 29) + 1);
            memcpy(at + 16, "KID", 3);
            line -= 13;
        }
        strncat(found, at, line);
        at += line;
    }
    assert_string_equal(found, expected);
    free(text);
}

static void an_issuer_is_described(void **state)
{
    (void)state;
    source_report(dir, 40, "N-1", "", "", TODAY, 1);
    source_report(dir, 41, "N-2", "", "", TODAY, 2);
    assert_lines(
        FOLDER_NOW_S, "ID.SAMPLE-A.LSP-01  ",
        "ID.SAMPLE-A.LSP-01  certification_body\n"
        "    name        Sample Hospitality Certification Body 01 (SAMPLE)\n"
        "    licence     2022-05-01 to no end\n"
        "    key         KID ES256, 2025-02-14 to 2026-02-19, ended 2026-02-09: superseded\n"
        "    key         KID ES256, 2026-02-09 to 2027-02-04\n"
        "    indices     20000 allotted; 2 reported, 1 of them void\n"
        "    revoked     22\n"
        "    suspended   11\n"
        "    reinstated  1\n"
        "    centre      TUK-S-09 revoked for certificates issued 2025-08-13 to "
        "2026-05-10: centre_fraud, 2026-05-15\n"
        "    blanks      BLK-S-0005000 to BLK-S-0005999 revoked: fraud, 2026-04-20\n");
    assert_lines(FOLDER_NOW_S, "ID.SAMPLE-A.LSP-02  ",
                 "ID.SAMPLE-A.LSP-02  certification_body\n"
                 "    name        Sample Construction Certification Body 02 (SAMPLE)\n"
                 "    licence     2023-12-22 to no end\n"
                 "    no licence  2026-04-10 to 2026-05-20, error\n"
                 "    key         KID EdDSA, 2025-11-21 to 2026-11-16\n"
                 "    indices     4096 allotted; 0 reported, 0 of them void\n");
}

static void what_runs_out_is_marked(void **state)
{
    (void)state;
    char *text = NULL;
    struct authority_problem problem;
    const int64_t day_s = 86400;
    assert_int_equal(status_words(dir, "ID", FOLDER_NOW_S, &text, &problem), AUTHORITY_OK);
    assert_non_null(strstr(text, "\nWithin 60 days 0 of these run out.\n"));
    assert_memory_equal(text, "ID  list version 1 as of 2026-06-09, valid to 2026-12-06\n", 57);
    free(text);
    /* keys of LSP-02 and LSP-03 end after 160 days, the list after 180 */
    assert_int_equal(status_words(dir, "ID", FOLDER_NOW_S + 100 * day_s - 1, &text, &problem),
                     AUTHORITY_OK);
    assert_non_null(strstr(text, "\nWithin 60 days 0 of these run out.\n"));
    free(text);
    assert_int_equal(status_words(dir, "ID", FOLDER_NOW_S + 120 * day_s, &text, &problem),
                     AUTHORITY_OK);
    assert_non_null(strstr(text, "EdDSA, 2025-11-21 to 2026-11-16  <- soon\n"));
    assert_non_null(strstr(text, "valid to 2026-12-06  <- soon\n"));
    assert_non_null(strstr(text, "\nWithin 60 days 3 of these run out.\n"));
    free(text);
    assert_int_equal(status_words(dir, "ID", FOLDER_NOW_S + 161 * day_s, &text, &problem),
                     AUTHORITY_OK);
    assert_non_null(strstr(text, "EdDSA, 2025-11-21 to 2026-11-16, over\n"));
    assert_non_null(strstr(text, "\nWithin 60 days 1 of these run out.\n"));
    free(text);
}

static void wrong_sources_are_named(void **state)
{
    (void)state;
    char *text = NULL;
    struct authority_problem problem;
    source_put(dir, "ID/status.json", "{'status':[{}]}");
    assert_int_equal(status_words(dir, "ID", FOLDER_NOW_S, &text, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "ID/status.json: status[0].issuer: is missing");
    assert_null(text);
    assert_int_equal(status_words(dir, "XX", FOLDER_NOW_S, &text, &problem), AUTHORITY_FILE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_issuer_is_described),
        TEST(what_runs_out_is_marked),
        TEST(wrong_sources_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
