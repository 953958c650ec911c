/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority bundle and publish: what was signed, for others to take.
 */
#include "cli/cmd_authority.h"

#include <limits.h>
#include <stdio.h>

#include "authority/publish.h"
#include "cli/command.h"

/* --- bundle --- */

int authority_run_bundle(const struct authority_options *o)
{
    char path[PATH_MAX];
    struct authority_problem problem;
    struct publish_result result;
    struct trust_clock_input clock = authority_clock();
    enum authority_error error =
        o->out == NULL ? authority_path(&problem, path, "%s/out/trust.bundle", o->names[0])
                       : authority_path(&problem, path, "%s", o->out);
    if (error == AUTHORITY_OK) {
        error = publish_bundle(o->names[0], path, &clock, &result, &problem);
    }
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    printf(
        "%s: %zu bytes, header %lld, %u list%s, %zu rows; imported once, as a checkpoint would\n",
        path, result.bytes, (long long)result.report.header_version, result.report.lists_added,
        result.report.lists_added == 1 ? "" : "s", result.report.rows);
    return 0;
}

/* --- publish --- */

int authority_run_publish(const struct authority_options *o)
{
    struct authority_problem problem;
    struct publish_folder_result result;
    struct trust_clock_input clock = authority_clock();
    uint32_t keep = PUBLISH_DEFAULT_KEEP;
    if (o->out == NULL) {
        return authority_usage("publish: name the folder to write: --out FOLDER");
    }
    if (o->keep != NULL && (!authority_number(o->keep, &keep) || keep > PUBLISH_MAX_KEEP)) {
        return authority_usage("publish: --keep is not a number from 0 to %d", PUBLISH_MAX_KEEP);
    }
    enum authority_error error =
        publish_folder(o->names[0], o->out, keep, &clock, &result, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    printf("%s: header %lld, saksi.bundle of %zu bytes", o->out, (long long)result.header_version,
           result.bytes);
    if (result.deltas != 0) {
        printf(", %u delta%s of %zu to %zu bytes", result.deltas, result.deltas == 1 ? "" : "s",
               result.least_delta, result.most_delta);
    }
    printf("\n");
    return 0;
}
