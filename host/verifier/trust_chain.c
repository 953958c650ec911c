/* SPDX-License-Identifier: Apache-2.0
 *
 * The root chain: one version after another, each signed by the thresholds of the one before and
 * its own; and what a new root takes away from what is stored (design of TUF's root update, with
 * every cached role checked again).
 */
#include <stdlib.h>

#include "verifier/trust_import.h"
#include "verifier/trust_signatures.h"

/* ---- roots that are stored already ---- */

/* The version before decides who may sign a version; version 1 signs itself. */
static enum trust_update_error check_by_stored_root(struct trust_import *im,
                                                    const struct cose_sign *cose, int64_t version)
{
    struct span document;
    struct cose_sign stored;
    enum trust_update_error error =
        trust_import_stored(trust_store_root_document(im->store, version, &document));
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_open_stored(im->store, document, COSE_TYP_ROOT, &stored);
    }
    struct trust_root *root = malloc(sizeof *root);
    if (error == TRUST_UPDATE_OK) {
        error = root == NULL ? TRUST_UPDATE_SYSTEM
                             : trust_update_error_of(trust_root_decode(stored.payload, root));
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_signatures_check(cose, &root->root, im->state.root_id);
    }
    free(root);
    return error;
}

/* The same version again: it must be the same root. Its signatures are looked at even so, because a
 * damaged bundle is refused whole, and because only signed content can equivocate. */
static enum trust_update_error check_known(struct trust_import *im, const struct cose_sign *cose,
                                           int64_t version)
{
    struct span document;
    struct cose_sign stored;
    enum trust_update_error error =
        trust_import_stored(trust_store_root_document(im->store, version, &document));
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_open_stored(im->store, document, COSE_TYP_ROOT, &stored);
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    bool same = span_equal(stored.payload, cose->payload);
    if (!same && version == 1) {
        return TRUST_UPDATE_ROOT_ID;
    }
    error = check_by_stored_root(im, cose, version == 1 ? 1 : version - 1);
    return error == TRUST_UPDATE_OK && !same ? TRUST_UPDATE_EQUIVOCATION : error;
}

/* ---- the next root ---- */

static enum trust_update_error check_next(struct trust_import *im, const struct cose_sign *cose,
                                          const struct trust_root *next)
{
    if (next->version > im->root->version + 1) {
        return TRUST_UPDATE_ROOT_GAP;
    }
    enum trust_update_error error =
        trust_signatures_check(cose, &im->root->root, im->state.root_id);
    if (error == TRUST_UPDATE_OK) {
        error = trust_signatures_check(cose, &next->root, im->state.root_id);
    }
    return error == TRUST_UPDATE_OK && next->sample != im->root->sample ? TRUST_UPDATE_SAMPLE
                                                                        : error;
}

static void put_in_force(struct trust_import *im, struct trust_root *root)
{
    if (im->root != im->state.root) {
        free(im->root);
    }
    im->root = root;
}

static enum trust_update_error store_next(struct trust_import *im, const struct cose_sign *cose,
                                          struct span document, const struct trust_root *next)
{
    uint8_t digest[TRUST_DIGEST_SIZE];
    enum trust_update_error error = trust_digest(cose->payload, digest);
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(trust_store_put_root(im->store, next, digest, document));
    }
    return error;
}

static enum trust_update_error take_root(struct trust_import *im, struct span document)
{
    struct cose_sign cose;
    trust_import_subject(im, "root", span_str(""));
    enum trust_update_error error = trust_document_open(document, COSE_TYP_ROOT, &cose);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    struct trust_root *root = malloc(sizeof *root);
    if (root == NULL) {
        return TRUST_UPDATE_SYSTEM;
    }
    error = trust_update_error_of(trust_root_decode(cose.payload, root));
    if (error != TRUST_UPDATE_OK) {
        goto out;
    }
    trust_import_subject_version(im, "root", root->version);
    if (root->version <= im->root->version) {
        error = check_known(im, &cose, root->version);
        goto out;
    }
    error = check_next(im, &cose, root);
    if (error == TRUST_UPDATE_OK) {
        error = store_next(im, &cose, document, root);
    }
    if (error == TRUST_UPDATE_OK) {
        put_in_force(im, root);
        root = NULL;
        im->report.roots_added++;
    }
out:
    free(root);
    return error;
}

/* ---- what a new root takes away ---- */

static bool same_role(const struct trust_role *a, const struct trust_role *b)
{
    bool same = a->threshold == b->threshold && a->key_count == b->key_count;
    for (size_t i = 0; same && i < a->key_count; i++) {
        same = span_equal(a->key[i].public_key, b->key[i].public_key);
    }
    return same;
}

