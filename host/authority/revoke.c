/* SPDX-License-Identifier: Apache-2.0
 *
 * From the indices that were asked for to those that change, and from these to ranges and sets.
 */
#include "authority/revoke.h"

#include "authority/change.h"
#include "authority/reports_query.h"
#include "authority/source_list.h"
#include "authority/status_map.h"

struct revocation {
    const struct revoke_request *request;
    struct index_runs todo;  /* what changes: ascending, disjoint */
    struct index_runs ruled; /* of these, what a range speaks of now: only a range ends it */
    size_t ranges;           /* that the issuer has */
    struct revoke_result *result;
    struct authority_problem *problem;
};

/* --- what changes --- */

static bool is_so_already(enum row_range_status wanted, int status)
{
    return status == ROW_RANGE_REVOKED ||
           (status == ROW_RANGE_SUSPENDED && wanted == ROW_RANGE_SUSPENDED);
}

static enum authority_error check_reinstated(const struct revocation *r,
                                             const struct status_part *part)
{
    if (part->status == ROW_RANGE_REVOKED || part->status == ROW_RANGE_SUSPENDED) {
        return AUTHORITY_OK;
    }
    return authority_fail(r->problem, AUTHORITY_CONFLICT,
                          "index %u of %s is neither revoked nor suspended%s", part->first,
                          r->request->issuer,
                          part->status == ROW_RANGE_REINSTATED ? ": it was reinstated before" : "");
}

/* One part of one status of what was asked for. */
static enum authority_error judge_part(struct revocation *r, const struct status_part *part,
                                       int reason)
{
    enum row_range_status wanted = r->request->status;
    uint64_t count = (uint64_t)part->last - part->first + 1;
    struct index_run run = {part->first, part->last, reason};
    enum authority_error error = AUTHORITY_OK;
    if (wanted == ROW_RANGE_REINSTATED) {
        error = check_reinstated(r, part);
    } else if (is_so_already(wanted, part->status)) {
        r->result->before += count;
        return AUTHORITY_OK;
    }
    r->result->changed += count;
    if (error == AUTHORITY_OK) {
        error = index_runs_add(&r->todo, run, r->problem);
    }
    if (error == AUTHORITY_OK && part->reason != 0) {
        error = index_runs_add(&r->ruled, run, r->problem);
    }
    return error;
}

static enum authority_error judge_run(struct revocation *r, const struct status_map *map,
                                      const struct index_run *run)
{
    uint32_t first = run->first;
    for (;;) {
        struct status_part part = status_map_at(map, first, run->last);
        enum authority_error error = judge_part(r, &part, run->reason);
        if (error != AUTHORITY_OK || part.last == run->last) {
            return error;
        }
        first = part.last + 1;
    }
}

static enum authority_error judge_all(struct revocation *r, const struct list_source *list)
{
    struct status_map map = {0};
    const struct list_rows *rows = &list->rows;
    struct span issuer = span_str(r->request->issuer);
    enum authority_error error = status_map_build(rows->row, rows->count, issuer, &map, r->problem);
    for (size_t i = 0; i < r->request->runs->count && error == AUTHORITY_OK; i++) {
        error = judge_run(r, &map, &r->request->runs->run[i]);
    }
    for (size_t i = 0; i < map.count; i++) {
        r->ranges += map.part[i].reason != 0;
    }
    index_runs_sort(&r->todo);
    index_runs_sort(&r->ruled);
    status_map_free(&map);
    return error;
}

/* A report says "void" for good: the next import would revoke it again. */
static enum authority_error check_void(const struct revocation *r)
{
    bool found = false;
    uint32_t index = 0;
    struct reports_query *q = NULL;
    const struct revoke_request *request = r->request;
    if (request->status != ROW_RANGE_REINSTATED) {
        return AUTHORITY_OK;
    }
    enum authority_error error = reports_query_open(request->dir, request->issuer, &q, r->problem);
    for (size_t i = 0; i < r->todo.count && error == AUTHORITY_OK && !found; i++) {
        const struct index_run *run = &r->todo.run[i];
        error = reports_query_void(q, run->first, run->last, &index, &found, r->problem);
    }
    reports_query_close(q);
    if (error == AUTHORITY_OK && found) {
        error = authority_fail(r->problem, AUTHORITY_CONFLICT,
                               "index %u of %s was reported void by its issuer and cannot come "
                               "back; the holder needs a new certificate",
                               index, request->issuer);
    }
    return error;
}

/* --- ranges --- */

static struct json_value *range_object(const struct row_range *range)
{
    struct json_value *object = json_new_object();
    json_put_int(object, "first", range->first);
    json_put_int(object, "last", range->last);
    json_put_string(object, "status", row_enum_name(ROW_ENUM_RANGE_STATUS, (int)range->status));
    json_put_string(object, "reason", row_enum_name(ROW_ENUM_REASON, range->reason));
    json_put_day(object, "date", range->date_day);
    return object;
}

