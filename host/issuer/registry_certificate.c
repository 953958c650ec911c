/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a certificate through the registry, and looking at what is in it. Each step changes a
 * row only from the state before it.
 */
#include "issuer/registry_schema.h"

static void bind_text_or_null(struct db_stmt *s, int at, struct span text)
{
    if (text.len == 0) {
        db_bind_null(s, at);
    } else {
        db_bind_text(s, at, text);
    }
}

/* What is longer than its room was not written by us; it is cut. */
static void copy_text(struct span from, char *to, size_t room)
{
    size_t len = from.len < room ? from.len : room - 1;
    if (len != 0) {
        memcpy(to, from.ptr, len);
    }
    to[len] = '\0';
}

static void copy_entry(struct db_stmt *s, struct registry_entry *entry)
{
    entry->index = (uint32_t)db_column_int(s, 0);
    entry->kind = (enum registry_kind)db_column_int(s, 1);
    entry->state = (enum registry_state)db_column_int(s, 2);
    entry->why = (enum registry_why)db_column_int(s, 3);
    copy_text(db_column_span(s, 4), entry->number, sizeof entry->number);
    copy_text(db_column_span(s, 5), entry->centre, sizeof entry->centre);
    copy_text(db_column_span(s, 6), entry->blank, sizeof entry->blank);
    entry->issue_day = db_column_int(s, 7);
    entry->change = (uint64_t)db_column_int(s, 8);
}

/* Runs a statement that answers with one row when it did something. */
static enum registry_error run_one(struct registry *registry, struct db_stmt *s)
{
    enum db_error error = db_step(s);
    db_reset(s);
    if (error != DB_OK && error != DB_DONE) {
        return registry_fail(registry, error);
    }
    return error == DB_OK ? REGISTRY_OK : REGISTRY_STATE;
}

static enum registry_error run(struct registry *registry, struct db_stmt *s)
{
    enum db_error error = db_run(s);
    return error == DB_OK ? REGISTRY_OK : registry_fail(registry, error);
}

/* What a request means beside one certificate that is in force under its number. */
static enum registry_error judge(const struct registry_request *request, enum registry_kind kind,
                                 enum registry_state state, struct span claims_digest)
{
    bool same = span_equal(claims_digest, span_of(request->claims_digest, CRYPTO_SHA256_SIZE));
    if (state == REGISTRY_RESERVED) {
        return REGISTRY_UNFINISHED;
    }
    if (state == REGISTRY_SIGNED) {
        return same && kind == request->kind ? REGISTRY_UNFINISHED : REGISTRY_WAITING;
    }
    if (request->once && same && kind == request->kind) {
        return REGISTRY_SAME;
    }
    switch (request->kind) {
    case REGISTRY_ORIGINAL:
        return same ? REGISTRY_SAME : REGISTRY_TAKEN;
    case REGISTRY_SIBLING:
        return same ? REGISTRY_OK : REGISTRY_DIFFERENT;
    case REGISTRY_DUPLICATE:
        break;
    }
    return REGISTRY_OK;
}

/* All certificates in force under the number must agree with the request. */
static enum registry_error check_number(struct registry *registry,
                                        const struct registry_request *request, struct span key)
{
    struct db_stmt *s = registry->query[QUERY_IN_FORCE];
    enum registry_error error = request->kind == REGISTRY_ORIGINAL ? REGISTRY_OK : REGISTRY_NO_SUCH;
    int64_t after = -1;
    for (;;) {
        db_bind_text(s, 1, key);
        db_bind_int(s, 2, after);
        enum db_error stepped = db_step(s);
        if (stepped == DB_OK) {
            after = db_column_int(s, 0);
            error = judge(request, (enum registry_kind)db_column_int(s, 1),
                          (enum registry_state)db_column_int(s, 2), db_column_span(s, 9));
        }
        db_reset(s);
        if (stepped != DB_OK) {
            return stepped == DB_DONE ? error : registry_fail(registry, stepped);
        }
        if (error != REGISTRY_OK) {
            return error;
        }
    }
}

static enum registry_error take_index(struct registry *registry, uint32_t *ret_index)
{
    struct db_stmt *s = registry->query[QUERY_BLOCK_OPEN];
    enum db_error error = db_step(s);
    int64_t first = error == DB_OK ? db_column_int(s, 0) : 0;
    int64_t next = error == DB_OK ? db_column_int(s, 1) : 0;
    db_reset(s);
    if (error != DB_OK) {
        return error == DB_DONE ? REGISTRY_EXHAUSTED : registry_fail(registry, error);
    }
    s = registry->query[QUERY_BLOCK_TAKE];
    db_bind_int(s, 1, first);
    *ret_index = (uint32_t)next;
    return run(registry, s);
}

