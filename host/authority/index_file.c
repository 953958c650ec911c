/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines to runs.
 */
#include "authority/index_file.h"

#include <stdlib.h>

#include "authority/reports_query.h"
#include "codec/cbor.h"
#include "codec/credential.h"

/* --- one line --- */

static bool parse_index(struct span text, uint32_t *ret_index)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || value > UINT32_MAX) {
            return false;
        }
        value = value * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    *ret_index = (uint32_t)value;
    return text.len != 0 && value <= UINT32_MAX;
}

bool index_parse_range(struct span text, uint32_t *ret_first, uint32_t *ret_last)
{
    size_t dash = 0;
    uint32_t first = 0;
    uint32_t last = 0;
    while (dash < text.len && text.ptr[dash] != '-') {
        dash++;
    }
    if (!parse_index(span_of(text.ptr, dash), &first)) {
        return false;
    }
    last = first;
    if (dash < text.len && !parse_index(span_of(text.ptr + dash + 1, text.len - dash - 1), &last)) {
        return false;
    }
    if (last < first) {
        return false;
    }
    *ret_first = first;
    *ret_last = last;
    return true;
}

/* What a terminal may be shown of a line. */
static struct span shown(struct span line)
{
    struct span cut = span_of(line.ptr, line.len < 48 ? line.len : 48);
    return cbor_text_is_code(cut) ? cut : span_str("it");
}

static enum authority_error fail_line(const struct index_file *f, size_t number, struct span line,
                                      const char *what, struct authority_problem *problem)
{
    struct span text = shown(line);
    return authority_fail(problem, AUTHORITY_SOURCE, "%s: line %zu: %.*s %s", f->path, number,
                          (int)text.len, (const char *)text.ptr, what);
}

static enum authority_error take_index(const struct index_file *f, size_t number, struct span line,
                                       struct index_runs *runs, struct authority_problem *problem)
{
    struct index_run run = {.reason = f->reason};
    if (!index_parse_range(line, &run.first, &run.last)) {
        return fail_line(f, number, line, "is not an index N or a range N-M", problem);
    }
    return index_runs_add(runs, run, problem);
}

static enum authority_error take_number(const struct index_file *f, struct reports_query *q,
                                        size_t number, struct span line, struct index_runs *runs,
                                        struct authority_problem *problem)
{
    size_t found = 0;
    if (line.len > CERTIFICATE_NUMBER_MAX || !cbor_text_is_code(line)) {
        return fail_line(f, number, line, "is not a certificate number", problem);
    }
    enum authority_error error = reports_query_number(q, line, f->reason, runs, &found, problem);
    if (error == AUTHORITY_OK && found == 0) {
        error = fail_line(f, number, line, "is in no report of this issuer", problem);
    }
    return error;
}

/* --- all lines --- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct span trimmed(struct span line)
{
    while (line.len != 0 && is_blank(line.ptr[0])) {
        line = span_of(line.ptr + 1, line.len - 1);
    }
    while (line.len != 0 && is_blank(line.ptr[line.len - 1])) {
        line.len--;
    }
    return line;
}

static struct span take_line(struct span *rest)
{
    const uint8_t *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
    struct span line = span_of(rest->ptr, len);
    size_t step = end == NULL ? len : len + 1;
    *rest = span_of(rest->ptr + step, rest->len - step);
    return trimmed(line);
}

static enum authority_error take_lines(const struct index_file *f, struct reports_query *q,
                                       struct span text, struct index_runs *runs,
                                       struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    for (size_t number = 1; text.len != 0 && error == AUTHORITY_OK; number++) {
        struct span line = take_line(&text);
        if (line.len != 0) {
            error = f->by_number ? take_number(f, q, number, line, runs, problem)
                                 : take_index(f, number, line, runs, problem);
        }
    }
    if (error == AUTHORITY_OK && runs->count == 0) {
        error = authority_fail(problem, AUTHORITY_SOURCE, "%s: has no line that names anything",
                               f->path);
    }
    return error;
}

enum authority_error index_file_read(const struct index_file *f, struct index_runs *ret_runs,
                                     struct authority_problem *problem)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct reports_query *q = NULL;
    struct index_runs runs = {0};
    enum file_error failed = file_read(f->path, INDEX_FILE_MAX_BYTES, &bytes, &len);
    if (failed != FILE_OK) {
        return authority_fail_file(problem, f->path, failed);
    }
    enum authority_error error = AUTHORITY_OK;
    if (f->by_number) {
        error = reports_query_open(f->dir, f->issuer, &q, problem);
    }
    if (error == AUTHORITY_OK) {
        error = take_lines(f, q, span_of(bytes, len), &runs, problem);
    }
    reports_query_close(q);
    free(bytes);
    if (error != AUTHORITY_OK) {
        index_runs_free(&runs);
        return error;
    }
    index_runs_sort(&runs);
    *ret_runs = runs;
    return AUTHORITY_OK;
}

enum authority_error index_file_number(const struct index_file *f, const char *number,
                                       struct index_runs *ret_runs,
                                       struct authority_problem *problem)
{
    size_t found = 0;
    struct reports_query *q = NULL;
    struct index_runs runs = {0};
    enum authority_error error = reports_query_open(f->dir, f->issuer, &q, problem);
    if (error == AUTHORITY_OK) {
        error = reports_query_number(q, span_str(number), f->reason, &runs, &found, problem);
    }
    reports_query_close(q);
    if (error == AUTHORITY_OK && found == 0) {
        error = authority_fail(problem, AUTHORITY_SOURCE,
                               "no report of %s names the certificate %s", f->issuer, number);
    }
    if (error != AUTHORITY_OK) {
        index_runs_free(&runs);
        return error;
    }
    index_runs_sort(&runs);
    *ret_runs = runs;
    return AUTHORITY_OK;
}
