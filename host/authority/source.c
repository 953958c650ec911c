/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON sources, field by field.
 */
#include "authority/source.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>

#include "codec/cose.h"
#include "codec/credential.h"

enum authority_error source_parse(const char *file, struct span text, struct source *ret_source,
                                  struct authority_problem *problem)
{
    *ret_source = (struct source){.file = file};
    if (json_open(text, &ret_source->json)) {
        ret_source->top = ret_source->json.document;
        return AUTHORITY_OK;
    }
    enum authority_error error = source_finish(ret_source, problem);
    source_close(ret_source);
    return error;
}

enum authority_error source_open(const char *dir, const char *file, struct source *ret_source,
                                 struct authority_problem *problem)
{
    char path[PATH_MAX];
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum authority_error error = authority_path(problem, path, "%s/%s", dir, file);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_read(path, SOURCE_MAX_BYTES, &bytes, &len);
    if (failed != FILE_OK) {
        return authority_fail_file(problem, path, failed);
    }
    error = source_parse(file, span_of(bytes, len), ret_source, problem);
    free(bytes);
    return error;
}

void source_close(struct source *s)
{
    json_close(&s->json);
}

enum authority_error source_finish(const struct source *s, struct authority_problem *problem)
{
    const struct json_problem *p = &s->json.problem;
    if (!s->json.failed) {
        return AUTHORITY_OK;
    }
    if (p->line > 0) {
        return authority_fail(problem, AUTHORITY_SOURCE, "%s: line %d: %s", s->file, p->line,
                              p->what);
    }
    return authority_fail(problem, AUTHORITY_SOURCE, "%s: %s%s%s", s->file, p->path,
                          p->path[0] == '\0' ? "" : ": ", p->what);
}

void source_refuse(struct source *s, const struct json_value *object, const char *name,
                   const char *format, ...)
{
    char what[128];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    json_refuse(&s->json, object, name, what);
}

/* --- codes --- */

static const char not_a_code[] = "has a character outside printable ASCII, or a blank at an end";

static struct span checked_code(struct source *s, const struct json_value *object, const char *name,
                                struct span text)
{
    if (!cbor_text_is_code(text)) {
        source_refuse(s, object, name, "%s", not_a_code);
    }
    return text;
}

struct span source_code(struct source *s, const struct json_value *object, const char *name,
                        size_t least, size_t most)
{
    return checked_code(s, object, name, json_get_text(&s->json, object, name, least, most));
}

struct span source_find_code(struct source *s, const struct json_value *object, const char *name,
                             size_t least, size_t most)
{
    return checked_code(s, object, name, json_find_text(&s->json, object, name, least, most));
}

struct span source_code_or_null(struct source *s, const struct json_value *object, const char *name,
                                size_t least, size_t most)
{
    if (json_is_null(object, name)) {
        return span_of(NULL, 0);
    }
    return source_code(s, object, name, least, most);
}

struct span source_code_at(struct source *s, const struct json_value *array, size_t at,
                           size_t least, size_t most)
{
    struct span text = json_text_at(&s->json, array, at, least, most);
    if (!cbor_text_is_code(text)) {
        source_refuse(s, json_at(array, at), NULL, "%s", not_a_code);
    }
    return text;
}

struct span source_state(struct source *s, const struct json_value *object, const char *name)
{
    struct span text = json_get_text(&s->json, object, name, TRUST_STATE_SIZE, TRUST_STATE_SIZE);
    if (!trust_is_state(text)) {
        source_refuse(s, object, name, "is not a state code of two capital letters");
    }
    return text;
}

struct span source_issuer_id(struct source *s, const struct json_value *object, const char *name,
                             struct span state, bool own)
{
    struct span id = source_code(s, object, name, 4, 32);
    bool begins =
        id.len > TRUST_STATE_SIZE && span_starts_with(id, state) && id.ptr[TRUST_STATE_SIZE] == '.';
    if (begins != own) {
        source_refuse(s, object, name, own ? "does not begin with %.2s." : "begins with %.2s.",
                      (const char *)state.ptr);
    }
    return id;
}

/* --- dates --- */

int64_t source_day(struct source *s, const struct json_value *object, const char *name)
{
    int64_t day = json_get_day(&s->json, object, name);
    if (day < TRUST_LEAST_DAY || day > TRUST_MOST_DAY) {
        source_refuse(s, object, name, "is outside the years 1900 to 2199");
    }
    return day;
}

int64_t source_time(struct source *s, const struct json_value *object, const char *name)
{
    int64_t time_s = json_get_time(&s->json, object, name);
    if (time_s < 0 || time_s > TRUST_MAX_SECONDS) {
        source_refuse(s, object, name, "is outside the years 1970 to 2199");
    }
    return time_s;
}

/* A date, or ROW_NO_END_DAY when the member is null; absent is an error. */
static int64_t day_or_null(struct source *s, const struct json_value *object, const char *name)
{
    if (json_is_null(object, name)) {
        return ROW_NO_END_DAY;
    }
    return source_day(s, object, name);
}

void source_days(struct source *s, const struct json_value *object, const char *from_name,
                 const char *until_name, int64_t *ret_from_day, int64_t *ret_until_day)
{
    *ret_from_day = source_day(s, object, from_name);
    *ret_until_day = day_or_null(s, object, until_name);
    if (*ret_until_day < *ret_from_day) {
        source_refuse(s, object, until_name, "is earlier than %s", from_name);
    }
}

