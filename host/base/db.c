/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite with the house's settings. Knows how a file is opened, told apart from other files, locked
 * and closed; knows nothing of what is in it.
 */
#include "base/db.h"

#include <sqlite3.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define BUSY_LIMIT_MS 5000

struct db_stmt {
    struct db *db;
    const char *sql;
    sqlite3_stmt *stmt; /* NULL until first used */
    int failed;         /* a compile or bind failure, told by the next step */
    bool in_use;        /* bound or stepped since the last reset */
    struct db_stmt *next;
};

struct db {
    sqlite3 *sqlite;
    bool incomplete; /* there was no memory for a statement */
    struct db_stmt *first;
    struct db_stmt *begin_read, *begin_write, *commit, *rollback, *first_read, *data_version;
};

static enum db_error error_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
        return DB_OK;
    case SQLITE_DONE:
        return DB_DONE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_BUSY;
    case SQLITE_CORRUPT:
        return DB_CORRUPT;
    case SQLITE_NOTADB:
        return DB_OTHER_FILE;
    case SQLITE_FULL:
        return DB_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return DB_READ_ONLY;
    case SQLITE_CONSTRAINT:
        return DB_CONSTRAINT;
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_NOMEM ? DB_SYSTEM : DB_IO;
    case SQLITE_CANTOPEN:
        return DB_IO;
    default:
        return DB_SYSTEM;
    }
}

/* Runs SQL that gives no rows worth reading; only for constant text. */
static enum db_error execute(struct db *db, const char *sql)
{
    return error_of(sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL));
}

static enum db_error read_number(struct db *db, const char *sql, int64_t *ret_value)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->sqlite, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
    }
    if (code == SQLITE_ROW) {
        *ret_value = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return error_of(code);
}

/* What is at `path`, before SQLite touches it: it would make a missing file and misname the rest.
 */
static enum db_error look_at(const char *path, enum db_mode mode)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return mode == DB_CREATE ? DB_OK : DB_MISSING;
        }
        return errno == EACCES ? DB_READ_ONLY : DB_IO;
    }
    return S_ISREG(status.st_mode) ? DB_OK : DB_OTHER_FILE;
}

/* A hostile file may carry triggers, views and functions in its schema: none of them runs. */
static enum db_error harden(struct db *db)
{
    static const struct {
        int option, value;
    } setting[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
    };
    for (size_t i = 0; i < sizeof setting / sizeof setting[0]; i++) {
        int code = sqlite3_db_config(db->sqlite, setting[i].option, setting[i].value, (int *)NULL);
        if (code != SQLITE_OK) {
            return error_of(code);
        }
    }
    sqlite3_extended_result_codes(db->sqlite, 1);
    sqlite3_busy_timeout(db->sqlite, BUSY_LIMIT_MS);
    return execute(db, "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
                       "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY");
}

/* A file nobody has put anything into yet. */
static enum db_error is_blank(struct db *db, bool *ret_blank)
{
    int64_t id = 0, objects = 0;
    enum db_error error = read_number(db, "PRAGMA application_id", &id);
    if (error == DB_OK) {
        error = read_number(db, "SELECT count(*) FROM sqlite_schema", &objects);
    }
    *ret_blank = id == 0 && objects == 0;
    return error;
}

static enum db_error fill(struct db *db, const struct db_schema *schema)
{
    char identity[96];
    snprintf(identity, sizeof identity, "PRAGMA application_id = %ld; PRAGMA user_version = %d",
             (long)(int32_t)schema->application_id, schema->version);
    enum db_error error = execute(db, schema->sql);
    return error == DB_OK ? execute(db, identity) : error;
}

/* Two programs may make the same file at once: whoever comes second finds it filled and leaves it.
 */
static enum db_error create(struct db *db, const struct db_schema *schema)
{
    enum db_error error = execute(db, "PRAGMA journal_mode = WAL");
    if (error == DB_OK) {
        error = execute(db, "BEGIN IMMEDIATE");
    }
    if (error != DB_OK) {
        return error;
    }
    bool blank = false;
    error = is_blank(db, &blank);
    if (error == DB_OK && blank) {
        error = fill(db, schema);
    }
    if (error == DB_OK) {
        error = execute(db, "COMMIT");
    }
    if (error != DB_OK) {
        (void)execute(db, "ROLLBACK");
    }
    return error;
}

