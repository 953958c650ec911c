/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the sources and totals of the reports, line by line. Written twice: once to count, once
 * into the text.
 */
#include "authority/status_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/reports_query.h"
#include "authority/source_list.h"
#include "authority/status_map.h"
#include "codec/date.h"
#include "codec/hex.h"

#define DAY_S 86400

struct words {
    const char *dir;
    const struct list_source *list;
    int64_t now_s;
    struct writer *w;
    size_t soon; /* lines about what runs out */
    struct authority_problem *problem;
};

static void line(struct words *x, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(struct words *x, const char *format, ...)
{
    char text[768];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    writer_put(x->w, span_str(text));
    writer_put(x->w, span_str("\n"));
}

static const char *day_of(int64_t time_s, char text[DATE_TEXT_SIZE])
{
    return date_format(time_s / DAY_S, text);
}

/* "2026-01-31", or "no end". */
static const char *end_of(int64_t day, char text[DATE_TEXT_SIZE])
{
    return day == ROW_NO_END_DAY ? "no end" : date_format(day, text);
}

static const char *reason_of(int reason)
{
    return row_enum_name(ROW_ENUM_REASON, reason);
}

/* Whether what ends then runs out within the days that count as soon. */
static bool is_soon(const struct words *x, int64_t end_s)
{
    return end_s >= x->now_s && end_s - x->now_s <= STATUS_WORDS_SOON_DAYS * (int64_t)DAY_S;
}

static const char *mark(struct words *x, int64_t end_s)
{
    bool soon = is_soon(x, end_s);
    x->soon += soon;
    return soon ? "  <- soon" : "";
}

/* --- licences --- */

static void licence_lines(struct words *x, const struct row_issuer *issuer)
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    struct row_licence licence;
    struct row_suspension suspension;
    struct cbor_cursor rows = issuer->licences;
    for (size_t i = 0; i < issuer->licence_count; i++) {
        row_licence_next(&rows, &licence);
        bool open = licence.until_day == ROW_NO_END_DAY;
        line(x, "    licence     %s to %s%s", date_format(licence.from_day, from),
             end_of(licence.until_day, until), open ? "" : mark(x, licence.until_day * DAY_S));
    }
    rows = issuer->suspensions;
    for (size_t i = 0; i < issuer->suspension_count; i++) {
        row_suspension_next(&rows, &suspension);
        line(x, "    no licence  %s to %s, %s", date_format(suspension.from_day, from),
             end_of(suspension.until_day, until), reason_of(suspension.reason));
    }
}

/* --- keys --- */

static void key_line(struct words *x, const struct row_key *key)
{
    char kid[HEX_SIZE(CRYPTO_KID_SIZE)];
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    char end[DATE_TEXT_SIZE];
    (void)hex_write(key->kid, kid);
    if (key->end != ROW_KEY_OPEN) {
        line(x, "    key         %s %s, %s to %s, ended %s: %s", kid, alg_name(key->alg),
             day_of(key->from_s, from), day_of(key->until_s, until), day_of(key->end_s, end),
             row_enum_name(ROW_ENUM_KEY_END, (int)key->end));
    } else {
        line(x, "    key         %s %s, %s to %s%s%s", kid, alg_name(key->alg),
             day_of(key->from_s, from), day_of(key->until_s, until),
             key->until_s < x->now_s ? ", over" : "", mark(x, key->until_s));
    }
}

static int compare_keys(const void *a, const void *b)
{
    const struct row_key *x = a;
    const struct row_key *y = b;
    int order = (x->from_s > y->from_s) - (x->from_s < y->from_s);
    return order != 0 ? order : span_compare(x->kid, y->kid);
}

