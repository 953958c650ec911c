/* SPDX-License-Identifier: Apache-2.0
 *
 * What differs between two rows of one key, in words. A row that ends is news; a row that is gone
 * is a warning, for rows end, they are not deleted.
 */
#include <stdio.h>

#include "authority/source.h"
#include "authority/summary_part.h"
#include "codec/credential.h"
#include "codec/hex.h"

/* --- keys --- */

static void key_text(const struct row_key *key, char text[64])
{
    char kid[HEX_SIZE(CRYPTO_KID_SIZE)];
    (void)snprintf(text, 64, "%.*s %s", SUMMARY_SPAN(key->issuer), hex_write(key->kid, kid));
}

/* "compromised at 2026-01-31", "open" */
static const char *end_text(const struct row_key *key, char text[40])
{
    char day[DATE_TEXT_SIZE];
    if (key->end == ROW_KEY_OPEN) {
        return "open";
    }
    (void)snprintf(text, 40, "%s at %s", summary_enum(ROW_ENUM_KEY_END, (int)key->end),
                   summary_day_of(key->end_s, day));
    return text;
}

static const char *period_text(const struct row_key *key, char text[40])
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    (void)snprintf(text, 40, "%s to %s", summary_day_of(key->from_s, from),
                   summary_day_of(key->until_s, until));
    return text;
}

/* Verifiers would trust such a key more than they did. */
static bool end_is_softer(const struct row_key *old, const struct row_key *now)
{
    return old->end != ROW_KEY_OPEN &&
           (now->end == ROW_KEY_OPEN ||
            (old->end == ROW_KEY_COMPROMISED && now->end != ROW_KEY_COMPROMISED) ||
            now->end_s > old->end_s);
}

static void key_changed(struct summary_text *s, const char *name, const struct row_key *old,
                        const struct row_key *now)
{
    char before[40];
    char after[40];
    if (old->from_s != now->from_s || old->until_s != now->until_s) {
        summary_item(s, "%s: signs %s, was %s", name, period_text(now, after),
                     period_text(old, before));
    }
    if (old->end == now->end && old->end_s == now->end_s) {
        return;
    }
    summary_item(s, "%s: %s, was %s", name, end_text(now, after), end_text(old, before));
    if (end_is_softer(old, now)) {
        summary_warn(s, "the key %s is trusted again: %s, was %s", name, end_text(now, after),
                     end_text(old, before));
    }
}

static void show_key(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    struct row_key old;
    struct row_key now;
    char name[64];
    char period[40];
    char end[40];
    bool was = row_key_decode(old_row->bytes, &old);
    bool is = row_key_decode(row->bytes, &now);
    key_text(is ? &now : &old, name);
    if (!is) {
        summary_item(s, "- %s, %s", name, end_text(&old, end));
        summary_warn(s, "the key %s is gone; keys end, they are not deleted", name);
    } else if (!was) {
        summary_item(s, "+ %s, %s, signs %s, %s", name, alg_name(now.alg),
                     period_text(&now, period), end_text(&now, end));
    } else {
        key_changed(s, name, &old, &now);
    }
}

/* --- ranges --- */

/* What it does to indices is summary_status.c's to say, and to warn of. */
static void show_range(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    const struct row *of[] = {old_row, row};
    for (size_t i = 0; i < 2; i++) {
        struct row_range range;
        char day[DATE_TEXT_SIZE];
        if (row_range_decode(of[i]->bytes, &range)) {
            summary_item(
                s, "%s %.*s %u-%u %s (%s, %s)", i == 0 ? "-" : "+", SUMMARY_SPAN(range.issuer),
                range.first, range.last, summary_enum(ROW_ENUM_RANGE_STATUS, (int)range.status),
                summary_enum(ROW_ENUM_REASON, range.reason), date_format(range.date_day, day));
        }
    }
}

/* --- what is not recognised any more, levels, titles --- */

