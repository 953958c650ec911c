/* SPDX-License-Identifier: Apache-2.0
 *
 * Records: a whole one read exactly; then each field missing, of the wrong type, too long and with
 * a bad value, told by exact path and sentence. */
#include "check.h"

#include <stdio.h>

#include "codec/date.h"
#include "issuer/record.h"

#define NOW_S (20000LL * 86400) /* 2024-10-04 */

struct field {
    const char *name, *json;
};

/* A record with every field a record can have. */
static const struct field whole[] = {
    {"certificate_number", "\"91234/2024\""},
    {"scheme_type", "\"occupation\""},
    {"coverage", "\"full\""},
    {"scheme_code", "\"RA-II\""},
    {"scheme_title", "\"Room Attendant\""},
    {"standard_family", "\"SKKNI\""},
    {"units", "[\"D1.HRS.CL3.05\",\"D1.HHK.CL3.03\"]"},
    {"framework", "\"KKNI\""},
    {"edition", "2012"},
    {"level", "2"},
    {"sector_code", "\"I\""},
    {"occupation_code", "\"5151\""},
    {"job_index", "\"HFO.01\""},
    {"assessment_centre", "\"TUK-07\""},
    {"issue_date", "\"2024-10-01\""},
    {"valid_until", "\"2027-09-30\""},
    {"holder_name", "\"Siti Aminah\""},
    {"holder_name_native", "\"\xe0\xb8\xaa\xe0\xb8\xb4\xe0\xb8\x95\xe0\xb8\xb4\""},
    {"holder_name_language", "\"th\""},
    {"birth_date", "\"1999-02-03\""},
    {"nationality", "\"ID\""},
    {"registration_number", "\"REG-1\""},
    {"blank_number", "\"AB 000123\""},
    {"valid_from", "\"2024-10-02\""},
    {"holder_id_type", "\"passport\""},
    {"holder_id_hint", "\"1234\""},
    {"restrictions", "\"Not for night shifts\""},
};

/* The whole record with one field replaced, left out (NULL) or added, as JSON text. */
static void write_record(char text[8192], const char *name, const char *json)
{
    size_t used = 0;
    bool replaced = false;
    used += (size_t)snprintf(text, 8192, "{");
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        bool this_one = name != NULL && strcmp(name, whole[i].name) == 0;
        const char *value = this_one ? json : whole[i].json;
        replaced |= this_one;
        if (value != NULL) {
            used += (size_t)snprintf(text + used, 8192 - used, "%s\"%s\":%s", used == 1 ? "" : ",",
                                     whole[i].name, value);
        }
    }
    if (name != NULL && !replaced) {
        used += (size_t)snprintf(text + used, 8192 - used, ",\"%s\":%s", name, json);
    }
    (void)snprintf(text + used, 8192 - used, "}");
}

struct outcome {
    bool fit;
    struct credential credential;
    struct record_notes problems, warnings;
    struct record_file file; /* open while the credential is looked at */
};

static struct outcome outcome;

static void read_text(const char *text, bool has_photo)
{
    struct record_context context = {span_str("ID.SAMPLE.LSP"), NOW_S, has_photo};
    memset(&outcome, 0, sizeof outcome);
    if (record_file_open(span_str(text), &outcome.file, &outcome.problems)) {
        outcome.fit = record_read(&outcome.file, 0, &context, &outcome.credential,
                                  &outcome.problems, &outcome.warnings);
    }
}

static void done(void)
{
    record_file_close(&outcome.file);
}

static void assert_only_problem(const char *path, const char *text)
{
    assert_false(outcome.fit);
    if (outcome.problems.count != 1) {
        print_error("%zu problems, first %s: %s\n", outcome.problems.count,
                    outcome.problems.note[0].path, outcome.problems.note[0].text);
    }
    assert_int_equal(outcome.problems.count, 1);
    assert_string_equal(outcome.problems.note[0].path, path);
    assert_string_equal(outcome.problems.note[0].text, text);
    done();
}

