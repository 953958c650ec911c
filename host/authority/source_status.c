/* SPDX-License-Identifier: Apache-2.0
 *
 * An element of status.json: what is revoked and suspended of one issuer. People write indices and
 * ranges; the list carries blocks of 16,384 indices.
 */
#include "authority/source_list.h"

#include <stdlib.h>

/* --- centres and blanks --- */

static void read_centres(struct source *s, const struct json_value *status,
                         struct row_centre *centre, size_t *ret_count)
{
    static const char *const members[] = {"centre", "from", "until", "reason", "date", NULL};
    const struct json_value *array = json_find_array(&s->json, status, "centres", ROW_MAX_CENTRES);
    *ret_count = json_count(array);
    for (size_t i = 0; i < *ret_count && !s->json.failed; i++) {
        const struct json_value *element = json_at(array, i);
        json_only(&s->json, element, members);
        centre[i].centre = source_code(s, element, "centre", 1, 24);
        source_days(s, element, "from", "until", &centre[i].from_day, &centre[i].until_day);
        centre[i].reason = source_enum(s, element, "reason", ROW_ENUM_REASON);
        centre[i].date_day = source_day(s, element, "date");
    }
}

/* The greatest number of so many digits; 18 digits fit easily. */
static int64_t greatest_of_digits(int64_t digits)
{
    int64_t most = 0;
    for (int64_t i = 0; i < digits; i++) {
        most = most * 10 + 9;
    }
    return most;
}

static void read_blank(struct source *s, const struct json_value *element,
                       struct row_blank *ret_blank)
{
    static const char *const members[] = {"prefix", "digits", "first", "last",
                                          "reason", "date",   NULL};
    json_only(&s->json, element, members);
    ret_blank->prefix = source_code(s, element, "prefix", 0, 16);
    ret_blank->digits = (int)json_get_int(&s->json, element, "digits", 1, 18);
    int64_t most = greatest_of_digits(ret_blank->digits);
    ret_blank->first = (uint64_t)json_get_int(&s->json, element, "first", 0, most);
    ret_blank->last = (uint64_t)json_get_int(&s->json, element, "last", 0, most);
    ret_blank->reason = source_enum(s, element, "reason", ROW_ENUM_REASON);
    ret_blank->date_day = source_day(s, element, "date");
    if (ret_blank->last < ret_blank->first) {
        source_refuse(s, element, "last", "is less than first");
    }
}

static void read_blanks(struct source *s, const struct json_value *status, struct row_blank *blank,
                        size_t *ret_count)
{
    const struct json_value *array = json_find_array(&s->json, status, "blanks", ROW_MAX_BLANKS);
    *ret_count = json_count(array);
    for (size_t i = 0; i < *ret_count && !s->json.failed; i++) {
        read_blank(s, json_at(array, i), &blank[i]);
    }
}

static enum authority_error add_status(struct list_reader *r, const struct json_value *element,
                                       struct span issuer, uint32_t allotment)
{
    enum authority_error error = AUTHORITY_OK;
    size_t centres = 0;
    size_t blanks = 0;
    struct row_centre *centre = calloc(ROW_MAX_CENTRES, sizeof *centre);
    struct row_blank *blank = calloc(ROW_MAX_BLANKS, sizeof *blank);
    if (centre == NULL || blank == NULL) {
        error = authority_fail_system(r->problem);
        goto out;
    }
    read_centres(r->s, element, centre, &centres);
    read_blanks(r->s, element, blank, &blanks);
    if (!r->s->json.failed) {
        struct writer w = list_reader_row(r);
        row_status_write(&w, issuer, allotment, centre, centres, blank, blanks);
        error = list_reader_add(r, &w);
    }
out:
    free(centre);
    free(blank);
    return error;
}

/* --- sets of indices --- */

