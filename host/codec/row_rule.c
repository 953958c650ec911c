/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of recognition (WIRE.md, "Rows", type 6). One table of the fields drives reader and writer;
 * what a rule means is recognition's.
 */
#include "codec/row_field.h"

enum field_kind {
    FIELD_NUMBER, /* int, or an enumeration of that size */
    FIELD_DAY,    /* int64_t */
    FIELD_UNTIL,  /* int64_t, null: ROW_NO_END_DAY */
    FIELD_STATE,  /* struct span */
    FIELD_CODE,   /* struct span */
    FIELD_TEXT,   /* struct span */
    FIELD_SET,    /* unsigned, one bit a number */
    FIELD_STATES, /* nationality */
    FIELD_NAMES,  /* conditions */
};

/* `least` and `most` bound numbers and lengths; for FIELD_SET `most` is the number of elements. */
struct field {
    enum field_kind kind;
    bool always;
    size_t at;
    int least, most;
};

#define AT(member) offsetof(struct row_rule, member)

/* clang-format off */
static const struct field fields[] = {
    [1]  = {FIELD_NUMBER, true,  AT(arrangement),        1, ROW_UNILATERAL},
    [2]  = {FIELD_NUMBER, true,  AT(result),             1, ROW_SUSPENDED},
    [3]  = {FIELD_STATE,  true,  AT(issuing_state),      2, 2},
    [4]  = {FIELD_DAY,    true,  AT(valid_from_day),     0, 0},
    [5]  = {FIELD_UNTIL,  true,  AT(valid_until_day),    0, 0},
    [6]  = {FIELD_SET,    false, AT(purposes),           1, 4},
    [7]  = {FIELD_CODE,   false, AT(awarding_body),      ROW_MIN_ISSUER, ROW_MAX_ISSUER},
    [8]  = {FIELD_CODE,   false, AT(certification_body), ROW_MIN_ISSUER, ROW_MAX_ISSUER},
    [9]  = {FIELD_SET,    false, AT(scheme_types),       1, 6},
    [10] = {FIELD_NUMBER, false, AT(coverage),           1, 255},
    [11] = {FIELD_NUMBER, false, AT(standard_family),    1, 255},
    [12] = {FIELD_CODE,   false, AT(scheme_code),        1, ROW_MAX_SCHEME_CODE},
    [13] = {FIELD_CODE,   false, AT(scheme_prefix),      1, ROW_MAX_SCHEME_CODE},
    [14] = {FIELD_CODE,   false, AT(sector_prefix),      1, ROW_MAX_SECTOR_CODE},
    [15] = {FIELD_CODE,   false, AT(occupation_prefix),  1, ROW_MAX_OCCUPATION_CODE},
    [16] = {FIELD_CODE,   false, AT(job_index),          1, ROW_MAX_JOB_CODE},
    [17] = {FIELD_STATES, false, AT(nationality),        1, ROW_MAX_NATIONALITIES},
    [18] = {FIELD_NUMBER, false, AT(framework),          1, ROW_MAX_FRAMEWORK},
    [19] = {FIELD_NUMBER, false, AT(edition),            1, ROW_MAX_EDITION},
    [20] = {FIELD_NUMBER, false, AT(level_least),        0, ROW_MAX_LEVEL},
    [21] = {FIELD_NUMBER, false, AT(level_most),         0, ROW_MAX_LEVEL},
    [22] = {FIELD_DAY,    false, AT(issued_from_day),    0, 0},
    [23] = {FIELD_DAY,    false, AT(issued_until_day),   0, 0},
    [24] = {FIELD_NAMES,  false, AT(conditions),         0, 0},
    [25] = {FIELD_TEXT,   false, AT(source),             1, ROW_MAX_SOURCE},
};
/* clang-format on */
#define FIRST_LABEL 1
#define LAST_LABEL  25
#define MAX_SET_BIT 31

/* What stands for "does not ask", so that the writer can tell what to leave out. */
static const struct row_rule any = {
    .valid_until_day = ROW_NO_END_DAY,
    .level_least = -1,
    .level_most = -1,
    .issued_from_day = INT64_MIN,
    .issued_until_day = INT64_MAX,
};

/* Strictly ascending, so that one set has one encoding. */
static unsigned read_set(struct cbor_cursor *c, size_t most)
{
    unsigned bits = 0;
    int least = 1;
    size_t count = cbor_read_array(c, 1, most);
    for (size_t i = 0; i < count && c->error == CBOR_OK; i++) {
        int value = trust_read_small(c, least, MAX_SET_BIT);
        bits |= 1u << value;
        least = value + 1;
    }
    return bits;
}

static void write_set(struct writer *w, unsigned bits)
{
    size_t count = 0;
    for (unsigned left = bits; left != 0; left &= left - 1) {
        count++;
    }
    cbor_write_array(w, count);
    for (unsigned value = 0; value <= MAX_SET_BIT; value++) {
        if ((bits >> value & 1) != 0) {
            cbor_write_uint(w, value);
        }
    }
}

