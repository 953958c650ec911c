/* SPDX-License-Identifier: Apache-2.0
 *
 * All rows of a state in canonical order, and the documents as they were stored: what export and
 * inspection read.
 */
#include <stdlib.h>

#include "verifier/trust_schema.h"

/* Rows of type 4 live in a table of their own, between the others. */
enum stage { BEFORE_BLOCKS, BLOCKS, AFTER_BLOCKS, FINISHED };

static void begin_rows(struct trust_store *store, int least, int most)
{
    struct db_stmt *s = store->statement[SQL_ROWS];
    db_reset(s);
    db_bind_text(s, 1, span_of(store->walk.state, TRUST_STATE_SIZE));
    db_bind_int(s, 2, least > store->walk.least ? least : store->walk.least);
    db_bind_int(s, 3, most < store->walk.most ? most : store->walk.most);
}

static void begin_stage(struct trust_store *store, enum stage stage)
{
    store->walk.stage = (int)stage;
    if (stage == BEFORE_BLOCKS) {
        begin_rows(store, ROW_ISSUER, ROW_BLOCK - 1);
    } else if (stage == BLOCKS) {
        bool wanted = store->walk.least <= ROW_BLOCK && ROW_BLOCK <= store->walk.most;
        struct db_stmt *s = store->statement[SQL_BLOCKS];
        db_reset(s);
        db_bind_text(s, 1, wanted ? span_of(store->walk.state, TRUST_STATE_SIZE) : span_str(""));
    } else if (stage == AFTER_BLOCKS) {
        begin_rows(store, ROW_BLOCK + 1, ROW_JOB_TITLE);
    }
}

enum trust_store_error trust_store_rows_begin(struct trust_store *store, struct span state,
                                              enum row_type least, enum row_type most)
{
    if (state.len != TRUST_STATE_SIZE) {
        return TRUST_STORE_EMPTY;
    }
    memcpy(store->walk.state, state.ptr, TRUST_STATE_SIZE);
    store->walk.least = (int)least;
    store->walk.most = (int)most;
    begin_stage(store, BEFORE_BLOCKS);
    return TRUST_STORE_OK;
}

/* The bytes that were signed, from what is stored of them. */
static bool rebuild_block(struct trust_store *store, struct db_stmt *s, struct span *ret_bytes)
{
    struct span data = db_column_span(s, 3);
    struct cbor_cursor c = cbor_cursor_of(db_column_span(s, 0));
    struct row_block block = {
        .issuer = cbor_read_code(&c, 1, ROW_MAX_KEY_BYTES),
        .set = (enum row_set)db_column_int(s, 1),
        .block = (uint32_t)db_column_int(s, 2),
    };
    if (!cbor_finish(&c) || data.len == 0 || data.ptr[0] != TRUST_BLOCK_OFFSETS) {
        return false;
    }
    block.offsets = span_of(data.ptr + 1, data.len - 1);
    struct writer w = writer_of(store->walk.block, TRUST_MAX_ROW_BYTES);
    row_block_write(&w, &block);
    *ret_bytes = writer_span(&w);
    return writer_ok(&w);
}

static enum trust_store_error check_row(struct trust_store *store, struct span bytes,
                                        struct row *ret_row)
{
    struct reader r = reader_of(bytes);
    struct row row;
    if (row_next(&r, &row) != TRUST_DOC_OK || row.bytes.len == 0 || !reader_done(&r)) {
        return trust_store_damaged(store);
    }
    *ret_row = row;
    return TRUST_STORE_OK;
}

static enum trust_store_error next_block(struct trust_store *store, struct row *ret_row)
{
    struct db_stmt *s = store->statement[SQL_BLOCKS];
    enum db_error error = db_step(s);
    if (error != DB_OK) {
        db_reset(s);
        return error == DB_DONE ? TRUST_STORE_EMPTY : trust_store_result(store, error);
    }
    if (store->walk.block == NULL) {
        store->walk.block = malloc(TRUST_MAX_ROW_BYTES);
        if (store->walk.block == NULL) {
            return trust_store_result(store, DB_SYSTEM);
        }
    }
    struct span bytes;
    return rebuild_block(store, s, &bytes) ? check_row(store, bytes, ret_row)
                                           : trust_store_damaged(store);
}

