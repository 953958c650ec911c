/* SPDX-License-Identifier: Apache-2.0
 *
 * What an authority does with its issuers: reports believed or not, index blocks given once,
 * revocations by index and by number.
 */
#include "authority/build.h"
#include "authority/key_file.h"
#include "authority/index_file.h"
#include "authority/reports.h"
#include "authority/revoke.h"
#include "authority/sign.h"
#include "authority/source_list.h"
#include "authority/station.h"
#include "authority_folder.h"
#include "issuer/block.h"
#include "issuer/report.h"

#define ISSUER  "ID.SAMPLE-A.LSP-01"
#define STATION "hall-1"

static char dir[PATH_MAX];
static char out[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    folder_make_sample(dir);
    folder_join(out, dir, "out");
    return build_root(dir, &result, &problem) == AUTHORITY_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

static struct crypto_private_key *read_key(const char *name)
{
    char path[64];
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    (void)snprintf(path, sizeof path, "keys/%s.pem", name);
    assert_int_equal(key_file_read(folder_path(dir, path), NULL, &key, &problem), AUTHORITY_OK);
    return key;
}

/* --- reports --- */

static struct report_row row_of(uint32_t index, const char *number, enum report_state state)
{
    return (struct report_row){.index = index,
                               .certificate_number = span_str(number),
                               .centre = span_str("TUK-S-01"),
                               .blank = span_of(NULL, 0),
                               .issue_day = FOLDER_NOW_S / 86400 - 3,
                               .state = state};
}

/* Signs a payload as a report; *len bytes in `room`. */
static struct span sign_report(struct crypto_private_key *key, struct span payload, uint8_t *room,
                               size_t cap)
{
    uint8_t protected[64];
    uint8_t to_be_signed[2048];
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    uint8_t kid[CRYPTO_KID_SIZE];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    int alg = crypto_private_key_alg(key);
    size_t public_len = crypto_private_key_public(key, public_key);
    assert_int_equal(crypto_kid(alg, span_of(public_key, public_len), kid), CRYPTO_OK);
    struct writer p = writer_of(protected, sizeof protected);
    cose_write_sign1_protected(&p, alg, span_of(kid, sizeof kid), REPORT_TYP);
    struct cose_sign1 cose = {.protected = writer_span(&p),
                              .payload = payload,
                              .signature = span_of(signature, sizeof signature)};
    struct writer t = writer_of(to_be_signed, sizeof to_be_signed);
    cose_sign1_to_be_signed(&t, &cose);
    assert_int_equal(crypto_sign(key, writer_span(&t), signature), CRYPTO_OK);
    struct writer w = writer_of(room, cap);
    cose_write_sign1(&w, &cose);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

/* Writes DIR/NAME: the station's changes first to last, signed by a key. */
static void write_report(const char *name, const char *key_name, uint64_t first,
                         const struct report_row *rows, size_t count)
{
    uint8_t payload[1024];
    uint8_t file[2048];
    struct crypto_private_key *key = read_key(key_name);
    struct report report = {.issuer = span_str(ISSUER),
                            .station = span_str(STATION),
                            .first = first,
                            .last = first + count - 1,
                            .made_at_s = FOLDER_NOW_S - 3600,
                            .row_count = count};
    struct writer w = writer_of(payload, sizeof payload);
    report_encode(&report, rows, &w);
    folder_write(dir, name, sign_report(key, writer_span(&w), file, sizeof file));
    crypto_private_key_free(key);
}

static enum authority_error import(const char *name, struct reports_result *ret_result,
                                   struct authority_problem *problem)
{
    problem->text[0] = '\0';
    return reports_import(dir, folder_path(dir, name), FOLDER_NOW_S / 86400, ret_result, problem);
}

/* The indices with a certificate number: how many, and the first of them. */
static enum authority_error find_number(const char *number, uint32_t *ret_index, size_t *ret_count,
                                        struct authority_problem *problem)
{
    struct index_file file = {.dir = dir, .issuer = ISSUER};
    struct index_runs runs = {0};
    enum authority_error error = index_file_number(&file, number, &runs, problem);
    if (error == AUTHORITY_OK) {
        *ret_index = runs.run[0].first;
        *ret_count = (size_t)index_runs_total(&runs);
        index_runs_free(&runs);
    }
    return error;
}

static void a_genuine_report_is_kept(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "ID-2026 0001", REPORT_ISSUED),
                                      row_of(41, "ID-2026 0002", REPORT_ISSUED)};
    write_report("a.report", ISSUER, 1, rows, 2);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_string_equal(result.issuer, ISSUER);
    assert_string_equal(result.station, STATION);
    assert_int_equal(result.added, 2);
    assert_int_equal(result.unchanged, 0);
    assert_int_equal(result.missing_first, 0);

    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.added, 0);
    assert_int_equal(result.unchanged, 2);

    uint32_t index = 0;
    size_t count = 0;
    assert_int_equal(find_number("id20260002", &index, &count, &problem), AUTHORITY_OK);
    assert_int_equal(count, 1);
    assert_int_equal(index, 41);
    assert_int_equal(find_number("nobody", &index, &count, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "no report of " ISSUER " names the certificate nobody");
}

