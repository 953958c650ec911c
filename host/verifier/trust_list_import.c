/* SPDX-License-Identifier: Apache-2.0
 *
 * One national list: whose it is, who signed it, whether it is the one the header names; then its
 * rows.
 */
#include "verifier/clock.h"
#include "verifier/trust_import.h"
#include "verifier/trust_signatures.h"

/* A list on its way in. */
struct incoming {
    struct trust_list_file file;
    struct cose_sign cose;
    struct trust_list list;
    uint8_t digest[TRUST_DIGEST_SIZE];
    struct trust_stored_list *stored; /* of the same state, or NULL */
};

static struct trust_stored_list *find_line(struct trust_import *im, struct span state)
{
    for (size_t i = 0; i < im->state.list_count; i++) {
        if (span_equal(span_str(im->state.list[i].state), state)) {
            return &im->state.list[i];
        }
    }
    return NULL;
}

static enum trust_update_error open_list(struct trust_import *im, struct span file,
                                         struct incoming *in)
{
    trust_import_subject(im, "list", span_str(""));
    enum trust_update_error error = trust_update_error_of(trust_list_file_decode(file, &in->file));
    if (error == TRUST_UPDATE_OK) {
        error = trust_document_open(in->file.document, COSE_TYP_LIST, &in->cose);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of(trust_list_decode(in->cose.payload, &in->list));
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    trust_import_subject(im, "list", in->list.state);
    in->stored = find_line(im, in->list.state);
    return trust_digest(in->cose.payload, in->digest);
}

bool trust_import_spoke_in_time(const struct trust_authority *authority, int64_t as_of_s)
{
    return !authority->ended || as_of_s / CLOCK_DAY_S <= authority->ended_day;
}

/* The keys that speak for a state, and until when it could speak at all. */
static enum trust_update_error check_authority(struct trust_import *im, const struct incoming *in)
{
    const struct trust_authority *authority = trust_root_authority(im->root, in->list.state);
    if (authority == NULL || !trust_import_spoke_in_time(authority, in->list.as_of_s)) {
        return TRUST_UPDATE_SCOPE;
    }
    return trust_signatures_check(&in->cose, &authority->role, im->state.root_id);
}

static bool is_stored(const struct incoming *in)
{
    return in->stored != NULL && memcmp(in->stored->digest, in->digest, TRUST_DIGEST_SIZE) == 0;
}

static enum trust_update_error check_version(const struct incoming *in)
{
    if (in->stored == NULL || in->stored->least_version == 0) {
        return TRUST_UPDATE_OK;
    }
    if (in->list.version < in->stored->least_version) {
        return TRUST_UPDATE_ROLLBACK;
    }
    return in->list.version == in->stored->version && !is_stored(in) ? TRUST_UPDATE_EQUIVOCATION
                                                                     : TRUST_UPDATE_OK;
}

static enum trust_update_error check_header_names_it(struct trust_import *im,
                                                     const struct incoming *in)
{
    const struct trust_header_state *named =
        im->header == NULL ? NULL : trust_header_state(im->header, in->list.state);
    bool exact = named != NULL && named->version == in->list.version &&
                 named->as_of_s == in->list.as_of_s &&
                 span_equal(named->list_digest, span_of(in->digest, TRUST_DIGEST_SIZE));
    return exact ? TRUST_UPDATE_OK : TRUST_UPDATE_MIX_MATCH;
}

static enum trust_update_error check_dates(const struct trust_import *im, const struct incoming *in)
{
    int64_t latest_s = clock_add(trust_import_now(im), CLOCK_MAX_AHEAD_S);
    return in->list.as_of_s > latest_s ? TRUST_UPDATE_TIME_JUMP : TRUST_UPDATE_OK;
}

/* ---- rows ---- */

/* A list that ships without its catalogue keeps the stored one when that is the one it was signed
 * with. */
static enum trust_update_error keeps_catalogue(struct trust_import *im, const struct incoming *in,
                                               bool *ret_keep)
{
    *ret_keep = false;
    if (in->file.has_catalogue || in->stored == NULL || !in->stored->has_catalogue) {
        return TRUST_UPDATE_OK;
    }
    struct span document;
    struct cose_sign cose;
    struct trust_list stored;
    enum trust_update_error error =
        trust_import_stored(trust_store_list_document(im->store, in->list.state, &document));
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_open_stored(im->store, document, COSE_TYP_LIST, &cose);
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of(trust_list_decode(cose.payload, &stored));
    }
    *ret_keep = error == TRUST_UPDATE_OK && in->list.catalogue_digest.len != 0 &&
                span_equal(stored.catalogue_digest, in->list.catalogue_digest);
    return error;
}

