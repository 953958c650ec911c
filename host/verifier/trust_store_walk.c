/* SPDX-License-Identifier: Apache-2.0
 *
 * Earlier versions of lists, and the documents as they were stored: what export and inspection
 * read.
 */
#include "verifier/trust_schema.h"

/* ---- earlier versions ---- */

static bool is_size(int64_t size)
{
    return size >= 0 && size <= TRUST_MAX_ROWS_BYTES;
}

static bool read_old_list(struct db_stmt *s, struct trust_old_list *old)
{
    struct span digest = db_column_span(s, 1), rows = db_column_span(s, 2);
    old->version = db_column_int(s, 0);
    old->security =
        (struct trust_part){TRUST_PART_PACKED, (size_t)db_column_int(s, 3), db_column_span(s, 4)};
    old->has_catalogue = !db_column_is_null(s, 6);
    old->catalogue =
        (struct trust_part){TRUST_PART_PACKED, (size_t)db_column_int(s, 5), db_column_span(s, 6)};
    if (digest.len != TRUST_DIGEST_SIZE || rows.len != sizeof old->rows ||
        !is_size(db_column_int(s, 3)) || !is_size(db_column_int(s, 5))) {
        return false;
    }
    memcpy(old->digest, digest.ptr, digest.len);
    memcpy(old->rows, rows.ptr, rows.len);
    return true;
}

enum trust_store_error trust_store_older_list(struct trust_store *store, struct span state,
                                              int64_t version, struct trust_old_list *ret_old)
{
    struct db_stmt *s = store->statement[SQL_HISTORY];
    db_reset(s);
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, version);
    enum trust_store_error error = trust_store_step(store, s);
    if (error == TRUST_STORE_OK && !read_old_list(s, ret_old)) {
        error = trust_store_damaged(store);
    }
    return error;
}

/* ---- documents ---- */

static enum trust_store_error document(struct trust_store *store, struct db_stmt *s,
                                       struct span *ret_document)
{
    enum trust_store_error error = trust_store_step(store, s);
    if (error == TRUST_STORE_OK) {
        *ret_document = db_column_span(s, 0);
    } else {
        db_reset(s);
    }
    return error;
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

enum trust_store_error trust_store_old_header(struct trust_store *store, int64_t version,
                                              struct span *ret_document)
{
    struct db_stmt *s = store->statement[SQL_OLD_HEADER];
    db_reset(s);
    db_bind_int(s, 1, version);
    return document(store, s, ret_document);
}

enum trust_store_error trust_store_old_headers(struct trust_store *store, int64_t *ret_version,
                                               size_t room, size_t *ret_count)
{
    struct db_stmt *s = store->statement[SQL_OLD_HEADERS];
    enum trust_store_error error;
    db_reset(s);
    db_bind_int(s, 1, (int64_t)room);
    *ret_count = 0;
    while ((error = trust_store_step(store, s)) == TRUST_STORE_OK) {
        ret_version[(*ret_count)++] = db_column_int(s, 0);
    }
    db_reset(s);
    return error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
}
