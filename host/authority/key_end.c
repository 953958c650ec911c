/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys that end, and what outlives them.
 */
#include "authority/key_end.h"

#include <stdio.h>
#include <stdlib.h>

#include "authority/change.h"
#include "authority/reports_query.h"
#include "authority/source_list.h"
#include "codec/date.h"
#include "codec/hex.h"

/* --- names --- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool key_end_read_kid(const char *text, uint8_t ret_kid[CRYPTO_KID_SIZE])
{
    uint8_t kid[CRYPTO_KID_SIZE];
    if (strlen(text) != 2 * sizeof kid) {
        return false;
    }
    for (size_t i = 0; i < sizeof kid; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        kid[i] = (uint8_t)(high << 4 | low);
    }
    memcpy(ret_kid, kid, sizeof kid);
    return true;
}

static enum authority_error no_such_key(const struct key_end_request *request,
                                        struct authority_problem *problem)
{
    char hex[HEX_SIZE(CRYPTO_KID_SIZE)];
    return authority_fail(problem, AUTHORITY_SOURCE,
                          "%s/keys.json: has no key %s of %s; saksi authority status shows those "
                          "it has",
                          request->state, hex_write(span_of(request->kid, CRYPTO_KID_SIZE), hex),
                          request->issuer);
}

/* --- the end --- */

struct ending {
    const struct key_end_request *request;
    bool changed;
};

static bool is_the_key(struct source *s, const struct json_value *element,
                       const struct key_end_request *request)
{
    uint8_t room[CRYPTO_MAX_PUBLIC_KEY];
    uint8_t kid[CRYPTO_KID_SIZE];
    int alg = 0;
    struct span public_key;
    struct span issuer = source_code(s, element, "issuer", 4, 32);
    source_public_key(s, element, room, &alg, &public_key);
    return !s->json.failed && span_equal(issuer, span_str(request->issuer)) &&
           crypto_kid(alg, public_key, kid) == CRYPTO_OK &&
           memcmp(kid, request->kid, sizeof kid) == 0;
}

static enum authority_error put_end(struct source *s, struct json_value *element, struct ending *e,
                                    struct authority_problem *problem)
{
    char day[DATE_TEXT_SIZE];
    enum row_key_end now = ROW_KEY_OPEN;
    int64_t at_s = 0;
    if (json_has(element, "end") && !json_is_null(element, "end")) {
        now = (enum row_key_end)source_enum(s, element, "end", ROW_ENUM_KEY_END);
        at_s = source_time(s, element, "at");
    }
    if (s->json.failed || (now == e->request->end && at_s == e->request->at_s)) {
        return AUTHORITY_OK;
    }
    if (now == ROW_KEY_COMPROMISED ||
        (now != ROW_KEY_OPEN && e->request->end != ROW_KEY_COMPROMISED)) {
        return authority_fail(problem, AUTHORITY_CONFLICT,
                              "this key ended on %s as %s; what has ended can only end as "
                              "compromised, once",
                              date_format(at_s / 86400, day), row_enum_name(ROW_ENUM_KEY_END, now));
    }
    json_put_string(element, "end", row_enum_name(ROW_ENUM_KEY_END, (int)e->request->end));
    json_put_time(element, "at", e->request->at_s);
    e->changed = true;
    return AUTHORITY_OK;
}

static enum authority_error apply_end(struct source *s, void *context, bool *ret_changed,
                                      struct authority_problem *problem)
{
    struct ending *e = context;
    const struct json_value *array = json_get_array(&s->json, s->top, "keys", 0, TRUST_MAX_ROWS);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        struct json_value *element = change_own(json_at(array, i));
        if (is_the_key(s, element, e->request)) {
            enum authority_error error = put_end(s, element, e, problem);
            *ret_changed = e->changed;
            return error;
        }
    }
    enum authority_error error = source_finish(s, problem);
    return error == AUTHORITY_OK ? no_such_key(e->request, problem) : error;
}

enum authority_error key_end(const struct key_end_request *request, bool *ret_changed,
                             struct authority_problem *problem)
{
    int lock = -1;
    struct ending e = {.request = request};
    struct change change = {request->dir, request->state, "keys.json", apply_end, &e};
    enum authority_error error = authority_lock(problem, request->dir, request->state, &lock);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = change_source(&change, problem);
    lock_release(lock);
    if (error == AUTHORITY_OK) {
        *ret_changed = e.changed;
    }
    return error;
}