/* --- enumerations --- */

#define MAX_ENUM_NAME 32

int source_enum(struct source *s, const struct json_value *object, const char *name,
                enum row_enum which)
{
    int value = row_enum_value(which, json_get_text(&s->json, object, name, 1, MAX_ENUM_NAME));
    if (value == 0) {
        source_refuse(s, object, name, "is not a known value");
    }
    return value;
}

int source_enum_at(struct source *s, const struct json_value *array, size_t at, enum row_enum which)
{
    int value = row_enum_value(which, json_text_at(&s->json, array, at, 1, MAX_ENUM_NAME));
    if (value == 0) {
        source_refuse(s, json_at(array, at), NULL, "is not a known value");
    }
    return value;
}

int source_claim_value(struct source *s, const struct json_value *object, const char *name,
                       int claim, bool needed)
{
    if (!needed && !json_has(object, name)) {
        return 0;
    }
    struct span text = json_get_text(&s->json, object, name, 1, MAX_ENUM_NAME);
    int64_t value = claim_value_number((enum saksi_claim)claim, text);
    if (value == 0) {
        source_refuse(s, object, name, "is not a known value");
    }
    return (int)value;
}

int source_claim_value_at(struct source *s, const struct json_value *array, size_t at, int claim)
{
    struct span text = json_text_at(&s->json, array, at, 1, MAX_ENUM_NAME);
    int64_t value = claim_value_number((enum saksi_claim)claim, text);
    if (value == 0) {
        source_refuse(s, json_at(array, at), NULL, "is not a known value");
    }
    return (int)value;
}

/* --- names by language --- */

/* The order of map keys in deterministic CBOR: shorter ones first (RFC 8949 §4.2.1). */
static bool lang_before(struct span a, struct span b)
{
    return a.len != b.len ? a.len < b.len : span_compare(a, b) < 0;
}

static void insert_name(struct row_names *names, struct span lang, struct span text)
{
    size_t at = names->count++;
    for (; at > 0 && lang_before(lang, names->name[at - 1].lang); at--) {
        names->name[at] = names->name[at - 1];
    }
    names->name[at].lang = lang;
    names->name[at].text = text;
}

static bool is_lang(struct span lang)
{
    for (size_t i = 0; i < lang.len; i++) {
        uint8_t c = lang.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool inner = (c >= '0' && c <= '9') || c == '-';
        if (!letter && !(inner && i != 0)) {
            return false;
        }
    }
    return lang.len >= 2 && lang.len <= 12;
}

void source_names(struct source *s, const struct json_value *object, const char *name,
                  struct row_names *ret_names)
{
    const struct json_value *value = json_get_object(&s->json, object, name);
    size_t count = json_count(value);
    struct span lang;
    const struct json_value *text;
    *ret_names = (struct row_names){0};
    if (s->json.failed) {
        return;
    }
    if (count > ROW_MAX_NAMES) {
        source_refuse(s, object, name, "has more than %d languages", ROW_MAX_NAMES);
        return;
    }
    for (size_t i = 0; i < count && json_member_at(value, i, &lang, &text); i++) {
        if (!is_lang(lang)) {
            source_refuse(s, object, name, "has a member that is not a language tag like \"en\"");
            return;
        }
        insert_name(ret_names, lang, json_value_text(&s->json, text, 1, 160));
    }
    if (!json_has(value, "en")) {
        source_refuse(s, object, name, "has no English text \"en\"");
    }
}

/* --- keys --- */

const char *alg_name(int alg)
{
    return alg == COSE_ES256 ? "ES256" : alg == COSE_EDDSA ? "EdDSA" : NULL;
}

int alg_of_name(struct span name)
{
    if (span_equal(name, span_str("ES256"))) {
        return COSE_ES256;
    }
    return span_equal(name, span_str("EdDSA")) ? COSE_EDDSA : 0;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_read(struct span hex, uint8_t *bytes)
{
    for (size_t i = 0; i < hex.len / 2; i++) {
        int high = hex_digit(hex.ptr[2 * i]);
        int low = hex_digit(hex.ptr[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return hex.len % 2 == 0;
}

void source_public_key(struct source *s, const struct json_value *object,
                       uint8_t room[CRYPTO_MAX_PUBLIC_KEY], int *ret_alg, struct span *ret_public)
{
    uint8_t kid[CRYPTO_KID_SIZE];
    struct span hex =
        json_get_text(&s->json, object, "public", 2, (size_t)2 * CRYPTO_MAX_PUBLIC_KEY);
    *ret_alg = alg_of_name(json_get_text(&s->json, object, "alg", 1, MAX_ENUM_NAME));
    *ret_public = span_of(room, hex.len / 2);
    if (s->json.failed) {
        return;
    }
    if (*ret_alg == 0) {
        source_refuse(s, object, "alg", "is neither \"ES256\" nor \"EdDSA\"");
    } else if (!hex_read(hex, room)) {
        source_refuse(s, object, "public", "is not lower-case hexadecimal");
    } else if (crypto_kid(*ret_alg, *ret_public, kid) != CRYPTO_OK) {
        source_refuse(s, object, "public", "is not a public key of that algorithm");
    }
}
