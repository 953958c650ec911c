/* SPDX-License-Identifier: Apache-2.0
 *
 * One bundle, tried before it is written.
 */
#include "authority/publish.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "authority/publish_collect.h"

/* --- the trial --- */

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

static enum authority_error try_import(const char *dir, const struct publish_collection *c,
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
        error = publish_import(store, c, bundle, clock, ret_report, problem);
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
    struct publish_collection *c = NULL;
    *ret_result = (struct publish_result){0};
    enum authority_error error = publish_collect(dir, &c, problem);
    if (error == AUTHORITY_OK) {
        error = publish_encode(&c->bundle, &bytes, &len, problem);
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
    publish_collection_free(c);
    return error;
}
