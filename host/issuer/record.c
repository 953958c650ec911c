/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the table of claims, each read by its kind; then the conditions between them. What
 * is unusual is record_warnings.c's.
 */
#include "issuer/record.h"

#include "base/text.h"
#include "codec/date.h"
#include "issuer/record_warnings.h"

#define MAX_MEMBERS   64
#define UNIT_CODE_MAX 24
#define DAY_S         86400

/* One record being read. */
struct reading {
    struct json_reader *json;
    const struct json_value *object;
    const struct record_context *context;
    struct credential *credential;
    struct record_notes *problems;
};

static void add_note(struct record_notes *notes, const char *path, const char *text)
{
    if (notes->count < RECORD_MAX_NOTES) {
        struct record_note *note = &notes->note[notes->count];
        (void)snprintf(note->path, sizeof note->path, "%s", path);
        (void)snprintf(note->text, sizeof note->text, "%s", text);
    }
    notes->count++;
}

/* Notes what the JSON reader refused, if anything, and lets it go on. */
static bool note_refusal(struct json_reader *json, struct record_notes *notes)
{
    bool failed = json->failed;
    if (failed) {
        add_note(notes, json->problem.path, json->problem.what);
        json_recover(json);
    }
    return failed;
}

static void refuse(struct reading *r, const char *name, const char *what)
{
    json_refuse(r->json, r->object, name, what);
    (void)note_refusal(r->json, r->problems);
}

void record_warn(struct json_reader *json, const struct json_value *object, const char *name,
                 const char *what, struct record_notes *warnings)
{
    json_refuse(json, object, name, what);
    (void)note_refusal(json, warnings);
}

/* --- fields by kind --- */

static bool is_taken_from_records(enum saksi_claim claim)
{
    enum claim_kind kind = claim_info[claim].kind;
    return !claim_info[claim].top && claim != SAKSI_CLAIM_STATUS_INDEX && kind != CLAIM_BYTES &&
           kind != CLAIM_CKT;
}

static void read_text(struct reading *r, enum saksi_claim claim)
{
    const struct claim_info *info = &claim_info[claim];
    uint32_t character = 0;
    uint8_t key[CERTIFICATE_NUMBER_MAX];
    char what[128];
    struct span text =
        json_get_text(r->json, r->object, info->json, (size_t)info->least, (size_t)info->most);
    if (note_refusal(r->json, r->problems)) {
        return;
    }
    if (info->kind == CLAIM_CODE && !cbor_text_is_code(text)) {
        refuse(r, info->json, "must be plain ASCII characters with no blank at either end");
    } else if (claim == SAKSI_CLAIM_CERTIFICATE_NUMBER &&
               certificate_number_key(text, key).len == 0) {
        refuse(r, info->json, "has no letter or digit");
    } else if (!text_is_nfc(text)) {
        refuse(r, info->json, "is not in Unicode normalisation form C");
    } else if (claim == SAKSI_CLAIM_HOLDER_NAME && !text_is_latin_name(text, &character)) {
        (void)snprintf(what, sizeof what,
                       "must be in Latin letters; U+%04X does not belong there (other scripts: "
                       "holder_name_native)",
                       (unsigned)character);
        refuse(r, info->json, character == 0 ? "has no letter" : what);
    } else {
        credential_set_text(r->credential, claim, text);
    }
}

static void read_number(struct reading *r, enum saksi_claim claim)
{
    const struct claim_info *info = &claim_info[claim];
    int64_t number = json_get_int(r->json, r->object, info->json, info->least, info->most);
    if (!note_refusal(r->json, r->problems)) {
        credential_set_number(r->credential, claim, number);
    }
}

static void set_day(struct reading *r, enum saksi_claim claim, int64_t day)
{
    const struct claim_info *info = &claim_info[claim];
    char least[DATE_TEXT_SIZE], most[DATE_TEXT_SIZE], what[80];
    if (day >= info->least && day <= info->most) {
        credential_set_number(r->credential, claim, day);
        return;
    }
    (void)snprintf(what, sizeof what, "must be from %s to %s", date_format(info->least, least),
                   date_format(info->most, most));
    refuse(r, info->json, what);
}

static void read_day(struct reading *r, enum saksi_claim claim)
{
    const char *name = claim_info[claim].json;
    if (claim_info[claim].kind == CLAIM_DAY_OR_NULL && json_is_null(r->object, name)) {
        credential_set_null(r->credential, claim);
        return;
    }
    int64_t day = json_get_day(r->json, r->object, name);
    if (!note_refusal(r->json, r->problems)) {
        set_day(r, claim, day);
    }
}

/* "1987", or 0 when it is not four digits. */
static int64_t year_of(struct span text)
{
    int64_t year = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return 0;
        }
        year = year * 10 + (text.ptr[i] - '0');
    }
    return text.len == 4 ? year : 0;
}

