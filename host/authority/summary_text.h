/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of a summary: each of a bounded width, in groups of which the first few are shown, and
 * the warnings last, where the eye is when the question comes. Whatever a document holds, the
 * summary fits its buffer, and says how much it left out.
 */
#ifndef AUTHORITY_SUMMARY_TEXT_H
#define AUTHORITY_SUMMARY_TEXT_H

#include "codec/date.h"
#include "codec/trust_row.h"

#define SUMMARY_WIDTH        240 /* bytes of a line; a longer one ends in "..." */
#define SUMMARY_MAX_ITEMS    16  /* lines shown of a group */
#define SUMMARY_MAX_WARNINGS 48  /* shown; more are counted */
#define SUMMARY_LINE_BYTES   (SUMMARY_WIDTH + 1)

struct summary_text {
    struct writer *w;
    size_t left_out; /* lines there was no room for */

    size_t items, added, changed, removed; /* of the group at hand */
    size_t group_len;
    char group[SUMMARY_MAX_ITEMS * SUMMARY_LINE_BYTES];

    size_t warnings, warnings_len;
    char warning[SUMMARY_MAX_WARNINGS * SUMMARY_LINE_BYTES];
};

/* `w` has room for SUMMARY_MAX_BYTES (summary.h); it outlives the text. */
void summary_begin(struct summary_text *s, struct writer *w);

/* A line of its own. */
void summary_line(struct summary_text *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of the group at hand. */
void summary_item(struct summary_text *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Shows the group under its title and begins the next one; nothing when it is empty. The counts
 * added, changed and removed are the caller's, and are cleared. */
void summary_group(struct summary_text *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What must not be missed. */
void summary_warn(struct summary_text *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Shows the warnings. */
void summary_end(struct summary_text *s);

/* --- pieces of lines --- */

/* A span for "%.*s". */
#define SUMMARY_SPAN(s) (int)(s).len, (const char *)(s).ptr

/* The day of a time; and with the time of the day, where it matters which is the earlier. */
const char *summary_day_of(int64_t time_s, char text[DATE_TEXT_SIZE]);
#define SUMMARY_TIME_SIZE 24
const char *summary_time_of(int64_t time_s, char text[SUMMARY_TIME_SIZE]);

/* "2026-01-01 to 2026-12-31", "from 2026-01-01" */
#define SUMMARY_DAYS_SIZE 40
const char *summary_days(int64_t from_day, int64_t until_day, char text[SUMMARY_DAYS_SIZE]);

/* The English one of names, cut when it is long. */
#define SUMMARY_TITLE_SIZE 72
const char *summary_title(const struct row_names *names, char text[SUMMARY_TITLE_SIZE]);

/* The name of an enumerated value; "?" when there is none. */
const char *summary_enum(enum row_enum which, int value);

/* Numbers in the order they come: "3, 7-9, 12, ..." */
#define SUMMARY_MAX_RUNS 12
struct summary_runs {
    uint64_t count; /* of all numbers */
    uint64_t first, last;
    size_t shown, len;
    char text[SUMMARY_MAX_RUNS * 24 + 8];
};
void summary_runs_add(struct summary_runs *runs, uint64_t first, uint64_t last);
const char *summary_runs_text(struct summary_runs *runs);

#endif
