/* SPDX-License-Identifier: Apache-2.0
 *
 * What all rows have in common: how one is taken off a sequence, its key, the order, names by
 * language. The fields of each type are in the row_*.c files.
 */
#include "codec/trust_row.h"
#include "codec/row_field.h"

/* How many elements after the type make up the key. */
static const uint8_t key_elements[] = {
    [ROW_ISSUER] = 1,       [ROW_KEY] = 2,        [ROW_STATUS] = 1,       [ROW_BLOCK] = 3,
    [ROW_RANGE] = 2,        [ROW_RULE] = 1,       [ROW_DERECOGNISED] = 2, [ROW_FRAMEWORK] = 3,
    [ROW_SCHEME_TITLE] = 1, [ROW_UNIT_TITLE] = 1, [ROW_JOB_TITLE] = 1,
};

static bool is_well_formed(enum row_type type, struct span bytes)
{
    union {
        struct row_issuer issuer;
        struct row_key key;
        struct row_status status;
        struct row_block block;
        struct row_range range;
        struct row_rule rule;
        struct row_derecognised derecognised;
        struct row_framework framework;
        struct row_title title;
    } row;
    switch (type) {
    case ROW_ISSUER:
        return row_issuer_decode(bytes, &row.issuer);
    case ROW_KEY:
        return row_key_decode(bytes, &row.key);
    case ROW_STATUS:
        return row_status_decode(bytes, &row.status);
    case ROW_BLOCK:
        return row_block_decode(bytes, &row.block);
    case ROW_RANGE:
        return row_range_decode(bytes, &row.range);
    case ROW_RULE:
        return row_rule_decode(bytes, &row.rule);
    case ROW_DERECOGNISED:
        return row_derecognised_decode(bytes, &row.derecognised);
    case ROW_FRAMEWORK:
        return row_framework_decode(bytes, &row.framework);
    case ROW_SCHEME_TITLE:
    case ROW_UNIT_TITLE:
    case ROW_JOB_TITLE:
        return row_title_decode(bytes, &row.title);
    }
    return false;
}

struct span row_take_key(struct cbor_cursor *c, enum row_type type)
{
    const uint8_t *first = c->rest.ptr;
    for (size_t i = 0; i < key_elements[type]; i++) {
        cbor_skip(c);
    }
    return span_of(first, c->error == CBOR_OK ? (size_t)(c->rest.ptr - first) : 0);
}

/* The type and the key's bytes of a row that is one whole item. */
static bool read_key(struct row *row)
{
    struct cbor_cursor c = cbor_cursor_of(row->bytes);
    cbor_read_array(&c, 1, SIZE_MAX);
    row->type = (enum row_type)cbor_read_uint(&c, ROW_ISSUER, ROW_JOB_TITLE);
    if (c.error != CBOR_OK) {
        return false;
    }
    row->key = row_take_key(&c, row->type);
    return c.error == CBOR_OK;
}

/* FNV-1a over the encoded id or code. Whoever makes ids collide makes his own list slower. */
unsigned row_bucket(enum row_type type, struct span key)
{
    if (type == ROW_RULE || type == ROW_FRAMEWORK) {
        return ROW_RULE_BUCKET;
    }
    struct cbor_cursor c = cbor_cursor_of(key);
    struct span id = cbor_skip(&c);
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < id.len; i++) {
        hash = (hash ^ id.ptr[i]) * 16777619U;
    }
    return (hash >> 16 ^ hash) % ROW_RULE_BUCKET;
}

enum trust_doc_error row_next(struct reader *rows, struct row *ret_row)
{
    *ret_row = (struct row){0};
    if (rows->rest.len == 0) {
        return TRUST_DOC_OK;
    }
    /* No row is looked at further than it may reach. */
    bool clipped = rows->rest.len > TRUST_MAX_ROW_BYTES;
    size_t reach = clipped ? TRUST_MAX_ROW_BYTES : rows->rest.len;
    struct cbor_cursor c = cbor_cursor_of(span_of(rows->rest.ptr, reach));
    struct row row = {.bytes = cbor_skip(&c)};
    if (c.error != CBOR_OK) {
        return clipped && c.error == CBOR_TRUNCATED ? TRUST_DOC_LIMIT : TRUST_DOC_FORMAT;
    }
    if (!read_key(&row) || !is_well_formed(row.type, row.bytes)) {
        return TRUST_DOC_FORMAT;
    }
    reader_take(rows, row.bytes.len);
    *ret_row = row;
    return TRUST_DOC_OK;
}

int row_compare(const struct row *a, const struct row *b)
{
    if (a->type != b->type) {
        return a->type < b->type ? -1 : 1;
    }
    return span_compare(a->key, b->key);
}

int row_compare_ids(struct span a, struct span b)
{
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : span_compare(a, b);
}

void row_key_of_code(struct writer *w, struct span code)
{
    cbor_write_text(w, code);
}

void row_key_of_kid(struct writer *w, struct span issuer, struct span kid)
{
    cbor_write_text(w, issuer);
    cbor_write_bytes(w, kid);
}

void row_key_of_block(struct writer *w, struct span issuer, enum row_set set, uint32_t block)
{
    cbor_write_text(w, issuer);
    cbor_write_uint(w, (uint64_t)set);
    cbor_write_uint(w, block);
}

void row_key_of_index(struct writer *w, struct span issuer, uint32_t index)
{
    cbor_write_text(w, issuer);
    cbor_write_uint(w, index);
}

void row_key_of_framework(struct writer *w, int framework, int edition, int level)
{
    cbor_write_int(w, framework);
    cbor_write_int(w, edition);
    cbor_write_int(w, level);
}

static struct span text_in(const struct row_names *names, struct span lang)
{
    for (size_t i = 0; i < names->count; i++) {
        if (span_equal(names->name[i].lang, lang)) {
            return names->name[i].text;
        }
    }
    return span_of(NULL, 0);
}

struct span row_name(const struct row_names *names, struct span lang)
{
    struct span text = text_in(names, lang);
    return text.len != 0 ? text : text_in(names, span_str("en"));
}
