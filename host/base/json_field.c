/* SPDX-License-Identifier: Apache-2.0
 *
 * Typed reading of JSON members and elements: each checks kind and limits, and after a failure
 * gives zeros.
 */
#include "base/json.h"

#include <jansson.h>
#undef json_is_null /* ours asks about a member */

#include "codec/cbor.h"
#include "codec/date.h"

#define WHAT_SIZE 96

static const json_t *of(const struct json_value *value)
{
    return (const json_t *)(const void *)value;
}

static const struct json_value *out(const json_t *value)
{
    return (const struct json_value *)(const void *)value;
}

static const struct json_value *member(struct json_reader *r, const struct json_value *object,
                                       const char *name, bool needed)
{
    if (r->failed) {
        return NULL;
    }
    if (object != NULL && !json_is_object(of(object))) {
        json_refuse(r, object, NULL, "must be an object");
        return NULL;
    }
    const json_t *value = json_object_get(of(object), name);
    if (value == NULL && needed) {
        json_refuse(r, object, name, "is missing");
    }
    return out(value);
}

/* What is wrong with a text, or "" in `what`. */
static void judge_text(const json_t *value, size_t least, size_t most, char what[WHAT_SIZE])
{
    what[0] = '\0';
    size_t len = json_string_length(value);
    if (!json_is_string(value)) {
        (void)snprintf(what, WHAT_SIZE, "must be text");
    } else if (len < least && len == 0) {
        (void)snprintf(what, WHAT_SIZE, "is empty");
    } else if (len < least) {
        (void)snprintf(what, WHAT_SIZE, "is shorter than %zu bytes", least);
    } else if (len > most) {
        (void)snprintf(what, WHAT_SIZE, "is longer than %zu bytes", most);
    } else if (cbor_check_text(span_of(json_string_value(value), len)) != CBOR_OK) {
        (void)snprintf(what, WHAT_SIZE,
                       "holds a character that is not allowed (a control or direction mark)");
    }
}

static struct span text_of(const json_t *value)
{
    return span_of(json_string_value(value), json_string_length(value));
}

static struct span member_text(struct json_reader *r, const struct json_value *object,
                               const char *name, bool needed, size_t least, size_t most)
{
    char what[WHAT_SIZE];
    const struct json_value *value = member(r, object, name, needed);
    if (value == NULL) {
        return span_of(NULL, 0);
    }
    judge_text(of(value), least, most, what);
    if (what[0] != '\0') {
        json_refuse(r, object, name, what);
        return span_of(NULL, 0);
    }
    return text_of(of(value));
}

struct span json_get_text(struct json_reader *r, const struct json_value *object, const char *name,
                          size_t least, size_t most)
{
    return member_text(r, object, name, true, least, most);
}

struct span json_find_text(struct json_reader *r, const struct json_value *object, const char *name,
                           size_t least, size_t most)
{
    return member_text(r, object, name, false, least, most);
}

static void judge_int(const json_t *value, int64_t least, int64_t most, char what[WHAT_SIZE])
{
    what[0] = '\0';
    int64_t number = json_integer_value(value);
    if (!json_is_integer(value)) {
        (void)snprintf(what, WHAT_SIZE, "must be a whole number");
    } else if (number < least || number > most) {
        (void)snprintf(what, WHAT_SIZE, "must be from %lld to %lld", (long long)least,
                       (long long)most);
    }
}

static int64_t member_int(struct json_reader *r, const struct json_value *object, const char *name,
                          bool needed, int64_t least, int64_t most, bool *ret_found)
{
    char what[WHAT_SIZE];
    const struct json_value *value = member(r, object, name, needed);
    if (ret_found != NULL) {
        *ret_found = false;
    }
    if (value == NULL) {
        return 0;
    }
    judge_int(of(value), least, most, what);
    if (what[0] != '\0') {
        json_refuse(r, object, name, what);
        return 0;
    }
    if (ret_found != NULL) {
        *ret_found = true;
    }
    return json_integer_value(of(value));
}

int64_t json_get_int(struct json_reader *r, const struct json_value *object, const char *name,
                     int64_t least, int64_t most)
{
    return member_int(r, object, name, true, least, most, NULL);
}

int64_t json_find_int(struct json_reader *r, const struct json_value *object, const char *name,
                      int64_t least, int64_t most, bool *ret_found)
{
    return member_int(r, object, name, false, least, most, ret_found);
}

bool json_find_bool(struct json_reader *r, const struct json_value *object, const char *name)
{
    const struct json_value *value = member(r, object, name, false);
    if (value != NULL && !json_is_boolean(of(value))) {
        json_refuse(r, object, name, "must be true or false");
        return false;
    }
    return json_is_true(of(value));
}

