/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of a list on their way in. First the digest: what a state did not sign is not looked at
 * further. Then each row: its form, its place in the order, whether the state may say it at all.
 */
#include <stdlib.h>

#include "base/deflate.h"
#include "verifier/trust_import.h"
#include "verifier/trust_signatures.h"

#define PROGRESS_ROWS 512

struct span trust_rows_digest_name(bool catalogue)
{
    static const char security_name[] = "saksi/list/1";
    static const char catalogue_name[] = "saksi/catalogue/1";
    /* The name's own NUL is the 00 between name and rows. */
    return catalogue ? span_of(catalogue_name, sizeof catalogue_name)
                     : span_of(security_name, sizeof security_name);
}

enum trust_update_error trust_rows_digest(struct span rows, bool catalogue,
                                          uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct span part[] = {trust_rows_digest_name(catalogue), rows};
    return crypto_sha256(part, 2, ret_digest) == CRYPTO_OK ? TRUST_UPDATE_OK : TRUST_UPDATE_SYSTEM;
}

/* ---- what a state may say ---- */

static bool begins_with_state(struct span id, struct span state)
{
    return span_starts_with(id, state) && id.len > state.len && id.ptr[state.len] == '.';
}

/* The first element of every key but that of maps and rules is an id or a code. */
static struct span id_of(const struct row *row)
{
    struct cbor_cursor c = cbor_cursor_of(row->key);
    return cbor_read_code(&c, 1, ROW_MAX_KEY_BYTES);
}

static bool issuer_is_own(const struct row *row, struct span state)
{
    struct row_issuer issuer;
    return row_issuer_decode(row->bytes, &issuer) && begins_with_state(issuer.id, state) &&
           (issuer.parent.len == 0 || begins_with_state(issuer.parent, state));
}

static bool rule_is_about_others(const struct row *row, struct span state)
{
    struct row_rule rule;
    return row_rule_decode(row->bytes, &rule) && !span_equal(rule.issuing_state, state);
}

static bool is_in_scope(const struct row *row, struct span state)
{
    switch (row->type) {
    case ROW_ISSUER:
        return issuer_is_own(row, state);
    case ROW_KEY:
    case ROW_STATUS:
    case ROW_BLOCK:
    case ROW_RANGE:
        return begins_with_state(id_of(row), state);
    case ROW_RULE:
        return rule_is_about_others(row, state);
    case ROW_DERECOGNISED:
        return !begins_with_state(id_of(row), state);
    case ROW_FRAMEWORK:
    case ROW_SCHEME_TITLE:
    case ROW_UNIT_TITLE:
    case ROW_JOB_TITLE:
        return true;
    }
    return false;
}

/* ---- one row after another ---- */

struct walk {
    size_t count, rules;
    struct row last;
    struct row_range last_range; /* issuer empty before the first */
};

static enum trust_update_error check_key(const struct row *row)
{
    struct row_key key;
    uint8_t kid[CRYPTO_KID_SIZE];
    if (!row_key_decode(row->bytes, &key)) {
        return TRUST_UPDATE_FORMAT;
    }
    enum crypto_error error = crypto_kid(key.alg, key.public_key, kid);
    if (error == CRYPTO_SYSTEM) {
        return TRUST_UPDATE_SYSTEM;
    }
    bool good = error == CRYPTO_OK && span_equal(key.kid, span_of(kid, sizeof kid));
    return good ? TRUST_UPDATE_OK : TRUST_UPDATE_FORMAT;
}

/* Ranges come in order of issuer and first index: it is enough to look at the one before. */
static enum trust_update_error check_range(struct walk *walk, const struct row *row)
{
    struct row_range range;
    if (!row_range_decode(row->bytes, &range)) {
        return TRUST_UPDATE_FORMAT;
    }
    bool overlaps =
        span_equal(range.issuer, walk->last_range.issuer) && range.first <= walk->last_range.last;
    walk->last_range = range;
    return overlaps ? TRUST_UPDATE_FORMAT : TRUST_UPDATE_OK;
}

