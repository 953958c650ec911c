/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes one certificate of the demo: through the issuer's registry, key and page like a real one; a
 * forgery is then altered and printed as a forger would.
 */
#include "cli/demo/demo.h"

#include <stdlib.h>
#include <string.h>

#include "authority/key_file.h"
#include "cli/demo/station.h"
#include "codec/cose.h"
#include "issuer/issue.h"
#include "issuer/output.h"
#include "issuer/paper.h"
#include "issuer/paper_code_sheet.h"
#include "issuer/picture.h"

#define DAY_S        86400
#define FIRST_BIRTHS 8000 /* 1991-11-27 */

static void fill_text(struct credential *credential, enum saksi_claim claim, const char *text)
{
    if (text != NULL) {
        credential_set_text(credential, claim, span_str(text));
    }
}

static void fill_scheme(const struct demo_case *c, struct credential *credential)
{
    credential_set_number(credential, SAKSI_CLAIM_SCHEME_TYPE, 1);
    credential_set_number(credential, SAKSI_CLAIM_COVERAGE, c->partial ? 2 : 1);
    credential_set_number(credential, SAKSI_CLAIM_STANDARD_FAMILY, 11);
    fill_text(credential, SAKSI_CLAIM_SCHEME_CODE, c->scheme);
    fill_text(credential, SAKSI_CLAIM_SCHEME_TITLE, c->title);
    fill_text(credential, SAKSI_CLAIM_SECTOR_CODE, c->sector);
    fill_text(credential, SAKSI_CLAIM_JOB_INDEX, c->job_index);
    for (size_t i = 0; i < DEMO_MAX_UNITS && c->unit[i] != NULL; i++) {
        (void)credential_add_unit(credential, span_str(c->unit[i]));
    }
    if (c->framework != 0) {
        credential_set_number(credential, SAKSI_CLAIM_FRAMEWORK, c->framework);
        credential_set_number(credential, SAKSI_CLAIM_EDITION, c->edition);
        credential_set_number(credential, SAKSI_CLAIM_LEVEL, c->level);
    }
}

static void fill_holder(const struct demo_case *c, struct credential *credential)
{
    fill_text(credential, SAKSI_CLAIM_HOLDER_NAME, c->holder);
    fill_text(credential, SAKSI_CLAIM_HOLDER_NAME_NATIVE, c->native);
    fill_text(credential, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, c->native_lang);
    credential_set_number(credential, SAKSI_CLAIM_BIRTH_DATE, FIRST_BIRTHS + (int64_t)c->index * 7);
    credential_set_text(credential, SAKSI_CLAIM_NATIONALITY, span_of(c->issuer, 2));
}

static void fill(const struct demo *demo, const struct demo_case *c, const char *number,
                 struct credential *credential)
{
    int64_t issued = demo->now_s / DAY_S - c->issued_ago;
    memset(credential, 0, sizeof *credential);
    credential_set_text(credential, SAKSI_CLAIM_CERTIFICATE_NUMBER, span_str(number));
    fill_scheme(c, credential);
    fill_holder(c, credential);
    fill_text(credential, SAKSI_CLAIM_ASSESSMENT_CENTRE, c->centre);
    fill_text(credential, SAKSI_CLAIM_BLANK_NUMBER, c->blank);
    credential_set_number(credential, SAKSI_CLAIM_ISSUE_DATE, issued);
    if (c->valid_days == 0) {
        credential_set_null(credential, SAKSI_CLAIM_VALID_UNTIL);
    } else {
        credential_set_number(credential, SAKSI_CLAIM_VALID_UNTIL, issued + c->valid_days);
    }
}