/* A date, or the year alone where no more is known: that is another claim. */
static void read_birth_date(struct reading *r)
{
    const struct claim_info *year_info = &claim_info[SAKSI_CLAIM_BIRTH_YEAR];
    const char *name = claim_info[SAKSI_CLAIM_BIRTH_DATE].json;
    int64_t day = 0;
    struct span text = json_get_text(r->json, r->object, name, 1, 10);
    if (note_refusal(r->json, r->problems)) {
        return;
    }
    int64_t year = year_of(text);
    if (year >= year_info->least && year <= year_info->most) {
        credential_set_number(r->credential, SAKSI_CLAIM_BIRTH_YEAR, year);
    } else if (date_parse(text, &day)) {
        set_day(r, SAKSI_CLAIM_BIRTH_DATE, day);
    } else {
        refuse(r, name, "must be a date like \"1987-03-14\", or a year like \"1987\"");
    }
}

static void refuse_enum(struct reading *r, enum saksi_claim claim, const char *why)
{
    char what[128];
    size_t used = (size_t)snprintf(what, sizeof what, "%s", why);
    for (int64_t value = 1; value <= claim_info[claim].most && used < sizeof what; value++) {
        const char *name = claim_value_name(claim, value);
        used += (size_t)snprintf(what + used, sizeof what - used, "%s %s", value == 1 ? "" : ",",
                                 name == NULL ? "" : name);
    }
    refuse(r, claim_info[claim].json, what);
}

static void read_enum(struct reading *r, enum saksi_claim claim)
{
    struct span name = json_get_text(r->json, r->object, claim_info[claim].json, 0, SIZE_MAX);
    if (note_refusal(r->json, r->problems)) {
        return;
    }
    int64_t value = claim_value_number(claim, name);
    if (value == 0) {
        refuse_enum(r, claim, "must be one of");
    } else {
        credential_set_number(r->credential, claim, value);
    }
}

static void read_unit(struct reading *r, const struct json_value *units, size_t at)
{
    struct span code = json_text_at(r->json, units, at, 1, UNIT_CODE_MAX);
    if (note_refusal(r->json, r->problems)) {
        return;
    }
    if (!cbor_text_is_code(code)) {
        json_refuse_at(r->json, units, at,
                       "must be plain ASCII characters with no blank at either end");
        (void)note_refusal(r->json, r->problems);
        return;
    }
    (void)credential_add_unit(r->credential, code);
}

static void read_codes(struct reading *r, enum saksi_claim claim)
{
    const struct claim_info *info = &claim_info[claim];
    const struct json_value *units =
        json_get_array(r->json, r->object, info->json, (size_t)info->least, (size_t)info->most);
    (void)note_refusal(r->json, r->problems);
    for (size_t i = 0; i < json_count(units); i++) {
        read_unit(r, units, i);
    }
}

static void read_present(struct reading *r, enum saksi_claim claim)
{
    if (claim == SAKSI_CLAIM_BIRTH_DATE) {
        read_birth_date(r);
        return;
    }
    switch (claim_info[claim].kind) {
    case CLAIM_CODE:
    case CLAIM_TEXT:
        read_text(r, claim);
        break;
    case CLAIM_NUMBER:
        read_number(r, claim);
        break;
    case CLAIM_DAY:
    case CLAIM_DAY_OR_NULL:
        read_day(r, claim);
        break;
    case CLAIM_ENUM:
        read_enum(r, claim);
        break;
    case CLAIM_CODES:
        read_codes(r, claim);
        break;
    case CLAIM_BYTES:
    case CLAIM_CKT:
        break;
    }
}

static void read_claim(struct reading *r, enum saksi_claim claim)
{
    const char *name = claim_info[claim].json;
    if (json_has(r->object, name)) {
        read_present(r, claim);
    } else if (claim == SAKSI_CLAIM_VALID_UNTIL) {
        refuse(r, name, "is missing; null says that the certificate does not expire");
    } else if (claim_info[claim].always && claim_info[claim].kind == CLAIM_ENUM) {
        refuse_enum(r, claim, "is missing; must be one of");
    } else if (claim_info[claim].always) {
        refuse(r, name, "is missing");
    }
}

static void refuse_strange_members(struct reading *r)
{
    struct span name;
    const struct json_value *value;
    if (json_count(r->object) > MAX_MEMBERS) {
        refuse(r, NULL, "has more members than a record can have");
        return;
    }
    for (size_t i = 0; json_member_at(r->object, i, &name, &value); i++) {
        enum saksi_claim claim = claim_of_json(name);
        char text[64];
        (void)snprintf(text, sizeof text, "%.*s", (int)name.len, (const char *)name.ptr);
        if (claim == SAKSI_CLAIM_COUNT) {
            refuse(r, text, "is not a known name");
        } else if (!is_taken_from_records(claim)) {
            refuse(r, text, "is set when issuing and may not stand in a record");
        }
    }
}

/* --- conditions between fields --- */

