/* SPDX-License-Identifier: Apache-2.0
 *
 * Centres and blanks in status.json.
 */
#include "authority/revoke_place.h"

#include <inttypes.h>
#include <stdio.h>

#include "authority/change.h"
#include "authority/reports_query.h"

struct addition {
    const struct revoke_place *of;
    const struct row_centre *centre; /* or NULL */
    const struct row_blank *blank;   /* or NULL */
    struct revoke_place_result result;
};

/* --- centres --- */

static bool covers_centre(struct source *s, const struct json_value *element,
                          const struct row_centre *wanted)
{
    struct row_centre row = {.centre = source_code(s, element, "centre", 1, 24)};
    source_days(s, element, "from", "until", &row.from_day, &row.until_day);
    return span_equal(row.centre, wanted->centre) && row.from_day <= wanted->from_day &&
           row.until_day >= wanted->until_day;
}

static struct json_value *centre_object(const struct row_centre *row)
{
    struct json_value *object = json_new_object();
    json_put_text(object, "centre", row->centre);
    json_put_day(object, "from", row->from_day);
    if (row->until_day == ROW_NO_END_DAY) {
        json_put_null(object, "until");
    } else {
        json_put_day(object, "until", row->until_day);
    }
    json_put_string(object, "reason", row_enum_name(ROW_ENUM_REASON, row->reason));
    json_put_day(object, "date", row->date_day);
    return object;
}

/* --- blanks --- */

static bool covers_blank(struct source *s, const struct json_value *element,
                         const struct row_blank *wanted)
{
    struct span prefix = source_code(s, element, "prefix", 0, 16);
    int64_t digits = json_get_int(&s->json, element, "digits", 1, 18);
    uint64_t first = (uint64_t)json_get_int(&s->json, element, "first", 0, INT64_MAX);
    uint64_t last = (uint64_t)json_get_int(&s->json, element, "last", 0, INT64_MAX);
    return span_equal(prefix, wanted->prefix) && digits == wanted->digits &&
           first <= wanted->first && last >= wanted->last;
}

static struct json_value *blank_object(const struct row_blank *row)
{
    struct json_value *object = json_new_object();
    json_put_text(object, "prefix", row->prefix);
    json_put_int(object, "digits", row->digits);
    json_put_int(object, "first", (int64_t)row->first);
    json_put_int(object, "last", (int64_t)row->last);
    json_put_string(object, "reason", row_enum_name(ROW_ENUM_REASON, row->reason));
    json_put_day(object, "date", row->date_day);
    return object;
}

/* --- what is typed --- */

static size_t trailing_digits(struct span text)
{
    size_t count = 0;
    while (count < text.len && text.ptr[text.len - 1 - count] >= '0' &&
           text.ptr[text.len - 1 - count] <= '9') {
        count++;
    }
    return count;
}

/* At most 18 digits. */
static uint64_t number_of(struct span digits)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        value = value * 10 + (uint64_t)(digits.ptr[i] - '0');
    }
    return value;
}

static const char *judge_blanks(struct span first, struct span last, size_t digits)
{
    if (digits == 0) {
        return "a blank's number ends with digits";
    }
    if (digits > 18) {
        return "a blank's number ends with at most 18 digits";
    }
    if (first.len - digits > 16) {
        return "before the digits stand at most 16 characters";
    }
    if (trailing_digits(last) != digits || memcmp(first.ptr, last.ptr, first.len - digits) != 0) {
        return "both must begin with the same characters and have the same number of digits";
    }
    return memcmp(first.ptr, last.ptr, first.len) > 0 ? "the first is greater than the last" : NULL;
}

/* Both halves have one length, so the hyphen between them is the one in the middle, whatever other
 * hyphens there are. */