static enum db_error check_identity(struct db *db, const struct db_schema *schema)
{
    int64_t id = 0, version = 0;
    enum db_error error = read_number(db, "PRAGMA application_id", &id);
    if (error == DB_OK) {
        error = read_number(db, "PRAGMA user_version", &version);
    }
    if (error == DB_OK && ((uint32_t)id != schema->application_id || version != schema->version)) {
        return DB_OTHER_FILE;
    }
    return error;
}

/* Users who may only read can open a WAL file only while its side files are there: the writers
 * leave them. */
static enum db_error keep_side_files(struct db *db)
{
    int on = 1;
    int code = sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    return code == SQLITE_OK ? execute(db, "PRAGMA journal_size_limit = 0") : error_of(code);
}

static enum db_error open_checked(struct db *db, const char *path, enum db_mode mode,
                                  const struct db_schema *schema)
{
    static const int flags[] = {
        [DB_READ] = SQLITE_OPEN_READONLY,
        [DB_WRITE] = SQLITE_OPEN_READWRITE,
        [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    enum db_error error = look_at(path, mode);
    if (error != DB_OK) {
        return error;
    }
    int code = sqlite3_open_v2(path, &db->sqlite, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        return error_of(code);
    }
    error = harden(db);
    bool blank = false;
    if (error == DB_OK) {
        error = is_blank(db, &blank);
    }
    /* SQLite quietly opens for reading what it may not write. */
    if (error == DB_OK && mode != DB_READ && sqlite3_db_readonly(db->sqlite, "main") != 0) {
        error = DB_READ_ONLY;
    }
    if (error == DB_OK && blank && mode == DB_CREATE) {
        error = create(db, schema);
    }
    if (error == DB_OK) {
        error = check_identity(db, schema);
    }
    return error == DB_OK && mode != DB_READ ? keep_side_files(db) : error;
}

/* Compiles at first use; a failure is tried again after the next reset, for a lock may be gone by
 * then. */
static bool is_ready(struct db_stmt *s)
{
    if (s == NULL || s->failed != SQLITE_OK) {
        return false;
    }
    s->in_use = true;
    if (s->stmt == NULL) {
        s->failed = sqlite3_prepare_v3(s->db->sqlite, s->sql, -1, SQLITE_PREPARE_PERSISTENT,
                                       &s->stmt, NULL);
    }
    return s->failed == SQLITE_OK;
}

static enum db_error compile(struct db_stmt *s)
{
    if (is_ready(s)) {
        db_reset(s);
        return DB_OK;
    }
    return s == NULL ? DB_SYSTEM : error_of(s->failed);
}

enum db_error db_open(const char *path, enum db_mode mode, const struct db_schema *schema,
                      struct db **ret_db)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL) {
        return DB_SYSTEM;
    }
    enum db_error error = open_checked(db, path, mode, schema);
    if (error != DB_OK) {
        db_close(db);
        return error;
    }
    db->begin_read = db_prepare(db, "BEGIN");
    db->begin_write = db_prepare(db, "BEGIN IMMEDIATE");
    db->commit = db_prepare(db, "COMMIT");
    db->rollback = db_prepare(db, "ROLLBACK");
    db->first_read = db_prepare(db, "SELECT 1 FROM sqlite_schema LIMIT 1");
    db->data_version = db_prepare(db, "PRAGMA data_version");
    /* When memory has run out it is too late to compile what ends a transaction. */
    error = compile(db->rollback);
    if (error != DB_OK || db->incomplete) {
        db_close(db);
        return error != DB_OK ? error : DB_SYSTEM;
    }
    *ret_db = db;
    return DB_OK;
}

void db_close(struct db *db)
{
    if (db == NULL) {
        return;
    }
    for (struct db_stmt *s = db->first; s != NULL;) {
        struct db_stmt *next = s->next;
        sqlite3_finalize(s->stmt);
        free(s);
        s = next;
    }
    sqlite3_close(db->sqlite);
    free(db);
}

