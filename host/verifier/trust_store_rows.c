/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows by their key. A bucket is read whole, compared with its digest, and kept until the store
 * changes: so a row that a failing disk has lost or changed is never answered with "no such row".
 */
#include <stdlib.h>

#include "verifier/trust_bucket.h"
#include "verifier/trust_schema.h"

enum trust_store_error trust_store_of_rows(struct trust_store *store, enum trust_rows_error error)
{
    switch (error) {
    case TRUST_ROWS_OK:
        return TRUST_STORE_OK;
    case TRUST_ROWS_SYSTEM:
        return trust_store_result(store, DB_SYSTEM);
    case TRUST_ROWS_FORMAT:
    case TRUST_ROWS_LIMIT:
        break;
    }
    return trust_store_damaged(store);
}

int64_t trust_bucket_place(struct span state, bool catalogue, size_t bucket)
{
    int64_t letters = (int64_t)state.ptr[0] << 8 | state.ptr[1];
    return (letters << 1 | catalogue) << TRUST_BUCKET_BITS | (int64_t)bucket;
}

/* ---- views ---- */

static void forget_buckets(struct trust_view *view)
{
    for (size_t b = 0; b < ROW_BUCKETS; b++) {
        if (view->bucket[b] != NULL) {
            trust_rows_free(view->bucket[b]);
            free(view->bucket[b]);
            view->bucket[b] = NULL;
        }
    }
}

static void free_view(struct trust_view *view)
{
    forget_buckets(view);
    free(view->buckets);
    free(view);
}

void trust_store_forget_views(struct trust_store *store)
{
    for (size_t i = 0; i < store->view_count; i++) {
        free_view(store->view[i]);
    }
    store->view_count = 0;
    store->view_bytes = 0;
}

/* The digests of a part's buckets; NULL when the part is not stored. */
static enum trust_store_error read_buckets(struct trust_store *store, struct span state,
                                           bool catalogue, struct trust_buckets **ret_buckets)
{
    struct db_stmt *s = store->statement[SQL_BUCKETS];
    db_reset(s);
    db_bind_text(s, 1, state);
    enum trust_store_error error = trust_store_step(store, s);
    bool stored = error == TRUST_STORE_OK && !db_column_is_null(s, catalogue);
    *ret_buckets = NULL;
    if (stored && db_column_span(s, catalogue).len != sizeof **ret_buckets) {
        error = trust_store_damaged(store);
    } else if (stored) {
        *ret_buckets = malloc(sizeof **ret_buckets);
        if (*ret_buckets == NULL) {
            error = trust_store_result(store, DB_SYSTEM);
        } else {
            memcpy(*ret_buckets, db_column_span(s, catalogue).ptr, sizeof **ret_buckets);
        }
    }
    db_reset(s);
    return error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
}

static struct trust_view *find_view(struct trust_store *store, struct span state, bool catalogue)
{
    for (size_t i = 0; i < store->view_count; i++) {
        struct trust_view *view = store->view[i];
        if (view->catalogue == catalogue &&
            span_equal(span_of(view->state, TRUST_STATE_SIZE), state)) {
            return view;
        }
    }
    return NULL;
}

/* TRUST_STORE_EMPTY when the part is not stored. */
static enum trust_store_error view_of(struct trust_store *store, struct span state, bool catalogue,
                                      struct trust_view **ret_view)
{
    struct trust_view *view = find_view(store, state, catalogue);
    if (state.len != TRUST_STATE_SIZE) {
        return TRUST_STORE_EMPTY;
    }
    if (view == NULL) {
        if (store->view_count == TRUST_MAX_VIEWS) {
            trust_store_forget_views(store);
        }
        view = calloc(1, sizeof *view);
        if (view == NULL) {
            return trust_store_result(store, DB_SYSTEM);
        }
        enum trust_store_error error = read_buckets(store, state, catalogue, &view->buckets);
        if (error != TRUST_STORE_OK) {
            free(view);
            return error;
        }
        memcpy(view->state, state.ptr, TRUST_STATE_SIZE);
        view->catalogue = catalogue;
        store->view[store->view_count++] = view;
    }
    *ret_view = view;
    return view->buckets == NULL ? TRUST_STORE_EMPTY : TRUST_STORE_OK;
}

