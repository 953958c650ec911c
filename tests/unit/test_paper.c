/* SPDX-License-Identifier: Apache-2.0
 *
 * Code sheets as the programs make them and read them back: genuine ones, and pages and programs
 * that must not be believed. Certificates on paper are in test_issue.c.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/decoder.h"
#include "issuer/page.h"
#include "issuer/paper.h"
#include "issuer/paper_code_sheet.h"

#define LIBEXEC TEST_BINARY_DIR "/libexec/saksi"
#define ADDRESS "https://register.example/verify?id=S-000017"

static char folder[] = "/tmp/saksi-paper-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static void run(const char *format, const char *argument)
{
    char command[512];
    (void)snprintf(command, sizeof command, format, folder, argument);
    assert_int_equal(system(command), 0);
}

static int remove_folder(void **state)
{
    (void)state;
    run("rm -rf %s", "");
    return 0;
}

static struct paper_code_sheet sheet_of(const char *code)
{
    return (struct paper_code_sheet){.heading = "Another system's certificate",
                                     .text = "Its code is only a web address.",
                                     .code = code,
                                     .sample = true,
                                     .libexec_dir = LIBEXEC};
}

/* A libexec folder whose saksi-page runs this script, and whose decoders are the real ones. */
static void fake_page(const char *script)
{
    char path[96];
    run("rm -f %s/saksi-*; ln -s %2$s/saksi-decode* %1$s/", LIBEXEC);
    (void)snprintf(path, sizeof path, "%s/saksi-page", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fprintf(f, "#!/bin/sh\n%s\n", script) > 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, 0755), 0);
}

/* ---- Genuine ---- */

static struct span make(const char *code)
{
    struct paper_code_sheet sheet = sheet_of(code);
    uint8_t *pdf = NULL;
    size_t len = 0;
    char message[256] = "";
    enum paper_error error = paper_make_code_sheet(&sheet, &pdf, &len, message);
    assert_string_equal(message, "");
    assert_int_equal(error, PAPER_OK);
    return span_of(pdf, len);
}

static void free_pdf(struct span pdf)
{
    free((void *)(uintptr_t)pdf.ptr);
}

/* The sheet is asked what it says once more, apart from paper.c. */
static void assert_reads_back(const char *code)
{
    struct decoder_result found;
    struct span pdf = make(code);
    assert_int_equal(decoder_scan(LIBEXEC, pdf, &found), DECODER_OK);
    assert_int_equal(found.count, 1);
    check_bytes(found.code[0].text, span_str(code));
    decoder_result_clear(&found);
    free_pdf(pdf);
}

static void any_text_reads_back(void **state)
{
    (void)state;
    char every[96] = "";
    char longest[2332] = "";
    for (size_t i = 0; i < 95; i++) {
        every[i] = (char)(' ' + i);
    }
    for (size_t i = 0; i < 2331; i++) {
        longest[i] = every[(i * 7 + i / 95) % 95];
    }
    assert_reads_back(ADDRESS);
    assert_reads_back("a");
    assert_reads_back("CF1:6BFOXN%TSMAHN-HXQQ9*G6%OPZU");
    assert_reads_back(every);
    assert_reads_back(longest);
}

static void quotes_and_backslashes_reach_the_page(void **state)
{
    (void)state;
    assert_reads_back("\"\\u0041\", {\"qr\":\"x\"}");
}

/* ---- Refused ---- */

static void assert_fails(const struct paper_code_sheet *sheet, enum paper_error expected,
                         const char *sentence)
{
    uint8_t mark = 0;
    uint8_t *pdf = &mark;
    size_t len = 4711;
    char message[256] = "";
    assert_int_equal(paper_make_code_sheet(sheet, &pdf, &len, message), expected);
    assert_string_equal(message, sentence);
    assert_ptr_equal(pdf, &mark);
    assert_int_equal(len, 4711);
}

static void content_is_refused_by_name(void **state)
{
    (void)state;
    char wide[PAGE_QR_TEXT_MAX + 2] = "";
    struct paper_code_sheet sheet = sheet_of("caf\u00e9");
    assert_fails(&sheet, PAPER_INPUT, "saksi-page: qr: is not printable ASCII");
    sheet = sheet_of("");
    assert_fails(&sheet, PAPER_INPUT, "saksi-page: qr: is empty");
    memset(wide, 'A', PAGE_QR_TEXT_MAX + 1);
    sheet = sheet_of(wide);
    assert_fails(&sheet, PAPER_INPUT, "saksi-page: qr: is longer than 2900 bytes");
    sheet = sheet_of(ADDRESS);
    sheet.heading = "\u13a0";
    assert_fails(&sheet, PAPER_INPUT,
                 "saksi-page: heading: has a character that no installed font of its language "
                 "prints");
}

