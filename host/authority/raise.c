/* SPDX-License-Identifier: Apache-2.0
 *
 * Two members of one source, everything else left as it stands.
 */
#include "authority/raise.h"

#include <stdlib.h>

#include "authority/source.h"

/* json.h lends out constant views of what a reader holds; the document is ours to change. */
static struct json_value *own(const struct json_value *value)
{
    return (struct json_value *)value;
}

static enum authority_error raise_members(struct source *s, const char *time_name, int64_t now_s,
                                          int64_t *ret_version, struct authority_problem *problem)
{
    int64_t version = json_get_int(&s->json, s->top, "version", 1, INT64_MAX - 1);
    if (source_time(s, s->top, time_name) > now_s) {
        source_refuse(s, s->top, time_name, "is later than this computer's clock; set the clock");
    }
    enum authority_error error = source_finish(s, problem);
    if (error == AUTHORITY_OK) {
        *ret_version = version + 1;
        json_put_int(own(s->top), "version", version + 1);
        json_put_time(own(s->top), time_name, now_s);
    }
    return error;
}

static enum authority_error write_source(const char *path, const struct source *s,
                                         struct authority_problem *problem)
{
    char *text = json_format(s->top, 2);
    if (text == NULL) {
        return authority_fail_system(problem);
    }
    enum file_error failed = file_write_atomic(path, span_str(text), 0644);
    free(text);
    return failed == FILE_OK ? AUTHORITY_OK : authority_fail_file(problem, path, failed);
}

static enum authority_error raise_source(const char *dir, const char *name, const char *time_name,
                                         int64_t now_s, struct raise_result *ret_result,
                                         struct authority_problem *problem)
{
    struct source s;
    struct raise_result result;
    enum authority_error error = authority_path(problem, result.path, "%s/%s", dir, name);
    if (error == AUTHORITY_OK) {
        error = source_open(dir, name, &s, problem);
    }
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = raise_members(&s, time_name, now_s, &result.version, problem);
    if (error == AUTHORITY_OK) {
        error = write_source(result.path, &s, problem);
    }
    source_close(&s);
    if (error == AUTHORITY_OK) {
        *ret_result = result;
    }
    return error;
}

enum authority_error raise_list(const char *dir, const char *state, int64_t now_s,
                                struct raise_result *ret_result, struct authority_problem *problem)
{
    char name[32];
    int lock = -1;
    (void)snprintf(name, sizeof name, "%.2s/list.json", state);
    enum authority_error error = authority_lock(problem, dir, state, &lock);
    if (error == AUTHORITY_OK) {
        error = raise_source(dir, name, "as_of", now_s, ret_result, problem);
        lock_release(lock);
    }
    return error;
}

enum authority_error raise_header(const char *dir, int64_t now_s, struct raise_result *ret_result,
                                  struct authority_problem *problem)
{
    char path[PATH_MAX];
    int lock = -1;
    enum authority_error error = authority_path(problem, path, "%s/header.json", dir);
    if (error == AUTHORITY_OK) {
        error = authority_lock_document(problem, path, &lock);
    }
    if (error == AUTHORITY_OK) {
        error = raise_source(dir, "header.json", "issued_at", now_s, ret_result, problem);
        lock_release(lock);
    }
    return error;
}
