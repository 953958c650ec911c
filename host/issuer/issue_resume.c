/* SPDX-License-Identifier: Apache-2.0
 *
 * The last steps of a certificate, for a new one and for one that an earlier run left half-way.
 */
#include "issuer/issue_steps.h"

#include <stdlib.h>

#include "issuer/output.h"

/* NULL when there are none: pages then have codes alone, which is no error. */
static const struct titles *read_titles(const struct issue_session *session,
                                        const struct credential *credential, unsigned pages,
                                        struct titles *titles)
{
    bool found = pages != 0 && session->trust_list != NULL &&
                 titles_read(session->trust_list, credential, session->station->second_language,
                             session->now_s, titles) == TITLES_OK;
    return found ? titles : NULL;
}

enum issue_error issue_write(const struct issue_session *session, struct issue_item *item,
                             const struct signed_credential *made, const char *folder,
                             unsigned pages)
{
    struct titles titles;
    char name[OUTPUT_NAME_MAX];
    output_name(credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER),
                session->kind != REGISTRY_ORIGINAL, item->index, name);
    struct output_request request = {
        .station = session->station,
        .credential = &item->credential,
        .made = made,
        .photo = session->photo,
        .titles = read_titles(session, &item->credential, pages, &titles),
        .libexec_dir = session->libexec_dir,
        .folder = folder,
        .name = name,
        .pages = pages,
    };
    switch (output_write(&request, item->why)) {
    case OUTPUT_OK:
        return ISSUE_OK;
    case OUTPUT_PAGE:
        item->outcome = ISSUE_FAILED;
        item->void_why = REGISTRY_WHY_UNREAD;
        return ISSUE_UNREAD;
    case OUTPUT_PROGRAM:
        item->outcome = ISSUE_WAITS;
        return ISSUE_PROGRAM;
    case OUTPUT_FILE:
        break;
    }
    item->outcome = ISSUE_WAITS;
    return ISSUE_FILE;
}

enum registry_error issue_settle(const struct issue_session *session, struct issue_item *item)
{
    enum registry_error error = REGISTRY_OK;
    if (item->outcome == ISSUE_NOT_TRIED) {
        error = registry_delivered(session->registry, item->index, session->now_s);
        item->outcome = error == REGISTRY_OK ? ISSUE_DELIVERED : ISSUE_WAITS;
    } else if (item->outcome == ISSUE_FAILED) {
        error = registry_void(session->registry, item->index, item->void_why, session->now_s);
        /* One that could not be signed is void already. */
        error = error == REGISTRY_STATE ? REGISTRY_OK : error;
    }
    return error;
}

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

static enum issue_error write_again(const struct issue_session *session,
                                    const struct registry_unfinished *unfinished,
                                    struct signed_credential *made, struct issue_item *item)
{
    struct holder_photo photo = {.bytes = NULL};
    struct issue_session again = *session;
    enum issue_error error = find_photo(session, unfinished->job.photo, item, &photo);
    if (error != ISSUE_OK) {
        return error;
    }
    again.photo = photo.bytes == NULL ? NULL : &photo;
    again.kind = unfinished->kind;
    error = issue_write(&again, item, made, unfinished->job.folder, unfinished->job.pages);
    holder_photo_clear(&photo);
    return error;
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
    if (signer_reopen(session->signer, document, made) != SIGNER_OK ||
        !signed_credential_claims(made, &item->credential)) {
        item->outcome = ISSUE_FAILED;
        (void)snprintf(item->why, sizeof item->why, "was signed with another key, or is damaged");
        return ISSUE_UNREAD;
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
        if (error == REGISTRY_OK) {
            after = unfinished->index;
            sweep(session, unfinished);
            enum issue_error ended = end_one(session, unfinished, made, item);
            result = ended != ISSUE_OK ? ended : result;
            error = settle_one(session, item);
        }
        if (error == REGISTRY_OK && tell != NULL) {
            tell(ctx, item);
        }
    }
    free(unfinished);
    free(made);
    free(item);
    *ret_registry_error = error;
    return error == REGISTRY_DONE || result == ISSUE_SYSTEM ? result : ISSUE_REGISTRY;
}