/* The place of the first run that does not end before `from`. */
static size_t place_of(const struct index_runs *runs, uint32_t from)
{
    size_t low = 0;
    size_t high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs->run[middle].last < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool touches(const struct index_runs *runs, uint32_t first, uint32_t last)
{
    size_t at = place_of(runs, first);
    return at < runs->count && runs->run[at].first <= last;
}

/* Copies what is left of a range when our indices are out of it. */
static void copy_without(const struct index_runs *runs, struct row_range range,
                         struct json_value *ranges)
{
    const uint32_t last = range.last;
    for (size_t i = place_of(runs, range.first); i < runs->count && runs->run[i].first <= last;
         i++) {
        const struct index_run *run = &runs->run[i];
        if (range.first < run->first) {
            range.last = run->first - 1;
            json_append(ranges, range_object(&range));
        }
        if (run->last >= last) {
            return;
        }
        range.first = run->last + 1;
    }
    range.last = last;
    json_append(ranges, range_object(&range));
}

/* All ranges that are there, without our indices, in the order of the file. */
static struct json_value *remaining_ranges(const struct revocation *r, struct source *s,
                                           const struct json_value *status)
{
    struct json_value *ranges = json_new_array();
    const struct json_value *array = json_find_array(&s->json, status, "ranges", TRUST_MAX_ROWS);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        const struct json_value *element = json_at(array, i);
        struct row_range range = {
            .first = (uint32_t)json_get_int(&s->json, element, "first", 0, UINT32_MAX),
            .last = (uint32_t)json_get_int(&s->json, element, "last", 0, UINT32_MAX),
            .status =
                (enum row_range_status)source_enum(s, element, "status", ROW_ENUM_RANGE_STATUS),
            .reason = source_enum(s, element, "reason", ROW_ENUM_REASON),
            .date_day = source_day(s, element, "date"),
        };
        if (!s->json.failed) {
            copy_without(&r->todo, range, ranges);
        }
    }
    return ranges;
}

/* --- ranges or sets --- */

/* A reinstatement must be seen. What a range speaks of now needs another one in its place: the sets
 * below it may hold the index already. */
static bool goes_to_set(const struct revocation *r, const struct index_run *run)
{
    return r->request->status != ROW_RANGE_REINSTATED &&
           r->ranges + r->todo.count > REVOKE_MANY_RANGES &&
           run->last - run->first < REVOKE_LONG_RUN - 1 &&
           !touches(&r->ruled, run->first, run->last);
}

static void add_to_set(struct revocation *r, struct source *s, struct json_value *status,
                       const struct index_run *run)
{
    bool revoked = r->request->status == ROW_RANGE_REVOKED;
    struct json_value *set = change_array(s, status, revoked ? "revoked" : "suspended");
    for (uint32_t i = 0; set != NULL && i <= run->last - run->first; i++) {
        json_append_int(set, run->first + i);
        r->result->in_set++;
    }
}

static enum authority_error apply(struct source *s, void *context, bool *ret_changed,
                                  struct authority_problem *problem)
{
    struct revocation *r = context;
    struct json_value *status = NULL;
    enum authority_error error = change_find_status(s, r->request->issuer, &status, problem);
    if (error != AUTHORITY_OK || r->todo.count == 0) {
        return error;
    }
    struct json_value *ranges = remaining_ranges(r, s, status);
    for (size_t i = 0; i < r->todo.count; i++) {
        const struct index_run *run = &r->todo.run[i];
        if (goes_to_set(r, run)) {
            add_to_set(r, s, status, run);
            continue;
        }
        struct row_range range = {.first = run->first,
                                  .last = run->last,
                                  .status = r->request->status,
                                  .reason = run->reason,
                                  .date_day = r->request->day};
        json_append(ranges, range_object(&range));
    }
    json_put(status, "ranges", ranges);
    *ret_changed = true;
    return AUTHORITY_OK;
}

/* --- everything --- */

enum authority_error revoke_runs_locked(const struct revoke_request *request,
                                        struct revoke_result *ret_result,
                                        struct authority_problem *problem)
{
    struct list_source list;
    struct revoke_result result = {0};
    struct revocation r = {.request = request, .result = &result, .problem = problem};
    struct change change = {request->dir, request->state, "status.json", apply, &r};
    enum authority_error error = list_source_read(request->dir, request->state, &list, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = judge_all(&r, &list);
    list_source_free(&list);
    if (error == AUTHORITY_OK) {
        error = check_void(&r);
    }
    if (error == AUTHORITY_OK) {
        error = change_source(&change, problem);
    }
    if (error == AUTHORITY_OK) {
        *ret_result = result;
    }
    index_runs_free(&r.todo);
    index_runs_free(&r.ruled);
    return error;
}

enum authority_error revoke_runs(const struct revoke_request *request,
                                 struct revoke_result *ret_result,
                                 struct authority_problem *problem)
{
    int lock = -1;
    enum authority_error error = authority_lock(problem, request->dir, request->state, &lock);
    if (error == AUTHORITY_OK) {
        error = revoke_runs_locked(request, ret_result, problem);
        lock_release(lock);
    }
    return error;
}
