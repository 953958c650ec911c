/* SPDX-License-Identifier: Apache-2.0
 *
 * From two lists of rows to the changes between them. Two sorted lists are walked side by side; of
 * the sets only the indices that differ are kept, as ranks.
 */
#include "verifier/trust_pack.h"

#include <stdlib.h>

#include "base/deflate.h"
#include "codec/rank_set.h"
#include "codec/row_change.h"
#include "verifier/trust_ranks.h"

struct rank_list {
    uint64_t *rank; /* owned */
    size_t count, room;
};

struct packer {
    const struct trust_rows *base, *rows;
    struct trust_ranks ranks;
    struct trust_rows changes; /* used for its bytes only, never sealed */
    struct rank_list set[ROW_SETS];
};

enum trust_update_error trust_update_error_of_rows(enum trust_rows_error error)
{
    switch (error) {
    case TRUST_ROWS_OK:
        return TRUST_UPDATE_OK;
    case TRUST_ROWS_FORMAT:
        return TRUST_UPDATE_FORMAT;
    case TRUST_ROWS_LIMIT:
        return TRUST_UPDATE_LIMIT;
    case TRUST_ROWS_SYSTEM:
        break;
    }
    return TRUST_UPDATE_SYSTEM;
}

/* ---- rows that come and go ---- */

static enum trust_rows_error put_row(struct packer *p, const struct row *row)
{
    uint8_t room[256]; /* a key row; others go as they are */
    struct writer w = writer_of(room, sizeof room);
    if (row->type != ROW_KEY) {
        return trust_rows_add(&p->changes, row->bytes);
    }
    row_change_write(&w, row);
    return writer_ok(&w) ? trust_rows_add(&p->changes, writer_span(&w)) : TRUST_ROWS_FORMAT;
}

static enum trust_rows_error put_removal(struct packer *p, const struct row *row)
{
    uint8_t room[ROW_MAX_KEY_BYTES + 8];
    struct writer w = writer_of(room, sizeof room);
    row_change_write_removal(&w, row->type, row->key);
    return writer_ok(&w) ? trust_rows_add(&p->changes, writer_span(&w)) : TRUST_ROWS_FORMAT;
}

/* ---- sets ---- */

/* The offsets that are in one of two blocks only; either may be empty. */
static size_t differing(struct span a, struct span b, uint32_t *offset)
{
    struct reader ra = reader_of(a), rb = reader_of(b);
    uint64_t x = a.len != 0 ? reader_be(&ra, 2) : UINT64_MAX;
    uint64_t y = b.len != 0 ? reader_be(&rb, 2) : UINT64_MAX;
    size_t count = 0;
    while (x != UINT64_MAX || y != UINT64_MAX) {
        uint64_t least = x < y ? x : y;
        if (x != y) {
            offset[count++] = (uint32_t)least;
        }
        if (x == least) {
            x = ra.rest.len != 0 ? reader_be(&ra, 2) : UINT64_MAX;
        }
        if (y == least) {
            y = rb.rest.len != 0 ? reader_be(&rb, 2) : UINT64_MAX;
        }
    }
    return count;
}

