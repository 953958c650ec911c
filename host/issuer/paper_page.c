/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs saksi-page and reads its page back. Knows nothing of what is on the page but its code.
 */
#include "issuer/paper_page.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/process.h"
#include "devices/decoder.h"
#include "issuer/page.h"

#define PDF_MAX_BYTES   DECODE_FILE_MAX /* what is larger could not be read back */
#define PAGE_TIMEOUT_MS 20000
#define MESSAGE_SIZE    256

static enum paper_error say(char message[MESSAGE_SIZE], enum paper_error error, const char *format,
                            const char *what)
{
    (void)snprintf(message, MESSAGE_SIZE, format, what);
    return error;
}

static enum paper_error run_page(const char *libexec_dir, struct span json,
                                 struct process_result *ret_result, char message[MESSAGE_SIZE])
{
    char program[PATH_MAX];
    /* Nothing of this process's environment may change a page; fonts are found by the system's
     * configuration. */
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8",
#ifdef __SANITIZE_ADDRESS__
                                              "ASAN_OPTIONS=detect_leaks=0", /* fontconfig's */
#endif
                                              NULL};
    int len = snprintf(program, sizeof program, "%s/saksi-page", libexec_dir);
    if (len < 0 || (size_t)len >= sizeof program) {
        return say(message, PAPER_PROGRAM, "%s has too long a path", "saksi-page");
    }
    const char *const argv[] = {program, NULL};
    struct process_call call = {argv, environment, json, PDF_MAX_BYTES, PAGE_TIMEOUT_MS};
    enum process_error error = process_run(&call, ret_result);
    if (error != PROCESS_OK) {
        return say(message, PAPER_PROGRAM, "saksi-page %s", process_error_text(error));
    }
    return PAPER_OK;
}

static enum paper_error make_pdf(const char *libexec_dir, struct span json, uint8_t **ret_pdf,
                                 size_t *ret_len, char message[MESSAGE_SIZE])
{
    struct process_result result;
    enum paper_error error = run_page(libexec_dir, json, &result, message);
    if (error != PAPER_OK) {
        return error;
    }
    if (result.exit_code != PAGE_EXIT_OK) {
        error = result.exit_code == PAGE_EXIT_BAD_INPUT ? PAPER_INPUT : PAPER_PROGRAM;
        (void)snprintf(message, MESSAGE_SIZE, "saksi-page: %.200s", result.message);
        free(result.output);
        return error;
    }
    *ret_pdf = result.output;
    *ret_len = result.output_len;
    return PAPER_OK;
}

/* There is one code on a page, and it says what it was made from. */
static bool says(const struct decoder_result *found, struct span qr_text)
{
    for (size_t i = 0; i < found->count; i++) {
        if (!span_equal(found->code[i].text, qr_text)) {
            return false;
        }
    }
    return found->count != 0;
}

static enum paper_error read_back(const char *libexec_dir, struct span pdf, struct span qr_text,
                                  char message[MESSAGE_SIZE])
{
    struct decoder_result found;
    enum decoder_error error = decoder_scan(libexec_dir, pdf, &found);
    if (error == DECODER_NO_HELPER || error == DECODER_SYSTEM) {
        return say(message, PAPER_READER, "the page could not be read back: %s",
                   decoder_error_text(error, FILE_KIND_PDF));
    }
    if (error != DECODER_OK) {
        return say(message, PAPER_MISMATCH, "the page's code does not read back: %s",
                   decoder_error_text(error, FILE_KIND_PDF));
    }
    bool same = says(&found, qr_text);
    decoder_result_clear(&found);
    return same ? PAPER_OK
                : say(message, PAPER_MISMATCH, "%s",
                      "the page's code reads back as something else than its text");
}

enum paper_error paper_page_make(const char *libexec_dir, char *json, struct span qr_text,
                                 uint8_t **ret_pdf, size_t *ret_len, char message[MESSAGE_SIZE])
{
    uint8_t *pdf = NULL;
    size_t len = 0;
    if (json == NULL) {
        return say(message, PAPER_SYSTEM, "%s", "not enough memory for the page");
    }
    enum paper_error error = make_pdf(libexec_dir, span_str(json), &pdf, &len, message);
    free(json);
    if (error != PAPER_OK) {
        return error;
    }
    error = read_back(libexec_dir, span_of(pdf, len), qr_text, message);
    if (error != PAPER_OK) {
        free(pdf);
        return error;
    }
    *ret_pdf = pdf;
    *ret_len = len;
    return PAPER_OK;
}
