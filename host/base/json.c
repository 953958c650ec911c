/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON documents: jansson's values under our names, and where problems are. Typed reading is
 * json_field.c's. A value does not know where it stands, so the path of a problem is found by
 * searching the document for it, once, when something is refused.
 */
#include "base/json.h"

#include <jansson.h>

#undef json_is_null /* ours asks about a member */

#define MAX_DEPTH 32

static const json_t *of(const struct json_value *value)
{
    return (const json_t *)(const void *)value;
}

static const struct json_value *out(const json_t *value)
{
    return (const struct json_value *)(const void *)value;
}

/* --- problems --- */

static void set_what(struct json_reader *r, const char *what)
{
    (void)snprintf(r->problem.what, sizeof r->problem.what, "%.*s", (int)sizeof r->problem.what - 1,
                   what);
}

/* Names come from the document and go to a terminal: only plain characters pass. */
static void write_name(struct writer *w, const char *name)
{
    for (; *name != '\0'; name++) {
        uint8_t c = (uint8_t)*name;
        writer_be(w, c > 0x20 && c < 0x7F ? c : '?', 1);
    }
}

static void write_member(struct writer *w, const char *name)
{
    if (w->len != 0) {
        writer_be(w, '.', 1);
    }
    write_name(w, name);
}

static void write_index(struct writer *w, size_t at)
{
    char text[24];
    (void)snprintf(text, sizeof text, "[%zu]", at);
    writer_put(w, span_str(text));
}

/* Appends the way from `from` to `wanted`. The depth was limited when the document was parsed. */
static bool find_path(const json_t *from, const json_t *wanted, struct writer *w)
{
    size_t before = w->len;
    if (from == wanted) {
        return true;
    }
    for (size_t i = 0; i < json_array_size(from); i++) {
        write_index(w, i);
        if (find_path(json_array_get(from, i), wanted, w)) {
            return true;
        }
        w->len = before;
    }
    for (void *it = json_object_iter((json_t *)from); it != NULL;
         it = json_object_iter_next((json_t *)from, it)) {
        write_member(w, json_object_iter_key(it));
        if (find_path(json_object_iter_value(it), wanted, w)) {
            return true;
        }
        w->len = before;
    }
    return false;
}

/* jansson keeps one `true`, one `false` and one `null`, shared by all places, so their place cannot
 * be told. */
static bool has_a_place(const json_t *value)
{
    return value != NULL && !json_is_boolean(value) && json_typeof(value) != JSON_NULL;
}

void json_stand_at(struct json_reader *r, size_t at)
{
    r->element = json_at(r->document, at);
    r->element_at = at;
}

static void find_place(const struct json_reader *r, const json_t *place, struct writer *w)
{
    if (r->element != NULL) {
        write_index(w, r->element_at);
        if (find_path(of(r->element), place, w)) {
            return;
        }
        w->len = 0;
    }
    (void)find_path(of(r->document), place, w);
}

/* A path too long for its field loses its end. */
static void set_path(struct json_reader *r, const json_t *place, const char *name,
                     const char *index)
{
    char path[1024] = "";
    struct writer w = writer_of(path, sizeof path - 1);
    if (has_a_place(place)) {
        find_place(r, place, &w);
    }
    if (name != NULL) {
        write_member(&w, name);
    }
    writer_put(&w, span_str(index));
    path[writer_ok(&w) ? w.len : sizeof path - 1] = '\0';
    (void)snprintf(r->problem.path, sizeof r->problem.path, "%.*s", (int)sizeof r->problem.path - 1,
                   path);
}

static void refuse(struct json_reader *r, const struct json_value *place, const char *name,
                   const char *index, const char *what)
{
    if (!r->failed) {
        r->failed = true;
        r->problem.line = 0;
        set_path(r, of(place), name, index);
        set_what(r, what);
    }
}

void json_refuse(struct json_reader *r, const struct json_value *object, const char *name,
                 const char *what)
{
    refuse(r, object, name, "", what);
}

void json_refuse_at(struct json_reader *r, const struct json_value *array, size_t at,
                    const char *what)
{
    char index[24];
    (void)snprintf(index, sizeof index, "[%zu]", at);
    refuse(r, array, NULL, index, what);
}