static void assert_refused(const char *name, const char *json, const char *path, const char *text)
{
    char record[8192];
    write_record(record, name, json);
    read_text(record, false);
    assert_only_problem(path, text);
}

static void assert_text(enum saksi_claim claim, const char *expected)
{
    assert_true(credential_has(&outcome.credential, claim));
    check_bytes(credential_text(&outcome.credential, claim), span_str(expected));
}

static void assert_number(enum saksi_claim claim, int64_t expected)
{
    assert_true(credential_has(&outcome.credential, claim));
    assert_int_equal(credential_number(&outcome.credential, claim), expected);
}

static void a_whole_record_is_read_exactly(void **state)
{
    (void)state;
    char record[8192];
    write_record(record, NULL, NULL);
    read_text(record, false);
    assert_true(outcome.fit);
    assert_int_equal(outcome.problems.count, 0);
    assert_int_equal(outcome.warnings.count, 0);
    assert_text(SAKSI_CLAIM_CERTIFICATE_NUMBER, "91234/2024");
    assert_number(SAKSI_CLAIM_SCHEME_TYPE, 2);
    assert_number(SAKSI_CLAIM_COVERAGE, 1);
    assert_text(SAKSI_CLAIM_SCHEME_CODE, "RA-II");
    assert_text(SAKSI_CLAIM_SCHEME_TITLE, "Room Attendant");
    assert_number(SAKSI_CLAIM_STANDARD_FAMILY, 1);
    assert_int_equal(outcome.credential.unit_count, 2);
    check_bytes(outcome.credential.unit[1], span_str("D1.HHK.CL3.03"));
    assert_number(SAKSI_CLAIM_FRAMEWORK, 1);
    assert_number(SAKSI_CLAIM_EDITION, 2012);
    assert_number(SAKSI_CLAIM_LEVEL, 2);
    assert_text(SAKSI_CLAIM_SECTOR_CODE, "I");
    assert_text(SAKSI_CLAIM_OCCUPATION_CODE, "5151");
    assert_text(SAKSI_CLAIM_JOB_INDEX, "HFO.01");
    assert_text(SAKSI_CLAIM_ASSESSMENT_CENTRE, "TUK-07");
    assert_number(SAKSI_CLAIM_ISSUE_DATE, 19997);
    assert_number(SAKSI_CLAIM_VALID_UNTIL, date_to_day((struct date){2027, 9, 30}));
    assert_text(SAKSI_CLAIM_HOLDER_NAME, "Siti Aminah");
    assert_text(SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, "th");
    assert_number(SAKSI_CLAIM_BIRTH_DATE, date_to_day((struct date){1999, 2, 3}));
    assert_text(SAKSI_CLAIM_NATIONALITY, "ID");
    assert_text(SAKSI_CLAIM_REGISTRATION_NUMBER, "REG-1");
    assert_text(SAKSI_CLAIM_BLANK_NUMBER, "AB 000123");
    assert_number(SAKSI_CLAIM_VALID_FROM, 19998);
    assert_number(SAKSI_CLAIM_HOLDER_ID_TYPE, 2);
    assert_text(SAKSI_CLAIM_HOLDER_ID_HINT, "1234");
    assert_text(SAKSI_CLAIM_RESTRICTIONS, "Not for night shifts");
    assert_false(credential_has(&outcome.credential, SAKSI_CLAIM_STATUS_INDEX));
    assert_false(credential_has(&outcome.credential, SAKSI_CLAIM_ISS));
    assert_false(credential_has(&outcome.credential, SAKSI_CLAIM_IAT));
    done();
}

