/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of one list while it is put together: added in any order, each with the place it came
 * from, then sorted and checked against each other (WIRE.md, "Rows"). Knows no JSON.
 */
#ifndef AUTHORITY_LIST_ROWS_H
#define AUTHORITY_LIST_ROWS_H

#include "authority/problem.h"
#include "codec/trust_row.h"

/* Where a row was written down: "ID/status.json", "status", 3. The strings outlive the set. */
struct row_origin {
    const char *file, *array;
    size_t at;
};

struct list_rows {
    uint8_t *bytes; /* rows end to end, in the order they came */
    size_t len, cap;
    struct row_place {
        size_t at, len;
        struct row_origin origin;
    } * place;
    size_t count, place_cap;

    struct row *row;       /* sorted; filled by list_rows_sort, points into bytes */
    size_t security_count; /* rows of the security part come first */
};

/* Ends with list_rows_free, whatever happened; a zeroed set is empty. */
void list_rows_free(struct list_rows *set);

/* Adds what the writer holds. A row that is too long, or that its own decoder refuses, is
 * AUTHORITY_SOURCE with its origin. */
MUST_USE enum authority_error list_rows_add(struct list_rows *set, const struct writer *row,
                                            const struct row_origin *origin,
                                            struct authority_problem *problem);

/* Sorts, and refuses two rows with one key and issuers that are spoken of but not listed. */
MUST_USE enum authority_error list_rows_sort(struct list_rows *set,
                                             struct authority_problem *problem);

/* Bytes of all rows of a part together, after list_rows_sort. */
size_t list_rows_part_size(const struct list_rows *set, bool catalogue);
void list_rows_part_write(const struct list_rows *set, bool catalogue, struct writer *w);

/* How many rows of a type there are. */
size_t list_rows_count(const struct list_rows *set, enum row_type type);

#endif
