/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust export: the store as a bundle, for any other checkpoint.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/terminal.h"

static void show_export(const struct trust_options *o, int64_t since, size_t len,
                        const struct trust_export_report *report)
{
    printf("%s: %zu bytes", o->out, len);
    if (since != 0) {
        printf(", since header %lld: %u list%s changed, %u whole, %u unchanged", (long long)since,
               report->deltas, report->deltas == 1 ? "" : "s", report->wholes, report->unchanged);
    }
    printf("\n");
}

int trust_export(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    uint8_t *bundle = NULL;
    size_t len = 0;
    (void)names;
    if (o->out == NULL || count != 0) {
        terminal_error("trust", "export: name the file to write: --out FILE");
        return EXIT_USAGE;
    }
    int64_t since = 0;
    if (!trust_number("since", o->since, 1, INT64_MAX, &since)) {
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_READ, &store);
    if (status != 0) {
        return status;
    }
    struct trust_export_report report = {0};
    struct trust_refusal refusal = trust_update_export(store, since, &bundle, &len, &report);
    if (refusal.error != TRUST_UPDATE_OK) {
        status = trust_refused(o->settings.db, &refusal, &o->settings, store);
    } else {
        enum file_error error = file_write_atomic(o->out, span_of(bundle, len), 0644);
        status = error == FILE_OK ? 0 : trust_file_failed(o->out, error);
    }
    if (status == 0) {
        show_export(o, since, len, &report);
    }
    free(bundle);
    trust_store_close(store);
    return status;
}