struct db_stmt *db_prepare(struct db *db, const char *sql)
{
    struct db_stmt *s = calloc(1, sizeof *s);
    if (s == NULL) {
        db->incomplete = true;
        return NULL;
    }
    *s = (struct db_stmt){.db = db, .sql = sql, .next = db->first};
    db->first = s;
    return s;
}

static void keep_failure(struct db_stmt *s, int code)
{
    if (s->failed == SQLITE_OK) {
        s->failed = code;
    }
}

void db_bind_int(struct db_stmt *s, int at, int64_t value)
{
    if (is_ready(s)) {
        keep_failure(s, sqlite3_bind_int64(s->stmt, at, value));
    }
}

void db_bind_text(struct db_stmt *s, int at, struct span text)
{
    if (is_ready(s)) {
        const char *bytes = text.len == 0 ? "" : (const char *)text.ptr;
        keep_failure(s,
                     sqlite3_bind_text64(s->stmt, at, bytes, text.len, SQLITE_STATIC, SQLITE_UTF8));
    }
}

void db_bind_blob(struct db_stmt *s, int at, struct span blob)
{
    if (is_ready(s)) {
        const void *bytes = blob.len == 0 ? (const void *)"" : blob.ptr;
        keep_failure(s, sqlite3_bind_blob64(s->stmt, at, bytes, blob.len, SQLITE_STATIC));
    }
}

void db_bind_null(struct db_stmt *s, int at)
{
    if (is_ready(s)) {
        keep_failure(s, sqlite3_bind_null(s->stmt, at));
    }
}

enum db_error db_step(struct db_stmt *s)
{
    if (!is_ready(s)) {
        return s == NULL ? DB_SYSTEM : error_of(s->failed);
    }
    if (s->db->incomplete && s != s->db->rollback) {
        return DB_SYSTEM;
    }
    return error_of(sqlite3_step(s->stmt));
}

int64_t db_column_int(struct db_stmt *s, int at)
{
    return sqlite3_column_int64(s->stmt, at);
}

struct span db_column_span(struct db_stmt *s, int at)
{
    const void *bytes = sqlite3_column_blob(s->stmt, at);
    return bytes == NULL ? span_of(NULL, 0)
                         : span_of(bytes, (size_t)sqlite3_column_bytes(s->stmt, at));
}

bool db_column_is_null(struct db_stmt *s, int at)
{
    return sqlite3_column_type(s->stmt, at) == SQLITE_NULL;
}

void db_reset(struct db_stmt *s)
{
    if (s == NULL || !s->in_use) {
        return;
    }
    if (s->stmt != NULL) {
        sqlite3_reset(s->stmt);
        sqlite3_clear_bindings(s->stmt);
    }
    s->in_use = false;
    s->failed = SQLITE_OK;
}

enum db_error db_run(struct db_stmt *s)
{
    enum db_error error = db_step(s);
    db_reset(s);
    return error == DB_DONE ? DB_OK : error;
}

enum db_error db_begin_read(struct db *db)
{
    enum db_error error = db_run(db->begin_read);
    if (error != DB_OK) {
        return error;
    }
    /* BEGIN alone sees nothing yet: the first read fixes the moment that is seen. */
    error = db_run(db->first_read);
    if (error != DB_OK) {
        db_rollback(db);
    }
    return error;
}

enum db_error db_begin_write(struct db *db)
{
    return db_run(db->begin_write);
}

enum db_error db_commit(struct db *db)
{
    return db_run(db->commit);
}

void db_rollback(struct db *db)
{
    if (sqlite3_get_autocommit(db->sqlite) == 0) {
        (void)!db_run(db->rollback);
    }
}

int64_t db_data_version(struct db *db)
{
    int64_t version = 0;
    if (db_step(db->data_version) == DB_OK) {
        version = db_column_int(db->data_version, 0);
    }
    db_reset(db->data_version);
    return version;
}

enum db_error db_check(struct db *db)
{
    struct db_stmt *s = db_prepare(db, "PRAGMA integrity_check(1)");
    enum db_error error = db_step(s);
    if (error == DB_OK && !span_equal(db_column_span(s, 0), span_str("ok"))) {
        error = DB_CORRUPT;
    }
    db_reset(s);
    return error == DB_DONE ? DB_CORRUPT : error;
}
