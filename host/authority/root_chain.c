/* SPDX-License-Identifier: Apache-2.0
 *
 * Root files of a folder, sorted and judged.
 */
#include "authority/root_chain.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>

#include "base/crypto.h"

static void link_free(struct root_link *link)
{
    free(link->file);
    free(link->root);
    *link = (struct root_link){0};
}

void root_chain_free(struct root_chain *chain)
{
    if (chain != NULL) {
        for (size_t i = 0; i < TRUST_MAX_ROOTS; i++) {
            link_free(&chain->link[i]);
        }
        free(chain);
    }
}

static enum authority_error link_read(const char *path, struct root_link *ret_link,
                                      struct authority_problem *problem)
{
    struct root_link link = {.root = malloc(sizeof *link.root)};
    if (link.root == NULL) {
        return authority_fail_system(problem);
    }
    enum file_error failed = file_read(path, DOCUMENT_MAX_BYTES, &link.file, &link.file_len);
    if (failed != FILE_OK) {
        free(link.root);
        return authority_fail_file(problem, path, failed);
    }
    struct span file = span_of(link.file, link.file_len);
    enum authority_error error = document_decode(file, path, &link.document, problem);
    if (error == AUTHORITY_OK &&
        (link.document.kind != DOCUMENT_ROOT ||
         trust_root_decode(link.document.cose.payload, link.root) != TRUST_DOC_OK)) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is not a well-formed root", path);
    }
    if (error != AUTHORITY_OK) {
        link_free(&link);
        return error;
    }
    *ret_link = link;
    return AUTHORITY_OK;
}

/* A root stands at the place of its version. */
static enum authority_error add_link(struct root_chain *chain, const char *path,
                                     struct authority_problem *problem)
{
    struct root_link link = {0};
    enum authority_error error = link_read(path, &link, problem);
    if (error != AUTHORITY_OK || link.root == NULL) {
        return error;
    }
    int64_t version = link.root->version;
    if (version > TRUST_MAX_ROOTS || chain->link[version - 1].root != NULL) {
        link_free(&link);
        return authority_fail(problem, AUTHORITY_DOCUMENT,
                              version > TRUST_MAX_ROOTS
                                  ? "%s: its version is beyond what a bundle can carry"
                                  : "%s: there is another root of the same version beside it",
                              path);
    }
    chain->link[version - 1] = link;
    chain->count++;
    return AUTHORITY_OK;
}

static bool has_extension(const char *name, const char *extension)
{
    size_t len = strlen(name);
    size_t tail = strlen(extension);
    return name[0] != '.' && len > tail && strcmp(name + len - tail, extension) == 0;
}

static enum authority_error read_folder(struct root_chain *chain, const char *folder,
                                        struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    char path[PATH_MAX];
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return authority_fail(problem, AUTHORITY_FILE, "%s: there is no such folder", folder);
    }
    for (struct dirent *entry; error == AUTHORITY_OK && (entry = readdir(dir)) != NULL;) {
        if (has_extension(entry->d_name, ".root")) {
            error = authority_path(problem, path, "%s/%s", folder, entry->d_name);
            error = error == AUTHORITY_OK ? add_link(chain, path, problem) : error;
        }
    }
    (void)closedir(dir);
    return error;
}

static bool meets(const struct document *document, const struct trust_role *role,
                  const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    return document_count_signed(document, role, root_id) >= role->threshold;
}

static enum authority_error judge(struct root_chain *chain, const char *folder,
                                  struct authority_problem *problem)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (chain->link[i].root == NULL) {
            return authority_fail(problem, AUTHORITY_DOCUMENT,
                                  "%s: the file of root version %zu is missing", folder, i + 1);
        }
    }
    if (chain->count == 0) {
        return authority_fail(problem, AUTHORITY_DOCUMENT,
                              "%s: there is no .root file here; put the root's files beside",
                              folder);
    }
    if (crypto_sha256(&chain->link[0].document.cose.payload, 1, chain->root_id) != CRYPTO_OK) {
        return authority_fail_system(problem);
    }
    for (size_t i = 0; i < chain->count; i++) {
        struct root_link *link = &chain->link[i];
        const struct trust_root *before = chain->link[i == 0 ? 0 : i - 1].root;
        link->complete = meets(&link->document, &link->root->root, chain->root_id) &&
                         meets(&link->document, &before->root, chain->root_id);
    }
    return AUTHORITY_OK;
}

enum authority_error root_chain_read(const char *folder, struct root_chain **ret_chain,
                                     struct authority_problem *problem)
{
    struct root_chain *chain = calloc(1, sizeof *chain);
    if (chain == NULL) {
        return authority_fail_system(problem);
    }
    enum authority_error error = read_folder(chain, folder, problem);
    if (error == AUTHORITY_OK) {
        error = judge(chain, folder, problem);
    }
    if (error != AUTHORITY_OK) {
        root_chain_free(chain);
        return error;
    }
    *ret_chain = chain;
    return AUTHORITY_OK;
}

const struct root_link *root_chain_in_force(const struct root_chain *chain)
{
    size_t at = 0;
    for (size_t i = 1; i < chain->count && chain->link[i].complete; i++) {
        at = i;
    }
    return &chain->link[at];
}
