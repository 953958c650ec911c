/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of trust_update, asked of what is stored.
 */
#include "verifier/trust_recheck.h"

#include <stdio.h>
#include <stdlib.h>

#include "verifier/trust_import.h"
#include "verifier/trust_old_rows.h"
#include "verifier/trust_schema.h"
#include "verifier/trust_signatures.h"

struct recheck {
    struct trust_store *store;
    struct trust_state state;
    void (*tell)(void *ctx, const char *subject, enum trust_update_error error);
    void *ctx;
};

static void tell_number(const struct recheck *re, const char *kind, int64_t version,
                        enum trust_update_error error)
{
    char subject[48];
    snprintf(subject, sizeof subject, "%s %lld", kind, (long long)version);
    re->tell(re->ctx, subject, error);
}

static void tell_state(const struct recheck *re, const char *kind, const char *state,
                       enum trust_update_error error)
{
    char subject[24];
    snprintf(subject, sizeof subject, "%s %s", kind, state);
    re->tell(re->ctx, subject, error);
}

/* ---- roots ---- */

/* A root and the bytes it points into. */
struct held_root {
    struct trust_root root;
    uint8_t *bytes;
};

static void held_root_free(struct held_root *held)
{
    if (held != NULL) {
        free(held->bytes);
        free(held);
    }
}

static enum trust_update_error hold_root(struct recheck *re, int64_t version,
                                         struct held_root *held, struct cose_sign *ret_cose)
{
    struct span document;
    enum trust_update_error error =
        trust_import_stored(trust_store_root_document(re->store, version, &document));
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    held->bytes = malloc(document.len + 1);
    if (held->bytes == NULL) {
        return TRUST_UPDATE_SYSTEM;
    }
    memcpy(held->bytes, document.ptr, document.len);
    error = trust_document_open(span_of(held->bytes, document.len), COSE_TYP_ROOT, ret_cose);
    return error == TRUST_UPDATE_OK
               ? trust_update_error_of(trust_root_decode(ret_cose->payload, &held->root))
               : error;
}

/* `before` is the root one version older; NULL for the first, which the operator confirmed. */
static enum trust_update_error check_root(struct recheck *re, int64_t version,
                                          const struct held_root *before, struct held_root *held)
{
    struct cose_sign cose;
    uint8_t digest[TRUST_DIGEST_SIZE];
    enum trust_update_error error = hold_root(re, version, held, &cose);
    if (error == TRUST_UPDATE_OK && held->root.version != version) {
        error = TRUST_UPDATE_ROOT_GAP;
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_digest(cose.payload, digest);
    }
    if (error == TRUST_UPDATE_OK && before == NULL &&
        memcmp(digest, re->state.root_id, sizeof digest) != 0) {
        error = TRUST_UPDATE_ROOT_ID;
    }
    if (error == TRUST_UPDATE_OK && before != NULL) {
        error = trust_signatures_check(&cose, &before->root.root, re->state.root_id);
    }
    return error == TRUST_UPDATE_OK
               ? trust_signatures_check(&cose, &held->root.root, re->state.root_id)
               : error;
}

static void check_roots(struct recheck *re)
{
    struct held_root *before = NULL;
    for (int64_t version = 1; version <= re->state.root->version; version++) {
        struct held_root *held = calloc(1, sizeof *held);
        enum trust_update_error error =
            held == NULL ? TRUST_UPDATE_SYSTEM : check_root(re, version, before, held);
        tell_number(re, "root", version, error);
        held_root_free(before);
        before = held;
        if (error != TRUST_UPDATE_OK) {
            break; /* what follows hangs in the air */
        }
    }
    held_root_free(before);
}

/* ---- header ---- */

static enum trust_update_error check_header(struct recheck *re)
{
    struct span document;
    struct cose_sign cose;
    enum trust_update_error error =
        trust_import_stored(trust_store_header_document(re->store, &document));
    if (error == TRUST_UPDATE_OK) {
        error = trust_document_open(document, COSE_TYP_HEADER, &cose);
    }
    return error == TRUST_UPDATE_OK
               ? trust_signatures_check(&cose, &re->state.root->publisher, re->state.root_id)
               : error;
}

/* ---- lists ---- */

