/* SPDX-License-Identifier: Apache-2.0
 *
 * The version that a summary compares with: what was signed last, what is named instead, and what
 * is said where there is none.
 */
#include "summary_scene.h"

/* The list of ID needs two of three keys. */
static void publish_id(const char *version, unsigned signers)
{
    build("ID");
    for (unsigned i = 1; i <= signers; i++) {
        char key[8];
        (void)snprintf(key, sizeof key, "ID-%u", i);
        sign("ID.list", key);
    }
    folder_edit(dir, "ID/list.json", "\"version\": ", version); /* a digit in front */
}

/* Version 2 lacked a signature: it was not published, and what it changed is news. */
static void what_too_few_signed_is_passed_over(void **state)
{
    (void)state;
    publish_id("\"version\": 1", 2); /* version 11 */
    folder_edit(dir, "ID/status.json", "[ 3, 17, 16384 ]", "[ 17, 16384 ]");
    publish_id("\"version\": 1", 1); /* version 111 */
    build("ID");
    assert_changes("out/ID.list", "  Changes since version 1, as of 2026-06-09, signed by 2 "
                                  "(DIR/out/signed/ID-1.list):\n"
                                  "    indices:\n"
                                  "      ID.SAMPLE-A.LSP-01: 1 NO LONGER REVOKED: 3\n"
                                  "1 WARNING:\n"
                                  "  !! ID.SAMPLE-A.LSP-01: 1 NO LONGER REVOKED: 3\n"
                                  "Signed by 0 of the 2 needed (national authority of ID)\n");
    /* an older version beside newer ones */
    assert_int_equal(rename(folder_path(out, "signed/ID-11.list"), folder_path(out, "a.list")), 0);
    assert_int_equal(rename(folder_path(out, "ID.list"), folder_path(out, "b.list")), 0);
    sign("b.list", "ID-1");
    sign("b.list", "ID-2");
    assert_changes("out/a.list",
                   "  Changes since version 111, as of 2026-06-09, signed by 2 (DIR/out/b.list):\n"
                   "    none but version and dates\n"
                   "1 WARNING:\n"
                   "  !! the version does not rise: it is 11, and 111 is signed already\n"
                   "Signed by 1 of the 2 needed (national authority of ID)\n");
}

static void if_there_is_nothing_else_it_is_said(void **state)
{
    (void)state;
    publish_id("\"version\": 1", 1);
    folder_edit(dir, "ID/list.json", "2026-06-09T", "2026-06-08T");
    build("ID");
    assert_changes(
        "out/ID.list",
        "  Changes since version 1, as of 2026-06-09, signed by 1 (DIR/out/signed/ID-1.list):\n"
        "    none but version and dates\n"
        "3 WARNINGS:\n"
        "  !! too few of today's keys have signed version 1, which it is compared with: it may not "
        "be what was published; give that with --against\n"
        "  !! its time goes back: as of 2026-06-08 10:13:20, was 2026-06-09 10:13:20\n"
        "  !! it ends earlier than the one before: 2026-12-05 10:13:20, was 2026-12-06 10:13:20\n"
        "Signed by 0 of the 2 needed (national authority of ID)\n");
}

/* A machine that has nothing but the document and the roots. */
static void a_document_alone_is_told_so(void **state)
{
    (void)state;
    publish_first();
    build("MY");
    assert_int_equal(mkdir(folder_path(dir, "stick"), 0700), 0);
    assert_int_equal(rename(folder_path(out, "MY.list"), folder_path(dir, "stick/MY.list")), 0);
    assert_changes("stick/MY.list", "  Changes since version 1, as of 2026-06-09, signed by 1 "
                                    "(DIR/out/signed/MY-1.list):\n" /* beside the roots */
                                    "    none but version and dates\n" SIGNED_0);
    assert_int_equal(unlink(folder_path(out, "signed/MY-1.list")), 0);
    assert_changes("stick/MY.list",
                   "  No signed version before this one was found.\n"
                   "1 WARNING:\n"
                   "  !! what it changes is not known: give version 1 or what was published last "
                   "with --against\n" SIGNED_0);
}

static void a_damaged_version_before_is_named(void **state)
{
    (void)state;
    struct authority_problem problem;
    publish_first();
    build("MY");
    struct span whole = folder_read(out, "signed/MY-1.list");
    folder_write(out, "signed/MY-1.list", span_of(whole.ptr, whole.len - 1));
    folder_free(whole);
    assert_int_equal(summarise("out/MY.list", NULL, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text,
                           "/out/signed/MY-1.list: is no root, list, header or block, "
                           "or it is damaged"));
}

static void the_version_before_may_be_named(void **state)
{
    (void)state;
    struct authority_problem problem;
    char path[PATH_MAX];
    publish_first();
    build("MY");
    build("ID");
    build("header");
    folder_join(path, out, "signed/MY-1.list");
    assert_int_equal(summarise("out/MY.list", path, &problem), AUTHORITY_OK);
    assert_non_null(strstr(text, "/out/signed/MY-1.list):\n    none but version and dates\n"));
    /* what would be a rollback, or is something else, is not shown as a change */
    assert_int_equal(summarise("out/signed/MY-1.list", folder_path(out, "MY.list"), &problem),
                     AUTHORITY_VERSION);
    assert_non_null(strstr(problem.text, "/MY.list: is version 2 already; this one says 1"));
    folder_join(path, out, "ID.list");
    assert_int_equal(summarise("out/MY.list", path, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, "/ID.list: is the list of another state"));
    folder_join(path, out, "trust.header");
    assert_int_equal(summarise("out/MY.list", path, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, "/trust.header: is not a list"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SUMMARY_TEST(what_too_few_signed_is_passed_over),
        SUMMARY_TEST(if_there_is_nothing_else_it_is_said),
        SUMMARY_TEST(a_document_alone_is_told_so),
        SUMMARY_TEST(a_damaged_version_before_is_named),
        SUMMARY_TEST(the_version_before_may_be_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