enum trust_store_error trust_store_part_digest(struct trust_store *store, struct span state,
                                               bool catalogue,
                                               uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct trust_view *view;
    enum trust_store_error error = view_of(store, state, catalogue, &view);
    return error == TRUST_STORE_OK
               ? trust_store_of_rows(store,
                                     trust_buckets_digest(view->buckets, catalogue, ret_digest))
               : error;
}

/* ---- buckets ---- */

static enum trust_store_error read_bucket(struct trust_store *store, const struct trust_view *view,
                                          size_t bucket, struct trust_rows *rows)
{
    struct db_stmt *s = store->statement[SQL_BUCKET];
    uint8_t digest[TRUST_DIGEST_SIZE];
    db_reset(s);
    db_bind_int(
        s, 1, trust_bucket_place(span_of(view->state, TRUST_STATE_SIZE), view->catalogue, bucket));
    enum trust_store_error error = trust_store_step(store, s);
    enum trust_rows_error read = TRUST_ROWS_OK;
    if (error == TRUST_STORE_OK) {
        read = trust_bucket_read(db_column_span(s, 0), rows);
    }
    db_reset(s);
    if (error != TRUST_STORE_OK && error != TRUST_STORE_EMPTY) {
        return error;
    }
    if (read == TRUST_ROWS_OK) {
        read = trust_rows_seal(rows);
    }
    if (read == TRUST_ROWS_OK) {
        read = trust_bucket_digest(rows->row, rows->count, digest);
    }
    if (read == TRUST_ROWS_OK &&
        memcmp(digest, view->buckets->digest[bucket], sizeof digest) != 0) {
        read = TRUST_ROWS_FORMAT;
    }
    return trust_store_of_rows(store, read);
}

static void make_room(struct trust_store *store, size_t more)
{
    if (store->view_bytes + more > TRUST_VIEW_BYTES) {
        for (size_t i = 0; i < store->view_count; i++) {
            forget_buckets(store->view[i]);
        }
        store->view_bytes = 0;
    }
    store->view_bytes += more;
}

static enum trust_store_error bucket_of(struct trust_store *store, struct span state,
                                        bool catalogue, size_t bucket,
                                        const struct trust_rows **ret_rows)
{
    struct trust_view *view;
    enum trust_store_error error = view_of(store, state, catalogue, &view);
    if (error != TRUST_STORE_OK || view->bucket[bucket] != NULL) {
        *ret_rows = error == TRUST_STORE_OK ? view->bucket[bucket] : NULL;
        return error;
    }
    struct trust_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        return trust_store_result(store, DB_SYSTEM);
    }
    error = read_bucket(store, view, bucket, rows);
    if (error != TRUST_STORE_OK) {
        trust_rows_free(rows);
        free(rows);
        return error;
    }
    make_room(store, rows->cap + rows->count * sizeof rows->row[0]);
    view->bucket[bucket] = rows;
    *ret_rows = rows;
    return TRUST_STORE_OK;
}

/* ---- single rows ---- */

enum trust_store_error trust_store_get(struct trust_store *store, struct span state,
                                       enum row_type type, struct span key, struct span *ret_row)
{
    const struct trust_rows *rows;
    enum trust_store_error error =
        bucket_of(store, state, type > ROW_LAST_SECURITY, row_bucket(type, key), &rows);
    if (error != TRUST_STORE_OK) {
        return error;
    }
    const struct row *row = trust_rows_find(rows, type, key);
    if (row == NULL) {
        return TRUST_STORE_EMPTY;
    }
    *ret_row = row->bytes;
    return TRUST_STORE_OK;
}