static enum trust_update_error remove_rows(struct trust_import *im, const struct incoming *in,
                                           bool keep_catalogue)
{
    enum row_type most = keep_catalogue ? ROW_LAST_SECURITY : ROW_JOB_TITLE;
    return trust_import_stored(
        trust_store_remove_rows(im->store, in->list.state, ROW_ISSUER, most));
}

static enum trust_update_error take_rows(struct trust_import *im, const struct incoming *in)
{
    struct trust_part_import security = {
        .state = in->list.state,
        .part = &in->file.security,
        .digest = in->list.digest,
        .row_limit = TRUST_MAX_ROWS,
    };
    size_t rows = 0, titles = 0;
    enum trust_update_error error = trust_import_rows(im, &security, &rows);
    if (error == TRUST_UPDATE_OK && in->file.has_catalogue) {
        struct trust_part_import catalogue = {
            .state = in->list.state,
            .part = &in->file.catalogue,
            .digest = in->list.catalogue_digest,
            .catalogue = true,
            .row_limit = TRUST_MAX_ROWS - rows,
        };
        error = trust_import_rows(im, &catalogue, &titles);
    }
    im->report.rows += rows + titles;
    return error;
}

/* Keeps the line about the list that the freshness of all is worked out from at the end. */
static enum trust_update_error remember(struct trust_import *im, const struct incoming *in,
                                        bool has_catalogue)
{
    struct trust_stored_list *line = in->stored;
    if (line == NULL) {
        if (im->state.list_count == TRUST_MAX_STATES) {
            return TRUST_UPDATE_LIMIT;
        }
        line = &im->state.list[im->state.list_count++];
    }
    *line = (struct trust_stored_list){
        .version = in->list.version,
        .as_of_s = in->list.as_of_s,
        .expires_s = in->list.expires_s,
        .least_version = in->list.version,
        .has_catalogue = has_catalogue,
    };
    memcpy(line->state, in->list.state.ptr, TRUST_STATE_SIZE);
    memcpy(line->digest, in->digest, TRUST_DIGEST_SIZE);
    return TRUST_UPDATE_OK;
}

static enum trust_update_error replace(struct trust_import *im, const struct incoming *in)
{
    bool keep_catalogue = false;
    enum trust_update_error error = keeps_catalogue(im, in, &keep_catalogue);
    bool has_catalogue = in->file.has_catalogue || keep_catalogue;
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(trust_store_put_list(im->store, &in->list, in->digest,
                                                         in->file.document, has_catalogue));
    }
    if (error == TRUST_UPDATE_OK) {
        error = remove_rows(im, in, keep_catalogue);
    }
    if (error == TRUST_UPDATE_OK) {
        error = take_rows(im, in);
    }
    return error == TRUST_UPDATE_OK ? remember(im, in, has_catalogue) : error;
}

/* Nothing to do: the very list is here, in force, with all the rows that this file could bring. */
static bool brings_nothing(const struct incoming *in)
{
    return is_stored(in) && !in->stored->disabled &&
           (in->stored->has_catalogue || !in->file.has_catalogue);
}

enum trust_update_error trust_import_list(struct trust_import *im, struct span file)
{
    struct incoming in = {0};
    enum trust_update_error error = open_list(im, file, &in);
    if (error == TRUST_UPDATE_OK) {
        error = check_authority(im, &in);
    }
    if (error == TRUST_UPDATE_OK) {
        error = check_version(&in);
    }
    if (error == TRUST_UPDATE_OK) {
        error = check_header_names_it(im, &in);
    }
    if (error == TRUST_UPDATE_OK) {
        error = check_dates(im, &in);
    }
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    if (brings_nothing(&in)) {
        im->report.lists_unchanged++;
        im->bytes_done += in.file.security.size + in.file.catalogue.size;
        return TRUST_UPDATE_OK;
    }
    im->report.lists_added++;
    return replace(im, &in);
}