/* Rows stand in the order of kids, which says nothing to people. */
static enum authority_error key_lines(struct words *x, struct span prefix)
{
    const struct list_rows *rows = &x->list->rows;
    size_t at = status_rows_find(rows->row, rows->count, ROW_KEY, prefix);
    size_t count = 0;
    while (at + count < rows->count && status_row_is(&rows->row[at + count], ROW_KEY, prefix)) {
        count++;
    }
    struct row_key *key = calloc(count + 1, sizeof *key);
    if (key == NULL) {
        return authority_fail_system(x->problem);
    }
    for (size_t i = 0; i < count; i++) {
        (void)row_key_decode(rows->row[at + i].bytes, &key[i]); /* it was, when it was added */
    }
    qsort(key, count, sizeof *key, compare_keys);
    for (size_t i = 0; i < count; i++) {
        key_line(x, &key[i]);
    }
    free(key);
    return AUTHORITY_OK;
}

/* --- indices --- */

static uint64_t survivors_of(const struct words *x, struct span prefix)
{
    uint64_t total = 0;
    struct row_block block;
    const struct list_rows *rows = &x->list->rows;
    size_t i = status_rows_find(rows->row, rows->count, ROW_BLOCK, prefix);
    for (; i < rows->count && status_row_is(&rows->row[i], ROW_BLOCK, prefix); i++) {
        bool ours = row_block_decode(rows->row[i].bytes, &block) && block.set == ROW_SET_SURVIVORS;
        total += ours ? block.offsets.len / 2 : 0;
    }
    return total;
}

static void count_line(struct words *x, const char *label, uint64_t count, const char *more)
{
    if (count != 0) {
        line(x, "    %-11s %" PRIu64 "%s", label, count, more);
    }
}

static enum authority_error index_lines(struct words *x, struct span issuer, struct span prefix)
{
    struct status_map map = {0};
    const struct list_rows *rows = &x->list->rows;
    enum authority_error error = status_map_build(rows->row, rows->count, issuer, &map, x->problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    count_line(x, "revoked", status_map_total(&map, ROW_RANGE_REVOKED), "");
    count_line(x, "suspended", status_map_total(&map, ROW_RANGE_SUSPENDED), "");
    count_line(x, "reinstated", status_map_total(&map, ROW_RANGE_REINSTATED), "");
    count_line(x, "survivors", survivors_of(x, prefix), ", confirmed after a theft");
    status_map_free(&map);
    return AUTHORITY_OK;
}

static enum authority_error report_line(struct words *x, struct span issuer,
                                        const struct row_status *status)
{
    char id[40];
    uint64_t all = 0;
    uint64_t gone = 0;
    struct reports_query *q = NULL;
    (void)snprintf(id, sizeof id, "%.*s", (int)issuer.len, (const char *)issuer.ptr);
    enum authority_error error = reports_query_open(x->dir, id, &q, x->problem);
    if (error == AUTHORITY_OK) {
        error = reports_query_totals(q, &all, &gone, x->problem);
        reports_query_close(q);
    }
    if (error == AUTHORITY_OK) {
        line(x, "    indices     %u allotted; %" PRIu64 " reported, %" PRIu64 " of them void",
             status->allotment, all, gone);
    }
    return error;
}

/* --- centres and blanks --- */

static void centre_lines(struct words *x, const struct row_status *status)
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    char date[DATE_TEXT_SIZE];
    struct row_centre centre;
    struct cbor_cursor rows = status->centres;
    for (size_t i = 0; i < status->centre_count; i++) {
        row_centre_next(&rows, &centre);
        line(x, "    centre      %.*s revoked for certificates issued %s to %s: %s, %s",
             (int)centre.centre.len, (const char *)centre.centre.ptr,
             date_format(centre.from_day, from), end_of(centre.until_day, until),
             reason_of(centre.reason), date_format(centre.date_day, date));
    }
}

