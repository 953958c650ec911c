/* SPDX-License-Identifier: Apache-2.0
 *
 * From a part to its rows: first rows come and go, then indices change sides. Every size is checked
 * before memory is taken for it.
 */
#include <stdlib.h>

#include "base/crypto.h"
#include "base/deflate.h"
#include "codec/row_change.h"
#include "verifier/trust_pack.h"
#include "verifier/trust_signatures.h"
#include "verifier/trust_turn.h"

/* ---- rows that come and go ---- */

static const struct trust_rows nothing = {0};

#define LEAST_KEY_BYTES 44 /* of a key row on its way: id of 4, key of 32, dates of one each */

/* Asked before any kid is computed: whoever carries a list may put rows there that nobody signed,
 * and a small file inflates to very many. */
static bool too_many_keys(struct span changes)
{
    struct reader r = reader_of(changes);
    struct row_change change;
    size_t keys = 0;
    if (changes.len / LEAST_KEY_BYTES <= ROW_MAX_KEYS) {
        return false;
    }
    while (r.rest.len != 0 && row_change_next(&r, &change) == TRUST_DOC_OK) {
        keys += change.type == ROW_KEY && !change.removes;
    }
    return keys > ROW_MAX_KEYS;
}

/* A key row with the kid it travelled without. */
static enum trust_update_error add_key(struct trust_rows *rows, struct span bytes,
                                       struct span *ret_row)
{
    struct row_key key;
    uint8_t kid[CRYPTO_KID_SIZE], room[256];
    struct writer w = writer_of(room, sizeof room);
    if (!row_key_decode_short(bytes, &key)) {
        return TRUST_UPDATE_FORMAT;
    }
    enum crypto_error error = crypto_kid(key.alg, key.public_key, kid);
    if (error != CRYPTO_OK) {
        return error == CRYPTO_SYSTEM ? TRUST_UPDATE_SYSTEM : TRUST_UPDATE_FORMAT;
    }
    key.kid = span_of(kid, sizeof kid);
    row_key_write(&w, &key);
    size_t at = rows->len;
    enum trust_update_error added =
        trust_update_error_of_rows(trust_rows_add(rows, writer_span(&w)));
    *ret_row = span_of(rows->bytes + at, rows->len - at);
    return added;
}

/* Adds the rows of the base before (type, key), and tells whether the next one is that. */
static enum trust_update_error keep_before(struct trust_rows *rows, const struct trust_rows *base,
                                           size_t *at, const struct row *next, bool *ret_met)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    int order = -1;
    while (*at < base->count && error == TRUST_UPDATE_OK &&
           (order = next == NULL ? -1 : row_compare(&base->row[*at], next)) < 0) {
        error = trust_update_error_of_rows(trust_rows_add(rows, base->row[*at].bytes));
        (*at)++;
    }
    *ret_met = *at < base->count && order == 0;
    return error;
}

/* Type and key of a change, for its place in the order. A key row's place is known when its kid
 * is: its bytes are then made in `made`. */
static enum trust_update_error place_of(const struct row_change *change, struct trust_rows *made,
                                        struct row *ret_row)
{
    struct span bytes = change->bytes;
    enum trust_update_error error = TRUST_UPDATE_OK;
    *ret_row = (struct row){change->type, change->key, span_of(NULL, 0)};
    if (change->removes) {
        return TRUST_UPDATE_OK;
    }
    if (change->type == ROW_KEY) {
        made->len = 0;
        error = add_key(made, change->bytes, &bytes);
    }
    if (error == TRUST_UPDATE_OK) {
        struct reader r = reader_of(bytes);
        error = trust_update_error_of(row_next(&r, ret_row));
    }
    return error;
}

/* Room for the key of the change before: it must come before the next. */
struct order {
    enum row_type type;
    uint8_t key[ROW_MAX_KEY_BYTES];
    size_t key_len;
};

static bool comes_after(struct order *last, const struct row *row)
{
    const struct row before = {.type = last->type, .key = span_of(last->key, last->key_len)};
    if (row->key.len > sizeof last->key || row_compare(&before, row) >= 0) {
        return false;
    }
    last->type = row->type;
    last->key_len = row->key.len;
    memcpy(last->key, row->key.ptr, row->key.len);
    return true;
}