/* The issuing program names files by certificate number; the demo's are named by what they show. */
static bool rename_files(struct demo *demo, const struct demo_case *c, const char *number)
{
    static const char *const ending[] = {".cose", ".txt", ".pdf", "-card.pdf"};
    char name[OUTPUT_NAME_MAX], from[PATH_MAX], to[PATH_MAX];
    output_name(span_str(number), false, c->index, name);
    for (size_t i = 0; i < (c->card ? 4u : 3u); i++) {
        if (!demo_path(demo, from, "%s/certificates/%s%s", demo->dir, name, ending[i]) ||
            !demo_path(demo, to, "%s/certificates/%s%s", demo->dir, c->name, ending[i])) {
            return false;
        }
        enum file_error error = file_move(from, to);
        if (error != FILE_OK) {
            return demo_fail(demo, "%s: %s", to, file_error_text(error));
        }
    }
    return true;
}

static bool issue(struct demo *demo, const struct demo_case *c, struct demo_station *station,
                  const char *number, const struct issue_chip *chip)
{
    char folder[PATH_MAX];
    struct issue_item *item = calloc(1, sizeof *item);
    if (item == NULL || !demo_path(demo, folder, "%s/certificates", demo->dir)) {
        free(item);
        return demo_fail(demo, "%s: memory ran out", c->name);
    }
    fill(demo, c, number, &item->credential);
    struct issue_session session = {.station = &station->station,
                                    .registry = station->registry,
                                    .signer = station->signer,
                                    .libexec_dir = demo->libexec_dir,
                                    .folder = folder,
                                    .pages = c->card ? ISSUE_A4 | ISSUE_CARD : ISSUE_A4,
                                    .chip = chip,
                                    .kind = REGISTRY_ORIGINAL,
                                    .photo_path = "",
                                    .trust_list = station->trust_list,
                                    .now_s = demo->now_s - (int64_t)c->signed_ago * DAY_S};
    enum registry_error registry_error = REGISTRY_OK;
    bool issued = issue_batch(&session, item, 1, &registry_error) == ISSUE_OK &&
                  item->outcome == ISSUE_DELIVERED;
    if (!issued) {
        (void)demo_fail(demo, "%s: %s", c->name,
                        item->why[0] != '\0' ? item->why : registry_error_text(registry_error));
    }
    free(item);
    return issued;
}

/* --- a forger at work --- */

static bool write_file(struct demo *demo, const struct demo_case *c, const char *ending,
                       struct span bytes)
{
    char path[PATH_MAX];
    if (!demo_path(demo, path, "%s/certificates/%s%s", demo->dir, c->name, ending)) {
        return false;
    }
    enum file_error error = file_write_atomic(path, bytes, 0644);
    return error == FILE_OK || demo_fail(demo, "%s: %s", path, file_error_text(error));
}

/* Another name of the same length in the signed bytes. */
static bool alter_name(uint8_t *document, size_t len, const char *name)
{
    uint8_t *at = memmem(document, len, name, strlen(name));
    if (at == NULL) {
        return false;
    }
    for (size_t i = 0; i < strlen(name); i++) {
        at[i] = name[i] == 'a' ? 'o' : (uint8_t)name[i];
    }
    return true;
}

static bool print_forgery(struct demo *demo, const struct demo_case *c,
                          const struct demo_station *station, struct span document)
{
    static char text[QR_TEXT_MAX + 1];
    static struct titles titles;
    struct writer w = writer_of(text, sizeof text - 1);
    struct cose_sign1 cose;
    struct credential credential;
    uint8_t *pdf = NULL;
    size_t len = 0;
    char message[256] = "the altered bytes cannot be read";
    bool printed =
        credential_open(document, &cose, &credential) && qr_text_encode(document, &w) == QR_TEXT_OK;
    struct paper_request request = {.station = &station->station,
                                    .credential = &credential,
                                    .qr_text = writer_span(&w),
                                    .titles = &titles,
                                    .layout = PAPER_A4,
                                    .libexec_dir = demo->libexec_dir};
    if (printed) {
        (void)titles_read(station->trust_list, &credential, station->station.second_language,
                          demo->now_s, &titles);
        printed = paper_make(&request, &pdf, &len, message) == PAPER_OK;
    }
    if (!printed) {
        return demo_fail(demo, "%s: %s", c->name, message);
    }
    text[w.len] = '\n';
    printed = write_file(demo, c, ".pdf", span_of(pdf, len)) &&
              write_file(demo, c, ".cose", document) &&
              write_file(demo, c, ".txt", span_of(text, w.len + 1));
    free(pdf);
    return printed;
}

