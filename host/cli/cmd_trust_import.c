/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust import: bundles into the store. Decides nothing: trust_update does.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/monotonic.h"
#include "cli/command.h"
#include "cli/mark.h"
#include "cli/terminal.h"
#include "cli/trust_input.h"

struct progress {
    int64_t start_ms, shown_ms;
};

/* Says something only when people begin to wonder. */
static void show_progress(void *ctx, size_t done, size_t all)
{
    struct progress *p = ctx;
    int64_t now_ms = monotonic_ms();
    if (now_ms - p->start_ms > 1000 && now_ms - p->shown_ms > 500 && all != 0) {
        p->shown_ms = now_ms;
        (void)fprintf(stderr, "saksi trust: importing, %zu %%\n", done * 100 / all);
    }
}

static void show_report(const char *path, const struct trust_update_report *report)
{
    printf("%s: ", path);
    if (report->roots_added == 0 && !report->header_added && report->lists_added == 0) {
        printf("nothing new\n");
        return;
    }
    if (report->roots_added != 0) {
        printf("%u new root%s, ", report->roots_added, report->roots_added == 1 ? "" : "s");
    }
    if (report->header_added) {
        printf("header %lld, ", (long long)report->header_version);
    }
    printf("%u list%s new, %u unchanged, %zu rows\n", report->lists_added,
           report->lists_added == 1 ? "" : "s", report->lists_unchanged, report->rows);
}

static int import_bundle(const struct trust_options *o, struct trust_store *store, const char *name,
                         struct span bundle)
{
    struct trust_update_report report = {0};
    struct trust_clock_input clock = trust_clock_now();
    struct progress progress = {.start_ms = monotonic_ms()};
    struct trust_refusal refusal =
        trust_update_import(store, bundle, &clock, show_progress, &progress, &report);
    if (refusal.error != TRUST_UPDATE_OK) {
        return trust_refused(name, &refusal, &o->settings, store);
    }
    show_report(name, &report);
    return 0;
}

/* A header alone is a bundle with nothing else in it. */
static int import_header(const struct trust_options *o, struct trust_store *store, const char *name,
                         struct span document)
{
    static struct trust_bundle bundle;
    size_t room = document.len + 64;
    uint8_t *bytes = malloc(room);
    struct writer w = writer_of(bytes, bytes == NULL ? 0 : room);
    bundle = (struct trust_bundle){.header = document};
    if (bytes != NULL) {
        trust_bundle_encode(&bundle, &w);
    }
    if (bytes == NULL || !writer_ok(&w)) {
        terminal_error("trust", "%s: memory ran out", name);
        free(bytes);
        return EXIT_INTERNAL;
    }
    int status = import_bundle(o, store, name, writer_span(&w));
    free(bytes);
    return status;
}

int trust_import_bytes(const struct trust_options *o, struct trust_store *store, const char *name,
                       struct span bytes)
{
    return trust_input_is_document(bytes) ? import_header(o, store, name, bytes)
                                          : import_bundle(o, store, name, bytes);
}

/* Of a memory stick only one name is looked for. */
static int import_folder(const struct trust_options *o, struct trust_store *store,
                         const char *folder)
{
    char path[PATH_MAX];
    uint8_t *bytes = NULL;
    size_t len = 0;
    int written = snprintf(path, sizeof path, "%s/" TRUST_BUNDLE_NAME, folder);
    enum file_error error =
        written < 0 || (size_t)written >= sizeof path
            ? FILE_MISSING
            : file_read_in(folder, TRUST_BUNDLE_NAME, TRUST_MAX_BUNDLE, &bytes, &len);
    if (error != FILE_OK) {
        return trust_file_failed(path, error);
    }
    int status = trust_import_bytes(o, store, path, span_of(bytes, len));
    free(bytes);
    return status;
}

static int import_file(const struct trust_options *o, struct trust_store *store, const char *path)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    if (file_is_folder(path)) {
        return import_folder(o, store, path);
    }
    int status = trust_input_open(path, &bytes, &len);
    if (status == 0) {
        status = trust_import_bytes(o, store, path, span_of(bytes, len));
        free(bytes);
    }
    return status;
}

int trust_finish(const struct trust_options *o, struct trust_store *store, int status)
{
    if (store != NULL) {
        int marked = mark_raise(&o->settings, store, NULL); /* also for those before a refusal */
        status = status == 0 ? marked : status;
        trust_store_close(store);
    }
    return status;
}

int trust_import(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    if (count == 0) {
        terminal_error("trust", "import: name a bundle, a freshness token, or a folder "
                                "with " TRUST_BUNDLE_NAME " in it");
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_WRITE, &store);
    for (int i = 0; i < count && status == 0; i++) {
        status = import_file(o, store, names[i]);
    }
    return trust_finish(o, store, status);
}
