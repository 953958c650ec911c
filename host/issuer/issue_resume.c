/* SPDX-License-Identifier: Apache-2.0
 *
 * What an earlier run left half-way. It is finished as it was begun; what names a card is left to
 * the card.
 */
#include "issuer/issue_steps.h"

#include <stdlib.h>

#include "codec/cose.h"
#include "issuer/output.h"

/* The photo it was signed with, and no other one. While that cannot be read (a stick that is not
 * mounted) the certificate waits; only another photo in its place ends it. */
static enum issue_error find_photo(const struct issue_session *session, const char *path,
                                   struct issue_item *item, struct holder_photo *photo)
{
    const char *why = NULL;
    struct span digest = credential_text(&item->credential, SAKSI_CLAIM_PHOTO_DIGEST);
    if (digest.len == 0) {
        return ISSUE_OK;
    }
    switch (holder_photo_read_again(path, session->libexec_dir, digest, photo, &why)) {
    case HOLDER_PHOTO_SAME:
        return ISSUE_OK;
    case HOLDER_PHOTO_OTHER:
        item->outcome = ISSUE_FAILED;
        (void)snprintf(item->why, sizeof item->why, "%.200s: %s", path, why);
        return ISSUE_UNREAD;
    case HOLDER_PHOTO_AWAY:
        break;
    }
    item->outcome = ISSUE_WAITS;
    (void)snprintf(item->why, sizeof item->why, "its photo %.200s: %s; put that photo back", path,
                   why);
    return ISSUE_PHOTO;
}

/* Whoever holds the card holds a certificate: only a person can say that it is not to be used. */
static enum issue_error keep_what_has_a_card(struct issue_item *item, enum issue_error error)
{
    if (item->outcome != ISSUE_FAILED || !credential_has(&item->credential, SAKSI_CLAIM_CNF)) {
        return error;
    }
    item->outcome = ISSUE_WAITS;
    return ISSUE_PROGRAM;
}

static enum issue_error write_again(const struct issue_session *session,
                                    const struct registry_unfinished *unfinished,
                                    struct signed_credential *made, struct issue_item *item)
{
    struct holder_photo photo = {.bytes = NULL};
    struct issue_session again = *session;
    enum issue_error error = find_photo(session, unfinished->job.photo, item, &photo);
    if (error != ISSUE_OK) {
        return keep_what_has_a_card(item, error);
    }
    again.photo = photo.bytes == NULL ? NULL : &photo;
    again.kind = unfinished->kind;
    error = issue_write(&again, item, made, unfinished->job.folder, unfinished->job.pages);
    holder_photo_clear(&photo);
    return keep_what_has_a_card(item, error);
}

static bool waits_for_chip(const struct registry_unfinished *unfinished)
{
    return unfinished->state == REGISTRY_SIGNED && (unfinished->job.pages & ISSUE_CHIP) != 0;
}

/* The claims as they stand there, whoever signed them. */
static bool claims_of(const struct registry_unfinished *unfinished, struct credential *ret_claims)
{
    struct cose_sign1 cose;
    struct span document = span_of(unfinished->credential, unfinished->credential_len);
    return credential_open(document, &cose, ret_claims);
}

static bool waits_for(const struct registry_unfinished *unfinished,
                      const uint8_t thumbprint[CRYPTO_SHA256_SIZE], struct credential *ret_claims)
{
    return waits_for_chip(unfinished) && claims_of(unfinished, ret_claims) &&
           span_equal(credential_text(ret_claims, SAKSI_CLAIM_CNF),
                      span_of(thumbprint, CRYPTO_SHA256_SIZE));
}

/* Whether this run, with or without a card, has to do with it. */
static bool concerns(const struct issue_session *session,
                     const struct registry_unfinished *unfinished)
{
    struct credential claims;
    return session->chip == NULL || waits_for(unfinished, session->chip->thumbprint, &claims);
}

