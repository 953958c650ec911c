/* SPDX-License-Identifier: Apache-2.0
 *
 * Claims ↔ CBOR, driven by saksi/claim.def: one row, one line of behaviour by its kind. Conditions
 * between claims are in credential_check.c. Nothing here knows what a claim is trusted for.
 */
#include "codec/credential.h"

#include "codec/cose.h"

#define LABEL_CERTIFICATE (-65537)
#define LABEL_CKT         5 /* RFC 9679 §4 */
#define CODE_IN_LIST_MAX  24

#define ALWAYS   true
#define OPTIONAL false

const struct claim_info claim_info[SAKSI_CLAIM_COUNT] = {
#define SAKSI_TOP_CLAIM(name, json, label, kind, least, most, presence)                            \
    {json, label, CLAIM_##kind, least, most, presence, true},
#define SAKSI_CLAIM(name, json, label, kind, least, most, presence)                                \
    {json, label, CLAIM_##kind, least, most, presence, false},
#include <saksi/claim.def>
};

_Static_assert(SAKSI_CLAIM_COUNT <= 64, "one bit a claim");

static const struct {
    enum saksi_claim claim;
    int64_t number;
    const char *name;
} claim_value_table[] = {
#define SAKSI_CLAIM_VALUE(claim, number, name) {SAKSI_CLAIM_##claim, number, name},
#include <saksi/claim_enum.def>
};

#define VALUE_COUNT (sizeof claim_value_table / sizeof claim_value_table[0])

const char *claim_value_name(enum saksi_claim claim, int64_t value)
{
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        if (claim_value_table[i].claim == claim && claim_value_table[i].number == value) {
            return claim_value_table[i].name;
        }
    }
    return NULL;
}

int64_t claim_value_number(enum saksi_claim claim, struct span name)
{
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        if (claim_value_table[i].claim == claim &&
            span_equal(name, span_str(claim_value_table[i].name))) {
            return claim_value_table[i].number;
        }
    }
    return 0;
}

enum saksi_claim claim_of_json(struct span name)
{
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        if (span_equal(name, span_str(claim_info[i].json))) {
            return (enum saksi_claim)i;
        }
    }
    return SAKSI_CLAIM_COUNT;
}

/* One run over a payload. `claim` is where it stands, so that a refusal can name the claim. */
struct decoder {
    struct cbor_cursor cursor;
    struct credential *credential;
    enum saksi_claim claim;
    bool unsupported;
    enum saksi_claim unsupported_claim; /* the first one; SAKSI_CLAIM_COUNT for an unknown label */
};

static void note_unsupported(struct decoder *d, enum saksi_claim claim)
{
    if (!d->unsupported) {
        d->unsupported = true;
        d->unsupported_claim = claim;
    }
}

static void read_codes(struct decoder *d, size_t least, size_t most)
{
    size_t room = most < CREDENTIAL_MAX_UNITS ? most : CREDENTIAL_MAX_UNITS;
    size_t count = cbor_read_array(&d->cursor, least, room);
    for (size_t i = 0; i < count; i++) {
        d->credential->unit[i] = cbor_read_code(&d->cursor, 1, CODE_IN_LIST_MAX);
    }
    d->credential->unit_count = count;
}

/* The confirmation (RFC 8747 §3.1); only the thumbprint of a COSE key is known here. */
static struct span read_ckt(struct decoder *d, size_t size)
{
    struct span thumbprint = {NULL, 0};
    struct cbor_map map = cbor_read_map(&d->cursor, 1, SIZE_MAX);
    int64_t label;
    while (cbor_map_next_label(&d->cursor, &map, &label)) {
        if (label == LABEL_CKT) {
            thumbprint = cbor_read_bytes(&d->cursor, size, size);
        } else {
            note_unsupported(d, d->claim);
            cbor_skip(&d->cursor);
        }
    }
    return thumbprint;
}

static int64_t read_enum(struct decoder *d)
{
    int64_t value = (int64_t)cbor_read_uint(&d->cursor, 0, INT64_MAX);
    if (claim_value_name(d->claim, value) == NULL) {
        note_unsupported(d, d->claim);
    }
    return value;
}

static void read_value(struct decoder *d, const struct claim_info *info, struct claim_value *value)
{
    struct cbor_cursor *c = &d->cursor;
    size_t least = info->least < 0 ? 0 : (size_t)info->least;
    size_t most = info->most < 0 ? 0 : (size_t)info->most;
    switch (info->kind) {
    case CLAIM_CODE:
        value->text = cbor_read_code(c, least, most);
        break;
    case CLAIM_TEXT:
        value->text = cbor_read_text(c, least, most);
        break;
    case CLAIM_BYTES:
        value->text = cbor_read_bytes(c, least, most);
        break;
    case CLAIM_NUMBER:
    case CLAIM_DAY:
        value->number = cbor_read_int(c, info->least, info->most);
        break;
    case CLAIM_DAY_OR_NULL:
        if (cbor_read_null(c)) {
            d->credential->is_null |= (uint64_t)1 << d->claim;
        } else {
            value->number = cbor_read_int(c, info->least, info->most);
        }
        break;
    case CLAIM_ENUM:
        value->number = read_enum(d);
        break;
    case CLAIM_CODES:
        read_codes(d, least, most);
        break;
    case CLAIM_CKT:
        value->text = read_ckt(d, most);
        break;
    }
}

