/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows against their digest and their state.
 */
#include "authority/list_check.h"

#include <stdlib.h>

#include "authority/list_rows.h"

struct list_walk {
    const char *name;
    struct span state;
    struct list_counts *counts;
    struct authority_problem *problem;
};

static enum authority_error refuse(const struct list_walk *walk, const char *what)
{
    return authority_fail(walk->problem, AUTHORITY_DOCUMENT, "%s: %s; build it again", walk->name,
                          what);
}

/* The issuer a row speaks of; empty for rows that speak of none. */
static struct span issuer_of(const struct row *row)
{
    bool speaks =
        (row->type >= ROW_ISSUER && row->type <= ROW_RANGE) || row->type == ROW_DERECOGNISED;
    struct cbor_cursor c = cbor_cursor_of(row->bytes);
    (void)cbor_read_array(&c, 1, 16);
    (void)cbor_read_uint(&c, 0, UINT8_MAX);
    return speaks ? cbor_read_text(&c, 0, 32) : span_of(NULL, 0);
}

/* WIRE.md: own issuers everywhere, foreign ones where recognition is withdrawn. */
static bool in_scope(const struct list_walk *walk, const struct row *row)
{
    struct span id = issuer_of(row);
    bool own = id.len > TRUST_STATE_SIZE && span_starts_with(id, walk->state) &&
               id.ptr[TRUST_STATE_SIZE] == '.';
    return id.len == 0 || own == (row->type != ROW_DERECOGNISED);
}

static void count_row(struct list_counts *counts, const struct row *row)
{
    struct row_block block;
    counts->rows[row->type]++;
    if (row->type == ROW_BLOCK && row_block_decode(row->bytes, &block)) {
        counts->revoked += block.set == ROW_SET_REVOKED ? block.offsets.len / 2 : 0;
        counts->suspended += block.set == ROW_SET_SUSPENDED ? block.offsets.len / 2 : 0;
    }
}

static enum authority_error walk_rows(const struct list_walk *walk, struct span bytes,
                                      bool catalogue)
{
    struct reader rows = reader_of(bytes);
    struct row before = {0};
    struct row row;
    while (row_next(&rows, &row) == TRUST_DOC_OK) {
        if (row.bytes.len == 0) {
            return AUTHORITY_OK;
        }
        if (before.bytes.len != 0 && row_compare(&before, &row) >= 0) {
            return refuse(walk, "its rows are not in order");
        }
        if ((row.type > ROW_LAST_SECURITY) != catalogue) {
            return refuse(walk, "a row stands in the wrong part");
        }
        if (!in_scope(walk, &row)) {
            return refuse(walk, "a row speaks about an issuer that is not this state's to judge");
        }
        if (walk->counts != NULL) {
            count_row(walk->counts, &row);
        }
        before = row;
    }
    return refuse(walk, "a row is not well formed");
}

static enum authority_error check_part(const struct list_walk *walk, const struct trust_part *part,
                                       bool catalogue, struct span digest)
{
    uint8_t *rows = NULL;
    size_t len = 0;
    uint8_t found[TRUST_DIGEST_SIZE];
    enum authority_error error = document_rows(part, walk->name, &rows, &len, walk->problem);
    if (error == AUTHORITY_OK) {
        error = rows_digest(span_of(rows, len), catalogue, found, walk->problem);
    }
    if (error == AUTHORITY_OK && !span_equal(digest, span_of(found, sizeof found))) {
        error = refuse(walk, catalogue ? "the catalogue's rows are not those its digest names"
                                       : "the rows are not those its digest names");
    }
    if (error == AUTHORITY_OK) {
        error = walk_rows(walk, span_of(rows, len), catalogue);
    }
    free(rows);
    return error;
}

enum authority_error list_check(const char *name, const struct document *document,
                                const struct trust_list *list, struct list_counts *ret_counts,
                                struct authority_problem *problem)
{
    struct list_walk walk = {name, list->state, ret_counts, problem};
    const struct trust_list_file *file = &document->list_file;
    if (ret_counts != NULL) {
        *ret_counts = (struct list_counts){0};
    }
    if (file->has_catalogue != (list->catalogue_digest.len != 0)) {
        return refuse(&walk, "the catalogue is missing, or there is one that is not signed");
    }
    enum authority_error error = check_part(&walk, &file->security, false, list->digest);
    if (error == AUTHORITY_OK && file->has_catalogue) {
        error = check_part(&walk, &file->catalogue, true, list->catalogue_digest);
    }
    return error;
}