static bool append_ranks(struct rank_list *list, uint64_t first, const uint32_t *offset,
                         size_t count)
{
    if (count > list->room - list->count) {
        size_t room = 2 * list->room + count;
        uint64_t *larger = realloc(list->rank, room * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        list->rank = larger;
        list->room = room;
    }
    for (size_t i = 0; i < count; i++) {
        list->rank[list->count++] = first + offset[i];
    }
    return true;
}

/* False when some index has no rank: the block then travels as a row. */
static bool put_block(struct packer *p, const struct row *before, const struct row *after,
                      enum trust_rows_error *ret_error)
{
    struct row_block old = {0}, new = {0};
    uint32_t offset[ROW_BLOCK_INDICES];
    bool good = (before == NULL || row_block_decode(before->bytes, &old)) &&
                (after == NULL || row_block_decode(after->bytes, &new));
    const struct row_block *any = after != NULL ? &new : &old;
    const struct trust_rank_line *line =
        trust_ranks_find(&p->ranks, trust_issuer_of_key((after != NULL ? after : before)->key));
    if (!good || line == NULL) {
        return false;
    }
    size_t count = differing(old.offsets, new.offsets, offset);
    uint64_t first = line->first + (uint64_t)any->block * ROW_BLOCK_INDICES;
    if (count == 0 || first + offset[count - 1] >= line->past) {
        return false;
    }
    if (!append_ranks(&p->set[any->set - ROW_SET_REVOKED], first, offset, count)) {
        *ret_error = TRUST_ROWS_SYSTEM;
    }
    return true;
}

/* ---- the walk ---- */

/* `before` and `after` have one key; either may be NULL. */
static enum trust_rows_error put_change(struct packer *p, const struct row *before,
                                        const struct row *after)
{
    enum trust_rows_error error = TRUST_ROWS_OK;
    if (before != NULL && after != NULL && span_equal(before->bytes, after->bytes)) {
        return TRUST_ROWS_OK;
    }
    enum row_type type = (after != NULL ? after : before)->type;
    if (type == ROW_BLOCK && put_block(p, before, after, &error)) {
        return error;
    }
    return after != NULL ? put_row(p, after) : put_removal(p, before);
}

static enum trust_rows_error walk(struct packer *p)
{
    static const struct trust_rows nothing = {0};
    const struct trust_rows *base = p->base != NULL ? p->base : &nothing;
    enum trust_rows_error error = TRUST_ROWS_OK;
    size_t i = 0, j = 0;
    while ((i < base->count || j < p->rows->count) && error == TRUST_ROWS_OK) {
        const struct row *before = i < base->count ? &base->row[i] : NULL;
        const struct row *after = j < p->rows->count ? &p->rows->row[j] : NULL;
        int order = before == NULL ? 1 : after == NULL ? -1 : row_compare(before, after);
        error = put_change(p, order <= 0 ? before : NULL, order >= 0 ? after : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    return error;
}

/* ---- the part ---- */

/* Encodes the sets one after another into one buffer that the caller frees. */
static enum trust_rows_error encode_sets(struct packer *p, struct row_packed *packed,
                                         uint8_t **ret_bytes)
{
    struct writer w = writer_of(NULL, 0);
    for (size_t i = 0; i < ROW_SETS; i++) {
        if (!rank_set_encode(p->set[i].rank, p->set[i].count, &w)) {
            return TRUST_ROWS_FORMAT;
        }
    }
    uint8_t *bytes = malloc(w.len + 1);
    if (bytes == NULL) {
        return TRUST_ROWS_SYSTEM;
    }
    w = writer_of(bytes, w.len);
    for (size_t i = 0; i < ROW_SETS; i++) {
        size_t from = w.len;
        bool good = rank_set_encode(p->set[i].rank, p->set[i].count, &w);
        if (good && w.len != from) {
            packed->set[packed->set_count++] = (struct row_packed_set){
                (enum row_set)(ROW_SET_REVOKED + i), span_of(bytes + from, w.len - from)};
        }
    }
    *ret_bytes = bytes;
    return TRUST_ROWS_OK;
}

static enum trust_update_error encode(struct packer *p, struct trust_packed *ret_packed)
{
    struct row_packed packed = {.changes_size = p->changes.len};
    uint8_t *deflated = NULL, *sets = NULL;
    size_t len = 0;
    enum trust_update_error error = trust_update_error_of_rows(encode_sets(p, &packed, &sets));
    if (error == TRUST_UPDATE_OK &&
        deflate_pack(span_of(p->changes.bytes, p->changes.len), &deflated, &len) != DEFLATE_OK) {
        error = TRUST_UPDATE_SYSTEM;
    }
    packed.changes = span_of(deflated, len);
    struct writer w = writer_of(NULL, 0);
    if (error == TRUST_UPDATE_OK) {
        row_packed_encode(&packed, &w);
        ret_packed->bytes = malloc(w.len);
        error = ret_packed->bytes != NULL ? TRUST_UPDATE_OK : TRUST_UPDATE_SYSTEM;
    }
    if (error == TRUST_UPDATE_OK) {
        w = writer_of(ret_packed->bytes, w.len);
        row_packed_encode(&packed, &w);
        ret_packed->part = (struct trust_part){TRUST_PART_PACKED, p->rows->len, writer_span(&w)};
    }
    free(deflated);
    free(sets);
    return error;
}

enum trust_update_error trust_pack(const struct trust_rows *base, const struct trust_rows *rows,
                                   struct trust_packed *ret_packed)
{
    struct packer p = {.base = base, .rows = rows};
    enum trust_update_error error = trust_update_error_of_rows(trust_ranks_of(rows, &p.ranks));
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of_rows(walk(&p));
    }
    if (error == TRUST_UPDATE_OK) {
        error = encode(&p, ret_packed);
    }
    for (size_t i = 0; i < ROW_SETS; i++) {
        free(p.set[i].rank);
    }
    trust_rows_free(&p.changes);
    trust_ranks_free(&p.ranks);
    return error;
}
