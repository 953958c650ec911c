/* SPDX-License-Identifier: Apache-2.0
 *
 * Indices that change sides: what was in a set leaves it, what was not enters it. Ranks come in
 * order, so the blocks of one set are made one after another.
 */
#include "verifier/trust_turn.h"

#include <stdlib.h>

#include "codec/rank_set.h"
#include "verifier/trust_pack.h"
#include "verifier/trust_ranks.h"

struct turner {
    const struct trust_rows *before;
    bool *replaced; /* by place in `before`: its block is made anew */
    struct trust_rows *blocks;
    struct trust_ranks ranks;
    size_t line; /* of ranks, where the stream stands */

    /* The block being gathered: of that line, set and number; count 0: none. */
    enum row_set set;
    size_t block_line;
    uint32_t block;
    uint32_t offset[ROW_BLOCK_INDICES];
    size_t count;

    uint32_t index[RANK_SET_BLOCK]; /* one block of the stream */
};

static struct span key_of_block(const struct turner *t, struct writer *w)
{
    writer_put(w, t->ranks.line[t->block_line].issuer);
    cbor_write_uint(w, t->set);
    cbor_write_uint(w, t->block);
    return writer_span(w);
}

/* The members of exactly one of the stored block and the gathered offsets, as 16-bit numbers. */
static size_t turn_offsets(const struct turner *t, struct span old, struct writer *w)
{
    struct reader r = reader_of(old);
    uint64_t x = old.len != 0 ? reader_be(&r, 2) : UINT64_MAX;
    size_t i = 0, count = 0;
    while (x != UINT64_MAX || i < t->count) {
        uint64_t y = i < t->count ? t->offset[i] : UINT64_MAX;
        uint64_t least = x < y ? x : y;
        if (x != y) {
            writer_be(w, least, 2);
            count++;
        }
        i += y == least;
        if (x == least) {
            x = r.rest.len != 0 ? reader_be(&r, 2) : UINT64_MAX;
        }
    }
    return count;
}

static enum trust_update_error add_block(struct turner *t, struct span key, struct span offsets)
{
    struct writer head = writer_of(NULL, 0);
    cbor_write_bytes(&head, offsets);
    enum trust_rows_error error = TRUST_ROWS_OK;
    size_t len = 2 + key.len + head.len;
    uint8_t *room = trust_rows_grow(t->blocks, len, &error);
    if (room != NULL) {
        struct writer w = writer_of(room, len);
        cbor_write_array(&w, 5);
        cbor_write_uint(&w, ROW_BLOCK);
        writer_put(&w, key);
        cbor_write_bytes(&w, offsets);
    }
    return trust_update_error_of_rows(error);
}

/* Ends the block that was gathered. */
static enum trust_update_error flush(struct turner *t)
{
    uint8_t key_room[ROW_MAX_KEY_BYTES], room[ROW_MAX_BLOCK_BYTES];
    struct writer key_writer = writer_of(key_room, sizeof key_room);
    struct writer w = writer_of(room, sizeof room);
    struct row_block old = {0};
    if (t->count == 0) {
        return TRUST_UPDATE_OK;
    }
    struct span key = key_of_block(t, &key_writer);
    const struct row *row = trust_rows_find(t->before, ROW_BLOCK, key);
    if (row != NULL) {
        t->replaced[row - t->before->row] = true;
        if (!row_block_decode(row->bytes, &old)) {
            return TRUST_UPDATE_FORMAT;
        }
    }
    size_t count = turn_offsets(t, old.offsets, &w);
    t->count = 0;
    return count == 0 ? TRUST_UPDATE_OK : add_block(t, key, writer_span(&w));
}

static enum trust_update_error turn(struct turner *t, uint64_t rank)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    while (t->line < t->ranks.count && rank >= t->ranks.line[t->line].past) {
        t->line++;
    }
    if (t->line == t->ranks.count) {
        return TRUST_UPDATE_FORMAT;
    }
    uint64_t index = rank - t->ranks.line[t->line].first;
    uint32_t block = (uint32_t)(index / ROW_BLOCK_INDICES);
    if (t->count != 0 && (t->block_line != t->line || t->block != block)) {
        error = flush(t);
    }
    t->block_line = t->line;
    t->block = block;
    t->offset[t->count++] = (uint32_t)(index % ROW_BLOCK_INDICES);
    return error;
}

static enum trust_update_error turn_set(struct turner *t, const struct row_packed_set *set)
{
    struct rank_set_reader r = rank_set_reader_of(set->ranks);
    enum trust_update_error error = TRUST_UPDATE_OK;
    uint64_t first;
    size_t count;
    t->set = set->set;
    t->line = 0;
    while (error == TRUST_UPDATE_OK && rank_set_next(&r, &first, t->index, &count)) {
        for (size_t i = 0; i < count && error == TRUST_UPDATE_OK; i++) {
            error = turn(t, first + t->index[i]);
        }
    }
    if (error == TRUST_UPDATE_OK) {
        error = rank_set_done(&r) ? flush(t) : TRUST_UPDATE_FORMAT;
    }
    return error;
}

/* The rows that stay and the blocks that were made, together. */
static enum trust_update_error merge(const struct turner *t, struct trust_rows *ret_rows)
{
    struct trust_rows rows = {0};
    enum trust_rows_error error = TRUST_ROWS_OK;
    for (size_t i = 0; i < t->before->count && error == TRUST_ROWS_OK; i++) {
        if (!t->replaced[i]) {
            error = trust_rows_add(&rows, t->before->row[i].bytes);
        }
    }
    if (error == TRUST_ROWS_OK) {
        error = trust_rows_add(&rows, span_of(t->blocks->bytes, t->blocks->len));
    }
    if (error == TRUST_ROWS_OK) {
        error = trust_rows_seal(&rows);
    }
    if (error != TRUST_ROWS_OK) {
        trust_rows_free(&rows);
        return trust_update_error_of_rows(error);
    }
    *ret_rows = rows;
    return TRUST_UPDATE_OK;
}

enum trust_update_error trust_turn_sets(const struct row_packed *packed,
                                        const struct trust_rows *before,
                                        struct trust_rows *ret_rows)
{
    struct trust_rows blocks = {0};
    struct turner *t = calloc(1, sizeof *t);
    bool *replaced = calloc(before->count + 1, sizeof *replaced);
    enum trust_update_error error = TRUST_UPDATE_SYSTEM;
    if (t == NULL || replaced == NULL) {
        goto out;
    }
    t->before = before;
    t->replaced = replaced;
    t->blocks = &blocks;
    error = trust_update_error_of_rows(trust_ranks_of(before, &t->ranks));
    for (size_t i = 0; i < packed->set_count && error == TRUST_UPDATE_OK; i++) {
        error = turn_set(t, &packed->set[i]);
    }
    if (error == TRUST_UPDATE_OK) {
        error = merge(t, ret_rows);
    }
    trust_ranks_free(&t->ranks);
out:
    trust_rows_free(&blocks);
    free(replaced);
    free(t);
    return error;
}
