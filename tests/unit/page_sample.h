/* SPDX-License-Identifier: Apache-2.0
 *
 * Input for the page tests: one complete certificate as a JSON document, and ways to change it by
 * path.
 */
#ifndef TESTS_PAGE_SAMPLE_H
#define TESTS_PAGE_SAMPLE_H

#include "check.h"

#include <jansson.h>
#undef json_is_null /* base/json.h asks about a member */
#include <stdio.h>

#include "issuer/page/render.h"

/* A grey JPEG of 7 x 9 pixels. */
#define SAMPLE_JPEG                                                                                \
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1td" \
    "hbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAJAAcBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAgX/xAAWEAEBAQAAAAAA" \
    "AAAAAAAAAAAAFWL/2gAIAQEAAD8AE7K0/9k="

static const char page_sample_json[] =
    "{'layout':'a4','sample':false,'languages':['en','id'],'qr':'CC1:ABC','created':"
    "'2025-03-14T08:00:00Z','certificate':{'certificate_number':'56102 5120 2 0001234 2025',"
    "'registration_number':'PAR.1203.00451.2025','blank_number':'BNSP 0458812','scheme_type':"
    "'occupation','coverage':'full','scheme_code':'SKM/0010/37A','scheme_title':'Room Attendant',"
    "'scheme_title_native':{'lang':'id','text':'Pramugraha "
    "Kamar'},'standard_family':'SKKNI','units':"
    "[{'code':'I.55HDR00.001.2','title':'Receive reservations','title_native':{'lang':'id','text':"
    "'Menerima reservasi'}}],'framework':'KKNI','edition':2012,'level':3,'sector_code':'I55',"
    "'occupation_code':'9112','job_index':'HHK.05','assessment_centre':'TUK-JKT-0145','issue_date':"
    "'2025-03-14','valid_from':'2025-04-01','valid_until':'2028-03-13','holder_name':"
    "'Siti Nurhaliza','holder_name_native':{'lang':'th','text':'ศิริ'},'birth_date':'1994-05-03',"
    "'nationality':'ID','restrictions':'Hotels only'},'authority':{'id':'ID.BNSP','names':{'en':"
    "'National Authority','id':'Badan "
    "Nasional','th':'สถาบัน'}},'issuer':{'id':'ID.BNSP.LSP-1','names':"
    "{'en':'Certification Body','id':'Lembaga Sertifikasi'}},'photo':{'jpeg_base64':'" SAMPLE_JPEG
    "','width':7,'height':9}}";

/* Leaks that are fontconfig's: pango sorts its fonts in threads that may outlive the last layout.
 */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:FcFontSetSort\n";
}

/* JSON with ' for ", to keep tests readable. */
static inline json_t *page_parse(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    json_t *value = json_loads(copy, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    free(copy);
    return value;
}

static inline json_t *page_sample(void)
{
    return page_parse(page_sample_json);
}

/* The object that holds the last name of a path such as "certificate.units.0.code". */
static inline json_t *page_holder(json_t *root, const char *path, const char **ret_name)
{
    json_t *at = root;
    char name[64];
    for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(path, '.')) {
        (void)snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
        at = json_is_array(at) ? json_array_get(at, strtoul(name, NULL, 10))
                               : json_object_get(at, name);
        assert_non_null(at);
        path = dot + 1;
    }
    *ret_name = path;
    return at;
}

/* Set what a path names to a JSON text, or delete it when `value` is NULL. */
static inline void page_set(json_t *root, const char *path, const char *value)
{
    const char *name;
    json_t *holder = page_holder(root, path, &name);
    if (value == NULL) {
        assert_int_equal(json_object_del(holder, name), 0);
    } else if (json_is_array(holder)) {
        assert_int_equal(json_array_set_new(holder, strtoul(name, NULL, 10), page_parse(value)), 0);
    } else {
        assert_int_equal(json_object_set_new(holder, name, page_parse(value)), 0);
    }
}

/* Set what a path names to a text. */
static inline void page_set_text(json_t *root, const char *path, const char *text)
{
    const char *name;
    json_t *holder = page_holder(root, path, &name);
    assert_int_equal(json_object_set_new(holder, name, json_string(text)), 0);
}

/* `pattern` over and over, at most `bytes` long, whole patterns only. */
static inline char *page_repeat(const char *pattern, size_t bytes)
{
    size_t len = strlen(pattern);
    char *text = calloc(1, bytes + 1);
    assert_non_null(text);
    for (size_t used = 0; used + len <= bytes; used += len) {
        memcpy(text + used, pattern, len);
    }
    return text;
}

static inline void page_set_repeated(json_t *root, const char *path, const char *pattern,
                                     size_t bytes)
{
    char *text = page_repeat(pattern, bytes);
    page_set_text(root, path, text);
    free(text);
}

/* `count` units, with titles in two languages when `title` is not NULL. */
static inline void page_set_units(json_t *root, size_t count, const char *title, const char *lang,
                                  const char *native)
{
    json_t *units = json_array();
    for (size_t i = 0; i < count; i++) {
        char code[40];
        (void)snprintf(code, sizeof code, "I.55HDR00.%03u.2", (unsigned)(i + 1));
        json_t *unit = json_pack("{s:s}", "code", code);
        if (title != NULL) {
            json_object_set_new(unit, "title", json_string(title));
            json_object_set_new(unit, "title_native",
                                json_pack("{s:s,s:s}", "lang", lang, "text", native));
        }
        json_array_append_new(units, unit);
    }
    json_object_set_new(json_object_get(root, "certificate"), "units", units);
}

/* A code text of `len` characters of the QR alphanumeric set, without runs of digits. */
static inline void page_set_qr(json_t *root, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:";
    uint64_t state = len;
    char *text = calloc(1, len + 1);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++) {
        text[i] = i < 4 ? "CC1:"[i] : letters[check_random(&state) % (sizeof letters - 1)];
    }
    json_object_set_new(root, "qr", json_string(text));
    free(text);
}

/* The document as bytes, in a block of exactly that size; the caller frees it. */
static inline struct span page_bytes(const json_t *root)
{
    char *text = json_dumps(root, JSON_COMPACT);
    assert_non_null(text);
    struct span bytes = span_of(text, strlen(text));
    bytes.ptr = check_heap_copy(bytes);
    free(text);
    return bytes;
}

static inline void page_free_bytes(struct span bytes)
{
    free((void *)(uintptr_t)bytes.ptr);
}

/* Reads a document of any quality; *ret_input is empty when it is refused. */
static inline bool page_try(struct span bytes, struct input *ret_input, struct refusal *refusal)
{
    struct reading reading;
    *ret_input = (struct input){0};
    if (!reading_open(bytes, &reading, refusal)) {
        return false;
    }
    bool read = input_read(&reading, ret_input, refusal);
    reading_close(&reading);
    return read;
}

/* Reads a document that must be good. */
static inline void page_read(const json_t *root, struct input *ret_input)
{
    struct refusal refusal = {.internal = false};
    struct span bytes = page_bytes(root);
    bool read = page_try(bytes, ret_input, &refusal);
    assert_string_equal(refusal.sentence, "");
    assert_true(read);
    page_free_bytes(bytes);
}

#endif
