/* SPDX-License-Identifier: Apache-2.0
 *
 * A root, and what it changes: who may sign what.
 */
#include <stdio.h>
#include <stdlib.h>

#include "authority/source.h"
#include "authority/summary_part.h"

/* "ES256  02a1b2c3...  Holder" */
static void key_text(const struct trust_key *key, char text[128])
{
    const uint8_t *p = key->public_key.ptr;
    (void)snprintf(text, 128, "%-6s %02x%02x%02x%02x...  %.*s", alg_name(key->alg), p[0], p[1],
                   p[2], p[3], SUMMARY_SPAN(key->holder));
}

static void role_lines(struct summary_text *s, const char *name, const struct trust_role *role)
{
    char text[128];
    summary_line(s, "  %-11s%u of %zu", name, role->threshold, role->key_count);
    for (size_t i = 0; i < role->key_count; i++) {
        key_text(&role->key[i], text);
        summary_line(s, "             %s", text);
    }
}

static void write_root(struct summary_text *s, const struct trust_root *root)
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];
    summary_line(s, "Root version %lld, issued %s, until %s%s", (long long)root->version,
                 summary_day_of(root->issued_at_s, from), summary_day_of(root->expires_s, until),
                 root->sample ? ", SAMPLE DATA" : "");
    role_lines(s, "root", &root->root);
    role_lines(s, "publisher", &root->publisher);
    for (size_t i = 0; i < root->authority_count; i++) {
        const struct trust_authority *a = &root->authority[i];
        char name[8];
        (void)snprintf(name, sizeof name, "%.2s%s", (const char *)a->state.ptr,
                       a->ended ? " end" : "");
        role_lines(s, name, &a->role);
    }
}

/* --- two roles --- */

static const struct trust_key *find_key(const struct trust_role *role, const struct trust_key *key)
{
    for (size_t i = 0; i < role->key_count; i++) {
        if (role->key[i].alg == key->alg && span_equal(role->key[i].public_key, key->public_key)) {
            return &role->key[i];
        }
    }
    return NULL;
}

static void compare_threshold(struct summary_text *s, const char *name,
                              const struct trust_role *old, const struct trust_role *now)
{
    if (old->threshold == now->threshold && old->key_count == now->key_count) {
        return;
    }
    summary_item(s, "%u of %zu, was %u of %zu", now->threshold, now->key_count, old->threshold,
                 old->key_count);
    if (now->threshold < old->threshold) {
        summary_warn(s, "%s: the threshold falls from %u to %u", name, old->threshold,
                     now->threshold);
    }
}

static void compare_roles(struct summary_text *s, const char *name, const struct trust_role *old,
                          const struct trust_role *now)
{
    char text[128];
    size_t kept = 0;
    if (old->key_count != 0) {
        compare_threshold(s, name, old, now);
    }
    for (size_t i = 0; i < now->key_count; i++) {
        const struct trust_key *its = find_key(old, &now->key[i]);
        key_text(&now->key[i], text);
        kept += its != NULL ? 1 : 0;
        if (its == NULL) {
            summary_item(s, "+ %s", text);
        } else if (!span_equal(its->holder, now->key[i].holder)) {
            summary_item(s, "%s, was of %.*s", text, SUMMARY_SPAN(its->holder));
        }
    }
    for (size_t i = 0; i < old->key_count; i++) {
        if (find_key(now, &old->key[i]) == NULL) {
            key_text(&old->key[i], text);
            summary_item(s, "- %s", text);
        }
    }
    if (kept < old->threshold) {
        summary_warn(s, "%s: of the keys before, too few are left to sign alone", name);
    }
    summary_group(s, "%s:", name);
}

/* --- two roots --- */

static void compare_authority(struct summary_text *s, const struct trust_authority *old,
                              const struct trust_authority *now)
{
    char day[DATE_TEXT_SIZE];
    char name[8];
    (void)snprintf(name, sizeof name, "%.2s", (const char *)now->state.ptr);
    if (old == NULL) {
        static const struct trust_role none;
        summary_item(s, "a new authority, %u of %zu%s", now->role.threshold, now->role.key_count,
                     now->ended ? ", ended" : "");
        compare_roles(s, name, &none, &now->role);
        return;
    }
    if (now->ended && !old->ended) {
        summary_warn(s, "%s ends at %s: its certificates become NOT VALID", name,
                     date_format(now->ended_day, day));
    } else if (!now->ended && old->ended) {
        summary_warn(s, "%s had ended at %s and is an authority again", name,
                     date_format(old->ended_day, day));
    } else if (now->ended && now->ended_day != old->ended_day) {
        summary_item(s, "ended at another day, %s", date_format(now->ended_day, day));
    }
    compare_roles(s, name, &old->role, &now->role);
}

static void compare_authorities(struct summary_text *s, const struct trust_root *old,
                                const struct trust_root *now)
{
    for (size_t i = 0; i < now->authority_count; i++) {
        compare_authority(s, trust_root_authority(old, now->authority[i].state),
                          &now->authority[i]);
    }
    for (size_t i = 0; i < old->authority_count; i++) {
        if (trust_root_authority(now, old->authority[i].state) == NULL) {
            summary_warn(s, "%.2s is gone; states end, they are not deleted",
                         (const char *)old->authority[i].state.ptr);
        }
    }
}

static void compare_roots(struct summary_text *s, const struct earlier *before,
                          const struct trust_root *old, const struct trust_root *now)
{
    summary_succession(s, before, "issued",
                       &(struct summary_dates){old->version, old->issued_at_s, old->expires_s},
                       &(struct summary_dates){now->version, now->issued_at_s, now->expires_s});
    if (now->version > old->version + 1) {
        summary_warn(s, "version %lld does not come next after %lld", (long long)now->version,
                     (long long)old->version);
    }
    if (now->sample != old->sample) {
        summary_warn(s, now->sample ? "it is sample data now" : "it is no sample data any more");
    }
    compare_roles(s, "root", &old->root, &now->root);
    compare_roles(s, "publisher", &old->publisher, &now->publisher);
    compare_authorities(s, old, now);
}

enum authority_error summary_root(const struct sign_desk *desk, const struct earlier *before,
                                  struct summary_text *s, struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    write_root(s, desk->own_root);
    if (before == NULL) {
        return AUTHORITY_OK;
    }
    struct trust_root *old = (struct trust_root *)malloc(sizeof *old);
    if (old == NULL) {
        return authority_fail_system(problem);
    }
    if (trust_root_decode(before->document.cose.payload, old) == TRUST_DOC_OK) {
        compare_roots(s, before, old, desk->own_root);
    } else {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", before->path);
    }
    free(old);
    return error;
}
