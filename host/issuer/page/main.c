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
 */
static bool read_input(struct span *ret_json)
{
    size_t cap = PAGE_JSON_MAX + 1;
    uint8_t *bytes = malloc(cap);
    if (bytes == NULL) {
        return false;
    }
    size_t len = fread(bytes, 1, cap, stdin);
    if (ferror(stdin)) {
        free(bytes);
        return false;
    }
    *ret_json = span_of(bytes, len);
    return true;
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

static bool write_output(struct span pdf)
{
    return fwrite(pdf.ptr, 1, pdf.len, stdout) == pdf.len && fflush(stdout) == 0;
}

int main(void)
{
    struct refusal refusal = {0};
    struct span json = {NULL, 0};
    struct span pdf = {NULL, 0};
    char created[32];
    if (!read_input(&json)) {
        (void)refuse_internal(&refusal, "input", "cannot be read");
    } else if (render(json, creation_date(created) ? created : NULL, &pdf, &refusal) &&
               !write_output(pdf)) {
        (void)refuse_internal(&refusal, "output", "cannot be written");
    }
    free((void *)(uintptr_t)json.ptr);
    free((void *)(uintptr_t)pdf.ptr);
    if (!refused(&refusal)) {
        return PAGE_EXIT_OK;
    }
    (void)fprintf(stderr, "%s\n", refusal.sentence);
    return refusal.internal ? PAGE_EXIT_INTERNAL : PAGE_EXIT_BAD_INPUT;
}
