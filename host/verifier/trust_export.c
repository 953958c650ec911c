/* SPDX-License-Identifier: Apache-2.0
 *
 * The store as a bundle again: every document as it was signed, every row as it was digested.
 * Anyone may do this; no key is needed to carry a list on.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/deflate.h"
#include "verifier/trust_import.h"
#include "verifier/trust_signatures.h"

#define FIRST_ROOM 65536

/* Bytes that live until the bundle is written. */
struct owned {
    struct owned *next;
    uint8_t *bytes;
};

struct exporter {
    struct trust_store *store;
    char subject[24];
    struct trust_state state;
    struct trust_bundle bundle;
    struct owned *owned;
};

/* Takes over `bytes`, even when it fails; NULL is a failure. */
static bool keep(struct exporter *ex, uint8_t *bytes)
{
    struct owned *owned = malloc(sizeof *owned);
    if (owned == NULL || bytes == NULL) {
        free(owned);
        free(bytes);
        return false;
    }
    *owned = (struct owned){ex->owned, bytes};
    ex->owned = owned;
    return true;
}

static void release_all(struct exporter *ex)
{
    while (ex->owned != NULL) {
        struct owned *next = ex->owned->next;
        free(ex->owned->bytes);
        free(ex->owned);
        ex->owned = next;
    }
}

static enum trust_update_error copy(struct exporter *ex, struct span from, struct span *ret_copy)
{
    uint8_t *bytes = malloc(from.len + 1);
    if (!keep(ex, bytes)) {
        return TRUST_UPDATE_SYSTEM;
    }
    memcpy(bytes, from.ptr, from.len);
    *ret_copy = span_of(bytes, from.len);
    return TRUST_UPDATE_OK;
}

/* ---- rows ---- */

/* Makes room for `more` bytes; the room doubles, so that the rows are copied a few times only. */
static bool make_room(struct writer *w, size_t more)
{
    if (more <= w->cap - w->len) {
        return true;
    }
    size_t cap = w->cap == 0 ? FIRST_ROOM : w->cap;
    while (cap - w->len < more) {
        cap *= 2;
    }
    uint8_t *larger = realloc(w->ptr, cap);
    if (larger == NULL) {
        return false;
    }
    w->ptr = larger;
    w->cap = cap;
    return true;
}

static enum trust_update_error collect(struct exporter *ex, struct span state, bool catalogue,
                                       struct writer *rows)
{
    struct row row;
    enum trust_store_error error =
        trust_store_rows_begin(ex->store, state, catalogue ? ROW_LAST_SECURITY + 1 : ROW_ISSUER,
                               catalogue ? ROW_JOB_TITLE : ROW_LAST_SECURITY);
    while (error == TRUST_STORE_OK) {
        error = trust_store_rows_next(ex->store, &row);
        if (error == TRUST_STORE_OK) {
            if (rows->len + row.bytes.len > TRUST_MAX_ROWS_BYTES) {
                return TRUST_UPDATE_LIMIT;
            }
            if (!make_room(rows, row.bytes.len)) {
                return TRUST_UPDATE_SYSTEM;
            }
            writer_put(rows, row.bytes);
        }
    }
    return error == TRUST_STORE_EMPTY ? TRUST_UPDATE_OK : trust_import_stored(error);
}

/* Packed when that is smaller. */
static enum trust_update_error pack(struct exporter *ex, struct span rows, struct trust_part *part)
{
    uint8_t *packed = NULL;
    size_t len = 0;
    *part = (struct trust_part){TRUST_PART_RAW, rows.len, rows};
    if (deflate_pack(rows, &packed, &len) != DEFLATE_OK || !keep(ex, packed)) {
        return TRUST_UPDATE_SYSTEM;
    }
    if (len < rows.len) {
        *part = (struct trust_part){TRUST_PART_ZLIB, rows.len, span_of(packed, len)};
    }
    return TRUST_UPDATE_OK;
}

