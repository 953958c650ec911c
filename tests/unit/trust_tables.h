/* SPDX-License-Identifier: Apache-2.0
 *
 * A store's file seen as plain tables, by a connection of its own: every value of every row, also
 * what the store's interface does not tell; and changes made behind its back. What fails here fails
 * the test.
 */
#ifndef TESTS_TRUST_TABLES_H
#define TESTS_TRUST_TABLES_H

#include "base/crypto.h"
#include "wire/bytes.h"

/* A column, as the file itself names it. */
struct trust_column {
    char table[24], name[24];
    enum { TRUST_COLUMN_INTEGER, TRUST_COLUMN_TEXT, TRUST_COLUMN_BLOB } type;
};
#define TRUST_MAX_COLUMNS 48

/* All columns of all tables, in order; how many. */
size_t trust_tables_columns(const char *path, struct trust_column ret_column[TRUST_MAX_COLUMNS]);

/* SHA-256 of all values of all rows of all tables, with their types. */
void trust_tables_digest(const char *path, uint8_t ret_digest[CRYPTO_SHA256_SIZE]);

/* Runs one statement and commits it. */
void trust_tables_run(const char *path, const char *sql);
/* The same; false when it breaks a rule of the tables, and nothing is changed. */
bool trust_tables_try(const char *path, const char *sql);
/* The same beside another store's file, which is called "old". */
void trust_tables_attach(const char *path, const char *old, const char *sql);
/* The same with a blob in place of ?1. */
void trust_tables_run_with(const char *path, const char *sql, struct span blob);
/* The number that a query gives. */
int64_t trust_tables_number(const char *path, const char *sql);
/* The blob that a query gives, or the text; the caller frees it with free(). */
struct span trust_tables_blob(const char *path, const char *sql);

/* Moves everything into the file itself, out of its log. */
void trust_tables_settle(const char *path);

#endif
