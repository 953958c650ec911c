/* SPDX-License-Identifier: Apache-2.0
 *
 * A header, and what it changes: which list of each state it calls the newest.
 */
#include <stdio.h>
#include <stdlib.h>

#include "authority/summary_part.h"

static void state_line(struct summary_text *s, const struct trust_header_state *state)
{
    char day[DATE_TEXT_SIZE];
    const uint8_t *d = state->list_digest.ptr;
    summary_line(s, "  %.2s version %lld, as of %s, digest %02x%02x%02x%02x...",
                 (const char *)state->state.ptr, (long long)state->version,
                 summary_day_of(state->as_of_s, day), d[0], d[1], d[2], d[3]);
}

static void write_header(struct summary_text *s, const struct trust_header *header)
{
    char day[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    const struct trust_staleness *days = &header->staleness;
    summary_line(s, "Header version %lld, issued %s, until %s, for root version %lld",
                 (long long)header->version, summary_day_of(header->issued_at_s, day),
                 summary_day_of(header->expires_s, until), (long long)header->root_version);
    summary_line(
        s,
        "  lists count as fresh up to %d days, are shown with their age up to %d, amber up "
        "to %d",
        days->plain_days, days->shown_days, days->amber_days);
    for (size_t i = 0; i < header->state_count; i++) {
        state_line(s, &header->state[i]);
    }
}

/* --- two headers --- */

static void compare_state(struct summary_text *s, const struct trust_header_state *old,
                          const struct trust_header_state *now)
{
    char before[DATE_TEXT_SIZE];
    char after[DATE_TEXT_SIZE];
    const char *state = (const char *)now->state.ptr;
    bool same_list = span_equal(old->list_digest, now->list_digest);
    if (same_list) {
        return;
    }
    s->changed++;
    summary_item(s, "%.2s: version %lld as of %s, was %lld as of %s", state,
                 (long long)now->version, summary_day_of(now->as_of_s, after),
                 (long long)old->version, summary_day_of(old->as_of_s, before));
    if (now->version < old->version) {
        summary_warn(s, "%.2s: its list goes back from version %lld to %lld", state,
                     (long long)old->version, (long long)now->version);
    } else if (now->version == old->version) {
        summary_warn(s, "%.2s: another list of the same version %lld", state,
                     (long long)now->version);
    }
    if (now->as_of_s < old->as_of_s) {
        char was[SUMMARY_TIME_SIZE];
        char is[SUMMARY_TIME_SIZE];
        summary_warn(s, "%.2s: its list is as of an earlier time, %s, was %s", state,
                     summary_time_of(now->as_of_s, is), summary_time_of(old->as_of_s, was));
    }
}

static void compare_states(struct summary_text *s, const struct trust_header *old,
                           const struct trust_header *now)
{
    for (size_t i = 0; i < now->state_count; i++) {
        const struct trust_header_state *its = trust_header_state(old, now->state[i].state);
        if (its != NULL) {
            compare_state(s, its, &now->state[i]);
        } else {
            s->added++;
            summary_item(s, "+ %.2s version %lld", (const char *)now->state[i].state.ptr,
                         (long long)now->state[i].version);
        }
    }
    for (size_t i = 0; i < old->state_count; i++) {
        if (trust_header_state(now, old->state[i].state) == NULL) {
            const char *state = (const char *)old->state[i].state.ptr;
            s->removed++;
            summary_item(s, "- %.2s version %lld", state, (long long)old->state[i].version);
            summary_warn(s, "%.2s is named no more: its list grows old everywhere", state);
        }
    }
    summary_group(s, "lists: %zu added, %zu changed, %zu removed", s->added, s->changed,
                  s->removed);
}

/* Longer limits let old lists pass for fresh. */
static void compare_limits(struct summary_text *s, const struct trust_staleness *old,
                           const struct trust_staleness *now)
{
    bool longer = now->plain_days > old->plain_days || now->shown_days > old->shown_days ||
                  now->amber_days > old->amber_days;
    bool differ = longer || now->plain_days != old->plain_days ||
                  now->shown_days != old->shown_days || now->amber_days != old->amber_days;
    if (differ) {
        summary_item(s, "fresh, shown, amber up to %d, %d, %d days, was %d, %d, %d",
                     now->plain_days, now->shown_days, now->amber_days, old->plain_days,
                     old->shown_days, old->amber_days);
        summary_group(s, "limits:");
    }
    if (longer) {
        summary_warn(s, "lists may be older than before: %d, %d, %d days, was %d, %d, %d",
                     now->plain_days, now->shown_days, now->amber_days, old->plain_days,
                     old->shown_days, old->amber_days);
    }
}

static void compare_headers(struct summary_text *s, const struct earlier *before,
                            const struct trust_header *old, const struct trust_header *now)
{
    summary_succession(s, before, "issued",
                       &(struct summary_dates){old->version, old->issued_at_s, old->expires_s},
                       &(struct summary_dates){now->version, now->issued_at_s, now->expires_s});
    if (old->root_version != now->root_version) {
        summary_item(s, "for root version %lld, was %lld", (long long)now->root_version,
                     (long long)old->root_version);
        summary_group(s, "root:");
    }
    compare_limits(s, &old->staleness, &now->staleness);
    compare_states(s, old, now);
}

enum authority_error summary_header(const struct sign_desk *desk, const struct earlier *before,
                                    struct summary_text *s, struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    struct trust_header *header = (struct trust_header *)calloc(2, sizeof *header);
    if (header == NULL) {
        return authority_fail_system(problem);
    }
    struct trust_header *old = header + 1;
    if (trust_header_decode(desk->document.cose.payload, header) != TRUST_DOC_OK) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", desk->path);
    } else if (before != NULL &&
               trust_header_decode(before->document.cose.payload, old) != TRUST_DOC_OK) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", before->path);
    } else {
        write_header(s, header);
        if (before != NULL) {
            compare_headers(s, before, old, header);
        }
    }
    free(header);
    return error;
}
