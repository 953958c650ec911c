/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema of a certificate in issuer/page.h, member by member: what they are called and what
 * they may say.
 */
#include "input.h"

#include <stdlib.h>
#include <string.h>

#include "issuer/page.h"
#include "labels.h"

#define TAG_MAX          12u
#define NATIVE_MAX       240u
#define PARTY_NAME_MAX   160u
#define PHOTO_BASE64_MAX ((size_t)2 * 1024 * 1024)
#define PHOTO_SIDE_MAX   4096

#define CAPITALS        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALL_LETTERS   "abcdefghijklmnopqrstuvwxyz"
#define DIGITS          "0123456789"
#define ALPHANUMERIC_QR DIGITS CAPITALS " $%*+-./:"

/* Whether all of `text` is made of `allowed`. */
static bool made_of(const char *text, const char *allowed)
{
    return strspn(text, allowed) == strlen(text);
}

static struct native_text find_native(struct reading *r, const struct json_value *object,
                                      const char *name)
{
    static const char *const members[] = {"lang", "text", NULL};
    const struct json_value *inner = json_find_object(&r->json, object, name);
    if (inner == NULL) {
        return (struct native_text){NULL, NULL};
    }
    json_only(&r->json, inner, members);
    struct native_text native = {reading_get_text(r, inner, "lang", TAG_MAX),
                                 reading_get_text(r, inner, "text", NATIVE_MAX)};
    if (native.lang != NULL &&
        (strlen(native.lang) < 2 || !made_of(native.lang, CAPITALS SMALL_LETTERS DIGITS "-"))) {
        json_refuse(&r->json, inner, "lang", "is not a language tag");
    }
    return native;
}

static struct date find_date(struct reading *r, const struct json_value *object, const char *name)
{
    bool found;
    int64_t day = json_find_day(&r->json, object, name, &found);
    return found ? date_of_day(day) : (struct date){0, 0, 0};
}

static void read_dates(struct reading *r, const struct json_value *c, struct input *in)
{
    int64_t issue = json_get_day(&r->json, c, "issue_date");
    in->issue_date = date_of_day(issue);
    in->valid_from = find_date(r, c, "valid_from");
    if (json_is_null(c, "valid_until")) {
        return;
    }
    int64_t until = json_get_day(&r->json, c, "valid_until");
    int64_t from = in->valid_from.year == 0 ? issue : date_to_day(in->valid_from);
    in->valid_until = date_of_day(until);
    if (until < from) {
        json_refuse(&r->json, c, "valid_until", "is before the certificate begins");
    }
}

static void read_birth_date(struct reading *r, const struct json_value *c, struct input *in)
{
    const char *text = reading_find_text(r, c, "birth_date", 10);
    if (text == NULL) {
        return;
    }
    if (strlen(text) == 4 && made_of(text, DIGITS)) {
        in->birth_date.year = (int)strtol(text, NULL, 10);
    } else {
        in->birth_date = find_date(r, c, "birth_date");
    }
    if (in->birth_date.year < 1000) {
        json_refuse(&r->json, c, "birth_date", "must be a date or a year");
    }
}

static void read_units(struct reading *r, const struct json_value *c, struct input *in)
{
    static const char *const members[] = {"code", "title", "title_native", NULL};
    const struct json_value *units = json_find_array(&r->json, c, "units", INPUT_UNITS_MAX);
    in->unit_count = json_count(units);
    for (size_t i = 0; i < in->unit_count; i++) {
        const struct json_value *unit = json_at(units, i);
        in->units[i].code = reading_get_text(r, unit, "code", 24);
        in->units[i].title = reading_find_text(r, unit, "title", 96);
        in->units[i].native = find_native(r, unit, "title_native");
        json_only(&r->json, unit, members);
    }
}

static void read_scheme(struct reading *r, const struct json_value *c, struct input *in)
{
    static const char *const types[] = {"qualification", "occupation", "cluster", "unit",
                                        "job_title",     "modular",    NULL};
    static const char *const coverages[] = {"full", "partial", NULL};
    in->scheme_type = (enum scheme_type)reading_get_choice(r, c, "scheme_type", types);
    in->coverage = (enum coverage)reading_get_choice(r, c, "coverage", coverages);
    in->scheme_code = reading_get_text(r, c, "scheme_code", 32);
    in->scheme_title = reading_get_text(r, c, "scheme_title", 96);
    in->scheme_title_native = find_native(r, c, "scheme_title_native");
    in->standard_family = reading_get_text(r, c, "standard_family", 16);
    in->sector_code = reading_find_text(r, c, "sector_code", 8);
    in->occupation_code = reading_find_text(r, c, "occupation_code", 6);
    in->job_index = reading_find_text(r, c, "job_index", 8);
    in->assessment_centre = reading_find_text(r, c, "assessment_centre", 24);
}

static void read_level(struct reading *r, const struct json_value *c, struct input *in)
{
    bool edition;
    bool level;
    in->framework = reading_find_text(r, c, "framework", 16);
    in->edition = (int)json_find_int(&r->json, c, "edition", 1900, 2200, &edition);
    in->level = (int)json_find_int(&r->json, c, "level", 0, 9, &level);
    if (edition != level || edition != (in->framework != NULL)) {
        json_refuse(&r->json, c, "framework",
                    "goes together with edition and level, or not at all");
    }
}

