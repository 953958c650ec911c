/* SPDX-License-Identifier: Apache-2.0
 *
 * The store as a bundle again: every document as it was signed, every row as it was digested.
 * Anyone may do this; no key is needed to carry a list on.
 */
#include <stdio.h>
#include <stdlib.h>

#include "verifier/trust_import.h"
#include "verifier/trust_old_rows.h"
#include "verifier/trust_pack.h"
#include "verifier/trust_signatures.h"

/* Bytes that live until the bundle is written. */
struct owned {
    struct owned *next;
    uint8_t *bytes;
};

struct exporter {
    struct trust_store *store;
    char subject[24];
    struct trust_state state;
    int64_t since_version;      /* 0: everything */
    struct trust_header *since; /* owned; NULL: everything */
    struct trust_bundle bundle;
    struct trust_export_report report;
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
    if (from.len != 0) { /* nothing has no address */
        memcpy(bytes, from.ptr, from.len);
    }
    *ret_copy = span_of(bytes, from.len);
    return TRUST_UPDATE_OK;
}

/* ---- rows ---- */

/* What turns the base (NULL: nothing) into the rows. */
static enum trust_update_error pack(struct exporter *ex, const struct trust_rows *base,
                                    const struct trust_rows *rows, struct trust_part *ret_part)
{
    struct trust_packed packed = {0};
    enum trust_update_error error = trust_pack(base, rows, &packed);
    if (error == TRUST_UPDATE_OK && !keep(ex, packed.bytes)) {
        error = TRUST_UPDATE_SYSTEM;
    }
    *ret_part = packed.part;
    return error;
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

/* Rows of a list as they are now, and as the base had them. */
struct sides {
    struct trust_rows now[2];
    struct trust_old_rows before;
    const struct trust_rows *base; /* two parts: now or before; NULL: the whole list */
};

static enum trust_update_error pack_parts(struct exporter *ex, const struct sides *sides,
                                          struct trust_list_file *file)
{
    const struct trust_rows *base = sides->base;
    enum trust_update_error error =
        pack(ex, base == NULL ? NULL : &base[0], &sides->now[0], &file->security);
    if (error == TRUST_UPDATE_OK && file->has_catalogue) {
        error = pack(ex, base == NULL ? NULL : &base[1], &sides->now[1], &file->catalogue);
    }
    return error;
}

/* Where the way back is not known, the file becomes a whole list. */
static enum trust_update_error find_base(struct exporter *ex,
                                         const struct trust_stored_list *stored,
                                         struct trust_list_file *file, struct sides *sides)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    if (span_equal(file->base, span_of(stored->digest, TRUST_DIGEST_SIZE))) {
        sides->base = sides->now;
    } else if (file->base.len != 0) {
        error = trust_old_rows(ex->store, stored, file->base, sides->now, &sides->before);
        sides->base = sides->before.known ? sides->before.part : NULL;
    }
    if (sides->base == NULL) {
        file->base = span_of(NULL, 0);
    }
    return error;
}

static enum trust_update_error export_sides(struct exporter *ex,
                                            const struct trust_stored_list *stored,
                                            const struct trust_list *list,
                                            struct trust_list_file *file)
{
    struct sides sides = {0};
    /* A store that was damaged on its disk must not send the damage on. */
    enum trust_update_error error = trust_import_load_signed(ex->store, list, false, &sides.now[0]);
    if (error == TRUST_UPDATE_OK && file->has_catalogue) {
        error = trust_import_load_signed(ex->store, list, true, &sides.now[1]);
    }
    if (error == TRUST_UPDATE_OK) {
        error = find_base(ex, stored, file, &sides);
    }
    if (error == TRUST_UPDATE_OK) {
        error = pack_parts(ex, &sides, file);
    }
    trust_rows_free(&sides.now[0]);
    trust_rows_free(&sides.now[1]);
    trust_old_rows_free(&sides.before);
    return error;
}

/* `base` (empty: whole) names the version that the other side has. */
static enum trust_update_error export_list(struct exporter *ex,
                                           const struct trust_stored_list *stored, struct span base)
{
    struct trust_list_file file = {.has_catalogue = stored->has_catalogue, .base = base};
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
        error = export_sides(ex, stored, &list, &file);
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    ex->report.deltas += file.base.len != 0;
    ex->report.wholes += file.base.len == 0;
    return write_list_file(ex, &file);
}

