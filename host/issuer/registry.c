/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening and closing a registry, its lock, its transactions and its blocks of indices.
 */
#include "issuer/registry_schema.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lock.h"

#define COLUMNS "idx, kind, state, why, number, centre, blank, issue_day, change"
/* The number of a change is one more than the greatest so far, which belongs to a row that keeps it
 * or gets a greater one. */
#define NEXT_CHANGE "(SELECT coalesce(max(change), 0) + 1 FROM certificate)"

static const struct db_schema schema = {
    .application_id = 0x53414B49, /* "SAKI" */
    .version = 1,
    .sql = REGISTRY_SQL,
};

static const char *const sql[QUERY_COUNT] = {
    [QUERY_BLOCK_OVERLAP] = "SELECT first, last FROM block WHERE first <= ?2 AND last >= ?1",
    [QUERY_BLOCK_ADD] = "INSERT INTO block (first, last, next, document, added_at)"
                        " VALUES (?1, ?2, ?1, ?3, ?4)",
    [QUERY_BLOCK_NEXT] = "SELECT first, last, next, document IS NOT NULL FROM block"
                         " WHERE first > ? ORDER BY first LIMIT 1",
    [QUERY_BLOCK_OPEN] = "SELECT first, next FROM block WHERE next <= last ORDER BY first LIMIT 1",
    [QUERY_BLOCK_TAKE] = "UPDATE block SET next = next + 1 WHERE first = ?",
    [QUERY_IN_FORCE] = "SELECT " COLUMNS ", claims_digest FROM certificate"
                       " WHERE number_key = ? AND state <> 4 AND idx > ? ORDER BY idx LIMIT 1",
    [QUERY_RESERVE] = "INSERT INTO certificate (idx, number, number_key, kind, state, centre,"
                      " blank, issue_day, claims_digest, changed_at)"
                      " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
    [QUERY_SIGN] = "UPDATE certificate SET state = 2, credential_digest = ?2, changed_at = ?3,"
                   " change = " NEXT_CHANGE " WHERE idx = ?1 AND state = 1 RETURNING idx",
    [QUERY_KEEP] = "INSERT INTO unfinished (idx, credential, pages, folder, photo)"
                   " VALUES (?, ?, ?, ?, ?)",
    [QUERY_LEFT] = "UPDATE unfinished SET pages = ?2 WHERE idx = ?1 RETURNING idx",
    [QUERY_FORGET] = "DELETE FROM unfinished WHERE idx = ?",
    [QUERY_SIGNED] = "SELECT kind, number_key FROM certificate WHERE idx = ? AND state = 2",
    [QUERY_DELIVER] = "UPDATE certificate SET state = 3, changed_at = ?2"
                      " WHERE idx = ?1 AND state = 2 RETURNING idx",
    [QUERY_REPLACE] = "SELECT idx FROM certificate WHERE number_key = ? AND state = 3 AND idx <> ?"
                      " LIMIT 1",
    [QUERY_VOID] = "UPDATE certificate SET state = 4, why = ?2, changed_at = ?3,"
                   " change = " NEXT_CHANGE " WHERE idx = ?1 AND state <> 4 RETURNING idx",
    [QUERY_UNFINISHED] = "SELECT c.idx, c.state, u.credential, u.pages, u.folder, u.photo, c.kind"
                         " FROM certificate c LEFT JOIN unfinished u ON u.idx = c.idx"
                         " WHERE c.state < 3 AND c.idx > ? ORDER BY c.idx LIMIT 1",
    [QUERY_CHANGED] = "SELECT " COLUMNS " FROM certificate"
                      " WHERE change BETWEEN ? AND ? AND state > 1 ORDER BY idx",
    [QUERY_LAST_CHANGE] = "SELECT coalesce(max(change), 0) FROM certificate",
};

enum registry_error registry_fail(struct registry *registry, enum db_error error)
{
    registry->db_error = error;
    return REGISTRY_DB;
}

enum db_error registry_db_error(const struct registry *registry)
{
    return registry->db_error;
}

/* --- opening --- */

/* Held until the process ends: whoever else comes must not take unfinished certificates for
 * abandoned ones. */