enum authority_error key_end_find(const struct key_end_request *request, enum row_key_end *ret_end,
                                  struct authority_problem *problem)
{
    struct list_source list;
    struct row_key key;
    enum authority_error error = list_source_read(request->dir, request->state, &list, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    bool found = false;
    for (size_t i = 0; i < list.rows.count && !found; i++) {
        const struct row *row = &list.rows.row[i];
        found = row->type == ROW_KEY && row_key_decode(row->bytes, &key) &&
                span_equal(key.issuer, span_str(request->issuer)) &&
                span_equal(key.kid, span_of(request->kid, CRYPTO_KID_SIZE));
    }
    list_source_free(&list);
    if (!found) {
        return no_such_key(request, problem);
    }
    *ret_end = key.end;
    return AUTHORITY_OK;
}

/* --- survivors --- */

struct surviving {
    const struct survivors_request *request;
    struct survivors_result result;
};

static int compare_index(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The set as it is, sorted; the caller frees it. NULL without memory. */
static uint32_t *read_set(struct source *s, const struct json_value *array)
{
    size_t count = json_count(array);
    uint32_t *index = malloc((count + 1) * sizeof *index);
    for (size_t i = 0; index != NULL && i < count && !s->json.failed; i++) {
        index[i] = (uint32_t)json_int_at(&s->json, array, i, 0, UINT32_MAX);
    }
    if (index != NULL && !s->json.failed) {
        qsort(index, count, sizeof *index, compare_index);
    }
    return index;
}

static void add_run(struct surviving *g, struct json_value *array, const struct index_run *run,
                    const uint32_t *known, size_t count)
{
    for (uint64_t i = run->first; i <= run->last; i++) {
        uint32_t index = (uint32_t)i;
        if (bsearch(&index, known, count, sizeof *known, compare_index) != NULL) {
            g->result.before++;
        } else {
            json_append_int(array, index);
            g->result.added++;
        }
    }
}

static enum authority_error apply_survivors(struct source *s, void *context, bool *ret_changed,
                                            struct authority_problem *problem)
{
    struct surviving *g = context;
    struct json_value *status = NULL;
    enum authority_error error = change_find_status(s, g->request->issuer, &status, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    struct json_value *array = change_array(s, status, "survivors");
    size_t count = json_count(array);
    uint32_t *known = read_set(s, array);
    if (known == NULL) {
        return authority_fail_system(problem);
    }
    for (size_t i = 0; i < g->request->runs->count && !s->json.failed; i++) {
        add_run(g, array, &g->request->runs->run[i], known, count);
    }
    free(known);
    *ret_changed = g->result.added != 0;
    return AUTHORITY_OK;
}

static enum authority_error count_reported(struct surviving *g, struct authority_problem *problem)
{
    struct reports_query *q = NULL;
    uint64_t count = 0;
    enum authority_error error =
        reports_query_open(g->request->dir, g->request->issuer, &q, problem);
    for (size_t i = 0; i < g->request->runs->count && error == AUTHORITY_OK; i++) {
        const struct index_run *run = &g->request->runs->run[i];
        error = reports_query_known(q, run->first, run->last, &count, problem);
        g->result.reported += count;
    }
    reports_query_close(q);
    return error;
}

enum authority_error key_end_survivors(const struct survivors_request *request,
                                       struct survivors_result *ret_result,
                                       struct authority_problem *problem)
{
    int lock = -1;
    struct surviving g = {.request = request};
    struct change change = {request->dir, request->state, "status.json", apply_survivors, &g};
    if (index_runs_total(request->runs) > INDEX_RUNS_MAX) {
        return authority_fail(problem, AUTHORITY_SOURCE,
                              "these are more than %d indices; split them", INDEX_RUNS_MAX);
    }
    enum authority_error error = authority_lock(problem, request->dir, request->state, &lock);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = count_reported(&g, problem);
    if (error == AUTHORITY_OK) {
        error = change_source(&change, problem);
    }
    lock_release(lock);
    if (error == AUTHORITY_OK) {
        *ret_result = g.result;
    }
    return error;
}