/* The table of claims says which fields must be there. */
static void every_missing_field_is_named(void **state)
{
    (void)state;
    static const char *const needed[] = {"certificate_number", "scheme_code", "scheme_title",
                                         "issue_date", "holder_name"};
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        assert_refused(needed[i], NULL, needed[i], "is missing");
    }
    assert_refused("scheme_type", NULL, "scheme_type",
                   "is missing; must be one of qualification, occupation, cluster, unit, "
                   "job_title, modular");
    assert_refused("coverage", NULL, "coverage", "is missing; must be one of full, partial");
    assert_refused("standard_family", NULL, "standard_family",
                   "is missing; must be one of SKKNI, SKK, INTERNATIONAL, NOSS, TR, TPQ, WSQ, "
                   "ACCSTP, NSSA, INDMO, OTHER");
    assert_refused("valid_until", NULL, "valid_until",
                   "is missing; null says that the certificate does not expire");
    assert_refused("birth_date", NULL, "birth_date",
                   "must be before issue_date; it may be left out only with a photo");
    assert_refused("nationality", NULL, "nationality",
                   "must be two capital letters; it is needed wherever job_index stands");
    assert_refused("framework", NULL, "framework",
                   "is missing: framework, edition and level stand together or not at all");
    assert_refused("edition", NULL, "edition",
                   "is missing: framework, edition and level stand together or not at all");
    assert_refused("level", NULL, "level",
                   "is missing: framework, edition and level stand together or not at all");
    assert_refused("holder_name_native", NULL, "holder_name_native",
                   "is missing beside the field that belongs to it");
    assert_refused("holder_name_language", NULL, "holder_name_language",
                   "must be a language tag such as \"th\", beside holder_name_native");
    assert_refused("holder_id_type", NULL, "holder_id_type",
                   "is missing beside the field that belongs to it");
    assert_refused("holder_id_hint", NULL, "holder_id_hint", "is missing beside holder_id_type");
}

static void optional_fields_may_be_missing(void **state)
{
    (void)state;
    static const char *const optional[] = {
        "units",       "sector_code",       "occupation_code",     "job_index",
        "valid_from",  "assessment_centre", "registration_number", "blank_number",
        "restrictions"};
    for (size_t i = 0; i < COUNT_OF(optional); i++) {
        char record[8192];
        write_record(record, optional[i], NULL);
        read_text(record, false);
        assert_true(outcome.fit);
        done();
    }
}

/* One of every field, with a value of the wrong type. */
static void every_wrong_type_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        const char *name = whole[i].name;
        enum saksi_claim claim = claim_of_json(span_str(name));
        const char *what = "must be text";
        const char *json = "7";
        if (claim_info[claim].kind == CLAIM_NUMBER) {
            what = "must be a whole number";
            json = "\"7\"";
        } else if (claim_info[claim].kind == CLAIM_CODES) {
            what = "must be an array";
        } else if (claim == SAKSI_CLAIM_ISSUE_DATE || claim == SAKSI_CLAIM_VALID_FROM ||
                   claim == SAKSI_CLAIM_VALID_UNTIL) {
            what = "must be a date like \"2025-03-14\"";
        }
        assert_refused(name, json, name, what);
    }
}

/* One byte more than claim.def allows, and exactly as much. */
static void every_length_is_limited(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        enum saksi_claim claim = claim_of_json(span_str(whole[i].name));
        enum claim_kind kind = claim_info[claim].kind;
        if ((kind != CLAIM_CODE && kind != CLAIM_TEXT) || claim == SAKSI_CLAIM_NATIONALITY ||
            claim == SAKSI_CLAIM_HOLDER_NAME_LANGUAGE) {
            continue;
        }
        char json[400], record[8192], what[64];
        size_t most = (size_t)claim_info[claim].most;
        memset(json, 'A', sizeof json);
        json[0] = '"';
        json[most + 1] = '"';
        json[most + 2] = '\0';
        write_record(record, whole[i].name, json);
        read_text(record, false);
        assert_true(outcome.fit);
        done();
        json[most + 1] = 'A';
        json[most + 2] = '"';
        json[most + 3] = '\0';
        (void)snprintf(what, sizeof what, "is longer than %zu bytes", most);
        assert_refused(whole[i].name, json, whole[i].name, what);
        assert_refused(whole[i].name, "\"\"", whole[i].name, "is empty");
    }
}

