/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking for the document before.
 */
#include "authority/earlier.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

/* --- what a document is about --- */

struct subject {
    int64_t version;
    struct span state; /* of a list, pointing into the document */
};

static bool list_subject(struct span payload, struct subject *ret_subject)
{
    struct trust_list list;
    if (trust_list_decode(payload, &list) != TRUST_DOC_OK) {
        return false;
    }
    *ret_subject = (struct subject){list.version, list.state};
    return true;
}

static bool header_subject(struct span payload, struct subject *ret_subject)
{
    struct trust_header *header = malloc(sizeof *header);
    bool good = header != NULL && trust_header_decode(payload, header) == TRUST_DOC_OK;
    if (good) {
        *ret_subject = (struct subject){.version = header->version};
    }
    free(header);
    return good;
}

static bool root_subject(struct span payload, struct subject *ret_subject)
{
    struct trust_root *root = malloc(sizeof *root);
    bool good = root != NULL && trust_root_decode(payload, root) == TRUST_DOC_OK;
    if (good) {
        *ret_subject = (struct subject){.version = root->version};
    }
    free(root);
    return good;
}

static bool subject_of(const struct document *document, struct subject *ret_subject)
{
    switch (document->kind) {
    case DOCUMENT_LIST:
        return list_subject(document->cose.payload, ret_subject);
    case DOCUMENT_HEADER:
        return header_subject(document->cose.payload, ret_subject);
    case DOCUMENT_ROOT:
        return root_subject(document->cose.payload, ret_subject);
    case DOCUMENT_BLOCK:
        break;
    }
    return false;
}

enum authority_error earlier_version(const struct document *document, int64_t *ret_version)
{
    struct subject subject;
    if (!subject_of(document, &subject)) {
        return AUTHORITY_DOCUMENT;
    }
    *ret_version = subject.version;
    return AUTHORITY_OK;
}

/* --- one file --- */

void earlier_free(struct earlier *earlier)
{
    free(earlier->file);
    *earlier = (struct earlier){0};
}

static void judge(const struct sign_desk *desk, struct earlier *e)
{
    /* the root before is judged by its own keys: the last role of a root's desk */
    const struct trust_role *role = desk->role[desk->role_count - 1].role;
    e->signed_by = document_count_signed(&e->document, role, desk->root_id);
    e->complete = e->signed_by >= role->threshold;
}

/* `named`: by a person, so that a document about something else is an error and not passed over. */
static enum authority_error read_one(const struct sign_desk *desk, const char *path, bool named,
                                     struct earlier *e, struct authority_problem *problem)
{
    struct subject own;
    struct subject its;
    *e = (struct earlier){0};
    enum authority_error error = document_read(path, &e->file, &e->document, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    const char *kind = document_kind_name(desk->document.kind);
    bool same_kind = e->document.kind == desk->document.kind;
    if (same_kind && !subject_of(&e->document, &its)) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT,
                               "%s: is a damaged %s; find out what it is, then move it away", path,
                               kind);
    } else if (!subject_of(&desk->document, &own)) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT, "%s: is damaged", desk->path);
    } else if (same_kind && span_equal(own.state, its.state)) {
        e->found = true;
        e->version = its.version;
        judge(desk, e);
        error = authority_path(problem, e->path, "%s", path);
    } else if (named) {
        error = authority_fail(problem, AUTHORITY_DOCUMENT,
                               same_kind ? "%s: is the %s of another state" : "%s: is not a %s",
                               path, kind);
    }
    if (error != AUTHORITY_OK || !e->found) {
        earlier_free(e);
    }
    return error;
}

enum authority_error earlier_read(const struct sign_desk *desk, const char *path,
                                  struct earlier *ret_earlier, struct authority_problem *problem)
{
    return read_one(desk, path, true, ret_earlier, problem);
}

/* --- folders --- */

/* Complete before incomplete, then the newer. */
static bool is_better(const struct earlier *a, const struct earlier *b)
{
    if (!b->found || a->complete != b->complete) {
        return !b->found || a->complete;
    }
    return a->version > b->version;
}

