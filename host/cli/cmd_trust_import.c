/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust import: bundles into the store. Decides nothing: trust_update does.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/command.h"
#include "cli/mark.h"
#include "cli/terminal.h"

struct progress {
    int64_t start_ms, shown_ms;
};

static int64_t monotonic_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

int trust_import_bytes(const struct trust_options *o, struct trust_store *store, const char *name,
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

static int import_file(const struct trust_options *o, struct trust_store *store, const char *path)
{
    char in_folder[PATH_MAX];
    uint8_t *file = NULL;
    size_t len = 0;
    enum file_error error = FILE_MISSING;
    if (!file_is_folder(path)) {
        error = file_read(path, TRUST_MAX_BUNDLE, &file, &len);
    } else if (snprintf(in_folder, sizeof in_folder, "%s/" TRUST_BUNDLE_NAME, path) < PATH_MAX) {
        error = file_read_in(path, TRUST_BUNDLE_NAME, TRUST_MAX_BUNDLE, &file, &len);
        path = in_folder;
    }
    if (error != FILE_OK) {
        return trust_file_failed(path, error);
    }
    int status = trust_import_bytes(o, store, path, span_of(file, len));
    free(file);
    return status;
}

int trust_import(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    if (count == 0) {
        terminal_error("trust",
                       "import: name a bundle, or a folder with " TRUST_BUNDLE_NAME " in it");
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_WRITE, &store);
    for (int i = 0; i < count && status == 0; i++) {
        status = import_file(o, store, names[i]);
    }
    if (store != NULL) {
        int marked = mark_raise(&o->settings, store, NULL); /* also for those before a refusal */
        status = status == 0 ? marked : status;
        trust_store_close(store);
    }
    return status;
}
