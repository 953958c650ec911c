/* SPDX-License-Identifier: Apache-2.0
 *
 * The last steps of a certificate, for a new one and for one that an earlier run left half-way.
 * Pages can fail for good, so they are made before the card is, and the card before any paper.
 */
#include "issuer/issue_steps.h"

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

static enum issue_error note_output(struct issue_item *item, enum output_error error)
{
    switch (error) {
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

/* Runs one step inside a transaction of its own. */
static enum registry_error note_finished_chip(struct registry *registry, uint32_t index,
                                              unsigned pages)
{
    enum registry_error error = registry_begin(registry);
    if (error == REGISTRY_OK) {
        error = registry_job_left(registry, index, pages & ~(unsigned)ISSUE_CHIP);
    }
    if (error == REGISTRY_OK) {
        error = registry_commit(registry);
    }
    if (error != REGISTRY_OK) {
        registry_rollback(registry);
    }
    return error;
}

/* A finished card goes to its holder, whatever becomes of the files; that it is finished is on
 * record before they are written. */
static enum issue_error write_chip(const struct issue_session *session, struct issue_item *item,
                                   const struct signed_credential *made, unsigned pages)
{
    const struct issue_chip *chip = session->chip;
    if ((pages & ISSUE_CHIP) == 0) {
        return ISSUE_OK;
    }
    if (!chip->write(chip->ctx, made, session->photo, item->why)) {
        item->outcome = ISSUE_WAITS_CHIP;
        return ISSUE_NO_CHIP;
    }
    if (note_finished_chip(session->registry, item->index, pages) != REGISTRY_OK) {
        (void)snprintf(item->why, sizeof item->why,
                       "the card is finished, and the registry could not note it");
        item->outcome = ISSUE_WAITS_CHIP;
        return ISSUE_NO_CHIP;
    }
    return ISSUE_OK;
}

enum issue_error issue_write(const struct issue_session *session, struct issue_item *item,
                             const struct signed_credential *made, const char *folder,
                             unsigned pages)
{
    struct titles titles;
    struct output *output = NULL;
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
    enum issue_error error = note_output(item, output_make(&request, &output, item->why));
    if (error == ISSUE_OK) {
        error = write_chip(session, item, made, pages);
    }
    if (error == ISSUE_OK) {
        error = note_output(item, output_put(&request, output, item->why));
    }
    output_free(output);
    return error;
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
