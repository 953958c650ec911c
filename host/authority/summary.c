/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents in a few lines.
 */
#include "authority/summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/list_check.h"
#include "authority/source.h"
#include "codec/date.h"
#include "issuer/block.h"

#define DAY_S 86400

static void line(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(struct writer *w, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    writer_put(w, span_str(text));
    writer_put(w, span_str("\n"));
}

static const char *day_of(int64_t time_s, char text[DATE_TEXT_SIZE])
{
    return date_format(time_s / DAY_S, text);
}

static void digest_line(struct writer *w, const char *label, struct span digest)
{
    char hex[2 * TRUST_DIGEST_SIZE + 1] = "";
    for (size_t i = 0; i < digest.len && i < TRUST_DIGEST_SIZE; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", digest.ptr[i]);
    }
    line(w, "  %-11s%s", label, hex);
}

/* --- root --- */

static void role_lines(struct writer *w, const char *name, const struct trust_role *role)
{
    line(w, "  %-11s%u of %zu", name, role->threshold, role->key_count);
    for (size_t i = 0; i < role->key_count; i++) {
        const struct trust_key *key = &role->key[i];
        line(w, "             %-6s %02x%02x%02x%02x...  %.*s", alg_name(key->alg),
             key->public_key.ptr[0], key->public_key.ptr[1], key->public_key.ptr[2],
             key->public_key.ptr[3], (int)key->holder.len, (const char *)key->holder.ptr);
    }
}

static void write_root(const struct trust_root *root, struct writer *w)
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    line(w, "Root version %lld, issued %s, until %s%s", (long long)root->version,
         day_of(root->issued_at_s, from), day_of(root->expires_s, until),
         root->sample ? ", SAMPLE DATA" : "");
    role_lines(w, "root", &root->root);
    role_lines(w, "publisher", &root->publisher);
    for (size_t i = 0; i < root->authority_count; i++) {
        const struct trust_authority *a = &root->authority[i];
        char name[8];
        (void)snprintf(name, sizeof name, "%.2s%s", (const char *)a->state.ptr,
                       a->ended ? " end" : "");
        role_lines(w, name, &a->role);
    }
}

/* --- list --- */

static void count_lines(struct writer *w, const struct list_counts *counts)
{
    const size_t *n = counts->rows;
    line(w, "  %zu issuers, %zu keys, %zu rules, %zu de-recognised, %zu framework levels",
         n[ROW_ISSUER], n[ROW_KEY], n[ROW_RULE], n[ROW_DERECOGNISED], n[ROW_FRAMEWORK]);
    line(w, "  %zu revoked, %zu suspended, %zu ranges; %zu titles", counts->revoked,
         counts->suspended, n[ROW_RANGE],
         n[ROW_SCHEME_TITLE] + n[ROW_UNIT_TITLE] + n[ROW_JOB_TITLE]);
}

static const char *const type_name[] = {
    [ROW_ISSUER] = "issuers",
    [ROW_KEY] = "keys",
    [ROW_STATUS] = "status",
    [ROW_BLOCK] = "blocks of revoked or suspended",
    [ROW_RANGE] = "ranges",
    [ROW_RULE] = "rules",
    [ROW_DERECOGNISED] = "de-recognised",
    [ROW_FRAMEWORK] = "framework levels",
    [ROW_SCHEME_TITLE] = "scheme titles",
    [ROW_UNIT_TITLE] = "unit titles",
    [ROW_JOB_TITLE] = "job titles",
};

struct row_changes {
    size_t added[ROW_JOB_TITLE + 1], removed[ROW_JOB_TITLE + 1], changed[ROW_JOB_TITLE + 1];
};

/* At the end of a sequence, or when it is damaged, the row has no bytes. */
static struct row take_row(struct reader *rows)
{
    struct row row;
    return row_next(rows, &row) == TRUST_DOC_OK ? row : (struct row){0};
}

/* Walks two sorted sequences side by side. */
static void compare_rows(struct span before, struct span after, struct row_changes *c)
{
    struct reader old_rows = reader_of(before);
    struct reader new_rows = reader_of(after);
    struct row old = take_row(&old_rows);
    struct row new = take_row(&new_rows);
    while (old.bytes.len != 0 || new.bytes.len != 0) {
        int order = old.bytes.len == 0 ? 1 : new.bytes.len == 0 ? -1 : row_compare(&old, &new);
        if (order < 0) {
            c->removed[old.type]++;
        } else if (order > 0) {
            c->added[new.type]++;
        } else if (!span_equal(old.bytes, new.bytes)) {
            c->changed[new.type]++;
        }
        old = order <= 0 ? take_row(&old_rows) : old;
        new = order >= 0 ? take_row(&new_rows) : new;
    }
}

static enum authority_error compare_parts(const struct trust_part *before,
                                          const struct trust_part *after, struct row_changes *c,
                                          struct authority_problem *problem)
{
    uint8_t *old = NULL;
    uint8_t *new = NULL;
    size_t old_len = 0;
    size_t new_len = 0;
    enum authority_error error = document_rows(before, "the list before", &old, &old_len, problem);
    if (error == AUTHORITY_OK) {
        error = document_rows(after, "the list", &new, &new_len, problem);
    }
    if (error == AUTHORITY_OK) {
        compare_rows(span_of(old, old_len), span_of(new, new_len), c);
    }
    free(old);
    free(new);
    return error;
}