static void a_forged_report_is_refused(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "ID-2026 0001", REPORT_ISSUED)};
    /* another issuer's key */
    write_report("other.report", "ID.SAMPLE-A.LSP-03", 1, rows, 1);
    assert_int_equal(import("other.report", &result, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": ID/keys.json has no key of " ISSUER " that signed it"));
    /* its own key, but one that had ended */
    write_report("old.report", ISSUER ".old", 1, rows, 1);
    assert_int_equal(import("old.report", &result, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": its key was not in force when the report was made"));
    /* changed content */
    write_report("a.report", ISSUER, 1, rows, 1);
    folder_edit(dir, "a.report", "ID-2026 0001", "ID-2026 0009");
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(
        strstr(problem.text, ": the signature does not fit the content: it was altered or forged"));
    assert_false(file_exists(folder_path(dir, "ID/reports.db")));
}

static void a_stolen_key_reports_nothing(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "ID-2026 0001", REPORT_ISSUED)};
    write_report("a.report", ISSUER, 1, rows, 1);
    folder_edit(dir, "ID/keys.json", "\"until\": \"2027",
                "\"end\": \"compromised\", \"at\": \"2026-06-01T00:00:00Z\", \"until\": \"2027");
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": its key is listed as compromised; enter what it says "
                                         "by hand"));
}

/* A key that was given up speaks up to that second, as it does for certificates. */
static void a_key_that_was_given_up_reports_nothing_later(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "ID-2026 0001", REPORT_ISSUED)};
    write_report("a.report", ISSUER, 1, rows, 1); /* made 2026-06-09T09:13:20Z */
    folder_edit(dir, "ID/keys.json", "\"until\": \"2027",
                "\"end\": \"superseded\", \"at\": \"2026-06-09T09:13:20Z\", \"until\": \"2027");
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": its key was not in force when the report was made"));
    folder_edit(dir, "ID/keys.json", "T09:13:20Z", "T09:13:21Z");
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.added, 1);
}

/* Every flipped bit of a report: refused, or (never) believed. */
static void try_flipped(struct span bytes, void *context)
{
    struct authority_problem problem;
    struct reports_result result;
    (void)context;
    folder_write(dir, "flip.report", bytes);
    assert_int_equal(import("flip.report", &result, &problem), AUTHORITY_DOCUMENT);
}

static void a_flipped_bit_is_refused(void **state)
{
    (void)state;
    const struct report_row rows[] = {row_of(40, "N1", REPORT_ISSUED)};
    write_report("a.report", ISSUER, 1, rows, 1);
    struct span whole = folder_read(dir, "a.report");
    check_bit_flips(whole, try_flipped, NULL);
    folder_free(whole);
    assert_false(file_exists(folder_path(dir, "ID/reports.db")));
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "N-1", REPORT_ISSUED)};
    write_report("a.report", ISSUER, 1, rows, 1);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);

    struct report_row other[] = {row_of(39, "N-0", REPORT_ISSUED),
                                 row_of(40, "N-2", REPORT_ISSUED)};
    write_report("b.report", ISSUER, 2, other, 2);
    assert_int_equal(import("b.report", &result, &problem), AUTHORITY_CONFLICT);
    assert_non_null(strstr(problem.text,
                           ": index 40 (N-2): an earlier report says another certificate number"));
    /* whole or not at all: 39 was not kept */
    uint32_t index = 0;
    size_t count = 0;
    assert_int_equal(find_number("N-0", &index, &count, &problem), AUTHORITY_SOURCE);

    struct {
        struct report_row row;
        const char *field;
    } cases[] = {
        {rows[0], "assessment centre"}, {rows[0], "blank number"}, {rows[0], "issue date"}};
    cases[0].row.centre = span_str("TUK-S-02");
    cases[1].row.blank = span_str("BLK-1");
    cases[2].row.issue_day++;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_report("c.report", ISSUER, 2, &cases[i].row, 1);
        assert_int_equal(import("c.report", &result, &problem), AUTHORITY_CONFLICT);
        assert_non_null(strstr(problem.text, cases[i].field));
    }
}

