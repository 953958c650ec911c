/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows about issuers: who they are, what they are licensed for, with which keys they sign (WIRE.md,
 * "Rows", types 1 and 2), and names by language. Reader and writer of each thing stand side by
 * side.
 */
#include "codec/row_field.h"

#define MAX_NAME_BYTES   160
#define MAX_KEY_PERIOD_S (400LL * 86400)

static bool is_language(struct span lang)
{
    for (size_t i = 0; i < lang.len; i++) {
        uint8_t ch = lang.ptr[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        bool inside = i > 0 && ((ch >= '0' && ch <= '9') || ch == '-');
        if (!letter && !inside) {
            return false;
        }
    }
    return lang.len >= 2 && lang.ptr[lang.len - 1] != '-';
}

void row_read_names(struct cbor_cursor *c, struct row_names *ret_names)
{
    struct cbor_map map = cbor_read_map(c, 1, ROW_MAX_NAMES);
    struct span lang;
    bool english = false;
    ret_names->count = 0;
    while (cbor_map_next_text(c, &map, ROW_MAX_LANGUAGE, &lang)) {
        if (!is_language(lang)) {
            cbor_fail(c, CBOR_RANGE);
            return;
        }
        english = english || span_equal(lang, span_str("en"));
        ret_names->name[ret_names->count].lang = lang;
        ret_names->name[ret_names->count].text = cbor_read_text(c, 1, MAX_NAME_BYTES);
        ret_names->count++;
    }
    if (!english) {
        cbor_fail(c, CBOR_RANGE);
    }
}

void row_write_names(struct writer *w, const struct row_names *names)
{
    cbor_write_map(w, names->count);
    for (size_t i = 0; i < names->count; i++) {
        cbor_write_text(w, names->name[i].lang);
        cbor_write_text(w, names->name[i].text);
    }
}

/* ---- licences and suspensions ---- */

static size_t read_codes(struct cbor_cursor *c, struct span *code, size_t count_most,
                         size_t len_most)
{
    size_t count = cbor_read_array(c, 0, count_most);
    for (size_t i = 0; i < count; i++) {
        code[i] = cbor_read_code(c, 1, len_most);
    }
    return count;
}

static void read_levels(struct cbor_cursor *c, struct row_levels *levels)
{
    cbor_read_array(c, 3, 3);
    levels->framework = trust_read_small(c, 1, ROW_MAX_FRAMEWORK);
    levels->least = trust_read_small(c, 0, ROW_MAX_LEVEL);
    levels->most = trust_read_small(c, levels->least, ROW_MAX_LEVEL);
}

void row_licence_next(struct cbor_cursor *c, struct row_licence *ret_licence)
{
    cbor_read_array(c, 5, 5);
    ret_licence->from_day = trust_read_day(c);
    ret_licence->until_day = trust_read_until(c, ret_licence->from_day);
    ret_licence->scheme_count =
        read_codes(c, ret_licence->scheme, ROW_MAX_SCHEMES, ROW_MAX_SCHEME_CODE);
    ret_licence->sector_count =
        read_codes(c, ret_licence->sector, ROW_MAX_SECTORS, ROW_MAX_SECTOR_CODE);
    ret_licence->levels_count = cbor_read_array(c, 0, ROW_MAX_LEVELS);
    for (size_t i = 0; i < ret_licence->levels_count; i++) {
        read_levels(c, &ret_licence->levels[i]);
    }
}

static void write_codes(struct writer *w, const struct span *code, size_t count)
{
    cbor_write_array(w, count);
    for (size_t i = 0; i < count; i++) {
        cbor_write_text(w, code[i]);
    }
}

static void write_licence(struct writer *w, const struct row_licence *licence)
{
    cbor_write_array(w, 5);
    cbor_write_int(w, licence->from_day);
    trust_write_until(w, licence->until_day);
    write_codes(w, licence->scheme, licence->scheme_count);
    write_codes(w, licence->sector, licence->sector_count);
    cbor_write_array(w, licence->levels_count);
    for (size_t i = 0; i < licence->levels_count; i++) {
        cbor_write_array(w, 3);
        cbor_write_int(w, licence->levels[i].framework);
        cbor_write_int(w, licence->levels[i].least);
        cbor_write_int(w, licence->levels[i].most);
    }
}

void row_suspension_next(struct cbor_cursor *c, struct row_suspension *ret_suspension)
{
    cbor_read_array(c, 3, 3);
    ret_suspension->from_day = trust_read_day(c);
    ret_suspension->until_day = trust_read_until(c, ret_suspension->from_day);
    ret_suspension->reason = trust_read_small(c, 1, ROW_MAX_REASON);
}

/* ---- issuer ---- */

bool row_issuer_decode(struct span bytes, struct row_issuer *ret_issuer)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_ISSUER, 7);
    ret_issuer->id = row_read_issuer(&c);
    ret_issuer->kind = (enum row_issuer_kind)trust_read_small(&c, 1, ROW_CENTRE);
    ret_issuer->parent = cbor_read_null(&c) ? span_of(NULL, 0) : row_read_issuer(&c);
    row_read_names(&c, &ret_issuer->names);

    ret_issuer->licence_count = cbor_read_array(&c, 0, ROW_MAX_LICENCES);
    ret_issuer->licences = c;
    struct row_licence licence;
    for (size_t i = 0; i < ret_issuer->licence_count && c.error == CBOR_OK; i++) {
        row_licence_next(&c, &licence);
    }
    ret_issuer->suspension_count = cbor_read_array(&c, 0, ROW_MAX_SUSPENSIONS);
    ret_issuer->suspensions = c;
    struct row_suspension suspension;
    for (size_t i = 0; i < ret_issuer->suspension_count && c.error == CBOR_OK; i++) {
        row_suspension_next(&c, &suspension);
    }
    return cbor_finish(&c);
}

