/* SPDX-License-Identifier: Apache-2.0
 *
 * What differs between two rules of recognition, in words.
 */
#include <stdio.h>

#include "authority/summary_part.h"
#include "codec/credential.h"

/* --- what a rule asks for --- */

static void put_text(struct writer *w, const char *name, struct span text)
{
    if (text.len != 0) {
        writer_put(w, span_str(", "));
        writer_put(w, span_str(name));
        writer_put(w, span_str(" "));
        writer_put(w, text);
    }
}

static void put_set(struct writer *w, const char *name, unsigned bits,
                    const char *(*name_of)(int value))
{
    if (bits == 0) {
        return;
    }
    writer_put(w, span_str(", "));
    writer_put(w, span_str(name));
    for (int value = 1; value < 32; value++) {
        if ((bits & (1u << value)) != 0) {
            const char *text = name_of(value);
            writer_put(w, span_str(" "));
            writer_put(w, span_str(text != NULL ? text : "?"));
        }
    }
}

static const char *purpose_name(int value)
{
    return row_enum_name(ROW_ENUM_PURPOSE, value);
}

static const char *scheme_type_name(int value)
{
    return claim_value_name(SAKSI_CLAIM_SCHEME_TYPE, value);
}

static void put_value(struct writer *w, const char *name, enum saksi_claim claim, int value)
{
    if (value != 0) {
        const char *text = claim_value_name(claim, value);
        put_text(w, name, span_str(text != NULL ? text : "?"));
    }
}

static void put_levels(struct writer *w, const struct row_rule *r)
{
    char text[48];
    if (r->edition != 0) {
        (void)snprintf(text, sizeof text, "%d", r->edition);
        put_text(w, "edition", span_str(text));
    }
    if (r->level_least >= 0) {
        (void)snprintf(text, sizeof text, "%d", r->level_least);
        put_text(w, "level from", span_str(text));
    }
    if (r->level_most >= 0) {
        (void)snprintf(text, sizeof text, "%d", r->level_most);
        put_text(w, "level to", span_str(text));
    }
}

static void put_issued(struct writer *w, const struct row_rule *r)
{
    char day[DATE_TEXT_SIZE];
    if (r->issued_from_day != INT64_MIN) {
        put_text(w, "issued from", span_str(date_format(r->issued_from_day, day)));
    }
    if (r->issued_until_day != INT64_MAX) {
        put_text(w, "issued until", span_str(date_format(r->issued_until_day, day)));
    }
}

/* All filters, each ", NAME VALUE"; room for every rule there can be. */
#define FILTERS_SIZE 2048
static struct span filters_of(const struct row_rule *r, char room[FILTERS_SIZE])
{
    struct writer w = writer_of(room, FILTERS_SIZE);
    put_set(&w, "for", r->purposes, purpose_name);
    put_text(&w, "awarding body", r->awarding_body);
    put_text(&w, "certification body", r->certification_body);
    put_set(&w, "scheme types", r->scheme_types, scheme_type_name);
    put_value(&w, "coverage", SAKSI_CLAIM_COVERAGE, r->coverage);
    put_value(&w, "standard", SAKSI_CLAIM_STANDARD_FAMILY, r->standard_family);
    put_text(&w, "scheme", r->scheme_code);
    put_text(&w, "schemes", r->scheme_prefix);
    put_text(&w, "sector", r->sector_prefix);
    put_text(&w, "occupation", r->occupation_prefix);
    put_text(&w, "job", r->job_index);
    for (size_t i = 0; i < r->nationality_count; i++) {
        put_text(&w, "nationality", r->nationality[i]);
    }
    put_value(&w, "framework", SAKSI_CLAIM_FRAMEWORK, r->framework);
    put_levels(&w, r);
    put_issued(&w, r);
    return writer_span(&w);
}

/* --- two rules --- */

/* Without the comma in front. */
static void show_filters(struct summary_text *s, struct span id, const char *verb,
                         struct span filters)
{
    struct span text =
        filters.len < 2 ? span_str("anything") : span_of(filters.ptr + 2, filters.len - 2);
    summary_item(s, "%.*s: %s %.*s", SUMMARY_SPAN(id), verb, SUMMARY_SPAN(text));
}

static void rule_text(struct summary_text *s, const char *sign, const struct row_rule *r)
{
    char days[SUMMARY_DAYS_SIZE];
    char room[FILTERS_SIZE];
    summary_item(s, "%s %.*s: %s, of %.*s, %s, %s", sign, SUMMARY_SPAN(r->id),
                 summary_enum(ROW_ENUM_RESULT, (int)r->result), SUMMARY_SPAN(r->issuing_state),
                 summary_enum(ROW_ENUM_ARRANGEMENT, (int)r->arrangement),
                 summary_days(r->valid_from_day, r->valid_until_day, days));
    show_filters(s, r->id, sign[0] == '+' ? "asks for" : "asked for", filters_of(r, room));
}

static void filters_changed(struct summary_text *s, const struct row_rule *old,
                            const struct row_rule *now)
{
    char before[FILTERS_SIZE];
    char after[FILTERS_SIZE];
    struct span was = filters_of(old, before);
    struct span is = filters_of(now, after);
    if (!span_equal(was, is)) {
        show_filters(s, now->id, "asks for", is);
        show_filters(s, now->id, "asked for", was);
    }
}

static void rule_changed(struct summary_text *s, const struct row_rule *old,
                         const struct row_rule *now)
{
    size_t items = s->items;
    char before[SUMMARY_DAYS_SIZE];
    char after[SUMMARY_DAYS_SIZE];
    if (old->result != now->result || !span_equal(old->issuing_state, now->issuing_state)) {
        summary_item(
            s, "%.*s: %s of %.*s -> %s of %.*s", SUMMARY_SPAN(now->id),
            summary_enum(ROW_ENUM_RESULT, (int)old->result), SUMMARY_SPAN(old->issuing_state),
            summary_enum(ROW_ENUM_RESULT, (int)now->result), SUMMARY_SPAN(now->issuing_state));
    }
    if (old->arrangement != now->arrangement) {
        summary_item(s, "%.*s: %s -> %s", SUMMARY_SPAN(now->id),
                     summary_enum(ROW_ENUM_ARRANGEMENT, (int)old->arrangement),
                     summary_enum(ROW_ENUM_ARRANGEMENT, (int)now->arrangement));
    }
    if (old->valid_from_day != now->valid_from_day ||
        old->valid_until_day != now->valid_until_day) {
        summary_item(s, "%.*s: valid %s, was %s", SUMMARY_SPAN(now->id),
                     summary_days(now->valid_from_day, now->valid_until_day, after),
                     summary_days(old->valid_from_day, old->valid_until_day, before));
    }
    filters_changed(s, old, now);
    if (s->items == items) {
        summary_item(s, "%.*s: other conditions or another source", SUMMARY_SPAN(now->id));
    }
}

void summary_rule(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    struct row_rule old;
    struct row_rule now;
    bool was = row_rule_decode(old_row->bytes, &old);
    bool is = row_rule_decode(row->bytes, &now);
    if (was && is) {
        rule_changed(s, &old, &now);
    } else {
        rule_text(s, is ? "+" : "-", is ? &now : &old);
    }
}
