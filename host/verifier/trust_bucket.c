/* SPDX-License-Identifier: Apache-2.0
 *
 * A bucket at rest. A row is an array whose head and type take a byte each; its id or code comes
 * third, and null stands for the one of the row before.
 */
#include "verifier/trust_bucket.h"

#include <stdlib.h>

#include "codec/index_set.h"

#define HEAD_SIZE 2
#define SAME_ID   0xF6 /* null; no key begins with it */

/* The row's array: head and type, id, and what is left. */
struct parts {
    struct span head, id, rest;
};

static bool take_apart(struct span row, struct parts *ret_parts)
{
    if (row.len <= HEAD_SIZE) {
        return false;
    }
    struct cbor_cursor c = cbor_cursor_of(span_of(row.ptr + HEAD_SIZE, row.len - HEAD_SIZE));
    ret_parts->head = span_of(row.ptr, HEAD_SIZE);
    ret_parts->id = cbor_skip(&c);
    ret_parts->rest = c.rest;
    return c.error == CBOR_OK;
}

/* ---- writing ---- */

static int by_id(const void *a, const void *b)
{
    const struct row *ra = a, *rb = b;
    struct parts pa = {0}, pb = {0};
    int order =
        take_apart(ra->bytes, &pa) && take_apart(rb->bytes, &pb) ? span_compare(pa.id, pb.id) : 0;
    return order != 0 ? order : row_compare(ra, rb);
}

/* What follows the id of a block: set, number, and the offsets in the smallest form. */
static bool write_block(struct span row, struct writer *w)
{
    struct row_block block;
    uint32_t offset[ROW_BLOCK_INDICES];
    uint8_t room[INDEX_SET_MAX_BYTES];
    struct writer packed = writer_of(room, sizeof room);
    if (!row_block_decode(row, &block)) {
        return false;
    }
    struct reader r = reader_of(block.offsets);
    size_t count = 0;
    while (r.rest.len != 0) {
        offset[count++] = (uint32_t)reader_be(&r, 2);
    }
    if (!index_set_encode(offset, count, ROW_BLOCK_INDICES, &packed)) {
        return false;
    }
    cbor_write_uint(w, block.set);
    cbor_write_uint(w, block.block);
    cbor_write_bytes(w, writer_span(&packed));
    return writer_ok(&packed);
}

static bool write_row(const struct row *row, struct span last_id, struct span *ret_id,
                      struct writer *w)
{
    static const uint8_t same = SAME_ID;
    struct parts parts;
    if (!take_apart(row->bytes, &parts)) {
        return false;
    }
    writer_put(w, parts.head);
    writer_put(w, span_equal(parts.id, last_id) ? span_of(&same, 1) : parts.id);
    *ret_id = parts.id;
    if (row->type == ROW_BLOCK) {
        return write_block(row->bytes, w);
    }
    writer_put(w, parts.rest);
    return true;
}

static enum trust_rows_error write_rows(const struct row *row, size_t count, struct writer *w)
{
    struct span id = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (!write_row(&row[i], id, &id, w)) {
            return TRUST_ROWS_FORMAT;
        }
    }
    return TRUST_ROWS_OK;
}

/* At rest no row grows, but for a block of few members: by less than three bytes. */
static size_t room_for(const struct row *row, size_t count)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        room += row[i].bytes.len + 3;
    }
    return room;
}

enum trust_rows_error trust_bucket_write(const struct row *row, size_t count, uint8_t **ret_bytes,
                                         size_t *ret_len)
{
    if (count == 0) {
        *ret_bytes = NULL;
        *ret_len = 0;
        return TRUST_ROWS_OK;
    }
    size_t room = room_for(row, count);
    struct row *sorted = malloc(count * sizeof *sorted);
    uint8_t *bytes = malloc(room);
    enum trust_rows_error error = TRUST_ROWS_SYSTEM;
    if (sorted == NULL || bytes == NULL) {
        goto out;
    }
    memcpy(sorted, row, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_id);
    struct writer w = writer_of(bytes, room);
    error = write_rows(sorted, count, &w);
    if (error == TRUST_ROWS_OK && !writer_ok(&w)) {
        error = TRUST_ROWS_FORMAT;
    }
    if (error == TRUST_ROWS_OK) {
        *ret_bytes = bytes;
        *ret_len = w.len;
        bytes = NULL;
    }
out:
    free(sorted);
    free(bytes);
    return error;
}

/* ---- reading ---- */

/* The offsets of a block as its row has them. */
static bool read_block(struct span rest, struct writer *w)
{
    uint32_t offset[ROW_BLOCK_INDICES];
    uint8_t room[ROW_MAX_BLOCK_BYTES];
    struct writer offsets = writer_of(room, sizeof room);
    struct cbor_cursor c = cbor_cursor_of(rest);
    uint64_t set = cbor_read_uint(&c, 0, UINT32_MAX);
    uint64_t block = cbor_read_uint(&c, 0, UINT32_MAX);
    struct reader r = reader_of(cbor_read_bytes(&c, 1, INDEX_SET_MAX_BYTES));
    size_t count = 0;
    if (!cbor_finish(&c) || !index_set_decode(&r, ROW_BLOCK_INDICES, offset, &count) ||
        !reader_done(&r)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        writer_be(&offsets, offset[i], 2);
    }
    cbor_write_uint(w, set);
    cbor_write_uint(w, block);
    cbor_write_bytes(w, writer_span(&offsets));
    return true;
}

static bool read_row(struct span item, struct span *id, struct writer *w)
{
    struct parts parts;
    if (!take_apart(item, &parts)) {
        return false;
    }
    bool same = parts.id.len == 1 && parts.id.ptr[0] == SAME_ID;
    if (same && id->len == 0) {
        return false;
    }
    *id = same ? *id : parts.id;
    writer_put(w, parts.head);
    writer_put(w, *id);
    if (parts.head.ptr[1] == ROW_BLOCK) {
        return read_block(parts.rest, w);
    }
    writer_put(w, parts.rest);
    return true;
}

enum trust_rows_error trust_bucket_read(struct span bytes, struct trust_rows *rows)
{
    uint8_t room[TRUST_MAX_ROW_BYTES];
    struct cbor_cursor c = cbor_cursor_of(bytes);
    struct span id = {NULL, 0};
    enum trust_rows_error error = TRUST_ROWS_OK;
    while (c.rest.len != 0 && error == TRUST_ROWS_OK) {
        struct writer w = writer_of(room, sizeof room);
        struct span item = cbor_skip(&c);
        if (c.error != CBOR_OK || !read_row(item, &id, &w) || !writer_ok(&w)) {
            return TRUST_ROWS_FORMAT;
        }
        error = trust_rows_add(rows, writer_span(&w));
    }
    return error;
}
