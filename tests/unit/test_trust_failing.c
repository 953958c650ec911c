/* SPDX-License-Identifier: Apache-2.0
 *
 * Every request for memory and every call of the disk on the way of an import fails once, and once
 * together with all that follow: a refusal that names its reason, the old list still there with its
 * old verdict, for the same connection, for another that was open all the time, and after a power
 * cut; and the next try succeeds. A sample in ordinary runs; SAKSI_LONG=1 takes them all. */
#include <stdio.h>

#include "check.h"
#include "crash_memory.h"
#include "crash_vfs.h"
#include "trust_steps.h"

#define ISSUERS 12

/* The store before a step and after it; the log is not moved into the file, so that opening it
 * reads the log. */
struct stage {
    struct crash_disk *disk;
    struct content content;
};

static struct steps *steps;
static const char *path;
static struct stage stage[STEPS_MAX + 1];

struct tally {
    unsigned long runs, refused, done, committed, opens;
};
static struct tally tally;

/* ---- the stages ---- */

static struct trust_store *open_store(enum db_mode mode, enum db_error *ret_error)
{
    struct trust_store *store = NULL;
    return trust_store_open(path, mode, true, &store, ret_error) == TRUST_STORE_OK ? store : NULL;
}

static void keep_stage(struct crash_disk *disk, struct trust_store *store, size_t at)
{
    stage[at].disk = crash_disk_copy(disk);
    assert_true(steps_content(steps, store, &stage[at].content));
}

static int set_up(void **state)
{
    (void)state;
    enum db_error error = DB_OK;
    steps = steps_new(ISSUERS, steps_kinds());
    path = fixture_path(steps->f, "failing.db");
    FILE *there = fopen(path, "w"); /* for those who look before they open */
    assert_non_null(there);
    assert_int_equal(fclose(there), 0);
    struct crash_disk *disk = crash_disk_new();
    crash_vfs_mount(disk);
    struct trust_store *store = open_store(DB_CREATE, &error);
    assert_non_null(store);
    assert_int_equal(steps_init(steps, store).error, TRUST_UPDATE_OK);
    keep_stage(disk, store, 0);
    for (size_t i = 0; i < steps->count; i++) {
        assert_int_equal(steps_import(steps, store, i).error, TRUST_UPDATE_OK);
        keep_stage(disk, store, i + 1);
    }
    trust_store_close(store);
    crash_disk_free(disk);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i <= steps->count; i++) {
        crash_disk_free(stage[i].disk);
    }
    steps_free(steps);
    return 0;
}

/* ---- one failure ---- */

/* What fails: a request for memory, or a call of the disk. */
struct failure {
    bool memory;
    struct crash_fault fault;
};

static void arm(const struct failure *what)
{
    if (what->memory) {
        crash_memory_fail(what->fault.number, what->fault.for_ever);
    } else {
        crash_vfs_fail(&what->fault);
    }
}

/* How many calls failed. */
static unsigned long disarm(void)
{
    unsigned long failed = crash_memory_failed() + crash_vfs_failed();
    crash_memory_fail(0, false);
    crash_vfs_fail(NULL);
    return failed;
}

static void say(const char *what, const struct failure *failure, size_t at)
{
    print_message("%s: step %zu (%s), %s %lu, failure %d%s\n", what, at, steps->step[at].name,
                  failure->memory ? "memory" : crash_call_name(failure->fault.call),
                  failure->fault.number, (int)failure->fault.failure,
                  failure->fault.for_ever ? ", for ever" : "");
}

/* Trouble is not told as damage, nor as a file of another kind: nobody shall throw away a good list
 * because a disk was full. */
static bool is_named(enum db_error error)
{
    return error == DB_IO || error == DB_FULL || error == DB_BUSY || error == DB_SYSTEM ||
           error == DB_READ_ONLY;
}

static bool is_clean(struct trust_refusal refusal, struct trust_store *store)
{
    return refusal.error == TRUST_UPDATE_SYSTEM ||
           (refusal.error == TRUST_UPDATE_STORE && is_named(trust_store_db_error(store)));
}

/* 0 neither, 1 as before, 2 as after. */
static int content_of(struct trust_store *store, size_t at)
{
    struct content now;
    if (!steps_content(steps, store, &now)) {
        return 0;
    }
    return steps_same(&now, &stage[at].content) ? 1 : steps_same(&now, &stage[at + 1].content) * 2;
}

/* After the failure and then a power cut. */
static bool survives_cut(struct crash_disk *disk, uint64_t random, size_t at, bool committed)
{
    enum db_error error = DB_OK;
    struct crash_replay *replay = crash_replay_new(disk);
    crash_replay_to(replay, disk->event_count);
    struct crash_disk *cut = crash_replay_cut(replay, &random);
    crash_vfs_mount(cut);
    struct trust_store *store = open_store(DB_WRITE, &error);
    int content = store == NULL ? 0 : content_of(store, at);
    bool sound = store != NULL && crash_vfs_is_sound();
    trust_store_close(store);
    crash_vfs_mount(disk);
    crash_disk_free(cut);
    crash_replay_free(replay);
    return sound && (committed ? content == 2 : content != 0);
}

static bool is_sound(void)
{
    enum db_error error = DB_OK;
    struct trust_store *store = open_store(DB_READ, &error);
    bool sound = store != NULL && crash_vfs_is_sound();
    trust_store_close(store);
    return sound;
}

