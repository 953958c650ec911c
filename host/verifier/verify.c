/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision, as one list of steps in the order of the four questions. Each step is a function of
 * its own that adds its reasons to the verdict; what the reasons amount to is verdict_finish's.
 */
#include <stdlib.h>

#include "codec/qr_text.h"
#include "verifier/verify_steps.h"

bool check_object(struct check *c, enum saksi_reason reason)
{
    bool about_list = reason == SAKSI_ISSUED_AFTER_LIST || reason == SAKSI_LIST_MISSING ||
                      reason == SAKSI_KEY_UNKNOWN || reason == SAKSI_KEY_UNKNOWN_STALE ||
                      reason == SAKSI_KEY_NEWER_THAN_LIST;
    verdict_add(c->v, reason, about_list ? c->state : span_of(NULL, 0));
    return false;
}

bool check_usable(struct check *c, enum lookup answer, struct span state)
{
    switch (answer) {
    case LOOKUP_OK:
        return true;
    case LOOKUP_ABSENT:
        break;
    case LOOKUP_DAMAGED:
        verdict_add(c->v, SAKSI_DATA_ERROR, state);
        break;
    case LOOKUP_STORE:
        c->error = VERIFY_STORE;
        break;
    case LOOKUP_SYSTEM:
        c->error = VERIFY_SYSTEM;
        break;
    }
    return false;
}

static void establish(struct check *c, enum verdict_established what)
{
    c->v->established |= (unsigned)what;
}

/* Everything a certificate is asked, in order. */
static void judge(struct check *c, struct span document)
{
    /* What is not verified is not judged: until the signature is good, the first objection is the
     * last. */
    if (!verify_read_document(c, document) || !verify_consult_lists(c) || !genuine_state(c) ||
        !genuine_key(c) || !genuine_signature(c)) {
        return;
    }

    /* 1. Genuine? */
    bool in_time = genuine_signing_time(c);
    bool state_stood = genuine_before_state_ended(c);
    bool key_stood = genuine_key_period(c);
    bool licensed = genuine_licence(c);
    if (in_time && state_stood && key_stood && licensed) {
        establish(c, VERDICT_GENUINE);
        verdict_add(c->v, SAKSI_GENUINE, span_of(NULL, 0));
    }
    if (c->error != VERIFY_OK || verdict_worst(c->v) >= SAKSI_CANNOT_VERIFY) {
        return; /* the other questions are about genuine certificates, and need the issuer's rows */
    }

    /* 2. In force? */
    bool dated = in_force_dates(c);
    bool not_revoked = in_force_status(c);
    bool centre_stands = in_force_centre(c);
    bool blank_stands = in_force_blank(c);
    bool lists_fresh = in_force_lists(c);
    if (dated && not_revoked && centre_stands && blank_stands && lists_fresh) {
        establish(c, VERDICT_IN_FORCE);
    }

    /* 3. Recognised here? */
    if (recognised_by_host(c)) {
        establish(c, VERDICT_RECOGNISED);
    }
    recognised_level(c);
    recognised_post(c);

    /* 4. This person? A card may say that it is not this one's. */
    card_judge(c);

    /* Only an officer can say; nobody is compared with a refused certificate. */
    if (verdict_worst(c->v) < SAKSI_CANNOT_VERIFY) {
        person_to_compare(c);
    }
}

enum verify_error verify_credential(struct verifier *verifier, const struct verify_request *request,
                                    struct span document, struct verdict *ret_verdict)
{
    struct check c = {.cache = &verifier->cache,
                      .store = verifier->store,
                      .request = request,
                      .v = ret_verdict,
                      .error = VERIFY_OK};
    verdict_start(ret_verdict);
    if (c.store != NULL && trust_store_begin_read(c.store) != TRUST_STORE_OK) {
        c.error = VERIFY_STORE;
    } else {
        judge(&c, document);
    }
    if (c.store != NULL) {
        trust_store_rollback(c.store); /* ends the read: there is nothing to commit */
    }
    if (c.error != VERIFY_OK) {
        verify_nothing(SAKSI_DATA_ERROR, ret_verdict);
        return c.error;
    }
    verdict_finish(ret_verdict);
    return VERIFY_OK;
}

static enum saksi_reason reason_of_text(enum qr_text_error error)
{
    switch (error) {
    case QR_TEXT_OTHER:
        return SAKSI_NOT_A_CERTIFICATE;
    case QR_TEXT_URL:
        return SAKSI_LEGACY_QR_ONLINE_ONLY;
    case QR_TEXT_DICTIONARY:
        return SAKSI_UNSUPPORTED;
    case QR_TEXT_OK:
    case QR_TEXT_TOO_LONG:
    case QR_TEXT_BASE45:
    case QR_TEXT_COMPRESSION:
    case QR_TEXT_CONTENT:
        break;
    }
    return SAKSI_MALFORMED;
}

enum verify_error verify_qr_text(struct verifier *verifier, const struct verify_request *request,
                                 struct span text, struct verdict *ret_verdict)
{
    uint8_t room[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(room, sizeof room);
    enum qr_text_error error = qr_text_decode(text, &w);
    if (error != QR_TEXT_OK || !writer_ok(&w)) {
        verify_nothing(reason_of_text(error), ret_verdict);
        return VERIFY_OK;
    }
    return verify_credential(verifier, request, writer_span(&w), ret_verdict);
}

void verify_nothing(enum saksi_reason reason, struct verdict *ret_verdict)
{
    verdict_start(ret_verdict);
    verdict_add(ret_verdict, reason, span_of(NULL, 0));
    verdict_finish(ret_verdict);
}

enum verify_error verifier_new(struct trust_store *store, struct verifier **ret_verifier)
{
    struct verifier *verifier = calloc(1, sizeof *verifier);
    if (verifier == NULL) {
        return VERIFY_SYSTEM;
    }
    verifier->store = store;
    verifier->cache.store = store;
    *ret_verifier = verifier;
    return VERIFY_OK;
}

void verifier_free(struct verifier *verifier)
{
    if (verifier != NULL) {
        verify_cache_clear(&verifier->cache);
        free(verifier);
    }
}

static struct span find_title(struct verifier *verifier, struct span state, enum row_type type,
                              struct span code, struct span lang)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span bytes;
    struct row_title title;
    row_key_of_code(&key, code);
    if (!writer_ok(&key) ||
        trust_store_get(verifier->store, state, type, writer_span(&key), &bytes) !=
            TRUST_STORE_OK ||
        !row_title_decode(bytes, &title)) {
        return span_of(NULL, 0);
    }
    struct span text = row_name(&title.names, lang);
    struct writer copy = writer_of(verifier->title, sizeof verifier->title);
    writer_put(&copy, text);
    return writer_span(&copy);
}

struct span verify_catalogue_title(struct verifier *verifier, struct span state, enum row_type type,
                                   struct span code, struct span lang)
{
    struct span title = {NULL, 0};
    if (verifier->store == NULL || trust_store_begin_read(verifier->store) != TRUST_STORE_OK) {
        return title;
    }
    title = find_title(verifier, state, type, code, lang);
    trust_store_rollback(verifier->store);
    return title;
}