/* A store that was damaged on its disk must not send the damage on. */
static enum trust_update_error export_part(struct exporter *ex, const struct trust_list *list,
                                           bool catalogue, struct trust_part *part)
{
    struct writer rows = writer_of(NULL, 0);
    enum trust_update_error error = collect(ex, list->state, catalogue, &rows);
    if (rows.ptr != NULL && !keep(ex, rows.ptr)) {
        return TRUST_UPDATE_SYSTEM;
    }
    uint8_t digest[TRUST_DIGEST_SIZE];
    if (error == TRUST_UPDATE_OK) {
        error = trust_rows_digest(writer_span(&rows), catalogue, digest);
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    struct span wanted = catalogue ? list->catalogue_digest : list->digest;
    if (!span_equal(wanted, span_of(digest, sizeof digest))) {
        return TRUST_UPDATE_DIGEST_MISMATCH;
    }
    return pack(ex, writer_span(&rows), part);
}

/* ---- lists ---- */

static enum trust_update_error write_list_file(struct exporter *ex,
                                               const struct trust_list_file *file)
{
    struct writer dry = writer_of(NULL, 0);
    trust_list_file_encode(file, &dry);
    uint8_t *bytes = malloc(dry.len);
    if (!keep(ex, bytes)) {
        return TRUST_UPDATE_SYSTEM;
    }
    struct writer w = writer_of(bytes, dry.len);
    trust_list_file_encode(file, &w);
    ex->bundle.list[ex->bundle.list_count++] = writer_span(&w);
    return TRUST_UPDATE_OK;
}

static enum trust_update_error export_list(struct exporter *ex,
                                           const struct trust_stored_list *stored)
{
    struct trust_list_file file = {.has_catalogue = stored->has_catalogue};
    struct span document;
    struct cose_sign cose;
    struct trust_list list;
    enum trust_update_error error = trust_import_stored(
        trust_store_list_document(ex->store, span_str(stored->state), &document));
    if (error == TRUST_UPDATE_OK) {
        error = copy(ex, document, &file.document);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_open_stored(ex->store, file.document, COSE_TYP_LIST, &cose);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of(trust_list_decode(cose.payload, &list));
    }
    if (error == TRUST_UPDATE_OK) {
        error = export_part(ex, &list, false, &file.security);
    }
    if (error == TRUST_UPDATE_OK && file.has_catalogue) {
        error = export_part(ex, &list, true, &file.catalogue);
    }
    return error == TRUST_UPDATE_OK ? write_list_file(ex, &file) : error;
}

/* What another store would refuse is left out: lists that the header does not name. */
static enum trust_update_error export_lists(struct exporter *ex)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (size_t i = 0; i < ex->state.list_count && error == TRUST_UPDATE_OK; i++) {
        const struct trust_stored_list *list = &ex->state.list[i];
        if (ex->state.has_header && !list->behind && !list->disabled) {
            snprintf(ex->subject, sizeof ex->subject, "list %s", list->state);
            error = export_list(ex, list);
        }
    }
    return error;
}

/* ---- roots and header ---- */

/* The newest TRUST_MAX_ROOTS versions: a store that has slept longer needs an older bundle first.
 */
static enum trust_update_error export_roots(struct exporter *ex)
{
    int64_t newest = ex->state.root->version;
    int64_t first = newest > TRUST_MAX_ROOTS ? newest - TRUST_MAX_ROOTS + 1 : 1;
    for (int64_t version = first; version <= newest; version++) {
        struct span document;
        enum trust_update_error error =
            trust_import_stored(trust_store_root_document(ex->store, version, &document));
        if (error == TRUST_UPDATE_OK) {
            error = copy(ex, document, &ex->bundle.root[ex->bundle.root_count++]);
        }
        if (error != TRUST_UPDATE_OK) {
            return error;
        }
    }
    return TRUST_UPDATE_OK;
}

static enum trust_update_error export_all(struct exporter *ex)
{
    enum trust_update_error error =
        trust_import_stored(trust_store_read_state(ex->store, &ex->state));
    if (error == TRUST_UPDATE_OK && !ex->state.has_root) {
        error = TRUST_UPDATE_NO_ROOT;
    }
    if (error == TRUST_UPDATE_OK) {
        error = export_roots(ex);
    }
    if (error == TRUST_UPDATE_OK && ex->state.has_header) {
        struct span header;
        error = trust_import_stored(trust_store_header_document(ex->store, &header));
        if (error == TRUST_UPDATE_OK) {
            error = copy(ex, header, &ex->bundle.header);
        }
    }
    return error == TRUST_UPDATE_OK ? export_lists(ex) : error;
}

static enum trust_update_error write_bundle(const struct trust_bundle *bundle, uint8_t **ret_bundle,
                                            size_t *ret_len)
{
    struct writer dry = writer_of(NULL, 0);
    trust_bundle_encode(bundle, &dry);
    if (dry.len > TRUST_MAX_BUNDLE) {
        return TRUST_UPDATE_LIMIT;
    }
    uint8_t *bytes = malloc(dry.len);
    if (bytes == NULL) {
        return TRUST_UPDATE_SYSTEM;
    }
    struct writer w = writer_of(bytes, dry.len);
    trust_bundle_encode(bundle, &w);
    *ret_bundle = bytes;
    *ret_len = w.len;
    return TRUST_UPDATE_OK;
}

struct trust_refusal trust_update_export(struct trust_store *store, uint8_t **ret_bundle,
                                         size_t *ret_len)
{
    struct trust_refusal refusal = {.error = TRUST_UPDATE_SYSTEM};
    struct exporter *ex = calloc(1, sizeof *ex);
    if (ex == NULL) {
        return refusal;
    }
    ex->store = store;
    refusal.error = trust_import_stored(trust_store_begin_read(store));
    if (refusal.error == TRUST_UPDATE_OK) {
        refusal.error = export_all(ex);
        trust_store_rollback(store);
    }
    memcpy(refusal.subject, ex->subject, sizeof refusal.subject);
    if (refusal.error == TRUST_UPDATE_OK) {
        refusal.subject[0] = '\0';
        refusal.error = write_bundle(&ex->bundle, ret_bundle, ret_len);
    }
    trust_state_free(&ex->state);
    release_all(ex);
    free(ex);
    return refusal;
}
