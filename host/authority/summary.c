/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents in a few lines: what is the same for all kinds.
 */
#include "authority/summary.h"

#include <stdio.h>
#include <stdlib.h>

#include "authority/summary_part.h"
#include "issuer/block.h"

static void write_block(const struct sign_desk *desk, struct summary_text *s)
{
    struct block block;
    char day[DATE_TEXT_SIZE];
    if (block_decode(desk->document.cose.payload, &block)) {
        summary_line(s, "Index block of %.*s for station %.*s", SUMMARY_SPAN(block.issuer),
                     SUMMARY_SPAN(block.station));
        summary_line(s, "  indices %u to %u, issued %s", block.first, block.last,
                     summary_day_of(block.issued_at_s, day));
    }
}

/* --- the document before --- */

void summary_succession(struct summary_text *s, const struct earlier *before, const char *from_name,
                        const struct summary_dates *old, const struct summary_dates *now)
{
    char was[DATE_TEXT_SIZE];
    char is_at[SUMMARY_TIME_SIZE];
    char was_at[SUMMARY_TIME_SIZE];
    /* a name in a folder that somebody may have brought */
    bool plain = cbor_check_text(span_str(before->path)) == CBOR_OK;
    const char *path = plain ? before->path : "its name cannot be shown";
    summary_line(s,
                 "  Changes since version %lld, %s %s, signed by %u (%s):", (long long)old->version,
                 from_name, summary_day_of(old->from_s, was), before->signed_by, path);
    if (!before->complete) {
        summary_warn(
            s,
            "too few of today's keys have signed version %lld, which it is compared with: it "
            "may not be what was published; give that with --against",
            (long long)old->version);
    }
    int64_t newest = before->newest_signed > old->version ? before->newest_signed : old->version;
    if (now->version <= newest) {
        summary_warn(s, "the version does not rise: it is %lld, and %lld is signed already",
                     (long long)now->version, (long long)newest);
    }
    if (now->from_s < old->from_s) {
        summary_warn(s, "its time goes back: %s %s, was %s", from_name,
                     summary_time_of(now->from_s, is_at), summary_time_of(old->from_s, was_at));
    }
    if (now->until_s < old->until_s) {
        summary_warn(s, "it ends earlier than the one before: %s, was %s",
                     summary_time_of(now->until_s, is_at), summary_time_of(old->until_s, was_at));
    }
}

/* Nobody should sign what verifiers would refuse as a rollback. */
static enum authority_error check_named(const struct sign_desk *desk, const struct earlier *before,
                                        struct authority_problem *problem)
{
    int64_t version = 0;
    enum authority_error error = earlier_version(&desk->document, &version);
    if (error != AUTHORITY_OK) {
        return authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", desk->path);
    }
    if (version <= before->version) {
        return authority_fail(problem, AUTHORITY_VERSION,
                              "%s: is version %lld already; this one says %lld", before->path,
                              (long long)before->version, (long long)version);
    }
    return AUTHORITY_OK;
}

static enum authority_error find_before(const struct sign_desk *desk, const char *against,
                                        struct earlier *before, struct authority_problem *problem)
{
    if (against == NULL || desk->document.kind == DOCUMENT_BLOCK) {
        return earlier_find(desk, before, problem);
    }
    enum authority_error error = earlier_read(desk, against, before, problem);
    return error == AUTHORITY_OK ? check_named(desk, before, problem) : error;
}

static enum authority_error write_by_kind(const struct sign_desk *desk,
                                          const struct earlier *before, struct summary_text *s,
                                          struct authority_problem *problem)
{
    switch (desk->document.kind) {
    case DOCUMENT_ROOT:
        return summary_root(desk, before, s, problem);
    case DOCUMENT_LIST:
        return summary_list(desk, before, s, problem);
    case DOCUMENT_HEADER:
        return summary_header(desk, before, s, problem);
    case DOCUMENT_BLOCK:
        break;
    }
    write_block(desk, s);
    return AUTHORITY_OK;
}

/* The first of its kind has none; of any other one it is said. */
static void note_missing(const struct sign_desk *desk, const struct earlier *before,
                         struct summary_text *s)
{
    int64_t version = 0;
    if (before->found || earlier_version(&desk->document, &version) != AUTHORITY_OK) {
        return;
    }
    summary_line(s, "  No signed version before this one was found.");
    if (version > 1) {
        summary_warn(s,
                     "what it changes is not known: give version %lld or what was published last "
                     "with --against",
                     (long long)version - 1);
    }
}

static void signature_lines(const struct sign_desk *desk, struct writer *w)
{
    for (size_t i = 0; i < desk->role_count; i++) {
        char text[128];
        const struct sign_role *role = &desk->role[i];
        int len = snprintf(text, sizeof text, "Signed by %u of the %u needed (%s)\n",
                           role->signed_by, role->role->threshold, role->name);
        writer_put(w, span_of(text, len < 0 ? 0 : (size_t)len));
    }
}

enum authority_error summary_write(const struct sign_desk *desk, const char *against,
                                   struct writer *w, struct authority_problem *problem)
{
    struct summary_text *s = (struct summary_text *)malloc(sizeof *s);
    struct earlier before = {0};
    if (s == NULL) {
        return authority_fail_system(problem);
    }
    summary_begin(s, w);
    enum authority_error error = find_before(desk, against, &before, problem);
    if (error == AUTHORITY_OK) {
        error = write_by_kind(desk, before.found ? &before : NULL, s, problem);
    }
    if (error == AUTHORITY_OK) {
        note_missing(desk, &before, s);
        summary_end(s);
        signature_lines(desk, w);
    }
    earlier_free(&before);
    free(s);
    return error;
}
