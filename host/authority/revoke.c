/* SPDX-License-Identifier: Apache-2.0
 *
 * One more range in status.json.
 */
#include "authority/revoke.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/source_list.h"

static struct json_value *range_object(const struct revoke_request *request)
{
    struct json_value *range = json_new_object();
    json_put_int(range, "first", request->first);
    json_put_int(range, "last", request->last);
    json_put_string(range, "status", row_enum_name(ROW_ENUM_RANGE_STATUS, ROW_RANGE_REVOKED));
    json_put_string(range, "reason", row_enum_name(ROW_ENUM_REASON, request->reason));
    json_put_day(range, "date", request->day);
    return range;
}

/* json.h lends out constant views of what a reader holds; the document is ours to change. */
static struct json_value *own(const struct json_value *value)
{
    return (struct json_value *)value;
}

static enum authority_error add_range(struct source *s, const struct revoke_request *request,
                                      struct authority_problem *problem)
{
    const struct json_value *array = json_get_array(&s->json, s->top, "status", 0, TRUST_MAX_ROWS);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        struct json_value *status = own(json_at(array, i));
        struct span issuer = source_code(s, status, "issuer", 4, 32);
        if (!span_equal(issuer, span_str(request->issuer))) {
            continue;
        }
        if (!json_has(status, "ranges")) {
            json_put(status, "ranges", json_new_array());
        }
        const struct json_value *ranges =
            json_get_array(&s->json, status, "ranges", 0, TRUST_MAX_ROWS);
        if (ranges != NULL) {
            json_append(own(ranges), range_object(request));
        }
        return source_finish(s, problem);
    }
    enum authority_error error = source_finish(s, problem);
    return error != AUTHORITY_OK
               ? error
               : authority_fail(problem, AUTHORITY_SOURCE, "%s: has no entry for the issuer %s",
                                s->file, request->issuer);
}

static enum authority_error changed_text(const char *dir, const char *name,
                                         const struct revoke_request *request, char **ret_text,
                                         struct authority_problem *problem)
{
    struct source s;
    enum authority_error error = source_open(dir, name, &s, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = add_range(&s, request, problem);
    if (error == AUTHORITY_OK) {
        *ret_text = json_format(s.top, 2);
        error = *ret_text == NULL ? authority_fail_system(problem) : AUTHORITY_OK;
    }
    source_close(&s);
    return error;
}

/* Writes the change, reads all sources back, and undoes it when they are not good any more. */
static enum authority_error write_and_check(const char *dir, const char *path, const char *text,
                                            const struct revoke_request *request,
                                            struct authority_problem *problem)
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
        return authority_fail_file(problem, path, failed);
    }
    enum authority_error error = list_source_read(dir, request->state, &list, problem);
    if (error == AUTHORITY_OK) {
        list_source_free(&list);
    } else {
        failed = file_write_atomic(path, span_of(before, len), 0644);
        error = failed != FILE_OK ? authority_fail_file(problem, path, failed) : error;
    }
    free(before);
    return error;
}

static enum authority_error revoke(const char *dir, const struct revoke_request *request,
                                   struct authority_problem *problem)
{
    char path[PATH_MAX];
    char name[32];
    char *text = NULL;
    (void)snprintf(name, sizeof name, "%.2s/status.json", request->state);
    enum authority_error error = authority_path(problem, path, "%s/%s", dir, name);
    if (error == AUTHORITY_OK) {
        error = changed_text(dir, name, request, &text, problem);
    }
    if (error == AUTHORITY_OK) {
        error = write_and_check(dir, path, text, request, problem);
    }
    free(text);
    return error;
}

enum authority_error revoke_range(const char *dir, const struct revoke_request *request,
                                  struct authority_problem *problem)
{
    int lock = -1;
    enum authority_error error = authority_lock(problem, dir, request->state, &lock);
    if (error == AUTHORITY_OK) {
        error = revoke(dir, request, problem);
        lock_release(lock);
    }
    return error;
}