static void read_states(struct cbor_cursor *c, struct row_rule *rule)
{
    rule->nationality_count = cbor_read_array(c, 1, ROW_MAX_NATIONALITIES);
    for (size_t i = 0; i < rule->nationality_count && c->error == CBOR_OK; i++) {
        rule->nationality[i] = trust_read_state(c);
        if (i > 0 && span_compare(rule->nationality[i - 1], rule->nationality[i]) >= 0) {
            cbor_fail(c, CBOR_UNSORTED);
        }
    }
}

static void read_field(struct cbor_cursor *c, const struct field *f, struct row_rule *rule)
{
    void *member = (uint8_t *)rule + f->at;
    switch (f->kind) {
    case FIELD_NUMBER:
        *(int *)member = trust_read_small(c, f->least, f->most);
        break;
    case FIELD_DAY:
        *(int64_t *)member = trust_read_day(c);
        break;
    case FIELD_UNTIL:
        *(int64_t *)member = trust_read_until(c, TRUST_LEAST_DAY);
        break;
    case FIELD_STATE:
        *(struct span *)member = trust_read_state(c);
        break;
    case FIELD_CODE:
        *(struct span *)member = cbor_read_code(c, (size_t)f->least, (size_t)f->most);
        break;
    case FIELD_TEXT:
        *(struct span *)member = cbor_read_text(c, (size_t)f->least, (size_t)f->most);
        break;
    case FIELD_SET:
        *(unsigned *)member = read_set(c, (size_t)f->most);
        break;
    case FIELD_STATES:
        read_states(c, rule);
        break;
    case FIELD_NAMES:
        row_read_names(c, &rule->conditions);
        break;
    }
}

static void write_field(struct writer *w, const struct field *f, const struct row_rule *rule)
{
    const void *member = (const uint8_t *)rule + f->at;
    switch (f->kind) {
    case FIELD_NUMBER:
        cbor_write_int(w, *(const int *)member);
        break;
    case FIELD_DAY:
        cbor_write_int(w, *(const int64_t *)member);
        break;
    case FIELD_UNTIL:
        trust_write_until(w, *(const int64_t *)member);
        break;
    case FIELD_STATE:
    case FIELD_CODE:
    case FIELD_TEXT:
        cbor_write_text(w, *(const struct span *)member);
        break;
    case FIELD_SET:
        write_set(w, *(const unsigned *)member);
        break;
    case FIELD_STATES:
        cbor_write_array(w, rule->nationality_count);
        for (size_t i = 0; i < rule->nationality_count; i++) {
            cbor_write_text(w, rule->nationality[i]);
        }
        break;
    case FIELD_NAMES:
        row_write_names(w, &rule->conditions);
        break;
    }
}

/* Whether the rule asks about this field at all. */
static bool is_set(const struct field *f, const struct row_rule *rule)
{
    const void *member = (const uint8_t *)rule + f->at;
    const void *none = (const uint8_t *)&any + f->at;
    switch (f->kind) {
    case FIELD_NUMBER:
        return *(const int *)member != *(const int *)none;
    case FIELD_DAY:
    case FIELD_UNTIL:
        return *(const int64_t *)member != *(const int64_t *)none;
    case FIELD_STATE:
    case FIELD_CODE:
    case FIELD_TEXT:
        return ((const struct span *)member)->len != 0;
    case FIELD_SET:
        return *(const unsigned *)member != 0;
    case FIELD_STATES:
        return rule->nationality_count != 0;
    case FIELD_NAMES:
        return rule->conditions.count != 0;
    }
    return false;
}

/* Intervals that end before they begin, and levels that no certificate can have, are slips of
 * whoever wrote the rule. */
static bool is_sensible(const struct row_rule *rule)
{
    bool levels_fit =
        rule->level_least < 0 || rule->level_most < 0 || rule->level_least <= rule->level_most;
    return rule->valid_from_day <= rule->valid_until_day &&
           rule->issued_from_day <= rule->issued_until_day && levels_fit;
}

bool row_rule_decode(struct span bytes, struct row_rule *ret_rule)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    *ret_rule = any;
    row_read_head(&c, ROW_RULE, 3);
    ret_rule->id = cbor_read_code(&c, 1, ROW_MAX_RULE_ID);
    struct cbor_map map = cbor_read_map(&c, 5, LAST_LABEL);
    uint32_t seen = 0;
    int64_t label;
    while (cbor_map_next_int(&c, &map, &label)) {
        if (label < FIRST_LABEL || label > LAST_LABEL) {
            return false;
        }
        seen |= UINT32_C(1) << label;
        read_field(&c, &fields[label], ret_rule);
    }
    for (int i = FIRST_LABEL; i <= LAST_LABEL; i++) {
        if (fields[i].always && (seen >> i & 1) == 0) {
            return false;
        }
    }
    return cbor_finish(&c) && is_sensible(ret_rule);
}

void row_rule_write(struct writer *w, const struct row_rule *rule)
{
    size_t count = 0;
    for (int i = FIRST_LABEL; i <= LAST_LABEL; i++) {
        count += fields[i].always || is_set(&fields[i], rule);
    }
    row_write_head(w, ROW_RULE, 3);
    cbor_write_text(w, rule->id);
    cbor_write_map(w, count);
    for (int i = FIRST_LABEL; i <= LAST_LABEL; i++) {
        if (fields[i].always || is_set(&fields[i], rule)) {
            cbor_write_int(w, i);
            write_field(w, &fields[i], rule);
        }
    }
}
