/* SPDX-License-Identifier: Apache-2.0
 *
 * The first question: is the state covered, the key known, the signature good, and did the key
 * belong to the issuer when it signed. Whether the issuer was licensed is in verify_licence.c.
 */
#include "verifier/verify_steps.h"

static bool state_had_ended(const struct check *c)
{
    return c->authority->ended && check_signed_day(c) >= c->authority->ended_day;
}

bool genuine_state(struct check *c)
{
    if (c->authority == NULL) {
        return check_object(c, SAKSI_STATE_NOT_COVERED);
    }
    if (c->list == NULL) {
        return check_object(c, state_had_ended(c) ? SAKSI_STATE_ENDED : SAKSI_LIST_MISSING);
    }
    return true;
}

/* Why there is no such key. Red needs a list that would know it: fresh by a clock that can be
 * believed, the newest this device had, and made after the certificate claims to be signed. A claim
 * to be from the future is not excused by the list's age. */
static enum saksi_reason reason_for_no_key(const struct check *c)
{
    if (state_had_ended(c)) {
        return SAKSI_STATE_ENDED;
    }
    if (c->iat_s > c->list->as_of_s && c->iat_s <= clock_add(c->clock.now_s, CLOCK_DAY_S)) {
        return SAKSI_KEY_NEWER_THAN_LIST;
    }
    if (c->clock.suspect || c->lists_doubted || !list_is_fresh(c, c->list, c->clock.now_s)) {
        return SAKSI_KEY_UNKNOWN_STALE;
    }
    return SAKSI_KEY_UNKNOWN;
}

bool genuine_key(struct check *c)
{
    enum lookup answer = verify_cache_key(c->cache, c->state, c->issuer, c->cose.kid, &c->key);
    if (answer == LOOKUP_ABSENT) {
        return check_object(c, reason_for_no_key(c));
    }
    return check_usable(c, answer, c->state);
}

/* From here on the claims are the issuer's words. */
static void accept_document(struct check *c)
{
    struct verdict *v = c->v;
    v->genuine = true;
    v->credential = c->claims;
    v->assurance =
        credential_has(&c->claims, SAKSI_CLAIM_FACE) ? SAKSI_ASSURANCE_QR_FACE : SAKSI_ASSURANCE_QR;
    memcpy(v->issuing_state, c->state.ptr, c->state.len);
}

bool genuine_signature(struct check *c)
{
    uint8_t room[CREDENTIAL_MAX_BYTES + COSE_SIG_STRUCTURE_MORE];
    struct writer w = writer_of(room, sizeof room);
    cose_sign1_to_be_signed(&w, &c->cose);
    struct span message = writer_span(&w);
    if (!writer_ok(&w)) {
        return check_object(c, SAKSI_MALFORMED);
    }
    enum crypto_error answer = crypto_verify(c->key->key, c->cose.alg, message, c->cose.signature);
    if (answer == CRYPTO_BAD_SIGNATURE) {
        return check_object(c, SAKSI_SIGNATURE_WRONG);
    }
    if (answer == CRYPTO_OK) {
        answer = crypto_sha256(&message, 1, c->v->credential_digest);
    }
    if (answer != CRYPTO_OK) {
        return check_usable(c, LOOKUP_SYSTEM, c->state);
    }
    accept_document(c);
    return true;
}

bool genuine_before_state_ended(struct check *c)
{
    return state_had_ended(c) ? check_object(c, SAKSI_STATE_ENDED) : true;
}

bool genuine_signing_time(struct check *c)
{
    /* A day either way: the issue date has no zone, and clocks differ. The future is that of the
     * device, also when another day is asked about. */
    int64_t issued_s = claim_number(c, SAKSI_CLAIM_ISSUE_DATE) * CLOCK_DAY_S;
    if (c->iat_s < issued_s - CLOCK_DAY_S) {
        return check_object(c, SAKSI_SIGNED_BEFORE_ISSUE);
    }
    if (c->iat_s > clock_add(c->clock.now_s, CLOCK_DAY_S)) {
        return check_object(c, c->clock.suspect ? SAKSI_SIGNED_IN_FUTURE_BY_CLOCK
                                                : SAKSI_SIGNED_IN_FUTURE);
    }
    return true;
}

/* A thief can sign with any date, so dates do not help; the issuer's list of survivors does. */
static bool survives_theft(struct check *c)
{
    bool survives = false;
    uint32_t index = (uint32_t)claim_number(c, SAKSI_CLAIM_STATUS_INDEX);
    enum lookup answer = lookup_of_store(
        trust_store_in_set(c->store, c->state, c->issuer, ROW_SET_SURVIVORS, index, &survives));
    if (!check_usable(c, answer, c->state)) {
        return false;
    }
    return survives ? true : check_object(c, SAKSI_KEY_COMPROMISED);
}

bool genuine_key_period(struct check *c)
{
    const struct row_key *key = &c->key->row;
    bool ended =
        (key->end == ROW_KEY_SUPERSEDED || key->end == ROW_KEY_CEASED) && c->iat_s >= key->end_s;
    bool in_period = key->from_s <= c->iat_s && c->iat_s <= key->until_s && !ended;
    bool trusted = key->end == ROW_KEY_COMPROMISED ? survives_theft(c) : true;
    return (in_period ? true : check_object(c, SAKSI_KEY_NOT_VALID_AT_ISSUE)) && trusted;
}