static enum issue_error end_one(const struct issue_session *session,
                                const struct registry_unfinished *unfinished,
                                struct signed_credential *made, struct issue_item *item)
{
    memset(item, 0, sizeof *item);
    item->index = unfinished->index;
    item->void_why =
        unfinished->state == REGISTRY_RESERVED ? REGISTRY_WHY_UNSIGNED : REGISTRY_WHY_UNREAD;
    struct span document = span_of(unfinished->credential, unfinished->credential_len);
    if (unfinished->state == REGISTRY_RESERVED) {
        item->outcome = ISSUE_FAILED;
        (void)snprintf(item->why, sizeof item->why, "was reserved and never signed");
        return ISSUE_OK;
    }
    if (!claims_of(unfinished, &item->credential)) {
        memset(&item->credential, 0, sizeof item->credential);
    }
    if (waits_for_chip(unfinished) && session->chip == NULL) {
        item->outcome = ISSUE_WAITS_CHIP;
        (void)snprintf(item->why, sizeof item->why, "waits for its card");
        return ISSUE_NO_CHIP;
    }
    if (signer_reopen(session->signer, document, made) != SIGNER_OK ||
        !signed_credential_claims(made, &item->credential)) {
        item->outcome = ISSUE_FAILED;
        (void)snprintf(item->why, sizeof item->why, "was signed with another key, or is damaged");
        return keep_what_has_a_card(item, ISSUE_UNREAD);
    }
    return write_again(session, unfinished, made, item);
}

/* Certificates are written nowhere else than here and where unfinished ones were to go. */
static void sweep(const struct issue_session *session, const struct registry_unfinished *unfinished)
{
    const char *folder = unfinished->job.folder;
    if (unfinished->credential_len != 0 && strcmp(folder, session->folder) != 0) {
        output_sweep(folder);
    }
}

static enum registry_error settle_one(const struct issue_session *session, struct issue_item *item)
{
    enum registry_error error = registry_begin(session->registry);
    if (error == REGISTRY_OK) {
        error = issue_settle(session, item);
    }
    if (error == REGISTRY_OK) {
        error = registry_commit(session->registry);
    }
    if (error != REGISTRY_OK) {
        registry_rollback(session->registry);
    }
    return error;
}

/* That something waits for its card is told last: all else is more pressing. */
static enum issue_error worse(enum issue_error before, enum issue_error now)
{
    return now == ISSUE_OK || (now == ISSUE_NO_CHIP && before != ISSUE_OK) ? before : now;
}

enum issue_error issue_resume(const struct issue_session *session,
                              void (*tell)(void *ctx, const struct issue_item *item), void *ctx,
                              enum registry_error *ret_registry_error)
{
    struct registry_unfinished *unfinished = malloc(sizeof *unfinished);
    struct signed_credential *made = malloc(sizeof *made);
    struct issue_item *item = malloc(sizeof *item);
    enum issue_error result = unfinished && made && item ? ISSUE_OK : ISSUE_SYSTEM;
    enum registry_error error = REGISTRY_OK;
    int64_t after = -1;
    output_sweep(session->folder);
    while (result != ISSUE_SYSTEM && error == REGISTRY_OK) {
        error = registry_next_unfinished(session->registry, after, unfinished);
        if (error != REGISTRY_OK) {
            break;
        }
        after = unfinished->index;
        if (concerns(session, unfinished)) {
            sweep(session, unfinished);
            result = worse(result, end_one(session, unfinished, made, item));
            error = settle_one(session, item);
            if (error == REGISTRY_OK && tell != NULL) {
                tell(ctx, item);
            }
        }
    }
    free(unfinished);
    free(made);
    free(item);
    *ret_registry_error = error;
    return error == REGISTRY_DONE || result == ISSUE_SYSTEM ? result : ISSUE_REGISTRY;
}

enum registry_error issue_waiting(struct registry *registry,
                                  const uint8_t thumbprint[CRYPTO_SHA256_SIZE], uint32_t *ret_index,
                                  struct credential *ret_claims)
{
    struct registry_unfinished *unfinished = malloc(sizeof *unfinished);
    enum registry_error error = unfinished == NULL ? REGISTRY_STATE : REGISTRY_OK;
    int64_t after = -1;
    while (error == REGISTRY_OK) {
        error = registry_next_unfinished(registry, after, unfinished);
        if (error == REGISTRY_OK && waits_for(unfinished, thumbprint, ret_claims)) {
            *ret_index = unfinished->index;
            break;
        }
        after = error == REGISTRY_OK ? unfinished->index : after;
    }
    free(unfinished);
    return error;
}
