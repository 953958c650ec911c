/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of a part in memory: gathered in any order, then sealed, which checks each, sorts them
 * and refuses two with one key; and their digest (WIRE.md, "Digests"). Knows no store and no state.
 */
#ifndef VERIFIER_TRUST_ROWS_H
#define VERIFIER_TRUST_ROWS_H

#include "wire/must_use.h"
#include "codec/trust_row.h"

enum trust_rows_error {
    TRUST_ROWS_OK = 0,
    TRUST_ROWS_FORMAT, /* not a well-formed row, or two with one key */
    TRUST_ROWS_LIMIT,  /* more or longer than WIRE.md allows */
    TRUST_ROWS_SYSTEM, /* memory, library */
};

/* Begins as zeros, ends with trust_rows_free, whatever happened. */
struct trust_rows {
    uint8_t *bytes; /* owned: the rows end to end, in the order they came */
    size_t len, cap;
    struct row *row; /* owned: by type and key, pointing into bytes; filled by trust_rows_seal */
    size_t count;
    bool came_sorted; /* they came in that order */
};

void trust_rows_free(struct trust_rows *rows);

/* Room for a row of `len` bytes at the end, to be filled by the caller; NULL and *ret_error when
 * there is none. Not after the seal. */
uint8_t *trust_rows_grow(struct trust_rows *rows, size_t len, enum trust_rows_error *ret_error);
/* Adds a copy of a row, or of several end to end. */
MUST_USE enum trust_rows_error trust_rows_add(struct trust_rows *rows, struct span bytes);
MUST_USE enum trust_rows_error trust_rows_seal(struct trust_rows *rows);

/* The row with that key in sealed rows, or NULL; and the place of the first row that is not before
 * (type, key). */
const struct row *trust_rows_find(const struct trust_rows *rows, enum row_type type,
                                  struct span key);
size_t trust_rows_bound(const struct trust_rows *rows, enum row_type type, struct span key);

/* SHA-256 of the rows of each bucket, end to end. */
struct trust_buckets {
    uint8_t digest[ROW_BUCKETS][TRUST_DIGEST_SIZE];
};

/* Rows of one bucket, in order. */
MUST_USE enum trust_rows_error trust_bucket_digest(const struct row *row, size_t count,
                                                   uint8_t ret_digest[TRUST_DIGEST_SIZE]);

/* Sealed rows by bucket: row[first[b]] to row[first[b + 1] - 1] are those of bucket b, in order. */
struct trust_rows_by_bucket {
    struct row *row; /* owned: freed by the caller */
    size_t first[ROW_BUCKETS + 1];
};
MUST_USE enum trust_rows_error trust_rows_by_bucket(const struct trust_rows *rows,
                                                    struct trust_rows_by_bucket *ret_by);
MUST_USE enum trust_rows_error trust_buckets_of(const struct trust_rows_by_bucket *by,
                                                struct trust_buckets *ret_buckets);
/* The same from sealed rows. */
MUST_USE enum trust_rows_error trust_rows_buckets(const struct trust_rows *rows,
                                                  struct trust_buckets *ret_buckets);

/* The digest of a part, which its state signs, from those of its buckets. */
MUST_USE enum trust_rows_error trust_buckets_digest(const struct trust_buckets *buckets,
                                                    bool catalogue,
                                                    uint8_t ret_digest[TRUST_DIGEST_SIZE]);
/* The same from sealed rows. */
MUST_USE enum trust_rows_error trust_rows_digest(const struct trust_rows *rows, bool catalogue,
                                                 uint8_t ret_digest[TRUST_DIGEST_SIZE]);

#endif
