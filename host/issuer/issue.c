/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of steps. A step begins only when the one before is on disk, so that after a power cut
 * the registry tells how far each certificate came; issue_resume.c takes it from there.
 */
#include "issuer/issue.h"

#include <stdlib.h>

#include "issuer/issue_steps.h"
#include "wire/card_app.h"

/* A batch on its way. */
struct batch {
    const struct issue_session *session;
    struct issue_item *items;
    size_t count;
    struct signed_credential *made; /* one an item */
    enum registry_error registry_error;
};

static void set_why(struct issue_item *item, enum issue_outcome outcome, const char *why)
{
    item->outcome = outcome;
    (void)snprintf(item->why, sizeof item->why, "%s", why);
}

static bool is_on_its_way(const struct issue_item *item)
{
    return item->outcome == ISSUE_NOT_TRIED;
}

/* --- before anything is promised --- */

/* Whether the code will hold it, judged with the longest index there is. */
static bool fits_the_code(const struct issue_session *session, struct issue_item *item)
{
    char longest[256];
    bool card = (session->pages & ISSUE_CARD) != 0;
    size_t most = (card ? PAPER_CARD_TEXT_MAX : QR_TEXT_MAX) - ISSUE_MEASURE_SLACK;
    struct credential c = item->credential;
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, UINT32_MAX);
    size_t len = signer_measure(session->signer, &c);
    if (len != 0 && len <= most) {
        return true;
    }
    paper_longest_claims(&c, longest);
    item->outcome = ISSUE_FAILED;
    (void)snprintf(item->why, sizeof item->why,
                   "it is too long: the code %s holds %zu characters; shorten the longest of %s",
                   card ? "of a card" : "on paper", most, longest);
    return false;
}

static bool fits_the_chip(const struct issue_session *session, struct issue_item *item)
{
    size_t len = session->chip != NULL && session->photo != NULL ? session->photo->len : 0;
    if (len <= CARD_APP_MAX_PHOTO) {
        return true;
    }
    item->outcome = ISSUE_FAILED;
    (void)snprintf(item->why, sizeof item->why,
                   "its photo has %zu bytes, and a card holds %d: save it with fewer pixels (240 x "
                   "320 are enough) or a lower JPEG quality",
                   len, CARD_APP_MAX_PHOTO);
    return false;
}

/* Adds what is known before the index is. */
static bool complete(const struct issue_session *session, struct issue_item *item)
{
    item->outcome = ISSUE_NOT_TRIED;
    item->why[0] = '\0';
    credential_set_text(&item->credential, SAKSI_CLAIM_ISS, session->station->issuer.id);
    credential_set_number(&item->credential, SAKSI_CLAIM_IAT, session->now_s);
    if (session->photo != NULL) {
        credential_set_text(&item->credential, SAKSI_CLAIM_PHOTO_DIGEST,
                            span_of(session->photo->digest, sizeof session->photo->digest));
    }
    if (session->chip != NULL) {
        credential_set_text(&item->credential, SAKSI_CLAIM_CNF,
                            span_of(session->chip->thumbprint, sizeof session->chip->thumbprint));
    }
    return fits_the_chip(session, item) && fits_the_code(session, item);
}

static unsigned pages_of(const struct issue_session *session)
{
    return session->pages | (session->chip != NULL ? ISSUE_CHIP : 0U);
}

/* --- reserving --- */

static enum registry_error reserve(struct batch *b, struct issue_item *item)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    const struct credential *c = &item->credential;
    if (signer_claims_digest(c, digest) != SIGNER_OK) {
        set_why(item, ISSUE_FAILED, "the claims do not fit together");
        return REGISTRY_STATE;
    }
    struct registry_request request = {
        .kind = b->session->kind,
        .number = credential_text(c, SAKSI_CLAIM_CERTIFICATE_NUMBER),
        .centre = credential_text(c, SAKSI_CLAIM_ASSESSMENT_CENTRE),
        .blank = credential_text(c, SAKSI_CLAIM_BLANK_NUMBER),
        .issue_day = credential_number(c, SAKSI_CLAIM_ISSUE_DATE),
        .claims_digest = digest,
        .once = b->session->pass_over_same,
    };
    enum registry_error error =
        registry_reserve(b->session->registry, &request, b->session->now_s, &item->index);
    if (error == REGISTRY_SAME && b->session->pass_over_same) {
        set_why(item, ISSUE_PASSED_OVER, "was issued before");
        return REGISTRY_OK;
    }
    if (error != REGISTRY_OK && error != REGISTRY_DB) {
        set_why(item, ISSUE_FAILED, registry_error_text(error));
    }
    if (error == REGISTRY_OK) {
        credential_set_number(&item->credential, SAKSI_CLAIM_STATUS_INDEX, item->index);
    }
    return error;
}

/* All or none, so that a list with a mistake in it can be corrected and run again. */
static enum issue_error reserve_all(struct batch *b)
{
    struct registry *registry = b->session->registry;
    enum issue_error result = ISSUE_OK;
    b->registry_error = registry_begin(registry);
    if (b->registry_error != REGISTRY_OK) {
        return ISSUE_REGISTRY;
    }
    for (size_t i = 0; i < b->count && b->registry_error != REGISTRY_DB; i++) {
        enum registry_error error = reserve(b, &b->items[i]);
        if (error != REGISTRY_OK) {
            b->registry_error = error;
            result = error == REGISTRY_DB || error == REGISTRY_EXHAUSTED ? ISSUE_REGISTRY
                                                                         : ISSUE_REFUSED;
        }
        if (error == REGISTRY_EXHAUSTED) {
            break;
        }
    }
    if (result == ISSUE_OK) {
        b->registry_error = registry_commit(registry);
        result = b->registry_error == REGISTRY_OK ? ISSUE_OK : ISSUE_REGISTRY;
    }
    if (result != ISSUE_OK) {
        registry_rollback(registry);
    }
    return result;
}

