/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets and ranges, laid one over the other.
 */
#include "authority/status_map.h"

#include <stdlib.h>

void status_map_free(struct status_map *map)
{
    free(map->part);
    *map = (struct status_map){0};
}

/* --- rows of one issuer --- */

bool status_row_is(const struct row *row, enum row_type type, struct span prefix)
{
    return row->type == type && span_starts_with(row->key, prefix);
}

size_t status_rows_find(const struct row *row, size_t count, enum row_type type, struct span prefix)
{
    struct row wanted = {.type = type, .key = prefix};
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row_compare(&row[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && status_row_is(&row[low], type, prefix) ? low : count;
}

/* --- sets --- */

static void append(struct status_map *map, struct status_part part)
{
    struct status_part *last = map->count == 0 ? NULL : &map->part[map->count - 1];
    if (last != NULL && last->status == part.status && last->reason == 0 && part.reason == 0 &&
        last->last + 1 == part.first) {
        last->last = part.last;
        return;
    }
    map->part[map->count++] = part;
}

static void append_block(struct status_map *map, const struct row_block *block,
                         enum row_range_status status)
{
    struct reader offsets = reader_of(block->offsets);
    while (offsets.rest.len != 0) {
        uint32_t index = block->block * ROW_BLOCK_INDICES + (uint32_t)reader_be(&offsets, 2);
        append(map, (struct status_part){.first = index, .last = index, .status = (uint8_t)status});
    }
}

/* The rows from `at` on are the issuer's blocks; makes a map of those of one set. */
static bool map_of_set(const struct row *row, size_t count, struct span prefix, size_t at,
                       enum row_set set, struct status_map *ret_map)
{
    struct row_block block;
    size_t members = 0;
    for (size_t i = at; i < count && status_row_is(&row[i], ROW_BLOCK, prefix); i++) {
        bool ours = row_block_decode(row[i].bytes, &block) && block.set == set;
        members += ours ? block.offsets.len / 2 : 0;
    }
    ret_map->part = calloc(members + 1, sizeof *ret_map->part);
    for (size_t i = at;
         ret_map->part != NULL && i < count && status_row_is(&row[i], ROW_BLOCK, prefix); i++) {
        if (row_block_decode(row[i].bytes, &block) && block.set == set) {
            append_block(ret_map, &block,
                         set == ROW_SET_REVOKED ? ROW_RANGE_REVOKED : ROW_RANGE_SUSPENDED);
        }
    }
    return ret_map->part != NULL;
}

/* --- ranges --- */

static bool map_of_ranges(const struct row *row, size_t count, struct span prefix,
                          struct status_map *ret_map)
{
    struct row_range range;
    size_t at = status_rows_find(row, count, ROW_RANGE, prefix);
    size_t end = at;
    while (end < count && status_row_is(&row[end], ROW_RANGE, prefix)) {
        end++;
    }
    ret_map->part = calloc(end - at + 1, sizeof *ret_map->part);
    for (size_t i = at; ret_map->part != NULL && i < end; i++) {
        if (row_range_decode(row[i].bytes, &range)) {
            append(ret_map, (struct status_part){.first = range.first,
                                                 .last = range.last,
                                                 .date_day = (int32_t)range.date_day,
                                                 .status = (uint8_t)range.status,
                                                 .reason = (uint8_t)range.reason});
        }
    }
    return ret_map->part != NULL;
}

/* --- one over the other --- */

/* Appends what of `part` no part of `top` covers; `at` moves over those that end before it. */
static void append_uncovered(struct status_map *to, struct status_part part,
                             const struct status_map *top, size_t *at)
{
    while (*at < top->count && top->part[*at].first <= part.last) {
        const struct status_part *over = &top->part[*at];
        if (over->last >= part.first) {
            if (over->first > part.first) {
                struct status_part before = part;
                before.last = over->first - 1;
                append(to, before);
            }
            if (over->last >= part.last) {
                return; /* it may cover the next one too */
            }
            part.first = over->last + 1;
        }
        append(to, *over);
        ++*at;
    }
    append(to, part);
}

/* Takes both over. */
static bool lay_over(struct status_map *base, struct status_map *top, struct status_map *ret_map)
{
    size_t at = 0;
    struct status_map both = {.part = calloc(base->count + 2 * top->count + 1, sizeof *both.part)};
    if (both.part != NULL) {
        for (size_t i = 0; i < base->count; i++) {
            append_uncovered(&both, base->part[i], top, &at);
        }
        for (; at < top->count; at++) {
            append(&both, top->part[at]);
        }
    }
    status_map_free(base);
    status_map_free(top);
    *ret_map = both;
    return both.part != NULL;
}

enum authority_error status_map_build(const struct row *row, size_t count, struct span issuer,
                                      struct status_map *ret_map, struct authority_problem *problem)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer prefix = writer_of(room, sizeof room);
    struct status_map suspended = {0};
    struct status_map revoked = {0};
    struct status_map ranges = {0};
    struct status_map sets = {0};
    row_key_of_code(&prefix, issuer);
    struct span key = writer_span(&prefix);
    size_t at = status_rows_find(row, count, ROW_BLOCK, key);
    bool ok = map_of_set(row, count, key, at, ROW_SET_SUSPENDED, &suspended) &&
              map_of_set(row, count, key, at, ROW_SET_REVOKED, &revoked) &&
              map_of_ranges(row, count, key, &ranges) && lay_over(&suspended, &revoked, &sets) &&
              lay_over(&sets, &ranges, ret_map);
    if (ok) {
        return AUTHORITY_OK;
    }
    status_map_free(&suspended);
    status_map_free(&revoked);
    status_map_free(&ranges);
    status_map_free(&sets);
    return authority_fail_system(problem);
}

/* --- asking --- */

struct status_part status_map_at(const struct status_map *map, uint32_t first, uint32_t last)
{
    size_t low = 0;
    size_t high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->part[middle].last < first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    struct status_part none = {.first = first, .last = last, .status = STATUS_NONE};
    if (low == map->count || map->part[low].first > last) {
        return none;
    }
    struct status_part part = map->part[low];
    if (part.first > first) {
        none.last = part.first - 1;
        return none;
    }
    part.first = first;
    part.last = part.last < last ? part.last : last;
    return part;
}

uint64_t status_map_total(const struct status_map *map, int status)
{
    uint64_t total = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct status_part *part = &map->part[i];
        total += part->status == status ? (uint64_t)part->last - part->first + 1 : 0;
    }
    return total;
}