static void change_lines(struct writer *w, int64_t version, const struct row_changes *c)
{
    bool any = false;
    line(w, "  Changes since version %lld:", (long long)version);
    for (int type = ROW_ISSUER; type <= ROW_JOB_TITLE; type++) {
        if (c->added[type] + c->removed[type] + c->changed[type] != 0) {
            line(w, "    %s: %zu added, %zu changed, %zu removed", type_name[type], c->added[type],
                 c->changed[type], c->removed[type]);
            any = true;
        }
    }
    if (!any) {
        line(w, "    none but version and dates");
    }
}

/* Nobody should sign what verifiers would refuse as a rollback. */
static enum authority_error check_succession(const struct trust_list *before,
                                             const struct trust_list *after, const char *against,
                                             struct authority_problem *problem)
{
    if (!span_equal(before->state, after->state)) {
        return authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is the list of another state",
                              against);
    }
    if (after->version <= before->version) {
        return authority_fail(problem, AUTHORITY_VERSION,
                              "%s: is version %lld already; this one says %lld", against,
                              (long long)before->version, (long long)after->version);
    }
    return AUTHORITY_OK;
}

static enum authority_error write_changes(const struct document *after,
                                          const struct trust_list *now, const char *against,
                                          struct writer *w, struct authority_problem *problem)
{
    uint8_t *file = NULL;
    struct document before;
    struct trust_list list;
    struct row_changes changes = {0};
    enum authority_error error = document_read(against, &file, &before, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (before.kind != DOCUMENT_LIST ||
        trust_list_decode(before.cose.payload, &list) != TRUST_DOC_OK) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is not a list", against);
        goto out;
    }
    error = check_succession(&list, now, against, problem);
    if (error != AUTHORITY_OK) {
        goto out;
    }
    error =
        compare_parts(&before.list_file.security, &after->list_file.security, &changes, problem);
    if (error == AUTHORITY_OK) {
        error = compare_parts(&before.list_file.catalogue, &after->list_file.catalogue, &changes,
                              problem);
    }
    if (error == AUTHORITY_OK) {
        change_lines(w, list.version, &changes);
    }
out:
    free(file);
    return error;
}

static enum authority_error write_list(const struct sign_desk *desk, const char *against,
                                       struct writer *w, struct authority_problem *problem)
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
    line(w, "List of %.2s, version %lld, as of %s, until %s", (const char *)list.state.ptr,
         (long long)list.version, day_of(list.as_of_s, from), day_of(list.expires_s, until));
    count_lines(w, &counts);
    digest_line(w, "digest", list.digest);
    if (list.catalogue_digest.len != 0) {
        digest_line(w, "catalogue", list.catalogue_digest);
    }
    return against != NULL ? write_changes(&desk->document, &list, against, w, problem)
                           : AUTHORITY_OK;
}

/* --- header, block --- */

static void write_header(const struct trust_header *header, struct writer *w)
{
    char day[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    line(w, "Header version %lld, issued %s, until %s, for root version %lld",
         (long long)header->version, day_of(header->issued_at_s, day),
         day_of(header->expires_s, until), (long long)header->root_version);
    line(w,
         "  lists count as fresh up to %d days, are shown with their age up to %d, amber up to %d",
         header->staleness.plain_days, header->staleness.shown_days, header->staleness.amber_days);
    for (size_t i = 0; i < header->state_count; i++) {
        const struct trust_header_state *s = &header->state[i];
        line(w, "  %.2s version %lld, as of %s, digest %02x%02x%02x%02x...",
             (const char *)s->state.ptr, (long long)s->version, day_of(s->as_of_s, day),
             s->list_digest.ptr[0], s->list_digest.ptr[1], s->list_digest.ptr[2],
             s->list_digest.ptr[3]);
    }
}

static enum authority_error write_header_of(const struct sign_desk *desk, struct writer *w,
                                            struct authority_problem *problem)
{
    struct trust_header *header = malloc(sizeof *header);
    if (header == NULL) {
        return authority_fail_system(problem);
    }
    if (trust_header_decode(desk->document.cose.payload, header) == TRUST_DOC_OK) {
        write_header(header, w);
    }
    free(header);
    return AUTHORITY_OK;
}

static void write_block(const struct sign_desk *desk, struct writer *w)
{
    struct block block;
    char day[DATE_TEXT_SIZE];
    if (block_decode(desk->document.cose.payload, &block)) {
        line(w, "Index block of %.*s for station %.*s", (int)block.issuer.len,
             (const char *)block.issuer.ptr, (int)block.station.len,
             (const char *)block.station.ptr);
        line(w, "  indices %u to %u, issued %s", block.first, block.last,
             day_of(block.issued_at_s, day));
    }
}

enum authority_error summary_write(const struct sign_desk *desk, const char *against,
                                   struct writer *w, struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    switch (desk->document.kind) {
    case DOCUMENT_ROOT:
        write_root(desk->own_root, w);
        break;
    case DOCUMENT_LIST:
        error = write_list(desk, against, w, problem);
        break;
    case DOCUMENT_HEADER:
        error = write_header_of(desk, w, problem);
        break;
    case DOCUMENT_BLOCK:
        write_block(desk, w);
        break;
    }
    for (size_t i = 0; error == AUTHORITY_OK && i < desk->role_count; i++) {
        const struct sign_role *role = &desk->role[i];
        line(w, "Signed by %u of the %u needed (%s)", role->signed_by, role->role->threshold,
             role->name);
    }
    return error;
}
