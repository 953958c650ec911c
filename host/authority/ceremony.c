/* SPDX-License-Identifier: Apache-2.0
 *
 * All steps at one desk.
 */
#include "authority/ceremony.h"

#include <dirent.h>
#include <stdlib.h>

#include "authority/build.h"
#include "authority/key_file.h"
#include "authority/sign.h"

static int is_pem(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 4 && strcmp(entry->d_name + len - 4, ".pem") == 0;
}

static enum authority_error try_key(struct sign_desk *desk, const char *path, const char *password,
                                    struct authority_problem *problem)
{
    struct crypto_private_key *key = NULL;
    struct authority_problem passed_over;
    enum authority_error error = key_file_read(path, password, &key, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    /* Other roles' keys lie in the same folder, and a step may be done again. */
    if (sign_check_key(desk, key, &passed_over) == AUTHORITY_OK) {
        error = sign_with(desk, key, problem);
    }
    crypto_private_key_free(key);
    return error;
}

static enum authority_error sign_from(struct sign_desk *desk, const char *keys_folder,
                                      const char *password, struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = AUTHORITY_OK;
    struct dirent **entry = NULL;
    int count = scandir(keys_folder, &entry, is_pem, alphasort);
    if (count < 0) {
        return authority_fail(problem, AUTHORITY_FILE, "%s: there is no such folder", keys_folder);
    }
    for (int i = 0; i < count; i++) {
        if (error == AUTHORITY_OK && !sign_is_complete(desk)) {
            error = authority_path(problem, path, "%s/%s", keys_folder, entry[i]->d_name);
            error = error == AUTHORITY_OK ? try_key(desk, path, password, problem) : error;
        }
        free(entry[i]);
    }
    free((void *)entry);
    if (error == AUTHORITY_OK && !sign_is_complete(desk)) {
        error =
            authority_fail(problem, AUTHORITY_KEY, "%s: the keys in %s do not suffice to sign it",
                           desk->path, keys_folder);
    }
    return error;
}

enum authority_error ceremony_sign(const char *path, const char *roots, const char *keys_folder,
                                   const char *password, struct authority_problem *problem)
{
    struct sign_desk desk;
    enum authority_error error = sign_open(path, roots, &desk, problem);
    if (error == AUTHORITY_OK) {
        error = sign_from(&desk, keys_folder, password, problem);
        sign_close(&desk);
    }
    return error;
}

/* --- every document of a folder --- */

struct ceremony {
    const char *dir, *password;
    char out[PATH_MAX], keys[PATH_MAX];
    struct authority_problem *problem;
};

static enum authority_error sign_result(const struct ceremony *c, const struct build_result *result)
{
    return ceremony_sign(result->path, c->out, c->keys, c->password, c->problem);
}

static enum authority_error do_root(const struct ceremony *c)
{
    struct build_result result;
    enum authority_error error = build_root(c->dir, &result, c->problem);
    return error == AUTHORITY_OK ? sign_result(c, &result) : error;
}

static enum authority_error do_lists(const struct ceremony *c)
{
    struct build_states states;
    struct build_result result;
    enum authority_error error = build_find_states(c->dir, &states, c->problem);
    for (size_t i = 0; error == AUTHORITY_OK && i < states.count; i++) {
        error = build_list(c->dir, states.state[i], NULL, &result, c->problem);
        error = error == AUTHORITY_OK ? sign_result(c, &result) : error;
    }
    return error;
}

static enum authority_error do_header(const struct ceremony *c)
{
    struct build_result result;
    enum authority_error error = build_header(c->dir, NULL, &result, c->problem);
    return error == AUTHORITY_OK ? sign_result(c, &result) : error;
}

static enum authority_error do_bundle(const struct ceremony *c,
                                      const struct trust_clock_input *clock,
                                      struct ceremony_result *result)
{
    char path[PATH_MAX];
    struct root_chain *chain = NULL;
    enum authority_error error = root_chain_read(c->out, &chain, c->problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    memcpy(result->root_id, chain->root_id, sizeof result->root_id);
    root_chain_free(chain);
    error = authority_path(c->problem, path, "%s/trust.bundle", c->out);
    return error == AUTHORITY_OK ? publish_bundle(c->dir, path, clock, &result->bundle, c->problem)
                                 : error;
}

enum authority_error ceremony_publish(const char *dir, const char *password,
                                      const struct trust_clock_input *clock,
                                      struct ceremony_result *ret_result,
                                      struct authority_problem *problem)
{
    struct ceremony c = {.dir = dir, .password = password, .problem = problem};
    enum authority_error error = authority_path(problem, c.out, "%s/out", dir);
    if (error == AUTHORITY_OK) {
        error = authority_path(problem, c.keys, "%s/keys", dir);
    }
    if (error == AUTHORITY_OK) {
        error = do_root(&c);
    }
    if (error == AUTHORITY_OK) {
        error = do_lists(&c);
    }
    if (error == AUTHORITY_OK) {
        error = do_header(&c);
    }
    return error == AUTHORITY_OK ? do_bundle(&c, clock, ret_result) : error;
}
