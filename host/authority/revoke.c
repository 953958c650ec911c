/* SPDX-License-Identifier: Apache-2.0
 *
 * More ranges in status.json. Ranges of one issuer stay disjoint.
 */
#include "authority/revoke.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/source_list.h"

/* One change of status.json: a range that a person asked for, or indices that must end up revoked.
 */
struct change {
    const char *dir, *state, *issuer;
    const struct revoke_request *request; /* NULL: the indices */
    struct revoke_index *index;
    size_t count, added;
    int64_t day;
    struct authority_problem *problem;
};

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

/* json.h lends out constant views of what a reader holds; the document is ours to change. */
static struct json_value *own(const struct json_value *value)
{
    return (struct json_value *)value;
}

/* --- one range --- */

static void add_range(struct source *s, struct json_value *status,
                      const struct revoke_request *request)
{
    struct row_range range = {.first = request->first,
                              .last = request->last,
                              .status = ROW_RANGE_REVOKED,
                              .reason = request->reason,
                              .date_day = request->day};
    if (!json_has(status, "ranges")) {
        json_put(status, "ranges", json_new_array());
    }
    const struct json_value *ranges = json_get_array(&s->json, status, "ranges", 0, TRUST_MAX_ROWS);
    if (ranges != NULL) {
        json_append(own(ranges), range_object(&range));
    }
}

/* --- indices --- */

/* The place of the first of the indices that is not below `from`. */
static size_t place_of(const struct change *c, uint32_t from)
{
    size_t low = 0;
    size_t high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->index[middle].index < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void note_set(struct source *s, const struct json_value *status, struct change *c)
{
    const struct json_value *set = json_find_array(&s->json, status, "revoked", JSON_MAX_BYTES / 2);
    for (size_t i = 0; i < json_count(set) && !s->json.failed; i++) {
        uint32_t index = (uint32_t)json_int_at(&s->json, set, i, 0, UINT32_MAX);
        size_t at = place_of(c, index);
        if (at < c->count && c->index[at].index == index) {
            c->index[at].is_revoked = true;
        }
    }
}

/* Copies a range that suspends or reinstates to `ranges`, without our indices: what it says of them
 * ends now. */
static void copy_without(struct change *c, struct row_range range, struct json_value *ranges)
{
    const uint32_t last = range.last;
    bool is_left = true;
    for (size_t i = place_of(c, range.first); i < c->count && c->index[i].index <= last; i++) {
        uint32_t index = c->index[i].index;
        c->index[i].is_revoked = false; /* whatever the set says: a range overrules it */
        if (range.first < index) {
            range.last = index - 1;
            json_append(ranges, range_object(&range));
        }
        is_left = index < last;
        range.first = is_left ? index + 1 : index;
    }
    if (is_left) {
        range.last = last;
        json_append(ranges, range_object(&range));
    }
}

static void copy_revoked(struct change *c, const struct row_range *range, struct json_value *ranges)
{
    for (size_t i = place_of(c, range->first); i < c->count && c->index[i].index <= range->last;
         i++) {
        c->index[i].is_revoked = true;
    }
    json_append(ranges, range_object(range));
}

static void copy_ranges(struct source *s, const struct json_value *status, struct change *c,
                        struct json_value *ranges)
{
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
        if (s->json.failed) {
            return;
        }
        if (range.status == ROW_RANGE_REVOKED) {
            copy_revoked(c, &range, ranges);
        } else {
            copy_without(c, range, ranges);
        }
    }
}

/* Neighbours for the same reason share a range. */
static void append_new(struct change *c, struct json_value *ranges)
{
    struct row_range range = {.status = ROW_RANGE_REVOKED, .date_day = c->day};
    for (size_t i = 0; i < c->count; i++) {
        const struct revoke_index *one = &c->index[i];
        if (one->is_revoked) {
            continue;
        }
        bool is_next = range.reason == one->reason && range.last + 1 == one->index;
        if (!is_next && range.reason != 0) {
            json_append(ranges, range_object(&range));
        }
        range.first = is_next ? range.first : one->index;
        range.last = one->index;
        range.reason = one->reason;
        c->added++;
    }
    if (range.reason != 0) {
        json_append(ranges, range_object(&range));
    }
}