/* What the header that the other side has says of the list: 0 bytes when it names none. */
static struct span base_of(const struct exporter *ex, const struct trust_stored_list *list)
{
    const struct trust_header_state *line =
        ex->since == NULL ? NULL : trust_header_state(ex->since, span_str(list->state));
    return line == NULL ? span_of(NULL, 0) : line->list_digest;
}

/* What the other side has already. Below a newer root it may hold a list by keys that no longer
 * count, and then needs the document again: as changes of nothing. */
static bool is_known(const struct exporter *ex, const struct trust_stored_list *list,
                     struct span base)
{
    return span_equal(base, span_of(list->digest, TRUST_DIGEST_SIZE)) &&
           ex->since->root_version == ex->state.root->version;
}

/* What another store would refuse is left out: lists that the header does not name. */
static enum trust_update_error export_lists(struct exporter *ex)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (size_t i = 0; i < ex->state.list_count && error == TRUST_UPDATE_OK; i++) {
        const struct trust_stored_list *list = &ex->state.list[i];
        struct span base = base_of(ex, list);
        bool known = is_known(ex, list, base);
        ex->report.unchanged += known;
        if (ex->state.has_header && !list->behind && !list->disabled && !known) {
            snprintf(ex->subject, sizeof ex->subject, "list %s", list->state);
            error = export_list(ex, list, base);
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
        struct cose_sign cose;
        enum trust_update_error error =
            trust_import_stored(trust_store_root_document(ex->store, version, &document));
        if (error == TRUST_UPDATE_OK) {
            error = trust_import_open_stored(ex->store, document, COSE_TYP_ROOT, &cose);
        }
        if (error == TRUST_UPDATE_OK) {
            error = copy(ex, document, &ex->bundle.root[ex->bundle.root_count++]);
        }
        if (error != TRUST_UPDATE_OK) {
            return error;
        }
    }
    return TRUST_UPDATE_OK;
}

/* The header that the other side has, by its version. */
static enum trust_update_error read_since(struct exporter *ex)
{
    struct span document, bytes;
    struct cose_sign cose;
    if (ex->since_version == 0) {
        return TRUST_UPDATE_OK;
    }
    snprintf(ex->subject, sizeof ex->subject, "header %lld", (long long)ex->since_version);
    enum trust_store_error read =
        ex->state.has_header && ex->state.header.version == ex->since_version
            ? trust_store_header_document(ex->store, &document)
            : trust_store_old_header(ex->store, ex->since_version, &document);
    if (read == TRUST_STORE_EMPTY) {
        return TRUST_UPDATE_BASE_MISMATCH;
    }
    enum trust_update_error error = trust_import_stored(read);
    if (error == TRUST_UPDATE_OK) {
        error = copy(ex, document, &bytes);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_open_stored(ex->store, bytes, COSE_TYP_HEADER, &cose);
    }
    ex->since = calloc(1, sizeof *ex->since);
    if (error == TRUST_UPDATE_OK && ex->since == NULL) {
        error = TRUST_UPDATE_SYSTEM;
    }
    return error == TRUST_UPDATE_OK
               ? trust_update_error_of(trust_header_decode(cose.payload, ex->since))
               : error;
}

static enum trust_update_error export_all(struct exporter *ex)
{
    enum trust_update_error error =
        trust_import_stored(trust_store_read_state(ex->store, &ex->state));
    if (error == TRUST_UPDATE_OK && !ex->state.has_root) {
        error = TRUST_UPDATE_NO_ROOT;
    }
    if (error == TRUST_UPDATE_OK) {
        error = read_since(ex);
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

struct trust_refusal trust_update_export(struct trust_store *store, int64_t since,
                                         uint8_t **ret_bundle, size_t *ret_len,
                                         struct trust_export_report *ret_report)
{
    struct trust_refusal refusal = {.error = TRUST_UPDATE_SYSTEM};
    struct exporter *ex = calloc(1, sizeof *ex);
    if (ex == NULL) {
        return refusal;
    }
    ex->store = store;
    ex->since_version = since;
    refusal.error = trust_import_stored(trust_store_begin_read(store));
    if (refusal.error == TRUST_UPDATE_OK) {
        refusal.error = export_all(ex);
        trust_store_rollback(store);
    }
    memcpy(refusal.subject, ex->subject, sizeof refusal.subject);
    if (refusal.error == TRUST_UPDATE_OK) {
        refusal.subject[0] = '\0';
        refusal.error = write_bundle(&ex->bundle, ret_bundle, ret_len);
        *ret_report = ex->report;
    }
    trust_state_free(&ex->state);
    release_all(ex);
    free(ex->since);
    free(ex);
    return refusal;
}
