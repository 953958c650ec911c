/* SPDX-License-Identifier: Apache-2.0
 *
 * One national list: whose it is, who signed it, whether it is the one the header names; then its
 * rows.
 */
#include <stdlib.h>

#include "verifier/clock.h"
#include "verifier/trust_import.h"
#include "verifier/trust_pack.h"
#include "verifier/trust_signatures.h"

#define PARTS 2 /* security and catalogue, by number */

/* A list on its way in. */
struct incoming {
    struct trust_list_file file;
    struct cose_sign cose;
    struct trust_list list;
    uint8_t digest[TRUST_DIGEST_SIZE];
    struct trust_stored_list *stored; /* of the same state, or NULL */

    /* Rows as stored, when they are sound, and as they will be. Of the catalogue there may be none
     * before or after. */
    struct side {
        bool known;
        struct trust_rows rows;
        uint8_t digest[TRUST_DIGEST_SIZE]; /* of the rows before */
    } before[PARTS], after[PARTS];
    bool is_signed[PARTS]; /* the rows as stored are those that this list signs */
    bool keeps_catalogue;  /* the stored one stays */
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

/* A second list of one state could only say the same again, and costs the stored one's reading each
 * time. */
static enum trust_update_error note_state(struct trust_import *im, struct span state)
{
    for (size_t i = 0; i < im->came_count; i++) {
        if (span_equal(span_of(im->came[i], TRUST_STATE_SIZE), state)) {
            return TRUST_UPDATE_FORMAT;
        }
    }
    if (im->came_count == TRUST_MAX_STATES) {
        return TRUST_UPDATE_LIMIT;
    }
    memcpy(im->came[im->came_count++], state.ptr, TRUST_STATE_SIZE);
    return TRUST_UPDATE_OK;
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
    error = note_state(im, in->list.state);
    return error == TRUST_UPDATE_OK ? trust_digest(in->cose.payload, in->digest) : error;
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

/* What is damaged counts as nothing, unless it must be built upon. */
static enum trust_update_error load_part(struct trust_import *im, struct incoming *in, int part)
{
    uint8_t *digest = in->before[part].digest;
    struct span wanted = part != 0 ? in->list.catalogue_digest : in->list.digest;
    enum trust_store_error error =
        trust_store_load(im->store, in->list.state, part != 0, &in->before[part].rows);
    bool needed = error == TRUST_STORE_DATA && in->file.base.len != 0;
    if (error == TRUST_STORE_DB || needed) {
        return trust_import_stored(error);
    }
    in->before[part].known = error == TRUST_STORE_OK;
    if (error != TRUST_STORE_OK) {
        return TRUST_UPDATE_OK;
    }
    error = trust_store_part_digest(im->store, in->list.state, part != 0, digest);
    in->is_signed[part] =
        error == TRUST_STORE_OK && span_equal(wanted, span_of(digest, TRUST_DIGEST_SIZE));
    return trust_import_stored(error);
}

static enum trust_update_error load_before(struct trust_import *im, struct incoming *in)
{
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (int part = 0; part < PARTS && in->stored != NULL && error == TRUST_UPDATE_OK; part++) {
        error = load_part(im, in, part);
    }
    return error;
}

/* The rows of a part against what a list signs. */
static enum trust_update_error check_digest(const struct trust_rows *rows,
                                            const struct trust_list *list, bool catalogue)
{
    uint8_t digest[TRUST_DIGEST_SIZE];
    struct span wanted = catalogue ? list->catalogue_digest : list->digest;
    enum trust_update_error error =
        trust_update_error_of_rows(trust_rows_digest(rows, catalogue, digest));
    bool same = error == TRUST_UPDATE_OK && span_equal(wanted, span_of(digest, sizeof digest));
    return error == TRUST_UPDATE_OK && !same ? TRUST_UPDATE_DIGEST_MISMATCH : error;
}

enum trust_update_error trust_import_load_signed(struct trust_store *store,
                                                 const struct trust_list *list, bool catalogue,
                                                 struct trust_rows *ret_rows)
{
    enum trust_store_error error = trust_store_load(store, list->state, catalogue, ret_rows);
    if (error == TRUST_STORE_DATA) {
        return TRUST_UPDATE_DIGEST_MISMATCH;
    }
    return error == TRUST_STORE_OK ? check_digest(ret_rows, list, catalogue)
                                   : trust_import_stored(error);
}

/* Unpacks a part and compares it with what was signed; only then are the rows looked at. */
static enum trust_update_error take_part(struct incoming *in, int part)
{
    bool catalogue = part != 0;
    const struct trust_part *packed = catalogue ? &in->file.catalogue : &in->file.security;
    struct side *after = &in->after[part];
    enum trust_update_error error =
        trust_unpack(packed, in->file.base.len != 0 ? &in->before[part].rows : NULL, &after->rows);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    after->known = true;
    error = check_digest(&after->rows, &in->list, catalogue);
    return error == TRUST_UPDATE_OK ? trust_rows_check(&after->rows, in->list.state, catalogue,
                                                       packed->encoding == TRUST_PART_RAW)
                                    : error;
}

/* A list that ships without its catalogue keeps the stored one when that is the one it was signed
 * with. */
static bool keeps_catalogue(const struct incoming *in)
{
    return !in->file.has_catalogue && in->is_signed[1];
}

static enum trust_update_error take_rows(struct trust_import *im, struct incoming *in)
{
    enum trust_update_error error = take_part(in, 0);
    /* Changes to a catalogue that is not here are of no use; the list is complete without. */
    bool usable = in->file.has_catalogue && (in->file.base.len == 0 || in->before[1].known);
    if (error == TRUST_UPDATE_OK && usable) {
        error = take_part(in, 1);
    }
    in->keeps_catalogue = keeps_catalogue(in);
    size_t rows = in->after[0].rows.count + in->after[1].rows.count;
    if (error == TRUST_UPDATE_OK && rows > TRUST_MAX_ROWS) {
        error = TRUST_UPDATE_LIMIT;
    }
    im->report.rows += rows;
    return error;
}

static enum trust_update_error put_part(struct trust_import *im, struct incoming *in, int part)
{
    const struct side *before = &in->before[part], *after = &in->after[part];
    if (part != 0 && in->keeps_catalogue) {
        return TRUST_UPDATE_OK;
    }
    return trust_import_stored(trust_store_put_part(im->store, in->list.state, part != 0,
                                                    after->known ? &after->rows : NULL,
                                                    before->known ? &before->rows : NULL));
}

/* ---- the way back ---- */

static enum trust_update_error pack_way_back(const struct incoming *in,
                                             struct trust_packed packed[PARTS],
                                             struct trust_old_list *old)
{
    enum trust_update_error error = trust_pack(&in->after[0].rows, &in->before[0].rows, &packed[0]);
    memcpy(old->rows[0], in->before[0].digest, TRUST_DIGEST_SIZE);
    old->security = packed[0].part;
    const struct trust_rows *after = in->keeps_catalogue ? &in->before[1].rows : &in->after[1].rows;
    if (error == TRUST_UPDATE_OK && in->before[1].known &&
        (in->keeps_catalogue || in->after[1].known)) {
        error = trust_pack(after, &in->before[1].rows, &packed[1]);
        memcpy(old->rows[1], in->before[1].digest, TRUST_DIGEST_SIZE);
        old->has_catalogue = true;
        old->catalogue = packed[1].part;
    }
    return error;
}

/* So that this store can tell others what changed since the version it had. A way that is longer
 * than it is worth is left out. */
static enum trust_update_error keep_way_back(struct trust_import *im, const struct incoming *in)
{
    struct trust_packed packed[PARTS] = {0};
    if (in->stored == NULL) {
        return TRUST_UPDATE_OK;
    }
    if (!in->before[0].known || in->list.version <= in->stored->version) {
        return trust_import_stored(trust_store_forget_history(im->store, in->list.state));
    }
    struct trust_old_list old = {.version = in->stored->version};
    memcpy(old.digest, in->stored->digest, TRUST_DIGEST_SIZE);
    enum trust_update_error error = pack_way_back(in, packed, &old);
    bool short_enough = old.security.data.len + old.catalogue.data.len <= TRUST_MAX_WAY_BACK;
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(
            short_enough
                ? trust_store_put_history(im->store, in->list.state, &old, TRUST_KEEP_VERSIONS)
                : trust_store_forget_history(im->store, in->list.state));
    }
    free(packed[0].bytes);
    free(packed[1].bytes);
    return error;
}

/* ---- the list ---- */

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

static enum trust_update_error write_list(struct trust_import *im, struct incoming *in)
{
    bool has_catalogue = in->after[1].known || in->keeps_catalogue;
    enum trust_update_error error = keep_way_back(im, in);
    if (error == TRUST_UPDATE_OK) {
        error = trust_import_stored(
            trust_store_put_list(im->store, &in->list, in->digest, in->file.document));
    }
    for (int part = 0; part < PARTS && error == TRUST_UPDATE_OK; part++) {
        error = put_part(im, in, part);
    }
    return error == TRUST_UPDATE_OK ? remember(im, in, has_catalogue) : error;
}

/* Nothing to do: the very list is here, in force and sound, with all the rows that this file could
 * bring. Changes to a catalogue that is not here bring none. */
static bool brings_nothing(const struct incoming *in)
{
    bool whole_catalogue = in->file.has_catalogue && in->file.base.len == 0;
    return is_stored(in) && !in->stored->disabled && in->is_signed[0] &&
           (in->is_signed[1] || !whole_catalogue);
}

/* Changes that led to the list that is here may come again, whatever they are changes to, but no
 * list that is disabled can be made anew from them. */
static enum trust_update_error check_base(const struct incoming *in)
{
    bool fits = in->file.base.len == 0 ||
                (in->stored != NULL &&
                 span_equal(in->file.base, span_of(in->stored->digest, TRUST_DIGEST_SIZE)));
    bool again = is_stored(in) && !in->stored->disabled;
    return fits || again ? TRUST_UPDATE_OK : TRUST_UPDATE_BASE_MISMATCH;
}

static enum trust_update_error check_list(struct trust_import *im, struct incoming *in,
                                          struct span file)
{
    enum trust_update_error error = open_list(im, file, in);
    if (error == TRUST_UPDATE_OK) {
        error = check_authority(im, in);
    }
    if (error == TRUST_UPDATE_OK) {
        error = check_version(in);
    }
    if (error == TRUST_UPDATE_OK) {
        error = check_header_names_it(im, in);
    }
    if (error == TRUST_UPDATE_OK) {
        error = check_dates(im, in);
    }
    return error == TRUST_UPDATE_OK ? check_base(in) : error;
}

static enum trust_update_error take_list(struct trust_import *im, struct incoming *in)
{
    enum trust_update_error error = load_before(im, in);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    if (brings_nothing(in)) {
        im->report.lists_unchanged++;
        return TRUST_UPDATE_OK;
    }
    im->report.lists_added++;
    im->report.deltas += in->file.base.len != 0;
    error = take_rows(im, in);
    return error == TRUST_UPDATE_OK ? write_list(im, in) : error;
}

enum trust_update_error trust_import_list(struct trust_import *im, struct span file)
{
    struct incoming in = {0};
    enum trust_update_error error = check_list(im, &in, file);
    if (error == TRUST_UPDATE_OK) {
        error = take_list(im, &in);
    }
    for (int part = 0; part < PARTS; part++) {
        trust_rows_free(&in.before[part].rows);
        trust_rows_free(&in.after[part].rows);
    }
    im->bytes_done += in.file.security.size + in.file.catalogue.size;
    if (error == TRUST_UPDATE_OK && im->progress != NULL) {
        im->progress(im->progress_ctx, im->bytes_done, im->bytes_all);
    }
    return error;
}
