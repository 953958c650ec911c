/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust store as readers see it: open, transactions, state, single rows. Knows where things
 * are; decides neither what may enter (trust_update) nor what it means (verify).
 */
#include "verifier/trust_store.h"

#include <stdlib.h>

#include "verifier/trust_schema.h"

enum trust_store_error trust_store_result(struct trust_store *store, enum db_error error)
{
    if (error == DB_OK || error == DB_DONE) {
        return TRUST_STORE_OK;
    }
    store->db_error = error;
    return TRUST_STORE_DB;
}

enum trust_store_error trust_store_damaged(struct trust_store *store)
{
    store->db_error = DB_CORRUPT;
    return TRUST_STORE_DATA;
}

enum trust_store_error trust_store_step(struct trust_store *store, struct db_stmt *s)
{
    enum db_error error = db_step(s);
    return error == DB_DONE ? TRUST_STORE_EMPTY : trust_store_result(store, error);
}

/* ---- open and close ---- */

static enum trust_store_error check_sample(struct trust_store *store)
{
    struct db_stmt *s = store->statement[SQL_STORE];
    enum trust_store_error error = trust_store_step(store, s);
    if (error == TRUST_STORE_OK) {
        store->holds_sample = db_column_int(s, 1) != 0;
        error = store->holds_sample && !store->sample ? TRUST_STORE_SAMPLE : TRUST_STORE_OK;
    }
    db_reset(s);
    return error == TRUST_STORE_EMPTY ? trust_store_damaged(store) : error;
}

enum trust_store_error trust_store_open(const char *path, enum db_mode mode, bool sample,
                                        struct trust_store **ret_store, enum db_error *ret_db_error)
{
    struct trust_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        *ret_db_error = DB_SYSTEM;
        return TRUST_STORE_DB;
    }
    store->sample = sample;
    enum trust_store_error error =
        trust_store_result(store, db_open(path, mode, &trust_schema, &store->db));
    if (error == TRUST_STORE_OK) {
        for (int i = 0; i < SQL_COUNT; i++) {
            store->statement[i] = db_prepare(store->db, trust_schema_sql((enum trust_statement)i));
        }
        error = check_sample(store);
    }
    if (error != TRUST_STORE_OK) {
        *ret_db_error = store->db_error;
        trust_store_close(store);
        return error;
    }
    *ret_store = store;
    return TRUST_STORE_OK;
}

void trust_store_close(struct trust_store *store)
{
    if (store == NULL) {
        return;
    }
    db_close(store->db);
    free(store->walk.block);
    free(store);
}

enum db_error trust_store_db_error(const struct trust_store *store)
{
    return store->db_error;
}

bool trust_store_sample(const struct trust_store *store)
{
    return store->sample;
}

bool trust_store_holds_sample(const struct trust_store *store)
{
    return store->holds_sample;
}

/* ---- transactions ---- */

/* A statement left in the middle would hold on to the moment it saw. */
static void reset_all(struct trust_store *store)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        db_reset(store->statement[i]);
    }
}

enum trust_store_error trust_store_begin_read(struct trust_store *store)
{
    reset_all(store);
    return trust_store_result(store, db_begin_read(store->db));
}

enum trust_store_error trust_store_begin_write(struct trust_store *store)
{
    reset_all(store);
    store->writing = true;
    return trust_store_result(store, db_begin_write(store->db));
}

/* Only the end of a write makes a new generation: what readers keep stays good while they read. */
static void end_transaction(struct trust_store *store)
{
    reset_all(store);
    store->writes += store->writing;
    store->writing = false;
}

enum trust_store_error trust_store_commit(struct trust_store *store)
{
    end_transaction(store);
    return trust_store_result(store, db_commit(store->db));
}

void trust_store_rollback(struct trust_store *store)
{
    end_transaction(store);
    db_rollback(store->db);
}

int64_t trust_store_generation(struct trust_store *store)
{
    int64_t others = db_data_version(store->db);
    if (others == 0) {
        store->writes++; /* could not be asked: nothing kept may be trusted */
    }
    return (int64_t)((uint64_t)store->writes << 32 ^ (uint64_t)others);
}

/* ---- single rows ---- */

/* A row's key follows its array head and its type, one byte each: it must be the row that was asked
 * for. */
static bool row_is(struct span row, enum row_type type, struct span key)
{
    return row.len >= 2 && row.ptr[1] == (uint8_t)type &&
           span_starts_with(span_of(row.ptr + 2, row.len - 2), key);
}

static void bind_key(struct db_stmt *s, struct span state, enum row_type type, struct span key)
{
    db_reset(s);
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, type);
    db_bind_blob(s, 3, key);
}

enum trust_store_error trust_store_get(struct trust_store *store, struct span state,
                                       enum row_type type, struct span key, struct span *ret_row)
{
    struct db_stmt *s = store->statement[SQL_GET + type];
    bind_key(s, state, type, key);
    enum trust_store_error error = trust_store_step(store, s);
    if (error != TRUST_STORE_OK) {
        db_reset(s);
        return error;
    }
    struct span row = db_column_span(s, 0);
    if (!row_is(row, type, key)) {
        return trust_store_damaged(store);
    }
    *ret_row = row;
    return TRUST_STORE_OK;
}

enum trust_store_error trust_store_get_floor(struct trust_store *store, struct span state,
                                             enum row_type type, struct span prefix,
                                             struct span key, struct span *ret_row)
{
    struct db_stmt *s = store->statement[SQL_FLOOR + type];
    bind_key(s, state, type, key);
    enum trust_store_error error = trust_store_step(store, s);
    if (error != TRUST_STORE_OK) {
        db_reset(s);
        return error;
    }
    struct span row = db_column_span(s, 0);
    struct span found = db_column_span(s, 1);
    if (!span_starts_with(found, prefix)) {
        return TRUST_STORE_EMPTY;
    }
    if (!row_is(row, type, found)) {
        return trust_store_damaged(store);
    }
    *ret_row = row;
    return TRUST_STORE_OK;
}

/* False: damaged. */
static bool look_into_block(struct span data, uint32_t offset, bool *ret_in)
{
    if (data.len == 0 || data.ptr[0] != TRUST_BLOCK_OFFSETS) {
        return false;
    }
    struct span offsets = span_of(data.ptr + 1, data.len - 1);
    if (!row_offsets_valid(offsets)) {
        return false;
    }
    struct reader r = reader_of(offsets);
    bool found = false;
    while (!found && r.rest.len != 0) {
        found = reader_be(&r, 2) == offset;
    }
    *ret_in = found;
    return true;
}

enum trust_store_error trust_store_in_set(struct trust_store *store, struct span state,
                                          struct span issuer, enum row_set set, uint32_t index,
                                          bool *ret_in)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    row_key_of_code(&key, issuer);
    if (!writer_ok(&key)) {
        return TRUST_STORE_DATA; /* no issuer is that long: not an answer */
    }
    struct db_stmt *s = store->statement[SQL_BLOCK];
    db_reset(s);
    db_bind_text(s, 1, state);
    db_bind_blob(s, 2, writer_span(&key));
    db_bind_int(s, 3, set);
    db_bind_int(s, 4, index / ROW_BLOCK_INDICES);
    enum trust_store_error error = trust_store_step(store, s);
    if (error == TRUST_STORE_EMPTY) {
        *ret_in = false;
        error = TRUST_STORE_OK;
    } else if (error == TRUST_STORE_OK &&
               !look_into_block(db_column_span(s, 0), index % ROW_BLOCK_INDICES, ret_in)) {
        error = trust_store_damaged(store);
    }
    db_reset(s);
    return error;
}
