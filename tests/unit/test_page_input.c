/* SPDX-License-Identifier: Apache-2.0
 *
 * The input of a page: what is read from a whole document, and the sentence for every fault.
 */
#include "page_sample.h"

#include "issuer/page.h"

/* ---- Genuine ---- */

static void reads_every_member(void **state)
{
    (void)state;
    struct input in;
    json_t *root = page_sample();
    page_read(root, &in);
    json_decref(root);
    assert_int_equal(in.layout, LAYOUT_A4);
    assert_false(in.sample);
    assert_string_equal(in.second, "id");
    assert_string_equal(in.qr, "CC1:ABC");
    assert_string_equal(in.created, "2025-03-14T08:00:00Z");
    assert_string_equal(in.certificate_number, "56102 5120 2 0001234 2025");
    assert_string_equal(in.registration_number, "PAR.1203.00451.2025");
    assert_string_equal(in.blank_number, "BNSP 0458812");
    assert_int_equal(in.scheme_type, SCHEME_OCCUPATION);
    assert_int_equal(in.coverage, COVERAGE_FULL);
    assert_string_equal(in.scheme_title_native.text, "Pramugraha Kamar");
    assert_int_equal(in.unit_count, 1);
    assert_string_equal(in.units[0].code, "I.55HDR00.001.2");
    assert_string_equal(in.units[0].title, "Receive reservations");
    assert_string_equal(in.units[0].native.lang, "id");
    assert_string_equal(in.framework, "KKNI");
    assert_int_equal(in.edition, 2012);
    assert_int_equal(in.level, 3);
    assert_int_equal(in.valid_until.year * 10000 + in.valid_until.month * 100 + in.valid_until.day,
                     20280313);
    assert_int_equal(in.valid_from.month, 4);
    assert_string_equal(in.holder_name_native.lang, "th");
    assert_int_equal(in.birth_date.day, 3);
    assert_string_equal(in.authority.native.text, "Badan Nasional");
    assert_string_equal(in.issuer.name, "Certification Body");
    assert_int_equal(in.photo.len, 164);
    assert_int_equal(in.photo.jpeg[1], 0xd8);
    input_free(&in);
    assert_null(in.texts);
}

static void absent_members_stay_absent(void **state)
{
    (void)state;
    static const char *const optional[] = {"sample",
                                           "created",
                                           "photo",
                                           "certificate.registration_number",
                                           "certificate.blank_number",
                                           "certificate.scheme_title_native",
                                           "certificate.units",
                                           "certificate.framework",
                                           "certificate.edition",
                                           "certificate.level",
                                           "certificate.sector_code",
                                           "certificate.occupation_code",
                                           "certificate.job_index",
                                           "certificate.assessment_centre",
                                           "certificate.valid_from",
                                           "certificate.holder_name_native",
                                           "certificate.birth_date",
                                           "certificate.nationality",
                                           "certificate.restrictions",
                                           "authority.names.id"};
    struct input in;
    json_t *root = page_sample();
    for (size_t i = 0; i < COUNT_OF(optional); i++) {
        page_set(root, optional[i], NULL);
    }
    page_set(root, "certificate.valid_until", "null");
    page_set(root, "languages", "['en']");
    page_read(root, &in);
    json_decref(root);
    assert_null(in.second);
    assert_null(in.created);
    assert_null(in.framework);
    assert_null(in.holder_name_native.text);
    assert_null(in.authority.native.text);
    assert_null(in.photo.jpeg);
    assert_int_equal(in.unit_count, 0);
    assert_int_equal(in.valid_until.year, 0);
    assert_int_equal(in.valid_from.year, 0);
    assert_int_equal(in.birth_date.year, 0);
    input_free(&in);
}

static void birth_date_may_be_a_year(void **state)
{
    (void)state;
    struct input in;
    json_t *root = page_sample();
    page_set(root, "certificate.birth_date", "'1971'");
    page_read(root, &in);
    json_decref(root);
    assert_int_equal(in.birth_date.year, 1971);
    assert_int_equal(in.birth_date.month, 0);
    input_free(&in);
}

/* ---- Faults ---- */

static void assert_refused(const json_t *root, const char *sentence)
{
    struct input in;
    struct refusal refusal = {.internal = false};
    struct span bytes = page_bytes(root);
    assert_false(page_try(bytes, &in, &refusal));
    assert_string_equal(refusal.sentence, sentence);
    assert_false(refusal.internal);
    assert_null(in.texts);
    assert_null(in.photo.jpeg);
    page_free_bytes(bytes);
}

