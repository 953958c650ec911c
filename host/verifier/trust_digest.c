/* SPDX-License-Identifier: Apache-2.0
 *
 * The digest of a part: a hash of the hashes of its buckets. A verifier that looks into one bucket
 * needs that bucket and the others' hashes to know that nothing in it was lost or changed; that is
 * why it is not one hash of everything.
 */
#include <stdlib.h>

#include "base/crypto.h"
#include "verifier/trust_rows.h"

static struct span digest_name(bool catalogue)
{
    static const char security_name[] = "saksi/list/1";
    static const char catalogue_name[] = "saksi/catalogue/1";
    /* The name's own NUL is the 00 between name and digests. */
    return catalogue ? span_of(catalogue_name, sizeof catalogue_name)
                     : span_of(security_name, sizeof security_name);
}

static enum trust_rows_error of_crypto(enum crypto_error error)
{
    return error == CRYPTO_OK ? TRUST_ROWS_OK : TRUST_ROWS_SYSTEM;
}

static enum crypto_error hash_rows(struct crypto_hash *hash, const struct row *row, size_t count,
                                   uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    enum crypto_error error = crypto_hash_restart(hash);
    for (size_t i = 0; i < count && error == CRYPTO_OK; i++) {
        error = crypto_hash_update(hash, row[i].bytes);
    }
    return error == CRYPTO_OK ? crypto_hash_finish(hash, ret_digest) : error;
}

enum trust_rows_error trust_bucket_digest(const struct row *row, size_t count,
                                          uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct crypto_hash *hash = NULL;
    enum crypto_error error = crypto_hash_begin(&hash);
    if (error == CRYPTO_OK) {
        error = hash_rows(hash, row, count, ret_digest);
        crypto_hash_free(hash);
    }
    return of_crypto(error);
}

/* A counting sort: stable, so that each bucket keeps the order of its rows. */
enum trust_rows_error trust_rows_by_bucket(const struct trust_rows *rows,
                                           struct trust_rows_by_bucket *ret_by)
{
    struct row *sorted = malloc((rows->count + 1) * sizeof *sorted);
    size_t next[ROW_BUCKETS] = {0};
    if (sorted == NULL) {
        return TRUST_ROWS_SYSTEM;
    }
    for (size_t i = 0; i < rows->count; i++) {
        next[row_bucket(rows->row[i].type, rows->row[i].key)]++;
    }
    ret_by->first[0] = 0;
    for (size_t b = 0; b < ROW_BUCKETS; b++) {
        ret_by->first[b + 1] = ret_by->first[b] + next[b];
        next[b] = ret_by->first[b];
    }
    for (size_t i = 0; i < rows->count; i++) {
        sorted[next[row_bucket(rows->row[i].type, rows->row[i].key)]++] = rows->row[i];
    }
    ret_by->row = sorted;
    return TRUST_ROWS_OK;
}

enum trust_rows_error trust_buckets_of(const struct trust_rows_by_bucket *by,
                                       struct trust_buckets *ret_buckets)
{
    struct crypto_hash *hash = NULL;
    uint8_t of_nothing[TRUST_DIGEST_SIZE]; /* of most buckets of a small list */
    enum crypto_error error = crypto_hash_begin(&hash);
    if (error == CRYPTO_OK) {
        error = hash_rows(hash, NULL, 0, of_nothing);
    }
    for (size_t b = 0; b < ROW_BUCKETS && error == CRYPTO_OK; b++) {
        size_t count = by->first[b + 1] - by->first[b];
        if (count == 0) {
            memcpy(ret_buckets->digest[b], of_nothing, sizeof of_nothing);
        } else {
            error = hash_rows(hash, by->row + by->first[b], count, ret_buckets->digest[b]);
        }
    }
    crypto_hash_free(hash);
    return of_crypto(error);
}

enum trust_rows_error trust_rows_buckets(const struct trust_rows *rows,
                                         struct trust_buckets *ret_buckets)
{
    struct trust_rows_by_bucket by;
    enum trust_rows_error error = trust_rows_by_bucket(rows, &by);
    if (error == TRUST_ROWS_OK) {
        error = trust_buckets_of(&by, ret_buckets);
        free(by.row);
    }
    return error;
}

enum trust_rows_error trust_buckets_digest(const struct trust_buckets *buckets, bool catalogue,
                                           uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct span part[] = {digest_name(catalogue), span_of(buckets->digest, sizeof buckets->digest)};
    return of_crypto(crypto_sha256(part, 2, ret_digest));
}

enum trust_rows_error trust_rows_digest(const struct trust_rows *rows, bool catalogue,
                                        uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct trust_buckets buckets;
    enum trust_rows_error error = trust_rows_buckets(rows, &buckets);
    return error == TRUST_ROWS_OK ? trust_buckets_digest(&buckets, catalogue, ret_digest) : error;
}