static enum registry_error take_lock(struct registry *registry, const char *path)
{
    char lock_path[PATH_MAX];
    int len = snprintf(lock_path, sizeof lock_path, "%s.lock", path);
    if (len < 0 || (size_t)len >= sizeof lock_path) {
        return REGISTRY_LOCK;
    }
    switch (lock_take(lock_path, &registry->lock)) {
    case LOCK_OK:
        return REGISTRY_OK;
    case LOCK_HELD:
        return REGISTRY_IN_USE;
    case LOCK_FAILED:
        break;
    }
    return REGISTRY_LOCK;
}

static enum registry_error run_pragma(struct registry *registry, const char *pragma)
{
    enum db_error error = db_run(db_prepare(registry->db, pragma));
    return error == DB_OK ? REGISTRY_OK : registry_fail(registry, error);
}

static enum registry_error open_db(struct registry *registry, const char *path, enum db_mode mode)
{
    enum db_error error = db_open(path, mode, &schema, &registry->db);
    if (error != DB_OK) {
        return registry_fail(registry, error);
    }
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        registry->query[i] = db_prepare(registry->db, sql[i]);
    }
    /* Credentials that were delivered are to be gone, not only unlinked. */
    return mode == DB_READ ? REGISTRY_OK : run_pragma(registry, "PRAGMA secure_delete = ON");
}

static enum registry_error check_identity(struct registry *registry,
                                          const struct registry_identity *identity)
{
    struct db_stmt *s = db_prepare(registry->db, "SELECT issuer, station, sample FROM station");
    enum db_error error = db_step(s);
    bool same = error == DB_OK && span_equal(db_column_span(s, 0), span_str(identity->issuer)) &&
                span_equal(db_column_span(s, 1), span_str(identity->station)) &&
                (db_column_int(s, 2) != 0) == identity->sample;
    db_reset(s);
    if (error != DB_OK && error != DB_DONE) {
        return registry_fail(registry, error);
    }
    return same ? REGISTRY_OK : REGISTRY_OTHER;
}

/* Fills the row that says whose registry it is, when there is none yet. */
static enum registry_error put_identity(struct registry *registry,
                                        const struct registry_identity *identity)
{
    struct db_stmt *s =
        db_prepare(registry->db, "INSERT INTO station (one, issuer, station, sample)"
                                 " VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING");
    db_bind_text(s, 1, span_str(identity->issuer));
    db_bind_text(s, 2, span_str(identity->station));
    db_bind_int(s, 3, identity->sample);
    enum db_error error = db_run(s);
    return error == DB_OK ? REGISTRY_OK : registry_fail(registry, error);
}

static enum registry_error open_as(const char *path, const struct registry_identity *identity,
                                   enum db_mode mode, struct registry **ret_registry,
                                   enum db_error *ret_db_error)
{
    struct registry *registry = calloc(1, sizeof *registry);
    if (registry == NULL) {
        *ret_db_error = DB_SYSTEM;
        return REGISTRY_DB;
    }
    registry->lock = -1;
    enum registry_error error = mode == DB_READ ? REGISTRY_OK : take_lock(registry, path);
    if (error == REGISTRY_OK) {
        error = open_db(registry, path, mode);
    }
    if (error == REGISTRY_OK && mode == DB_CREATE) {
        error = put_identity(registry, identity);
    }
    if (error == REGISTRY_OK) {
        error = check_identity(registry, identity);
    }
    *ret_db_error = registry->db_error;
    if (error != REGISTRY_OK) {
        registry_close(registry);
        return error;
    }
    *ret_registry = registry;
    return REGISTRY_OK;
}

/* SQLite gives the files beside a database its mode, and credentials pass through them: the mode
 * must be right before SQLite comes. What fails here fails in db_open too, with a reason. */
static void create_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        (void)close(fd);
    }
}

enum registry_error registry_create(const char *path, const struct registry_identity *identity,
                                    struct registry **ret_registry, enum db_error *ret_db_error)
{
    create_private(path);
    return open_as(path, identity, DB_CREATE, ret_registry, ret_db_error);
}

enum registry_error registry_open(const char *path, const struct registry_identity *identity,
                                  bool writing, struct registry **ret_registry,
                                  enum db_error *ret_db_error)
{
    return open_as(path, identity, writing ? DB_WRITE : DB_READ, ret_registry, ret_db_error);
}

void registry_close(struct registry *registry)
{
    if (registry != NULL) {
        db_close(registry->db);
        lock_release(registry->lock);
        free(registry);
    }
}

