/* SPDX-License-Identifier: Apache-2.0
 *
 * The writing half of the trust store, for trust_update inside its transaction. Writes what it is
 * given.
 */
#include <stdlib.h>

#include "verifier/trust_bucket.h"
#include "verifier/trust_schema.h"

/* Runs a bound statement that only writes. */
static enum trust_store_error run(struct trust_store *store, enum trust_statement which)
{
    return trust_store_result(store, db_run(store->statement[which]));
}

enum trust_store_error trust_store_put_root(struct trust_store *store,
                                            const struct trust_root *root,
                                            const uint8_t digest[TRUST_DIGEST_SIZE],
                                            struct span document)
{
    struct db_stmt *s = store->statement[SQL_PUT_ROOT];
    db_bind_int(s, 1, root->version);
    db_bind_blob(s, 2, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 3, document);
    enum trust_store_error error = run(store, SQL_PUT_ROOT);
    if (error != TRUST_STORE_OK || root->version != 1) {
        return error;
    }
    s = store->statement[SQL_PUT_ROOT_ID];
    db_bind_blob(s, 1, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_int(s, 2, root->sample);
    return run(store, SQL_PUT_ROOT_ID);
}

enum trust_store_error trust_store_put_header(struct trust_store *store,
                                              const struct trust_header *header,
                                              const uint8_t digest[TRUST_DIGEST_SIZE],
                                              struct span document)
{
    struct db_stmt *s = store->statement[SQL_PUT_HEADER];
    db_bind_int(s, 1, header->version);
    db_bind_blob(s, 2, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 3, document);
    return run(store, SQL_PUT_HEADER);
}

enum trust_store_error trust_store_remove_header(struct trust_store *store)
{
    return run(store, SQL_REMOVE_HEADER);
}

enum trust_store_error trust_store_put_list(struct trust_store *store,
                                            const struct trust_list *list,
                                            const uint8_t digest[TRUST_DIGEST_SIZE],
                                            struct span document)
{
    struct db_stmt *s = store->statement[SQL_PUT_LIST];
    db_bind_text(s, 1, list->state);
    db_bind_int(s, 2, list->version);
    db_bind_int(s, 3, list->as_of_s);
    db_bind_int(s, 4, list->expires_s);
    db_bind_blob(s, 5, span_of(digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 6, document);
    return run(store, SQL_PUT_LIST);
}

enum trust_store_error trust_store_reset_list_version(struct trust_store *store, struct span state)
{
    db_bind_text(store->statement[SQL_RESET_LIST], 1, state);
    return run(store, SQL_RESET_LIST);
}

/* ---- rows ---- */

static enum trust_store_error put_buckets(struct trust_store *store, struct span state,
                                          bool catalogue, const struct trust_buckets *buckets)
{
    struct db_stmt *s = store->statement[SQL_PUT_BUCKETS];
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, catalogue);
    if (buckets == NULL) {
        db_bind_null(s, 3);
    } else {
        db_bind_blob(s, 3, span_of(buckets, sizeof *buckets));
    }
    return run(store, SQL_PUT_BUCKETS);
}

static enum trust_store_error remove_buckets(struct trust_store *store, struct span state,
                                             bool catalogue, size_t first, size_t last)
{
    struct db_stmt *s = store->statement[SQL_REMOVE_PART];
    db_bind_int(s, 1, trust_bucket_place(state, catalogue, first));
    db_bind_int(s, 2, trust_bucket_place(state, catalogue, last));
    return run(store, SQL_REMOVE_PART);
}

static enum trust_store_error put_bucket(struct trust_store *store, struct span state,
                                         bool catalogue, size_t bucket,
                                         const struct trust_rows_by_bucket *by)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    size_t count = by->first[bucket + 1] - by->first[bucket];
    if (count == 0) {
        return remove_buckets(store, state, catalogue, bucket, bucket);
    }
    enum trust_store_error error = trust_store_of_rows(
        store, trust_bucket_write(by->row + by->first[bucket], count, &bytes, &len));
    if (error == TRUST_STORE_OK) {
        struct db_stmt *s = store->statement[SQL_PUT_BUCKET];
        db_bind_int(s, 1, trust_bucket_place(state, catalogue, bucket));
        db_bind_blob(s, 2, span_of(bytes, len));
        error = run(store, SQL_PUT_BUCKET);
    }
    free(bytes);
    return error;
}