enum authority_error revoke_blanks_parse(const char *text, struct row_blank *ret_blank,
                                         struct authority_problem *problem)
{
    size_t half = strlen(text) / 2;
    bool in_two = strlen(text) % 2 == 1 && text[half] == '-' && half != 0;
    if (!in_two) {
        return authority_fail(problem, AUTHORITY_SOURCE,
                              "%.64s: is not FIRST-LAST, two numbers of blanks of the same length "
                              "like AB000100-AB000199; a single one is AB000100-AB000100",
                              text);
    }
    struct span first = span_of(text, half);
    struct span last = span_of(text + half + 1, half);
    size_t digits = trailing_digits(first);
    const char *wrong = judge_blanks(first, last, digits);
    if (wrong != NULL) {
        return authority_fail(problem, AUTHORITY_SOURCE, "%.64s: %s", text, wrong);
    }
    *ret_blank = (struct row_blank){
        .prefix = span_of(first.ptr, half - digits),
        .digits = (int)digits,
        .first = number_of(span_of(first.ptr + half - digits, digits)),
        .last = number_of(span_of(last.ptr + half - digits, digits)),
    };
    return AUTHORITY_OK;
}

/* --- the file --- */

static enum authority_error apply(struct source *s, void *context, bool *ret_changed,
                                  struct authority_problem *problem)
{
    struct addition *a = context;
    struct json_value *status = NULL;
    enum authority_error error = change_find_status(s, a->of->issuer, &status, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    bool covered = false;
    struct json_value *array = change_array(s, status, a->centre != NULL ? "centres" : "blanks");
    for (size_t i = 0; i < json_count(array) && !covered && !s->json.failed; i++) {
        const struct json_value *element = json_at(array, i);
        covered = a->centre != NULL ? covers_centre(s, element, a->centre)
                                    : covers_blank(s, element, a->blank);
    }
    if (!covered && !s->json.failed) {
        json_append(array, a->centre != NULL ? centre_object(a->centre) : blank_object(a->blank));
    }
    a->result.added = !covered;
    *ret_changed = !covered;
    return AUTHORITY_OK;
}

static enum authority_error count_centre(struct addition *a, struct reports_query *q,
                                         struct authority_problem *problem)
{
    return reports_query_centre(q, a->centre->centre, a->centre->from_day, a->centre->until_day,
                                &a->result.reported, problem);
}

static enum authority_error count_blanks(struct addition *a, struct reports_query *q,
                                         struct authority_problem *problem)
{
    char first[64];
    char last[64];
    const struct row_blank *b = a->blank;
    (void)snprintf(first, sizeof first, "%.*s%0*" PRIu64, (int)b->prefix.len,
                   (const char *)b->prefix.ptr, b->digits, b->first);
    (void)snprintf(last, sizeof last, "%.*s%0*" PRIu64, (int)b->prefix.len,
                   (const char *)b->prefix.ptr, b->digits, b->last);
    return reports_query_blanks(q, span_str(first), span_str(last), &a->result.reported, problem);
}

static enum authority_error add_locked(struct addition *a, struct authority_problem *problem)
{
    struct reports_query *q = NULL;
    struct change change = {a->of->dir, a->of->state, "status.json", apply, a};
    enum authority_error error = reports_query_open(a->of->dir, a->of->issuer, &q, problem);
    if (error == AUTHORITY_OK) {
        error = a->centre != NULL ? count_centre(a, q, problem) : count_blanks(a, q, problem);
        reports_query_close(q);
    }
    return error == AUTHORITY_OK ? change_source(&change, problem) : error;
}

static enum authority_error add(struct addition *a, struct revoke_place_result *ret_result,
                                struct authority_problem *problem)
{
    int lock = -1;
    enum authority_error error = authority_lock(problem, a->of->dir, a->of->state, &lock);
    if (error == AUTHORITY_OK) {
        error = add_locked(a, problem);
        lock_release(lock);
    }
    if (error == AUTHORITY_OK) {
        *ret_result = a->result;
    }
    return error;
}

enum authority_error revoke_centre(const struct revoke_place *of, const struct row_centre *centre,
                                   struct revoke_place_result *ret_result,
                                   struct authority_problem *problem)
{
    struct addition a = {.of = of, .centre = centre};
    return add(&a, ret_result, problem);
}

enum authority_error revoke_blanks(const struct revoke_place *of, const struct row_blank *blank,
                                   struct revoke_place_result *ret_result,
                                   struct authority_problem *problem)
{
    struct addition a = {.of = of, .blank = blank};
    return add(&a, ret_result, problem);
}
