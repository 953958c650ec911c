/* SPDX-License-Identifier: Apache-2.0
 *
 * A national list, and what it changes.
 */
#include <stdio.h>

#include "authority/list_check.h"
#include "authority/summary_part.h"
#include "codec/hex.h"

static void digest_line(struct summary_text *s, const char *label, struct span digest)
{
    char hex[HEX_SIZE(TRUST_DIGEST_SIZE)];
    summary_line(s, "  %-11s%s", label, hex_write(digest, hex));
}

static void count_lines(struct summary_text *s, const struct list_counts *counts)
{
    const size_t *n = counts->rows;
    summary_line(s, "  %zu issuers, %zu keys, %zu rules, %zu de-recognised, %zu framework levels",
                 n[ROW_ISSUER], n[ROW_KEY], n[ROW_RULE], n[ROW_DERECOGNISED], n[ROW_FRAMEWORK]);
    summary_line(s, "  %zu revoked, %zu suspended, %zu ranges; %zu titles", counts->revoked,
                 counts->suspended, n[ROW_RANGE],
                 n[ROW_SCHEME_TITLE] + n[ROW_UNIT_TITLE] + n[ROW_JOB_TITLE]);
}

/* --- rows --- */

static const char *const type_name[] = {
    [ROW_ISSUER] = "issuers",
    [ROW_KEY] = "keys",
    [ROW_STATUS] = "allotments, centres and blanks",
    [ROW_BLOCK] = "blocks of indices",
    [ROW_RANGE] = "ranges",
    [ROW_RULE] = "rules",
    [ROW_DERECOGNISED] = "de-recognised",
    [ROW_FRAMEWORK] = "framework levels",
    [ROW_SCHEME_TITLE] = "scheme titles",
    [ROW_UNIT_TITLE] = "unit titles",
    [ROW_JOB_TITLE] = "job titles",
};

static void end_type(struct summary_text *s, enum row_type type)
{
    summary_group(s, "%s: %zu added, %zu changed, %zu removed", type_name[type], s->added,
                  s->changed, s->removed);
}

static const struct row no_row = {0};

static void compare_pair(struct summary_text *s, const struct row *old, const struct row *now,
                         int order)
{
    if (order < 0) {
        s->removed++;
        summary_row(s, old, &no_row);
    } else if (order > 0) {
        s->added++;
        summary_row(s, &no_row, now);
    } else if (!span_equal(old->bytes, now->bytes)) {
        s->changed++;
        summary_row(s, old, now);
    }
}

/* Walks two sorted lists side by side; rows of one type come together. */
static void compare_rows(struct summary_text *s, const struct trust_rows *before,
                         const struct trust_rows *after)
{
    enum row_type type = ROW_ISSUER;
    size_t i = 0;
    size_t j = 0;
    while (i < before->count || j < after->count) {
        const struct row *old = i < before->count ? &before->row[i] : &no_row;
        const struct row *now = j < after->count ? &after->row[j] : &no_row;
        int order = old == &no_row ? 1 : now == &no_row ? -1 : row_compare(old, now);
        enum row_type next = order <= 0 ? old->type : now->type;
        if (next != type) {
            end_type(s, type);
            type = next;
        }
        compare_pair(s, old, now, order);
        i += order <= 0;
        j += order >= 0;
    }
    end_type(s, type);
}

static enum authority_error compare_parts(struct summary_text *s, const struct trust_part *before,
                                          const struct trust_part *after, bool security,
                                          struct authority_problem *problem)
{
    struct trust_rows old = {0};
    struct trust_rows now = {0};
    enum authority_error error = document_unpack(before, "the list before", &old, problem);
    if (error == AUTHORITY_OK) {
        error = document_unpack(after, "the list", &now, problem);
    }
    if (error == AUTHORITY_OK && security) {
        summary_status(s, &old, &now);
    }
    if (error == AUTHORITY_OK) {
        compare_rows(s, &old, &now);
    }
    trust_rows_free(&old);
    trust_rows_free(&now);
    return error;
}

/* --- two lists --- */

static bool same_rows(const struct trust_list *a, const struct trust_list *b)
{
    return span_equal(a->digest, b->digest) && span_equal(a->catalogue_digest, b->catalogue_digest);
}

/* A list file may come without its catalogue; this one's titles then all look new. */
static enum authority_error compare_lists(struct summary_text *s, const struct sign_desk *desk,
                                          const struct earlier *before,
                                          struct authority_problem *problem)
{
    const struct trust_list_file *old = &before->document.list_file;
    const struct trust_list_file *now = &desk->document.list_file;
    const struct trust_part none = {0};
    enum authority_error error = compare_parts(s, &old->security, &now->security, true, problem);
    if (error == AUTHORITY_OK) {
        error = compare_parts(s, old->has_catalogue ? &old->catalogue : &none,
                              now->has_catalogue ? &now->catalogue : &none, false, problem);
    }
    return error;
}

static enum authority_error write_changes(struct summary_text *s, const struct sign_desk *desk,
                                          const struct trust_list *list,
                                          const struct earlier *before,
                                          struct authority_problem *problem)
{
    struct trust_list old;
    if (trust_list_decode(before->document.cose.payload, &old) != TRUST_DOC_OK) {
        return authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", before->path);
    }
    enum authority_error error = list_check(before->path, &before->document, &old, NULL, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    summary_succession(s, before, "as of",
                       &(struct summary_dates){old.version, old.as_of_s, old.expires_s},
                       &(struct summary_dates){list->version, list->as_of_s, list->expires_s});
    if (same_rows(&old, list)) {
        summary_line(s, "    none but version and dates");
        return AUTHORITY_OK;
    }
    return compare_lists(s, desk, before, problem);
}

enum authority_error summary_list(const struct sign_desk *desk, const struct earlier *before,
                                  struct summary_text *s, struct authority_problem *problem)
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    struct trust_list list;
    struct list_counts counts;
    if (trust_list_decode(desk->document.cose.payload, &list) != TRUST_DOC_OK) {
        return authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", desk->path);
    }
    enum authority_error error = list_check(desk->path, &desk->document, &list, &counts, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    summary_line(s, "List of %.2s, version %lld, as of %s, until %s", (const char *)list.state.ptr,
                 (long long)list.version, summary_day_of(list.as_of_s, from),
                 summary_day_of(list.expires_s, until));
    count_lines(s, &counts);
    digest_line(s, "digest", list.digest);
    if (list.catalogue_digest.len != 0) {
        digest_line(s, "catalogue", list.catalogue_digest);
    }
    return before != NULL ? write_changes(s, desk, &list, before, problem) : AUTHORITY_OK;
}
