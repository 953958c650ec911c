/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of a store, read and written as SQL. */
#include "trust_tables.h"

#include <stdio.h>

#include "check.h"
#include "verifier/trust_schema.h"

#define MAX_QUERY 512

static struct db *open_tables(const char *path, enum db_mode mode)
{
    struct db *db = NULL;
    assert_int_equal(db_open(path, mode, &trust_schema, &db), DB_OK);
    return db;
}

static void copy_text(char *to, size_t size, struct span text)
{
    assert_true(text.len < size);
    memcpy(to, text.ptr, text.len);
    to[text.len] = '\0';
}

static size_t read_columns(struct db *db, struct trust_column column[TRUST_MAX_COLUMNS])
{
    struct db_stmt *s = db_prepare(
        db, "SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid");
    size_t count = 0;
    enum db_error error;
    while ((error = db_step(s)) == DB_OK) {
        assert_true(count < TRUST_MAX_COLUMNS);
        struct trust_column *c = &column[count++];
        struct span type = db_column_span(s, 2);
        copy_text(c->table, sizeof c->table, db_column_span(s, 0));
        copy_text(c->name, sizeof c->name, db_column_span(s, 1));
        c->type = span_equal(type, span_str("INTEGER")) ? TRUST_COLUMN_INTEGER
                  : span_equal(type, span_str("TEXT"))  ? TRUST_COLUMN_TEXT
                                                        : TRUST_COLUMN_BLOB;
    }
    assert_int_equal(error, DB_DONE);
    db_reset(s);
    return count;
}

size_t trust_tables_columns(const char *path, struct trust_column ret_column[TRUST_MAX_COLUMNS])
{
    struct db *db = open_tables(path, DB_READ);
    size_t count = read_columns(db, ret_column);
    db_close(db);
    return count;
}

/* ---- digest ---- */

/* The columns from column[at] on that are of one table, as one text; how many. */
static size_t write_query(const struct trust_column *column, size_t count, size_t at, char *query)
{
    size_t len = (size_t)snprintf(query, MAX_QUERY, "SELECT ");
    size_t end = at;
    for (; end < count && strcmp(column[end].table, column[at].table) == 0; end++) {
        len += (size_t)snprintf(query + len, MAX_QUERY - len, "%squote(%s)",
                                end == at ? "" : " || ',' || ", column[end].name);
        assert_true(len < MAX_QUERY);
    }
    len += (size_t)snprintf(query + len, MAX_QUERY - len, " FROM %s ORDER BY 1", column[at].table);
    assert_true(len < MAX_QUERY);
    return end - at;
}

static void add(struct crypto_hash *hash, struct span text)
{
    assert_int_equal(crypto_hash_update(hash, text), CRYPTO_OK);
    assert_int_equal(crypto_hash_update(hash, span_str("\n")), CRYPTO_OK);
}

static void add_table(struct crypto_hash *hash, struct db *db, const char *query)
{
    struct db_stmt *s = db_prepare(db, query);
    enum db_error error;
    add(hash, span_str(query));
    while ((error = db_step(s)) == DB_OK) {
        add(hash, db_column_span(s, 0));
    }
    assert_int_equal(error, DB_DONE);
    db_reset(s);
}

void trust_tables_digest(const char *path, uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    struct trust_column column[TRUST_MAX_COLUMNS];
    static char query[TRUST_MAX_COLUMNS][MAX_QUERY]; /* statements hold on to their text */
    struct crypto_hash *hash = NULL;
    struct db *db = open_tables(path, DB_READ);
    size_t count = read_columns(db, column), tables = 0;
    assert_int_equal(crypto_hash_begin(&hash), CRYPTO_OK);
    assert_int_equal(db_begin_read(db), DB_OK);
    for (size_t at = 0; at < count; tables++) {
        at += write_query(column, count, at, query[tables]);
        add_table(hash, db, query[tables]);
    }
    db_rollback(db);
    db_close(db);
    assert_int_equal(crypto_hash_finish(hash, ret_digest), CRYPTO_OK);
    crypto_hash_free(hash);
}

/* ---- changes ---- */

void trust_tables_run(const char *path, const char *sql)
{
    struct db *db = open_tables(path, DB_WRITE);
    assert_int_equal(db_run(db_prepare(db, sql)), DB_OK);
    db_close(db);
}

bool trust_tables_try(const char *path, const char *sql)
{
    struct db *db = open_tables(path, DB_WRITE);
    enum db_error error = db_run(db_prepare(db, sql));
    assert_true(error == DB_OK || error == DB_CONSTRAINT);
    db_close(db);
    return error == DB_OK;
}

void trust_tables_attach(const char *path, const char *old, const char *sql)
{
    struct db *db = open_tables(path, DB_WRITE);
    struct db_stmt *s = db_prepare(db, "ATTACH ?1 AS old");
    db_bind_text(s, 1, span_str(old));
    assert_int_equal(db_run(s), DB_OK);
    assert_int_equal(db_run(db_prepare(db, sql)), DB_OK);
    db_close(db);
}

void trust_tables_run_with(const char *path, const char *sql, struct span blob)
{
    struct db *db = open_tables(path, DB_WRITE);
    struct db_stmt *s = db_prepare(db, sql);
    db_bind_blob(s, 1, blob);
    assert_int_equal(db_run(s), DB_OK);
    db_close(db);
}

int64_t trust_tables_number(const char *path, const char *sql)
{
    struct db *db = open_tables(path, DB_READ);
    struct db_stmt *s = db_prepare(db, sql);
    assert_int_equal(db_step(s), DB_OK);
    int64_t number = db_column_int(s, 0);
    db_close(db);
    return number;
}

struct span trust_tables_blob(const char *path, const char *sql)
{
    struct db *db = open_tables(path, DB_READ);
    struct db_stmt *s = db_prepare(db, sql);
    assert_int_equal(db_step(s), DB_OK);
    struct span blob = db_column_span(s, 0);
    blob.ptr = check_heap_copy(blob);
    db_close(db);
    return blob;
}

void trust_tables_settle(const char *path)
{
    trust_tables_run(path, "PRAGMA wal_checkpoint(TRUNCATE)");
}
