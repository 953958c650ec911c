/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust token: the signed header as one printable code. It renews the age of lists that a
 * checkpoint has already, and carries none.
 */
#include "cli/cmd_trust.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "cli/command.h"
#include "cli/frames/limits.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "codec/date.h"
#include "codec/trust_text.h"
#include "devices/decoder.h"
#include "issuer/paper_code_sheet.h"

#define PNG_MAX_BYTES  (4u * 1024 * 1024)
#define PNG_TIMEOUT_MS 10000
#define PNG_SCALE      "10"

struct token {
    uint8_t *document; /* owned */
    size_t len;
    struct trust_header header; /* points into the document */
    bool sample;
    char text[TRUST_TEXT_MAX + 1];
};

/* --- which header --- */

static bool keep(struct token *t, struct span document)
{
    t->document = malloc(document.len);
    if (t->document != NULL) {
        memcpy(t->document, document.ptr, document.len);
        t->len = document.len;
    }
    return t->document != NULL;
}

/* What the store says about its own header, and about one that its publisher signed. */
static enum trust_store_error look_into(struct trust_store *store, struct token *t)
{
    struct trust_state state;
    struct span document;
    struct cose_sign cose;
    enum trust_store_error error = trust_store_read_state(store, &state);
    if (error != TRUST_STORE_OK) {
        return error;
    }
    if (t->document == NULL) {
        error = trust_store_header_document(store, &document);
        if (error == TRUST_STORE_OK && keep(t, document)) {
            t->sample = t->sample || (state.has_root && state.root->sample);
        }
    } else if (state.has_root &&
               cose_sign_decode(span_of(t->document, t->len), COSE_TYP_HEADER, &cose) == COSE_OK &&
               trust_signatures_check(&cose, &state.root->publisher, state.root_id) ==
                   TRUST_UPDATE_OK) {
        t->sample = t->sample || state.root->sample;
    }
    trust_state_free(&state);
    return error;
}

static enum trust_store_error look_into_once(struct trust_store *store, struct token *t)
{
    enum trust_store_error error = trust_store_begin_read(store);
    if (error == TRUST_STORE_OK) {
        error = look_into(store, t);
        trust_store_rollback(store);
    }
    return error;
}

static int from_store(const struct trust_options *o, struct token *t)
{
    struct trust_store *store = NULL;
    int status = trust_open(&o->settings, DB_READ, &store);
    if (status != 0) {
        return status;
    }
    enum trust_store_error error = look_into_once(store, t);
    if (error == TRUST_STORE_EMPTY) {
        terminal_error("trust", "%s: holds no header; import a bundle first", o->settings.db);
        status = EXIT_REFUSED;
    } else if (t->document == NULL) {
        terminal_error("trust", "%s: %s", o->settings.db,
                       error == TRUST_STORE_OK ? "memory ran out"
                                               : db_error_text(trust_store_db_error(store)));
        status = error == TRUST_STORE_OK ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
    }
    trust_store_close(store);
    return status;
}

/* Printed where it was signed there is no store; where there is one, it may know the root. */
static int from_file(const struct trust_options *o, const char *path, struct token *t)
{
    struct trust_store *store = NULL;
    enum db_error db = DB_OK;
    enum file_error error = file_read(path, TRUST_MAX_DOC_BYTES, &t->document, &t->len);
    if (error != FILE_OK) {
        return trust_file_failed(path, error);
    }
    if (trust_store_open(o->settings.db, DB_READ, true, &store, &db) == TRUST_STORE_OK) {
        (void)look_into_once(store, t);
        trust_store_close(store);
    }
    return 0;
}

static int make_text(const char *name, struct token *t)
{
    struct cose_sign cose;
    struct span document = span_of(t->document, t->len);
    struct writer w = writer_of(t->text, sizeof t->text - 1);
    if (cose_sign_decode(document, COSE_TYP_HEADER, &cose) != COSE_OK ||
        trust_header_decode(cose.payload, &t->header) != TRUST_DOC_OK) {
        terminal_error("trust", "%s: refused: FORMAT: is not a signed header", name);
        return EXIT_REFUSED;
    }
    if (!trust_text_encode(document, &w)) {
        terminal_error("trust",
                       "%s: %zu bytes are too many for one code (%d at most); show it as a "
                       "sequence: saksi trust show",
                       name, t->len, TRUST_TEXT_MAX_DOCUMENT);
        return EXIT_REFUSED;
    }
    t->text[w.len] = '\0';
    return 0;
}

/* --- as what --- */

static int write_out(const char *path, struct span bytes)
{
    enum file_error error = file_write_atomic(path, bytes, 0644);
    return error == FILE_OK ? 0 : trust_file_failed(path, error);
}

