/* SPDX-License-Identifier: Apache-2.0
 *
 * The power goes at every call of importing trust updates, and again in the recovery: each time the
 * store opens, is sound, and holds what it held before that import or after it; and what was
 * acknowledged is there. What a power cut may do is in crash_disk.h. A disk that only pretends to
 * sync is caught by the same checks. A sample in ordinary runs; SAKSI_LONG=1 takes more than
 * 100,000 places. */
#include <stdio.h>

#include "check.h"
#include "crash_vfs.h"
#include "trust_steps.h"

#define MOMENTS 64

/* What one recording is of. */
struct scenario {
    const char *name;
    unsigned issuers;
    size_t steps;
    int checkpoint_pages; /* after how many pages of log the file is written */
    size_t reopen_every;  /* steps between which the store is closed and opened */
    bool no_syncs, late_wal_syncs;
};

/* The store after an acknowledged step: the first is its making, with root 1. */
struct moment {
    size_t event; /* how many there were when it was acknowledged */
    uint8_t *pages;
    size_t len;
    struct content content;
};

struct recording {
    const struct scenario *scenario;
    struct steps *steps;
    const char *path;
    struct crash_disk *disk;
    struct moment moment[MOMENTS];
    size_t moments;
};

enum outcome { KEPT, LOST, CORRUPT, OUTCOMES };

struct tally {
    unsigned long places, outcome[OUTCOMES], second_cuts, looked_at_whole;
};

/* ---- recording ---- */

static struct trust_store *open_store(const char *path, enum db_mode mode)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    return trust_store_open(path, mode, true, &store, &error) == TRUST_STORE_OK ? store : NULL;
}

static void acknowledge(struct recording *r, struct trust_store *store)
{
    assert_true(r->moments < MOMENTS);
    struct moment *m = &r->moment[r->moments++];
    m->event = r->disk->event_count;
    assert_true(crash_vfs_is_sound());
    assert_true(crash_vfs_pages(&m->pages, &m->len));
    assert_true(steps_content(r->steps, store, &m->content));
    assert_int_equal(m->event, r->disk->event_count); /* looking changes nothing */
}

static struct trust_store *reopen(struct recording *r, struct trust_store *store)
{
    trust_store_close(store);
    store = open_store(r->path, DB_WRITE);
    assert_non_null(store);
    crash_vfs_checkpoint_at(r->scenario->checkpoint_pages);
    return store;
}

static void make_store(struct recording *r)
{
    struct trust_store *store = open_store(r->path, DB_CREATE);
    assert_non_null(store);
    crash_vfs_checkpoint_at(r->scenario->checkpoint_pages);
    assert_int_equal(steps_init(r->steps, store).error, TRUST_UPDATE_OK);
    acknowledge(r, store);
    for (size_t i = 0; i < r->scenario->steps; i++) {
        struct trust_refusal refusal = steps_import(r->steps, store, i);
        assert_string_equal(trust_update_error_name(refusal.error), "OK");
        acknowledge(r, store);
        if ((i + 1) % r->scenario->reopen_every == 0) {
            store = reopen(r, store);
        }
    }
    trust_store_close(store);
}

static struct recording *record(const struct scenario *scenario)
{
    struct recording *r = crash_room(sizeof *r);
    r->scenario = scenario;
    r->steps = steps_new(scenario->issuers, scenario->steps + 1);
    r->path = fixture_path(r->steps->f, "crash.db");
    FILE *there = fopen(r->path, "w"); /* for those who look before they open */
    assert_non_null(there);
    assert_int_equal(fclose(there), 0);
    r->disk = crash_disk_new();
    r->disk->no_syncs = scenario->no_syncs;
    r->disk->late_wal_syncs = scenario->late_wal_syncs;
    crash_disk_record(r->disk);
    crash_vfs_mount(r->disk);
    make_store(r);
    return r;
}

static void forget(struct recording *r)
{
    for (size_t i = 0; i < r->moments; i++) {
        free(r->moment[i].pages);
    }
    crash_disk_free(r->disk);
    steps_free(r->steps);
    free(r);
}

/* ---- what a cut left ---- */

/* Which moments are right: the last acknowledged one, and the one under way; counted from 1, and 0
 * is before the making was acknowledged. */
struct range {
    size_t least, most;
};

static struct range right_after(const struct recording *r, size_t event)
{
    struct range range = {0, 0};
    while (range.least < r->moments && r->moment[range.least].event <= event) {
        range.least++;
    }
    range.most = range.least < r->moments ? range.least + 1 : range.least;
    return range;
}