static enum trust_update_error apply_change(struct trust_rows *rows, const struct trust_rows *base,
                                            size_t *at, const struct row_change *change,
                                            const struct row *row)
{
    bool met = false;
    enum trust_update_error error = keep_before(rows, base, at, row, &met);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    if (change->removes && !met) {
        return TRUST_UPDATE_FORMAT;
    }
    *at += met;
    return change->removes ? TRUST_UPDATE_OK
                           : trust_update_error_of_rows(trust_rows_add(rows, row->bytes));
}

static enum trust_update_error apply_changes(struct span changes, const struct trust_rows *base,
                                             struct trust_rows *rows)
{
    struct reader r = reader_of(changes);
    struct trust_rows made = {0};
    struct order last = {0};
    enum trust_update_error error = TRUST_UPDATE_OK;
    size_t at = 0;
    while (r.rest.len != 0 && error == TRUST_UPDATE_OK) {
        struct row_change change;
        struct row row;
        error = trust_update_error_of(row_change_next(&r, &change));
        if (error == TRUST_UPDATE_OK) {
            error = place_of(&change, &made, &row);
        }
        if (error == TRUST_UPDATE_OK && !comes_after(&last, &row)) {
            error = TRUST_UPDATE_FORMAT;
        }
        if (error == TRUST_UPDATE_OK) {
            error = apply_change(rows, base, &at, &change, &row);
        }
    }
    bool ignored;
    trust_rows_free(&made);
    return error == TRUST_UPDATE_OK ? keep_before(rows, base, &at, NULL, &ignored) : error;
}

static enum trust_update_error unpack_changes(const struct row_packed *packed,
                                              const struct trust_rows *base,
                                              struct trust_rows *rows)
{
    uint8_t *changes = NULL;
    switch (deflate_unpack(packed->changes, packed->changes_size, &changes)) {
    case DEFLATE_OK:
        break;
    case DEFLATE_SIZE:
        return TRUST_UPDATE_LIMIT;
    case DEFLATE_SYSTEM:
        return TRUST_UPDATE_SYSTEM;
    case DEFLATE_FORMAT:
        return TRUST_UPDATE_FORMAT;
    }
    struct span inflated = span_of(changes, packed->changes_size);
    enum trust_update_error error =
        too_many_keys(inflated) ? TRUST_UPDATE_LIMIT : apply_changes(inflated, base, rows);
    free(changes);
    return error == TRUST_UPDATE_OK ? trust_update_error_of_rows(trust_rows_seal(rows)) : error;
}

/* ---- a part ---- */

static enum trust_update_error unpack(const struct trust_part *part, const struct trust_rows *base,
                                      struct trust_rows *ret_rows)
{
    struct row_packed packed;
    struct trust_rows rows = {0};
    enum trust_update_error error = trust_update_error_of(row_packed_decode(part->data, &packed));
    if (error == TRUST_UPDATE_OK) {
        error = unpack_changes(&packed, base, &rows);
    }
    if (error == TRUST_UPDATE_OK && packed.set_count != 0) {
        struct trust_rows turned;
        error = trust_turn_sets(&packed, &rows, &turned);
        if (error == TRUST_UPDATE_OK) {
            trust_rows_free(&rows);
            rows = turned;
        }
    }
    if (error == TRUST_UPDATE_OK && rows.len != part->size) {
        error = TRUST_UPDATE_FORMAT;
    }
    if (error != TRUST_UPDATE_OK) {
        trust_rows_free(&rows);
        return error;
    }
    *ret_rows = rows;
    return TRUST_UPDATE_OK;
}

static enum trust_update_error take_raw(const struct trust_part *part, struct trust_rows *ret_rows)
{
    struct trust_rows rows = {0};
    enum trust_rows_error error = trust_rows_add(&rows, part->data);
    if (error == TRUST_ROWS_OK) {
        error = trust_rows_seal(&rows);
    }
    if (error == TRUST_ROWS_OK && !rows.came_sorted) {
        error = TRUST_ROWS_FORMAT;
    }
    if (error != TRUST_ROWS_OK) {
        trust_rows_free(&rows);
        return trust_update_error_of_rows(error);
    }
    *ret_rows = rows;
    return TRUST_UPDATE_OK;
}

enum trust_update_error trust_unpack(const struct trust_part *part, const struct trust_rows *base,
                                     struct trust_rows *ret_rows)
{
    if (part->size > TRUST_MAX_ROWS_BYTES) {
        return TRUST_UPDATE_LIMIT;
    }
    return part->encoding == TRUST_PART_RAW
               ? take_raw(part, ret_rows)
               : unpack(part, base != NULL ? base : &nothing, ret_rows);
}