static void blank_lines(struct words *x, const struct row_status *status)
{
    char date[DATE_TEXT_SIZE];
    struct row_blank b;
    struct cbor_cursor rows = status->blanks;
    for (size_t i = 0; i < status->blank_count; i++) {
        row_blank_next(&rows, &b);
        line(x, "    blanks      %.*s%0*" PRIu64 " to %.*s%0*" PRIu64 " revoked: %s, %s",
             (int)b.prefix.len, (const char *)b.prefix.ptr, b.digits, b.first, (int)b.prefix.len,
             (const char *)b.prefix.ptr, b.digits, b.last, reason_of(b.reason),
             date_format(b.date_day, date));
    }
}

/* --- one issuer, and all --- */

static enum authority_error status_lines(struct words *x, struct span issuer, struct span prefix)
{
    struct row_status status;
    const struct list_rows *rows = &x->list->rows;
    size_t at = status_rows_find(rows->row, rows->count, ROW_STATUS, prefix);
    if (at == rows->count || !row_status_decode(rows->row[at].bytes, &status)) {
        return index_lines(x, issuer, prefix);
    }
    enum authority_error error = report_line(x, issuer, &status);
    if (error == AUTHORITY_OK) {
        error = index_lines(x, issuer, prefix);
    }
    centre_lines(x, &status);
    blank_lines(x, &status);
    return error;
}

static enum authority_error issuer_lines(struct words *x, const struct row_issuer *issuer)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer prefix = writer_of(room, sizeof room);
    struct span name = row_name(&issuer->names, span_str("en"));
    row_key_of_code(&prefix, issuer->id);
    line(x, "%.*s  %s", (int)issuer->id.len, (const char *)issuer->id.ptr,
         row_enum_name(ROW_ENUM_ISSUER_KIND, (int)issuer->kind));
    line(x, "    name        %.*s", (int)name.len, (const char *)name.ptr);
    licence_lines(x, issuer);
    enum authority_error error = key_lines(x, writer_span(&prefix));
    return error == AUTHORITY_OK ? status_lines(x, issuer->id, writer_span(&prefix)) : error;
}

static enum authority_error write_all(struct words *x)
{
    char as_of[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    struct row_issuer issuer;
    const struct list_source *list = x->list;
    enum authority_error error = AUTHORITY_OK;
    line(x, "%s  list version %lld as of %s, valid to %s%s", list->state, (long long)list->version,
         day_of(list->as_of_s, as_of), day_of(list->expires_s, until), mark(x, list->expires_s));
    for (size_t i = 0; i < list->rows.count && error == AUTHORITY_OK; i++) {
        const struct row *row = &list->rows.row[i];
        if (row->type == ROW_ISSUER && row_issuer_decode(row->bytes, &issuer)) {
            error = issuer_lines(x, &issuer);
        }
    }
    line(x, "Within %d days %zu of these run out.", STATUS_WORDS_SOON_DAYS, x->soon);
    return error;
}

static enum authority_error write_text(const struct words *start, char **ret_text)
{
    struct writer count = writer_of(NULL, 0);
    struct words x = *start;
    x.w = &count;
    enum authority_error error = write_all(&x);
    char *text = error == AUTHORITY_OK ? malloc(count.len + 1) : NULL;
    if (text == NULL) {
        return error != AUTHORITY_OK ? error : authority_fail_system(start->problem);
    }
    struct writer w = writer_of(text, count.len);
    x = *start;
    x.w = &w;
    error = write_all(&x);
    if (error != AUTHORITY_OK || !writer_ok(&w)) { /* a report may have come in between */
        free(text);
        return error != AUTHORITY_OK ? error
                                     : authority_fail(start->problem, AUTHORITY_FILE,
                                                      "reports.db: was changed meanwhile; again");
    }
    text[w.len] = '\0';
    *ret_text = text;
    return AUTHORITY_OK;
}

enum authority_error status_words(const char *dir, const char *state, int64_t now_s,
                                  char **ret_text, struct authority_problem *problem)
{
    struct list_source list;
    enum authority_error error = list_source_read(dir, state, &list, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    struct words start = {.dir = dir, .list = &list, .now_s = now_s, .problem = problem};
    error = write_text(&start, ret_text);
    list_source_free(&list);
    return error;
}
