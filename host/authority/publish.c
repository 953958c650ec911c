/* SPDX-License-Identifier: Apache-2.0
 *
 * Collecting, trying and writing a bundle.
 */
#include "authority/publish.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "authority/build.h"
#include "authority/root_chain.h"

/* Everything a bundle is made of, read into memory. */
struct collection {
    struct root_chain *chain;
    uint8_t *header;
    size_t header_len;
    struct build_states states;
    uint8_t *list[TRUST_MAX_STATES];
    size_t list_len[TRUST_MAX_STATES];
    struct trust_bundle bundle; /* spans point into the above */
};

static void collection_free(struct collection *c)
{
    if (c != NULL) {
        root_chain_free(c->chain);
        free(c->header);
        for (size_t i = 0; i < TRUST_MAX_STATES; i++) {
            free(c->list[i]);
        }
        free(c);
    }
}

static enum authority_error read_file(const char *path, uint8_t **ret_bytes, size_t *ret_len,
                                      struct authority_problem *problem)
{
    enum file_error failed = file_read(path, TRUST_MAX_BUNDLE, ret_bytes, ret_len);
    return failed != FILE_OK ? authority_fail_file(problem, path, failed) : AUTHORITY_OK;
}

static enum authority_error collect_roots(struct collection *c, const char *out,
                                          struct authority_problem *problem)
{
    enum authority_error error = root_chain_read(out, &c->chain, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    const struct root_link *last = root_chain_in_force(c->chain);
    for (const struct root_link *link = c->chain->link; link <= last; link++) {
        c->bundle.root[c->bundle.root_count++] = span_of(link->file, link->file_len);
    }
    if (!c->chain->link[0].complete) {
        return authority_fail(problem, AUTHORITY_DOCUMENT,
                              "%s/root-1.root: is not signed by enough keys yet", out);
    }
    return AUTHORITY_OK;
}

/* Whether the header speaks of a state: others' lists are left out. */
static bool header_names(const struct collection *c, const char *state)
{
    struct document document;
    struct authority_problem ignored;
    bool named = false;
    struct trust_header *header = malloc(sizeof *header);
    if (header != NULL &&
        document_decode(c->bundle.header, "", &document, &ignored) == AUTHORITY_OK &&
        trust_header_decode(document.cose.payload, header) == TRUST_DOC_OK) {
        named = trust_header_state(header, span_of(state, TRUST_STATE_SIZE)) != NULL;
    }
    free(header);
    return named;
}

static enum authority_error collect_lists(struct collection *c, const char *dir,
                                          struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = build_find_lists(dir, &c->states, problem);
    for (size_t i = 0; error == AUTHORITY_OK && i < c->states.count; i++) {
        if (!header_names(c, c->states.state[i])) {
            continue;
        }
        error = authority_path(problem, path, "%s/out/%s.list", dir, c->states.state[i]);
        if (error == AUTHORITY_OK) {
            error = read_file(path, &c->list[i], &c->list_len[i], problem);
        }
        if (error == AUTHORITY_OK) {
            c->bundle.list[c->bundle.list_count++] = span_of(c->list[i], c->list_len[i]);
        }
    }
    return error;
}

static enum authority_error collect(struct collection *c, const char *dir,
                                    struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = authority_path(problem, path, "%s/out", dir);
    if (error == AUTHORITY_OK) {
        error = collect_roots(c, path, problem);
    }
    if (error == AUTHORITY_OK) {
        error = authority_path(problem, path, "%s/out/trust.header", dir);
    }
    if (error == AUTHORITY_OK) {
        error = read_file(path, &c->header, &c->header_len, problem);
    }
    if (error == AUTHORITY_OK) {
        c->bundle.header = span_of(c->header, c->header_len);
        error = collect_lists(c, dir, problem);
    }
    return error;
}

static enum authority_error encode(const struct trust_bundle *bundle, uint8_t **ret_bytes,
                                   size_t *ret_len, struct authority_problem *problem)
{
    struct writer count = writer_of(NULL, 0);
    trust_bundle_encode(bundle, &count);
    if (count.len > TRUST_MAX_BUNDLE) {
        return authority_fail(problem, AUTHORITY_DOCUMENT,
                              "the bundle would be larger than the 16 MiB a verifier takes");
    }
    uint8_t *bytes = malloc(count.len);
    if (bytes == NULL) {
        return authority_fail_system(problem);
    }
    struct writer w = writer_of(bytes, count.len);
    trust_bundle_encode(bundle, &w);
    *ret_bytes = bytes;
    *ret_len = w.len;
    return AUTHORITY_OK;
}

/* --- the trial --- */

static enum authority_error refused(const struct trust_refusal *refusal,
                                    struct authority_problem *problem)
{
    return authority_fail(problem, AUTHORITY_DOCUMENT, "%s%s%s: %s", refusal->subject,
                          refusal->subject[0] == '\0' ? "" : ": ",
                          trust_update_error_name(refusal->error),
                          trust_update_error_text(refusal->error));
}

static enum authority_error import(struct trust_store *store, const struct collection *c,
                                   struct span bundle, const struct trust_clock_input *clock,
                                   struct trust_update_report *ret_report,
                                   struct authority_problem *problem)
{
    struct trust_refusal refusal =
        trust_update_init(store, c->bundle.root[0], c->chain->root_id, clock);
    if (refusal.error == TRUST_UPDATE_OK) {
        refusal = trust_update_import(store, bundle, clock, NULL, NULL, ret_report);
    }
    return refusal.error == TRUST_UPDATE_OK ? AUTHORITY_OK : refused(&refusal, problem);
}

static void remove_store(const char *folder)
{
    static const char *const names[] = {"trust.db", "trust.db-wal", "trust.db-shm"};
    char path[PATH_MAX];
    struct authority_problem ignored;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (authority_path(&ignored, path, "%s/%s", folder, names[i]) == AUTHORITY_OK) {
            (void)unlink(path);
        }
    }
    (void)rmdir(folder);
}