static enum trust_update_error check_document(struct recheck *re,
                                              const struct trust_stored_list *stored,
                                              struct trust_list *ret_list)
{
    struct span document;
    struct cose_sign cose;
    uint8_t digest[TRUST_DIGEST_SIZE];
    const struct trust_authority *authority =
        trust_root_authority(re->state.root, span_str(stored->state));
    enum trust_update_error error = trust_import_stored(
        trust_store_list_document(re->store, span_str(stored->state), &document));
    if (error == TRUST_UPDATE_OK) {
        error = trust_document_open(document, COSE_TYP_LIST, &cose);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of(trust_list_decode(cose.payload, ret_list));
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_digest(cose.payload, digest);
    }
    if (error == TRUST_UPDATE_OK && memcmp(digest, stored->digest, sizeof digest) != 0) {
        error = TRUST_UPDATE_DIGEST_MISMATCH;
    }
    if (error != TRUST_UPDATE_OK || stored->disabled) {
        return error;
    }
    return authority == NULL ? TRUST_UPDATE_SCOPE
                             : trust_signatures_check(&cose, &authority->role, re->state.root_id);
}

/* The rows of a part, and what an import would ask of them. */
static enum trust_update_error check_part(struct recheck *re, const struct trust_list *list,
                                          bool catalogue, struct trust_rows *ret_rows)
{
    enum trust_update_error error = trust_import_load_signed(re->store, list, catalogue, ret_rows);
    return error == TRUST_UPDATE_OK ? trust_rows_check(ret_rows, list->state, catalogue, true)
                                    : error;
}

/* Every kept way back, one step after another. */
static void check_history(struct recheck *re, const struct trust_stored_list *stored,
                          const struct trust_rows now[2])
{
    struct trust_old_list oldest;
    struct trust_old_rows rows = {0};
    int64_t version = stored->version;
    bool any = false;
    while (trust_store_older_list(re->store, span_str(stored->state), version, &oldest) ==
           TRUST_STORE_OK) {
        version = oldest.version;
        any = true;
    }
    if (!any) {
        return;
    }
    enum trust_update_error error =
        trust_old_rows(re->store, stored, span_of(oldest.digest, sizeof oldest.digest), now, &rows);
    if (error == TRUST_UPDATE_OK && !rows.known) {
        error = TRUST_UPDATE_FORMAT;
    }
    tell_state(re, "history", stored->state, error);
    trust_old_rows_free(&rows);
}

static void check_list(struct recheck *re, const struct trust_stored_list *stored)
{
    struct trust_list list;
    struct trust_rows rows[2] = {0};
    enum trust_update_error error = check_document(re, stored, &list);
    if (error == TRUST_UPDATE_OK) {
        error = check_part(re, &list, false, &rows[0]);
    }
    if (error == TRUST_UPDATE_OK && stored->has_catalogue) {
        error = check_part(re, &list, true, &rows[1]);
    }
    tell_state(re, "list", stored->state, error);
    if (error == TRUST_UPDATE_OK) {
        check_history(re, stored, rows);
    }
    trust_rows_free(&rows[0]);
    trust_rows_free(&rows[1]);
}

/* ---- the store ---- */

static enum trust_update_error check_all(struct recheck *re)
{
    enum trust_update_error error =
        trust_import_stored(trust_store_result(re->store, db_check(re->store->db)));
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(trust_store_read_state(re->store, &re->state));
    }
    if (error == TRUST_UPDATE_OK && !re->state.has_root) {
        error = TRUST_UPDATE_NO_ROOT;
    }
    re->tell(re->ctx, "database", error);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    check_roots(re);
    if (re->state.has_header) {
        re->tell(re->ctx, "header", check_header(re));
    }
    for (size_t i = 0; i < re->state.list_count; i++) {
        check_list(re, &re->state.list[i]);
    }
    return TRUST_UPDATE_OK;
}

void trust_recheck(struct trust_store *store,
                   void (*tell)(void *ctx, const char *subject, enum trust_update_error error),
                   void *ctx)
{
    struct recheck *re = calloc(1, sizeof *re);
    if (re == NULL || trust_store_begin_read(store) != TRUST_STORE_OK) {
        tell(ctx, "database", re == NULL ? TRUST_UPDATE_SYSTEM : TRUST_UPDATE_STORE);
        free(re);
        return;
    }
    *re = (struct recheck){.store = store, .tell = tell, .ctx = ctx};
    if (check_all(re) == TRUST_UPDATE_OK) {
        trust_state_free(&re->state);
    }
    trust_store_rollback(store);
    free(re);
}
