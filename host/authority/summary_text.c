/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines within bounds.
 */
#include "authority/summary_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "authority/summary.h"

#define DAY_S 86400
/* What is kept free for the warnings and for what follows them. */
#define END_BYTES (SUMMARY_MAX_WARNINGS * SUMMARY_LINE_BYTES + 2048)

void summary_begin(struct summary_text *s, struct writer *w)
{
    *s = (struct summary_text){.w = w};
}

/* Ends a text that is longer in "...", and in no half of a character; gives its length. */
static size_t cut(char *text, size_t most)
{
    size_t len = most - 3;
    while (len != 0 && (text[len] & 0xC0) == 0x80) {
        len--;
    }
    memcpy(text + len, "...", 3);
    return len + 3;
}

/* One line with its newline. */
static size_t format_line(char text[SUMMARY_LINE_BYTES + 1], const char *indent, const char *format,
                          va_list args) __attribute__((format(printf, 3, 0)));

static size_t format_line(char text[SUMMARY_LINE_BYTES + 1], const char *indent, const char *format,
                          va_list args)
{
    size_t len = strlen(indent);
    memcpy(text, indent, len);
    int more = vsnprintf(text + len, SUMMARY_WIDTH + 1 - len, format, args);
    len += more < 0 ? 0 : (size_t)more;
    if (len > SUMMARY_WIDTH) {
        len = cut(text, SUMMARY_WIDTH);
    }
    text[len] = '\n';
    return len + 1;
}

static bool has_room(const struct summary_text *s, size_t len)
{
    return s->w->len + len + END_BYTES <= s->w->cap;
}

static void put(struct summary_text *s, const char *text, size_t len, size_t lines)
{
    if (has_room(s, len)) {
        writer_put(s->w, span_of(text, len));
    } else {
        s->left_out += lines;
    }
}

void summary_line(struct summary_text *s, const char *format, ...)
{
    char text[SUMMARY_LINE_BYTES + 1];
    va_list args;
    va_start(args, format);
    put(s, text, format_line(text, "", format, args), 1);
    va_end(args);
}

void summary_item(struct summary_text *s, const char *format, ...)
{
    char text[SUMMARY_LINE_BYTES + 1];
    va_list args;
    if (s->items++ >= SUMMARY_MAX_ITEMS) {
        return;
    }
    va_start(args, format);
    size_t len = format_line(text, "      ", format, args);
    va_end(args);
    memcpy(s->group + s->group_len, text, len);
    s->group_len += len;
}

void summary_group(struct summary_text *s, const char *format, ...)
{
    char text[SUMMARY_LINE_BYTES + 1];
    va_list args;
    if (s->items != 0) {
        size_t shown = s->items < SUMMARY_MAX_ITEMS ? s->items : SUMMARY_MAX_ITEMS;
        va_start(args, format);
        put(s, text, format_line(text, "    ", format, args), 1);
        va_end(args);
        put(s, s->group, s->group_len, shown);
        if (s->items > shown) {
            summary_line(s, "      and %zu more", s->items - shown);
        }
    }
    s->items = s->added = s->changed = s->removed = 0;
    s->group_len = 0;
}

void summary_warn(struct summary_text *s, const char *format, ...)
{
    char text[SUMMARY_LINE_BYTES + 1];
    va_list args;
    if (s->warnings++ >= SUMMARY_MAX_WARNINGS) {
        return;
    }
    va_start(args, format);
    size_t len = format_line(text, "  !! ", format, args);
    va_end(args);
    memcpy(s->warning + s->warnings_len, text, len);
    s->warnings_len += len;
}

/* Room for these was kept free all the time. */
void summary_end(struct summary_text *s)
{
    char text[SUMMARY_LINE_BYTES];
    if (s->left_out != 0) {
        (void)snprintf(text, sizeof text, "  and %zu lines more than can be shown\n", s->left_out);
        writer_put(s->w, span_str(text));
    }
    if (s->warnings == 0) {
        return;
    }
    (void)snprintf(text, sizeof text, "%zu WARNING%s:\n", s->warnings, s->warnings == 1 ? "" : "S");
    writer_put(s->w, span_str(text));
    writer_put(s->w, span_of(s->warning, s->warnings_len));
    if (s->warnings > SUMMARY_MAX_WARNINGS) {
        (void)snprintf(text, sizeof text, "  !! and %zu more\n",
                       s->warnings - SUMMARY_MAX_WARNINGS);
        writer_put(s->w, span_str(text));
    }
}

/* --- pieces of lines --- */

const char *summary_day_of(int64_t time_s, char text[DATE_TEXT_SIZE])
{
    return date_format(time_s / DAY_S, text);
}

const char *summary_time_of(int64_t time_s, char text[SUMMARY_TIME_SIZE])
{
    char day[DATE_TEXT_SIZE];
    int second = (int)(time_s % DAY_S); /* no time here is before 1970 */
    (void)snprintf(text, SUMMARY_TIME_SIZE, "%s %02d:%02d:%02d", summary_day_of(time_s, day),
                   second / 3600, second / 60 % 60, second % 60);
    return text;
}

const char *summary_days(int64_t from_day, int64_t until_day, char text[SUMMARY_DAYS_SIZE])
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    if (until_day == ROW_NO_END_DAY) {
        (void)snprintf(text, SUMMARY_DAYS_SIZE, "from %s", date_format(from_day, from));
    } else {
        (void)snprintf(text, SUMMARY_DAYS_SIZE, "%s to %s", date_format(from_day, from),
                       date_format(until_day, until));
    }
    return text;
}

const char *summary_title(const struct row_names *names, char text[SUMMARY_TITLE_SIZE])
{
    struct span title = row_name(names, span_str("en"));
    size_t most = SUMMARY_TITLE_SIZE - 1;
    size_t len = title.len < most ? title.len : most;
    if (len != 0) {
        memcpy(text, title.ptr, len);
    }
    text[title.len > most ? cut(text, most) : len] = '\0';
    return text;
}

const char *summary_enum(enum row_enum which, int value)
{
    const char *name = row_enum_name(which, value);
    return name != NULL ? name : "?";
}

static void put_run(struct summary_runs *runs)
{
    char text[24];
    if (runs->shown++ >= SUMMARY_MAX_RUNS) {
        return;
    }
    if (runs->first == runs->last) {
        (void)snprintf(text, sizeof text, "%u", (unsigned)runs->first);
    } else {
        (void)snprintf(text, sizeof text, "%u-%u", (unsigned)runs->first, (unsigned)runs->last);
    }
    int len = snprintf(runs->text + runs->len, sizeof runs->text - runs->len, "%s%s",
                       runs->len == 0 ? "" : ", ", text);
    runs->len += len < 0 ? 0 : (size_t)len;
}

void summary_runs_add(struct summary_runs *runs, uint64_t first, uint64_t last)
{
    if (runs->count != 0 && first == runs->last + 1) {
        runs->last = last;
    } else {
        if (runs->count != 0) {
            put_run(runs);
        }
        runs->first = first;
        runs->last = last;
    }
    runs->count += last - first + 1;
}

const char *summary_runs_text(struct summary_runs *runs)
{
    if (runs->count != 0) {
        put_run(runs);
    }
    if (runs->shown > SUMMARY_MAX_RUNS) {
        (void)snprintf(runs->text + runs->len, sizeof runs->text - runs->len, ", ...");
    }
    return runs->text;
}