void json_recover(struct json_reader *r)
{
    if (r->document != NULL) {
        r->failed = false;
        memset(&r->problem, 0, sizeof r->problem);
    }
}

/* --- documents --- */

/* The line where brackets are nested too deeply, or 0. Looks at nothing else: jansson judges the
 * rest. */
static int line_too_deep(struct span text)
{
    int depth = 0, line = 1;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        line += c == '\n';
        if (in_string && c == '\\') {
            i++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '[' || c == '{')) {
            depth++;
        } else if (!in_string && (c == ']' || c == '}')) {
            depth--;
        }
        if (depth > MAX_DEPTH) {
            return line;
        }
    }
    return 0;
}

static void refuse_text(struct json_reader *r, int line, const char *what)
{
    r->failed = true;
    r->problem.line = line;
    set_what(r, what);
}

/* jansson quotes the text around an error; only its plain characters are repeated. */
static void refuse_syntax(struct json_reader *r, const json_error_t *error)
{
    uint8_t plain[JSON_ERROR_TEXT_LENGTH];
    struct writer w = writer_of(plain, sizeof plain - 1);
    for (const char *c = error->text; *c != '\0'; c++) {
        writer_be(&w, (uint8_t)*c >= 0x20 && (uint8_t)*c < 0x7F ? (uint8_t)*c : '?', 1);
    }
    plain[writer_ok(&w) ? w.len : 0] = '\0';
    refuse_text(r, error->line > 0 ? error->line : 1, (const char *)plain);
}

bool json_open(struct span text, struct json_reader *ret_reader)
{
    json_error_t error;
    memset(ret_reader, 0, sizeof *ret_reader);
    if (text.len > JSON_MAX_BYTES) {
        refuse_text(ret_reader, 1, "the text is larger than 64 MiB");
        return false;
    }
    int deep = line_too_deep(text);
    if (deep != 0) {
        refuse_text(ret_reader, deep, "is nested more than 32 deep");
        return false;
    }
    json_t *document = json_loadb(text.len != 0 ? (const char *)text.ptr : "", text.len,
                                  JSON_REJECT_DUPLICATES, &error);
    if (document == NULL) {
        refuse_syntax(ret_reader, &error);
        return false;
    }
    ret_reader->document = (struct json_value *)(void *)document;
    return true;
}

void json_close(struct json_reader *r)
{
    json_free(r->document);
    r->document = NULL;
}

/* --- finding the way --- */

bool json_is_null(const struct json_value *object, const char *name)
{
    const json_t *value = json_object_get(of(object), name);
    return value != NULL && json_typeof(value) == JSON_NULL;
}

bool json_has(const struct json_value *object, const char *name)
{
    return json_object_get(of(object), name) != NULL;
}

bool json_is_an_object(const struct json_value *value)
{
    return json_is_object(of(value));
}

size_t json_count(const struct json_value *array_or_object)
{
    const json_t *value = of(array_or_object);
    return json_is_object(value) ? json_object_size(value) : json_array_size(value);
}

const struct json_value *json_at(const struct json_value *array, size_t at)
{
    return out(json_array_get(of(array), at));
}

bool json_member_at(const struct json_value *object, size_t at, struct span *ret_name,
                    const struct json_value **ret_value)
{
    json_t *o = (json_t *)of(object);
    void *it = json_object_iter(o);
    for (; it != NULL && at > 0; at--) {
        it = json_object_iter_next(o, it);
    }
    if (it == NULL) {
        return false;
    }
    *ret_name = span_of(json_object_iter_key(it), json_object_iter_key_len(it));
    *ret_value = out(json_object_iter_value(it));
    return true;
}

static bool listed(const char *const *names, const char *name)
{
    for (; *names != NULL; names++) {
        if (strcmp(*names, name) == 0) {
            return true;
        }
    }
    return false;
}

void json_only(struct json_reader *r, const struct json_value *object, const char *const *names)
{
    json_t *o = (json_t *)of(object);
    if (r->failed || object == NULL) {
        return;
    }
    if (!json_is_object(o)) {
        json_refuse(r, object, NULL, "must be an object");
        return;
    }
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        if (!listed(names, json_object_iter_key(it))) {
            json_refuse(r, object, json_object_iter_key(it), "is not a known name");
            return;
        }
    }
}
