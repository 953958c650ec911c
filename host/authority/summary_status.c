/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of indices. Sets and ranges of two lists are walked side by side, one issuer after
 * the other, by what they mean (a range overrules the sets): a revoked index that moved from a set
 * into a range is no change, one that is covered by neither any more is the worst there is.
 */
#include "authority/summary_part.h"

#define NO_INDEX ((uint64_t)1 << 32) /* beyond the last index */

/* --- rows of one type of one issuer --- */

/* Rows in their order, taken off the front. */
struct slice {
    const struct row *row;
    size_t count;
};

struct marks {
    struct slice blocks, ranges;
};

static struct span issuer_of(const struct row *row)
{
    struct row_block block;
    struct row_range range;
    if (row->type == ROW_BLOCK) {
        return row_block_decode(row->bytes, &block) ? block.issuer : span_of(NULL, 0);
    }
    return row_range_decode(row->bytes, &range) ? range.issuer : span_of(NULL, 0);
}

/* The earlier of `least` (empty: none yet) and the issuer of the slice's first row. */
static struct span least_issuer(struct span least, const struct slice *slice)
{
    if (slice->count == 0) {
        return least;
    }
    struct span first = issuer_of(&slice->row[0]);
    return least.len == 0 || row_compare_ids(first, least) < 0 ? first : least;
}

static struct slice take_issuer(struct slice *from, struct span issuer)
{
    struct slice taken = {from->row, 0};
    while (from->count != 0 && span_equal(issuer_of(&from->row[0]), issuer)) {
        from->row++;
        from->count--;
        taken.count++;
    }
    return taken;
}

/* --- indices of one set, ascending --- */

struct set_cursor {
    struct slice rows;
    enum row_set set;
    struct row_block block;
    size_t at;      /* byte in the block's offsets */
    uint64_t index; /* NO_INDEX at the end */
};

static bool next_block(struct set_cursor *c)
{
    while (c->rows.count != 0) {
        bool good = row_block_decode(c->rows.row[0].bytes, &c->block) && c->block.set == c->set;
        c->rows.row++;
        c->rows.count--;
        if (good) {
            c->at = 0;
            return true;
        }
    }
    return false;
}

static void set_next(struct set_cursor *c)
{
    if (c->at + 2 > c->block.offsets.len && !next_block(c)) {
        c->index = NO_INDEX;
        return;
    }
    const uint8_t *offset = c->block.offsets.ptr + c->at;
    c->index = (uint64_t)c->block.block * ROW_BLOCK_INDICES + (uint64_t)offset[0] * 256 + offset[1];
    c->at += 2;
}

static struct set_cursor set_of(struct slice blocks, enum row_set set)
{
    struct set_cursor c = {.rows = blocks, .set = set};
    set_next(&c);
    return c;
}

/* --- what an index means --- */

enum meaning { GOOD, SUSPENDED, REVOKED, MEANINGS };

struct meaning_cursor {
    struct slice ranges;
    struct row_range range; /* the next one that ends at or after the index; first NO_INDEX: none */
    uint64_t first, last;
    struct set_cursor revoked, suspended;
};

static void next_range(struct meaning_cursor *c)
{
    c->first = c->last = NO_INDEX;
    if (c->ranges.count != 0 && row_range_decode(c->ranges.row[0].bytes, &c->range)) {
        c->first = c->range.first;
        c->last = c->range.last;
        c->ranges.row++;
        c->ranges.count--;
    }
}

static struct meaning_cursor meaning_of(struct marks marks)
{
    struct meaning_cursor c = {.ranges = marks.ranges,
                               .revoked = set_of(marks.blocks, ROW_SET_REVOKED),
                               .suspended = set_of(marks.blocks, ROW_SET_SUSPENDED)};
    next_range(&c);
    return c;
}

static uint64_t least_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The meaning of `index`, which never goes back, and the first index it may not hold for. */
static enum meaning meaning_at(struct meaning_cursor *c, uint64_t index, uint64_t *ret_end)
{
    while (c->first != NO_INDEX && c->last < index) {
        next_range(c);
    }
    if (c->first <= index) {
        *ret_end = c->last + 1;
        return c->range.status == ROW_RANGE_REVOKED     ? REVOKED
               : c->range.status == ROW_RANGE_SUSPENDED ? SUSPENDED
                                                        : GOOD;
    }
    while (c->revoked.index < index) {
        set_next(&c->revoked);
    }
    while (c->suspended.index < index) {
        set_next(&c->suspended);
    }
    *ret_end = index + 1;
    if (c->revoked.index == index) {
        return REVOKED;
    }
    if (c->suspended.index == index) {
        return SUSPENDED;
    }
    *ret_end = least_of(c->first, least_of(c->revoked.index, c->suspended.index));
    return GOOD;
}