/* What was found in a store: its pages, or its content when they are not as they were. */
struct found {
    uint8_t *pages;
    size_t len;
    struct content content;
};

static bool is_moment(const struct moment *m, const struct found *found)
{
    return found->pages != NULL
               ? m->len == found->len && memcmp(m->pages, found->pages, m->len) == 0
               : steps_same(&m->content, &found->content);
}

/* The number of the moment (from 1) that this is; 0 when there is none. A step that brings nothing
 * makes a moment like the one before: those that are right are asked first. */
static size_t moment_of(const struct recording *r, const struct range *right,
                        const struct found *found)
{
    for (size_t at = right->most; at >= right->least && at > 0; at--) {
        if (is_moment(&r->moment[at - 1], found)) {
            return at;
        }
    }
    size_t at = r->moments;
    while (at > 0 && !is_moment(&r->moment[at - 1], found)) {
        at--;
    }
    return at;
}

static size_t find_moment(const struct recording *r, const struct range *right,
                          struct trust_store *store)
{
    struct found found = {0};
    size_t at = crash_vfs_pages(&found.pages, &found.len) ? moment_of(r, right, &found) : 0;
    free(found.pages);
    found.pages = NULL;
    if (at == 0 && crash_vfs_is_sound() && steps_content(r->steps, store, &found.content)) {
        at = moment_of(r, right, &found);
    }
    return at;
}

static enum outcome outcome_of(size_t at, const struct range *right)
{
    if (at == 0 || at > right->most) {
        return CORRUPT;
    }
    return at < right->least ? LOST : KEPT;
}

/* Everything a user could ask gives the same answer as on the day. */
static bool holds_whole(const struct recording *r, struct trust_store *store, size_t at)
{
    struct content content;
    return crash_vfs_is_sound() && steps_content(r->steps, store, &content) &&
           steps_same(&content, &r->moment[at - 1].content);
}

/* Before the first acknowledgement anything may be missing, but making the store again works. */
static enum outcome look_at_making(const struct recording *r)
{
    struct trust_store *store = open_store(r->path, DB_CREATE);
    if (store == NULL) {
        return CORRUPT;
    }
    const struct range made = {1, 1};
    enum outcome outcome = CORRUPT;
    if (steps_init(r->steps, store).error == TRUST_UPDATE_OK) {
        outcome = outcome_of(find_moment(r, &made, store), &made);
    }
    trust_store_close(store);
    return outcome;
}

static enum outcome look_at(const struct recording *r, const struct range *right, uint64_t *random,
                            struct tally *tally)
{
    if (right->least == 0) {
        return look_at_making(r);
    }
    enum db_mode mode = check_random(random) % 2 == 0 ? DB_READ : DB_WRITE;
    struct trust_store *store = open_store(r->path, mode);
    if (store == NULL) {
        return look_at_making(r) == KEPT ? LOST : CORRUPT;
    }
    size_t at = find_moment(r, right, store);
    if (at != 0 && check_random(random) % 32 == 0) {
        at = holds_whole(r, store, at) ? at : 0;
        tally->looked_at_whole++;
    }
    trust_store_close(store);
    return outcome_of(at, right);
}

/* ---- cuts ---- */

/* Opens the store after a cut, goes on importing now and then, and loses power again while doing
 * so. Sets `right` to what was found, acknowledged and begun meanwhile. NULL, and nothing done,
 * when what was found is not right. */
static struct crash_disk *cut_again(const struct recording *r, struct crash_disk *first,
                                    struct range *right, uint64_t *random)
{
    crash_disk_record(first);
    struct trust_store *store = open_store(r->path, DB_WRITE);
    if (store == NULL) {
        return NULL;
    }
    crash_vfs_checkpoint_at(r->scenario->checkpoint_pages);
    size_t acknowledged = SIZE_MAX, at = find_moment(r, right, store);
    if (outcome_of(at, right) != KEPT) {
        trust_store_close(store);
        return NULL;
    }
    bool goes_on = at < r->moments && check_random(random) % 4 == 0;
    if (goes_on && steps_import(r->steps, store, at - 1).error == TRUST_UPDATE_OK) {
        acknowledged = first->event_count;
    }
    trust_store_close(store);
    size_t event = check_random(random) % (first->event_count + 1);
    right->least = event >= acknowledged ? at + 1 : at; /* what was read once stays */
    right->most = goes_on ? at + 1 : at;
    struct crash_replay *replay = crash_replay_new(first);
    crash_replay_to(replay, event);
    struct crash_disk *second = crash_replay_cut(replay, random);
    crash_replay_free(replay);
    return second;
}