static void read_holder(struct reading *r, const struct json_value *c, struct input *in)
{
    in->holder_name = reading_get_text(r, c, "holder_name", 120);
    in->holder_name_native = find_native(r, c, "holder_name_native");
    read_birth_date(r, c, in);
    in->restrictions = reading_find_text(r, c, "restrictions", 96);
    in->nationality = reading_find_text(r, c, "nationality", 2);
    if (in->nationality != NULL &&
        (strlen(in->nationality) != 2 || !made_of(in->nationality, CAPITALS))) {
        json_refuse(&r->json, c, "nationality", "must be two capital letters");
    }
}

static void read_certificate(struct reading *r, const struct json_value *c, struct input *in)
{
    static const char *const members[] = {"certificate_number",
                                          "registration_number",
                                          "blank_number",
                                          "scheme_type",
                                          "coverage",
                                          "scheme_code",
                                          "scheme_title",
                                          "scheme_title_native",
                                          "standard_family",
                                          "units",
                                          "framework",
                                          "edition",
                                          "level",
                                          "sector_code",
                                          "occupation_code",
                                          "job_index",
                                          "assessment_centre",
                                          "issue_date",
                                          "valid_from",
                                          "valid_until",
                                          "holder_name",
                                          "holder_name_native",
                                          "birth_date",
                                          "nationality",
                                          "restrictions",
                                          NULL};
    in->certificate_number = reading_get_text(r, c, "certificate_number", 40);
    in->registration_number = reading_find_text(r, c, "registration_number", 40);
    in->blank_number = reading_find_text(r, c, "blank_number", 24);
    read_scheme(r, c, in);
    read_units(r, c, in);
    read_level(r, c, in);
    read_dates(r, c, in);
    read_holder(r, c, in);
    json_only(&r->json, c, members);
}

/* Names in languages that are not printed may be there too. */
static void read_party(struct reading *r, const struct json_value *root, const char *name,
                       const char *second, struct party *party)
{
    static const char *const members[] = {"id", "names", NULL};
    const struct json_value *value = json_get_object(&r->json, root, name);
    const struct json_value *names = json_get_object(&r->json, value, "names");
    party->id = reading_get_text(r, value, "id", 32);
    party->name = reading_get_text(r, names, "en", PARTY_NAME_MAX);
    if (second != NULL) {
        party->native =
            (struct native_text){second, reading_find_text(r, names, second, PARTY_NAME_MAX)};
    }
    json_only(&r->json, value, members);
}

static void read_languages(struct reading *r, const struct json_value *root, struct input *in)
{
    const struct json_value *languages = json_get_array(&r->json, root, "languages", 1, 2);
    struct span first = json_text_at(&r->json, languages, 0, 1, TAG_MAX);
    if (!span_equal(first, span_str("en"))) {
        json_refuse(&r->json, root, "languages", "must begin with en");
    }
    if (json_count(languages) != 2) {
        return;
    }
    in->second = reading_keep(r, json_text_at(&r->json, languages, 1, 1, TAG_MAX));
    if (in->second != NULL && (!labels_have(in->second) || strcmp(in->second, "en") == 0)) {
        json_refuse_at(&r->json, languages, 1, "is not a second language that has labels");
    }
}

static void read_qr(struct reading *r, const struct json_value *root, struct input *in)
{
    in->qr = reading_get_text(r, root, "qr", PAGE_QR_TEXT_MAX);
    if (in->qr != NULL && (strncmp(in->qr, "CC1:", 4) != 0 || !made_of(in->qr, ALPHANUMERIC_QR))) {
        json_refuse(&r->json, root, "qr", "is not CC1: and characters of the QR alphanumeric set");
    }
}

static void read_photo(struct reading *r, const struct json_value *root, struct input *in,
                       struct refusal *refusal)
{
    static const char *const members[] = {"jpeg_base64", "width", "height", NULL};
    const struct json_value *photo = json_find_object(&r->json, root, "photo");
    if (photo == NULL) {
        return;
    }
    json_only(&r->json, photo, members);
    struct span base64 = json_get_text(&r->json, photo, "jpeg_base64", 4, PHOTO_BASE64_MAX);
    int width = (int)json_get_int(&r->json, photo, "width", 1, PHOTO_SIDE_MAX);
    int height = (int)json_get_int(&r->json, photo, "height", 1, PHOTO_SIDE_MAX);
    if (!r->json.failed) {
        (void)photo_decode(base64, width, height, &in->photo, refusal);
    }
}

static void read_document(struct reading *r, struct input *in, struct refusal *refusal)
{
    static const char *const layouts[] = {"a4", "card", NULL};
    static const char *const members[] = {"layout",  "sample",      "languages", "qr",
                                          "created", "certificate", "authority", "issuer",
                                          "photo",   NULL};
    const struct json_value *root = r->json.document;
    in->layout = (enum input_layout)reading_get_choice(r, root, "layout", layouts);
    in->sample = json_find_bool(&r->json, root, "sample");
    read_languages(r, root, in);
    read_qr(r, root, in);
    in->created = reading_find_time(r, root, "created");
    read_certificate(r, json_get_object(&r->json, root, "certificate"), in);
    read_party(r, root, "authority", in->second, &in->authority);
    read_party(r, root, "issuer", in->second, &in->issuer);
    json_only(&r->json, root, members);
    read_photo(r, root, in, refusal);
}

bool input_read(struct reading *r, struct input *ret_input, struct refusal *refusal)
{
    struct input in = {0};
    read_document(r, &in, refusal);
    in.texts = reading_end(r, refusal);
    if (in.texts == NULL) {
        input_free(&in);
    }
    *ret_input = in;
    return in.texts != NULL;
}

void input_free(struct input *input)
{
    free(input->texts);
    photo_free(&input->photo);
    *input = (struct input){0};
}
