/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking for what was signed before.
 */
#include "authority/history.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/document.h"

static int64_t version_of(const struct document *document)
{
    int64_t version = 0;
    struct trust_list list;
    struct trust_header *header = NULL;
    struct trust_root *root = NULL;
    struct span payload = document->cose.payload;
    switch (document->kind) {
    case DOCUMENT_LIST:
        version = trust_list_decode(payload, &list) == TRUST_DOC_OK ? list.version : 0;
        break;
    case DOCUMENT_HEADER:
        header = malloc(sizeof *header);
        if (header != NULL && trust_header_decode(payload, header) == TRUST_DOC_OK) {
            version = header->version;
        }
        break;
    case DOCUMENT_ROOT:
        root = malloc(sizeof *root);
        if (root != NULL && trust_root_decode(payload, root) == TRUST_DOC_OK) {
            version = root->version;
        }
        break;
    case DOCUMENT_BLOCK:
        break;
    }
    free(header);
    free(root);
    return version;
}

enum authority_error history_signed_version(const char *path, int64_t *ret_version,
                                            struct authority_problem *problem)
{
    uint8_t *file = NULL;
    struct document document;
    enum authority_error error = document_read(path, &file, &document, problem);
    if (error == AUTHORITY_OK) {
        *ret_version = document.cose.signer_count > 0 ? version_of(&document) : 0;
        free(file);
    }
    return error;
}

/* The newest signed version among FOLDER/PREFIX*EXTENSION; a folder that is not there has none. */
static enum authority_error newest_in(const char *folder, const char *prefix, const char *extension,
                                      int64_t *newest, struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    char path[PATH_MAX];
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return AUTHORITY_OK;
    }
    for (struct dirent *entry; error == AUTHORITY_OK && (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name);
        int64_t version = 0;
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 || len < strlen(extension) ||
            strcmp(entry->d_name + len - strlen(extension), extension) != 0) {
            continue;
        }
        error = authority_path(problem, path, "%s/%s", folder, entry->d_name);
        if (error == AUTHORITY_OK) {
            error = history_signed_version(path, &version, problem);
        }
        *newest = version > *newest ? version : *newest;
    }
    (void)closedir(dir);
    return error;
}

/* The names of earlier versions: "ID-3.list" for lists and headers, "root-1.root" beside "root-2".
 */
static void archive_prefix(const char *name, char ret_prefix[32])
{
    const char *dash = strchr(name, '-');
    int stem = dash == NULL ? (int)strlen(name) : (int)(dash - name);
    (void)snprintf(ret_prefix, 32, "%.*s-", stem, name);
}

enum authority_error history_newest_signed(const char *dir, const char *name, const char *extension,
                                           const char *against, int64_t *ret_newest,
                                           struct authority_problem *problem)
{
    char out[PATH_MAX];
    char archive[PATH_MAX];
    char prefix[32];
    int64_t version = 0;
    *ret_newest = 0;
    archive_prefix(name, prefix);
    enum authority_error error = authority_path(problem, out, "%s/out", dir);
    if (error == AUTHORITY_OK) {
        error = authority_path(problem, archive, "%s/out/signed", dir);
    }
    if (error == AUTHORITY_OK) {
        error = newest_in(out, name, extension, ret_newest, problem);
    }
    if (error == AUTHORITY_OK) {
        error = newest_in(out, prefix, extension, ret_newest, problem);
    }
    if (error == AUTHORITY_OK) {
        error = newest_in(archive, prefix, extension, ret_newest, problem);
    }
    if (error == AUTHORITY_OK && against != NULL) {
        error = history_signed_version(against, &version, problem);
        *ret_newest = version > *ret_newest ? version : *ret_newest;
    }
    return error;
}
