/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of indices, sorted and joined.
 */
#include "authority/index_runs.h"

#include <stdlib.h>

void index_runs_free(struct index_runs *runs)
{
    free(runs->run);
    *runs = (struct index_runs){0};
}

enum authority_error index_runs_add(struct index_runs *runs, struct index_run run,
                                    struct authority_problem *problem)
{
    if (runs->count == INDEX_RUNS_MAX) {
        return authority_fail(problem, AUTHORITY_SOURCE,
                              "these are more than %d indices or ranges; split them",
                              INDEX_RUNS_MAX);
    }
    if (runs->count == runs->cap) {
        size_t cap = runs->cap == 0 ? 64 : 2 * runs->cap;
        struct index_run *larger = realloc(runs->run, cap * sizeof *larger);
        if (larger == NULL) {
            return authority_fail_system(problem);
        }
        runs->run = larger;
        runs->cap = cap;
    }
    runs->run[runs->count++] = run;
    return AUTHORITY_OK;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = ((const struct index_run *)a)->first;
    uint32_t y = ((const struct index_run *)b)->first;
    return (x > y) - (x < y);
}

/* Puts `next` behind the last one, which begins earlier. */
static void join(struct index_runs *runs, struct index_run next)
{
    struct index_run *last = &runs->run[runs->count - 1];
    bool touches = (uint64_t)next.first <= (uint64_t)last->last + 1;
    if (touches && (next.reason == last->reason || next.last <= last->last)) {
        last->last = next.last > last->last ? next.last : last->last;
        return;
    }
    if (next.first <= last->last) {
        next.first = last->last + 1;
    }
    runs->run[runs->count++] = next;
}

void index_runs_sort(struct index_runs *runs)
{
    size_t count = runs->count;
    if (count == 0) {
        return;
    }
    qsort(runs->run, count, sizeof *runs->run, compare);
    runs->count = 1;
    for (size_t i = 1; i < count; i++) {
        join(runs, runs->run[i]);
    }
}

uint64_t index_runs_total(const struct index_runs *runs)
{
    uint64_t total = 0;
    for (size_t i = 0; i < runs->count; i++) {
        total += (uint64_t)runs->run[i].last - runs->run[i].first + 1;
    }
    return total;
}
