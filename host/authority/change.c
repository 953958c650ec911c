/* SPDX-License-Identifier: Apache-2.0
 *
 * A changed source, judged before it is written: a program that is stopped leaves the old file or
 * the new one, and never one that was refused.
 */
#include "authority/change.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/source_list.h"

struct json_value *change_own(const struct json_value *value)
{
    return (struct json_value *)value;
}

enum authority_error change_find_status(struct source *s, const char *issuer,
                                        struct json_value **ret_status,
                                        struct authority_problem *problem)
{
    const struct json_value *array = json_get_array(&s->json, s->top, "status", 0, TRUST_MAX_ROWS);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        const struct json_value *status = json_at(array, i);
        if (span_equal(source_code(s, status, "issuer", 4, 32), span_str(issuer))) {
            *ret_status = change_own(status);
            return source_finish(s, problem);
        }
    }
    enum authority_error error = source_finish(s, problem);
    return error != AUTHORITY_OK
               ? error
               : authority_fail(problem, AUTHORITY_SOURCE, "%s: has no entry for the issuer %s",
                                s->file, issuer);
}

struct json_value *change_array(struct source *s, struct json_value *entry, const char *name)
{
    if (!json_has(entry, name)) {
        json_put(entry, name, json_new_array());
    }
    return change_own(json_get_array(&s->json, entry, name, 0, JSON_MAX_BYTES / 2));
}

/* *ret_text stays NULL when nothing is to be changed. */
static enum authority_error changed_text(const struct change *c, const char *name, char **ret_text,
                                         struct authority_problem *problem)
{
    struct source s;
    bool changed = false;
    enum authority_error error = source_open(c->dir, name, &s, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = c->apply(&s, c->context, &changed, problem);
    if (error == AUTHORITY_OK) {
        error = source_finish(&s, problem);
    }
    if (error == AUTHORITY_OK && changed) {
        *ret_text = json_format(s.top, 2);
        error = *ret_text == NULL ? authority_fail_system(problem) : AUTHORITY_OK;
    }
    source_close(&s);
    return error;
}

static enum authority_error check_and_write(const struct change *c, const char *name,
                                            struct span text, struct authority_problem *problem)
{
    char path[PATH_MAX];
    struct list_source list;
    enum authority_error error = authority_path(problem, path, "%s/%s", c->dir, name);
    if (error == AUTHORITY_OK) {
        error = list_source_read_with(c->dir, c->state, c->file, text, &list, problem);
    }
    if (error != AUTHORITY_OK) {
        return error;
    }
    list_source_free(&list);
    enum file_error failed = file_write_atomic(path, text, 0644);
    return failed != FILE_OK ? authority_fail_file(problem, path, failed) : AUTHORITY_OK;
}

enum authority_error change_source(const struct change *c, struct authority_problem *problem)
{
    char name[40];
    char *text = NULL;
    (void)snprintf(name, sizeof name, "%.2s/%.32s", c->state, c->file);
    enum authority_error error = changed_text(c, name, &text, problem);
    if (error == AUTHORITY_OK && text != NULL) {
        error = check_and_write(c, name, span_str(text), problem);
    }
    free(text);
    return error;
}