static bool forge(struct demo *demo, const struct demo_case *c, const struct demo_station *station)
{
    char path[PATH_MAX];
    uint8_t *document = NULL;
    size_t len = 0;
    if (!demo_path(demo, path, "%s/certificates/%s.cose", demo->dir, c->name)) {
        return false;
    }
    bool forged = file_read(path, CREDENTIAL_MAX_BYTES, &document, &len) == FILE_OK &&
                  alter_name(document, len, c->holder);
    forged = forged ? print_forgery(demo, c, station, span_of(document, len))
                    : demo_fail(demo, "%s: has no name to alter", path);
    free(document);
    return forged;
}

/* --- */

static bool print_foreign(struct demo *demo, const struct demo_case *c)
{
    uint8_t *pdf = NULL;
    size_t len = 0;
    char message[256];
    struct paper_code_sheet sheet = {.heading = "Another system's certificate",
                                     .text = "Its code is only a web address.",
                                     .code = DEMO_FOREIGN_CODE,
                                     .sample = true,
                                     .libexec_dir = demo->libexec_dir};
    if (paper_make_code_sheet(&sheet, &pdf, &len, message) != PAPER_OK) {
        return demo_fail(demo, "%s: %s", c->name, message);
    }
    bool written = write_file(demo, c, ".pdf", span_of(pdf, len)) &&
                   write_file(demo, c, ".txt", span_str(DEMO_FOREIGN_CODE "\n"));
    free(pdf);
    return written;
}

/* A picture of the first page, as a scanner would make it. */
static bool make_picture(struct demo *demo, const struct demo_case *c)
{
    char path[PATH_MAX];
    uint8_t *pdf = NULL, *png = NULL;
    size_t len = 0, png_len = 0;
    if (!demo_path(demo, path, "%s/certificates/%s.pdf", demo->dir, c->name)) {
        return false;
    }
    enum decoder_error error =
        file_read(path, DECODE_FILE_MAX, &pdf, &len) == FILE_OK
            ? picture_of_page(demo->libexec_dir, span_of(pdf, len), &png, &png_len)
            : DECODER_UNREADABLE;
    bool made = error == DECODER_OK
                    ? write_file(demo, c, ".png", span_of(png, png_len))
                    : demo_fail(demo, "%s: %s", path, decoder_error_text(error, FILE_KIND_PDF));
    free(png);
    free(pdf);
    return made;
}

bool demo_make_certificate(struct demo *demo, const struct demo_case *c)
{
    char number[32];
    if (c->trick == DEMO_FOREIGN) {
        return print_foreign(demo, c) && make_picture(demo, c);
    }
    struct demo_station *station = NULL;
    snprintf(number, sizeof number, "S-%.2s-%06u", c->issuer, c->index);
    bool made = demo_station_open(demo, c, &station) && issue(demo, c, station, number, NULL) &&
                rename_files(demo, c, number) &&
                (c->trick != DEMO_FORGED || forge(demo, c, station)) && make_picture(demo, c);
    demo_station_close(station);
    return made;
}

bool demo_issue_on_chip(struct demo *demo, const struct demo_case *c, const struct issue_chip *chip)
{
    char number[32];
    struct demo_station *station = NULL;
    snprintf(number, sizeof number, "S-%.2s-%06u", c->issuer, c->index);
    bool made = demo_station_open(demo, c, &station) && issue(demo, c, station, number, chip) &&
                rename_files(demo, c, number);
    demo_station_close(station);
    return made;
}
