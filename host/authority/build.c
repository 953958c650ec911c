/* SPDX-License-Identifier: Apache-2.0
 *
 * Sources to unsigned documents, and the rule that a signed version keeps its content.
 */
#include "authority/build.h"

#include <stdio.h>
#include <stdlib.h>

#include "authority/document.h"
#include "authority/history.h"
#include "authority/root_chain.h"
#include "authority/source_list.h"
#include "authority/source_root.h"
#include "authority/stolen_key.h"
#include "authority/succession.h"
#include "verifier/trust_pack.h"

/* A document about to be written. */
struct target {
    const char *dir;
    const char *source;    /* "ID/list.json", for messages */
    const char *name;      /* "ID" */
    const char *extension; /* ".list" */
    const char *against;   /* or NULL */
    int64_t version;
    struct document document;
};

/* --- writing --- */

static enum authority_error check_version(const struct target *t, struct authority_problem *problem)
{
    int64_t newest = 0;
    enum authority_error error =
        history_newest_signed(t->dir, t->name, t->extension, t->against, &newest, problem);
    if (error == AUTHORITY_OK && t->version <= newest) {
        error = authority_fail(problem, AUTHORITY_VERSION,
                               "%s: version: is %lld, but version %lld is signed already and says "
                               "something else; set it to %lld",
                               t->source, (long long)t->version, (long long)newest,
                               (long long)newest + 1);
    }
    return error;
}

/* A signed file that makes room for a newer version is kept. */
static enum authority_error archive(const struct target *t, const char *path,
                                    struct authority_problem *problem)
{
    char to[PATH_MAX];
    int64_t version = 0;
    enum authority_error error = history_signed_version(path, &version, problem);
    if (error != AUTHORITY_OK || version == 0) {
        return error;
    }
    error = authority_path(problem, to, "%s/out/signed", t->dir);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_make_folder(to, 0755);
    if (failed == FILE_OK) {
        error = authority_path(problem, to, "%s/out/signed/%s-%lld%s", t->dir, t->name,
                               (long long)version, t->extension);
        failed = error == AUTHORITY_OK ? file_move(path, to) : FILE_OK;
    }
    return failed != FILE_OK ? authority_fail_file(problem, to, failed) : error;
}

