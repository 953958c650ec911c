/* SPDX-License-Identifier: Apache-2.0
 *
 * Which indices of a revocation set count: those that no range of their issuer overrules (WIRE.md,
 * row type 5). Ranges come in the order of a list: by issuer, then by first index.
 */
#include <stdlib.h>

#include "cli/trust_survey_steps.h"

/* The ranges of one issuer, `count` of them from `first`. */
struct group {
    char issuer[SURVEY_MAX_ID + 1];
    size_t first, count;
};

struct interval {
    uint32_t first, last;
};

struct survey_ranges {
    struct group *group;
    size_t group_count, group_cap;
    struct interval *interval;
    size_t interval_count, interval_cap;
};

bool survey_grow(void **items, size_t count, size_t *cap, size_t item_size)
{
    if (count < *cap) {
        return true;
    }
    size_t more = *cap == 0 ? 64 : 2 * *cap; /* rows of a list are bounded by its import */
    void *larger = realloc(*items, more * item_size);
    if (larger == NULL) {
        return false;
    }
    *items = larger;
    *cap = more;
    return true;
}

bool survey_ranges_new(struct survey_ranges **ret_ranges)
{
    struct survey_ranges *ranges = calloc(1, sizeof *ranges);
    if (ranges == NULL) {
        return false;
    }
    *ret_ranges = ranges;
    return true;
}

void survey_ranges_free(struct survey_ranges *ranges)
{
    if (ranges != NULL) {
        free(ranges->group);
        free(ranges->interval);
        free(ranges);
    }
}

static struct group *last_group(const struct survey_ranges *ranges, struct span issuer)
{
    if (ranges->group_count == 0) {
        return NULL;
    }
    struct group *group = &ranges->group[ranges->group_count - 1];
    return span_equal(span_str(group->issuer), issuer) ? group : NULL;
}

bool survey_ranges_add(struct survey_ranges *ranges, const struct row_range *range)
{
    struct group *group = last_group(ranges, range->issuer);
    void *groups = ranges->group, *intervals = ranges->interval;
    if (group == NULL) {
        if (!survey_grow(&groups, ranges->group_count, &ranges->group_cap, sizeof *group)) {
            return false;
        }
        ranges->group = groups;
        group = &ranges->group[ranges->group_count++];
        *group = (struct group){.first = ranges->interval_count};
        survey_copy(group->issuer, sizeof group->issuer, range->issuer);
    }
    if (!survey_grow(&intervals, ranges->interval_count, &ranges->interval_cap,
                     sizeof(struct interval))) {
        return false;
    }
    ranges->interval = intervals;
    ranges->interval[ranges->interval_count++] = (struct interval){range->first, range->last};
    group->count++;
    return true;
}

static int by_issuer(const void *wanted, const void *item)
{
    const struct group *group = item;
    return row_compare_ids(*(const struct span *)wanted, span_str(group->issuer));
}

static int by_index(const void *wanted, const void *item)
{
    const uint32_t *index = wanted;
    const struct interval *interval = item;
    return (*index > interval->last) - (*index < interval->first);
}

size_t survey_ranges_left(const struct survey_ranges *ranges, const struct row_block *block)
{
    size_t left = block->offsets.len / 2;
    struct reader offsets = reader_of(block->offsets);
    const struct group *group =
        ranges->group_count == 0
            ? NULL
            : bsearch(&block->issuer, ranges->group, ranges->group_count, sizeof *group, by_issuer);
    if (group == NULL) {
        return left;
    }
    while (!reader_done(&offsets) && !offsets.failed) {
        uint32_t index = block->block * ROW_BLOCK_INDICES + (uint32_t)reader_be(&offsets, 2);
        left -= bsearch(&index, ranges->interval + group->first, group->count,
                        sizeof(struct interval), by_index) != NULL;
    }
    return left;
}
