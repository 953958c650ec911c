/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows who owns the texts of a document, and how a fault in it is worded as a refusal.
 */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

#include "issuer/page.h"

#define WORD_MAX 32u
#define TIME_LEN 20u /* "2025-03-14T08:00:00Z" */

static bool pass_on(const struct json_problem *problem, struct refusal *refusal)
{
    return refuse(refusal, problem->path[0] == '\0' ? "input" : problem->path, problem->what);
}

bool reading_open(struct span json, struct reading *ret_reading, struct refusal *refusal)
{
    if (json.len > PAGE_JSON_MAX) {
        return refuse(refusal, "input", "is larger than 4 MiB");
    }
    struct reading r = {.used = 0};
    if (!json_open(json, &r.json)) {
        return pass_on(&r.json.problem, refusal);
    }
    /* The texts of a document, each with a NUL, fit in as many bytes as the document has: every one
     * of them stood there between two quotes. */
    r.texts = malloc(json.len + 1);
    if (r.texts == NULL) {
        json_close(&r.json);
        return refuse_internal(refusal, "input", "out of memory");
    }
    *ret_reading = r;
    return true;
}

void reading_close(struct reading *r)
{
    json_close(&r->json);
    free(r->texts);
    r->texts = NULL;
}

const char *reading_keep(struct reading *r, struct span text)
{
    if (text.len == 0) {
        return NULL;
    }
    char *copy = r->texts + r->used;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    r->used += text.len + 1;
    return copy;
}

const char *reading_get_text(struct reading *r, const struct json_value *object, const char *name,
                             size_t most)
{
    return reading_keep(r, json_get_text(&r->json, object, name, 1, most));
}

const char *reading_find_text(struct reading *r, const struct json_value *object, const char *name,
                              size_t most)
{
    return reading_keep(r, json_find_text(&r->json, object, name, 1, most));
}

const char *reading_find_time(struct reading *r, const struct json_value *object, const char *name)
{
    if (!json_has(object, name)) {
        return NULL;
    }
    (void)json_get_time(&r->json, object, name);
    return reading_find_text(r, object, name, TIME_LEN);
}

int reading_get_choice(struct reading *r, const struct json_value *object, const char *name,
                       const char *const *words)
{
    struct span text = json_get_text(&r->json, object, name, 1, WORD_MAX);
    for (int i = 0; words[i] != NULL; i++) {
        if (span_equal(text, span_str(words[i]))) {
            return i;
        }
    }
    json_refuse(&r->json, object, name, "is none of the known words");
    return 0;
}

char *reading_end(struct reading *r, struct refusal *refusal)
{
    if (r->json.failed) {
        (void)pass_on(&r->json.problem, refusal);
    }
    if (refused(refusal)) {
        return NULL;
    }
    char *texts = r->texts;
    r->texts = NULL;
    return texts;
}
