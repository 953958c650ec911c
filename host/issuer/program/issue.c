/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi issue RECORD...: finishes what stands half-way, then issues batch by batch.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "issue_work.h"

struct run {
    struct issue_work work;
    struct timespec started;
    size_t done;
    bool progress_shown;
};

static void show_progress(void *ctx, size_t done)
{
    struct run *run = ctx;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - run->started.tv_sec < 1 || isatty(STDERR_FILENO) == 0) {
        return;
    }
    run->progress_shown = true;
    (void)fprintf(stderr, "\r%zu of %zu", run->done + done, run->work.records.item_count);
    (void)fflush(stderr);
}

static void end_progress(struct run *run)
{
    if (run->progress_shown) {
        (void)fputs("\r\033[K", stderr);
        run->progress_shown = false;
    }
}

static int issue_records(struct run *run)
{
    struct issue_work *work = &run->work;
    int worst = STATUS_OK;
    while (run->done < work->records.item_count && worst == STATUS_OK) {
        size_t left = work->records.item_count - run->done;
        size_t count = left < ISSUE_BATCH_MAX ? left : ISSUE_BATCH_MAX;
        struct issue_item *items = work->records.items + run->done;
        struct issue_session session = issue_work_session(work);
        enum registry_error registry_error = REGISTRY_OK;
        session.progress = show_progress;
        session.ctx = run;
        enum issue_error error = issue_batch(&session, items, count, &registry_error);
        end_progress(run);
        for (size_t i = 0; i < count; i++) {
            issue_work_print(&items[i]);
        }
        worst = issue_work_outcome(work, error, registry_error);
        run->done += count;
    }
    return worst;
}

static int run(struct run *run)
{
    struct issue_work *work = &run->work;
    (void)clock_gettime(CLOCK_MONOTONIC, &run->started);
    int status = issue_work_read(work);
    if (status == STATUS_OK && work->options.check) {
        (void)printf("%zu of %zu records can be issued\n", work->records.item_count,
                     work->records.item_count);
    }
    if (status != STATUS_OK || work->options.check) {
        return status;
    }
    status = issue_work_prepare(work);
    status = status != STATUS_OK ? status : issue_work_resume(work);
    return status != STATUS_OK ? status : issue_records(run);
}

int program_issue(int argc, char **argv)
{
    static struct run this_run;
    int status = issue_options_parse(argc, argv, &this_run.work.options);
    if (status == STATUS_OK) {
        status = run(&this_run);
        issue_work_close(&this_run.work);
    }
    return status;
}