static int64_t member_day(struct json_reader *r, const struct json_value *object, const char *name,
                          bool needed, bool *ret_found)
{
    int64_t day = 0;
    const struct json_value *value = member(r, object, name, needed);
    bool good = value != NULL && date_parse(text_of(of(value)), &day);
    if (value != NULL && !good) {
        json_refuse(r, object, name, "must be a date like \"2025-03-14\"");
    }
    if (ret_found != NULL) {
        *ret_found = good;
    }
    return day;
}

int64_t json_get_day(struct json_reader *r, const struct json_value *object, const char *name)
{
    return member_day(r, object, name, true, NULL);
}

int64_t json_find_day(struct json_reader *r, const struct json_value *object, const char *name,
                      bool *ret_found)
{
    return member_day(r, object, name, false, ret_found);
}

/* Two decimal digits, or -1. */
static int two_digits(const uint8_t *text)
{
    bool digits = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    return digits ? (text[0] - '0') * 10 + text[1] - '0' : -1;
}

/* RFC 3339 in its strictest form: UTC, whole seconds, no leap second. */
static bool time_parse(struct span text, int64_t *ret_time_s)
{
    int64_t day;
    if (text.len != 20 || !date_parse(span_of(text.ptr, 10), &day) || text.ptr[10] != 'T' ||
        text.ptr[13] != ':' || text.ptr[16] != ':' || text.ptr[19] != 'Z') {
        return false;
    }
    int hour = two_digits(text.ptr + 11);
    int minute = two_digits(text.ptr + 14);
    int second = two_digits(text.ptr + 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    *ret_time_s = day * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return true;
}

int64_t json_get_time(struct json_reader *r, const struct json_value *object, const char *name)
{
    int64_t time_s = 0;
    const struct json_value *value = member(r, object, name, true);
    if (value != NULL && !time_parse(text_of(of(value)), &time_s)) {
        json_refuse(r, object, name, "must be a time like \"2025-03-14T08:00:00Z\"");
    }
    return time_s;
}

static const struct json_value *
member_object(struct json_reader *r, const struct json_value *object, const char *name, bool needed)
{
    const struct json_value *value = member(r, object, name, needed);
    if (value != NULL && !json_is_object(of(value))) {
        json_refuse(r, object, name, "must be an object");
        return NULL;
    }
    return value;
}

const struct json_value *json_get_object(struct json_reader *r, const struct json_value *object,
                                         const char *name)
{
    return member_object(r, object, name, true);
}

const struct json_value *json_find_object(struct json_reader *r, const struct json_value *object,
                                          const char *name)
{
    return member_object(r, object, name, false);
}

static const struct json_value *member_array(struct json_reader *r, const struct json_value *object,
                                             const char *name, bool needed, size_t least,
                                             size_t most)
{
    char what[WHAT_SIZE] = "";
    const struct json_value *value = member(r, object, name, needed);
    if (value == NULL) {
        return NULL;
    }
    size_t count = json_array_size(of(value));
    if (!json_is_array(of(value))) {
        (void)snprintf(what, sizeof what, "must be an array");
    } else if (count < least) {
        (void)snprintf(what, sizeof what, "has fewer than %zu elements", least);
    } else if (count > most) {
        (void)snprintf(what, sizeof what, "has more than %zu elements", most);
    }
    if (what[0] != '\0') {
        json_refuse(r, object, name, what);
        return NULL;
    }
    return value;
}

const struct json_value *json_get_array(struct json_reader *r, const struct json_value *object,
                                        const char *name, size_t least, size_t most)
{
    return member_array(r, object, name, true, least, most);
}

const struct json_value *json_find_array(struct json_reader *r, const struct json_value *object,
                                         const char *name, size_t most)
{
    return member_array(r, object, name, false, 0, most);
}

struct span json_text_at(struct json_reader *r, const struct json_value *array, size_t at,
                         size_t least, size_t most)
{
    char what[WHAT_SIZE];
    const json_t *value = json_array_get(of(array), at);
    if (r->failed) {
        return span_of(NULL, 0);
    }
    judge_text(value, least, most, what);
    if (what[0] != '\0') {
        json_refuse_at(r, array, at, what);
        return span_of(NULL, 0);
    }
    return text_of(value);
}

int64_t json_int_at(struct json_reader *r, const struct json_value *array, size_t at, int64_t least,
                    int64_t most)
{
    char what[WHAT_SIZE];
    const json_t *value = json_array_get(of(array), at);
    if (r->failed) {
        return 0;
    }
    judge_int(value, least, most, what);
    if (what[0] != '\0') {
        json_refuse_at(r, array, at, what);
        return 0;
    }
    return json_integer_value(value);
}

struct span json_value_text(struct json_reader *r, const struct json_value *value, size_t least,
                            size_t most)
{
    char what[WHAT_SIZE];
    if (r->failed) {
        return span_of(NULL, 0);
    }
    judge_text(of(value), least, most, what);
    if (what[0] != '\0') {
        json_refuse(r, value, NULL, what);
        return span_of(NULL, 0);
    }
    return text_of(of(value));
}
