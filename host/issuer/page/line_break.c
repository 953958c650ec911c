/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file of this program that knows ICU.
 */
#include "line_break.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#define ZERO_WIDTH_SPACE "\xe2\x80\x8b"

static bool needs_marks(const char *lang)
{
    static const char *const languages[] = {"km", "lo", "my"};
    for (size_t i = 0; i < 3; i++) {
        if (strncmp(languages[i], lang, 2) == 0 && (lang[2] == '\0' || lang[2] == '-')) {
            return true;
        }
    }
    return false;
}

/* A space or a mark already there breaks the line by itself. */
static bool breaks_already(const char *text, size_t at)
{
    return text[at - 1] == ' ' || (at >= 3 && memcmp(text + at - 3, ZERO_WIDTH_SPACE, 3) == 0);
}

/* Copy text into `out`, which has room for 4 times its length, with marks at the iterator's breaks.
 */
static void copy_marked(const char *text, size_t len, UBreakIterator *breaks, char *out)
{
    size_t from = 0;
    size_t used = 0;
    for (int32_t next = ubrk_next(breaks); next != UBRK_DONE; next = ubrk_next(breaks)) {
        size_t at = (size_t)next;
        memcpy(out + used, text + from, at - from);
        used += at - from;
        if (at < len && !breaks_already(text, at)) {
            memcpy(out + used, ZERO_WIDTH_SPACE, 3);
            used += 3;
        }
        from = at;
    }
    out[used] = '\0';
}

char *line_break_mark(const char *text, const char *lang)
{
    size_t len = strlen(text);
    if (!needs_marks(lang)) {
        return strdup(text);
    }
    UErrorCode status = U_ZERO_ERROR;
    UText *source = utext_openUTF8(NULL, text, (int64_t)len, &status);
    UBreakIterator *breaks = ubrk_open(UBRK_LINE, lang, NULL, 0, &status);
    ubrk_setUText(breaks, source, &status);
    char *out = U_SUCCESS(status) ? malloc(4 * len + 1) : NULL;
    if (out != NULL) {
        copy_marked(text, len, breaks, out);
    }
    ubrk_close(breaks);
    utext_close(source);
    return out;
}
