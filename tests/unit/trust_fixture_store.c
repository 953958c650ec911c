/* SPDX-License-Identifier: Apache-2.0
 *
 * Stores for tests, and a digest of all they hold. */
#include "check.h"
#include "trust_fixture.h"
#include "verifier/trust_schema.h"

struct trust_store *fixture_store(struct fixture *f, const char *name)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(fixture_path(f, name), DB_CREATE, true, &store, &error),
                     TRUST_STORE_OK);
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    struct trust_refusal refusal =
        trust_update_init(store, fixture_root(f), fixture_root_id(f), &clock);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
    return store;
}

struct trust_refusal fixture_try(struct trust_store *store, struct span bundle, int64_t now_s)
{
    struct trust_clock_input clock = {now_s, FIXTURE_BUILD_S};
    struct trust_update_report report;
    return trust_update_import(store, bundle, &clock, NULL, NULL, &report);
}

void fixture_import(struct trust_store *store, struct span bundle)
{
    struct trust_refusal refusal = fixture_try(store, bundle, FIXTURE_NOW_S);
    assert_string_equal(refusal.subject, "");
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
}

/* ---- behind the back ---- */

static bool is_replaced(const struct row *old, const struct row *row, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (row_compare(old, &row[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void put_part(struct trust_store *store, struct span state, bool catalogue,
                     const struct row *row, size_t count)
{
    struct trust_rows before = {0}, after = {0};
    enum trust_store_error error = trust_store_load(store, state, catalogue, &before);
    assert_true(error == TRUST_STORE_OK || error == TRUST_STORE_EMPTY);
    for (size_t i = 0; i < before.count; i++) {
        if (!is_replaced(&before.row[i], row, count)) {
            assert_int_equal(trust_rows_add(&after, before.row[i].bytes), TRUST_ROWS_OK);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if ((row[i].type > ROW_LAST_SECURITY) == catalogue) {
            assert_int_equal(trust_rows_add(&after, row[i].bytes), TRUST_ROWS_OK);
        }
    }
    assert_int_equal(trust_rows_seal(&after), TRUST_ROWS_OK);
    assert_int_equal(trust_store_put_part(store, state, catalogue, &after, NULL), TRUST_STORE_OK);
    trust_rows_free(&before);
    trust_rows_free(&after);
}

void fixture_put_rows(struct trust_store *store, const char *state, const struct row *row,
                      size_t count)
{
    bool security = false, catalogue = false;
    for (size_t i = 0; i < count; i++) {
        security = security || row[i].type <= ROW_LAST_SECURITY;
        catalogue = catalogue || row[i].type > ROW_LAST_SECURITY;
    }
    if (security) {
        put_part(store, span_str(state), false, row, count);
    }
    if (catalogue) {
        put_part(store, span_str(state), true, row, count);
    }
}

void fixture_damage(struct trust_store *store, const char *state, enum row_type type,
                    struct span key)
{
    struct db_stmt *s = db_prepare(
        store->db, "UPDATE bucket SET data = substr(data, 1, length(data) - 1) WHERE place = ?1");
    db_bind_int(
        s, 1, trust_bucket_place(span_str(state), type > ROW_LAST_SECURITY, row_bucket(type, key)));
    assert_int_equal(db_run(s), DB_OK);
}

/* ---- dump ---- */

static void add(struct crypto_hash *hash, struct span bytes)
{
    uint8_t len[8];
    struct writer w = writer_of(len, sizeof len);
    writer_be(&w, bytes.len, 8);
    assert_int_equal(crypto_hash_update(hash, writer_span(&w)), CRYPTO_OK);
    assert_int_equal(crypto_hash_update(hash, bytes), CRYPTO_OK);
}

static void add_number(struct crypto_hash *hash, int64_t value)
{
    add(hash, span_of(&value, sizeof value));
}

enum trust_store_error fixture_walk_begin(struct fixture_walk *walk, struct trust_store *store,
                                          struct span state, enum row_type least,
                                          enum row_type most)
{
    enum trust_store_error error = TRUST_STORE_OK;
    *walk = (struct fixture_walk){.least = least, .most = most};
    for (int part = 0; part < 2 && error == TRUST_STORE_OK; part++) {
        if (part == 0 ? least <= ROW_LAST_SECURITY : most > ROW_LAST_SECURITY) {
            error = trust_store_load(store, state, part != 0, &walk->part[part]);
        }
        error = error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
    }
    if (error != TRUST_STORE_OK) {
        fixture_walk_end(walk);
    }
    return error;
}

bool fixture_walk_next(struct fixture_walk *walk, struct row *ret_row)
{
    for (; walk->part_at < 2; walk->part_at++, walk->at = 0) {
        const struct trust_rows *rows = &walk->part[walk->part_at];
        while (walk->at < rows->count) {
            const struct row *row = &rows->row[walk->at++];
            if (row->type >= walk->least && row->type <= walk->most) {
                *ret_row = *row;
                return true;
            }
        }
    }
    fixture_walk_end(walk);
    return false;
}

void fixture_walk_end(struct fixture_walk *walk)
{
    trust_rows_free(&walk->part[0]);
    trust_rows_free(&walk->part[1]);
    walk->part_at = 2;
}

static void add_list(struct crypto_hash *hash, struct trust_store *store,
                     const struct trust_stored_list *list)
{
    struct span state = span_str(list->state);
    add(hash, state);
    add_number(hash, list->version);
    add_number(hash, list->least_version);
    add_number(hash, list->as_of_s);
    add_number(hash, list->expires_s);
    add_number(hash, list->fresh_as_of_s);
    add_number(hash, list->behind * 4 + list->disabled * 2 + list->has_catalogue);
    add(hash, span_of(list->digest, TRUST_DIGEST_SIZE));
    struct span document;
    assert_int_equal(trust_store_list_document(store, state, &document), TRUST_STORE_OK);
    add(hash, document);
    struct row row;
    struct fixture_walk walk;
    assert_int_equal(fixture_walk_begin(&walk, store, state, ROW_ISSUER, ROW_JOB_TITLE),
                     TRUST_STORE_OK);
    while (fixture_walk_next(&walk, &row)) {
        add(hash, row.bytes);
    }
}

static void add_documents(struct crypto_hash *hash, struct trust_store *store)
{
    struct span document;
    enum trust_store_error error = TRUST_STORE_OK;
    for (int64_t version = 1; error == TRUST_STORE_OK; version++) {
        error = trust_store_root_document(store, version, &document);
        if (error == TRUST_STORE_OK) {
            add(hash, document);
        }
    }
    assert_int_equal(error, TRUST_STORE_EMPTY);
    error = trust_store_header_document(store, &document);
    if (error == TRUST_STORE_OK) {
        add(hash, document);
    } else {
        assert_int_equal(error, TRUST_STORE_EMPTY);
    }
}

void fixture_dump(struct trust_store *store, uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    struct crypto_hash *hash = NULL;
    struct trust_state state;
    assert_int_equal(crypto_hash_begin(&hash), CRYPTO_OK);
    assert_int_equal(trust_store_begin_read(store), TRUST_STORE_OK);
    assert_int_equal(trust_store_read_state(store, &state), TRUST_STORE_OK);
    add_documents(hash, store);
    add(hash, span_of(state.root_id, TRUST_DIGEST_SIZE));
    add_number(hash, state.header_least_version);
    add_number(hash, state.floor_s);
    add_number(hash, state.high_water_s);
    for (size_t i = 0; i < state.list_count; i++) {
        add_list(hash, store, &state.list[i]);
    }
    trust_state_free(&state);
    trust_store_rollback(store);
    assert_int_equal(crypto_hash_finish(hash, ret_digest), CRYPTO_OK);
    crypto_hash_free(hash);
}