static void a_page_with_another_code_is_not_believed(void **state)
{
    (void)state;
    char path[96];
    struct paper_code_sheet sheet = sheet_of(ADDRESS);
    sheet.libexec_dir = folder;
    struct span pdf = make("https://register.example/verify?id=S-000018");
    (void)snprintf(path, sizeof path, "%s/other.pdf", folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(pdf.ptr, 1, pdf.len, f), pdf.len);
    assert_int_equal(fclose(f), 0);
    free_pdf(pdf);
    fake_page("cat $(dirname $0)/other.pdf");
    assert_fails(&sheet, PAPER_MISMATCH,
                 "the page's code reads back as something else than its text");
    /* The same page is right for its own text. */
    sheet.code = "https://register.example/verify?id=S-000018";
    uint8_t *same = NULL;
    size_t len = 0;
    char message[256];
    assert_int_equal(paper_make_code_sheet(&sheet, &same, &len, message), PAPER_OK);
    free(same);
}

static void programs_that_fail_are_named(void **state)
{
    (void)state;
    struct paper_code_sheet sheet = sheet_of(ADDRESS);
    sheet.libexec_dir = folder;
    fake_page("kill -9 $$");
    assert_fails(&sheet, PAPER_PROGRAM, "saksi-page crashed");
    fake_page("echo 'page: out of memory' >&2; exit 70");
    assert_fails(&sheet, PAPER_PROGRAM, "saksi-page: page: out of memory");
    run("rm -f %s/saksi-*", "");
    assert_fails(&sheet, PAPER_PROGRAM, "saksi-page is not installed");
    /* A page that nothing reads back. */
    run("ln -s %2$s/saksi-page %1$s/", LIBEXEC);
    char sentence[256];
    (void)snprintf(sentence, sizeof sentence, "the page could not be read back: %s",
                   decoder_error_text(DECODER_NO_HELPER, FILE_KIND_PDF));
    assert_fails(&sheet, PAPER_READER, sentence);
}

/* ---- Titles ---- */

static struct credential certificate(void)
{
    struct credential c;
    memset(&c, 0, sizeof c);
    credential_set_number(&c, SAKSI_CLAIM_IAT, 20000LL * 86400);
    credential_set_number(&c, SAKSI_CLAIM_SCHEME_TYPE, 1);
    credential_set_number(&c, SAKSI_CLAIM_COVERAGE, 1);
    credential_set_number(&c, SAKSI_CLAIM_STANDARD_FAMILY, 11);
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, 20000);
    credential_set_number(&c, SAKSI_CLAIM_VALID_UNTIL, 21000);
    credential_set_text(&c, SAKSI_CLAIM_CERTIFICATE_NUMBER, span_str("N1"));
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_CODE, span_str("S-1"));
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_TITLE, span_str("Room Attendant"));
    credential_set_text(&c, SAKSI_CLAIM_HOLDER_NAME, span_str("Siti Aminah"));
    assert_true(credential_add_unit(&c, span_str("U1")));
    return c;
}

/* The page of a certificate with these titles; NULL when it is refused. */
static struct span page_of(const struct credential *c, const struct titles *titles,
                           enum paper_error expected)
{
    static const struct station_name name[] = {
        {{(const uint8_t *)"en", 2}, {(const uint8_t *)"Sample", 6}}};
    struct station station = {.issuer = {span_str("ID.SAMPLE.LSP"), 1, {name[0]}},
                              .authority = {span_str("ID.SAMPLE"), 1, {name[0]}},
                              .sample = true,
                              .second_language = span_str("id")};
    struct paper_request request = {.station = &station,
                                    .credential = c,
                                    .qr_text = span_str("CC1:SAMPLE"),
                                    .titles = titles,
                                    .libexec_dir = LIBEXEC};
    uint8_t *pdf = NULL;
    size_t len = 0;
    char message[256] = "";
    assert_int_equal(paper_make(&request, &pdf, &len, message), expected);
    return span_of(pdf, len);
}

static void a_title_that_no_font_has_costs_no_certificate(void **state)
{
    (void)state;
    static struct titles titles;
    struct credential c = certificate();
    struct span bare = page_of(&c, NULL, PAPER_OK);
    titles.unit[0].english = span_str("Clean rooms");
    titles.unit[0].native = span_str("Membersihkan kamar");
    struct span titled = page_of(&c, &titles, PAPER_OK);
    assert_false(span_equal(titled, bare));
    titles.unit[0].native = span_str("\u13a0");
    struct span without = page_of(&c, &titles, PAPER_OK);
    check_bytes(without, bare);
    free_pdf(bare);
    free_pdf(titled);
    free_pdf(without);
    /* What is signed and cannot be printed is still refused. */
    credential_set_text(&c, SAKSI_CLAIM_HOLDER_NAME, span_str("\u13a0"));
    assert_null(page_of(&c, &titles, PAPER_INPUT).ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_text_reads_back),
        cmocka_unit_test(quotes_and_backslashes_reach_the_page),
        cmocka_unit_test(content_is_refused_by_name),
        cmocka_unit_test(a_page_with_another_code_is_not_believed),
        cmocka_unit_test(programs_that_fail_are_named),
        cmocka_unit_test(a_title_that_no_font_has_costs_no_certificate),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