static void void_is_for_good(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row issued[] = {row_of(40, "N-1", REPORT_ISSUED)};
    const struct report_row gone[] = {row_of(40, "N-1", REPORT_VOID)};
    write_report("a.report", ISSUER, 1, issued, 1);
    write_report("b.report", ISSUER, 2, gone, 1);
    write_report("c.report", ISSUER, 3, issued, 1);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(import("b.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.voided, 1);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK); /* the old one again */
    assert_int_equal(result.unchanged, 1);
    assert_int_equal(import("c.report", &result, &problem), AUTHORITY_CONFLICT);
    assert_non_null(
        strstr(problem.text, ": index 40 (N-1): was reported void before and cannot come back"));
}

static void a_missing_report_is_told(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row first[] = {row_of(40, "N-1", REPORT_ISSUED),
                                       row_of(41, "N-2", REPORT_ISSUED)};
    const struct report_row second[] = {row_of(42, "N-3", REPORT_ISSUED)};
    write_report("a.report", ISSUER, 1, first, 2);
    write_report("b.report", ISSUER, 3, second, 1);
    assert_int_equal(import("b.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.missing_first, 1);
    assert_int_equal(result.missing_last, 2);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(import("b.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.missing_first, 0);
}

/* The report that was on its way says "issued" of what a later one says is void. */
static void a_report_that_comes_late_revives_nothing(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row issued[] = {row_of(40, "N-1", REPORT_ISSUED),
                                        row_of(41, "N-2", REPORT_ISSUED)};
    const struct report_row gone[] = {row_of(40, "N-1", REPORT_VOID)};
    write_report("a.report", ISSUER, 1, issued, 2);
    write_report("b.report", ISSUER, 3, gone, 1);
    assert_int_equal(import("b.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.missing_last, 2);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.added, 1);
    assert_int_equal(result.unchanged, 1);
    assert_int_equal(import("b.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.voided, 0);
    assert_int_equal(result.unchanged, 1);
    assert_int_equal(result.missing_first, 0);
}

/* --- what is void is revoked --- */

/* The ranges of an issuer in the sources, as "first-last status reason;...", ascending. Those of
 * today are marked with a '*'. */
static const char *ranges_of(const char *issuer)
{
    static char text[1024];
    struct authority_problem problem;
    struct list_source list;
    struct row_range range;
    size_t used = 0;
    text[0] = '\0';
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    for (size_t i = 0; i < list.rows.count; i++) {
        if (list.rows.row[i].type != ROW_RANGE ||
            !row_range_decode(list.rows.row[i].bytes, &range) ||
            !span_equal(range.issuer, span_str(issuer))) {
            continue;
        }
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%u-%u %s %s%s;", range.first,
                             range.last, row_enum_name(ROW_ENUM_RANGE_STATUS, (int)range.status),
                             row_enum_name(ROW_ENUM_REASON, range.reason),
                             range.date_day == FOLDER_NOW_S / 86400 ? "*" : "");
        assert_true(used < sizeof text);
    }
    list_source_free(&list);
    return text;
}

#define BEFORE_200                                                                                 \
    "100-104 revoked centre_fraud;105-105 reinstated error;106-119 revoked centre_fraud;"
#define SUSPENDED "200-209 suspended unspecified;"

static void what_is_void_is_revoked(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {
        row_of(40, "N-1", REPORT_VOID),   row_of(41, "N-2", REPORT_VOID),
        row_of(42, "N-3", REPORT_VOID),   row_of(43, "N-4", REPORT_ISSUED),
        row_of(44, "n 3", REPORT_ISSUED), row_of(45, "N-4", REPORT_VOID)};
    write_report("a.report", ISSUER, 1, rows, 6);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.added, 6);
    assert_int_equal(result.revoked, 4);
    /* 42 was replaced by 44; 45 was to replace 43 and never did */
    const char *after =
        "40-41 revoked error*;42-42 revoked superseded*;45-45 revoked error*;" BEFORE_200 SUSPENDED;
    assert_string_equal(ranges_of(ISSUER), after);
    assert_string_equal(ranges_of("ID.SAMPLE-A.LSP-02"), "");

    struct span first = folder_read(dir, "ID/status.json");
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.revoked, 0);
    struct span second = folder_read(dir, "ID/status.json");
    check_bytes(second, first);
    folder_free(first);
    folder_free(second);
}

static void a_report_without_void_ones_changes_no_source(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "N-1", REPORT_ISSUED)};
    struct span before = folder_read(dir, "ID/status.json");
    write_report("a.report", ISSUER, 1, rows, 1);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.revoked, 0);
    struct span after = folder_read(dir, "ID/status.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

/* 3 is in the set, 100 to 104 and 119 in ranges that revoke; 5 is suspended by the set. */
static void what_is_revoked_stays_as_it_is(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {
        row_of(3, "N-1", REPORT_VOID),   row_of(5, "N-2", REPORT_VOID),
        row_of(100, "N-3", REPORT_VOID), row_of(104, "N-4", REPORT_VOID),
        row_of(119, "N-5", REPORT_VOID), row_of(120, "N-6", REPORT_VOID)};
    write_report("a.report", ISSUER, 1, rows, 6);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.revoked, 2);
    assert_string_equal(ranges_of(ISSUER),
                        "5-5 revoked error*;" BEFORE_200 "120-120 revoked error*;" SUSPENDED);
}

/* A range that suspends or reinstates overrules the sets: it must not cover what is void. */
static void void_ones_are_cut_out_of_other_ranges(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {
        row_of(105, "N-0", REPORT_VOID), row_of(200, "N-1", REPORT_VOID),
        row_of(203, "N-2", REPORT_VOID), row_of(204, "N-3", REPORT_VOID),
        row_of(209, "N-4", REPORT_VOID), row_of(4294967295U, "N-5", REPORT_VOID)};
    folder_edit(dir, "ID/status.json", "\"revoked\": [ 3,", "\"revoked\": [ 203, 3,");
    write_report("a.report", ISSUER, 1, rows, 6);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.revoked, 6);
    assert_string_equal(ranges_of(ISSUER), "100-104 revoked centre_fraud;105-105 revoked error*;"
                                           "106-119 revoked centre_fraud;200-200 revoked error*;"
                                           "201-202 suspended unspecified;203-204 revoked error*;"
                                           "205-208 suspended unspecified;209-209 revoked error*;"
                                           "4294967295-4294967295 revoked error*;");
}

/* The power went between the sources and the rows, one way and the other. */
static void an_interrupted_import_is_finished_by_the_next(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "N-1", REPORT_VOID)};
    const char *after = "40-40 revoked error*;" BEFORE_200 SUSPENDED;
    struct span before = folder_read(dir, "ID/status.json");
    write_report("a.report", ISSUER, 1, rows, 1);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_string_equal(ranges_of(ISSUER), after);

    assert_int_equal(unlink(folder_path(dir, "ID/reports.db")), 0);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.added, 1);
    assert_int_equal(result.revoked, 0);
    assert_string_equal(ranges_of(ISSUER), after);

    folder_write(dir, "ID/status.json", before);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(result.unchanged, 1);
    assert_int_equal(result.revoked, 1);
    assert_string_equal(ranges_of(ISSUER), after);
    folder_free(before);
}

/* Nothing is kept of a report whose revocations the sources do not take. */
static void a_report_and_its_revocations_go_together(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    uint32_t index = 0;
    size_t count = 0;
    const struct report_row rows[] = {row_of(40, "N-1", REPORT_VOID)};
    write_report("a.report", ISSUER, 1, rows, 1);
    folder_write(dir, "ID/status.json", span_str("{ \"status\": [] }"));
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "ID/status.json: has no entry for the issuer " ISSUER);
    assert_int_equal(find_number("N-1", &index, &count, &problem), AUTHORITY_SOURCE);
}