/* --- one issuer --- */

struct issuer_changes {
    struct summary_runs from_to[MEANINGS][MEANINGS];
    struct summary_runs survivors[2]; /* no longer, and newly */
};

static void compare_meanings(struct marks before, struct marks after, struct issuer_changes *c)
{
    struct meaning_cursor old = meaning_of(before);
    struct meaning_cursor now = meaning_of(after);
    uint64_t index = 0;
    while (index < NO_INDEX) {
        uint64_t old_end = NO_INDEX;
        uint64_t now_end = NO_INDEX;
        enum meaning was = meaning_at(&old, index, &old_end);
        enum meaning is = meaning_at(&now, index, &now_end);
        uint64_t end = least_of(old_end, now_end);
        if (was != is) {
            summary_runs_add(&c->from_to[was][is], index, end - 1);
        }
        index = end;
    }
}

static void compare_survivors(struct marks before, struct marks after, struct issuer_changes *c)
{
    struct set_cursor old = set_of(before.blocks, ROW_SET_SURVIVORS);
    struct set_cursor now = set_of(after.blocks, ROW_SET_SURVIVORS);
    while (old.index != NO_INDEX || now.index != NO_INDEX) {
        uint64_t index = least_of(old.index, now.index);
        bool was = old.index == index;
        bool is = now.index == index;
        if (was != is) {
            summary_runs_add(&c->survivors[is ? 1 : 0], index, index);
        }
        if (was) {
            set_next(&old);
        }
        if (is) {
            set_next(&now);
        }
    }
}

static void show_runs(struct summary_text *s, struct span issuer, struct summary_runs *runs,
                      const char *what, bool loud)
{
    if (runs->count == 0) {
        return;
    }
    unsigned long long count = runs->count;
    const char *text = summary_runs_text(runs);
    summary_item(s, "%.*s: %llu %s: %s", SUMMARY_SPAN(issuer), count, what, text);
    if (loud) {
        summary_warn(s, "%.*s: %llu %s: %s", SUMMARY_SPAN(issuer), count, what, text);
    }
}

static void show_issuer(struct summary_text *s, struct span issuer, struct issuer_changes *c)
{
    show_runs(s, issuer, &c->from_to[REVOKED][GOOD], "NO LONGER REVOKED", true);
    show_runs(s, issuer, &c->from_to[REVOKED][SUSPENDED], "NO LONGER REVOKED, only suspended",
              true);
    show_runs(s, issuer, &c->from_to[GOOD][REVOKED], "newly revoked", false);
    show_runs(s, issuer, &c->from_to[SUSPENDED][REVOKED], "revoked, suspended before", false);
    show_runs(s, issuer, &c->from_to[GOOD][SUSPENDED], "newly suspended", false);
    show_runs(s, issuer, &c->from_to[SUSPENDED][GOOD], "reinstated, suspended before", true);
    show_runs(s, issuer, &c->survivors[1], "more survivors of a compromised key", false);
    show_runs(s, issuer, &c->survivors[0], "no longer survivors of a compromised key", false);
}

/* --- both lists --- */

static struct marks marks_of(const struct trust_rows *rows)
{
    size_t blocks = trust_rows_bound(rows, ROW_BLOCK, span_of(NULL, 0));
    size_t ranges = trust_rows_bound(rows, ROW_RANGE, span_of(NULL, 0));
    size_t end = trust_rows_bound(rows, ROW_RANGE + 1, span_of(NULL, 0));
    return (struct marks){{rows->row + blocks, ranges - blocks},
                          {rows->row + ranges, end - ranges}};
}

static struct marks take_marks(struct marks *from, struct span issuer)
{
    return (struct marks){take_issuer(&from->blocks, issuer), take_issuer(&from->ranges, issuer)};
}

static void compare_issuers(struct summary_text *s, struct marks old, struct marks now)
{
    for (;;) {
        struct span issuer = least_issuer(span_of(NULL, 0), &old.blocks);
        issuer = least_issuer(issuer, &old.ranges);
        issuer = least_issuer(issuer, &now.blocks);
        issuer = least_issuer(issuer, &now.ranges);
        if (issuer.len == 0) {
            return;
        }
        struct issuer_changes changes = {0};
        struct marks before = take_marks(&old, issuer);
        struct marks after = take_marks(&now, issuer);
        compare_meanings(before, after, &changes);
        compare_survivors(before, after, &changes);
        show_issuer(s, issuer, &changes);
    }
}

void summary_status(struct summary_text *s, const struct trust_rows *before,
                    const struct trust_rows *after)
{
    compare_issuers(s, marks_of(before), marks_of(after));
    summary_group(s, "indices:");
}