void row_issuer_write(struct writer *w, struct span id, enum row_issuer_kind kind,
                      struct span parent, const struct row_names *names,
                      const struct row_licence *licence, size_t licence_count,
                      const struct row_suspension *suspension, size_t suspension_count)
{
    row_write_head(w, ROW_ISSUER, 7);
    cbor_write_text(w, id);
    cbor_write_int(w, kind);
    if (parent.len == 0) {
        cbor_write_null(w);
    } else {
        cbor_write_text(w, parent);
    }
    row_write_names(w, names);
    cbor_write_array(w, licence_count);
    for (size_t i = 0; i < licence_count; i++) {
        write_licence(w, &licence[i]);
    }
    cbor_write_array(w, suspension_count);
    for (size_t i = 0; i < suspension_count; i++) {
        cbor_write_array(w, 3);
        cbor_write_int(w, suspension[i].from_day);
        trust_write_until(w, suspension[i].until_day);
        cbor_write_int(w, suspension[i].reason);
    }
}

/* ---- key ---- */

/* What follows issuer and kid. */
static void read_key_fields(struct cbor_cursor *c, struct row_key *key)
{
    key->public_key = trust_read_public_key(c, &key->alg);
    key->from_s = trust_read_seconds(c);
    key->until_s = cbor_read_int(c, key->from_s, TRUST_MAX_SECONDS);
    key->end = ROW_KEY_OPEN;
    key->end_s = 0;
    if (!cbor_read_null(c)) {
        cbor_read_array(c, 2, 2);
        key->end = (enum row_key_end)trust_read_small(c, 1, ROW_KEY_COMPROMISED);
        key->end_s = trust_read_seconds(c);
    }
    if (key->until_s - key->from_s > MAX_KEY_PERIOD_S) {
        cbor_fail(c, CBOR_RANGE);
    }
}

static void write_key_fields(struct writer *w, const struct row_key *key)
{
    cbor_write_int(w, key->alg);
    cbor_write_bytes(w, key->public_key);
    cbor_write_int(w, key->from_s);
    cbor_write_int(w, key->until_s);
    if (key->end == ROW_KEY_OPEN) {
        cbor_write_null(w);
    } else {
        cbor_write_array(w, 2);
        cbor_write_int(w, key->end);
        cbor_write_int(w, key->end_s);
    }
}

bool row_key_decode(struct span bytes, struct row_key *ret_key)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_KEY, 8);
    ret_key->issuer = row_read_issuer(&c);
    ret_key->kid = cbor_read_bytes(&c, COSE_KID_SIZE, COSE_KID_SIZE);
    read_key_fields(&c, ret_key);
    return cbor_finish(&c);
}

void row_key_write(struct writer *w, const struct row_key *key)
{
    row_write_head(w, ROW_KEY, 8);
    cbor_write_text(w, key->issuer);
    cbor_write_bytes(w, key->kid);
    write_key_fields(w, key);
}

bool row_key_decode_short(struct span bytes, struct row_key *ret_key)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_KEY, 7);
    ret_key->issuer = row_read_issuer(&c);
    ret_key->kid = span_of(NULL, 0);
    read_key_fields(&c, ret_key);
    return cbor_finish(&c);
}

void row_key_write_short(struct writer *w, const struct row_key *key)
{
    row_write_head(w, ROW_KEY, 7);
    cbor_write_text(w, key->issuer);
    write_key_fields(w, key);
}
