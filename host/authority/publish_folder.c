/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder that any web server or stick can carry. Deltas are made by a store that imports every
 * publication, as a checkpoint would: there is no second way to make them.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authority/publish.h"
#include "authority/publish_collect.h"
#include "codec/trust_text.h"

struct folder {
    const char *out;
    struct trust_store *store;
    struct publish_folder_result result;
    struct authority_problem *problem;
};

static enum authority_error write_file(const struct folder *f, const char *name, struct span bytes)
{
    char path[PATH_MAX];
    enum authority_error error = authority_path(f->problem, path, "%s/%s", f->out, name);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_write_atomic(path, bytes, 0644);
    return failed != FILE_OK ? authority_fail_file(f->problem, path, failed) : AUTHORITY_OK;
}

/* `since` 0: everything. */
static enum authority_error write_export(struct folder *f, int64_t since, const char *name,
                                         size_t *ret_len)
{
    uint8_t *bytes = NULL;
    struct trust_export_report report;
    struct trust_refusal refusal = trust_update_export(f->store, since, &bytes, ret_len, &report);
    if (refusal.error != TRUST_UPDATE_OK) {
        return publish_refused(&refusal, f->problem);
    }
    enum authority_error error = write_file(f, name, span_of(bytes, *ret_len));
    free(bytes);
    return error;
}

/* ---- deltas ---- */

static enum authority_error write_delta(struct folder *f, int64_t version)
{
    char name[64];
    size_t len = 0;
    snprintf(name, sizeof name, TRUST_CHANGES_NAME, (long long)version);
    enum authority_error error = write_export(f, version, name, &len);
    if (error == AUTHORITY_OK) {
        struct publish_folder_result *r = &f->result;
        r->least_delta = r->deltas == 0 || len < r->least_delta ? len : r->least_delta;
        r->most_delta = len > r->most_delta ? len : r->most_delta;
        r->deltas++;
    }
    return error;
}

/* Whoever has a version before these takes the whole bundle. */
static void remove_delta(const struct folder *f, int64_t version)
{
    char name[64], path[PATH_MAX];
    struct authority_problem ignored;
    snprintf(name, sizeof name, TRUST_CHANGES_NAME, (long long)version);
    if (authority_path(&ignored, path, "%s/%s", f->out, name) == AUTHORITY_OK) {
        (void)unlink(path);
    }
}

static enum authority_error write_deltas(struct folder *f, size_t keep)
{
    int64_t version[PUBLISH_MAX_KEEP];
    size_t count = 0;
    if (trust_store_old_headers(f->store, version, PUBLISH_MAX_KEEP, &count) != TRUST_STORE_OK) {
        return authority_fail(f->problem, AUTHORITY_FILE, "published.db: %s",
                              db_error_text(trust_store_db_error(f->store)));
    }
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < count && error == AUTHORITY_OK; i++) {
        if (i < keep) {
            error = write_delta(f, version[i]);
        } else {
            remove_delta(f, version[i]);
        }
    }
    return error;
}

/* ---- the folder ---- */

static enum authority_error write_header(const struct folder *f, const struct publish_collection *c)
{
    uint8_t text[TRUST_TEXT_MAX];
    struct writer w = writer_of(text, sizeof text);
    enum authority_error error = AUTHORITY_OK;
    /* A header of very many states is too long for one code; it still serves as a file. */
    if (trust_text_encode(c->bundle.header, &w)) {
        error = write_file(f, TRUST_TOKEN_NAME, writer_span(&w));
    }
    return error == AUTHORITY_OK ? write_file(f, TRUST_HEADER_NAME, c->bundle.header) : error;
}

static enum authority_error write_all(struct folder *f, const struct publish_collection *c,
                                      size_t keep)
{
    enum authority_error error = write_deltas(f, keep);
    if (error == AUTHORITY_OK) {
        error = write_export(f, 0, TRUST_BUNDLE_NAME, &f->result.bytes);
    }
    return error == AUTHORITY_OK ? write_header(f, c) : error;
}

static enum authority_error open_published(struct folder *f, const char *dir, bool sample)
{
    char path[PATH_MAX];
    enum db_error db = DB_OK;
    enum authority_error error = authority_path(f->problem, path, "%s/out/published.db", dir);
    if (error == AUTHORITY_OK &&
        trust_store_open(path, DB_CREATE, sample, &f->store, &db) != TRUST_STORE_OK) {
        error = authority_fail(f->problem, AUTHORITY_FILE, "%s: %s", path, db_error_text(db));
    }
    if (error == AUTHORITY_OK && mkdir(f->out, 0755) != 0 && !file_exists(f->out)) {
        error = authority_fail(f->problem, AUTHORITY_FILE, "%s: the folder cannot be made", f->out);
    }
    return error;
}

static enum authority_error publish(struct folder *f, const char *dir, size_t keep,
                                    const struct trust_clock_input *clock,
                                    const struct publish_collection *c, struct span bundle)
{
    struct trust_update_report report;
    enum authority_error error = open_published(f, dir, c->chain->link[0].root->sample);
    if (error == AUTHORITY_OK) {
        error = publish_import(f->store, c, bundle, clock, &report, f->problem);
    }
    if (error == AUTHORITY_OK) {
        f->result.header_version = report.header_version;
        error = write_all(f, c, keep);
    }
    trust_store_close(f->store);
    return error;
}

enum authority_error publish_folder(const char *dir, const char *out, size_t keep,
                                    const struct trust_clock_input *clock,
                                    struct publish_folder_result *ret_result,
                                    struct authority_problem *problem)
{
    struct folder f = {.out = out, .problem = problem};
    struct publish_collection *c = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum authority_error error = publish_collect(dir, &c, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = publish_encode(&c->bundle, &bytes, &len, problem);
    if (error == AUTHORITY_OK) {
        error = publish(&f, dir, keep, clock, c, span_of(bytes, len));
    }
    if (error == AUTHORITY_OK) {
        *ret_result = f.result;
    }
    free(bytes);
    publish_collection_free(c);
    return error;
}