static void missing_members_are_named(void **state)
{
    (void)state;
    static const char *const required[] = {"layout",
                                           "languages",
                                           "qr",
                                           "certificate",
                                           "authority",
                                           "issuer",
                                           "certificate.certificate_number",
                                           "certificate.scheme_type",
                                           "certificate.coverage",
                                           "certificate.scheme_code",
                                           "certificate.scheme_title",
                                           "certificate.standard_family",
                                           "certificate.issue_date",
                                           "certificate.valid_until",
                                           "certificate.holder_name",
                                           "authority.id",
                                           "authority.names",
                                           "issuer.names.en",
                                           "photo.jpeg_base64",
                                           "photo.width",
                                           "photo.height",
                                           "certificate.holder_name_native.lang",
                                           "certificate.scheme_title_native.text"};
    for (size_t i = 0; i < COUNT_OF(required); i++) {
        char sentence[128];
        json_t *root = page_sample();
        page_set(root, required[i], NULL);
        (void)snprintf(sentence, sizeof sentence, "%s: is missing", required[i]);
        assert_refused(root, sentence);
        json_decref(root);
    }
}

struct fault {
    const char *path, *value, *sentence;
};

static void wrong_values_are_named(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {"layout", "'letter'", "layout: is none of the known words"},
        {"layout", "1", "layout: must be text"},
        {"layout", "'Code'", "layout: is none of the known words"},
        {"sample", "1", "sample: must be true or false"},
        {"languages", "['id','en']", "languages: must begin with en"},
        {"languages", "['en','xx']", "languages[1]: is not a second language that has labels"},
        {"languages", "['en','en']", "languages[1]: is not a second language that has labels"},
        {"languages", "['en','id','th']", "languages: has more than 2 elements"},
        {"qr", "'HC1:ABC'", "qr: is not CC1: and characters of the QR alphanumeric set"},
        {"qr", "'CC1:abc'", "qr: is not CC1: and characters of the QR alphanumeric set"},
        {"created", "'2025-03-14'", "created: must be a time like \"2025-03-14T08:00:00Z\""},
        {"certificate", "[]", "certificate: must be an object"},
        {"certificate.coverage", "'most'", "certificate.coverage: is none of the known words"},
        {"certificate.issue_date", "'2025-02-29'",
         "certificate.issue_date: must be a date like \"2025-03-14\""},
        {"certificate.valid_until", "'2025-03-31'",
         "certificate.valid_until: is before the certificate begins"},
        {"certificate.birth_date", "'199'",
         "certificate.birth_date: must be a date like \"2025-03-14\""},
        {"certificate.birth_date", "'0199'", "certificate.birth_date: must be a date or a year"},
        {"certificate.nationality", "'id'", "certificate.nationality: must be two capital letters"},
        {"certificate.level", "10", "certificate.level: must be from 0 to 9"},
        {"certificate.edition", "2012.5", "certificate.edition: must be a whole number"},
        {"certificate.units", "[{'code':''}]", "certificate.units[0].code: is empty"},
        {"certificate.units", "['A']", "certificate.units[0]: must be an object"},
        {"certificate.holder_name", "'A\\u0007B'",
         "certificate.holder_name: holds a character that is not allowed (a control or direction "
         "mark)"},
        {"certificate.holder_name", "'A\\u202eB'",
         "certificate.holder_name: holds a character that is not allowed (a control or direction "
         "mark)"},
        {"certificate.holder_name_native.lang", "'t!'",
         "certificate.holder_name_native.lang: is not a language tag"},
        {"photo.width", "8",
         "photo.jpeg_base64: not a grey or colour JPEG of the stated width and height"},
        {"photo.height", "5000", "photo.height: must be from 1 to 4096"},
        {"photo.jpeg_base64", "'####'", "photo.jpeg_base64: not base64"},
        {"photo.jpeg_base64", "'AAAAA'", "photo.jpeg_base64: not base64"},
        {"photo.jpeg_base64", "'AA=A'", "photo.jpeg_base64: not base64"},
        {"photo.jpeg_base64", "'iVBORw0KGgo='",
         "photo.jpeg_base64: not a grey or colour JPEG of the stated width and height"},
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        json_t *root = page_sample();
        page_set(root, faults[i].path, faults[i].value);
        assert_refused(root, faults[i].sentence);
        json_decref(root);
    }
}

static void framework_edition_and_level_go_together(void **state)
{
    (void)state;
    static const char *const members[] = {"certificate.framework", "certificate.edition",
                                          "certificate.level"};
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        json_t *root = page_sample();
        page_set(root, members[i], NULL);
        assert_refused(
            root, "certificate.framework: goes together with edition and level, or not at all");
        json_decref(root);
    }
}

struct limit {
    const char *path;
    size_t bytes;
};

static void texts_have_their_exact_limits(void **state)
{
    (void)state;
    static const struct limit limits[] = {{"certificate.certificate_number", 40},
                                          {"certificate.registration_number", 40},
                                          {"certificate.blank_number", 24},
                                          {"certificate.scheme_code", 32},
                                          {"certificate.scheme_title", 96},
                                          {"certificate.standard_family", 16},
                                          {"certificate.framework", 16},
                                          {"certificate.sector_code", 8},
                                          {"certificate.occupation_code", 6},
                                          {"certificate.job_index", 8},
                                          {"certificate.assessment_centre", 24},
                                          {"certificate.holder_name", 120},
                                          {"certificate.restrictions", 96},
                                          {"certificate.holder_name_native.text", 240},
                                          {"authority.id", 32},
                                          {"issuer.names.en", 160}};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct input in;
        char sentence[128];
        json_t *root = page_sample();
        page_set_repeated(root, limits[i].path, "A", limits[i].bytes);
        page_read(root, &in);
        input_free(&in);
        page_set_repeated(root, limits[i].path, "A", limits[i].bytes + 1);
        (void)snprintf(sentence, sizeof sentence, "%s: is longer than %zu bytes", limits[i].path,
                       limits[i].bytes);
        assert_refused(root, sentence);
        json_decref(root);
    }
}

