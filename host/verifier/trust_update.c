/* SPDX-License-Identifier: Apache-2.0
 *
 * What may enter the trust store, in the order it is asked: roots, header, lists, freshness, time.
 * Every refusal rolls all of it back.
 */
#include "verifier/trust_update.h"

#include <stdio.h>
#include <stdlib.h>

#include "verifier/clock.h"
#include "verifier/trust_import.h"
#include "verifier/trust_schema.h"
#include "verifier/trust_signatures.h"

/* ---- what the steps share ---- */

void trust_import_subject(struct trust_import *im, const char *kind, struct span name)
{
    snprintf(im->subject, sizeof im->subject, "%s%s%.*s", kind, name.len == 0 ? "" : " ",
             (int)name.len, name.len == 0 ? "" : (const char *)name.ptr);
}

void trust_import_subject_version(struct trust_import *im, const char *kind, int64_t version)
{
    snprintf(im->subject, sizeof im->subject, "%s %lld", kind, (long long)version);
}

enum trust_update_error trust_import_stored(enum trust_store_error error)
{
    switch (error) {
    case TRUST_STORE_OK:
        return TRUST_UPDATE_OK;
    case TRUST_STORE_SAMPLE:
        return TRUST_UPDATE_SAMPLE;
    case TRUST_STORE_EMPTY:
    case TRUST_STORE_DATA:
    case TRUST_STORE_DB:
        break;
    }
    return TRUST_UPDATE_STORE;
}

enum trust_update_error trust_import_open_stored(struct trust_store *store, struct span document,
                                                 const char *typ, struct cose_sign *ret_document)
{
    return trust_document_open(document, typ, ret_document) == TRUST_UPDATE_OK
               ? TRUST_UPDATE_OK
               : trust_import_stored(trust_store_damaged(store));
}

static struct clock_judgement judge(const struct trust_import *im)
{
    return clock_judge(&(struct clock_input){
        .system_s = im->clock.now_s,
        .build_s = im->clock.build_s,
        .floor_s = im->state.floor_s,
        .high_water_s = im->state.high_water_s,
    });
}

int64_t trust_import_now(const struct trust_import *im)
{
    return judge(im).now_s;
}

/* ---- header ---- */

static enum trust_update_error check_header(struct trust_import *im,
                                            const struct trust_header *header, bool same)
{
    if (header->root_version > im->root->version) {
        return TRUST_UPDATE_ROOT_GAP;
    }
    if (header->issued_at_s > clock_add(trust_import_now(im), CLOCK_MAX_AHEAD_S)) {
        return TRUST_UPDATE_TIME_JUMP;
    }
    if (im->header == NULL || im->state.header_least_version == 0) {
        return TRUST_UPDATE_OK;
    }
    if (header->version < im->state.header_least_version) {
        return TRUST_UPDATE_ROLLBACK;
    }
    return header->version == im->header->version && !same ? TRUST_UPDATE_EQUIVOCATION
                                                           : TRUST_UPDATE_OK;
}

/* The header that is replaced stays known, so that others can be told what changed since. */
static enum trust_update_error keep_header(struct trust_import *im)
{
    if (im->header == NULL) {
        return TRUST_UPDATE_OK;
    }
    return trust_import_stored(im->new_header.version > im->header->version
                                   ? trust_store_keep_header(im->store, TRUST_KEEP_VERSIONS)
                                   : trust_store_forget_headers(im->store));
}

static enum trust_update_error put_header(struct trust_import *im, const uint8_t *digest,
                                          struct span document)
{
    enum trust_update_error error = keep_header(im);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    im->header = &im->new_header;
    im->report.header_added = true;
    if (im->state.floor_s < im->header->issued_at_s) {
        im->state.floor_s = im->header->issued_at_s;
    }
    return trust_import_stored(trust_store_put_header(im->store, im->header, digest, document));
}

