/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading what was signed, and trying it in a store.
 */
#include "authority/publish_collect.h"

#include <stdlib.h>

void publish_collection_free(struct publish_collection *c)
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

static enum authority_error collect_roots(struct publish_collection *c, const char *out,
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
static bool header_names(const struct publish_collection *c, const char *state)
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

static enum authority_error collect_lists(struct publish_collection *c, const char *dir,
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

static enum authority_error collect_all(struct publish_collection *c, const char *dir,
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

enum authority_error publish_collect(const char *dir, struct publish_collection **ret_collection,
                                     struct authority_problem *problem)
{
    struct publish_collection *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return authority_fail_system(problem);
    }
    enum authority_error error = collect_all(c, dir, problem);
    if (error != AUTHORITY_OK) {
        publish_collection_free(c);
        return error;
    }
    *ret_collection = c;
    return AUTHORITY_OK;
}

enum authority_error publish_encode(const struct trust_bundle *bundle, uint8_t **ret_bytes,
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

enum authority_error publish_refused(const struct trust_refusal *refusal,
                                     struct authority_problem *problem)
{
    return authority_fail(problem, AUTHORITY_DOCUMENT, "%s%s%s: %s", refusal->subject,
                          refusal->subject[0] == '\0' ? "" : ": ",
                          trust_update_error_name(refusal->error),
                          trust_update_error_text(refusal->error));
}

enum authority_error publish_import(struct trust_store *store, const struct publish_collection *c,
                                    struct span bundle, const struct trust_clock_input *clock,
                                    struct trust_update_report *ret_report,
                                    struct authority_problem *problem)
{
    struct trust_refusal refusal =
        trust_update_init(store, c->bundle.root[0], c->chain->root_id, clock);
    if (refusal.error == TRUST_UPDATE_OK) {
        refusal = trust_update_import(store, bundle, clock, NULL, NULL, ret_report);
    }
    return refusal.error == TRUST_UPDATE_OK ? AUTHORITY_OK : publish_refused(&refusal, problem);
}