static void add_indices(struct source *s, struct json_value *status, struct change *c)
{
    struct json_value *ranges = json_new_array();
    note_set(s, status, c);
    copy_ranges(s, status, c, ranges);
    append_new(c, ranges);
    json_put(status, "ranges", ranges);
}

/* --- the file --- */

static enum authority_error apply(struct source *s, struct change *c)
{
    const struct json_value *array = json_get_array(&s->json, s->top, "status", 0, TRUST_MAX_ROWS);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        struct json_value *status = own(json_at(array, i));
        struct span issuer = source_code(s, status, "issuer", 4, 32);
        if (!span_equal(issuer, span_str(c->issuer))) {
            continue;
        }
        if (c->request != NULL) {
            add_range(s, status, c->request);
        } else {
            add_indices(s, status, c);
        }
        return source_finish(s, c->problem);
    }
    enum authority_error error = source_finish(s, c->problem);
    return error != AUTHORITY_OK
               ? error
               : authority_fail(c->problem, AUTHORITY_SOURCE, "%s: has no entry for the issuer %s",
                                s->file, c->issuer);
}

static enum authority_error changed_text(struct change *c, const char *name, char **ret_text)
{
    struct source s;
    enum authority_error error = source_open(c->dir, name, &s, c->problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = apply(&s, c);
    if (error == AUTHORITY_OK) {
        *ret_text = json_format(s.top, 2);
        error = *ret_text == NULL ? authority_fail_system(c->problem) : AUTHORITY_OK;
    }
    source_close(&s);
    return error;
}

/* Writes the change, reads all sources back, and undoes it when they are not good any more. */
static enum authority_error write_and_check(const struct change *c, const char *path,
                                            const char *text)
{
    struct list_source list;
    uint8_t *before = NULL;
    size_t len = 0;
    enum file_error failed = file_read(path, SOURCE_MAX_BYTES, &before, &len);
    if (failed == FILE_OK) {
        failed = file_write_atomic(path, span_str(text), 0644);
    }
    if (failed != FILE_OK) {
        free(before);
        return authority_fail_file(c->problem, path, failed);
    }
    enum authority_error error = list_source_read(c->dir, c->state, &list, c->problem);
    if (error == AUTHORITY_OK) {
        list_source_free(&list);
    } else {
        failed = file_write_atomic(path, span_of(before, len), 0644);
        error = failed != FILE_OK ? authority_fail_file(c->problem, path, failed) : error;
    }
    free(before);
    return error;
}

static enum authority_error revoke(struct change *c)
{
    char path[PATH_MAX];
    char name[32];
    char *text = NULL;
    (void)snprintf(name, sizeof name, "%.2s/status.json", c->state);
    enum authority_error error = authority_path(c->problem, path, "%s/%s", c->dir, name);
    if (error == AUTHORITY_OK) {
        error = changed_text(c, name, &text);
    }
    if (error == AUTHORITY_OK && (c->request != NULL || c->added != 0)) {
        error = write_and_check(c, path, text);
    }
    free(text);
    return error;
}

enum authority_error revoke_range(const char *dir, const struct revoke_request *request,
                                  struct authority_problem *problem)
{
    int lock = -1;
    struct change change = {.dir = dir,
                            .state = request->state,
                            .issuer = request->issuer,
                            .request = request,
                            .problem = problem};
    enum authority_error error = authority_lock(problem, dir, request->state, &lock);
    if (error == AUTHORITY_OK) {
        error = revoke(&change);
        lock_release(lock);
    }
    return error;
}

enum authority_error revoke_indices(const char *dir, const struct revoke_indices *request,
                                    size_t *ret_added, struct authority_problem *problem)
{
    struct change change = {.dir = dir,
                            .state = request->state,
                            .issuer = request->issuer,
                            .index = request->index,
                            .count = request->count,
                            .day = request->day,
                            .problem = problem};
    enum authority_error error = revoke(&change);
    if (error == AUTHORITY_OK) {
        *ret_added = change.added;
    }
    return error;
}
