/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening a document for signing, and signing it.
 */
#include "authority/sign.h"

#include <stdio.h>
#include <stdlib.h>

#include "authority/list_check.h"
#include "issuer/block.h"

/* --- roles --- */

static void add_role(struct sign_desk *desk, const struct trust_role *role, const char *format,
                     long long version) __attribute__((format(printf, 3, 0)));

static void add_role(struct sign_desk *desk, const struct trust_role *role, const char *format,
                     long long version)
{
    struct sign_role *to = &desk->role[desk->role_count++];
    to->role = role;
    (void)snprintf(to->name, sizeof to->name, format, version);
}

static enum authority_error add_authority(struct sign_desk *desk, struct span state,
                                          struct authority_problem *problem)
{
    const struct trust_root *root = root_chain_in_force(desk->chain)->root;
    const struct trust_authority *authority = trust_root_authority(root, state);
    if (authority == NULL || authority->ended) {
        return authority_fail(
            problem, AUTHORITY_DOCUMENT, "%s: root version %lld %s the state %.2s", desk->path,
            (long long)root->version, authority == NULL ? "does not know" : "has ended",
            (const char *)state.ptr);
    }
    struct sign_role *to = &desk->role[desk->role_count++];
    to->role = &authority->role;
    (void)snprintf(to->name, sizeof to->name, "national authority of %.2s",
                   (const char *)state.ptr);
    return AUTHORITY_OK;
}

static void count_signed(struct sign_desk *desk)
{
    for (size_t i = 0; i < desk->role_count; i++) {
        desk->role[i].signed_by =
            document_count_signed(&desk->document, desk->role[i].role, desk->root_id);
    }
}

bool sign_is_complete(const struct sign_desk *desk)
{
    for (size_t i = 0; i < desk->role_count; i++) {
        if (desk->role[i].signed_by < desk->role[i].role->threshold) {
            return false;
        }
    }
    return desk->role_count != 0;
}

/* --- opening, by kind --- */

static enum authority_error damaged(const struct sign_desk *desk, struct authority_problem *problem)
{
    return authority_fail(problem, AUTHORITY_DOCUMENT,
                          "%s: is not a well-formed %s; build it again", desk->path,
                          document_kind_name(desk->document.kind));
}

static enum authority_error open_root(struct sign_desk *desk, struct authority_problem *problem)
{
    desk->own_root = malloc(sizeof *desk->own_root);
    if (desk->own_root == NULL) {
        return authority_fail_system(problem);
    }
    struct trust_root *own = desk->own_root;
    if (trust_root_decode(desk->document.cose.payload, own) != TRUST_DOC_OK) {
        return damaged(desk, problem);
    }
    add_role(desk, &own->root, "root %lld", (long long)own->version);
    if (own->version > 1) {
        if ((uint64_t)own->version > desk->chain->count + 1) {
            return authority_fail(problem, AUTHORITY_DOCUMENT,
                                  "%s: root version %lld is missing beside it", desk->path,
                                  (long long)own->version - 1);
        }
        add_role(desk, &desk->chain->link[own->version - 2].root->root, "root %lld",
                 (long long)own->version - 1);
    }
    return AUTHORITY_OK;
}

static enum authority_error open_list(struct sign_desk *desk, struct authority_problem *problem)
{
    struct trust_list list;
    if (trust_list_decode(desk->document.cose.payload, &list) != TRUST_DOC_OK) {
        return damaged(desk, problem);
    }
    enum authority_error error = list_check(desk->path, &desk->document, &list, NULL, problem);
    return error == AUTHORITY_OK ? add_authority(desk, list.state, problem) : error;
}

static enum authority_error open_header(struct sign_desk *desk, struct authority_problem *problem)
{
    const struct trust_root *root = root_chain_in_force(desk->chain)->root;
    struct trust_header *header = malloc(sizeof *header);
    enum authority_error error = AUTHORITY_OK;
    if (header == NULL) {
        return authority_fail_system(problem);
    }
    if (trust_header_decode(desk->document.cose.payload, header) != TRUST_DOC_OK) {
        error = damaged(desk, problem);
    } else if (header->root_version != root->version) {
        error =
            authority_fail(problem, AUTHORITY_DOCUMENT,
                           "%s: was built for root version %lld, but version %lld is in "
                           "force; build it again",
                           desk->path, (long long)header->root_version, (long long)root->version);
    } else {
        add_role(desk, &root->publisher, "publisher of root %lld", (long long)root->version);
    }
    free(header);
    return error;
}

static enum authority_error open_block(struct sign_desk *desk, struct authority_problem *problem)
{
    struct block block;
    if (!block_decode(desk->document.cose.payload, &block)) {
        return damaged(desk, problem);
    }
    return add_authority(desk, span_of(block.issuer.ptr, TRUST_STATE_SIZE), problem);
}

