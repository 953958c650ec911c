/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo's authorities and its checkpoint's trust list: two bundles, a hundred days apart, and
 * the newer one arrives without the list of one state. That state's list is then as old as a list
 * can be that nobody brought.
 */
#include "cli/demo/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authority/sample.h"

#define DAY_S 86400

static bool publish(struct demo *demo, const char *dir, int64_t now_s,
                    struct ceremony_result *ret_result)
{
    struct trust_clock_input clock = {now_s, 0};
    return authority_sample_write(dir, now_s, &demo->problem) == AUTHORITY_OK &&
           ceremony_publish(dir, NULL, &clock, ret_result, &demo->problem) == AUTHORITY_OK;
}

/* The newer documents need the next version; their sources were written anew with version 1. */
static bool raise_version(struct demo *demo, const char *file)
{
    char path[PATH_MAX];
    uint8_t *text = NULL;
    size_t len = 0;
    if (!demo_path(demo, path, "%s/authority/%s", demo->dir, file)) {
        return false;
    }
    enum file_error error = file_read(path, 65536, &text, &len);
    char *version = error == FILE_OK ? strstr((char *)text, "\"version\": 1") : NULL;
    if (version != NULL) {
        version[strlen("\"version\": ")] = '2';
        error = file_write_atomic(path, span_of(text, len), 0644);
    }
    free(text);
    if (error != FILE_OK || version == NULL) {
        return demo_fail(demo, "%s: has no version 1 to raise", path);
    }
    return true;
}

/* Keys and root of the older folder are those of the newer one. */
static bool share(struct demo *demo)
{
    static const char *const moved[][2] = {
        {"earlier/keys", "authority/keys"},
        {"earlier/root.json", "authority/root.json"},
        {"earlier/out/root-1.root", "authority/out/root-1.root"},
    };
    char from[PATH_MAX], to[PATH_MAX];
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++) {
        if (!demo_path(demo, from, "%s/%s", demo->dir, moved[i][0]) ||
            !demo_path(demo, to, "%s/%s", demo->dir, moved[i][1])) {
            return false;
        }
        if (rename(from, to) != 0) {
            return demo_fail(demo, "%s: %s", to, strerror(errno));
        }
    }
    return true;
}

static bool refused(struct demo *demo, const struct trust_refusal *refusal)
{
    return demo_fail(demo, "trust list: %s %s: %s", trust_update_error_name(refusal->error),
                     refusal->subject, trust_update_error_text(refusal->error));
}

static bool import(struct demo *demo, struct trust_store *store, struct span bundle, int64_t now_s)
{
    struct trust_clock_input clock = {now_s, 0};
    struct trust_update_report report;
    struct trust_refusal refusal = trust_update_import(store, bundle, &clock, NULL, NULL, &report);
    return refusal.error == TRUST_UPDATE_OK || refused(demo, &refusal);
}

static bool read_below(struct demo *demo, const char *file, uint8_t **ret_bytes, size_t *ret_len)
{
    char path[PATH_MAX];
    if (!demo_path(demo, path, "%s/%s", demo->dir, file)) {
        return false;
    }
    enum file_error error = file_read(path, TRUST_MAX_BUNDLE, ret_bytes, ret_len);
    return error == FILE_OK || demo_fail(demo, "%s: %s", path, file_error_text(error));
}

static bool write_below(struct demo *demo, const char *file, struct span bytes)
{
    char path[PATH_MAX];
    if (!demo_path(demo, path, "%s/%s", demo->dir, file)) {
        return false;
    }
    enum file_error error = file_write_atomic(path, bytes, 0644);
    return error == FILE_OK || demo_fail(demo, "%s: %s", path, file_error_text(error));
}

static bool copy_below(struct demo *demo, const char *from, const char *to)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    bool copied =
        read_below(demo, from, &bytes, &len) && write_below(demo, to, span_of(bytes, len));
    free(bytes);
    return copied;
}

static bool init_store(struct demo *demo, struct trust_store *store,
                       const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    uint8_t *root = NULL;
    size_t len = 0;
    if (!read_below(demo, "region.root", &root, &len)) {
        return false;
    }
    struct trust_clock_input clock = {demo->now_s - DEMO_STALE_DAYS * DAY_S, 0};
    struct trust_refusal refusal = trust_update_init(store, span_of(root, len), root_id, &clock);
    free(root);
    return refusal.error == TRUST_UPDATE_OK || refused(demo, &refusal);
}

static bool import_file(struct demo *demo, struct trust_store *store, const char *file,
                        int64_t now_s)
{
    uint8_t *bundle = NULL;
    size_t len = 0;
    bool imported =
        read_below(demo, file, &bundle, &len) && import(demo, store, span_of(bundle, len), now_s);
    free(bundle);
    return imported;
}

