/* SPDX-License-Identifier: Apache-2.0
 *
 * The third question: what the host state says about this certificate, in the order of its
 * refusals, its own certificates and its rules; and whether it is for the post asked for.
 */
#include "verifier/recognition.h"
#include "verifier/verify_steps.h"

/* The host's list of single certificates of other states that it refuses. */
static bool not_derecognised(struct check *c)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span bytes;
    struct row_derecognised row = {.index = 0};
    row_key_of_index(&key, c->issuer, (uint32_t)claim_number(c, SAKSI_CLAIM_STATUS_INDEX));
    enum lookup answer = lookup_of_store(
        trust_store_get(c->store, c->host, ROW_DERECOGNISED, writer_span(&key), &bytes));
    if (answer == LOOKUP_ABSENT) {
        return true;
    }
    if (answer == LOOKUP_OK && !row_derecognised_decode(bytes, &row)) {
        answer = LOOKUP_DAMAGED;
    }
    if (!check_usable(c, answer, c->host)) {
        return false;
    }
    if (c->v->status_reason == 0) {
        c->v->status_reason = row.reason;
        c->v->status_day = row.date_day;
    }
    verdict_add(c->v, SAKSI_HOST_DERECOGNISED, c->host);
    return false;
}

static struct recognition_input rule_input(const struct check *c)
{
    const struct row_issuer *issuer = &c->issuer_rows->row;
    const struct span none = {NULL, 0};
    return (struct recognition_input){
        .credential = &c->claims,
        .issuing_state = c->state,
        .awarding_body = issuer->kind == ROW_AWARDING_BODY ? issuer->id : issuer->parent,
        .certification_body = issuer->kind == ROW_AWARDING_BODY ? none : issuer->id,
        .purpose = c->request->purpose,
        .today = c->today};
}

static void describe_rule(struct check *c, const struct recognition_result *r)
{
    struct verdict *v = c->v;
    v->recognition.covered = true;
    v->recognition.result = r->result;
    v->recognition.arrangement = r->rule->arrangement;
    if (r->rule->id.len < sizeof v->recognition.rule) {
        memcpy(v->recognition.rule, r->rule->id.ptr, r->rule->id.len);
    }
    verdict_copy_names(v, &v->recognition.conditions, &r->rule->conditions);
}

static bool reason_of_result(struct check *c, enum row_result result)
{
    switch (result) {
    case ROW_RECOGNISED:
        verdict_add(c->v, SAKSI_RECOGNISED, c->host);
        return true;
    case ROW_CONDITIONAL:
        verdict_add(c->v, SAKSI_RECOGNISED_WITH_CONDITIONS, c->host);
        return true;
    case ROW_CASE_BY_CASE:
        verdict_add(c->v, SAKSI_CASE_BY_CASE, c->host);
        return false;
    case ROW_NOT_RECOGNISED:
        verdict_add(c->v, SAKSI_NOT_RECOGNISED, c->host);
        return false;
    case ROW_SUSPENDED:
        break;
    }
    verdict_add(c->v, SAKSI_RECOGNITION_SUSPENDED, c->host);
    return false;
}

static bool recognised_by_rules(struct check *c)
{
    const struct row_rule *rules = NULL;
    size_t count = 0;
    enum lookup answer = verify_cache_rules(c->cache, c->host, c->state, &rules, &count);
    if (!check_usable(c, answer, c->host)) {
        return false;
    }
    const struct recognition_input input = rule_input(c);
    struct recognition_result r = recognition_evaluate(rules, count, &input);
    c->v->recognition.evaluated = true;
    if (!r.covered) {
        verdict_add(c->v, SAKSI_NOT_COVERED, c->host);
        return false;
    }
    describe_rule(c, &r);
    return reason_of_result(c, r.result);
}

bool recognised_by_host(struct check *c)
{
    if (c->host_list == NULL) {
        verdict_add(c->v, SAKSI_RULES_MISSING, c->host);
        return false;
    }
    if (!not_derecognised(c)) {
        return false;
    }
    if (span_equal(c->host, c->state)) {
        c->v->recognition.evaluated = true;
        c->v->recognition.domestic = true;
        verdict_add(c->v, SAKSI_DOMESTIC, c->host);
        return true;
    }
    return recognised_by_rules(c);
}

/* The AQRF level informs and never decides; only an endorsed map is believed. */
void recognised_level(struct check *c)
{
    if (!credential_has(&c->claims, SAKSI_CLAIM_FRAMEWORK)) {
        return;
    }
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span bytes;
    struct row_framework map = {.aqrf_level = 0};
    row_key_of_framework(&key, (int)claim_number(c, SAKSI_CLAIM_FRAMEWORK),
                         (int)claim_number(c, SAKSI_CLAIM_EDITION),
                         (int)claim_number(c, SAKSI_CLAIM_LEVEL));
    enum lookup answer = lookup_of_store(
        trust_store_get(c->store, c->state, ROW_FRAMEWORK, writer_span(&key), &bytes));
    if (answer == LOOKUP_OK && !row_framework_decode(bytes, &map)) {
        answer = LOOKUP_DAMAGED;
    }
    if (check_usable(c, answer, c->state) && map.status == ROW_MAP_ENDORSED) {
        c->v->aqrf_level = map.aqrf_level;
    }
}

void recognised_post(struct check *c)
{
    struct span post = c->request->post;
    if (post.len == 0) {
        return;
    }
    bool fits = span_equal(post, claim_text(c, SAKSI_CLAIM_JOB_INDEX)) ||
                span_equal(post, claim_text(c, SAKSI_CLAIM_SCHEME_CODE)) ||
                span_starts_with(claim_text(c, SAKSI_CLAIM_OCCUPATION_CODE), post);
    if (!fits) {
        check_object(c, SAKSI_OCCUPATION_MISMATCH);
    }
    if (claim_number(c, SAKSI_CLAIM_COVERAGE) != COVERAGE_FULL) {
        check_object(c, SAKSI_PARTIAL_ONLY);
    }
}