static void bad_values_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *name, *json, *path, *text;
    } cases[] = {
        {"certificate_number", "\" 1\"", "certificate_number",
         "must be plain ASCII characters with no blank at either end"},
        {"certificate_number", "\"\xc3\xa9\"", "certificate_number",
         "must be plain ASCII characters with no blank at either end"},
        {"certificate_number", "\"- -\"", "certificate_number", "has no letter or digit"},
        {"scheme_type", "\"diploma\"", "scheme_type",
         "must be one of qualification, occupation, cluster, unit, job_title, modular"},
        {"coverage", "\"FULL\"", "coverage", "must be one of full, partial"},
        {"standard_family", "\"ISO\"", "standard_family",
         "must be one of SKKNI, SKK, INTERNATIONAL, NOSS, TR, TPQ, WSQ, ACCSTP, NSSA, INDMO, "
         "OTHER"},
        {"framework", "\"AQRF\"", "framework",
         "must be one of KKNI, MQF, PQF, THNQF, CATC, BDQF, CQF, LNQF, MNQF, WSQ, VQF, TLNQF"},
        {"edition", "1949", "edition", "must be from 1950 to 2199"},
        {"level", "10", "level", "must be from 0 to 9"},
        {"units", "[]", "units", "has fewer than 1 elements"},
        {"units", "[\"A\",5]", "units[1]", "must be text"},
        {"units", "[\"A\",\"1234567890123456789012345\"]", "units[1]", "is longer than 24 bytes"},
        {"units", "[\"\xc3\xa9\"]", "units[0]",
         "must be plain ASCII characters with no blank at either end"},
        {"issue_date", "\"2024-02-30\"", "issue_date", "must be a date like \"2025-03-14\""},
        {"issue_date", "\"1949-12-31\"", "issue_date", "must be from 1950-01-01 to 2199-12-31"},
        {"issue_date", "\"2024-10-06\"", "issue_date",
         "is in the future; it would be refused as signed before it was issued"},
        {"issue_date", "null", "issue_date", "must be a date like \"2025-03-14\""},
        {"valid_until", "\"2024-09-30\"", "valid_until", "is before issue_date"},
        {"valid_from", "\"2028-01-01\"", "valid_from", "is after valid_until"},
        {"holder_name", "\"S\xd1\x96ti\"", "holder_name",
         "must be in Latin letters; U+0456 does not belong there (other scripts: "
         "holder_name_native)"},
        {"holder_name", "\".\"", "holder_name", "has no letter"},
        {"holder_name", "\"Nguye\xcc\x82\xcc\x83n\"", "holder_name",
         "is not in Unicode normalisation form C"},
        {"holder_name", "\"a\\u200eb\"", "holder_name",
         "holds a character that is not allowed (a control or direction mark)"},
        {"holder_name_language", "\"t_h\"", "holder_name_language",
         "must be a language tag such as \"th\", beside holder_name_native"},
        {"birth_date", "\"99-02-03\"", "birth_date",
         "must be a date like \"1987-03-14\", or a year like \"1987\""},
        {"birth_date", "\"1899\"", "birth_date",
         "must be a date like \"1987-03-14\", or a year like \"1987\""},
        {"birth_date", "\"1899-12-31\"", "birth_date", "must be from 1900-01-01 to 2199-12-31"},
        {"birth_date", "\"2024-10-01\"", "birth_date",
         "must be before issue_date; it may be left out only with a photo"},
        {"birth_date", "\"2025\"", "birth_year", "contradicts birth_date or issue_date"},
        {"birth_year", "1999", "birth_year", "contradicts birth_date or issue_date"},
        {"nationality", "\"id\"", "nationality",
         "must be two capital letters; it is needed wherever job_index stands"},
        {"nationality", "\"IDN\"", "nationality", "is longer than 2 bytes"},
        {"holder_id_type", "\"id card\"", "holder_id_type",
         "must be one of national_id, passport, other"},
        {"holder_id_hint", "\"123\"", "holder_id_hint", "is shorter than 4 bytes"},
        /* What only issuing knows, and what nobody knows. */
        {"iss", "\"ID.X\"", "iss", "is set when issuing and may not stand in a record"},
        {"iat", "1", "iat", "is set when issuing and may not stand in a record"},
        {"cnf", "{}", "cnf", "is set when issuing and may not stand in a record"},
        {"status_index", "1", "status_index", "is set when issuing and may not stand in a record"},
        {"photo_digest", "\"\"", "photo_digest",
         "is set when issuing and may not stand in a record"},
        {"face", "\"\"", "face", "is set when issuing and may not stand in a record"},
        {"holder_nam", "\"x\"", "holder_nam", "is not a known name"},
        {"", "1", "", "is not a known name"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_refused(cases[i].name, cases[i].json, cases[i].path, cases[i].text);
    }
}

