/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that explain: framework maps and titles (WIRE.md, "Rows", types 8 to 11); and the names of
 * enumerated values, as JSON sources and output spell them.
 */
#include "codec/row_field.h"

#define MAX_AQRF_LEVEL 8
#define MAX_MAP_STATUS 3

bool row_framework_decode(struct span bytes, struct row_framework *ret_framework)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_FRAMEWORK, 7);
    ret_framework->framework = trust_read_small(&c, 1, ROW_MAX_FRAMEWORK);
    ret_framework->edition = trust_read_small(&c, 1, ROW_MAX_EDITION);
    ret_framework->level = trust_read_small(&c, 0, ROW_MAX_LEVEL);
    ret_framework->aqrf_level = cbor_read_null(&c) ? 0 : trust_read_small(&c, 1, MAX_AQRF_LEVEL);
    ret_framework->status = trust_read_small(&c, 1, MAX_MAP_STATUS);
    ret_framework->source = cbor_read_text(&c, 1, ROW_MAX_SOURCE);
    return cbor_finish(&c);
}

void row_framework_write(struct writer *w, const struct row_framework *framework)
{
    row_write_head(w, ROW_FRAMEWORK, 7);
    cbor_write_int(w, framework->framework);
    cbor_write_int(w, framework->edition);
    cbor_write_int(w, framework->level);
    if (framework->aqrf_level == 0) {
        cbor_write_null(w);
    } else {
        cbor_write_int(w, framework->aqrf_level);
    }
    cbor_write_int(w, framework->status);
    cbor_write_text(w, framework->source);
}

static size_t longest_code(enum row_type type)
{
    return type == ROW_SCHEME_TITLE ? ROW_MAX_SCHEME_CODE
           : type == ROW_UNIT_TITLE ? ROW_MAX_UNIT_CODE
                                    : ROW_MAX_JOB_CODE;
}

bool row_title_decode(struct span bytes, struct row_title *ret_title)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    cbor_read_array(&c, 3, 3);
    ret_title->type = (enum row_type)cbor_read_uint(&c, ROW_SCHEME_TITLE, ROW_JOB_TITLE);
    ret_title->code = cbor_read_code(&c, 1, longest_code(ret_title->type));
    row_read_names(&c, &ret_title->names);
    return cbor_finish(&c);
}

void row_title_write(struct writer *w, const struct row_title *title)
{
    row_write_head(w, title->type, 3);
    cbor_write_text(w, title->code);
    row_write_names(w, &title->names);
}

/* ---- names of values ---- */

#define MAX_ENUM_VALUE 6

static const char *const names[][MAX_ENUM_VALUE + 1] = {
    [ROW_ENUM_ISSUER_KIND] = {NULL, "awarding_body", "certification_body", "centre"},
    [ROW_ENUM_KEY_END] = {NULL, "superseded", "ceased", "compromised"},
    [ROW_ENUM_SET] = {NULL, "revoked", "suspended", "survivors"},
    [ROW_ENUM_RANGE_STATUS] = {NULL, "revoked", "suspended", "reinstated"},
    [ROW_ENUM_ARRANGEMENT] = {NULL, "AGP", "MRA-TP", "MRS", "BILATERAL", "UNILATERAL"},
    [ROW_ENUM_RESULT] = {NULL, "recognised", "recognised_with_conditions", "case_by_case",
                         "not_recognised", "suspended"},
    [ROW_ENUM_REASON] = {NULL, "unspecified", "error", "fraud", "holder_request", "superseded",
                         "centre_fraud"},
    [ROW_ENUM_PURPOSE] = {NULL, "border", "hiring", "hotel", "event"},
    [ROW_ENUM_MAP_STATUS] = {NULL, "endorsed", "draft", "none"},
};

const char *row_enum_name(enum row_enum which, int value)
{
    return value >= 1 && value <= MAX_ENUM_VALUE ? names[which][value] : NULL;
}

int row_enum_value(enum row_enum which, struct span name)
{
    for (int value = 1; value <= MAX_ENUM_VALUE; value++) {
        const char *known = names[which][value];
        if (known != NULL && span_equal(name, span_str(known))) {
            return value;
        }
    }
    return 0;
}