/* Whether a stored document would still be accepted. */
static enum trust_update_error is_still_signed(struct trust_import *im, struct span document,
                                               const char *typ, const struct trust_role *role,
                                               bool *ret_signed)
{
    struct cose_sign cose;
    enum trust_update_error error = trust_import_open_stored(im->store, document, typ, &cose);
    if (error == TRUST_UPDATE_OK) {
        error = trust_signatures_check(&cose, role, im->state.root_id);
    }
    *ret_signed = error == TRUST_UPDATE_OK;
    bool refused = error == TRUST_UPDATE_SIGNATURE || error == TRUST_UPDATE_THRESHOLD;
    return refused ? TRUST_UPDATE_OK : error;
}

/* The old publisher's word no longer counts: not its header, nor the freshness and the time it
 * vouched for. Without this a stolen key could lock devices out with a far date or a huge version.
 */
static enum trust_update_error forget_header(struct trust_import *im)
{
    im->header = NULL;
    if (im->state.floor_s > im->root->issued_at_s) {
        im->state.floor_s = im->root->issued_at_s;
    }
    im->state.high_water_s = 0;
    for (size_t i = 0; i < im->state.list_count; i++) {
        im->state.list[i].fresh_as_of_s = 0;
        im->state.list[i].behind = true;
    }
    enum trust_update_error error = trust_import_stored(trust_store_forget_headers(im->store));
    return error == TRUST_UPDATE_OK ? trust_import_stored(trust_store_remove_header(im->store))
                                    : error;
}

/* A header that is still signed stays, and so does its counter. */
static enum trust_update_error recheck_header(struct trust_import *im)
{
    if (im->header == NULL || same_role(&im->state.root->publisher, &im->root->publisher)) {
        return TRUST_UPDATE_OK;
    }
    struct span document;
    bool still_signed = false;
    enum trust_update_error error =
        trust_import_stored(trust_store_header_document(im->store, &document));
    if (error == TRUST_UPDATE_OK) {
        error = is_still_signed(im, document, COSE_TYP_HEADER, &im->root->publisher, &still_signed);
    }
    return error != TRUST_UPDATE_OK || still_signed ? error : forget_header(im);
}

/* Whether root and root say the same about who speaks for a state, and until when. */
static bool same_authority(const struct trust_authority *a, const struct trust_authority *b)
{
    return same_role(&a->role, &b->role) && a->ended == b->ended && a->ended_day == b->ended_day;
}

/* A list that would be refused now is not believed any longer, and does not stand in the way of the
 * one that takes its place. One that keys in force have signed keeps its counter: else whoever
 * carries the root could bring back what they signed before it. */
static enum trust_update_error recheck_list(struct trust_import *im, struct trust_stored_list *list)
{
    struct span state = span_str(list->state);
    const struct trust_authority *before = trust_root_authority(im->state.root, state);
    const struct trust_authority *now = trust_root_authority(im->root, state);
    if (now == NULL) {
        list->disabled = true;
        return TRUST_UPDATE_OK;
    }
    if (before != NULL && same_authority(before, now)) {
        return TRUST_UPDATE_OK;
    }
    struct span document;
    bool still_signed = false;
    enum trust_update_error error =
        trust_import_stored(trust_store_list_document(im->store, state, &document));
    if (error == TRUST_UPDATE_OK) {
        error = is_still_signed(im, document, COSE_TYP_LIST, &now->role, &still_signed);
    }
    list->disabled = !still_signed || !trust_import_spoke_in_time(now, list->as_of_s);
    if (error != TRUST_UPDATE_OK || !list->disabled) {
        return error;
    }
    list->least_version = 0;
    return trust_import_stored(trust_store_reset_list_version(im->store, state));
}

static enum trust_update_error recheck_all(struct trust_import *im)
{
    enum trust_update_error error = recheck_header(im);
    for (size_t i = 0; i < im->state.list_count && error == TRUST_UPDATE_OK; i++) {
        error = recheck_list(im, &im->state.list[i]);
    }
    return error;
}

enum trust_update_error trust_import_roots(struct trust_import *im,
                                           const struct trust_bundle *bundle)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (size_t i = 0; i < bundle->root_count && error == TRUST_UPDATE_OK; i++) {
        error = take_root(im, bundle->root[i]);
    }
    if (error == TRUST_UPDATE_OK && im->report.roots_added != 0) {
        error = recheck_all(im);
    }
    /* Of roots on the way only the order counts: who slept through five of them can still catch up.
     */
    if (error == TRUST_UPDATE_OK && trust_import_now(im) > im->root->expires_s) {
        trust_import_subject_version(im, "root", im->root->version);
        error = TRUST_UPDATE_EXPIRED;
    }
    return error;
}
