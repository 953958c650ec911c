/* SPDX-License-Identifier: Apache-2.0
 *
 * A verdict as one JSON object a line. Member names and values are stable: programs depend on them.
 */
#include "cli/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

const char *show_assurance(enum saksi_assurance assurance)
{
    static const char *const name[] = {
        [SAKSI_ASSURANCE_NONE] = "none",
        [SAKSI_ASSURANCE_CARD_READ] = "card_read",
        [SAKSI_ASSURANCE_QR] = "qr",
        [SAKSI_ASSURANCE_QR_FACE] = "qr_face",
        [SAKSI_ASSURANCE_TOKEN_PROVED] = "token_proved",
        [SAKSI_ASSURANCE_CARD_PROVED] = "card_proved",
    };
    return name[assurance];
}

static const char *severity_name(enum saksi_outcome severity)
{
    return outcome_json(severity);
}

static struct json_value *codes_json(const struct credential *c)
{
    struct json_value *codes = json_new_array();
    for (size_t i = 0; i < c->unit_count; i++) {
        json_append_text(codes, c->unit[i]);
    }
    return codes;
}

/* A birth date of which only the year is known has the same name: "birth_date": "1990". */
static void put_birth_year(struct json_value *object, int64_t year)
{
    char text[8];
    (void)snprintf(text, sizeof text, "%04d", (int)year);
    json_put_string(object, claim_info[SAKSI_CLAIM_BIRTH_DATE].json, text);
}

static void put_claim(struct json_value *object, const struct credential *c, enum saksi_claim claim)
{
    const struct claim_info *info = &claim_info[claim];
    int64_t number = credential_number(c, claim);
    struct span text = credential_text(c, claim);
    switch (info->kind) {
    case CLAIM_CODE:
    case CLAIM_TEXT:
        json_put_text(object, info->json, text);
        break;
    case CLAIM_NUMBER:
        json_put_int(object, info->json, number);
        break;
    case CLAIM_DAY:
        json_put_day(object, info->json, number);
        break;
    case CLAIM_DAY_OR_NULL:
        if ((c->is_null >> claim & 1) != 0) {
            json_put_null(object, info->json);
        } else {
            json_put_day(object, info->json, number);
        }
        break;
    case CLAIM_ENUM:
        json_put_string(object, info->json, claim_value_name(claim, number));
        break;
    case CLAIM_BYTES:
    case CLAIM_CKT:
        json_put_hex(object, info->json, text);
        break;
    case CLAIM_CODES:
        json_put(object, info->json, codes_json(c));
        break;
    }
}

static struct json_value *certificate_json(const struct verdict *v)
{
    struct json_value *object = json_new_object();
    for (enum saksi_claim claim = 0; claim < SAKSI_CLAIM_COUNT; claim++) {
        if (claim == SAKSI_CLAIM_BIRTH_YEAR && credential_has(&v->credential, claim)) {
            put_birth_year(object, credential_number(&v->credential, claim));
        } else if (credential_has(&v->credential, claim)) {
            put_claim(object, &v->credential, claim);
        }
    }
    return object;
}

static struct json_value *reasons_json(const struct verdict *v)
{
    struct json_value *reasons = json_new_array();
    for (size_t i = 0; i < v->reason_count; i++) {
        const struct reason_info *info = reason_find(v->reason[i].reason);
        struct json_value *reason = json_new_object();
        json_put_int(reason, "code", info->reason);
        json_put_string(reason, "name", info->name);
        json_put_string(reason, "severity", severity_name(info->severity));
        if (v->reason[i].state[0] != '\0') {
            json_put_string(reason, "state", v->reason[i].state);
        }
        json_append(reasons, reason);
    }
    return reasons;
}

static struct json_value *issuer_json(const struct show *show, const struct verdict *v)
{
    struct json_value *issuer = json_new_object();
    if (v->genuine) {
        json_put_text(issuer, "id", credential_text(&v->credential, SAKSI_CLAIM_ISS));
        json_put_text(issuer, "name", row_name(&v->issuer_names, span_str(show->lang)));
        json_put_string(issuer, "awarding_body", v->awarding_body);
    } else {
        json_put_string(issuer, "claimed", v->claimed_issuer);
    }
    return issuer;
}

static struct json_value *recognition_json(const struct verdict *v)
{
    struct json_value *recognition = json_new_object();
    if (v->recognition.domestic) {
        json_put_string(recognition, "result", "domestic");
    } else if (!v->recognition.covered) {
        json_put_string(recognition, "result", "not_covered");
    } else {
        json_put_string(recognition, "result",
                        row_enum_name(ROW_ENUM_RESULT, v->recognition.result));
        json_put_string(recognition, "arrangement",
                        row_enum_name(ROW_ENUM_ARRANGEMENT, v->recognition.arrangement));
        json_put_string(recognition, "rule", v->recognition.rule);
    }
    return recognition;
}

static struct json_value *trust_json(const struct verdict *v)
{
    struct json_value *trust = json_new_object();
    json_put_int(trust, "header_version", v->trust.header_version);
    json_put_time(trust, "issued_at", v->trust.issued_at_s);
    json_put_int(trust, "age_days", v->trust.age_days);
    return trust;
}

static struct json_value *verdict_json(const struct show *show, const struct show_source *source,
                                       const struct verdict *v)
{
    struct json_value *object = json_new_object();
    if (source->event != NULL) {
        json_put_string(object, "event", "verdict");
        json_put_string(object, "reader", source->event);
    }
    json_put_string(object, "input", source->input);
    if (source->page > 0) {
        json_put_int(object, "page", source->page);
    }
    json_put_string(object, "outcome", outcome_json(v->outcome));
    json_put_string(object, "assurance", show_assurance(v->assurance));
    json_put_string(object, "person",
                    verdict_has(v, SAKSI_COMPARE_PHOTO) ? "compare_photo" : "not_checked");
    if (source->same_paper) {
        json_put_string(object, "paper", "same");
    }
    json_put(object, "reasons", reasons_json(v));
    if (v->genuine) {
        json_put(object, "certificate", certificate_json(v));
    }
    if (v->genuine || v->claimed_issuer[0] != '\0') {
        json_put(object, "issuer", issuer_json(show, v));
    }
    if (v->recognition.evaluated) {
        json_put(object, "recognition", recognition_json(v));
    }
    if (v->trust.known) {
        json_put(object, "trust", trust_json(v));
    }
    if (v->sample || show->sample) {
        json_put_bool(object, "sample", true);
    }
    return object;
}

bool show_json(const struct show *show, const struct show_source *source, const struct verdict *v)
{
    struct json_value *object = verdict_json(show, source, v);
    char *text = json_format(object, 0);
    json_free(object);
    if (text == NULL) {
        return false;
    }
    puts(text);
    free(text);
    return true;
}
