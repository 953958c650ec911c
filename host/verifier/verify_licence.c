/* SPDX-License-Identifier: Apache-2.0
 *
 * The last part of the first question: was the issuer licensed for this scheme, sector and level on
 * the issue date, and still when it signed. A claim that is absent is covered by no scope but the
 * empty one.
 */
#include "verifier/verify_steps.h"

static bool scheme_covered(const struct row_licence *l, struct span scheme)
{
    bool covered = l->scheme_count == 0;
    for (size_t i = 0; i < l->scheme_count && !covered; i++) {
        struct span entry = l->scheme[i];
        bool prefix = entry.len != 0 && entry.ptr[entry.len - 1] == '*';
        covered = prefix ? span_starts_with(scheme, span_of(entry.ptr, entry.len - 1))
                         : span_equal(scheme, entry);
    }
    return covered;
}

static bool sector_covered(const struct row_licence *l, const struct credential *c)
{
    bool covered = l->sector_count == 0;
    if (!credential_has(c, SAKSI_CLAIM_SECTOR_CODE)) {
        return covered;
    }
    struct span sector = credential_text(c, SAKSI_CLAIM_SECTOR_CODE);
    for (size_t i = 0; i < l->sector_count && !covered; i++) {
        covered = span_starts_with(sector, l->sector[i]);
    }
    return covered;
}

static bool level_covered(const struct row_licence *l, const struct credential *c)
{
    bool covered = l->levels_count == 0;
    if (!credential_has(c, SAKSI_CLAIM_FRAMEWORK) || !credential_has(c, SAKSI_CLAIM_LEVEL)) {
        return covered;
    }
    int64_t framework = credential_number(c, SAKSI_CLAIM_FRAMEWORK);
    int64_t level = credential_number(c, SAKSI_CLAIM_LEVEL);
    for (size_t i = 0; i < l->levels_count && !covered; i++) {
        const struct row_levels *range = &l->levels[i];
        covered = range->framework == framework && range->least <= level && level <= range->most;
    }
    return covered;
}

static bool in_scope(const struct row_licence *l, const struct credential *c)
{
    return scheme_covered(l, credential_text(c, SAKSI_CLAIM_SCHEME_CODE)) && sector_covered(l, c) &&
           level_covered(l, c);
}

static bool covers_day(int64_t from_day, int64_t until_day, int64_t day)
{
    return from_day <= day && day <= until_day;
}

/* What the issuer's licences say about two days. */
struct standing {
    bool licensed, in_scope, suspended; /* on the issue date */
    bool in_scope_later;                /* when it was signed, and not suspended */
    bool damaged;
};

static struct standing issuer_standing(const struct row_issuer *issuer, const struct credential *c,
                                       int64_t issue_day, int64_t later_day)
{
    struct standing s = {false, false, false, false, false};
    bool suspended_later = false;
    struct cbor_cursor licences = issuer->licences, suspensions = issuer->suspensions;
    for (size_t i = 0; i < issuer->licence_count; i++) {
        struct row_licence l;
        row_licence_next(&licences, &l);
        bool on_issue = covers_day(l.from_day, l.until_day, issue_day);
        s.licensed = s.licensed || on_issue;
        s.in_scope = s.in_scope || (on_issue && in_scope(&l, c));
        s.in_scope_later =
            s.in_scope_later || (covers_day(l.from_day, l.until_day, later_day) && in_scope(&l, c));
    }
    for (size_t i = 0; i < issuer->suspension_count; i++) {
        struct row_suspension p;
        row_suspension_next(&suspensions, &p);
        s.suspended = s.suspended || covers_day(p.from_day, p.until_day, issue_day);
        suspended_later = suspended_later || covers_day(p.from_day, p.until_day, later_day);
    }
    s.in_scope_later = s.in_scope_later && !suspended_later;
    s.damaged = licences.error != CBOR_OK || suspensions.error != CBOR_OK;
    return s;
}

/* Who issued it, as the list names them. */
static void describe_issuer(struct check *c)
{
    const struct cached_issuer *i = c->issuer_rows;
    struct verdict *v = c->v;
    verdict_copy_names(v, &v->issuer_names, &i->row.names);
    bool own = i->row.kind == ROW_AWARDING_BODY;
    struct span body = own ? i->row.id : i->row.parent;
    if (body.len < sizeof v->awarding_body && body.len != 0) {
        memcpy(v->awarding_body, body.ptr, body.len);
    }
    if (own) {
        v->awarding_body_names = v->issuer_names;
    } else if (i->has_parent) {
        verdict_copy_names(v, &v->awarding_body_names, &i->parent.names);
    }
}

bool genuine_licence(struct check *c)
{
    enum lookup answer = verify_cache_issuer(c->cache, c->state, c->issuer, &c->issuer_rows);
    if (answer == LOOKUP_ABSENT || (answer == LOOKUP_OK && !c->issuer_rows->listed)) {
        return check_object(c, SAKSI_ISSUER_NOT_LICENSED);
    }
    if (!check_usable(c, answer, c->state)) {
        return false;
    }
    describe_issuer(c);
    /* Signing a day before the issue date is allowed; the licence is then asked for the issue date.
     */
    int64_t issue_day = claim_number(c, SAKSI_CLAIM_ISSUE_DATE);
    int64_t later_day = check_signed_day(c) > issue_day ? check_signed_day(c) : issue_day;
    struct standing s = issuer_standing(&c->issuer_rows->row, &c->claims, issue_day, later_day);
    if (s.damaged) {
        return check_usable(c, LOOKUP_DAMAGED, c->state);
    }
    if (!s.licensed) {
        return check_object(c, SAKSI_ISSUER_NOT_LICENSED);
    }
    bool entitled = s.in_scope || check_object(c, SAKSI_ISSUER_OUT_OF_SCOPE);
    entitled = (!s.suspended || check_object(c, SAKSI_ISSUER_SUSPENDED)) && entitled;
    if (entitled && !s.in_scope_later) {
        return check_object(c, SAKSI_LATE_SIGNED);
    }
    return entitled;
}
