/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables and statements of the trust store. For trust_store*.c only.
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
    SQL_RESET_HEADER,
    SQL_LISTS,
    SQL_LIST_DOCUMENT,
    SQL_PUT_LIST,
    SQL_RESET_LIST,
    SQL_PUT_FRESHNESS,
    SQL_PUT_ROW,
    SQL_REMOVE_ROWS,
    SQL_ROWS,
    SQL_BLOCK,
    SQL_PUT_BLOCK,
    SQL_REMOVE_BLOCKS,
    SQL_BLOCKS,
    SQL_ALL_ROWS,
    SQL_ALL_BLOCKS,
    SQL_GET, /* one for each type: get and floor answers hold until the same type is asked again */
    SQL_FLOOR = SQL_GET + ROW_JOB_TITLE + 1,
    SQL_COUNT = SQL_FLOOR + ROW_JOB_TITLE + 1,
};

/* How a stored block of a set is written down: its first byte. Others may come; this version reads
 * this one. */
#define TRUST_BLOCK_OFFSETS 0

struct trust_store {
    struct db *db;
    enum db_error db_error;
    bool sample;       /* the caller welcomes sample data */
    bool holds_sample; /* there was sample data when it was opened */
    bool writing;      /* inside a write transaction */
    int64_t writes;    /* of this connection: the database counts only those of others */
    struct db_stmt *statement[SQL_COUNT];

    /* Where the walk over rows stands. */
    struct {
        char state[TRUST_STATE_SIZE];
        int least, most; /* types */
        int stage;
        uint8_t *block; /* room for a row of type 4; made when first needed */
    } walk;
};

const char *trust_schema_sql(enum trust_statement which);

/* OK and DONE are TRUST_STORE_OK; a failure is kept for trust_store_db_error. */
enum trust_store_error trust_store_result(struct trust_store *store, enum db_error error);

/* TRUST_STORE_DATA, which trust_store_db_error tells as DB_CORRUPT. */
enum trust_store_error trust_store_damaged(struct trust_store *store);

/* Steps a statement that gives a row: TRUST_STORE_EMPTY when there is none. */
enum trust_store_error trust_store_step(struct trust_store *store, struct db_stmt *s);

#endif
