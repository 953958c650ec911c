/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust store as readers see it: open, transactions. Knows where things
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
    trust_store_forget_views(store);
    db_close(store->db);
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

static int64_t ask_generation(struct trust_store *store)
{
    int64_t others = db_data_version(store->db);
    if (others == 0) {
        store->writes++; /* could not be asked: nothing kept may be trusted */
    }
    return (int64_t)((uint64_t)store->writes << 32 ^ (uint64_t)others);
}

enum trust_store_error trust_store_begin_read(struct trust_store *store)
{
    reset_all(store);
    enum trust_store_error error = trust_store_result(store, db_begin_read(store->db));
    if (error != TRUST_STORE_OK) {
        return error;
    }
    int64_t generation = ask_generation(store);
    if (generation != store->generation) {
        trust_store_forget_views(store);
    }
    store->generation = generation;
    store->reading = true;
    return TRUST_STORE_OK;
}

enum trust_store_error trust_store_begin_write(struct trust_store *store)
{
    reset_all(store);
    trust_store_forget_views(store);
    store->writing = true;
    return trust_store_result(store, db_begin_write(store->db));
}

/* Only the end of a write makes a new generation: what readers keep stays good while they read. */
static void end_transaction(struct trust_store *store)
{
    reset_all(store);
    if (store->writing) {
        trust_store_forget_views(store);
        store->writes++;
    }
    store->writing = false;
    store->reading = false;
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
    return store->reading ? store->generation : ask_generation(store);
}
