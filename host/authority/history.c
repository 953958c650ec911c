/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking for what was signed before.
 */
#include "authority/history.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/document.h"

static enum authority_error version_of_list(struct span payload, int64_t *ret_version)
{
    struct trust_list list;
    if (trust_list_decode(payload, &list) != TRUST_DOC_OK) {
        return AUTHORITY_DOCUMENT;
    }
    *ret_version = list.version;
    return AUTHORITY_OK;
}

static enum authority_error version_of_header(struct span payload, int64_t *ret_version)
{
    enum authority_error error = AUTHORITY_DOCUMENT;
    struct trust_header *header = malloc(sizeof *header);
    if (header == NULL) {
        return AUTHORITY_SYSTEM;
    }
    if (trust_header_decode(payload, header) == TRUST_DOC_OK) {
        *ret_version = header->version;
        error = AUTHORITY_OK;
    }
    free(header);
    return error;
}

static enum authority_error version_of_root(struct span payload, int64_t *ret_version)
{
    enum authority_error error = AUTHORITY_DOCUMENT;
    struct trust_root *root = malloc(sizeof *root);
    if (root == NULL) {
        return AUTHORITY_SYSTEM;
    }
    if (trust_root_decode(payload, root) == TRUST_DOC_OK) {
        *ret_version = root->version;
        error = AUTHORITY_OK;
    }
    free(root);
    return error;
}

static enum authority_error version_of(const struct document *document, int64_t *ret_version)
{
    switch (document->kind) {
    case DOCUMENT_LIST:
        return version_of_list(document->cose.payload, ret_version);
    case DOCUMENT_HEADER:
        return version_of_header(document->cose.payload, ret_version);
    case DOCUMENT_ROOT:
        return version_of_root(document->cose.payload, ret_version);
    case DOCUMENT_BLOCK:
        break; /* has no versions, and no business here */
    }
    return AUTHORITY_DOCUMENT;
}

/* What cannot be told must not pass for "nobody has signed this": that may be replaced. */
static enum authority_error signed_version(const char *path, const struct document *document,
                                           int64_t *ret_version, struct authority_problem *problem)
{
    switch (version_of(document, ret_version)) {
    case AUTHORITY_OK:
        return AUTHORITY_OK;
    case AUTHORITY_SYSTEM:
        return authority_fail(problem, AUTHORITY_SYSTEM, "%s: memory ran out while reading it",
                              path);
    default:
        return authority_fail(problem, AUTHORITY_DOCUMENT,
                              "%s: is signed, but its version cannot be read; find out what it is, "
                              "then move it away",
                              path);
    }
}

enum authority_error history_signed_version(const char *path, int64_t *ret_version,
                                            struct authority_problem *problem)
{
    uint8_t *file = NULL;
    struct document document;
    int64_t version = 0;
    enum authority_error error = document_read(path, &file, &document, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (document.cose.signer_count != 0) {
        error = signed_version(path, &document, &version, problem);
    }
    free(file);
    if (error == AUTHORITY_OK) {
        *ret_version = version;
    }
    return error;
}

static bool is_version(const char *name, const char *prefix, const char *extension)
{
    size_t len = strlen(name);
    return strncmp(name, prefix, strlen(prefix)) == 0 && len >= strlen(extension) &&
           strcmp(name + len - strlen(extension), extension) == 0;
}

static enum authority_error visit_file(const char *path, const struct history_visitor *visitor,
                                       struct authority_problem *problem)
{
    int64_t version = 0;
    enum authority_error error = history_signed_version(path, &version, problem);
    return error == AUTHORITY_OK && version != 0
               ? visitor->visit(visitor->context, path, version, problem)
               : error;
}

static enum authority_error visit_names(DIR *dir, const char *folder, const char *prefix,
                                        const char *extension,
                                        const struct history_visitor *visitor,
                                        struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = AUTHORITY_OK;
    struct dirent *entry;
    errno = 0; /* tells the end from a failure of readdir */
    while (error == AUTHORITY_OK && (entry = readdir(dir)) != NULL) {
        if (is_version(entry->d_name, prefix, extension)) {
            error = authority_path(problem, path, "%s/%s", folder, entry->d_name);
            if (error == AUTHORITY_OK) {
                error = visit_file(path, visitor, problem);
            }
        }
        errno = 0;
    }
    if (error == AUTHORITY_OK && errno != 0) {
        error = authority_fail_file(problem, folder, FILE_IO);
    }
    return error;
}

/* The signed versions among FOLDER/PREFIX*EXTENSION; a folder that is not there has none. */
static enum authority_error visit_folder(const char *folder, const char *prefix,
                                         const char *extension,
                                         const struct history_visitor *visitor,
                                         struct authority_problem *problem)
{
    DIR *dir = opendir(folder);
    if (dir == NULL && errno == ENOENT) {
        return AUTHORITY_OK;
    }
    if (dir == NULL) {
        return authority_fail(problem, AUTHORITY_FILE,
                              "%s: cannot be searched for earlier versions; check its permissions",
                              folder);
    }
    enum authority_error error = visit_names(dir, folder, prefix, extension, visitor, problem);
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

enum authority_error history_visit(const char *dir, const char *name, const char *extension,
                                   const char *against, const struct history_visitor *visitor,
                                   struct authority_problem *problem)
{
    char out[PATH_MAX];
    char archive[PATH_MAX];
    char prefix[32];
    archive_prefix(name, prefix);
    enum authority_error error = authority_path(problem, out, "%s/out", dir);
    if (error == AUTHORITY_OK) {
        error = authority_path(problem, archive, "%s/out/signed", dir);
    }
    if (error == AUTHORITY_OK) {
        error = visit_folder(out, name, extension, visitor, problem);
    }
    if (error == AUTHORITY_OK) {
        error = visit_folder(out, prefix, extension, visitor, problem);
    }
    if (error == AUTHORITY_OK) {
        error = visit_folder(archive, prefix, extension, visitor, problem);
    }
    return error == AUTHORITY_OK && against != NULL ? visit_file(against, visitor, problem) : error;
}

static enum authority_error note_newest(void *context, const char *path, int64_t version,
                                        struct authority_problem *problem)
{
    int64_t *newest = context;
    (void)path;
    (void)problem;
    *newest = version > *newest ? version : *newest;
    return AUTHORITY_OK;
}

enum authority_error history_newest_signed(const char *dir, const char *name, const char *extension,
                                           const char *against, int64_t *ret_newest,
                                           struct authority_problem *problem)
{
    *ret_newest = 0;
    struct history_visitor visitor = {note_newest, ret_newest};
    return history_visit(dir, name, extension, against, &visitor, problem);
}
