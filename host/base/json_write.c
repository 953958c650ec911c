/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON out. When memory runs out on the way, a document would lack a part without anyone noticing:
 * from then on nothing is formatted any more. Text that is not UTF-8 is written with U+FFFD in its
 * place, so that output never fails for it.
 */
#include "base/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "codec/cbor.h"
#include "codec/date.h"
#include "codec/hex.h"

static atomic_bool memory_ran_out;

static json_t *of(struct json_value *value)
{
    return (json_t *)(void *)value;
}

static struct json_value *made(json_t *value)
{
    if (value == NULL) {
        atomic_store(&memory_ran_out, true);
    }
    return (struct json_value *)(void *)value;
}

struct json_value *json_new_object(void)
{
    return made(json_object());
}

struct json_value *json_new_array(void)
{
    return made(json_array());
}

void json_put(struct json_value *object, const char *name, struct json_value *owned)
{
    if (json_object_set_new(of(object), name, of(owned)) != 0) {
        atomic_store(&memory_ran_out, true);
    }
}

void json_append(struct json_value *array, struct json_value *owned)
{
    if (json_array_append_new(of(array), of(owned)) != 0) {
        atomic_store(&memory_ran_out, true);
    }
}

/* The bytes of the UTF-8 character that `text` begins with, or 0 when it begins with none. */
static size_t utf8_len(struct span text)
{
    for (size_t len = 1; len <= 4 && len <= text.len; len++) {
        json_t *one = json_stringn((const char *)text.ptr, len);
        if (one != NULL) {
            json_decref(one);
            return len;
        }
    }
    return 0;
}

static json_t *repaired(struct span text)
{
    uint8_t *bytes = malloc(text.len * 3);
    if (bytes == NULL) {
        return NULL;
    }
    struct writer w = writer_of(bytes, text.len * 3);
    while (text.len != 0) {
        size_t len = utf8_len(text);
        size_t step = len != 0 ? len : 1;
        writer_put(&w, len != 0 ? span_of(text.ptr, len) : span_str("\xEF\xBF\xBD"));
        text = span_of(text.ptr + step, text.len - step);
    }
    json_t *string = json_stringn((const char *)bytes, w.len);
    free(bytes);
    return string;
}

static struct json_value *string(struct span text)
{
    json_t *value = json_stringn(text.len != 0 ? (const char *)text.ptr : "", text.len);
    return made(value == NULL && text.len != 0 ? repaired(text) : value);
}

void json_put_text(struct json_value *object, const char *name, struct span text)
{
    json_put(object, name, string(text));
}

void json_put_string(struct json_value *object, const char *name, const char *text)
{
    json_put(object, name, string(span_str(text)));
}

void json_append_text(struct json_value *array, struct span text)
{
    json_append(array, string(text));
}

void json_append_int(struct json_value *array, int64_t value)
{
    json_append(array, made(json_integer(value)));
}

void json_put_int(struct json_value *object, const char *name, int64_t value)
{
    json_put(object, name, made(json_integer(value)));
}

void json_put_bool(struct json_value *object, const char *name, bool value)
{
    json_put(object, name, made(json_boolean(value)));
}

void json_put_null(struct json_value *object, const char *name)
{
    json_put(object, name, made(json_null()));
}

void json_put_hex(struct json_value *object, const char *name, struct span bytes)
{
    char *hex = malloc(HEX_SIZE(bytes.len));
    if (hex == NULL) {
        atomic_store(&memory_ran_out, true);
        return;
    }
    json_put_string(object, name, hex_write(bytes, hex));
    free(hex);
}

void json_put_day(struct json_value *object, const char *name, int64_t day)
{
    char text[DATE_TEXT_SIZE];
    json_put_string(object, name, date_format(day, text));
}

void json_put_time(struct json_value *object, const char *name, int64_t time_s)
{
    char day[DATE_TEXT_SIZE], text[40];
    int64_t second = (time_s % 86400 + 86400) % 86400;
    (void)snprintf(text, sizeof text, "%sT%02d:%02d:%02dZ",
                   date_format((time_s - second) / 86400, day), (int)(second / 3600),
                   (int)(second / 60 % 60), (int)(second % 60));
    json_put_string(object, name, text);
}

void json_free(struct json_value *value)
{
    json_decref(of(value));
}

/* ASCII without DEL: the ordinary case, and nothing in it needs a second look. */
static bool is_plain(struct span text)
{
    uint8_t beyond = 0;
    for (size_t i = 0; i < text.len; i++) {
        beyond |= text.ptr[i] >= 0x7F;
    }
    return !beyond;
}

/* Escapes what a terminal obeys, and what turns a line round: C1 controls, DEL and all else that
 * WIRE.md keeps out of text. jansson does it for C0 only. Its output is well-formed UTF-8, and what
 * is looked for stands in strings only. */
static void write_visible(struct writer *w, struct span text)
{
    while (text.len != 0) {
        uint8_t first = text.ptr[0];
        size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        struct span one = span_of(text.ptr, len);
        if (first >= 0x7F && len < 4 && cbor_check_text(one) != CBOR_OK) {
            unsigned code = len == 1   ? first
                            : len == 2 ? (first & 0x1FU) << 6 | (one.ptr[1] & 0x3FU)
                                       : (first & 0x0FU) << 12 | (one.ptr[1] & 0x3FU) << 6 |
                                             (one.ptr[2] & 0x3FU);
            char escape[8];
            (void)snprintf(escape, sizeof escape, "\\u%04X", code);
            writer_put(w, span_str(escape));
        } else {
            writer_put(w, one);
        }
        text = span_of(text.ptr + len, text.len - len);
    }
}

/* Takes over `text`. */
static char *visible(char *text)
{
    struct span all = span_str(text);
    if (is_plain(all)) {
        return text;
    }
    struct writer count = writer_of(NULL, 0);
    write_visible(&count, all);
    if (count.len == all.len) {
        return text;
    }
    uint8_t *bytes = malloc(count.len + 1);
    if (bytes != NULL) {
        struct writer w = writer_of(bytes, count.len);
        write_visible(&w, all);
        bytes[count.len] = '\0';
    }
    free(text);
    return (char *)bytes;
}

/* Takes over `text`. */
static char *end_line(char *text)
{
    size_t len = strlen(text);
    char *longer = realloc(text, len + 2);
    if (longer == NULL) {
        free(text);
        return NULL;
    }
    memcpy(longer + len, "\n", 2);
    return longer;
}

char *json_format(const struct json_value *value, int indent)
{
    if (value == NULL || atomic_load(&memory_ran_out)) {
        return NULL;
    }
    size_t flags = indent > 0 ? JSON_INDENT((size_t)indent) : JSON_COMPACT;
    char *text = json_dumps((const json_t *)(const void *)value, flags);
    text = text == NULL ? NULL : visible(text);
    return text == NULL || indent == 0 ? text : end_line(text);
}