static void a_year_of_birth_and_a_photo_serve_too(void **state)
{
    (void)state;
    char record[8192];
    write_record(record, "birth_date", "\"1999\"");
    read_text(record, false);
    assert_true(outcome.fit);
    assert_number(SAKSI_CLAIM_BIRTH_YEAR, 1999);
    assert_false(credential_has(&outcome.credential, SAKSI_CLAIM_BIRTH_DATE));
    done();
    write_record(record, "birth_date", NULL);
    read_text(record, true);
    assert_true(outcome.fit);
    assert_false(credential_has(&outcome.credential, SAKSI_CLAIM_PHOTO_DIGEST));
    done();
    write_record(record, "valid_until", "null");
    read_text(record, false);
    assert_true(outcome.fit);
    assert_true((outcome.credential.is_null >> SAKSI_CLAIM_VALID_UNTIL & 1) != 0);
    done();
}

static void forty_units_and_no_more(void **state)
{
    (void)state;
    char units[512] = "[\"U\"", record[8192];
    for (int i = 1; i < 40; i++) {
        strcat(units, ",\"U\"");
    }
    strcat(units, "]");
    write_record(record, "units", units);
    read_text(record, false);
    assert_true(outcome.fit);
    assert_int_equal(outcome.credential.unit_count, 40);
    done();
    units[strlen(units) - 1] = '\0';
    strcat(units, ",\"U\"]");
    assert_refused("units", units, "units", "has more than 40 elements");
}

static void all_problems_are_told_at_once(void **state)
{
    (void)state;
    read_text("[{\"iss\":1,\"x\":2,\"scheme_type\":3,\"units\":[1,\"A\",2]}]", false);
    static const char *const paths[] = {
        "[0].iss",         "[0].x",           "[0].certificate_number", "[0].scheme_type",
        "[0].coverage",    "[0].scheme_code", "[0].scheme_title",       "[0].standard_family",
        "[0].units[0]",    "[0].units[2]",    "[0].issue_date",         "[0].valid_until",
        "[0].holder_name",
    };
    assert_false(outcome.fit);
    assert_int_equal(outcome.problems.count, COUNT_OF(paths));
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        assert_string_equal(outcome.problems.note[i].path, paths[i]);
    }
    done();
}

