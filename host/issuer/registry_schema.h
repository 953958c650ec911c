/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry's tables, and what the files that work on them share; for registry*.c only. The
 * rules that matter most (no index twice, no number twice) are rules of the schema, so that a bug
 * above cannot break them.
 */
#ifndef ISSUER_REGISTRY_SCHEMA_H
#define ISSUER_REGISTRY_SCHEMA_H

#include "issuer/registry.h"

/* States and kinds are numbered as in registry.h; number_key is certificate_number_key. */
#define REGISTRY_SQL                                                                               \
    "CREATE TABLE station (one INTEGER PRIMARY KEY CHECK (one = 1), issuer TEXT NOT NULL,"         \
    "  station TEXT NOT NULL, sample INTEGER NOT NULL) STRICT;"                                    \
    "CREATE TABLE block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL,"                        \
    "  next INTEGER NOT NULL, document BLOB, added_at INTEGER NOT NULL,"                           \
    "  CHECK (first >= 0 AND last >= first AND next >= first AND next <= last + 1)) STRICT;"       \
    "CREATE TABLE certificate (idx INTEGER PRIMARY KEY, number TEXT NOT NULL,"                     \
    "  number_key TEXT NOT NULL, kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),"              \
    "  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),"                                      \
    "  why INTEGER NOT NULL DEFAULT 0, centre TEXT, blank TEXT, issue_day INTEGER NOT NULL,"       \
    "  claims_digest BLOB NOT NULL, credential_digest BLOB, change INTEGER UNIQUE,"                \
    "  changed_at INTEGER NOT NULL) STRICT;"                                                       \
    "CREATE INDEX certificate_number ON certificate (number_key);"                                 \
    "CREATE UNIQUE INDEX one_original ON certificate (number_key)"                                 \
    "  WHERE kind = 1 AND state <> 4;"                                                             \
    "CREATE UNIQUE INDEX one_unfinished ON certificate (number_key) WHERE state < 3;"              \
    "CREATE UNIQUE INDEX one_delivered ON certificate (number_key)"                                \
    "  WHERE state = 3 AND kind <> 3;"                                                             \
    "CREATE TABLE unfinished (idx INTEGER PRIMARY KEY REFERENCES certificate,"                     \
    "  credential BLOB NOT NULL, pages INTEGER NOT NULL, folder TEXT NOT NULL, photo TEXT) "       \
    "STRICT;"

enum registry_query {
    QUERY_BLOCK_OVERLAP,
    QUERY_BLOCK_ADD,
    QUERY_BLOCK_NEXT,
    QUERY_BLOCK_OPEN,
    QUERY_BLOCK_TAKE,
    QUERY_IN_FORCE,
    QUERY_RESERVE,
    QUERY_SIGN,
    QUERY_KEEP,
    QUERY_LEFT,
    QUERY_FORGET,
    QUERY_SIGNED,
    QUERY_DELIVER,
    QUERY_REPLACE,
    QUERY_VOID,
    QUERY_UNFINISHED,
    QUERY_CHANGED,
    QUERY_LAST_CHANGE,
    QUERY_COUNT,
};

struct registry {
    struct db *db;
    int lock;
    enum db_error db_error;
    struct db_stmt *query[QUERY_COUNT];
};

/* Notes the database's failure and names it. */
enum registry_error registry_fail(struct registry *registry, enum db_error error);

#endif