/* The rule behind a refusal of credential_check, in words. */
static const char *rule_of(enum saksi_claim claim)
{
    switch (claim) {
    case SAKSI_CLAIM_FRAMEWORK:
    case SAKSI_CLAIM_EDITION:
    case SAKSI_CLAIM_LEVEL:
        return "is missing: framework, edition and level stand together or not at all";
    case SAKSI_CLAIM_HOLDER_NAME_NATIVE:
    case SAKSI_CLAIM_HOLDER_ID_TYPE:
        return "is missing beside the field that belongs to it";
    case SAKSI_CLAIM_HOLDER_NAME_LANGUAGE:
        return "must be a language tag such as \"th\", beside holder_name_native";
    case SAKSI_CLAIM_HOLDER_ID_HINT:
        return "is missing beside holder_id_type";
    case SAKSI_CLAIM_NATIONALITY:
        return "must be two capital letters; it is needed wherever job_index stands";
    case SAKSI_CLAIM_BIRTH_DATE:
        return "must be before issue_date; it may be left out only with a photo";
    case SAKSI_CLAIM_BIRTH_YEAR:
        return "contradicts birth_date or issue_date";
    case SAKSI_CLAIM_VALID_UNTIL:
        return "is before issue_date";
    case SAKSI_CLAIM_VALID_FROM:
        return "is after valid_until";
    case SAKSI_CLAIM_ISS:
        return "is not an issuer's id: the station is set up wrongly";
    default:
        return "does not fit the other fields";
    }
}

/* As the credential will be when it is issued; the values that are not known yet are stand-ins. */
static void check_conditions(struct reading *r)
{
    static const uint8_t some_digest[32];
    struct credential whole = *r->credential;
    credential_set_text(&whole, SAKSI_CLAIM_ISS, r->context->issuer);
    credential_set_number(&whole, SAKSI_CLAIM_IAT, r->context->now_s);
    credential_set_number(&whole, SAKSI_CLAIM_STATUS_INDEX, 0);
    if (r->context->has_photo) {
        credential_set_text(&whole, SAKSI_CLAIM_PHOTO_DIGEST,
                            span_of(some_digest, sizeof some_digest));
    }
    struct credential_problem problem = credential_check(&whole);
    if (problem.error != CREDENTIAL_OK) {
        const char *name =
            problem.claim < SAKSI_CLAIM_COUNT ? claim_info[problem.claim].json : NULL;
        refuse(r, name, rule_of(problem.claim));
    }
}

/* Verifiers refuse a signature that is more than a day older than its issue date. */
static void check_issue_date(struct reading *r)
{
    int64_t issue_day = credential_number(r->credential, SAKSI_CLAIM_ISSUE_DATE);
    if (r->context->now_s < (issue_day - 1) * DAY_S) {
        refuse(r, claim_info[SAKSI_CLAIM_ISSUE_DATE].json,
               "is in the future; it would be refused as signed before it was issued");
    }
}

/* --- files --- */

bool record_file_open(struct span text, struct record_file *ret_file, struct record_notes *notes)
{
    char where[48] = "";
    struct record_file file = {.is_array = false};
    if (!json_open(text, &file.json)) {
        (void)snprintf(where, sizeof where, "line %d", file.json.problem.line);
        add_note(notes, where, file.json.problem.what);
        return false;
    }
    file.is_array = json_at(file.json.document, 0) != NULL;
    if (json_count(file.json.document) == 0) {
        add_note(notes, "", "has no record: an object or an array of objects is needed");
    } else if (file.is_array && json_count(file.json.document) > RECORD_MAX_IN_FILE) {
        add_note(notes, "", "has more than 10000 records");
    } else {
        *ret_file = file;
        return true;
    }
    json_close(&file.json);
    return false;
}

void record_file_close(struct record_file *file)
{
    json_close(&file->json);
}

size_t record_file_count(const struct record_file *file)
{
    return file->is_array ? json_count(file->json.document) : 1;
}

bool record_read(struct record_file *file, size_t at, const struct record_context *context,
                 struct credential *ret_credential, struct record_notes *problems,
                 struct record_notes *warnings)
{
    struct reading r = {
        .json = &file->json,
        .object = file->is_array ? json_at(file->json.document, at) : file->json.document,
        .context = context,
        .credential = ret_credential,
        .problems = problems,
    };
    size_t before = problems->count;
    if (file->is_array) {
        json_stand_at(&file->json, at);
    }
    memset(ret_credential, 0, sizeof *ret_credential);
    if (!json_is_an_object(r.object)) {
        json_refuse(r.json, r.object, NULL, "must be an object");
        (void)note_refusal(r.json, problems);
        return false;
    }
    refuse_strange_members(&r);
    for (int claim = 0; claim < SAKSI_CLAIM_COUNT; claim++) {
        if (is_taken_from_records((enum saksi_claim)claim)) {
            read_claim(&r, (enum saksi_claim)claim);
        }
    }
    if (problems->count == before) {
        check_conditions(&r);
        check_issue_date(&r);
    }
    if (problems->count == before) {
        record_warnings_find(r.json, r.object, context, r.credential, warnings);
    }
    return problems->count == before;
}
