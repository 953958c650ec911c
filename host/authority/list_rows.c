/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows collected, sorted and checked against each other.
 */
#include "authority/list_rows.h"

#include <stdio.h>
#include <stdlib.h>

void list_rows_free(struct list_rows *set)
{
    free(set->bytes);
    free(set->place);
    free(set->row);
    *set = (struct list_rows){0};
}

static enum authority_error fail_at(struct authority_problem *problem,
                                    const struct row_origin *origin, const char *what)
{
    return authority_fail(problem, AUTHORITY_SOURCE, "%s: %s[%zu]: %s", origin->file, origin->array,
                          origin->at, what);
}

/* Doubles, so that a million rows cost twenty steps. */
static bool reserve(void **array, size_t *cap, size_t needed, size_t size)
{
    if (needed <= *cap) {
        return true;
    }
    size_t wanted = *cap == 0 ? 64 : *cap;
    while (wanted < needed) {
        wanted *= 2;
    }
    void *larger = realloc(*array, wanted * size);
    if (larger == NULL) {
        return false;
    }
    *array = larger;
    *cap = wanted;
    return true;
}

static bool row_is_good(struct span bytes)
{
    struct row row;
    struct reader rows = reader_of(bytes);
    return row_next(&rows, &row) == TRUST_DOC_OK && row.bytes.len == bytes.len;
}

enum authority_error list_rows_add(struct list_rows *set, const struct writer *row,
                                   const struct row_origin *origin,
                                   struct authority_problem *problem)
{
    struct span bytes = writer_span(row);
    if (!writer_ok(row)) {
        return fail_at(problem, origin, "is longer than the 40960 bytes a row may have; split it");
    }
    if (!row_is_good(bytes)) {
        return fail_at(problem, origin, "cannot be written as a row of the list");
    }
    if (set->count >= TRUST_MAX_ROWS || set->len + bytes.len > TRUST_MAX_ROWS_BYTES) {
        return fail_at(problem, origin, "is one row more than a list may have");
    }
    void *place = set->place;
    void *room = set->bytes;
    bool ok = reserve(&place, &set->place_cap, set->count + 1, sizeof *set->place);
    set->place = place;
    ok = ok && reserve(&room, &set->cap, set->len + bytes.len, 1);
    set->bytes = room;
    if (!ok) {
        return authority_fail_system(problem);
    }
    memcpy(set->bytes + set->len, bytes.ptr, bytes.len);
    set->place[set->count++] = (struct row_place){set->len, bytes.len, *origin};
    set->len += bytes.len;
    return AUTHORITY_OK;
}

/* --- sorting --- */

struct sortable {
    struct row row;
    struct row_place place;
};

static int compare_sortable(const void *a, const void *b)
{
    return row_compare(&((const struct sortable *)a)->row, &((const struct sortable *)b)->row);
}

static struct sortable *sorted_rows(const struct list_rows *set)
{
    struct sortable *all = malloc((set->count + 1) * sizeof *all);
    if (all == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < set->count; i++) {
        struct reader rows = reader_of(span_of(set->bytes + set->place[i].at, set->place[i].len));
        (void)row_next(&rows, &all[i].row); /* it was read once before, in list_rows_add */
        all[i].place = set->place[i];
    }
    qsort(all, set->count, sizeof *all, compare_sortable);
    return all;
}

static enum authority_error check_unique(const struct sortable *all, size_t count,
                                         struct authority_problem *problem)
{
    for (size_t i = 1; i < count; i++) {
        if (row_compare(&all[i - 1].row, &all[i].row) == 0) {
            const struct row_origin *a = &all[i - 1].place.origin;
            const struct row_origin *b = &all[i].place.origin;
            bool in_order = a->at <= b->at;
            char what[128];
            (void)snprintf(what, sizeof what, "says again what %s[%zu] says", a->array,
                           in_order ? a->at : b->at);
            return fail_at(problem, in_order ? b : a, what);
        }
    }
    return AUTHORITY_OK;
}

/* The issuer a row of types 2 to 5 speaks of: its second element. */
static struct span issuer_of(const struct row *row)
{
    struct cbor_cursor c = cbor_cursor_of(row->bytes);
    (void)cbor_read_array(&c, 1, 16);
    (void)cbor_read_uint(&c, 0, UINT8_MAX);
    return cbor_read_text(&c, 0, 32);
}

static bool lists_issuer(const struct sortable *all, size_t count, struct span issuer)
{
    uint8_t key[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(key, sizeof key);
    row_key_of_code(&w, issuer);
    struct sortable wanted = {.row = {.type = ROW_ISSUER, .key = writer_span(&w)}};
    return bsearch(&wanted, all, count, sizeof *all, compare_sortable) != NULL;
}

static enum authority_error check_issuers(const struct sortable *all, size_t count,
                                          struct authority_problem *problem)
{
    for (size_t i = 0; i < count; i++) {
        bool speaks = all[i].row.type >= ROW_KEY && all[i].row.type <= ROW_RANGE;
        if (speaks && !lists_issuer(all, count, issuer_of(&all[i].row))) {
            struct span id = issuer_of(&all[i].row);
            const struct row_origin *at = &all[i].place.origin;
            return authority_fail(problem, AUTHORITY_SOURCE,
                                  "%s: %s[%zu].issuer: %.*s is not in issuers.json", at->file,
                                  at->array, at->at, (int)id.len, (const char *)id.ptr);
        }
    }
    return AUTHORITY_OK;
}

static enum authority_error keep_sorted(struct list_rows *set, const struct sortable *all,
                                        struct authority_problem *problem)
{
    struct row *row = malloc((set->count + 1) * sizeof *row);
    if (row == NULL) {
        return authority_fail_system(problem);
    }
    set->security_count = 0;
    for (size_t i = 0; i < set->count; i++) {
        row[i] = all[i].row;
        set->security_count += row[i].type <= ROW_LAST_SECURITY;
    }
    free(set->row);
    set->row = row;
    return AUTHORITY_OK;
}

enum authority_error list_rows_sort(struct list_rows *set, struct authority_problem *problem)
{
    struct sortable *all = sorted_rows(set);
    if (all == NULL) {
        return authority_fail_system(problem);
    }
    enum authority_error error = check_unique(all, set->count, problem);
    if (error == AUTHORITY_OK) {
        error = check_issuers(all, set->count, problem);
    }
    if (error == AUTHORITY_OK) {
        error = keep_sorted(set, all, problem);
    }
    free(all);
    return error;
}

/* --- parts --- */

void list_rows_part_write(const struct list_rows *set, bool catalogue, struct writer *w)
{
    size_t first = catalogue ? set->security_count : 0;
    size_t end = catalogue ? set->count : set->security_count;
    for (size_t i = first; i < end; i++) {
        writer_put(w, set->row[i].bytes);
    }
}

size_t list_rows_part_size(const struct list_rows *set, bool catalogue)
{
    struct writer w = writer_of(NULL, 0);
    list_rows_part_write(set, catalogue, &w);
    return w.len;
}

size_t list_rows_count(const struct list_rows *set, enum row_type type)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        count += set->row[i].type == type;
    }
    return count;
}
