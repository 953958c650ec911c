/* SPDX-License-Identifier: Apache-2.0
 *
 * Every claim that saksi-page prints, by the name it has in claim.def; beside what is signed stand
 * the names of the parties from the station, and titles for codes. A title never takes a claim's
 * place.
 */
#include "issuer/paper_json.h"

#include <stdlib.h>

#include "base/json.h"

/* Claims that are printed as they are named; the rest have a form of their own on the page, or
 * none. */
static bool is_printed_as_named(enum saksi_claim claim)
{
    switch (claim) {
    case SAKSI_CLAIM_STATUS_INDEX:
    case SAKSI_CLAIM_UNITS:
    case SAKSI_CLAIM_HOLDER_NAME_NATIVE:
    case SAKSI_CLAIM_HOLDER_NAME_LANGUAGE:
    case SAKSI_CLAIM_BIRTH_YEAR:
    case SAKSI_CLAIM_HOLDER_ID_TYPE:
    case SAKSI_CLAIM_HOLDER_ID_HINT:
    case SAKSI_CLAIM_PHOTO_DIGEST:
    case SAKSI_CLAIM_FACE:
        return false;
    default:
        return !claim_info[claim].top;
    }
}

static void put_claim(struct json_value *to, const struct credential *c, enum saksi_claim claim)
{
    const char *name = claim_info[claim].json;
    switch (claim_info[claim].kind) {
    case CLAIM_CODE:
    case CLAIM_TEXT:
        json_put_text(to, name, credential_text(c, claim));
        break;
    case CLAIM_NUMBER:
        json_put_int(to, name, credential_number(c, claim));
        break;
    case CLAIM_DAY_OR_NULL:
        if ((c->is_null >> claim & 1) != 0) {
            json_put_null(to, name);
            break;
        }
        json_put_day(to, name, credential_number(c, claim));
        break;
    case CLAIM_DAY:
        json_put_day(to, name, credential_number(c, claim));
        break;
    case CLAIM_ENUM:
        json_put_string(to, name, claim_value_name(claim, credential_number(c, claim)));
        break;
    case CLAIM_BYTES:
    case CLAIM_CODES:
    case CLAIM_CKT:
        break;
    }
}

static void put_native(struct json_value *to, const char *name, struct span lang, struct span text)
{
    if (text.len != 0) {
        struct json_value *native = json_new_object();
        json_put_text(native, "lang", lang);
        json_put_text(native, "text", text);
        json_put(to, name, native);
    }
}

static void put_units(struct json_value *to, const struct paper_request *request)
{
    const struct credential *c = request->credential;
    struct json_value *units = json_new_array();
    for (size_t i = 0; i < c->unit_count; i++) {
        struct json_value *unit = json_new_object();
        json_put_text(unit, "code", c->unit[i]);
        if (request->titles != NULL) {
            const struct unit_title *title = &request->titles->unit[i];
            if (title->english.len != 0) {
                json_put_text(unit, "title", title->english);
            }
            put_native(unit, "title_native", request->station->second_language, title->native);
        }
        json_append(units, unit);
    }
    json_put(to, "units", units);
}

static struct json_value *certificate_json(const struct paper_request *request)
{
    const struct credential *c = request->credential;
    struct json_value *to = json_new_object();
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        enum saksi_claim claim = (enum saksi_claim)i;
        if (credential_has(c, claim) && is_printed_as_named(claim)) {
            put_claim(to, c, claim);
        }
    }
    if (request->titles != NULL) {
        put_native(to, "scheme_title_native", request->station->second_language,
                   request->titles->scheme_native);
    }
    if (c->unit_count != 0) {
        put_units(to, request);
    }
    put_native(to, "holder_name_native", credential_text(c, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE),
               credential_text(c, SAKSI_CLAIM_HOLDER_NAME_NATIVE));
    if (credential_has(c, SAKSI_CLAIM_BIRTH_YEAR)) {
        char year[24];
        (void)snprintf(year, sizeof year, "%04lld",
                       (long long)credential_number(c, SAKSI_CLAIM_BIRTH_YEAR));
        json_put_string(to, "birth_date", year);
    }
    return to;
}

/* RFC 4648 §4; NULL when memory ran out. */
static char *base64(struct span bytes)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = malloc((bytes.len + 2) / 3 * 4 + 1);
    size_t len = 0;
    for (size_t i = 0; text != NULL && i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t)bytes.ptr[i] << 16;
        group |= left > 1 ? (uint32_t)bytes.ptr[i + 1] << 8 : 0;
        group |= left > 2 ? bytes.ptr[i + 2] : 0;
        text[len++] = alphabet[group >> 18];
        text[len++] = alphabet[group >> 12 & 63];
        text[len++] = left > 1 ? alphabet[group >> 6 & 63] : '=';
        text[len++] = left > 2 ? alphabet[group & 63] : '=';
    }
    if (text != NULL) {
        text[len] = '\0';
    }
    return text;
}

static bool put_photo(struct json_value *to, const struct holder_photo *photo)
{
    struct json_value *object = json_new_object();
    char *text = base64(span_of(photo->bytes, photo->len));
    if (text != NULL) {
        json_put_string(object, "jpeg_base64", text);
    }
    json_put_int(object, "width", photo->width);
    json_put_int(object, "height", photo->height);
    json_put(to, "photo", object);
    bool done = text != NULL;
    free(text);
    return done;
}

char *paper_json(const struct paper_request *request)
{
    const struct station *station = request->station;
    struct json_value *page = json_new_object(), *languages = json_new_array();
    json_put_string(page, "layout", request->layout == PAPER_CARD ? "card" : "a4");
    json_put_bool(page, "sample", station->sample);
    json_append_text(languages, span_str("en"));
    if (station->second_language.len != 0) {
        json_append_text(languages, station->second_language);
    }
    json_put(page, "languages", languages);
    json_put_text(page, "qr", request->qr_text);
    json_put_time(page, "created", credential_number(request->credential, SAKSI_CLAIM_IAT));
    json_put(page, "certificate", certificate_json(request));
    json_put(page, "authority", station_party_json(&station->authority));
    json_put(page, "issuer", station_party_json(&station->issuer));
    bool whole = request->photo == NULL || put_photo(page, request->photo);
    char *text = whole ? json_format(page, 0) : NULL;
    json_free(page);
    return text;
}