enum registry_error registry_reserve(struct registry *registry,
                                     const struct registry_request *request, int64_t now_s,
                                     uint32_t *ret_index)
{
    uint8_t room[CERTIFICATE_NUMBER_MAX];
    uint32_t index = 0;
    struct span key = certificate_number_key(request->number, room);
    enum registry_error error = check_number(registry, request, key);
    if (error == REGISTRY_OK) {
        error = take_index(registry, &index);
    }
    if (error != REGISTRY_OK) {
        return error;
    }
    struct db_stmt *s = registry->query[QUERY_RESERVE];
    db_bind_int(s, 1, index);
    db_bind_text(s, 2, request->number);
    db_bind_text(s, 3, key);
    db_bind_int(s, 4, request->kind);
    bind_text_or_null(s, 5, request->centre);
    bind_text_or_null(s, 6, request->blank);
    db_bind_int(s, 7, request->issue_day);
    db_bind_blob(s, 8, span_of(request->claims_digest, CRYPTO_SHA256_SIZE));
    db_bind_int(s, 9, now_s);
    error = run(registry, s);
    if (error == REGISTRY_OK) {
        *ret_index = index;
    }
    return error;
}

enum registry_error registry_signed(struct registry *registry, uint32_t index,
                                    const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                    struct span credential, const struct registry_job *job,
                                    int64_t now_s)
{
    struct db_stmt *s = registry->query[QUERY_SIGN];
    db_bind_int(s, 1, index);
    db_bind_blob(s, 2, span_of(credential_digest, CRYPTO_SHA256_SIZE));
    db_bind_int(s, 3, now_s);
    enum registry_error error = run_one(registry, s);
    if (error != REGISTRY_OK) {
        return error;
    }
    s = registry->query[QUERY_KEEP];
    db_bind_int(s, 1, index);
    db_bind_blob(s, 2, credential);
    db_bind_int(s, 3, job->pages);
    db_bind_text(s, 4, span_str(job->folder));
    bind_text_or_null(s, 5, span_str(job->photo));
    return run(registry, s);
}

enum registry_error registry_job_left(struct registry *registry, uint32_t index, unsigned pages)
{
    struct db_stmt *s = registry->query[QUERY_LEFT];
    db_bind_int(s, 1, index);
    db_bind_int(s, 2, pages);
    return run_one(registry, s);
}

static enum registry_error forget(struct registry *registry, uint32_t index)
{
    struct db_stmt *s = registry->query[QUERY_FORGET];
    db_bind_int(s, 1, index);
    return run(registry, s);
}

enum registry_error registry_void(struct registry *registry, uint32_t index, enum registry_why why,
                                  int64_t now_s)
{
    struct db_stmt *s = registry->query[QUERY_VOID];
    db_bind_int(s, 1, index);
    db_bind_int(s, 2, why);
    db_bind_int(s, 3, now_s);
    enum registry_error error = run_one(registry, s);
    return error == REGISTRY_OK ? forget(registry, index) : error;
}

/* Voids every other delivered certificate of the number, one at a time: each is a change of its
 * own. */
static enum registry_error replace_others(struct registry *registry, struct span key,
                                          uint32_t index, int64_t now_s)
{
    for (;;) {
        struct db_stmt *s = registry->query[QUERY_REPLACE];
        db_bind_text(s, 1, key);
        db_bind_int(s, 2, index);
        enum db_error stepped = db_step(s);
        uint32_t other = stepped == DB_OK ? (uint32_t)db_column_int(s, 0) : 0;
        db_reset(s);
        if (stepped != DB_OK) {
            return stepped == DB_DONE ? REGISTRY_OK : registry_fail(registry, stepped);
        }
        enum registry_error error = registry_void(registry, other, REGISTRY_WHY_REPLACED, now_s);
        if (error != REGISTRY_OK) {
            return error;
        }
    }
}