static void forty_units_and_no_more(void **state)
{
    (void)state;
    struct input in;
    json_t *root = page_sample();
    page_set_units(root, 40, NULL, NULL, NULL);
    page_read(root, &in);
    assert_int_equal(in.unit_count, 40);
    input_free(&in);
    page_set_units(root, 41, NULL, NULL, NULL);
    assert_refused(root, "certificate.units: has more than 40 elements");
    json_decref(root);
}

static void unknown_members_are_refused_everywhere(void **state)
{
    (void)state;
    static const char *const objects[] = {
        "",           "certificate.", "certificate.holder_name_native.", "certificate.units.0.",
        "authority.", "photo."};
    static const char *const names[] = {
        "",           "certificate.", "certificate.holder_name_native.", "certificate.units[0].",
        "authority.", "photo."};
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        char path[96];
        char sentence[128];
        json_t *root = page_sample();
        (void)snprintf(path, sizeof path, "%sholder_nmae", objects[i]);
        (void)snprintf(sentence, sizeof sentence, "%sholder_nmae: is not a known name", names[i]);
        page_set(root, path, "'x'");
        assert_refused(root, sentence);
        json_decref(root);
    }
}

static void members_of_a_code_sheet_are_refused(void **state)
{
    (void)state;
    static const char *const members[] = {"heading", "text"};
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        char sentence[64];
        json_t *root = page_sample();
        page_set(root, members[i], "'x'");
        (void)snprintf(sentence, sizeof sentence, "%s: is not a known name", members[i]);
        assert_refused(root, sentence);
        json_decref(root);
    }
}

/* ---- Hostile ---- */

static void refuse_damaged(struct span damaged, void *context)
{
    struct input in;
    struct refusal refusal = {.internal = false};
    (void)context;
    assert_false(page_try(damaged, &in, &refusal));
    assert_true(refused(&refusal));
    assert_null(in.texts);
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    json_t *root = page_sample();
    struct span bytes = page_bytes(root);
    check_prefixes(bytes, refuse_damaged, NULL);
    page_free_bytes(bytes);
    json_decref(root);
}

/* Damage may leave a good document; reading it must only stay within bounds and give no half input.
 */
static void survive(struct span damaged, void *context)
{
    struct input in;
    struct refusal refusal = {.internal = false};
    (void)context;
    bool read = page_try(damaged, &in, &refusal);
    assert_true(read == !refused(&refusal));
    assert_true(read == (in.texts != NULL));
    input_free(&in);
}

static void every_bit_flip_is_survived(void **state)
{
    (void)state;
    json_t *root = page_sample();
    struct span bytes = page_bytes(root);
    check_bit_flips(bytes, survive, NULL);
    page_free_bytes(bytes);
    json_decref(root);
}

static void too_much_input_is_refused(void **state)
{
    (void)state;
    struct input in;
    struct refusal refusal = {.internal = false};
    char *blanks = malloc(PAGE_JSON_MAX + 1);
    assert_non_null(blanks);
    memset(blanks, ' ', PAGE_JSON_MAX + 1);
    assert_false(page_try(span_of(blanks, PAGE_JSON_MAX + 1), &in, &refusal));
    assert_string_equal(refusal.sentence, "input: is larger than 4 MiB");
    free(blanks);
}

/* Every prefix of the photo's file, re-encoded, and every flip of a bit in its headers. */
static void photos_are_checked_to_their_end(void **state)
{
    (void)state;
    struct photo photo = {.width = 0};
    struct refusal refusal = {.internal = false};
    assert_true(photo_decode(span_str(SAMPLE_JPEG), 7, 9, &photo, &refusal));
    photo_free(&photo);
    for (size_t len = 0; len + 4 <= strlen(SAMPLE_JPEG); len++) {
        refusal.sentence[0] = '\0';
        uint8_t *copy = check_heap_copy(span_of(SAMPLE_JPEG, len));
        assert_false(photo_decode(span_of(copy, len), 7, 9, &photo, &refusal));
        assert_null(photo.jpeg);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_member),
        cmocka_unit_test(absent_members_stay_absent),
        cmocka_unit_test(birth_date_may_be_a_year),
        cmocka_unit_test(missing_members_are_named),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(framework_edition_and_level_go_together),
        cmocka_unit_test(texts_have_their_exact_limits),
        cmocka_unit_test(forty_units_and_no_more),
        cmocka_unit_test(unknown_members_are_refused_everywhere),
        cmocka_unit_test(members_of_a_code_sheet_are_refused),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(every_bit_flip_is_survived),
        cmocka_unit_test(too_much_input_is_refused),
        cmocka_unit_test(photos_are_checked_to_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