static enum trust_store_error next_row(struct trust_store *store, struct row *ret_row)
{
    struct db_stmt *s = store->statement[SQL_ROWS];
    enum db_error error = db_step(s);
    if (error != DB_OK) {
        db_reset(s);
        return error == DB_DONE ? TRUST_STORE_EMPTY : trust_store_result(store, error);
    }
    struct row row = {0};
    if (check_row(store, db_column_span(s, 2), &row) != TRUST_STORE_OK ||
        (int64_t)row.type != db_column_int(s, 0) || !span_equal(row.key, db_column_span(s, 1))) {
        return trust_store_damaged(store);
    }
    *ret_row = row;
    return TRUST_STORE_OK;
}

enum trust_store_error trust_store_rows_next(struct trust_store *store, struct row *ret_row)
{
    while (store->walk.stage != FINISHED) {
        enum trust_store_error error =
            store->walk.stage == BLOCKS ? next_block(store, ret_row) : next_row(store, ret_row);
        if (error != TRUST_STORE_EMPTY) {
            return error;
        }
        begin_stage(store, (enum stage)(store->walk.stage + 1));
    }
    return TRUST_STORE_EMPTY;
}

/* ---- order ---- */

/* Room for a state, two numbers and a key, as bytes that compare like the columns. */
#define ORDER_ROOM (TRUST_STATE_SIZE + 16 + ROW_MAX_KEY_BYTES)

/* Rows are kept by (state, type, key), blocks by (state, issuer, set, block). An encoded issuer
 * tells its own length, so that the bytes of two of them compare like the columns do. */
static bool write_place(struct db_stmt *s, bool rows, struct writer *w)
{
    struct span state = db_column_span(s, 0), key = db_column_span(s, 1);
    writer_put(w, state);
    if (!rows) {
        writer_put(w, key);
    }
    writer_be(w, (uint64_t)db_column_int(s, 2), 8);
    writer_be(w, (uint64_t)db_column_int(s, 3), 8);
    if (rows) {
        writer_put(w, key);
    }
    return state.len == TRUST_STATE_SIZE && writer_ok(w);
}

static enum trust_store_error check_table(struct trust_store *store, enum trust_statement which)
{
    struct db_stmt *s = store->statement[which];
    uint8_t room[2][ORDER_ROOM];
    struct span before = {NULL, 0};
    enum trust_store_error error;
    bool ascends = true;
    for (size_t n = 0; ascends && (error = trust_store_step(store, s)) == TRUST_STORE_OK; n++) {
        struct writer w = writer_of(room[n % 2], ORDER_ROOM);
        ascends =
            write_place(s, which == SQL_ALL_ROWS, &w) && span_compare(before, writer_span(&w)) < 0;
        before = writer_span(&w);
    }
    db_reset(s);
    if (!ascends) {
        return trust_store_damaged(store);
    }
    return error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
}

enum trust_store_error trust_store_check_order(struct trust_store *store)
{
    enum trust_store_error error = check_table(store, SQL_ALL_ROWS);
    return error == TRUST_STORE_OK ? check_table(store, SQL_ALL_BLOCKS) : error;
}

/* ---- documents ---- */

static enum trust_store_error document(struct trust_store *store, struct db_stmt *s,
                                       struct span *ret_document)
{
    enum db_error error = db_step(s);
    if (error != DB_OK) {
        db_reset(s);
        return error == DB_DONE ? TRUST_STORE_EMPTY : trust_store_result(store, error);
    }
    *ret_document = db_column_span(s, 0);
    return TRUST_STORE_OK;
}

enum trust_store_error trust_store_root_document(struct trust_store *store, int64_t version,
                                                 struct span *ret_document)
{
    struct db_stmt *s = store->statement[SQL_ROOT];
    db_reset(s);
    db_bind_int(s, 1, version);
    return document(store, s, ret_document);
}

enum trust_store_error trust_store_header_document(struct trust_store *store,
                                                   struct span *ret_document)
{
    struct db_stmt *s = store->statement[SQL_HEADER];
    db_reset(s);
    return document(store, s, ret_document);
}

enum trust_store_error trust_store_list_document(struct trust_store *store, struct span state,
                                                 struct span *ret_document)
{
    struct db_stmt *s = store->statement[SQL_LIST_DOCUMENT];
    db_reset(s);
    db_bind_text(s, 1, state);
    return document(store, s, ret_document);
}
