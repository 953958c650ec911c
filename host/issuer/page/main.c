/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-page: one JSON object in, one PDF out (issuer/page.h). Knows streams, SOURCE_DATE_EPOCH and
 * exit codes; a page is complete in memory before its first byte is written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "issuer/page.h"
#include "render.h"

/* Everything on standard input, at most one byte more than allowed so that the excess is noticed.
 * NULL when it cannot be read; the caller frees it. */
static uint8_t *read_input(size_t *ret_len)
{
    size_t cap = PAGE_JSON_MAX + 1;
    uint8_t *bytes = malloc(cap);
    if (bytes == NULL) {
        return NULL;
    }
    *ret_len = fread(bytes, 1, cap, stdin);
    if (ferror(stdin)) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* SOURCE_DATE_EPOCH, seconds since 1970, as the time it names. False when absent or no such number.
 */
static bool creation_date(char text[32])
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (epoch == NULL || *epoch == '\0') {
        return false;
    }
    char *end;
    errno = 0;
    long long seconds = strtoll(epoch, &end, 10);
    if (errno != 0 || *end != '\0' || seconds < 0 || seconds > 253402300799) {
        return false;
    }
    struct tm utc;
    time_t when = (time_t)seconds;
    return gmtime_r(&when, &utc) != NULL && strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
}

static bool write_output(const uint8_t *pdf, size_t len)
{
    return fwrite(pdf, 1, len, stdout) == len && fflush(stdout) == 0;
}

int main(void)
{
    struct refusal refusal = {.internal = false};
    size_t json_len = 0;
    size_t pdf_len = 0;
    uint8_t *pdf = NULL;
    char created[32];
    uint8_t *json = read_input(&json_len);
    if (json == NULL) {
        (void)refuse_internal(&refusal, "input", "cannot be read");
    } else if (render(span_of(json, json_len), creation_date(created) ? created : NULL, &pdf,
                      &pdf_len, &refusal) &&
               !write_output(pdf, pdf_len)) {
        (void)refuse_internal(&refusal, "output", "cannot be written");
    }
    free(json);
    free(pdf);
    if (!refused(&refusal)) {
        return PAGE_EXIT_OK;
    }
    (void)fprintf(stderr, "%s\n", refusal.sentence);
    return refusal.internal ? PAGE_EXIT_INTERNAL : PAGE_EXIT_BAD_INPUT;
}