static void show_derecognised(struct summary_text *s, const struct row *old_row,
                              const struct row *row)
{
    struct row_derecognised old;
    struct row_derecognised now;
    char day[DATE_TEXT_SIZE];
    bool was = row_derecognised_decode(old_row->bytes, &old);
    bool is = row_derecognised_decode(row->bytes, &now);
    if (is) {
        summary_item(s, "%s%.*s index %u (%s, %s)", was ? "" : "+ ", SUMMARY_SPAN(now.issuer),
                     now.index, summary_enum(ROW_ENUM_REASON, now.reason),
                     date_format(now.date_day, day));
        return;
    }
    summary_item(s, "- %.*s index %u", SUMMARY_SPAN(old.issuer), old.index);
    summary_warn(s, "%.*s index %u is recognised again", SUMMARY_SPAN(old.issuer), old.index);
}

static void level_text(const struct row_framework *f, char text[64])
{
    if (f->aqrf_level == 0) {
        (void)snprintf(text, 64, "no AQRF level (%s)",
                       summary_enum(ROW_ENUM_MAP_STATUS, f->status));
    } else {
        (void)snprintf(text, 64, "AQRF level %d (%s)", f->aqrf_level,
                       summary_enum(ROW_ENUM_MAP_STATUS, f->status));
    }
}

static void show_framework(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    struct row_framework old;
    struct row_framework now;
    char name[64];
    char before[64] = "";
    char after[64] = "";
    bool was = row_framework_decode(old_row->bytes, &old);
    bool is = row_framework_decode(row->bytes, &now);
    const struct row_framework *any = is ? &now : &old;
    const char *framework = claim_value_name(SAKSI_CLAIM_FRAMEWORK, any->framework);
    (void)snprintf(name, sizeof name, "%s %d level %d", framework != NULL ? framework : "?",
                   any->edition, any->level);
    if (was) {
        level_text(&old, before);
    }
    if (is) {
        level_text(&now, after);
    }
    if (was && is) {
        bool same = strcmp(before, after) == 0;
        summary_item(s, "%s: %s, was %s%s", name, after, before, same ? " (other source)" : "");
    } else {
        summary_item(s, "%s %s: %s", is ? "+" : "-", name, is ? after : before);
    }
}

static void show_title(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    struct row_title old;
    struct row_title now;
    char code[40];
    char title[SUMMARY_TITLE_SIZE];
    bool was = row_title_decode(old_row->bytes, &old);
    bool is = row_title_decode(row->bytes, &now);
    (void)snprintf(code, sizeof code, "%.*s", SUMMARY_SPAN(is ? now.code : old.code));
    if (was && is) {
        summary_names(s, code, &old.names, &now.names);
    } else {
        summary_item(s, "%s %s \"%s\"", is ? "+" : "-", code,
                     summary_title(is ? &now.names : &old.names, title));
    }
}

static void show_row(struct summary_text *s, const struct row *old, const struct row *now)
{
    switch (now->bytes.len != 0 ? now->type : old->type) {
    case ROW_ISSUER:
        summary_issuer(s, old, now);
        break;
    case ROW_KEY:
        show_key(s, old, now);
        break;
    case ROW_STATUS:
        summary_allotment(s, old, now);
        break;
    case ROW_BLOCK:
        break; /* summary_status */
    case ROW_RANGE:
        show_range(s, old, now);
        break;
    case ROW_RULE:
        summary_rule(s, old, now);
        break;
    case ROW_DERECOGNISED:
        show_derecognised(s, old, now);
        break;
    case ROW_FRAMEWORK:
        show_framework(s, old, now);
        break;
    case ROW_SCHEME_TITLE:
    case ROW_UNIT_TITLE:
    case ROW_JOB_TITLE:
        show_title(s, old, now);
        break;
    }
}

void summary_row(struct summary_text *s, const struct row *old, const struct row *now)
{
    size_t items = s->items;
    show_row(s, old, now);
    if (s->items == items && now->type != ROW_BLOCK && old->type != ROW_BLOCK) {
        summary_item(s, "a row says the same in another order");
    }
}
