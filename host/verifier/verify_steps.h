/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps of a check, as verify_credential calls them, and what they share. Private to verify.
 *
 * A step that finds something adds a reason and answers false; it answers true only at its end,
 * when there is nothing to object. A failure of database or memory is kept in `error` and makes the
 * whole check fail; damage is a reason.
 */
#ifndef VERIFIER_VERIFY_STEPS_H
#define VERIFIER_VERIFY_STEPS_H

#include "codec/cose.h"
#include "verifier/clock.h"
#include "verifier/verify.h"
#include "verifier/verify_cache.h"

#define VERIFY_MAX_TITLE 160 /* bytes of a name, WIRE.md */
#define COVERAGE_FULL    1   /* saksi/claim_enum.def */
#define ROW_MAP_ENDORSED 1   /* WIRE.md, row type 8 */

struct verifier {
    struct trust_store *store; /* borrowed; may be NULL */
    struct verify_cache cache;
    uint8_t title[VERIFY_MAX_TITLE];
};

struct check {
    struct verify_cache *cache; /* the verifier's */
    struct trust_store *store;  /* NULL: none */
    const struct verify_request *request;
    struct verdict *v;
    enum verify_error error;

    /* The document. Spans point into it, those of `claims` into the copy in the verdict. Until the
     * signature is verified only state, issuer, kid and iat are looked at, to find the key or to
     * say why there is none. */
    struct cose_sign1 cose;
    struct credential claims;
    struct span issuer, state;
    int64_t iat_s;

    /* Time: the device's clock as judged, and the moment and day the certificate is judged at. */
    struct clock_judgement clock;
    int64_t now_s, today;
    bool clock_matters; /* the clock is suspect, and no other day was asked for */
    bool lists_doubted; /* newer ones may have been here before: they cannot say "not revoked" */

    /* The store. `host_list` is NULL when it is not stored; both are usable lists, signed by keys
     * in force. */
    struct span host;
    const struct trust_authority *authority;
    const struct trust_stored_list *list, *host_list;
    const struct cached_key *key;
    const struct cached_issuer *issuer_rows;
};

/* Adds a reason about the issuing state's list, or about none; always false. */
bool check_object(struct check *c, enum saksi_reason reason);
/* True when the answer is LOOKUP_OK. Damage becomes DATA_ERROR about `state`, failure ends the
 * check; LOOKUP_ABSENT is the caller's to judge. */
bool check_usable(struct check *c, enum lookup answer, struct span state);
/* Whether a list counts as fresh: up to the limit for green, and the list not past its own last
 * day. */
bool list_is_fresh(const struct check *c, const struct trust_stored_list *list, int64_t now_s);

/* The calendar day of signing, at the checkpoint: seconds have no day of their own. */
static inline int64_t check_signed_day(const struct check *c)
{
    return clock_day(c->iat_s, c->request->utc_offset_s);
}

static inline int64_t claim_number(const struct check *c, enum saksi_claim claim)
{
    return credential_number(&c->claims, claim);
}

static inline struct span claim_text(const struct check *c, enum saksi_claim claim)
{
    return credential_text(&c->claims, claim);
}

/* 0. What can be judged at all (verify_document.c). */
bool verify_read_document(struct check *c, struct span document);
bool verify_consult_lists(struct check *c);

/* 1. Genuine? (verify_genuine.c, verify_licence.c) The first three end the check when they object.
 */
bool genuine_state(struct check *c);
bool genuine_key(struct check *c);
bool genuine_signature(struct check *c);
bool genuine_before_state_ended(struct check *c);
bool genuine_signing_time(struct check *c);
bool genuine_key_period(struct check *c);
bool genuine_licence(struct check *c);

/* 2. In force? (verify_in_force.c, verify_lists.c) */
bool in_force_dates(struct check *c);
bool in_force_status(struct check *c);
bool in_force_centre(struct check *c);
bool in_force_blank(struct check *c);
bool in_force_lists(struct check *c);

/* 3. Recognised here? (verify_recognised.c) The last one never objects to recognition, only to the
 * post. */
bool recognised_by_host(struct check *c);
void recognised_level(struct check *c);
void recognised_post(struct check *c);

/* 4. This person? (verify_card.c, verify_person.c) */
void card_judge(struct check *c);
/* Whether the photo that was read from the card is the one the certificate names. */
bool card_shows_photo(const struct check *c);
void person_to_compare(struct check *c);

#endif