static int compare_index(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The indices of one block, from `index[0]` on; returns how many they are. */
static size_t write_block(struct writer *w, struct span issuer, enum row_set set,
                          const uint32_t *index, size_t count)
{
    uint8_t offsets[2 * ROW_BLOCK_INDICES];
    struct writer o = writer_of(offsets, sizeof offsets);
    uint32_t block = index[0] / ROW_BLOCK_INDICES;
    size_t n = 0;
    for (; n < count && index[n] / ROW_BLOCK_INDICES == block; n++) {
        writer_be(&o, index[n] % ROW_BLOCK_INDICES, 2);
    }
    struct row_block row = {
        .issuer = issuer, .set = set, .block = block, .offsets = writer_span(&o)};
    row_block_write(w, &row);
    return n;
}

static enum authority_error add_blocks(struct list_reader *r, struct span issuer, enum row_set set,
                                       const uint32_t *index, size_t count)
{
    enum authority_error error = AUTHORITY_OK;
    for (size_t at = 0; at < count && error == AUTHORITY_OK;) {
        struct writer w = list_reader_row(r);
        at += write_block(&w, issuer, set, index + at, count - at);
        error = list_reader_add(r, &w);
    }
    return error;
}

static void read_indices(struct source *s, const struct json_value *status, const char *name,
                         const struct json_value *array, uint32_t allotment, uint32_t *index)
{
    size_t count = json_count(array);
    for (size_t i = 0; i < count && !s->json.failed; i++) {
        index[i] = (uint32_t)json_int_at(&s->json, array, i, 0, UINT32_MAX);
        if (index[i] >= allotment) {
            source_refuse(s, status, name, "holds %u, which is not below the allotment of %u",
                          index[i], allotment);
        }
    }
    qsort(index, count, sizeof *index, compare_index);
    for (size_t i = 1; i < count && !s->json.failed; i++) {
        if (index[i] == index[i - 1]) {
            source_refuse(s, status, name, "holds %u twice", index[i]);
        }
    }
}

static enum authority_error add_set(struct list_reader *r, const struct json_value *status,
                                    struct span issuer, uint32_t allotment, const char *name,
                                    enum row_set set)
{
    const struct json_value *array = json_find_array(&r->s->json, status, name, JSON_MAX_BYTES / 2);
    size_t count = json_count(array);
    enum authority_error error = AUTHORITY_OK;
    uint32_t *index = malloc((count + 1) * sizeof *index);
    if (index == NULL) {
        return authority_fail_system(r->problem);
    }
    read_indices(r->s, status, name, array, allotment, index);
    if (!r->s->json.failed) {
        error = add_blocks(r, issuer, set, index, count);
    }
    free(index);
    return error;
}

/* --- ranges --- */

#define MAX_RANGES 65536

static void read_range(struct source *s, const struct json_value *element,
                       struct row_range *ret_range)
{
    static const char *const members[] = {"first", "last", "status", "reason", "date", NULL};
    json_only(&s->json, element, members);
    ret_range->first = (uint32_t)json_get_int(&s->json, element, "first", 0, UINT32_MAX);
    ret_range->last = (uint32_t)json_get_int(&s->json, element, "last", 0, UINT32_MAX);
    ret_range->status =
        (enum row_range_status)source_enum(s, element, "status", ROW_ENUM_RANGE_STATUS);
    ret_range->reason = source_enum(s, element, "reason", ROW_ENUM_REASON);
    ret_range->date_day = source_day(s, element, "date");
    if (ret_range->last < ret_range->first) {
        source_refuse(s, element, "last", "is less than first");
    }
}

struct placed_range {
    struct row_range range;
    size_t at; /* in the source's array */
};

static int compare_range(const void *a, const void *b)
{
    uint32_t x = ((const struct placed_range *)a)->range.first;
    uint32_t y = ((const struct placed_range *)b)->range.first;
    return (x > y) - (x < y);
}

static void check_disjoint(struct source *s, const struct json_value *array,
                           struct placed_range *range, size_t count)
{
    qsort(range, count, sizeof *range, compare_range);
    for (size_t i = 1; i < count; i++) {
        if (range[i].range.first <= range[i - 1].range.last) {
            bool in_order = range[i - 1].at < range[i].at;
            size_t later = in_order ? range[i].at : range[i - 1].at;
            size_t earlier = in_order ? range[i - 1].at : range[i].at;
            source_refuse(s, json_at(array, later), NULL, "overlaps ranges[%zu]", earlier);
        }
    }
}

static enum authority_error add_ranges(struct list_reader *r, const struct json_value *status,
                                       struct span issuer)
{
    const struct json_value *array = json_find_array(&r->s->json, status, "ranges", MAX_RANGES);
    size_t count = json_count(array);
    enum authority_error error = AUTHORITY_OK;
    struct placed_range *range = calloc(count + 1, sizeof *range);
    if (range == NULL) {
        return authority_fail_system(r->problem);
    }
    for (size_t i = 0; i < count && !r->s->json.failed; i++) {
        range[i].at = i;
        range[i].range.issuer = issuer;
        read_range(r->s, json_at(array, i), &range[i].range);
    }
    if (!r->s->json.failed) {
        check_disjoint(r->s, array, range, count);
    }
    for (size_t i = 0; i < count && error == AUTHORITY_OK && !r->s->json.failed; i++) {
        struct writer w = list_reader_row(r);
        row_range_write(&w, &range[i].range);
        error = list_reader_add(r, &w);
    }
    free(range);
    return error;
}

enum authority_error source_status_read(struct list_reader *r, const struct json_value *element)
{
    static const char *const members[] = {"issuer",    "allotment", "revoked",
                                          "suspended", "survivors", "ranges",
                                          "centres",   "blanks",    NULL};
    static const struct {
        const char *name;
        enum row_set set;
    } sets[] = {{"revoked", ROW_SET_REVOKED},
                {"suspended", ROW_SET_SUSPENDED},
                {"survivors", ROW_SET_SURVIVORS}};
    struct source *s = r->s;
    json_only(&s->json, element, members);
    struct span issuer = source_issuer_id(s, element, "issuer", r->state, true);
    uint32_t allotment = (uint32_t)json_get_int(&s->json, element, "allotment", 0, UINT32_MAX);
    enum authority_error error = add_status(r, element, issuer, allotment);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0] && error == AUTHORITY_OK; i++) {
        error = add_set(r, element, issuer, allotment, sets[i].name, sets[i].set);
    }
    return error != AUTHORITY_OK ? error : add_ranges(r, element, issuer);
}