/* A document nobody has signed is no version at all; the one on the desk, or its copy, is not the
 * one before it. Of roots, all of which are kept, it is the one with the number before. */
static bool counts_as_earlier(const struct sign_desk *desk, const struct earlier *candidate)
{
    return candidate->document.cose.signer_count != 0 &&
           !span_equal(candidate->document.cose.payload, desk->document.cose.payload) &&
           (desk->own_root == NULL || candidate->version == desk->own_root->version - 1);
}

static void consider(const struct sign_desk *desk, struct earlier *candidate, struct earlier *best)
{
    bool counts = counts_as_earlier(desk, candidate);
    int64_t newest = best->newest_signed;
    if (counts && candidate->version > newest) {
        newest = candidate->version;
    }
    if (counts && is_better(candidate, best)) {
        earlier_free(best);
        *best = *candidate;
        candidate->file = NULL;
    }
    best->newest_signed = newest;
    free(candidate->file);
    candidate->file = NULL;
}

static bool has_extension(const char *name, const char *extension)
{
    size_t len = strlen(name);
    size_t tail = strlen(extension);
    return name[0] != '.' && len > tail && strcmp(name + len - tail, extension) == 0;
}

static enum authority_error look_at(const struct sign_desk *desk, const char *folder,
                                    const char *name, struct earlier *best,
                                    struct authority_problem *problem)
{
    char path[PATH_MAX];
    struct earlier candidate = {0};
    enum authority_error error = authority_path(problem, path, "%s/%s", folder, name);
    if (error == AUTHORITY_OK) {
        error = read_one(desk, path, false, &candidate, problem);
    }
    if (error == AUTHORITY_OK && candidate.found) {
        consider(desk, &candidate, best);
    }
    return error;
}

static enum authority_error look_in(const struct sign_desk *desk, const char *folder,
                                    struct earlier *best, struct authority_problem *problem)
{
    static const char *const extension[] = {
        [DOCUMENT_ROOT] = ".root", [DOCUMENT_LIST] = ".list", [DOCUMENT_HEADER] = ".header"};
    enum authority_error error = AUTHORITY_OK;
    struct dirent *entry = NULL;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return errno == ENOENT ? AUTHORITY_OK : authority_fail_file(problem, folder, FILE_IO);
    }
    errno = 0;
    while (error == AUTHORITY_OK && (entry = readdir(dir)) != NULL) {
        if (has_extension(entry->d_name, extension[desk->document.kind])) {
            error = look_at(desk, folder, entry->d_name, best, problem);
        }
        errno = 0;
    }
    if (error == AUTHORITY_OK && errno != 0) {
        error = authority_fail_file(problem, folder, FILE_IO);
    }
    (void)closedir(dir);
    return error;
}

static enum authority_error look_around(const struct sign_desk *desk, const char *folder,
                                        struct earlier *best, struct authority_problem *problem)
{
    char archive[PATH_MAX];
    enum authority_error error = authority_path(problem, archive, "%s/signed", folder);
    if (error == AUTHORITY_OK) {
        error = look_in(desk, folder, best, problem);
    }
    return error == AUTHORITY_OK ? look_in(desk, archive, best, problem) : error;
}

enum authority_error earlier_find(const struct sign_desk *desk, struct earlier *ret_earlier,
                                  struct authority_problem *problem)
{
    char own[PATH_MAX];
    const char *slash = strrchr(desk->path, '/');
    enum authority_error error;
    *ret_earlier = (struct earlier){0};
    if (desk->document.kind == DOCUMENT_BLOCK) {
        return AUTHORITY_OK;
    }
    if (slash == NULL) {
        error = authority_path(problem, own, ".");
    } else {
        error = authority_path(problem, own, "%.*s", (int)(slash - desk->path), desk->path);
    }
    if (error == AUTHORITY_OK) {
        error = look_around(desk, own, ret_earlier, problem);
    }
    if (error == AUTHORITY_OK && strcmp(own, desk->roots) != 0) {
        error = look_around(desk, desk->roots, ret_earlier, problem);
    }
    if (error != AUTHORITY_OK) {
        earlier_free(ret_earlier);
    }
    return error;
}