/* Kind and number of a certificate that is signed and not delivered. */
static enum registry_error find_signed(struct registry *registry, uint32_t index,
                                       enum registry_kind *ret_kind,
                                       uint8_t room[CERTIFICATE_NUMBER_MAX], struct span *ret_key)
{
    struct db_stmt *s = registry->query[QUERY_SIGNED];
    db_bind_int(s, 1, index);
    enum db_error stepped = db_step(s);
    if (stepped == DB_OK) {
        *ret_kind = (enum registry_kind)db_column_int(s, 0);
        *ret_key = certificate_number_key(db_column_span(s, 1), room);
    }
    db_reset(s);
    if (stepped != DB_OK && stepped != DB_DONE) {
        return registry_fail(registry, stepped);
    }
    return stepped == DB_OK ? REGISTRY_OK : REGISTRY_STATE;
}

enum registry_error registry_delivered(struct registry *registry, uint32_t index, int64_t now_s)
{
    uint8_t room[CERTIFICATE_NUMBER_MAX];
    enum registry_kind kind = REGISTRY_ORIGINAL;
    struct span key = {NULL, 0};
    enum registry_error error = find_signed(registry, index, &kind, room, &key);
    if (error == REGISTRY_OK && kind == REGISTRY_DUPLICATE) {
        error = replace_others(registry, key, index, now_s);
    }
    if (error == REGISTRY_OK) {
        struct db_stmt *s = registry->query[QUERY_DELIVER];
        db_bind_int(s, 1, index);
        db_bind_int(s, 2, now_s);
        error = run_one(registry, s);
    }
    return error == REGISTRY_OK ? forget(registry, index) : error;
}

/* --- looking --- */

/* The answer to a step; the statement is reset when no row is there. */
static enum registry_error step(struct registry *registry, struct db_stmt *s)
{
    enum db_error error = db_step(s);
    if (error == DB_OK) {
        return REGISTRY_OK;
    }
    db_reset(s);
    return error == DB_DONE ? REGISTRY_DONE : registry_fail(registry, error);
}

static void copy_unfinished(struct db_stmt *s, struct registry_unfinished *unfinished)
{
    struct span credential = db_column_span(s, 2);
    unfinished->index = (uint32_t)db_column_int(s, 0);
    unfinished->state = (enum registry_state)db_column_int(s, 1);
    unfinished->credential_len =
        credential.len <= sizeof unfinished->credential ? credential.len : 0;
    if (unfinished->credential_len != 0) {
        memcpy(unfinished->credential, credential.ptr, credential.len);
    }
    unfinished->kind = (enum registry_kind)db_column_int(s, 6);
    unfinished->job.pages = (unsigned)db_column_int(s, 3);
    copy_text(db_column_span(s, 4), unfinished->job.folder, sizeof unfinished->job.folder);
    copy_text(db_column_span(s, 5), unfinished->job.photo, sizeof unfinished->job.photo);
}

enum registry_error registry_next_unfinished(struct registry *registry, int64_t after,
                                             struct registry_unfinished *ret_unfinished)
{
    struct db_stmt *s = registry->query[QUERY_UNFINISHED];
    db_bind_int(s, 1, after);
    enum registry_error error = step(registry, s);
    if (error == REGISTRY_OK) {
        copy_unfinished(s, ret_unfinished);
        db_reset(s);
    }
    return error;
}

void registry_begin_changed(struct registry *registry, uint64_t first, uint64_t last)
{
    struct db_stmt *s = registry->query[QUERY_CHANGED];
    db_reset(s);
    db_bind_int(s, 1, (int64_t)first);
    db_bind_int(s, 2, (int64_t)last);
}

enum registry_error registry_next_changed(struct registry *registry,
                                          struct registry_entry *ret_entry)
{
    struct db_stmt *s = registry->query[QUERY_CHANGED];
    enum registry_error error = step(registry, s);
    if (error == REGISTRY_OK) {
        copy_entry(s, ret_entry);
    }
    return error;
}

enum registry_error registry_last_change(struct registry *registry, uint64_t *ret_change)
{
    struct db_stmt *s = registry->query[QUERY_LAST_CHANGE];
    enum registry_error error = step(registry, s);
    if (error == REGISTRY_OK) {
        *ret_change = (uint64_t)db_column_int(s, 0);
        db_reset(s);
    }
    return error;
}

enum registry_error registry_next_of_number(struct registry *registry, struct span number,
                                            int64_t after, struct registry_entry *ret_entry)
{
    uint8_t room[CERTIFICATE_NUMBER_MAX];
    struct db_stmt *s = registry->query[QUERY_IN_FORCE];
    struct span key = certificate_number_key(number, room);
    db_bind_text(s, 1, key);
    db_bind_int(s, 2, after);
    enum registry_error error = step(registry, s);
    if (error == REGISTRY_OK) {
        copy_entry(s, ret_entry);
        db_reset(s);
    }
    return error;
}