static struct trust_store *open_failing(const struct failure *what, bool *ret_clean)
{
    enum db_error error = DB_OK;
    arm(what);
    struct trust_store *store = open_store(DB_WRITE, &error);
    *ret_clean = store != NULL || is_named(error);
    return store;
}

static bool must(bool good, const char *what)
{
    if (!good) {
        print_message("not %s\n", what);
    }
    return good;
}

/* What must hold after an import that was told to fail. */
static bool holds(struct trust_store *store, struct trust_store *reader,
                  struct trust_refusal refusal, struct crash_disk *disk, const struct failure *what,
                  size_t at)
{
    bool done = refusal.error == TRUST_UPDATE_OK;
    int content = content_of(store, at);
    bool nothing_new = steps_same(&stage[at].content, &stage[at + 1].content);
    tally.done += done;
    tally.refused += !done;
    tally.committed += !done && content == 2;
    bool skip_cut = what->memory && what->fault.number % 8 != 0; /* seldom of interest */
    return must(done ? content == 2 || nothing_new : content != 0, "old or new") &&
           must(done || is_clean(refusal, store), "named") &&
           must(reader == NULL || content_of(reader, at) == content, "the same to a reader") &&
           must(skip_cut || survives_cut(disk, what->fault.number, at, done && !nothing_new),
                "durable") &&
           must(steps_import(steps, store, at).error == TRUST_UPDATE_OK, "imported later") &&
           must(content_of(store, at) == 2 || nothing_new, "new in the end");
}

/* False when there were not so many calls. */
static bool fails_well(const struct failure *what, size_t at)
{
    enum db_error error = DB_OK;
    bool clean = false, good = false;
    struct crash_disk *disk = crash_disk_copy(stage[at].disk);
    crash_disk_record(disk);
    crash_vfs_mount(disk);
    /* With another connection open, the log has been read; without, it is read now. */
    struct trust_store *reader = what->fault.number % 2 == 0 ? open_store(DB_READ, &error) : NULL;
    struct trust_store *store = open_failing(what, &clean);
    unsigned long failed = 0;
    if (store != NULL) {
        struct trust_refusal refusal = steps_import(steps, store, at);
        failed = disarm();
        good = holds(store, reader, refusal, disk, what, at);
        if (!good) {
            print_message("%s, %s\n", trust_update_error_name(refusal.error),
                          db_error_text(trust_store_db_error(store)));
        }
    } else {
        failed = disarm();
        tally.opens++;
        store = open_store(DB_WRITE, &error);
        good = clean && store != NULL && content_of(store, at) == 1;
    }
    trust_store_close(reader);
    trust_store_close(store);
    good = good && is_sound();
    crash_disk_free(disk);
    if (!good) {
        say("not well", what, at);
    }
    assert_true(good);
    tally.runs++;
    return failed != 0;
}

/* ---- tests ---- */

static unsigned long fail_all(struct failure what, size_t at, unsigned long every)
{
    unsigned long number = 1 + at % every;
    for (what.fault.number = number; fails_well(&what, at); what.fault.number += every) {
    }
    return what.fault.number;
}

static void show(const char *what)
{
    print_message("%s: %lu runs, %lu opens and %lu imports refused (%lu after the commit), "
                  "%lu imported in spite of it\n",
                  what, tally.runs, tally.opens, tally.refused, tally.committed, tally.done);
    tally = (struct tally){0};
}

static void every_request_for_memory(void **state)
{
    (void)state;
    unsigned long every = check_is_long() ? 1 : 499, most = 0;
    for (size_t at = 0; at < steps->count; at++) {
        for (int for_ever = 0; for_ever <= 1; for_ever++) {
            struct failure what = {.memory = true, .fault = {.for_ever = for_ever != 0}};
            unsigned long count = fail_all(what, at, every);
            most = count > most ? count : most;
        }
    }
    assert_true(most > 500);
    print_message("up to %lu requests an import\n", most);
    show("memory");
}

/* No disk says that it is locked when it reads or writes; SQLite counts on that, and a read that
 * says so while it rolls back leaves pages in its cache that nobody committed. */
static bool can_happen(enum crash_call call, enum crash_failure failure)
{
    return failure != CRASH_LOCKED ||
           (call != CRASH_CALL_READ && call != CRASH_CALL_WRITE && call != CRASH_CALL_TRUNCATE &&
            call != CRASH_CALL_SYNC && call != CRASH_CALL_SIZE);
}

static void every_call_of_the_disk(void **state)
{
    (void)state;
    bool all = check_is_long();
    unsigned long every = all ? 1 : 11;
    for (int call = 0; call < CRASH_CALLS; call++) {
        for (size_t at = 0; at < steps->count; at++) {
            for (int way = 0; way < 2 * CRASH_FAILURES; way++) {
                bool sampled = all || ((size_t)(call + way) + at) % 5 == 0;
                if (!sampled || !can_happen((enum crash_call)call, (enum crash_failure)(way / 2))) {
                    continue;
                }
                struct failure what = {.fault = {.call = (enum crash_call)call,
                                                 .failure = (enum crash_failure)(way / 2),
                                                 .for_ever = way % 2 != 0}};
                (void)fail_all(what, at, every);
            }
        }
        show(crash_call_name((enum crash_call)call));
    }
}

int main(void)
{
    crash_memory_install();
    crash_vfs_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_for_memory),
        cmocka_unit_test(every_call_of_the_disk),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
