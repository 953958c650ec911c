/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as they travel. A kid is a hash of the key beside it and cannot be compressed: it stays
 * behind.
 */
#include "codec/row_change.h"
#include "codec/row_field.h"

#define REMOVAL 0 /* in place of a row's type */

/* [0, type, key ...] */
static bool read_removal(struct span bytes, struct row_change *change)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    size_t elements = cbor_read_array(&c, 3, SIZE_MAX);
    cbor_read_uint(&c, REMOVAL, REMOVAL);
    change->removes = true;
    change->type = (enum row_type)cbor_read_uint(&c, ROW_ISSUER, ROW_JOB_TITLE);
    if (c.error != CBOR_OK) {
        return false;
    }
    const uint8_t *first = c.rest.ptr;
    for (size_t i = 2; i < elements && c.error == CBOR_OK; i++) {
        cbor_skip(&c);
    }
    struct cbor_cursor key = cbor_cursor_of(span_of(first, (size_t)(c.rest.ptr - first)));
    change->key = row_take_key(&key, change->type);
    return cbor_finish(&c) && cbor_finish(&key);
}

static bool read_key_row(struct span bytes, struct row_change *change)
{
    struct row_key key;
    change->type = ROW_KEY;
    change->bytes = bytes;
    return row_key_decode_short(bytes, &key);
}

static enum trust_doc_error read_row(struct span bytes, struct row_change *change)
{
    struct reader r = reader_of(bytes);
    struct row row;
    enum trust_doc_error error = row_next(&r, &row);
    change->type = row.type;
    change->bytes = row.bytes;
    return error;
}

enum trust_doc_error row_change_next(struct reader *changes, struct row_change *ret_change)
{
    struct row_change change = {0};
    if (changes->rest.len == 0) {
        *ret_change = change;
        return TRUST_DOC_OK;
    }
    bool clipped = changes->rest.len > TRUST_MAX_ROW_BYTES;
    size_t reach = clipped ? TRUST_MAX_ROW_BYTES : changes->rest.len;
    struct cbor_cursor c = cbor_cursor_of(span_of(changes->rest.ptr, reach));
    struct span item = cbor_skip(&c);
    if (c.error != CBOR_OK) {
        return clipped && c.error == CBOR_TRUNCATED ? TRUST_DOC_LIMIT : TRUST_DOC_FORMAT;
    }
    struct cbor_cursor head = cbor_cursor_of(item);
    cbor_read_array(&head, 1, SIZE_MAX);
    uint64_t type = cbor_read_uint(&head, REMOVAL, ROW_JOB_TITLE);
    enum trust_doc_error error = TRUST_DOC_FORMAT;
    if (head.error == CBOR_OK && type == REMOVAL) {
        error = read_removal(item, &change) ? TRUST_DOC_OK : TRUST_DOC_FORMAT;
    } else if (head.error == CBOR_OK && type == ROW_KEY) {
        error = read_key_row(item, &change) ? TRUST_DOC_OK : TRUST_DOC_FORMAT;
    } else if (head.error == CBOR_OK) {
        error = read_row(item, &change);
    }
    if (error == TRUST_DOC_OK) {
        reader_take(changes, item.len);
        *ret_change = change;
    }
    return error;
}

void row_change_write(struct writer *w, const struct row *row)
{
    struct row_key key;
    if (row->type == ROW_KEY && row_key_decode(row->bytes, &key)) {
        row_key_write_short(w, &key);
    } else {
        writer_put(w, row->bytes);
    }
}

void row_change_write_removal(struct writer *w, enum row_type type, struct span key)
{
    size_t elements = 0;
    struct cbor_cursor c = cbor_cursor_of(key);
    while (cbor_peek(&c) != CBOR_END) {
        cbor_skip(&c);
        elements++;
    }
    cbor_write_array(w, 2 + elements);
    cbor_write_uint(w, REMOVAL);
    cbor_write_uint(w, type);
    writer_put(w, key);
}

/* ---- a part ---- */

enum trust_doc_error row_packed_decode(struct span bytes, struct row_packed *ret_packed)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    cbor_read_array(&c, 3, 3);
    ret_packed->changes_size = (size_t)cbor_read_uint(&c, 0, INT64_MAX);
    ret_packed->changes = cbor_read_bytes(&c, 0, SIZE_MAX);
    ret_packed->set_count = cbor_read_array(&c, 0, ROW_SETS);
    uint64_t least = ROW_SET_REVOKED;
    for (size_t i = 0; i < ret_packed->set_count && c.error == CBOR_OK; i++) {
        cbor_read_array(&c, 2, 2);
        ret_packed->set[i].set = (enum row_set)cbor_read_uint(&c, least, ROW_SET_SURVIVORS);
        ret_packed->set[i].ranks = cbor_read_bytes(&c, 1, SIZE_MAX);
        least = (uint64_t)ret_packed->set[i].set + 1;
    }
    if (!cbor_finish(&c)) {
        return TRUST_DOC_FORMAT;
    }
    return ret_packed->changes_size > TRUST_MAX_ROWS_BYTES ? TRUST_DOC_LIMIT : TRUST_DOC_OK;
}

void row_packed_encode(const struct row_packed *packed, struct writer *w)
{
    cbor_write_array(w, 3);
    cbor_write_uint(w, packed->changes_size);
    cbor_write_bytes(w, packed->changes);
    cbor_write_array(w, packed->set_count);
    for (size_t i = 0; i < packed->set_count; i++) {
        cbor_write_array(w, 2);
        cbor_write_uint(w, packed->set[i].set);
        cbor_write_bytes(w, packed->set[i].ranks);
    }
}