static enum trust_update_error take_header(struct trust_import *im, struct span document)
{
    struct cose_sign cose;
    uint8_t digest[TRUST_DIGEST_SIZE];
    trust_import_subject(im, "header", span_str(""));
    enum trust_update_error error = trust_document_open(document, COSE_TYP_HEADER, &cose);
    if (error == TRUST_UPDATE_OK) {
        error = trust_signatures_check(&cose, &im->root->publisher, im->state.root_id);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of(trust_header_decode(cose.payload, &im->new_header));
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_digest(cose.payload, digest);
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    bool same =
        im->header != NULL && memcmp(digest, im->state.header_digest, TRUST_DIGEST_SIZE) == 0;
    error = check_header(im, &im->new_header, same);
    return error == TRUST_UPDATE_OK && !same ? put_header(im, digest, document) : error;
}

/* ---- freshness and time ---- */

static bool header_names(const struct trust_header *header, const struct trust_stored_list *list)
{
    const struct trust_header_state *named = trust_header_state(header, span_str(list->state));
    return named != NULL && named->version == list->version &&
           span_equal(named->list_digest, span_of(list->digest, TRUST_DIGEST_SIZE));
}

/* A header makes fresh what it names exactly; anything else keeps its age and is behind. No list is
 * fresher than the header: one made by a clock that was put right is older than the one before. */
static void judge_freshness(const struct trust_header *header, struct trust_stored_list *list)
{
    list->behind = !header_names(header, list);
    if (!list->behind) {
        list->fresh_as_of_s = header->issued_at_s;
    } else if (list->fresh_as_of_s >= header->issued_at_s) {
        list->fresh_as_of_s = header->issued_at_s > 0 ? header->issued_at_s - 1 : 0;
    }
}

static enum trust_update_error put_freshness(struct trust_import *im)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (size_t i = 0; i < im->state.list_count && error == TRUST_UPDATE_OK; i++) {
        struct trust_stored_list *list = &im->state.list[i];
        if (im->header != NULL) {
            judge_freshness(im->header, list);
        }
        error = trust_import_stored(trust_store_put_freshness(
            im->store, span_str(list->state), list->fresh_as_of_s, list->behind, list->disabled));
    }
    return error;
}

/* A newer header says that time has come at least so far: a clock that fits it is believed again,
 * even when it is behind the latest one seen. */
static enum trust_update_error put_time(struct trust_import *im)
{
    int64_t high_water_s = im->state.high_water_s;
    int64_t most_s = clock_add(im->state.floor_s, CLOCK_MAX_AHEAD_S);
    if (im->report.header_added) {
        im->state.high_water_s = 0;
    }
    struct clock_judgement j = judge(im);
    if (!j.suspect) {
        high_water_s = j.high_water_s;
    } else if (im->report.header_added && high_water_s > most_s) {
        high_water_s = most_s;
    }
    return trust_import_stored(trust_store_put_time(im->store, im->state.floor_s, high_water_s));
}

/* ---- import ---- */

/* How much there is to do, before anything is unpacked. */
static enum trust_update_error look_ahead(struct trust_import *im,
                                          const struct trust_bundle *bundle)
{
    trust_import_subject(im, "list", span_str(""));
    for (size_t i = 0; i < bundle->list_count; i++) {
        struct trust_list_file file;
        enum trust_update_error error =
            trust_update_error_of(trust_list_file_decode(bundle->list[i], &file));
        if (error != TRUST_UPDATE_OK) {
            return error;
        }
        im->bytes_all += file.security.size + file.catalogue.size;
    }
    return TRUST_UPDATE_OK;
}