static enum authority_error try_import(const char *dir, const struct collection *c,
                                       struct span bundle, const struct trust_clock_input *clock,
                                       struct trust_update_report *ret_report,
                                       struct authority_problem *problem)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    struct trust_store *store = NULL;
    enum db_error db = DB_OK;
    enum authority_error error = authority_path(problem, folder, "%s/out/.trial-XXXXXX", dir);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (mkdtemp(folder) == NULL) {
        return authority_fail(problem, AUTHORITY_FILE, "%s/out: no folder can be made here", dir);
    }
    error = authority_path(problem, path, "%s/trust.db", folder);
    if (error == AUTHORITY_OK && trust_store_open(path, DB_CREATE, c->chain->link[0].root->sample,
                                                  &store, &db) != TRUST_STORE_OK) {
        error = authority_fail(problem, AUTHORITY_FILE, "%s: %s", path, db_error_text(db));
    }
    if (error == AUTHORITY_OK) {
        error = import(store, c, bundle, clock, ret_report, problem);
        trust_store_close(store);
    }
    remove_store(folder);
    return error;
}

enum authority_error publish_bundle(const char *dir, const char *path,
                                    const struct trust_clock_input *clock,
                                    struct publish_result *ret_result,
                                    struct authority_problem *problem)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct collection *c = calloc(1, sizeof *c);
    *ret_result = (struct publish_result){0};
    if (c == NULL) {
        return authority_fail_system(problem);
    }
    enum authority_error error = collect(c, dir, problem);
    if (error == AUTHORITY_OK) {
        error = encode(&c->bundle, &bytes, &len, problem);
    }
    if (error == AUTHORITY_OK) {
        error = try_import(dir, c, span_of(bytes, len), clock, &ret_result->report, problem);
    }
    if (error == AUTHORITY_OK) {
        enum file_error failed = file_write_atomic(path, span_of(bytes, len), 0644);
        error = failed != FILE_OK ? authority_fail_file(problem, path, failed) : AUTHORITY_OK;
        ret_result->bytes = len;
    }
    free(bytes);
    collection_free(c);
    return error;
}
