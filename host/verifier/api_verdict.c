/* SPDX-License-Identifier: Apache-2.0
 *
 * libsaksi: reading a verdict. Nothing here decides anything.
 */
#include <saksi/saksi.h>

#include <stdlib.h>

#include "base/crypto.h"
#include "verifier/api.h"

void saksi_verdict_free(struct saksi_verdict *verdict)
{
    if (verdict != NULL) {
        crypto_wipe(verdict, sizeof *verdict);
        free(verdict);
    }
}

enum saksi_outcome saksi_verdict_outcome(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? SAKSI_CANNOT_VERIFY : verdict->verdict.outcome;
}

enum saksi_assurance saksi_verdict_assurance(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? SAKSI_ASSURANCE_NONE : verdict->verdict.assurance;
}

int saksi_verdict_is_sample(const struct saksi_verdict *verdict)
{
    return verdict != NULL && verdict->verdict.sample;
}

size_t saksi_verdict_reason_count(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? 0 : verdict->verdict.reason_count;
}

enum saksi_reason saksi_verdict_reason(const struct saksi_verdict *verdict, size_t at)
{
    bool there = at < saksi_verdict_reason_count(verdict);
    return there ? verdict->verdict.reason[at].reason : (enum saksi_reason)0;
}

const char *saksi_verdict_reason_state(const struct saksi_verdict *verdict, size_t at)
{
    return at < saksi_verdict_reason_count(verdict) ? verdict->verdict.reason[at].state : "";
}

const char *saksi_verdict_claimed_issuer(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? "" : verdict->verdict.claimed_issuer;
}

static int give_text(struct span text, const char **ret_text, size_t *ret_len)
{
    if (text.len == 0 || ret_text == NULL || ret_len == NULL) {
        return 0;
    }
    *ret_text = (const char *)text.ptr;
    *ret_len = text.len;
    return 1;
}

static bool has_claim(const struct saksi_verdict *verdict, enum saksi_claim claim)
{
    return verdict != NULL && (int)claim >= 0 && claim < SAKSI_CLAIM_COUNT &&
           credential_has(&verdict->verdict.credential, claim);
}

int saksi_verdict_claim_text(const struct saksi_verdict *verdict, enum saksi_claim claim,
                             const char **ret_text, size_t *ret_len)
{
    return has_claim(verdict, claim) &&
           give_text(credential_text(&verdict->verdict.credential, claim), ret_text, ret_len);
}

static bool is_number(enum claim_kind kind)
{
    return kind == CLAIM_NUMBER || kind == CLAIM_DAY || kind == CLAIM_DAY_OR_NULL ||
           kind == CLAIM_ENUM;
}

int saksi_verdict_claim_is_null(const struct saksi_verdict *verdict, enum saksi_claim claim)
{
    return has_claim(verdict, claim) && (verdict->verdict.credential.is_null >> claim & 1) != 0;
}

int saksi_verdict_claim_number(const struct saksi_verdict *verdict, enum saksi_claim claim,
                               int64_t *ret_number)
{
    if (ret_number == NULL || !has_claim(verdict, claim) || !is_number(claim_info[claim].kind) ||
        saksi_verdict_claim_is_null(verdict, claim)) {
        return 0;
    }
    *ret_number = credential_number(&verdict->verdict.credential, claim);
    return 1;
}

size_t saksi_verdict_unit_count(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? 0 : verdict->verdict.credential.unit_count;
}

int saksi_verdict_unit(const struct saksi_verdict *verdict, size_t at, const char **ret_text,
                       size_t *ret_len)
{
    return at < saksi_verdict_unit_count(verdict) &&
           give_text(verdict->verdict.credential.unit[at], ret_text, ret_len);
}

static struct span in_language(const struct row_names *names, const char *lang)
{
    return row_name(names, span_str(lang == NULL ? "en" : lang));
}

int saksi_verdict_issuer_name(const struct saksi_verdict *verdict, const char *lang,
                              const char **ret_text, size_t *ret_len)
{
    return verdict != NULL &&
           give_text(in_language(&verdict->verdict.issuer_names, lang), ret_text, ret_len);
}

const char *saksi_verdict_awarding_body(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? "" : verdict->verdict.awarding_body;
}

const char *saksi_verdict_rule(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? "" : verdict->verdict.recognition.rule;
}

int saksi_verdict_conditions(const struct saksi_verdict *verdict, const char *lang,
                             const char **ret_text, size_t *ret_len)
{
    return verdict != NULL && give_text(in_language(&verdict->verdict.recognition.conditions, lang),
                                        ret_text, ret_len);
}

int saksi_verdict_aqrf_level(const struct saksi_verdict *verdict)
{
    return verdict == NULL ? 0 : verdict->verdict.aqrf_level;
}

int saksi_verdict_trust_age_days(const struct saksi_verdict *verdict)
{
    bool known = verdict != NULL && verdict->verdict.trust.known;
    return known ? verdict->verdict.trust.age_days : -1;
}

int64_t saksi_verdict_header_version(const struct saksi_verdict *verdict)
{
    bool known = verdict != NULL && verdict->verdict.trust.known;
    return known ? verdict->verdict.trust.header_version : 0;
}

/* ---- words ---- */

const char *saksi_outcome_text(enum saksi_outcome outcome)
{
    return outcome_text(outcome);
}

const char *saksi_outcome_name(enum saksi_outcome outcome)
{
    return outcome_json(outcome);
}

const char *saksi_reason_name(enum saksi_reason reason)
{
    const struct reason_info *info = reason_find(reason);
    return info == NULL ? "" : info->name;
}

const char *saksi_reason_sentence(enum saksi_reason reason)
{
    const struct reason_info *info = reason_find(reason);
    return info == NULL ? "" : info->sentence;
}

const char *saksi_reason_next_step(enum saksi_reason reason)
{
    const struct reason_info *info = reason_find(reason);
    return info == NULL ? "" : info->next_step;
}

enum saksi_outcome saksi_reason_severity(enum saksi_reason reason)
{
    const struct reason_info *info = reason_find(reason);
    return info == NULL ? SAKSI_CANNOT_VERIFY : info->severity;
}

const char *saksi_claim_name(enum saksi_claim claim)
{
    return (int)claim >= 0 && claim < SAKSI_CLAIM_COUNT ? claim_info[claim].json : "";
}
