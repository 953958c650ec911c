/* SPDX-License-Identifier: Apache-2.0
 *
 * A thin wrapper over SQLite: open with the house's settings, prepared statements, one way to bind
 * and read. The only file that includes sqlite3.h.
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include "wire/bytes.h"
#include "wire/must_use.h"

enum db_error {
    DB_OK = 0,
    DB_DONE,       /* no (more) rows */
    DB_MISSING,    /* no such file */
    DB_OTHER_FILE, /* a file, but not a database of this application or of this schema version */
    DB_BUSY,       /* locked by another process for longer than the time limit */
    DB_CORRUPT,
    DB_FULL,       /* disk full */
    DB_READ_ONLY,  /* no permission to write */
    DB_CONSTRAINT, /* a row breaks a rule of the schema (same key twice) */
    DB_IO,
    DB_SYSTEM, /* memory, misuse */
};

struct db;
struct db_stmt;

struct db_schema {
    uint32_t application_id; /* tells our kinds of files apart */
    int version;             /* user_version */
    const char *sql;         /* makes an empty database; run in one transaction */
};

enum db_mode {
    DB_READ,   /* must exist; nothing is written */
    DB_WRITE,  /* must exist */
    DB_CREATE, /* made when absent */
};

/* Opens with WAL, synchronous=FULL, foreign_keys, no triggers, views or trusted schema,
 * cell_size_check, mmap off, a busy time limit of 5 s, and checks application_id and user_version.
 * New files get mode 0644 less umask; their -wal and -shm stay beside them, so that users who may
 * only read can open them. One connection belongs to one thread at a time. */
MUST_USE enum db_error db_open(const char *path, enum db_mode mode, const struct db_schema *schema,
                               struct db **ret_db);
void db_close(struct db *db);

/* Compiled at first use and kept until db_close; `sql` must live as long. NULL only without memory,
 * which every function below takes; from then on every step on this connection is DB_SYSTEM, so
 * that whoever opens is refused at once instead of missing a statement later. What cannot be
 * compiled (a programmer's error, a damaged file) is reported by db_step. */
struct db_stmt *db_prepare(struct db *db, const char *sql);

/* Binding is by position from 1 and never fails visibly: a failure is reported by the next db_step.
 * Text and blobs are borrowed until the statement is reset. */
void db_bind_int(struct db_stmt *s, int at, int64_t value);
void db_bind_text(struct db_stmt *s, int at, struct span text);
void db_bind_blob(struct db_stmt *s, int at, struct span blob);
void db_bind_null(struct db_stmt *s, int at);

/* DB_OK: a row is there. DB_DONE: finished. Otherwise the failure. */
MUST_USE enum db_error db_step(struct db_stmt *s);
/* Columns from 0; spans hold until the next db_step or db_reset of the statement. */
int64_t db_column_int(struct db_stmt *s, int at);
struct span db_column_span(struct db_stmt *s, int at);
bool db_column_is_null(struct db_stmt *s, int at);
/* Ends the run, drops bindings and a reported failure. */
void db_reset(struct db_stmt *s);

/* Runs a statement whose rows, if any, do not matter, and resets it: DB_OK or the failure. */
MUST_USE enum db_error db_run(struct db_stmt *s);

/* One moment of the file is seen from here to the end. */
MUST_USE enum db_error db_begin_read(struct db *db);
MUST_USE enum db_error db_begin_write(struct db *db); /* BEGIN IMMEDIATE */
MUST_USE enum db_error db_commit(struct db *db);
void db_rollback(struct db *db);

/* Looks at every page of the file: DB_CORRUPT when they do not fit together. */
MUST_USE enum db_error db_check(struct db *db);

/* A number that changes when another connection changed the file; 0 when it could not be asked. */
int64_t db_data_version(struct db *db);

/* One sentence about the failure, for people: what to do. */
const char *db_error_text(enum db_error error);

#endif