static enum outcome cut_here(const struct recording *r, const struct crash_replay *replay,
                             size_t event, uint64_t random, struct tally *tally)
{
    struct range right = right_after(r, event);
    struct crash_disk *disk = crash_replay_cut(replay, &random), *second = NULL;
    crash_vfs_mount(disk);
    if (right.least != 0 && check_random(&random) % 4 == 0) {
        second = cut_again(r, disk, &right, &random);
        tally->second_cuts += second != NULL;
    }
    if (second != NULL) {
        crash_vfs_mount(second);
    }
    enum outcome outcome = look_at(r, &right, &random, tally);
    crash_disk_free(second);
    crash_disk_free(disk);
    return outcome;
}

/* Each event of the record, or each so many, that often. */
static void cut_everywhere(const struct recording *r, size_t every, size_t rounds,
                           struct tally *tally)
{
    struct crash_replay *replay = crash_replay_new(r->disk);
    for (size_t event = 0; event <= r->disk->event_count; event += every) {
        crash_replay_to(replay, event);
        for (size_t round = 0; round < rounds; round++) {
            uint64_t seed = (uint64_t)event << 20 ^ round;
            enum outcome outcome = cut_here(r, replay, event, seed, tally);
            tally->places++;
            tally->outcome[outcome]++;
            if (outcome != KEPT && !r->scenario->no_syncs && !r->scenario->late_wal_syncs) {
                print_message("%s: event %zu, round %zu: %s\n", r->scenario->name, event, round,
                              outcome == LOST ? "lost" : "corrupt");
            }
        }
    }
    crash_replay_free(replay);
}

static struct tally run(const struct scenario *scenario, size_t places)
{
    struct tally tally = {0};
    struct recording *r = record(scenario);
    size_t events = r->disk->event_count + 1;
    size_t every = events / places + 1;
    cut_everywhere(r, every, every > 1 ? 1 : places / events + 1, &tally);
    print_message("%s: %zu events, %lu cuts (%lu with a second one, %lu compared whole): %lu as "
                  "before or after, %lu lost, %lu corrupt\n",
                  scenario->name, events - 1, tally.places, tally.second_cuts,
                  tally.looked_at_whole, tally.outcome[KEPT], tally.outcome[LOST],
                  tally.outcome[CORRUPT]);
    forget(r);
    return tally;
}

/* ---- tests ---- */

static void every_cut_leaves_the_old_list_or_the_new_one(void **state)
{
    (void)state;
    bool all = check_is_long();
    const struct {
        struct scenario scenario;
        size_t places, all_places;
    } of[] = {
        {{"usual settings", 200, 12, 1000, 100, false, false}, 650, 36000},
        {{"closed after each", 60, 12, 1000, 1, false, false}, 650, 36000},
        {{"the log moved often", 120, 18, 16, 5, false, false}, 650, 36000},
        /* more than SQLite keeps in memory: most of it reaches the log before the commit */
        {{"large lists", 9000, 2, 1000, 100, false, false}, 40, 6000},
    };
    for (size_t i = 0; i < COUNT_OF(of); i++) {
        struct tally tally = run(&of[i].scenario, all ? of[i].all_places : of[i].places);
        assert_int_equal(tally.outcome[LOST], 0);
        assert_int_equal(tally.outcome[CORRUPT], 0);
        assert_true(tally.looked_at_whole != 0 && tally.second_cuts != 0);
        assert_true(of[i].scenario.steps >= steps_kinds() || of[i].scenario.issuers > 1000);
    }
}

/* The checks above can fail: without syncs they find ruins. */
static void a_disk_that_does_not_sync_is_found_out(void **state)
{
    (void)state;
    const struct scenario scenario = {"no sync at all", 60, 12, 16, 100, true, false};
    struct tally tally = run(&scenario, 150);
    assert_true(tally.outcome[CORRUPT] > tally.places / 8);
}

/* And with the log synced before it is moved only, as with synchronous=NORMAL, they find
 * acknowledged updates lost. */
static void a_log_that_is_synced_late_is_found_out(void **state)
{
    (void)state;
    const struct scenario scenario = {"a log synced late", 60, 12, 1000, 100, false, true};
    struct tally tally = run(&scenario, 150);
    assert_true(tally.outcome[LOST] > tally.places / 4);
    assert_int_equal(tally.outcome[CORRUPT], 0);
}

int main(void)
{
    crash_vfs_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_leaves_the_old_list_or_the_new_one),
        cmocka_unit_test(a_disk_that_does_not_sync_is_found_out),
        cmocka_unit_test(a_log_that_is_synced_late_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
