/* SPDX-License-Identifier: Apache-2.0
 *
 * Gathering, sorting and finding rows.
 */
#include "verifier/trust_rows.h"

#include <stdlib.h>

#define FIRST_ROOM 4096

void trust_rows_free(struct trust_rows *rows)
{
    free(rows->bytes);
    free(rows->row);
    *rows = (struct trust_rows){0};
}

/* The room doubles, so that rows are copied a few times only. */
uint8_t *trust_rows_grow(struct trust_rows *rows, size_t len, enum trust_rows_error *ret_error)
{
    if (len > TRUST_MAX_ROWS_BYTES - rows->len) {
        *ret_error = TRUST_ROWS_LIMIT;
        return NULL;
    }
    if (len > rows->cap - rows->len) {
        size_t cap = rows->cap == 0 ? FIRST_ROOM : rows->cap;
        while (cap - rows->len < len) {
            cap *= 2;
        }
        uint8_t *larger = realloc(rows->bytes, cap);
        if (larger == NULL) {
            *ret_error = TRUST_ROWS_SYSTEM;
            return NULL;
        }
        rows->bytes = larger;
        rows->cap = cap;
    }
    uint8_t *room = rows->bytes + rows->len;
    rows->len += len;
    return room;
}

enum trust_rows_error trust_rows_add(struct trust_rows *rows, struct span bytes)
{
    enum trust_rows_error error = TRUST_ROWS_OK;
    if (bytes.len == 0) {
        return TRUST_ROWS_OK;
    }
    uint8_t *room = trust_rows_grow(rows, bytes.len, &error);
    if (room != NULL) {
        memcpy(room, bytes.ptr, bytes.len);
    }
    return error;
}

/* ---- the seal ---- */

static int compare(const void *a, const void *b)
{
    return row_compare(a, b);
}

static enum trust_rows_error of_doc(enum trust_doc_error error)
{
    if (error == TRUST_DOC_OK) {
        return TRUST_ROWS_OK;
    }
    return error == TRUST_DOC_LIMIT ? TRUST_ROWS_LIMIT : TRUST_ROWS_FORMAT;
}

static bool make_room_for_one(struct trust_rows *rows, size_t *room)
{
    if (rows->count < *room) {
        return true;
    }
    size_t more = *room == 0 ? 64 : 2 * *room;
    struct row *larger = realloc(rows->row, more * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    rows->row = larger;
    *room = more;
    return true;
}

/* Takes the rows apart; whether each comes after the one before is seen on the way. */
static enum trust_rows_error take_apart(struct trust_rows *rows)
{
    struct reader r = reader_of(span_of(rows->bytes, rows->len));
    size_t room = 0;
    rows->came_sorted = true;
    while (r.rest.len != 0) {
        struct row row;
        enum trust_rows_error error = of_doc(row_next(&r, &row));
        if (error == TRUST_ROWS_OK && rows->count == TRUST_MAX_ROWS) {
            error = TRUST_ROWS_LIMIT;
        }
        if (error == TRUST_ROWS_OK && !make_room_for_one(rows, &room)) {
            error = TRUST_ROWS_SYSTEM;
        }
        if (error != TRUST_ROWS_OK) {
            return error;
        }
        if (rows->count != 0 && row_compare(&rows->row[rows->count - 1], &row) >= 0) {
            rows->came_sorted = false;
        }
        rows->row[rows->count++] = row;
    }
    return TRUST_ROWS_OK;
}

enum trust_rows_error trust_rows_seal(struct trust_rows *rows)
{
    enum trust_rows_error error = take_apart(rows);
    if (error != TRUST_ROWS_OK || rows->came_sorted) {
        return error;
    }
    qsort(rows->row, rows->count, sizeof rows->row[0], compare);
    for (size_t i = 1; i < rows->count; i++) {
        if (row_compare(&rows->row[i - 1], &rows->row[i]) == 0) {
            return TRUST_ROWS_FORMAT;
        }
    }
    return TRUST_ROWS_OK;
}

/* ---- finding ---- */

size_t trust_rows_bound(const struct trust_rows *rows, enum row_type type, struct span key)
{
    const struct row wanted = {.type = type, .key = key};
    size_t least = 0, most = rows->count;
    while (least < most) {
        size_t middle = least + (most - least) / 2;
        if (row_compare(&rows->row[middle], &wanted) < 0) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    return least;
}

const struct row *trust_rows_find(const struct trust_rows *rows, enum row_type type,
                                  struct span key)
{
    size_t at = trust_rows_bound(rows, type, key);
    bool found =
        at < rows->count && rows->row[at].type == type && span_equal(rows->row[at].key, key);
    return found ? &rows->row[at] : NULL;
}