enum registry_error registry_begin(struct registry *registry)
{
    enum db_error error = db_begin_write(registry->db);
    return error == DB_OK ? REGISTRY_OK : registry_fail(registry, error);
}

enum registry_error registry_commit(struct registry *registry)
{
    enum db_error error = db_commit(registry->db);
    return error == DB_OK ? REGISTRY_OK : registry_fail(registry, error);
}

void registry_rollback(struct registry *registry)
{
    db_rollback(registry->db);
}

/* --- blocks --- */

static enum registry_error check_overlap(struct registry *registry, uint32_t first, uint32_t last)
{
    struct db_stmt *s = registry->query[QUERY_BLOCK_OVERLAP];
    db_bind_int(s, 1, first);
    db_bind_int(s, 2, last);
    enum db_error error = db_step(s);
    bool same = error == DB_OK && db_column_int(s, 0) == first && db_column_int(s, 1) == last;
    db_reset(s);
    if (error != DB_OK && error != DB_DONE) {
        return registry_fail(registry, error);
    }
    return error == DB_DONE ? REGISTRY_OK : same ? REGISTRY_SAME : REGISTRY_OVERLAP;
}

enum registry_error registry_add_block(struct registry *registry, uint32_t first, uint32_t last,
                                       struct span document, int64_t now_s)
{
    enum registry_error overlap = check_overlap(registry, first, last);
    if (overlap != REGISTRY_OK) {
        return overlap == REGISTRY_SAME ? REGISTRY_OK : overlap;
    }
    struct db_stmt *s = registry->query[QUERY_BLOCK_ADD];
    db_bind_int(s, 1, first);
    db_bind_int(s, 2, last);
    if (document.len == 0) {
        db_bind_null(s, 3);
    } else {
        db_bind_blob(s, 3, document);
    }
    db_bind_int(s, 4, now_s);
    enum db_error error = db_run(s);
    return error == DB_OK ? REGISTRY_OK : registry_fail(registry, error);
}

enum registry_error registry_next_block(struct registry *registry, int64_t after,
                                        struct registry_block *ret_block)
{
    struct db_stmt *s = registry->query[QUERY_BLOCK_NEXT];
    db_bind_int(s, 1, after);
    enum db_error error = db_step(s);
    if (error == DB_OK) {
        *ret_block = (struct registry_block){
            .first = (uint32_t)db_column_int(s, 0),
            .last = (uint32_t)db_column_int(s, 1),
            .next = (uint64_t)db_column_int(s, 2),
            .is_signed = db_column_int(s, 3) != 0,
        };
    }
    db_reset(s);
    if (error != DB_OK && error != DB_DONE) {
        return registry_fail(registry, error);
    }
    return error == DB_OK ? REGISTRY_OK : REGISTRY_DONE;
}

const char *registry_error_text(enum registry_error error)
{
    switch (error) {
    case REGISTRY_OK:
    case REGISTRY_DONE:
        return "done";
    case REGISTRY_DB:
        return "the registry's file failed";
    case REGISTRY_IN_USE:
        return "another program is issuing at this station; wait until it has ended";
    case REGISTRY_LOCK:
        return "the lock file beside the registry cannot be made; check the folder's permissions";
    case REGISTRY_OTHER:
        return "the registry belongs to another issuer or station; do not mix their folders";
    case REGISTRY_EXHAUSTED:
        return "no index is left; ask the authority for another block and add it with "
               "\"saksi issue block\"";
    case REGISTRY_OVERLAP:
        return "the block overlaps one that is here already; ask the authority for a free one";
    case REGISTRY_TAKEN:
        return "another certificate has this number; correct the record, or say --duplicate to "
               "replace that certificate";
    case REGISTRY_SAME:
        return "this certificate was issued already; say --duplicate to replace it, --sibling to "
               "issue another copy beside it, or --resume to pass over it";
    case REGISTRY_NO_SUCH:
        return "no certificate in force has this number; leave out --duplicate or --sibling";
    case REGISTRY_DIFFERENT:
        return "the certificate of this number says something else; a sibling must say the same";
    case REGISTRY_UNFINISHED:
        return "a certificate of this number stands half-way; run \"saksi issue --resume\", or "
               "name "
               "the record once";
    case REGISTRY_WAITING:
        return "another certificate of this number stands half-way: finish that one first, or void "
               "it with \"saksi issue void\"";
    case REGISTRY_STATE:
        break;
    }
    return "the certificate is not in the state this step needs";
}
