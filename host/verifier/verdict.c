/* SPDX-License-Identifier: Apache-2.0
 *
 * Reasons in order, the outcome they make, and the removal of what an outcome may not show.
 */
#include "verifier/verdict.h"

const struct reason_info reason_table[] = {
#define SAKSI_REASON(number, name, severity, sentence, next_step)                                  \
    {(enum saksi_reason)(number), SAKSI_##severity, #name, sentence, next_step},
#include <saksi/verdict.def>
    {(enum saksi_reason)0, SAKSI_CANNOT_VERIFY, NULL, "", ""},
};

const struct reason_info *reason_find(enum saksi_reason reason)
{
    for (const struct reason_info *r = reason_table; r->name != NULL; r++) {
        if (r->reason == reason) {
            return r;
        }
    }
    return NULL;
}

const char *outcome_text(enum saksi_outcome outcome)
{
    switch (outcome) {
    case SAKSI_VALID:
        return "VALID";
    case SAKSI_CHECK_BY_HAND:
        return "CHECK BY HAND";
    case SAKSI_NOT_VALID:
        return "NOT VALID";
    case SAKSI_CANNOT_VERIFY:
        break;
    }
    return "CANNOT VERIFY";
}

const char *outcome_json(enum saksi_outcome outcome)
{
    switch (outcome) {
    case SAKSI_VALID:
        return "valid";
    case SAKSI_CHECK_BY_HAND:
        return "check_by_hand";
    case SAKSI_NOT_VALID:
        return "not_valid";
    case SAKSI_CANNOT_VERIFY:
        break;
    }
    return "cannot_verify";
}

void verdict_start(struct verdict *v)
{
    memset(v, 0, sizeof *v);
    v->outcome = SAKSI_CANNOT_VERIFY;
    v->status_day = INT64_MIN;
}

/* A reason that is not in the table is a bug, and must not look good. */
static enum saksi_outcome severity(enum saksi_reason reason)
{
    const struct reason_info *info = reason_find(reason);
    return info == NULL ? SAKSI_CANNOT_VERIFY : info->severity;
}

/* Worst first, then by number, then by state: <0, 0, >0. */
static int compare_reasons(const struct verdict_reason *a, const struct verdict_reason *b)
{
    int by_severity = (int)b->severity - (int)a->severity;
    if (by_severity != 0) {
        return by_severity;
    }
    return a->reason != b->reason ? (int)a->reason - (int)b->reason : strcmp(a->state, b->state);
}

void verdict_add(struct verdict *v, enum saksi_reason reason, struct span state)
{
    struct verdict_reason added;
    memset(&added, 0, sizeof added); /* padding too: the same verdict is the same bytes */
    added.reason = reason;
    added.severity = severity(reason);
    if (state.len == sizeof added.state - 1) {
        memcpy(added.state, state.ptr, state.len);
    }
    size_t at = 0;
    while (at < v->reason_count && compare_reasons(&v->reason[at], &added) < 0) {
        at++;
    }
    bool known = at < v->reason_count && compare_reasons(&v->reason[at], &added) == 0;
    if (known || at == VERDICT_MAX_REASONS) {
        return;
    }
    /* When the table is full the mildest goes: the outcome never improves for lack of room. */
    size_t kept = v->reason_count < VERDICT_MAX_REASONS ? v->reason_count : VERDICT_MAX_REASONS - 1;
    memmove(&v->reason[at + 1], &v->reason[at], (kept - at) * sizeof v->reason[0]);
    v->reason[at] = added;
    v->reason_count = kept + 1;
}

bool verdict_has(const struct verdict *v, enum saksi_reason reason)
{
    for (size_t i = 0; i < v->reason_count; i++) {
        if (v->reason[i].reason == reason) {
            return true;
        }
    }
    return false;
}

enum saksi_outcome verdict_worst(const struct verdict *v)
{
    return v->reason_count == 0 ? SAKSI_VALID : v->reason[0].severity;
}

static struct span copy_text(struct verdict *v, struct span text)
{
    if (text.len > sizeof v->names_bytes - v->names_used) {
        return span_of(NULL, 0);
    }
    uint8_t *copy = v->names_bytes + v->names_used;
    if (text.len != 0) {
        memcpy(copy, text.ptr, text.len);
    }
    v->names_used += text.len;
    return span_of(copy, text.len);
}

void verdict_copy_names(struct verdict *v, struct row_names *ret_names,
                        const struct row_names *names)
{
    ret_names->count = 0;
    for (size_t i = 0; i < names->count; i++) {
        struct span lang = copy_text(v, names->name[i].lang);
        struct span text = copy_text(v, names->name[i].text);
        if (lang.len != 0 && text.len != 0) {
            ret_names->name[ret_names->count].lang = lang;
            ret_names->name[ret_names->count].text = text;
            ret_names->count++;
        }
    }
}

/* What the steps established must carry the outcome. */
static void require_foundations(struct verdict *v)
{
    bool groundless = (v->outcome == SAKSI_VALID &&
                       !(v->established == VERDICT_ALL && verdict_has(v, SAKSI_GENUINE))) ||
                      (v->outcome <= SAKSI_CHECK_BY_HAND && !v->genuine);
    if (v->reason_count == 0) {
        verdict_add(v, SAKSI_UNREADABLE, span_of(NULL, 0));
    } else if (groundless) {
        verdict_add(v, SAKSI_DATA_ERROR, span_of(NULL, 0));
    }
    v->outcome = verdict_worst(v);
}

static struct span move_text(struct writer *w, uint8_t *home, struct span text)
{
    struct span moved = span_of(home + w->len, text.len);
    writer_put(w, text);
    return moved;
}

/* Rebuilds the payload from the claims that stay. Clearing a claim removes the pointer to it; its
 * bytes, and the numbers and dates among them, must go too. */
static void keep_only_claims(struct verdict *v)
{
    uint8_t room[CREDENTIAL_MAX_BYTES] = {0};
    struct writer kept = writer_of(room, sizeof room);
    struct credential *c = &v->credential;
    for (size_t claim = 0; claim < SAKSI_CLAIM_COUNT; claim++) {
        c->value[claim].text = move_text(&kept, v->payload, c->value[claim].text);
    }
    for (size_t i = 0; i < c->unit_count; i++) {
        c->unit[i] = move_text(&kept, v->payload, c->unit[i]);
    }
    if (!writer_ok(&kept)) { /* cannot be: the claims came out of a payload of this size */
        memset(c, 0, sizeof *c);
        memset(room, 0, sizeof room);
    }
    memcpy(v->payload, room, sizeof v->payload);
}

static void remove_unverified(struct verdict *v)
{
    memset(&v->credential, 0, sizeof v->credential);
    memset(v->payload, 0, sizeof v->payload);
    memset(v->credential_digest, 0, sizeof v->credential_digest);
    v->assurance = SAKSI_ASSURANCE_NONE;
}

void verdict_finish(struct verdict *v)
{
    v->outcome = verdict_worst(v);
    require_foundations(v);
    if (!v->genuine) {
        remove_unverified(v);
    } else if (v->outcome >= SAKSI_CANNOT_VERIFY) {
        credential_clear_holder(&v->credential);
        keep_only_claims(v);
    }
}
