/* SPDX-License-Identifier: Apache-2.0
 *
 * What rows say about the indices of one issuer, sets and ranges put together as a verifier would:
 * ranges overrule the sets, and revoked overrules suspended. Knows rows, not where they came from:
 * sources and lists that were signed are read alike.
 */
#ifndef AUTHORITY_STATUS_MAP_H
#define AUTHORITY_STATUS_MAP_H

#include "authority/problem.h"
#include "codec/trust_row.h"

#define STATUS_NONE 0 /* beside the values of row_range_status */

/* Indices of one status, from one place. A million of them may stand in a map: kept small. */
struct status_part {
    uint32_t first, last;
    int32_t date_day; /* of a range */
    uint8_t status;   /* STATUS_NONE or of row_range_status */
    uint8_t reason;   /* 0: from a set, which has neither reason nor date */
};

struct status_map {
    struct status_part *part; /* ascending, disjoint, none of STATUS_NONE */
    size_t count;
};

/* From rows in the order of a list. The caller ends it with status_map_free. */
MUST_USE enum authority_error status_map_build(const struct row *row, size_t count,
                                               struct span issuer, struct status_map *ret_map,
                                               struct authority_problem *problem);
void status_map_free(struct status_map *map);

/* The part of first..last that begins at `first` and has one status: to walk a range, go on behind
 * its end until that is `last`. */
struct status_part status_map_at(const struct status_map *map, uint32_t first, uint32_t last);

/* How many indices have this status. */
uint64_t status_map_total(const struct status_map *map, int status);

/* The first of the sorted rows whose type is `type` and whose key begins with `prefix`, or `count`
 * when there is none; the others follow it. */
size_t status_rows_find(const struct row *row, size_t count, enum row_type type,
                        struct span prefix);
bool status_row_is(const struct row *row, enum row_type type, struct span prefix);

#endif
