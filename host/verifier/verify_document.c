/* SPDX-License-Identifier: Apache-2.0
 *
 * What can be judged at all: the document taken apart, the lists and the clock it will be judged
 * by.
 */
#include "verifier/staleness.h"
#include "verifier/verify_steps.h"

static void copy_code(char *to, size_t size, struct span code)
{
    size_t len = code.len < size ? code.len : size - 1;
    memcpy(to, code.ptr, len);
    to[len] = '\0';
}

bool verify_read_document(struct check *c, struct span document)
{
    if (document.len > CREDENTIAL_MAX_BYTES) {
        return check_object(c, SAKSI_MALFORMED);
    }
    enum cose_error form = cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &c->cose);
    if (form != COSE_OK) {
        return check_object(c, form == COSE_UNSUPPORTED ? SAKSI_UNSUPPORTED : SAKSI_MALFORMED);
    }
    /* The claims are read from the verdict's copy of the payload: what is shown is what was
     * verified. */
    memcpy(c->v->payload, c->cose.payload.ptr, c->cose.payload.len);
    struct span payload = span_of(c->v->payload, c->cose.payload.len);
    enum credential_error claims = credential_decode(payload, &c->claims).error;
    if (claims != CREDENTIAL_OK) {
        return check_object(c,
                            claims == CREDENTIAL_UNSUPPORTED ? SAKSI_UNSUPPORTED : SAKSI_MALFORMED);
    }
    c->issuer = claim_text(c, SAKSI_CLAIM_ISS);
    c->state =
        span_of(c->issuer.ptr, TRUST_STATE_SIZE); /* an issuer id has at least four letters */
    c->iat_s = claim_number(c, SAKSI_CLAIM_IAT);
    copy_code(c->v->claimed_issuer, sizeof c->v->claimed_issuer, c->issuer);
    return true;
}

/* A list that keys in force have signed; NULL otherwise. */
static const struct trust_stored_list *usable_list(const struct trust_state *trust,
                                                   struct span state)
{
    const struct trust_stored_list *list = trust_state_list(trust, state);
    return list != NULL && !list->disabled ? list : NULL;
}

static void judge_time(struct check *c, const struct trust_state *trust)
{
    const struct verify_request *r = c->request;
    const struct clock_input input = {.system_s = r->now_s,
                                      .build_s = r->build_s,
                                      .floor_s = trust->floor_s,
                                      .high_water_s = trust->high_water_s};
    c->clock = clock_judge(&input);
    c->clock_matters = c->clock.suspect && !r->has_at;
    c->today = r->has_at ? r->at_day : clock_day(c->clock.now_s, r->utc_offset_s);
    c->now_s = r->has_at ? clock_end_of_day(r->at_day, r->utc_offset_s) : c->clock.now_s;
    if (c->clock_matters) {
        check_object(c, SAKSI_CLOCK_SUSPECT);
    }
    if (r->has_at) {
        check_object(c, SAKSI_AS_OF);
    }
    if (r->has_at && r->at_day < clock_day(c->clock.floor_s, r->utc_offset_s)) {
        check_object(c, SAKSI_HISTORICAL);
    }
}

/* Whether newer lists were here before. A mark that is wanted and cannot be read may say so too. */
static void judge_mark(struct check *c, const struct trust_state *trust)
{
    const struct trust_mark *mark = &c->request->mark;
    int64_t header_version = trust->has_header ? trust->header.version : 0;
    if (mark->wanted && !mark->known) {
        check_object(c, SAKSI_MARK_UNREADABLE);
        c->lists_doubted = true;
    } else if (mark->wanted && trust_mark_is_above(mark, trust->root->version, header_version)) {
        check_object(c, SAKSI_STATE_ROLLBACK);
        c->lists_doubted = true;
    }
}

/* The facts shown with every verdict: of the lists that count, the one that was fresh longest ago.
 */
static void describe_lists(struct check *c, const struct trust_state *trust)
{
    const struct trust_stored_list *older = c->list;
    if (older == NULL ||
        (c->host_list != NULL && c->host_list->fresh_as_of_s < older->fresh_as_of_s)) {
        older = c->host_list;
    }
    if (trust->has_header && older != NULL) {
        c->v->trust.known = true;
        c->v->trust.header_version = trust->header.version;
        c->v->trust.issued_at_s = older->fresh_as_of_s;
        c->v->trust.age_days = staleness_age_days(older, c->now_s);
    }
}

static bool list_is_sound(struct check *c, const struct trust_stored_list *list)
{
    return list == NULL ||
           check_usable(c, verify_cache_sound(c->cache, list), span_str(list->state));
}

bool verify_consult_lists(struct check *c)
{
    if (c->store == NULL) {
        return check_object(c, SAKSI_NO_TRUST_LIST);
    }
    enum lookup answer = verify_cache_refresh(c->cache);
    const struct trust_state *trust = &c->cache->trust;
    if (answer == LOOKUP_ABSENT || (answer == LOOKUP_OK && !trust->has_root)) {
        return check_object(c, SAKSI_NO_TRUST_LIST);
    }
    if (!check_usable(c, answer, span_of(NULL, 0))) {
        return false;
    }
    c->host = span_str(c->request->host);
    c->authority = trust_root_authority(trust->root, c->state);
    c->list = usable_list(trust, c->state);
    c->host_list = usable_list(trust, c->host);
    c->v->sample = trust->root->sample;
    if (c->v->sample) {
        check_object(c, SAKSI_SAMPLE);
    }
    judge_time(c, trust);
    judge_mark(c, trust);
    describe_lists(c, trust);
    return list_is_sound(c, c->list) && list_is_sound(c, c->host_list);
}