static enum trust_update_error import_all(struct trust_import *im,
                                          const struct trust_bundle *bundle)
{
    if (!im->state.has_root) {
        return TRUST_UPDATE_NO_ROOT;
    }
    im->root = im->state.root;
    im->header = im->state.has_header ? &im->state.header : NULL;
    enum trust_update_error error = trust_import_roots(im, bundle);
    if (error == TRUST_UPDATE_OK && bundle->header.len != 0) {
        error = take_header(im, bundle->header);
    }
    if (error == TRUST_UPDATE_OK) {
        error = look_ahead(im, bundle);
    }
    for (size_t i = 0; i < bundle->list_count && error == TRUST_UPDATE_OK; i++) {
        error = trust_import_list(im, bundle->list[i]);
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    im->subject[0] = '\0';
    error = put_freshness(im);
    return error == TRUST_UPDATE_OK ? put_time(im) : error;
}

/* One transaction around everything. */
static enum trust_update_error import_in_transaction(struct trust_import *im,
                                                     const struct trust_bundle *bundle)
{
    enum trust_update_error error = trust_import_stored(trust_store_begin_write(im->store));
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    error = trust_import_stored(trust_store_read_state(im->store, &im->state));
    if (error == TRUST_UPDATE_OK) {
        error = import_all(im, bundle);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(trust_store_commit(im->store));
    }
    if (error != TRUST_UPDATE_OK) {
        trust_store_rollback(im->store);
    }
    return error;
}

static struct trust_refusal refusal_of(const struct trust_import *im, enum trust_update_error error)
{
    struct trust_refusal refusal = {.error = error};
    memcpy(refusal.subject, im->subject, sizeof refusal.subject);
    return refusal;
}

struct trust_refusal trust_update_import(struct trust_store *store, struct span bundle,
                                         const struct trust_clock_input *clock,
                                         void (*progress)(void *ctx, size_t done, size_t all),
                                         void *ctx, struct trust_update_report *ret_report)
{
    struct trust_refusal refusal = {.error = TRUST_UPDATE_SYSTEM};
    struct trust_bundle *parts = malloc(sizeof *parts);
    struct trust_import *im = calloc(1, sizeof *im);
    if (parts == NULL || im == NULL) {
        goto out;
    }
    im->store = store;
    im->clock = *clock;
    im->progress = progress;
    im->progress_ctx = ctx;
    enum trust_update_error error = trust_update_error_of(trust_bundle_decode(bundle, parts));
    if (error == TRUST_UPDATE_OK) {
        error = import_in_transaction(im, parts);
    }
    if (error == TRUST_UPDATE_OK) {
        im->report.header_version = im->header == NULL ? 0 : im->header->version;
        *ret_report = im->report;
    }
    refusal = refusal_of(im, error);
    if (im->root != im->state.root) {
        free(im->root);
    }
    trust_state_free(&im->state);
out:
    free(im);
    free(parts);
    return refusal;
}

/* ---- first trust ---- */

static enum trust_update_error put_first_root(struct trust_import *im,
                                              const struct trust_root *root, struct span file)
{
    if (im->state.has_root) {
        return TRUST_UPDATE_OK;
    }
    if (root->sample != trust_store_sample(im->store)) {
        return TRUST_UPDATE_SAMPLE;
    }
    enum trust_update_error error =
        trust_import_stored(trust_store_put_root(im->store, root, im->state.root_id, file));
    return error == TRUST_UPDATE_OK ? put_time(im) : error;
}

static enum trust_update_error init_in_transaction(struct trust_import *im, struct span file,
                                                   const struct trust_root *root,
                                                   const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    enum trust_update_error error = trust_import_stored(trust_store_begin_write(im->store));
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    error = trust_import_stored(trust_store_read_state(im->store, &im->state));
    if (error == TRUST_UPDATE_OK && im->state.has_root &&
        memcmp(im->state.root_id, root_id, TRUST_DIGEST_SIZE) != 0) {
        error = TRUST_UPDATE_ROOT_ID;
    }
    if (error == TRUST_UPDATE_OK) {
        memcpy(im->state.root_id, root_id, TRUST_DIGEST_SIZE);
        error = put_first_root(im, root, file);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(trust_store_commit(im->store));
    }
    if (error != TRUST_UPDATE_OK) {
        trust_store_rollback(im->store);
    }
    return error;
}

struct trust_refusal trust_update_init(struct trust_store *store, struct span file,
                                       const uint8_t root_id[TRUST_DIGEST_SIZE],
                                       const struct trust_clock_input *clock)
{
    struct trust_refusal refusal = {.error = TRUST_UPDATE_SYSTEM};
    struct trust_root *root = malloc(sizeof *root);
    struct trust_import *im = calloc(1, sizeof *im);
    if (root == NULL || im == NULL) {
        goto out;
    }
    im->store = store;
    im->clock = *clock;
    trust_import_subject_version(im, "root", 1);
    uint8_t found[TRUST_DIGEST_SIZE];
    enum trust_update_error error = trust_root_open(file, root, found);
    if (error == TRUST_UPDATE_OK && memcmp(found, root_id, sizeof found) != 0) {
        error = TRUST_UPDATE_ROOT_ID;
    }
    if (error == TRUST_UPDATE_OK) {
        error = init_in_transaction(im, file, root, root_id);
    }
    refusal = refusal_of(im, error);
    if (error == TRUST_UPDATE_OK) {
        refusal.subject[0] = '\0';
    }
    trust_state_free(&im->state);
out:
    free(im);
    free(root);
    return refusal;
}