static enum trust_update_error check_row(struct walk *walk, const struct row *row,
                                         const struct trust_part_import *what)
{
    bool in_order = walk->last.bytes.len == 0 || row_compare(&walk->last, row) < 0;
    bool in_part = (row->type > ROW_LAST_SECURITY) == what->catalogue;
    walk->last = *row;
    if (!in_order || !in_part) {
        return TRUST_UPDATE_FORMAT;
    }
    if (!is_in_scope(row, what->state)) {
        return TRUST_UPDATE_SCOPE;
    }
    if (row->type == ROW_KEY) {
        return check_key(row);
    }
    if (row->type == ROW_RULE && ++walk->rules > ROW_MAX_RULES) {
        return TRUST_UPDATE_LIMIT;
    }
    return row->type == ROW_RANGE ? check_range(walk, row) : TRUST_UPDATE_OK;
}

/* Takes the next row off a sequence that is not at its end. */
static enum trust_update_error next_row(struct walk *walk, struct reader *rows,
                                        const struct trust_part_import *what, struct row *ret_row)
{
    enum trust_update_error error = trust_update_error_of(row_next(rows, ret_row));
    if (error == TRUST_UPDATE_OK && ++walk->count > what->row_limit) {
        error = TRUST_UPDATE_LIMIT;
    }
    return error == TRUST_UPDATE_OK ? check_row(walk, ret_row, what) : error;
}

enum trust_update_error trust_rows_check(struct span rows, struct span state, bool catalogue)
{
    const struct trust_part_import what = {
        .state = state, .catalogue = catalogue, .row_limit = TRUST_MAX_ROWS};
    enum trust_update_error error = TRUST_UPDATE_OK;
    struct walk walk = {0};
    struct reader r = reader_of(rows);
    while (r.rest.len != 0 && error == TRUST_UPDATE_OK) {
        struct row row;
        error = next_row(&walk, &r, &what, &row);
    }
    return error;
}

static void tell_progress(struct trust_import *im, size_t bytes, size_t count, bool last)
{
    im->bytes_done += bytes;
    if (im->progress != NULL && (last || count % PROGRESS_ROWS == 0)) {
        im->progress(im->progress_ctx, im->bytes_done, im->bytes_all);
    }
}

static enum trust_update_error take_rows(struct trust_import *im, struct span rows,
                                         const struct trust_part_import *what, size_t *ret_rows)
{
    struct walk walk = {0};
    struct reader r = reader_of(rows);
    while (r.rest.len != 0) {
        struct row row;
        enum trust_update_error error = next_row(&walk, &r, what, &row);
        if (error == TRUST_UPDATE_OK) {
            error = trust_import_stored(trust_store_put_row(im->store, what->state, &row));
        }
        if (error != TRUST_UPDATE_OK) {
            return error;
        }
        tell_progress(im, row.bytes.len, walk.count, r.rest.len == 0);
    }
    *ret_rows = walk.count;
    return TRUST_UPDATE_OK;
}

/* ---- a part ---- */

/* The rows end to end; *ret_owned is freed by the caller. */
static enum trust_update_error unpack(const struct trust_part *part, struct span *ret_rows,
                                      uint8_t **ret_owned)
{
    if (part->size > TRUST_MAX_ROWS_BYTES) {
        return TRUST_UPDATE_LIMIT;
    }
    if (part->encoding == TRUST_PART_RAW) {
        *ret_rows = part->data;
        return TRUST_UPDATE_OK;
    }
    switch (deflate_unpack(part->data, part->size, ret_owned)) {
    case DEFLATE_OK:
        *ret_rows = span_of(*ret_owned, part->size);
        return TRUST_UPDATE_OK;
    case DEFLATE_SIZE:
        return TRUST_UPDATE_LIMIT;
    case DEFLATE_SYSTEM:
        return TRUST_UPDATE_SYSTEM;
    case DEFLATE_FORMAT:
        break;
    }
    return TRUST_UPDATE_FORMAT;
}

enum trust_update_error trust_import_rows(struct trust_import *im,
                                          const struct trust_part_import *what, size_t *ret_rows)
{
    uint8_t digest[TRUST_DIGEST_SIZE];
    uint8_t *owned = NULL;
    struct span rows = span_of(NULL, 0);
    enum trust_update_error error = unpack(what->part, &rows, &owned);
    if (error == TRUST_UPDATE_OK) {
        error = trust_rows_digest(rows, what->catalogue, digest);
    }
    if (error == TRUST_UPDATE_OK && !span_equal(what->digest, span_of(digest, sizeof digest))) {
        error = TRUST_UPDATE_DIGEST_MISMATCH;
    }
    if (error == TRUST_UPDATE_OK) {
        error = take_rows(im, rows, what, ret_rows);
    }
    free(owned);
    return error;
}