static enum authority_error open_by_kind(struct sign_desk *desk, struct authority_problem *problem)
{
    switch (desk->document.kind) {
    case DOCUMENT_ROOT:
        return open_root(desk, problem);
    case DOCUMENT_LIST:
        return open_list(desk, problem);
    case DOCUMENT_HEADER:
        return open_header(desk, problem);
    case DOCUMENT_BLOCK:
        return open_block(desk, problem);
    }
    return damaged(desk, problem);
}

enum authority_error sign_open(const char *path, const char *roots, struct sign_desk *ret_desk,
                               struct authority_problem *problem)
{
    struct sign_desk *desk = ret_desk;
    *desk = (struct sign_desk){.path = path, .roots = roots};
    enum authority_error error = document_read(path, &desk->file, &desk->document, problem);
    if (error == AUTHORITY_OK) {
        error = root_chain_read(roots, &desk->chain, problem);
    }
    if (error == AUTHORITY_OK) {
        memcpy(desk->root_id, desk->chain->root_id, sizeof desk->root_id);
        error = open_by_kind(desk, problem);
    }
    if (error != AUTHORITY_OK) {
        sign_close(desk);
        return error;
    }
    count_signed(desk);
    return AUTHORITY_OK;
}

void sign_close(struct sign_desk *desk)
{
    free(desk->file);
    free(desk->own_root);
    root_chain_free(desk->chain);
    *desk = (struct sign_desk){0};
}

/* --- signing --- */

static const struct trust_key *find_key(const struct trust_role *role, int alg, struct span public)
{
    for (size_t i = 0; i < role->key_count; i++) {
        if (role->key[i].alg == alg && span_equal(role->key[i].public_key, public)) {
            return &role->key[i];
        }
    }
    return NULL;
}

enum authority_error sign_check_key(const struct sign_desk *desk,
                                    const struct crypto_private_key *key,
                                    struct authority_problem *problem)
{
    uint8_t public[CRYPTO_MAX_PUBLIC_KEY];
    size_t len = crypto_private_key_public(key, public);
    const struct trust_key *found = NULL;
    for (size_t i = 0; i < desk->role_count && found == NULL; i++) {
        found = find_key(desk->role[i].role, crypto_private_key_alg(key), span_of(public, len));
    }
    if (found == NULL) {
        return authority_fail(problem, AUTHORITY_KEY, "%s: this key is not one of the %s",
                              desk->path, desk->role[0].name);
    }
    if (document_signed_by(&desk->document, found, desk->root_id)) {
        return authority_fail(problem, AUTHORITY_CONFLICT, "%s: this key (%.*s) has signed already",
                              desk->path, (int)found->holder.len, (const char *)found->holder.ptr);
    }
    return AUTHORITY_OK;
}

/* The file must still be what the desk shows: writing over it would undo the signature of whoever
 * came in between, or sign what nobody looked at. */
static enum authority_error check_unchanged(const struct sign_desk *desk,
                                            struct authority_problem *problem)
{
    uint8_t *file = NULL;
    struct document now;
    enum authority_error error = document_read(desk->path, &file, &now, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (!document_equal(&now, &desk->document)) {
        error = authority_fail(problem, AUTHORITY_CONFLICT,
                               "%s: was signed or built by another program meanwhile; sign again",
                               desk->path);
    }
    free(file);
    return error;
}

static enum authority_error write_signed(const struct sign_desk *desk,
                                         struct authority_problem *problem)
{
    uint8_t *file = NULL;
    size_t len = 0;
    enum authority_error error = document_encode(&desk->document, &file, &len, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_write_atomic(desk->path, span_of(file, len), 0644);
    free(file);
    return failed != FILE_OK ? authority_fail_file(problem, desk->path, failed) : AUTHORITY_OK;
}

static enum authority_error sign_locked(struct sign_desk *desk,
                                        const struct crypto_private_key *key,
                                        struct authority_problem *problem)
{
    enum authority_error error = check_unchanged(desk, problem);
    if (error == AUTHORITY_OK) {
        error = document_sign(&desk->document, key, desk->root_id, &desk->made[desk->made_count],
                              problem);
    }
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = write_signed(desk, problem);
    if (error != AUTHORITY_OK) {
        desk->document.cose.signer_count--;
    }
    return error;
}

enum authority_error sign_with(struct sign_desk *desk, const struct crypto_private_key *key,
                               struct authority_problem *problem)
{
    int lock = -1;
    enum authority_error error = sign_check_key(desk, key, problem);
    if (error == AUTHORITY_OK) {
        error = authority_lock_document(problem, desk->path, &lock);
    }
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = sign_locked(desk, key, problem);
    lock_release(lock);
    if (error == AUTHORITY_OK) {
        desk->made_count++;
        count_signed(desk);
    }
    return error;
}