static void the_unusual_is_warned_about_and_taken(void **state)
{
    (void)state;
    static const struct {
        const char *name, *json, *path, *text;
    } cases[] = {
        {"certificate_number", "\"no 12\"", "certificate_number",
         "has unusual characters: small letters, two blanks or rare signs"},
        {"blank_number", "\"AB  12\"", "blank_number",
         "has unusual characters: small letters, two blanks or rare signs"},
        {"units", "[\"A#\"]", "units", "has a code with unusual characters"},
        {"valid_until", "\"2024-10-02\"", "valid_until", "has passed already"},
        {"holder_name_native", "\"\xe1\x80\xb1\xe1\x80\x92\"", "holder_name_native",
         "looks like Zawgyi; written like that it is not readable elsewhere: use Unicode"},
        {"holder_name_native", "\"S\xd1\x96ti\"", "holder_name_native",
         "mixes letters of two scripts in one word"},
        {"scheme_title", "\"R\xd0\xbeom\"", "scheme_title",
         "mixes letters of two scripts in one word"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char record[8192];
        write_record(record, cases[i].name, cases[i].json);
        read_text(record, false);
        assert_true(outcome.fit);
        assert_int_equal(outcome.warnings.count, 1);
        assert_string_equal(outcome.warnings.note[0].path, cases[i].path);
        assert_string_equal(outcome.warnings.note[0].text, cases[i].text);
        done();
    }
}

static void files_are_objects_or_arrays(void **state)
{
    (void)state;
    static struct record_notes notes;
    struct record_file file;
    static const struct {
        const char *text, *path, *what;
    } bad[] = {
        {"[]", "", "has no record: an object or an array of objects is needed"},
        {"{}", "", "has no record: an object or an array of objects is needed"},
        {"{\"a\":1,\n\"a\":1}", "line 2", "duplicate object key near '\"a\"'"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        notes.count = 0;
        assert_false(record_file_open(span_str(bad[i].text), &file, &notes));
        assert_int_equal(notes.count, 1);
        assert_string_equal(notes.note[0].path, bad[i].path);
        assert_string_equal(notes.note[0].text, bad[i].what);
    }
    read_text("[7]", false);
    assert_only_problem("[0]", "must be an object");
    assert_true(record_file_open(span_str("[{\"a\":1},{\"a\":2}]"), &file, &notes));
    assert_int_equal(record_file_count(&file), 2);
    record_file_close(&file);
}

static void look(struct span text, void *context)
{
    struct record_context at = {span_str("ID.SAMPLE.LSP"), NOW_S, false};
    bool *may_pass = context;
    memset(&outcome, 0, sizeof outcome);
    if (!record_file_open(text, &outcome.file, &outcome.problems)) {
        assert_int_equal(outcome.problems.count, 1);
        return;
    }
    bool fit = record_read(&outcome.file, 0, &at, &outcome.credential, &outcome.problems,
                           &outcome.warnings);
    assert_true(fit == (outcome.problems.count == 0));
    assert_true(*may_pass || !fit);
    done();
}

static void every_prefix_and_bit_flip_is_judged(void **state)
{
    (void)state;
    char record[8192];
    bool may_pass = false;
    write_record(record, NULL, NULL);
    check_prefixes(span_str(record), look, &may_pass);
    may_pass = true; /* another letter in a title is another title */
    check_bit_flips(span_str(record), look, &may_pass);
}

static void notes_are_bounded(void **state)
{
    (void)state;
    char record[8192] = "{";
    for (int i = 0; i < 60; i++) {
        (void)snprintf(record + strlen(record), sizeof record - strlen(record), "%s\"x%d\":1",
                       i == 0 ? "" : ",", i);
    }
    strcat(record, "}");
    read_text(record, false);
    assert_false(outcome.fit);
    assert_int_equal(outcome.problems.count, 69);
    assert_string_equal(outcome.problems.note[RECORD_MAX_NOTES - 1].path, "x47");
    done();
    record[strlen(record) - 1] = '\0';
    strcat(record, ",\"y1\":1,\"y2\":1,\"y3\":1,\"y4\":1,\"y5\":1}");
    read_text(record, false);
    assert_string_equal(outcome.problems.note[0].text, "has more members than a record can have");
    done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_record_is_read_exactly),
        cmocka_unit_test(every_missing_field_is_named),
        cmocka_unit_test(optional_fields_may_be_missing),
        cmocka_unit_test(every_wrong_type_is_named),
        cmocka_unit_test(every_length_is_limited),
        cmocka_unit_test(bad_values_are_named),
        cmocka_unit_test(a_year_of_birth_and_a_photo_serve_too),
        cmocka_unit_test(forty_units_and_no_more),
        cmocka_unit_test(all_problems_are_told_at_once),
        cmocka_unit_test(the_unusual_is_warned_about_and_taken),
        cmocka_unit_test(files_are_objects_or_arrays),
        cmocka_unit_test(every_prefix_and_bit_flip_is_judged),
        cmocka_unit_test(notes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
