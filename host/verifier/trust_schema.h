/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables and statements of the trust store, and what is kept of an open one. For
 * trust_store*.c; trust_update.c takes trust_store_damaged alone, trust_recheck.c the database's
 * own check, too.
 */
#ifndef VERIFIER_TRUST_SCHEMA_H
#define VERIFIER_TRUST_SCHEMA_H

#include "verifier/trust_store.h"

extern const struct db_schema trust_schema;

enum trust_statement {
    SQL_STORE,
    SQL_PUT_ROOT_ID,
    SQL_PUT_TIME,
    SQL_ROOT,
    SQL_NEWEST_ROOT,
    SQL_PUT_ROOT,
    SQL_HEADER,
    SQL_PUT_HEADER,
    SQL_REMOVE_HEADER,
    SQL_LISTS,
    SQL_LIST_DOCUMENT,
    SQL_PUT_LIST,
    SQL_RESET_LIST,
    SQL_PUT_FRESHNESS,
    SQL_BUCKETS,
    SQL_PUT_BUCKETS,
    SQL_BUCKET,
    SQL_PART,
    SQL_PUT_BUCKET,
    SQL_REMOVE_PART,
    SQL_HISTORY,
    SQL_PUT_HISTORY,
    SQL_TRIM_HISTORY,
    SQL_FORGET_HISTORY,
    SQL_OLD_HEADER,
    SQL_OLD_HEADERS,
    SQL_PUT_OLD_HEADER,
    SQL_TRIM_OLD_HEADERS,
    SQL_FORGET_OLD_HEADERS,
    SQL_COUNT,
};

/* What was read of one part of one state's list, until the store changes. */
struct trust_view {
    char state[TRUST_STATE_SIZE];
    bool catalogue;
    struct trust_buckets *buckets; /* digests, as stored; NULL when the part is not stored */
    struct trust_rows *bucket[ROW_BUCKETS]; /* NULL: not read yet. Each fits its digest */
};
#define TRUST_MAX_VIEWS (2 * TRUST_MAX_STATES)
/* When the rows in all views are larger than this together, they are read again when needed. */
#define TRUST_VIEW_BYTES ((size_t)16 << 20)

struct trust_store {
    struct db *db;
    enum db_error db_error;
    bool sample;        /* the caller welcomes sample data */
    bool holds_sample;  /* there was sample data when it was opened */
    bool writing;       /* inside a write transaction */
    bool reading;       /* inside a read transaction: `generation` is what it sees */
    int64_t writes;     /* of this connection: the database counts only those of others */
    int64_t generation; /* of the views */
    struct db_stmt *statement[SQL_COUNT];

    struct trust_view *view[TRUST_MAX_VIEWS];
    size_t view_count, view_bytes;
};

const char *trust_schema_sql(enum trust_statement which);

/* Forgets what was read of the rows. */
void trust_store_forget_views(struct trust_store *store);

/* The row number of a bucket: the state's letters, the part, the bucket. */
#define TRUST_BUCKET_BITS 11
int64_t trust_bucket_place(struct span state, bool catalogue, size_t bucket);

/* What a failure with rows is to the store. */
enum trust_store_error trust_store_of_rows(struct trust_store *store, enum trust_rows_error error);

/* OK and DONE are TRUST_STORE_OK; a failure is kept for trust_store_db_error. */
enum trust_store_error trust_store_result(struct trust_store *store, enum db_error error);

/* TRUST_STORE_DATA, which trust_store_db_error tells as DB_CORRUPT. */
enum trust_store_error trust_store_damaged(struct trust_store *store);

/* Steps a statement that gives a row: TRUST_STORE_EMPTY when there is none. */
enum trust_store_error trust_store_step(struct trust_store *store, struct db_stmt *s);

#endif
