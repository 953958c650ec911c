/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything in the trust store but the rows, read into one struct: root and header decoded, and a
 * line about each list. Trusts what was accepted once, as far as it can still be read.
 */
#include <stdlib.h>

#include "codec/cose.h"
#include "verifier/trust_schema.h"

/* The payload of a document that was accepted once. */
static bool open_stored(struct span document, const char *typ, struct span *ret_payload)
{
    struct cose_sign cose;
    if (cose_sign_decode(document, typ, &cose) != COSE_OK) {
        return false;
    }
    *ret_payload = cose.payload;
    return true;
}

static bool copy_digest(struct span digest, uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    if (digest.len != TRUST_DIGEST_SIZE) {
        return false;
    }
    memcpy(ret_digest, digest.ptr, digest.len);
    return true;
}

static bool is_time(int64_t seconds)
{
    return seconds >= 0 && seconds <= TRUST_MAX_SECONDS;
}

static enum trust_store_error read_store_row(struct trust_store *store, struct trust_state *state)
{
    struct db_stmt *s = store->statement[SQL_STORE];
    enum trust_store_error error = trust_store_step(store, s);
    if (error != TRUST_STORE_OK) {
        return error == TRUST_STORE_EMPTY ? trust_store_damaged(store) : error;
    }
    state->has_root = !db_column_is_null(s, 0);
    state->floor_s = db_column_int(s, 2);
    state->high_water_s = db_column_int(s, 3);
    if (!is_time(state->floor_s) || !is_time(state->high_water_s) ||
        (state->has_root && !copy_digest(db_column_span(s, 0), state->root_id))) {
        return trust_store_damaged(store);
    }
    return db_column_int(s, 1) != 0 && !store->sample ? TRUST_STORE_SAMPLE : TRUST_STORE_OK;
}

/* TRUST_STORE_DB: without memory nothing can be said about it. */
static enum trust_store_error check_digest(struct span payload,
                                           const uint8_t digest[TRUST_DIGEST_SIZE])
{
    uint8_t found[TRUST_DIGEST_SIZE];
    if (crypto_sha256(&payload, 1, found) != CRYPTO_OK) {
        return TRUST_STORE_DB;
    }
    return memcmp(found, digest, sizeof found) == 0 ? TRUST_STORE_OK : TRUST_STORE_DATA;
}

/* Root and header: both documents go into one buffer, which the decoded structs then point into. */
static enum trust_store_error decode_documents(struct trust_state *state, struct span root,
                                               struct span header)
{
    struct span payload;
    uint8_t *buffer = malloc(root.len + header.len);
    state->root = malloc(sizeof *state->root);
    state->buffer = buffer;
    if (buffer == NULL || state->root == NULL) {
        return TRUST_STORE_DB;
    }
    memcpy(buffer, root.ptr, root.len);
    if (!open_stored(span_of(buffer, root.len), COSE_TYP_ROOT, &payload) ||
        trust_root_decode(payload, state->root) != TRUST_DOC_OK) {
        return TRUST_STORE_DATA;
    }
    enum trust_store_error error =
        state->root->version == 1 ? check_digest(payload, state->root_id) : TRUST_STORE_OK;
    if (error != TRUST_STORE_OK || !state->has_header) {
        return error;
    }
    memcpy(buffer + root.len, header.ptr, header.len);
    bool good = open_stored(span_of(buffer + root.len, header.len), COSE_TYP_HEADER, &payload) &&
                trust_header_decode(payload, &state->header) == TRUST_DOC_OK;
    return good ? check_digest(payload, state->header_digest) : TRUST_STORE_DATA;
}

static enum trust_store_error read_documents(struct trust_store *store, struct trust_state *state)
{
    struct db_stmt *root = store->statement[SQL_NEWEST_ROOT];
    struct db_stmt *header = store->statement[SQL_HEADER];
    enum trust_store_error error = trust_store_step(store, root);
    if (error != TRUST_STORE_OK) {
        return error == TRUST_STORE_EMPTY ? trust_store_damaged(store) : error;
    }
    error = trust_store_step(store, header);
    if (error != TRUST_STORE_OK && error != TRUST_STORE_EMPTY) {
        return error;
    }
    state->has_header = error == TRUST_STORE_OK;
    struct span header_bytes = span_of(NULL, 0);
    if (state->has_header) {
        header_bytes = db_column_span(header, 0);
        state->header_least_version = db_column_int(header, 2);
        if (!copy_digest(db_column_span(header, 1), state->header_digest)) {
            return trust_store_damaged(store);
        }
    }
    struct span root_bytes = db_column_span(root, 0);
    bool empty = root_bytes.len == 0 || (state->has_header && header_bytes.len == 0);
    error = empty ? TRUST_STORE_DATA : decode_documents(state, root_bytes, header_bytes);
    if (error != TRUST_STORE_OK) {
        store->db_error = error == TRUST_STORE_DATA ? DB_CORRUPT : DB_SYSTEM;
    }
    return error;
}

/* False for what no import writes: a list that seems fresh for ever is a damaged one. */
static bool read_list(struct db_stmt *s, struct trust_stored_list *list)
{
    struct span state = db_column_span(s, 0);
    if (state.len != TRUST_STATE_SIZE || !copy_digest(db_column_span(s, 5), list->digest)) {
        return false;
    }
    memcpy(list->state, state.ptr, TRUST_STATE_SIZE);
    list->version = db_column_int(s, 1);
    list->least_version = db_column_int(s, 2);
    list->as_of_s = db_column_int(s, 3);
    list->expires_s = db_column_int(s, 4);
    list->has_catalogue = db_column_int(s, 6) != 0;
    list->fresh_as_of_s = db_column_int(s, 7);
    list->behind = db_column_int(s, 8) != 0;
    list->disabled = db_column_int(s, 9) != 0;
    return list->version > 0 && list->least_version >= 0 && is_time(list->as_of_s) &&
           is_time(list->expires_s) && is_time(list->fresh_as_of_s);
}

static enum trust_store_error read_lists(struct trust_store *store, struct trust_state *state)
{
    struct db_stmt *s = store->statement[SQL_LISTS];
    enum trust_store_error error;
    while ((error = trust_store_step(store, s)) == TRUST_STORE_OK) {
        if (state->list_count == TRUST_MAX_STATES ||
            !read_list(s, &state->list[state->list_count++])) {
            return trust_store_damaged(store);
        }
    }
    return error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
}

enum trust_store_error trust_store_read_state(struct trust_store *store,
                                              struct trust_state *ret_state)
{
    struct trust_state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return trust_store_result(store, DB_SYSTEM);
    }
    enum trust_store_error error = read_store_row(store, state);
    if (error == TRUST_STORE_OK && state->has_root) {
        error = read_documents(store, state);
    }
    if (error == TRUST_STORE_OK) {
        error = read_lists(store, state);
    }
    db_reset(store->statement[SQL_STORE]);
    db_reset(store->statement[SQL_NEWEST_ROOT]);
    db_reset(store->statement[SQL_HEADER]);
    db_reset(store->statement[SQL_LISTS]);
    if (error == TRUST_STORE_OK) {
        *ret_state = *state;
    } else {
        trust_state_free(state);
    }
    free(state);
    return error;
}

void trust_state_free(struct trust_state *state)
{
    free(state->root);
    free(state->buffer);
    *state = (struct trust_state){0};
}

const struct trust_stored_list *trust_state_list(const struct trust_state *state, struct span code)
{
    for (size_t i = 0; i < state->list_count; i++) {
        if (span_equal(span_str(state->list[i].state), code)) {
            return &state->list[i];
        }
    }
    return NULL;
}