enum issue_error issue_check(const struct issue_session *session, struct issue_item *item,
                             enum registry_error *ret_registry_error)
{
    struct batch b = {.session = session, .items = item, .count = 1};
    *ret_registry_error = REGISTRY_OK;
    if (!complete(session, item)) {
        return ISSUE_REFUSED;
    }
    enum registry_error error = registry_begin(session->registry);
    if (error == REGISTRY_OK) {
        error = reserve(&b, item);
        registry_rollback(session->registry);
    }
    *ret_registry_error = error;
    return error == REGISTRY_OK                                  ? ISSUE_OK
           : error == REGISTRY_DB || error == REGISTRY_EXHAUSTED ? ISSUE_REGISTRY
                                                                 : ISSUE_REFUSED;
}

/* --- signing --- */

/* An index whose certificate cannot be signed stays reserved until the next step voids it. */
static enum issue_error sign_all(struct batch *b)
{
    enum issue_error result = ISSUE_OK;
    for (size_t i = 0; i < b->count; i++) {
        struct issue_item *item = &b->items[i];
        if (is_on_its_way(item) &&
            signer_sign(b->session->signer, &item->credential, &b->made[i], NULL) != SIGNER_OK) {
            set_why(item, ISSUE_FAILED, "signing failed: what was made did not read back");
            result = ISSUE_SYSTEM;
        }
    }
    return result;
}

static enum registry_error note_signed(struct batch *b, size_t at, const struct registry_job *job)
{
    const struct issue_item *item = &b->items[at];
    const struct signed_credential *made = &b->made[at];
    if (item->outcome == ISSUE_FAILED) {
        return registry_void(b->session->registry, item->index, REGISTRY_WHY_UNSIGNED,
                             b->session->now_s);
    }
    if (!is_on_its_way(item)) {
        return REGISTRY_OK;
    }
    return registry_signed(b->session->registry, item->index, made->credential_digest,
                           span_of(made->document, made->document_len), job, b->session->now_s);
}

static enum issue_error note_all_signed(struct batch *b)
{
    struct registry_job job = {.pages = pages_of(b->session)};
    (void)snprintf(job.folder, sizeof job.folder, "%s", b->session->folder);
    (void)snprintf(job.photo, sizeof job.photo, "%s", b->session->photo_path);
    b->registry_error = registry_begin(b->session->registry);
    for (size_t i = 0; i < b->count && b->registry_error == REGISTRY_OK; i++) {
        b->registry_error = note_signed(b, i, &job);
    }
    if (b->registry_error == REGISTRY_OK) {
        b->registry_error = registry_commit(b->session->registry);
    }
    if (b->registry_error != REGISTRY_OK) {
        registry_rollback(b->session->registry);
        return ISSUE_REGISTRY;
    }
    return ISSUE_OK;
}

/* --- writing and delivering --- */

static enum issue_error write_all(struct batch *b)
{
    enum issue_error result = ISSUE_OK;
    for (size_t i = 0; i < b->count; i++) {
        struct issue_item *item = &b->items[i];
        if (is_on_its_way(item)) {
            enum issue_error error = issue_write(b->session, item, &b->made[i], b->session->folder,
                                                 pages_of(b->session));
            result = error != ISSUE_OK ? error : result;
        }
        if (b->session->progress != NULL) {
            b->session->progress(b->session->ctx, i + 1);
        }
    }
    return result;
}

/* What the registry could not note has not happened: the files are there, and the next run notes
 * them. */
static void take_back(struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct issue_item *item = &b->items[i];
        bool at_fault = item->outcome == ISSUE_WAITS && item->why[0] == '\0';
        if (item->outcome == ISSUE_DELIVERED || at_fault) {
            set_why(item, ISSUE_WAITS, "the registry could not note it");
        }
    }
}

static enum issue_error deliver_all(struct batch *b)
{
    b->registry_error = registry_begin(b->session->registry);
    for (size_t i = 0; i < b->count && b->registry_error == REGISTRY_OK; i++) {
        b->registry_error = issue_settle(b->session, &b->items[i]);
    }
    if (b->registry_error == REGISTRY_OK) {
        b->registry_error = registry_commit(b->session->registry);
    }
    if (b->registry_error != REGISTRY_OK) {
        registry_rollback(b->session->registry);
        take_back(b);
        return ISSUE_REGISTRY;
    }
    return ISSUE_OK;
}

static enum issue_error run(struct batch *b)
{
    enum issue_error error = reserve_all(b);
    if (error != ISSUE_OK) {
        return error;
    }
    enum issue_error signing = sign_all(b);
    error = note_all_signed(b);
    if (error != ISSUE_OK) {
        return error;
    }
    enum issue_error writing = write_all(b);
    error = deliver_all(b);
    return error != ISSUE_OK ? error : signing != ISSUE_OK ? signing : writing;
}

enum issue_error issue_batch(const struct issue_session *session, struct issue_item *items,
                             size_t count, enum registry_error *ret_registry_error)
{
    struct batch b = {.session = session, .items = items, .count = count};
    bool fits = count <= (session->chip == NULL ? ISSUE_BATCH_MAX : 1);
    for (size_t i = 0; i < count; i++) {
        fits &= complete(session, &items[i]);
    }
    if (!fits) {
        return ISSUE_REFUSED;
    }
    b.made = calloc(count + 1, sizeof *b.made);
    if (b.made == NULL) {
        return ISSUE_SYSTEM;
    }
    enum issue_error error = run(&b);
    *ret_registry_error = b.registry_error;
    free(b.made);
    return error;
}
