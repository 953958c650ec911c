/* SPDX-License-Identifier: Apache-2.0
 *
 * The writing half of the trust store, for trust_update inside its transaction. Writes what it is
 * given.
 */
#include "verifier/trust_schema.h"

/* Runs a bound statement that only writes. */
static enum trust_store_error run(struct trust_store *store, enum trust_statement which)
{
    return trust_store_result(store, db_run(store->statement[which]));
}

enum trust_store_error trust_store_put_root(struct trust_store *store,
                                            const struct trust_root *root,
                                            const uint8_t digest[TRUST_DIGEST_SIZE],
                                            struct span document)
{
    struct db_stmt *s = store->statement[SQL_PUT_ROOT];
    db_bind_int(s, 1, root->version);
    db_bind_blob(s, 2, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 3, document);
    enum trust_store_error error = run(store, SQL_PUT_ROOT);
    if (error != TRUST_STORE_OK || root->version != 1) {
        return error;
    }
    s = store->statement[SQL_PUT_ROOT_ID];
    db_bind_blob(s, 1, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_int(s, 2, root->sample);
    return run(store, SQL_PUT_ROOT_ID);
}

enum trust_store_error trust_store_put_header(struct trust_store *store,
                                              const struct trust_header *header,
                                              const uint8_t digest[TRUST_DIGEST_SIZE],
                                              struct span document)
{
    struct db_stmt *s = store->statement[SQL_PUT_HEADER];
    db_bind_int(s, 1, header->version);
    db_bind_blob(s, 2, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 3, document);
    return run(store, SQL_PUT_HEADER);
}

enum trust_store_error trust_store_remove_header(struct trust_store *store)
{
    return run(store, SQL_REMOVE_HEADER);
}

enum trust_store_error trust_store_reset_header_version(struct trust_store *store)
{
    return run(store, SQL_RESET_HEADER);
}

enum trust_store_error trust_store_put_list(struct trust_store *store,
                                            const struct trust_list *list,
                                            const uint8_t digest[TRUST_DIGEST_SIZE],
                                            struct span document, bool has_catalogue)
{
    struct db_stmt *s = store->statement[SQL_PUT_LIST];
    db_bind_text(s, 1, list->state);
    db_bind_int(s, 2, list->version);
    db_bind_int(s, 3, list->as_of_s);
    db_bind_int(s, 4, list->expires_s);
    db_bind_blob(s, 5, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 6, document);
    db_bind_int(s, 7, has_catalogue);
    return run(store, SQL_PUT_LIST);
}

enum trust_store_error trust_store_reset_list_version(struct trust_store *store, struct span state)
{
    db_bind_text(store->statement[SQL_RESET_LIST], 1, state);
    return run(store, SQL_RESET_LIST);
}

enum trust_store_error trust_store_remove_rows(struct trust_store *store, struct span state,
                                               enum row_type least, enum row_type most)
{
    struct db_stmt *s = store->statement[SQL_REMOVE_ROWS];
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, least);
    db_bind_int(s, 3, most);
    enum trust_store_error error = run(store, SQL_REMOVE_ROWS);
    if (error != TRUST_STORE_OK || least > ROW_BLOCK || most < ROW_BLOCK) {
        return error;
    }
    db_bind_text(store->statement[SQL_REMOVE_BLOCKS], 1, state);
    return run(store, SQL_REMOVE_BLOCKS);
}

static enum trust_store_error put_block(struct trust_store *store, struct span state,
                                        struct span bytes)
{
    struct row_block block;
    if (!row_block_decode(bytes, &block)) {
        return TRUST_STORE_DATA;
    }
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer issuer = writer_of(room, sizeof room);
    row_key_of_code(&issuer, block.issuer);
    uint8_t data[1 + ROW_MAX_BLOCK_BYTES];
    struct writer w = writer_of(data, sizeof data);
    writer_be(&w, TRUST_BLOCK_OFFSETS, 1);
    writer_put(&w, block.offsets);

    struct db_stmt *s = store->statement[SQL_PUT_BLOCK];
    db_bind_text(s, 1, state);
    db_bind_blob(s, 2, writer_span(&issuer));
    db_bind_int(s, 3, block.set);
    db_bind_int(s, 4, block.block);
    db_bind_blob(s, 5, writer_span(&w));
    return run(store, SQL_PUT_BLOCK);
}

enum trust_store_error trust_store_put_row(struct trust_store *store, struct span state,
                                           const struct row *row)
{
    if (row->type == ROW_BLOCK) {
        return put_block(store, state, row->bytes);
    }
    struct db_stmt *s = store->statement[SQL_PUT_ROW];
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, row->type);
    db_bind_blob(s, 3, row->key);
    db_bind_blob(s, 4, row->bytes);
    return run(store, SQL_PUT_ROW);
}

enum trust_store_error trust_store_put_freshness(struct trust_store *store, struct span state,
                                                 int64_t fresh_as_of_s, bool behind, bool disabled)
{
    struct db_stmt *s = store->statement[SQL_PUT_FRESHNESS];
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, fresh_as_of_s);
    db_bind_int(s, 3, behind);
    db_bind_int(s, 4, disabled);
    return run(store, SQL_PUT_FRESHNESS);
}

enum trust_store_error trust_store_put_time(struct trust_store *store, int64_t floor_s,
                                            int64_t high_water_s)
{
    struct db_stmt *s = store->statement[SQL_PUT_TIME];
    db_bind_int(s, 1, floor_s);
    db_bind_int(s, 2, high_water_s);
    return run(store, SQL_PUT_TIME);
}