static int write_text(const char *path, const struct token *t)
{
    char line[sizeof t->text + 1];
    int len = snprintf(line, sizeof line, "%s\n", t->text);
    return write_out(path, span_of(line, (size_t)len));
}

static int write_pdf(const char *path, const struct token *t)
{
    char heading[96], text[400], message[256] = "", issued[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
    uint8_t *pdf = NULL;
    size_t len = 0;
    (void)snprintf(heading, sizeof heading, "Freshness token %lld", (long long)t->header.version);
    (void)snprintf(text, sizeof text,
                   "Header %lld of %s for %zu state%s, until %s.%s It says which lists are the "
                   "newest and brings none: a checkpoint that has them reads it with "
                   "saksi trust import.",
                   (long long)t->header.version, date_format(t->header.issued_at_s / 86400, issued),
                   t->header.state_count, t->header.state_count == 1 ? "" : "s",
                   date_format(t->header.expires_s / 86400, until),
                   t->sample ? " SAMPLE: it proves nothing." : "");
    struct paper_code_sheet sheet = {.heading = heading,
                                     .text = text,
                                     .code = t->text,
                                     .sample = t->sample,
                                     .libexec_dir = place_libexec()};
    enum paper_error error = paper_make_code_sheet(&sheet, &pdf, &len, message);
    if (error != PAPER_OK) {
        terminal_error("trust", "%s: %s", path, message);
        return error == PAPER_INPUT ? EXIT_DATA : EXIT_INTERNAL;
    }
    int status = write_out(path, span_of(pdf, len));
    free(pdf);
    return status;
}

/* A code that does not give back exactly its text is not handed out. Where nothing can read images,
 * there is nothing to ask. */
static bool reads_back(struct span png, const struct token *t)
{
    struct decoder_result found;
    enum decoder_error error = decoder_scan(place_libexec(), png, &found);
    if (error != DECODER_OK) {
        return error == DECODER_NO_HELPER;
    }
    bool same = found.count == 1 && span_equal(found.code[0].text, span_str(t->text));
    decoder_result_clear(&found);
    return same;
}

static int write_png(const char *path, const struct token *t)
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
    char program[PATH_MAX];
    struct process_result result = {.output = NULL};
    int n = snprintf(program, sizeof program, "%s/saksi-frames", place_libexec());
    if (n < 0 || (size_t)n >= sizeof program) {
        return EXIT_INTERNAL;
    }
    const char *const argv[] = {program, "code", t->sample ? "1" : "0", PNG_SCALE, NULL};
    struct process_call call = {argv, environment, span_str(t->text), PNG_MAX_BYTES,
                                PNG_TIMEOUT_MS};
    enum process_error error = process_run(&call, &result);
    struct span png = span_of(result.output, error == PROCESS_OK ? result.output_len : 0);
    int status = EXIT_INTERNAL;
    if (error != PROCESS_OK || result.exit_code != 0) {
        terminal_error("trust", "saksi-frames: %s",
                       error != PROCESS_OK ? process_error_text(error) : result.message);
    } else if (!reads_back(png, t)) {
        terminal_error("trust", "%s: the code does not read back as its text", path);
    } else {
        status = write_out(path, png);
    }
    free(result.output);
    return status;
}

static bool ends_with(const char *path, const char *end)
{
    size_t len = strlen(path), end_len = strlen(end);
    return len > end_len && strcmp(path + len - end_len, end) == 0;
}

static int write_token(const char *path, const struct token *t)
{
    int status = ends_with(path, ".pdf")   ? write_pdf(path, t)
                 : ends_with(path, ".png") ? write_png(path, t)
                                           : write_text(path, t);
    if (status == 0) {
        char issued[DATE_TEXT_SIZE];
        printf("%s: %sheader %lld of %s, %zu bytes\n", path, t->sample ? "SAMPLE, " : "",
               (long long)t->header.version, date_format(t->header.issued_at_s / 86400, issued),
               t->len);
    }
    return status;
}

int trust_token(struct trust_options *o, int count, char **names)
{
    bool named = o->out != NULL && (ends_with(o->out, ".pdf") || ends_with(o->out, ".png") ||
                                    ends_with(o->out, ".txt"));
    if (!named || count > 1) {
        terminal_error("trust",
                       "token: name the file to write: --out FILE.pdf, FILE.png or FILE.txt");
        return EXIT_USAGE;
    }
    struct token *t = calloc(1, sizeof *t);
    if (t == NULL) {
        terminal_error("trust", "memory ran out");
        return EXIT_INTERNAL;
    }
    t->sample = o->settings.sample;
    int status = count == 1 ? from_file(o, names[0], t) : from_store(o, t);
    if (status == 0) {
        status = make_text(count == 1 ? names[0] : o->settings.db, t);
    }
    if (status == 0) {
        status = write_token(o->out, t);
    }
    free(t->document);
    free(t);
    return status;
}