static enum saksi_claim claim_of_label(int64_t label, bool top)
{
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        if (claim_info[i].label == label && claim_info[i].top == top) {
            return (enum saksi_claim)i;
        }
    }
    return SAKSI_CLAIM_COUNT;
}

static void read_claim(struct decoder *d, int64_t label, bool top)
{
    d->claim = claim_of_label(label, top);
    if (d->claim == SAKSI_CLAIM_COUNT) {
        note_unsupported(d, SAKSI_CLAIM_COUNT);
        cbor_skip(&d->cursor);
        return;
    }
    d->credential->present |= (uint64_t)1 << d->claim;
    read_value(d, &claim_info[d->claim], &d->credential->value[d->claim]);
    /* What goes wrong between two claims is neither's fault. */
    if (d->cursor.error == CBOR_OK) {
        d->claim = SAKSI_CLAIM_COUNT;
    }
}

static void read_certificate(struct decoder *d)
{
    struct cbor_map map = cbor_read_map(&d->cursor, 0, SIZE_MAX);
    int64_t label;
    while (cbor_map_next_label(&d->cursor, &map, &label)) {
        read_claim(d, label, false);
    }
}

static void read_claims(struct decoder *d)
{
    struct cbor_map map = cbor_read_map(&d->cursor, 0, SIZE_MAX);
    int64_t label;
    while (cbor_map_next_label(&d->cursor, &map, &label)) {
        if (label == LABEL_CERTIFICATE) {
            read_certificate(d);
        } else {
            read_claim(d, label, true);
        }
    }
}

/* A payload that is no CBOR at all is malformed before anything in it can be unsupported. */
static struct credential_problem decode(struct span payload, struct credential *credential)
{
    struct credential_problem malformed = {CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_COUNT};
    if (payload.len > CREDENTIAL_MAX_BYTES) {
        return malformed;
    }
    struct decoder d = {.cursor = cbor_cursor_of(payload), .credential = credential};
    d.claim = SAKSI_CLAIM_COUNT;
    read_claims(&d);
    if (!cbor_finish(&d.cursor)) {
        malformed.cbor = d.cursor.error;
        malformed.claim = d.claim;
        return malformed;
    }
    if (d.unsupported) {
        return (struct credential_problem){CREDENTIAL_UNSUPPORTED, CBOR_OK, d.unsupported_claim};
    }
    return credential_check(credential);
}

struct credential_problem credential_decode(struct span payload, struct credential *ret_credential)
{
    memset(ret_credential, 0, sizeof *ret_credential);
    struct credential_problem problem = decode(payload, ret_credential);
    if (problem.error != CREDENTIAL_OK) {
        memset(ret_credential, 0, sizeof *ret_credential);
    }
    return problem;
}

bool credential_open(struct span document, struct cose_sign1 *ret_cose,
                     struct credential *ret_claims)
{
    return cose_sign1_decode(document, COSE_TYP_CREDENTIAL, ret_cose) == COSE_OK &&
           credential_decode(ret_cose->payload, ret_claims).error == CREDENTIAL_OK;
}

static void write_codes(struct writer *w, const struct credential *c)
{
    cbor_write_array(w, c->unit_count);
    for (size_t i = 0; i < c->unit_count && i < CREDENTIAL_MAX_UNITS; i++) {
        cbor_write_text(w, c->unit[i]);
    }
}

static void write_value(struct writer *w, const struct credential *c, enum saksi_claim claim)
{
    const struct claim_value *value = &c->value[claim];
    switch (claim_info[claim].kind) {
    case CLAIM_CODE:
    case CLAIM_TEXT:
        cbor_write_text(w, value->text);
        break;
    case CLAIM_BYTES:
        cbor_write_bytes(w, value->text);
        break;
    case CLAIM_DAY_OR_NULL:
        if ((c->is_null >> claim & 1) != 0) {
            cbor_write_null(w);
            break;
        }
        cbor_write_int(w, value->number);
        break;
    case CLAIM_NUMBER:
    case CLAIM_DAY:
    case CLAIM_ENUM:
        cbor_write_int(w, value->number);
        break;
    case CLAIM_CODES:
        write_codes(w, c);
        break;
    case CLAIM_CKT:
        cbor_write_map(w, 1);
        cbor_write_uint(w, LABEL_CKT);
        cbor_write_bytes(w, value->text);
        break;
    }
}