enum trust_store_error trust_store_get_floor(struct trust_store *store, struct span state,
                                             enum row_type type, struct span prefix,
                                             struct span key, struct span *ret_row)
{
    const struct trust_rows *rows;
    enum trust_store_error error =
        bucket_of(store, state, type > ROW_LAST_SECURITY, row_bucket(type, key), &rows);
    if (error != TRUST_STORE_OK) {
        return error;
    }
    size_t at = trust_rows_bound(rows, type, key);
    if (at == rows->count || rows->row[at].type != type || !span_equal(rows->row[at].key, key)) {
        at = at == 0 ? rows->count : at - 1; /* the one before, if there is one */
    }
    if (at == rows->count || rows->row[at].type != type ||
        !span_starts_with(rows->row[at].key, prefix)) {
        return TRUST_STORE_EMPTY;
    }
    *ret_row = rows->row[at].bytes;
    return TRUST_STORE_OK;
}

static bool holds_offset(struct span offsets, uint32_t offset)
{
    size_t least = 0, most = offsets.len / 2;
    while (least < most) {
        size_t middle = least + (most - least) / 2;
        uint32_t found = (uint32_t)offsets.ptr[2 * middle] << 8 | offsets.ptr[2 * middle + 1];
        if (found == offset) {
            return true;
        }
        if (found < offset) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    return false;
}

enum trust_store_error trust_store_in_set(struct trust_store *store, struct span state,
                                          struct span issuer, enum row_set set, uint32_t index,
                                          bool *ret_in)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span bytes;
    struct row_block block;
    row_key_of_block(&key, issuer, set, index / ROW_BLOCK_INDICES);
    if (!writer_ok(&key)) {
        return TRUST_STORE_DATA; /* no issuer is that long: not an answer */
    }
    enum trust_store_error error =
        trust_store_get(store, state, ROW_BLOCK, writer_span(&key), &bytes);
    if (error == TRUST_STORE_EMPTY) {
        *ret_in = false;
        return TRUST_STORE_OK;
    }
    if (error == TRUST_STORE_OK && !row_block_decode(bytes, &block)) {
        error = trust_store_damaged(store);
    }
    if (error == TRUST_STORE_OK) {
        *ret_in = holds_offset(block.offsets, index % ROW_BLOCK_INDICES);
    }
    return error;
}

enum trust_store_error trust_store_rules(struct trust_store *store, struct span state,
                                         const struct trust_rows **ret_rows)
{
    return bucket_of(store, state, false, ROW_RULE_BUCKET, ret_rows);
}

/* ---- a whole part ---- */

static enum trust_store_error read_part(struct trust_store *store, struct span state,
                                        bool catalogue, struct trust_rows *rows)
{
    struct db_stmt *s = store->statement[SQL_PART];
    enum trust_store_error error;
    db_reset(s);
    db_bind_int(s, 1, trust_bucket_place(state, catalogue, 0));
    db_bind_int(s, 2, trust_bucket_place(state, catalogue, ROW_BUCKETS - 1));
    while ((error = trust_store_step(store, s)) == TRUST_STORE_OK) {
        error = trust_store_of_rows(store, trust_bucket_read(db_column_span(s, 0), rows));
        if (error != TRUST_STORE_OK) {
            break;
        }
    }
    db_reset(s);
    return error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
}

static enum trust_rows_error fit_buckets(const struct trust_rows *rows,
                                         const struct trust_buckets *wanted)
{
    struct trust_buckets found;
    enum trust_rows_error error = trust_rows_buckets(rows, &found);
    if (error == TRUST_ROWS_OK && memcmp(&found, wanted, sizeof found) != 0) {
        error = TRUST_ROWS_FORMAT;
    }
    return error;
}

enum trust_store_error trust_store_load(struct trust_store *store, struct span state,
                                        bool catalogue, struct trust_rows *ret_rows)
{
    struct trust_view *view;
    struct trust_rows rows = {0};
    enum trust_store_error error = view_of(store, state, catalogue, &view);
    if (error != TRUST_STORE_OK) {
        return error;
    }
    error = read_part(store, state, catalogue, &rows);
    if (error == TRUST_STORE_OK) {
        error = trust_store_of_rows(store, trust_rows_seal(&rows));
    }
    if (error == TRUST_STORE_OK) {
        error = trust_store_of_rows(store, fit_buckets(&rows, view->buckets));
    }
    if (error != TRUST_STORE_OK) {
        trust_rows_free(&rows);
        return error;
    }
    *ret_rows = rows;
    return TRUST_STORE_OK;
}