/* --- index blocks --- */

static enum authority_error give(const char *state, const char *issuer, uint32_t first,
                                 uint32_t last, const char *key_name, const char *name,
                                 struct authority_problem *problem)
{
    struct station_result result;
    struct station_request request = {.state = state,
                                      .issuer = issuer,
                                      .station = STATION,
                                      .first = first,
                                      .last = last,
                                      .issued_at_s = FOLDER_NOW_S};
    struct crypto_private_key *key = read_key(key_name);
    enum authority_error error =
        station_give(dir, &request, key, folder_path(dir, name), &result, problem);
    crypto_private_key_free(key);
    return error;
}

static void blocks_are_given_once(void **state)
{
    (void)state;
    struct authority_problem problem;
    assert_int_equal(give("ID", ISSUER, 1000, 1999, "ID-1", "a.block", &problem), AUTHORITY_OK);
    assert_int_equal(give("ID", ISSUER, 2000, 2000, "ID-1", "b.block", &problem), AUTHORITY_OK);
    assert_int_equal(give("ID", ISSUER, 1999, 2500, "ID-1", "c.block", &problem),
                     AUTHORITY_CONFLICT);
    assert_string_equal(problem.text, "indices 1000 to 1999 were given to station hall-1 already");
    assert_false(file_exists(folder_path(dir, "c.block")));
    assert_int_equal(give("ID", ISSUER, 0, 20000, "ID-1", "c.block", &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text,
                        "indices 0 to 20000 are not within the allotment of " ISSUER
                        ", 0 to 19999; raise it in ID/status.json and publish the list first");
    /* another issuer counts for itself */
    assert_int_equal(give("ID", "ID.SAMPLE-A.LSP-02", 1000, 1999, "ID-1", "d.block", &problem),
                     AUTHORITY_OK);
    assert_int_equal(give("ID", "ID.SAMPLE-A.LSP-09", 0, 1, "ID-1", "e.block", &problem),
                     AUTHORITY_SOURCE);
    assert_string_equal(problem.text,
                        "ID/status.json: has no entry for the issuer ID.SAMPLE-A.LSP-09");
    /* the list's sources are still good with blocks.json beside them */
    struct list_source list;
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    list_source_free(&list);
}

static void a_wrong_key_gives_no_block(void **state)
{
    (void)state;
    struct authority_problem problem;
    assert_int_equal(give("ID", ISSUER, 0, 9, "MY-1", "a.block", &problem), AUTHORITY_KEY);
    assert_false(file_exists(folder_path(dir, "a.block")));
    assert_false(file_exists(folder_path(dir, "ID/blocks.json")));
    assert_int_equal(give("ID", ISSUER, 0, 9, "ID-1", "a.block", &problem), AUTHORITY_OK);
}

static void a_block_is_signed_on_until_complete(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct sign_desk desk;
    struct block block;
    assert_int_equal(give("ID", ISSUER, 7, 70, "ID-1", "a.block", &problem), AUTHORITY_OK);
    struct crypto_private_key *key = read_key("ID-3");
    assert_int_equal(sign_open(folder_path(dir, "a.block"), out, &desk, &problem), AUTHORITY_OK);
    assert_int_equal(desk.role[0].signed_by, 1);
    assert_int_equal(sign_with(&desk, key, &problem), AUTHORITY_OK);
    assert_true(sign_is_complete(&desk));
    assert_true(block_decode(desk.document.cose.payload, &block));
    check_bytes(block.issuer, span_str(ISSUER));
    check_bytes(block.station, span_str(STATION));
    assert_int_equal(block.first, 7);
    assert_int_equal(block.last, 70);
    assert_int_equal(block.issued_at_s, FOLDER_NOW_S);
    sign_close(&desk);
    crypto_private_key_free(key);
}

/* --- revoking --- */

static enum authority_error revoke_some(const char *issuer, uint32_t first, uint32_t last,
                                        struct authority_problem *problem)
{
    struct index_run run = {first, last, 3};
    struct index_runs runs = {.run = &run, .count = 1};
    struct revoke_result result;
    struct revoke_request request = {.dir = dir,
                                     .state = "ID",
                                     .issuer = issuer,
                                     .status = ROW_RANGE_REVOKED,
                                     .runs = &runs,
                                     .day = FOLDER_NOW_S / 86400};
    return revoke_runs(&request, &result, problem);
}

static void a_revocation_becomes_a_row(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct list_source list;
    struct row_range range = {0};
    bool found = false;
    assert_int_equal(revoke_some("ID.SAMPLE-A.LSP-02", 12, 14, &problem), AUTHORITY_OK);
    assert_int_equal(revoke_some("ID.SAMPLE-A.LSP-02", 20, 20, &problem), AUTHORITY_OK);
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    for (size_t i = 0; i < list.rows.count && !found; i++) {
        found = list.rows.row[i].type == ROW_RANGE &&
                row_range_decode(list.rows.row[i].bytes, &range) &&
                span_equal(range.issuer, span_str("ID.SAMPLE-A.LSP-02"));
    }
    assert_true(found);
    assert_int_equal(range.first, 12);
    assert_int_equal(range.last, 14);
    assert_int_equal(range.status, ROW_RANGE_REVOKED);
    assert_int_equal(range.reason, 3);
    assert_int_equal(range.date_day, FOLDER_NOW_S / 86400);
    assert_int_equal(list_rows_count(&list.rows, ROW_RANGE), 6);
    list_source_free(&list);
}

static void a_refused_revocation_changes_nothing(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct span before = folder_read(dir, "ID/status.json");
    assert_int_equal(revoke_some(ISSUER, 104, 104, &problem), AUTHORITY_OK); /* it is revoked */
    assert_int_equal(revoke_some("ID.SAMPLE-A.LSP-09", 1, 1, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text,
                        "ID/status.json: has no entry for the issuer ID.SAMPLE-A.LSP-09");
    struct span after = folder_read(dir, "ID/status.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

/* --- two programs at once --- */

static void sources_are_changed_by_one_program_at_a_time(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct reports_result result;
    const struct report_row rows[] = {row_of(40, "N-1", REPORT_VOID)};
    int lock = -1;
    write_report("a.report", ISSUER, 1, rows, 1);
    assert_int_equal(authority_lock(&problem, dir, "ID", &lock), AUTHORITY_OK);
    assert_int_equal(give("ID", ISSUER, 0, 9, "ID-1", "a.block", &problem), AUTHORITY_FILE);
    assert_non_null(strstr(problem.text, "another program changes the sources of ID"));
    assert_int_equal(revoke_some("ID.SAMPLE-A.LSP-02", 12, 14, &problem), AUTHORITY_FILE);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_FILE);
    assert_non_null(strstr(problem.text, "another program changes the sources of ID"));
    assert_false(file_exists(folder_path(dir, "a.block")));
    assert_false(file_exists(folder_path(dir, "ID/blocks.json")));
    assert_false(file_exists(folder_path(dir, "ID/reports.db")));
    lock_release(lock);
    assert_int_equal(import("a.report", &result, &problem), AUTHORITY_OK);
    assert_int_equal(give("ID", ISSUER, 0, 9, "ID-1", "a.block", &problem), AUTHORITY_OK);
    assert_int_equal(revoke_some("ID.SAMPLE-A.LSP-02", 12, 14, &problem), AUTHORITY_OK);
    assert_int_equal(authority_lock(&problem, dir, "XX", &lock), AUTHORITY_FILE);
    assert_non_null(strstr(problem.text, "XX/.lock: cannot be locked"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_genuine_report_is_kept),
        TEST(a_forged_report_is_refused),
        TEST(a_stolen_key_reports_nothing),
        TEST(a_flipped_bit_is_refused),
        TEST(a_key_that_was_given_up_reports_nothing_later),
        TEST(contradictions_are_refused),
        TEST(void_is_for_good),
        TEST(a_missing_report_is_told),
        TEST(what_is_void_is_revoked),
        TEST(a_report_without_void_ones_changes_no_source),
        TEST(what_is_revoked_stays_as_it_is),
        TEST(void_ones_are_cut_out_of_other_ranges),
        TEST(an_interrupted_import_is_finished_by_the_next),
        TEST(a_report_and_its_revocations_go_together),
        TEST(blocks_are_given_once),
        TEST(a_wrong_key_gives_no_block),
        TEST(a_block_is_signed_on_until_complete),
        TEST(a_revocation_becomes_a_row),
        TEST(a_refused_revocation_changes_nothing),
        TEST(a_report_that_comes_late_revives_nothing),
        TEST(sources_are_changed_by_one_program_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