/* Buckets whose digests are those of `known` (may be NULL) stay as they are. */
static enum trust_store_error put_rows(struct trust_store *store, struct span state, bool catalogue,
                                       const struct trust_rows_by_bucket *by,
                                       const struct trust_buckets *known)
{
    struct trust_buckets buckets;
    enum trust_store_error error = trust_store_of_rows(store, trust_buckets_of(by, &buckets));
    if (error == TRUST_STORE_OK && known == NULL) {
        error = remove_buckets(store, state, catalogue, 0, ROW_BUCKETS - 1);
    }
    for (size_t b = 0; b < ROW_BUCKETS && error == TRUST_STORE_OK; b++) {
        bool same = known == NULL
                        ? by->first[b] == by->first[b + 1]
                        : memcmp(known->digest[b], buckets.digest[b], TRUST_DIGEST_SIZE) == 0;
        if (!same) {
            error = put_bucket(store, state, catalogue, b, by);
        }
    }
    return error == TRUST_STORE_OK ? put_buckets(store, state, catalogue, &buckets) : error;
}

enum trust_store_error trust_store_put_part(struct trust_store *store, struct span state,
                                            bool catalogue, const struct trust_rows *rows,
                                            const struct trust_rows *before)
{
    struct trust_rows_by_bucket by;
    struct trust_buckets known;
    enum trust_store_error error = TRUST_STORE_OK;
    trust_store_forget_views(store); /* they are of what is replaced */
    if (rows == NULL) {
        error = remove_buckets(store, state, catalogue, 0, ROW_BUCKETS - 1);
        return error == TRUST_STORE_OK ? put_buckets(store, state, catalogue, NULL) : error;
    }
    if (before != NULL) {
        error = trust_store_of_rows(store, trust_rows_buckets(before, &known));
    }
    if (error == TRUST_STORE_OK) {
        error = trust_store_of_rows(store, trust_rows_by_bucket(rows, &by));
    }
    if (error != TRUST_STORE_OK) {
        return error;
    }
    error = put_rows(store, state, catalogue, &by, before != NULL ? &known : NULL);
    free(by.row);
    return error;
}

/* ---- earlier versions ---- */

enum trust_store_error trust_store_put_history(struct trust_store *store, struct span state,
                                               const struct trust_old_list *old, size_t keep)
{
    struct db_stmt *s = store->statement[SQL_PUT_HISTORY];
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, old->version);
    db_bind_blob(s, 3, span_of(old->digest, TRUST_DIGEST_SIZE));
    db_bind_blob(s, 4, span_of(old->rows, sizeof old->rows));
    db_bind_int(s, 5, (int64_t)old->security.size);
    db_bind_blob(s, 6, old->security.data);
    if (old->has_catalogue) {
        db_bind_int(s, 7, (int64_t)old->catalogue.size);
        db_bind_blob(s, 8, old->catalogue.data);
    } else {
        db_bind_null(s, 7);
        db_bind_null(s, 8);
    }
    enum trust_store_error error = run(store, SQL_PUT_HISTORY);
    if (error == TRUST_STORE_OK) {
        db_bind_text(store->statement[SQL_TRIM_HISTORY], 1, state);
        db_bind_int(store->statement[SQL_TRIM_HISTORY], 2, (int64_t)keep);
        error = run(store, SQL_TRIM_HISTORY);
    }
    return error;
}

enum trust_store_error trust_store_forget_history(struct trust_store *store, struct span state)
{
    db_bind_text(store->statement[SQL_FORGET_HISTORY], 1, state);
    return run(store, SQL_FORGET_HISTORY);
}

enum trust_store_error trust_store_keep_header(struct trust_store *store, size_t keep)
{
    enum trust_store_error error = run(store, SQL_PUT_OLD_HEADER);
    if (error == TRUST_STORE_OK) {
        db_bind_int(store->statement[SQL_TRIM_OLD_HEADERS], 1, (int64_t)keep);
        error = run(store, SQL_TRIM_OLD_HEADERS);
    }
    return error;
}

enum trust_store_error trust_store_forget_headers(struct trust_store *store)
{
    return run(store, SQL_FORGET_OLD_HEADERS);
}

/* ---- freshness and time ---- */

enum trust_store_error trust_store_put_freshness(struct trust_store *store, struct span state,
                                                 int64_t fresh_as_of_s, bool behind, bool disabled)
{
    struct db_stmt *s = store->statement[SQL_PUT_FRESHNESS];
    db_bind_text(s, 1, state);
    db_bind_int(s, 2, fresh_as_of_s);
    db_bind_int(s, 3, behind);
    db_bind_int(s, 4, disabled);
    return run(store, SQL_PUT_FRESHNESS);
}

enum trust_store_error trust_store_put_time(struct trust_store *store, int64_t floor_s,
                                            int64_t high_water_s)
{
    struct db_stmt *s = store->statement[SQL_PUT_TIME];
    db_bind_int(s, 1, floor_s);
    db_bind_int(s, 2, high_water_s);
    return run(store, SQL_PUT_TIME);
}
