/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows against their digest and their state.
 */
#include "authority/list_check.h"

#include <stdlib.h>

#include "verifier/trust_update.h"

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

/* What an importer would answer. */
static enum authority_error check_rows(const struct list_walk *walk, const struct trust_rows *rows,
                                       bool catalogue)
{
    switch (trust_rows_check(rows, walk->state, catalogue, true)) {
    case TRUST_UPDATE_OK:
        return AUTHORITY_OK;
    case TRUST_UPDATE_SCOPE:
        return refuse(walk, "a row speaks about what is not this state's own");
    case TRUST_UPDATE_LIMIT:
        return refuse(walk, "a row is too long, or there are too many");
    case TRUST_UPDATE_SYSTEM:
        return authority_fail_system(walk->problem);
    default:
        return refuse(walk, "a row is not well formed, or not in its place");
    }
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

static enum authority_error check_part(const struct list_walk *walk, const struct trust_part *part,
                                       bool catalogue, struct span digest)
{
    struct trust_rows rows;
    uint8_t found[TRUST_DIGEST_SIZE];
    enum authority_error error = document_unpack(part, walk->name, &rows, walk->problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (trust_rows_digest(&rows, catalogue, found) != TRUST_ROWS_OK) {
        error = authority_fail_system(walk->problem);
    } else if (!span_equal(digest, span_of(found, sizeof found))) {
        error = refuse(walk, catalogue ? "the catalogue's rows are not those its digest names"
                                       : "the rows are not those its digest names");
    } else {
        error = check_rows(walk, &rows, catalogue);
    }
    for (size_t i = 0; i < rows.count && error == AUTHORITY_OK && walk->counts != NULL; i++) {
        count_row(walk->counts, &rows.row[i]);
    }
    trust_rows_free(&rows);
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