static bool is_stale_list(struct span file)
{
    struct trust_list_file list_file;
    struct cose_sign signed_list;
    struct trust_list list;
    return trust_list_file_decode(file, &list_file) == TRUST_DOC_OK &&
           cose_sign_decode(list_file.document, COSE_TYP_LIST, &signed_list) == COSE_OK &&
           trust_list_decode(signed_list.payload, &list) == TRUST_DOC_OK &&
           span_equal(list.state, span_str(DEMO_STALE_STATE));
}

static bool write_without_stale(struct demo *demo, struct trust_bundle *bundle, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < bundle->list_count; i++) {
        if (!is_stale_list(bundle->list[i])) {
            bundle->list[kept++] = bundle->list[i];
        }
    }
    bool dropped = kept + 1 == bundle->list_count;
    bundle->list_count = kept;
    uint8_t *room = malloc(size);
    struct writer w = writer_of(room, room == NULL ? 0 : size);
    trust_bundle_encode(bundle, &w);
    bool written = dropped && writer_ok(&w) && write_below(demo, "region.bundle", writer_span(&w));
    free(room);
    return written;
}

/* The newer bundle as it reached this checkpoint: without one list. */
static bool drop_list(struct demo *demo)
{
    struct trust_bundle bundle;
    uint8_t *bytes = NULL;
    size_t len = 0;
    bool dropped = read_below(demo, "authority/out/trust.bundle", &bytes, &len) &&
                   trust_bundle_decode(span_of(bytes, len), &bundle) == TRUST_DOC_OK &&
                   write_without_stale(demo, &bundle, len);
    free(bytes);
    return dropped || demo_fail(demo, "region.bundle: could not be made");
}

static bool fill_store(struct demo *demo, const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    char path[PATH_MAX];
    struct trust_store *store = NULL;
    enum db_error db_error = DB_OK;
    if (!demo_path(demo, path, "%s/trust.db", demo->dir)) {
        return false;
    }
    if (trust_store_open(path, DB_CREATE, true, &store, &db_error) != TRUST_STORE_OK) {
        return demo_fail(demo, "%s: %s", path, db_error_text(db_error));
    }
    bool filled =
        init_store(demo, store, root_id) &&
        import_file(demo, store, "earlier.bundle", demo->now_s - DEMO_STALE_DAYS * DAY_S) &&
        import_file(demo, store, "region.bundle", demo->now_s);
    trust_store_close(store);
    return filled;
}

static bool raise_versions(struct demo *demo)
{
    static const char *const file[] = {"header.json", "ID/list.json", "MY/list.json",
                                       "PH/list.json", "TH/list.json"};
    for (size_t i = 0; i < sizeof file / sizeof file[0]; i++) {
        if (!raise_version(demo, file[i])) {
            return false;
        }
    }
    return true;
}

static bool copy_documents(struct demo *demo)
{
    return copy_below(demo, "earlier/out/trust.bundle", "earlier.bundle") &&
           copy_below(demo, "authority/out/root-1.root", "region.root") &&
           copy_below(demo, "authority/out/trust.header", "region.header") &&
           copy_below(demo, "authority/out/ID.list", "ID.list") &&
           copy_below(demo, "authority/out/MY.list", "MY.list") &&
           copy_below(demo, "authority/out/PH.list", "PH.list") &&
           copy_below(demo, "authority/out/TH.list", "TH.list");
}

bool demo_make_trust(struct demo *demo)
{
    char earlier[PATH_MAX], folder[PATH_MAX], out[PATH_MAX];
    struct ceremony_result result;
    struct trust_clock_input clock = {demo->now_s, 0};
    if (!demo_path(demo, earlier, "%s/earlier", demo->dir) ||
        !demo_path(demo, folder, "%s/authority", demo->dir) ||
        !demo_path(demo, out, "%s/authority/out", demo->dir)) {
        return false;
    }
    if (file_make_folder(folder, 0755) != FILE_OK || file_make_folder(out, 0755) != FILE_OK ||
        file_make_folder(earlier, 0755) != FILE_OK) {
        return demo_fail(demo, "%s: cannot be made", folder);
    }
    bool made = publish(demo, earlier, demo->now_s - DEMO_STALE_DAYS * DAY_S, &result) &&
                share(demo) &&
                authority_sample_write(folder, demo->now_s, &demo->problem) == AUTHORITY_OK &&
                raise_versions(demo) &&
                ceremony_publish(folder, NULL, &clock, &result, &demo->problem) == AUTHORITY_OK &&
                copy_documents(demo) && drop_list(demo) && fill_store(demo, result.root_id);
    demo_empty_folder(earlier);
    (void)rmdir(earlier);
    return made;
}