static enum authority_error write_document(const struct document *document, const char *path,
                                           struct authority_problem *problem)
{
    uint8_t *file = NULL;
    size_t len = 0;
    enum authority_error error = document_encode(document, &file, &len, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_write_atomic(path, span_of(file, len), 0644);
    free(file);
    return failed != FILE_OK ? authority_fail_file(problem, path, failed) : AUTHORITY_OK;
}

static enum authority_error is_unchanged(const struct target *t, const char *path,
                                         bool *ret_unchanged, struct authority_problem *problem)
{
    uint8_t *file = NULL;
    struct document old;
    *ret_unchanged = false;
    if (!file_exists(path)) {
        return AUTHORITY_OK;
    }
    enum authority_error error = document_read(path, &file, &old, problem);
    if (error == AUTHORITY_OK) {
        *ret_unchanged =
            old.kind == t->document.kind && span_equal(old.cose.payload, t->document.cose.payload);
        free(file);
    }
    return error;
}

static enum authority_error make_out(const char *dir, struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = authority_path(problem, path, "%s/out", dir);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_make_folder(path, 0755);
    return failed != FILE_OK ? authority_fail_file(problem, path, failed) : AUTHORITY_OK;
}

static enum authority_error put_locked(const struct target *t, struct build_result *result,
                                       struct authority_problem *problem)
{
    enum authority_error error = is_unchanged(t, result->path, &result->unchanged, problem);
    if (error != AUTHORITY_OK || result->unchanged) {
        return error;
    }
    error = check_version(t, problem);
    if (error == AUTHORITY_OK && file_exists(result->path)) {
        error = archive(t, result->path, problem);
    }
    return error == AUTHORITY_OK ? write_document(&t->document, result->path, problem) : error;
}

/* Locked from the look at the old file to the writing of the new one: somebody may sign it. */
static enum authority_error put(const struct target *t, struct build_result *result,
                                struct authority_problem *problem)
{
    int lock = -1;
    result->version = t->version;
    enum authority_error error = make_out(t->dir, problem);
    if (error == AUTHORITY_OK) {
        error = authority_path(problem, result->path, "%s/out/%s%s", t->dir, t->name, t->extension);
    }
    if (error == AUTHORITY_OK) {
        error = authority_lock_document(problem, result->path, &lock);
    }
    if (error == AUTHORITY_OK) {
        error = put_locked(t, result, problem);
        lock_release(lock);
    }
    return error;
}

/* --- root --- */

enum authority_error build_root(const char *dir, struct build_result *ret_result,
                                struct authority_problem *problem)
{
    struct root_source *root = NULL;
    uint8_t *payload = NULL;
    char name[32];
    *ret_result = (struct build_result){0};
    enum authority_error error = root_source_read(dir, &root, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    payload = malloc(TRUST_MAX_DOC_BYTES);
    if (payload == NULL) {
        error = authority_fail_system(problem);
        goto out;
    }
    struct writer w = writer_of(payload, TRUST_MAX_DOC_BYTES);
    trust_root_encode(&root->root, &w);
    if (!writer_ok(&w)) {
        error = authority_fail(problem, AUTHORITY_SOURCE,
                               "root.json: is longer than a root may be; shorten the holders");
        goto out;
    }
    (void)snprintf(name, sizeof name, "root-%lld", (long long)root->root.version);
    struct target t = {.dir = dir,
                       .source = "root.json",
                       .name = name,
                       .extension = ".root",
                       .version = root->root.version};
    document_begin(DOCUMENT_ROOT, writer_span(&w), &t.document);
    error = put(&t, ret_result, problem);
out:
    free(payload);
    root_source_free(root);
    return error;
}

/* --- list --- */

/* The rows of one part as they travel; freed by packed_part_free. */
struct packed_part {
    struct trust_packed packed;
    uint8_t digest[TRUST_DIGEST_SIZE];
};

static enum authority_error pack_rows(const struct trust_rows *rows, bool catalogue,
                                      struct packed_part *ret_part,
                                      struct authority_problem *problem)
{
    bool good = trust_rows_digest(rows, catalogue, ret_part->digest) == TRUST_ROWS_OK &&
                trust_pack(NULL, rows, &ret_part->packed) == TRUST_UPDATE_OK;
    return good ? AUTHORITY_OK : authority_fail_system(problem);
}

static enum authority_error pack_part(const struct list_rows *rows, bool catalogue,
                                      struct packed_part *ret_part,
                                      struct authority_problem *problem)
{
    struct trust_rows sealed = {0};
    enum trust_rows_error failed = TRUST_ROWS_OK;
    size_t size = list_rows_part_size(rows, catalogue);
    uint8_t *room = trust_rows_grow(&sealed, size, &failed);
    enum authority_error error = AUTHORITY_OK;
    if (room != NULL) {
        struct writer w = writer_of(room, size);
        list_rows_part_write(rows, catalogue, &w);
        failed = trust_rows_seal(&sealed);
    }
    if (failed == TRUST_ROWS_LIMIT) {
        error = authority_fail(problem, AUTHORITY_SOURCE,
                               "the list has more rows than a verifier takes (%d, or %d bytes)",
                               TRUST_MAX_ROWS, TRUST_MAX_ROWS_BYTES);
    } else if (failed != TRUST_ROWS_OK) {
        error = authority_fail_system(problem);
    } else {
        error = pack_rows(&sealed, catalogue, ret_part, problem);
    }
    trust_rows_free(&sealed);
    return error;
}

static void packed_part_free(struct packed_part *part)
{
    free(part->packed.bytes);
}

static enum authority_error put_list(const char *dir, const struct list_source *source,
                                     const char *against, const struct packed_part *security,
                                     const struct packed_part *catalogue,
                                     struct build_result *result, struct authority_problem *problem)
{
    uint8_t payload[256];
    struct writer w = writer_of(payload, sizeof payload);
    bool has_catalogue = catalogue->packed.part.size != 0;
    struct trust_list list = {
        .state = span_of(source->state, TRUST_STATE_SIZE),
        .version = source->version,
        .as_of_s = source->as_of_s,
        .expires_s = source->expires_s,
        .digest = span_of(security->digest, TRUST_DIGEST_SIZE),
        .catalogue_digest = span_of(catalogue->digest, has_catalogue ? TRUST_DIGEST_SIZE : 0),
    };
    trust_list_encode(&list, &w);
    struct target t = {.dir = dir,
                       .source = source->file[SOURCE_LIST_FILES - 1],
                       .name = source->state,
                       .extension = ".list",
                       .against = against,
                       .version = source->version};
    document_begin(DOCUMENT_LIST, writer_span(&w), &t.document);
    t.document.list_file.security = security->packed.part;
    t.document.list_file.has_catalogue = has_catalogue;
    t.document.list_file.catalogue = catalogue->packed.part;
    result->rows = source->rows.count;
    return put(&t, result, problem);
}

enum authority_error build_list(const char *dir, const char *state, const char *against,
                                struct build_result *ret_result, struct authority_problem *problem)
{
    struct list_source source;
    struct packed_part security = {0};
    struct packed_part catalogue = {0};
    *ret_result = (struct build_result){0};
    enum authority_error error = list_source_read(dir, state, &source, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = stolen_key_check(&source, problem);
    if (error == AUTHORITY_OK) {
        error = succession_check(dir, &source, against, problem);
    }
    if (error == AUTHORITY_OK) {
        error = pack_part(&source.rows, false, &security, problem);
    }
    if (error == AUTHORITY_OK) {
        error = pack_part(&source.rows, true, &catalogue, problem);
    }
    if (error == AUTHORITY_OK) {
        error = put_list(dir, &source, against, &security, &catalogue, ret_result, problem);
    }
    packed_part_free(&security);
    packed_part_free(&catalogue);
    list_source_free(&source);
    return error;
}

/* --- header --- */

/* What the header's spans point into. */
struct header_room {
    struct trust_header header;
    struct build_states states;
    uint8_t digest[TRUST_MAX_STATES][TRUST_DIGEST_SIZE];
    uint8_t payload[TRUST_MAX_DOC_BYTES];
};

static enum authority_error add_list(struct header_room *room, const char *dir, size_t at,
                                     struct authority_problem *problem)
{
    char path[PATH_MAX];
    uint8_t *file = NULL;
    struct document document;
    struct trust_list list;
    const char *state = room->states.state[at];
    enum authority_error error = authority_path(problem, path, "%s/out/%s.list", dir, state);
    if (error == AUTHORITY_OK) {
        error = document_read(path, &file, &document, problem);
    }
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (document.kind != DOCUMENT_LIST ||
        trust_list_decode(document.cose.payload, &list) != TRUST_DOC_OK ||
        !span_equal(list.state, span_str(state))) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is not a list of %s", path, state);
    } else if (crypto_sha256(&document.cose.payload, 1, room->digest[at]) != CRYPTO_OK) {
        error = authority_fail_system(problem);
    } else {
        room->header.state[room->header.state_count++] = (struct trust_header_state){
            .state = span_of(state, TRUST_STATE_SIZE),
            .version = list.version,
            .as_of_s = list.as_of_s,
            .list_digest = span_of(room->digest[at], TRUST_DIGEST_SIZE),
        };
    }
    free(file);
    return error;
}

static enum authority_error fill_header(struct header_room *room, const char *dir,
                                        struct authority_problem *problem)
{
    char out[PATH_MAX];
    struct root_chain *chain = NULL;
    enum authority_error error = authority_path(problem, out, "%s/out", dir);
    if (error == AUTHORITY_OK) {
        error = root_chain_read(out, &chain, problem);
    }
    if (error == AUTHORITY_OK) {
        room->header.root_version = root_chain_in_force(chain)->root->version;
        error = build_find_lists(dir, &room->states, problem);
    }
    for (size_t i = 0; error == AUTHORITY_OK && i < room->states.count; i++) {
        error = add_list(room, dir, i, problem);
    }
    if (error == AUTHORITY_OK && room->header.state_count == 0) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT,
                               "%s: there is no .list file here; build or collect the lists first",
                               out);
    }
    root_chain_free(chain);
    return error;
}

enum authority_error build_header(const char *dir, const char *against,
                                  struct build_result *ret_result,
                                  struct authority_problem *problem)
{
    struct header_room *room = calloc(1, sizeof *room);
    *ret_result = (struct build_result){0};
    if (room == NULL) {
        return authority_fail_system(problem);
    }
    enum authority_error error = header_source_read(dir, &room->header, problem);
    if (error == AUTHORITY_OK) {
        error = fill_header(room, dir, problem);
    }
    if (error == AUTHORITY_OK) {
        struct writer w = writer_of(room->payload, sizeof room->payload);
        trust_header_encode(&room->header, &w);
        struct target t = {.dir = dir,
                           .source = "header.json",
                           .name = "trust",
                           .extension = ".header",
                           .against = against,
                           .version = room->header.version};
        document_begin(DOCUMENT_HEADER, writer_span(&w), &t.document);
        error = put(&t, ret_result, problem);
    }
    free(room);
    return error;
}
