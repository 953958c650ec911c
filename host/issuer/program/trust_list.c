/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening the trust store, with a sentence about what is wrong with it, and one check of
 * signatures.
 */
#include "trust_list.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "issuer/block.h"
#include "verifier/trust_update.h"

static int say_store(const char *path, enum trust_store_error error, enum db_error db_error)
{
    switch (error) {
    case TRUST_STORE_SAMPLE:
        return say(STATUS_DATA, "%s: holds sample data; say --sample if that is meant", path);
    case TRUST_STORE_DB:
        return say(STATUS_IO, "%s: %s", path, db_error_text(db_error));
    case TRUST_STORE_EMPTY:
        return say(STATUS_DATA, "%s: has no root; install one with \"saksi trust init\"", path);
    default:
        return say(STATUS_DATA, "%s: the trust list is damaged; import it again", path);
    }
}

static int open_store(const char *path, bool sample, struct trust_store **ret_store,
                      struct trust_state *ret_state)
{
    enum db_error db_error = DB_OK;
    struct trust_store *store = NULL;
    enum trust_store_error error = trust_store_open(path, DB_READ, sample, &store, &db_error);
    if (error != TRUST_STORE_OK) {
        return say_store(path, error, db_error);
    }
    error = trust_store_begin_read(store);
    if (error == TRUST_STORE_OK) {
        error = trust_store_read_state(store, ret_state);
    }
    if (error == TRUST_STORE_OK && !ret_state->has_root) {
        trust_state_free(ret_state);
        error = TRUST_STORE_EMPTY;
    } else if (error == TRUST_STORE_OK && ret_state->root->sample != sample) {
        trust_state_free(ret_state);
        trust_store_close(store);
        return say(STATUS_DATA, "%s: is a real trust list; leave out --sample", path);
    }
    if (error != TRUST_STORE_OK) {
        int status = say_store(path, error, trust_store_db_error(store));
        trust_store_close(store);
        return status;
    }
    *ret_store = store;
    return STATUS_OK;
}

static void close_store(struct trust_store *store, struct trust_state *state)
{
    trust_state_free(state);
    trust_store_rollback(store);
    trust_store_close(store);
}

int trust_list_open(const char *path, bool sample, struct trust_store **ret_store)
{
    struct trust_state state = {.has_root = false};
    int status = open_store(path, sample, ret_store, &state);
    if (status == STATUS_OK) {
        trust_state_free(&state);
        trust_store_rollback(*ret_store);
    }
    return status;
}

int trust_list_names(const char *path, bool sample, struct span issuer,
                     struct titles_names *ret_names)
{
    struct trust_store *store = NULL;
    struct trust_state state = {.has_root = false};
    int status = open_store(path, sample, &store, &state);
    if (status == STATUS_OK) {
        titles_names_read(store, issuer, ret_names);
        close_store(store, &state);
    }
    return status;
}

/* --- blocks --- */

static int check_document(const char *path, struct span document, const struct trust_state *state,
                          struct block *ret_block)
{
    struct cose_sign cose = {.signer_count = 0};
    if (cose_sign_decode(document, BLOCK_TYP, &cose) != COSE_OK ||
        !block_decode(cose.payload, ret_block)) {
        return say(STATUS_DATA, "%s: is not an index block, or is damaged", path);
    }
    struct span code = span_of(ret_block->issuer.ptr, TRUST_STATE_SIZE);
    const struct trust_authority *authority = trust_root_authority(state->root, code);
    if (authority == NULL || authority->ended) {
        return say(STATUS_DATA, "%s: the trust list has no authority for %.2s", path,
                   (const char *)code.ptr);
    }
    enum trust_update_error error = trust_signatures_check(&cose, &authority->role, state->root_id);
    if (error != TRUST_UPDATE_OK) {
        const char *more =
            error == TRUST_UPDATE_THRESHOLD
                ? "; if it needs more signatures, add them with \"saksi authority sign\""
                : "";
        return say(STATUS_DATA, "%s: the authority of %.2s did not sign this block (%s)%s", path,
                   (const char *)code.ptr, trust_update_error_name(error), more);
    }
    return STATUS_OK;
}

static void copy_code(struct span code, char to[33])
{
    (void)snprintf(to, 33, "%.*s", (int)code.len, (const char *)code.ptr);
}

int block_check(const char *path, const char *db_path, bool sample, struct checked_block *ret_block)
{
    struct checked_block checked = {.document = NULL};
    struct trust_store *store = NULL;
    struct trust_state state = {.has_root = false};
    struct block block = {.first = 0};
    enum file_error error = file_read(path, BLOCK_MAX_BYTES, &checked.document, &checked.len);
    if (error != FILE_OK) {
        return say(STATUS_IO, "%s: %s", path, file_error_text(error));
    }
    int status = open_store(db_path, sample, &store, &state);
    if (status == STATUS_OK) {
        status = check_document(path, span_of(checked.document, checked.len), &state, &block);
        close_store(store, &state);
    }
    if (status != STATUS_OK) {
        free(checked.document);
        return status;
    }
    copy_code(block.issuer, checked.issuer);
    copy_code(block.station, checked.station);
    checked.first = block.first;
    checked.last = block.last;
    *ret_block = checked;
    return STATUS_OK;
}