static void write_claims(struct writer *w, const struct credential *c, bool top)
{
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        if (claim_info[i].top == top && credential_has(c, (enum saksi_claim)i)) {
            cbor_write_int(w, claim_info[i].label);
            write_value(w, c, (enum saksi_claim)i);
        }
    }
}

static size_t count_claims(const struct credential *c, bool top)
{
    size_t count = 0;
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        count += claim_info[i].top == top && credential_has(c, (enum saksi_claim)i);
    }
    return count;
}

/* The claims in their order: in the outer map the certificate comes last, its label being the only
 * negative. */
static void write_payload(struct writer *w, const struct credential *c)
{
    cbor_write_map(w, count_claims(c, true) + 1);
    write_claims(w, c, true);
    cbor_write_int(w, LABEL_CERTIFICATE);
    cbor_write_map(w, count_claims(c, false));
    write_claims(w, c, false);
}

/* What was written is read back, so that nothing can be issued that a reader refuses: the limits
 * stand in one place only. */
struct credential_problem credential_encode(const struct credential *c, struct writer *w)
{
    uint8_t room[CREDENTIAL_MAX_BYTES];
    struct writer payload = writer_of(room, sizeof room);
    write_payload(&payload, c);
    if (!writer_ok(&payload) || c->unit_count > CREDENTIAL_MAX_UNITS) {
        return (struct credential_problem){CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_COUNT};
    }
    struct credential back;
    struct credential_problem problem = credential_decode(writer_span(&payload), &back);
    if (problem.error == CREDENTIAL_OK) {
        writer_put(w, writer_span(&payload));
    }
    return problem;
}

void credential_set_text(struct credential *c, enum saksi_claim claim, struct span text)
{
    c->present |= (uint64_t)1 << claim;
    c->value[claim] = (struct claim_value){.text = text};
}

void credential_set_number(struct credential *c, enum saksi_claim claim, int64_t number)
{
    c->present |= (uint64_t)1 << claim;
    c->is_null &= ~((uint64_t)1 << claim);
    c->value[claim] = (struct claim_value){.number = number};
}

void credential_set_null(struct credential *c, enum saksi_claim claim)
{
    credential_set_number(c, claim, 0);
    c->is_null |= (uint64_t)1 << claim;
}

bool credential_add_unit(struct credential *c, struct span code)
{
    if (c->unit_count >= CREDENTIAL_MAX_UNITS) {
        return false;
    }
    c->present |= (uint64_t)1 << SAKSI_CLAIM_UNITS;
    c->unit[c->unit_count++] = code;
    return true;
}

void credential_clear(struct credential *c, enum saksi_claim claim)
{
    c->present &= ~((uint64_t)1 << claim);
    c->is_null &= ~((uint64_t)1 << claim);
    c->value[claim] = (struct claim_value){{NULL, 0}, 0};
    if (claim == SAKSI_CLAIM_UNITS) {
        memset(c->unit, 0, sizeof c->unit);
        c->unit_count = 0;
    }
}

void credential_clear_holder(struct credential *c)
{
    static const enum saksi_claim about_holder[] = {
        SAKSI_CLAIM_HOLDER_NAME,          SAKSI_CLAIM_HOLDER_NAME_NATIVE,
        SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, SAKSI_CLAIM_BIRTH_DATE,
        SAKSI_CLAIM_BIRTH_YEAR,           SAKSI_CLAIM_NATIONALITY,
        SAKSI_CLAIM_HOLDER_ID_TYPE,       SAKSI_CLAIM_HOLDER_ID_HINT,
        SAKSI_CLAIM_PHOTO_DIGEST,         SAKSI_CLAIM_FACE,
    };
    for (size_t i = 0; i < sizeof about_holder / sizeof about_holder[0]; i++) {
        credential_clear(c, about_holder[i]);
    }
}

bool credential_siblings(const struct credential *a, const struct credential *b)
{
    const uint64_t may_differ = UINT64_C(1) << SAKSI_CLAIM_IAT | UINT64_C(1) << SAKSI_CLAIM_CNF |
                                UINT64_C(1) << SAKSI_CLAIM_STATUS_INDEX |
                                UINT64_C(1) << SAKSI_CLAIM_PHOTO_DIGEST |
                                UINT64_C(1) << SAKSI_CLAIM_FACE;
    bool same = (a->present & ~may_differ) == (b->present & ~may_differ) &&
                a->is_null == b->is_null && a->unit_count == b->unit_count;
    for (unsigned claim = 0; claim < SAKSI_CLAIM_COUNT && same; claim++) {
        same = (may_differ >> claim & 1) != 0 ||
               (a->value[claim].number == b->value[claim].number &&
                span_equal(a->value[claim].text, b->value[claim].text));
    }
    for (size_t i = 0; i < a->unit_count && same; i++) {
        same = span_equal(a->unit[i], b->unit[i]);
    }
    return same;
}
