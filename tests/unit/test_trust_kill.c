/* SPDX-License-Identifier: Apache-2.0
 *
 * A program that imports one version after another is killed at any moment, while another program
 * judges a certificate with the same store: what was acknowledged stays, nothing is half there, and
 * whoever reads sees one version or the next. Forty kills in ordinary runs, 500 with SAKSI_LONG=1.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "trust_steps.h"

#define ISSUERS 300
#define STEPS   36

static struct steps *steps;
static const char *path;
static struct content content[STEPS + 1]; /* after so many steps */

/* What the programs tell each other. */
static struct shared {
    volatile int acknowledged; /* steps */
    volatile int stop;
    volatile unsigned long verdicts, torn;
} * shared;

static struct trust_store *open_store(enum db_mode mode)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    return trust_store_open(path, mode, true, &store, &error) == TRUST_STORE_OK ? store : NULL;
}

static int set_up(void **state)
{
    (void)state;
    steps = steps_new(ISSUERS, STEPS);
    struct trust_store *store = fixture_store(steps->f, "reference.db");
    for (size_t i = 0; i <= STEPS; i++) {
        assert_true(steps_content(steps, store, &content[i]));
        if (i < STEPS) {
            assert_int_equal(steps_import(steps, store, i).error, TRUST_UPDATE_OK);
        }
    }
    trust_store_close(store);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    path = fixture_path(steps->f, "kill.db");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    steps_free(steps);
    return munmap(shared, sizeof *shared);
}

/* ---- the programs ---- */

static _Noreturn void import_on(size_t from)
{
    struct trust_store *store = open_store(DB_WRITE);
    if (store == NULL) {
        _exit(2);
    }
    for (size_t i = from; i < STEPS; i++) {
        if (steps_import(steps, store, i).error != TRUST_UPDATE_OK) {
            _exit(1);
        }
        shared->acknowledged = (int)i + 1;
    }
    _exit(0);
}

/* Whether a verdict belongs to one of the versions that may have been there while it was made. */
static bool is_of(const uint8_t verdict[CRYPTO_SHA256_SIZE], int from, int to)
{
    for (int i = from; i <= to && i <= STEPS; i++) {
        if (memcmp(verdict, content[i].verdict, CRYPTO_SHA256_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

static _Noreturn void judge_on(void)
{
    struct trust_store *store = open_store(DB_READ);
    if (store == NULL) {
        _exit(2);
    }
    while (shared->stop == 0) {
        uint8_t verdict[CRYPTO_SHA256_SIZE];
        int from = shared->acknowledged;
        bool made = steps_verdict(steps, store, verdict);
        int to = shared->acknowledged + 1;
        shared->torn += !made || !is_of(verdict, from, to);
        shared->verdicts++;
    }
    trust_store_close(store);
    _exit(0);
}

static pid_t start(void (*program)(void))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        program();
    }
    return child;
}

/* ---- the parent ---- */

static void wait_us(uint64_t us)
{
    struct timespec wait = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    (void)nanosleep(&wait, NULL);
}

/* How many steps are in; asserts that it is exactly so many, and that those acknowledged are. */
static int steps_in(struct trust_store *store)
{
    struct content now;
    assert_true(steps_content(steps, store, &now));
    int at = shared->acknowledged;
    if (!steps_same(&now, &content[at])) {
        at++;
        assert_true(at <= STEPS && steps_same(&now, &content[at]));
    }
    return at;
}

static void make_store(void)
{
    struct trust_store *store = fixture_store(steps->f, "kill.db");
    shared->acknowledged = 0;
    shared->stop = 0;
    assert_int_equal(steps_in(store), 0);
    trust_store_close(store);
}

static void finish(pid_t reader)
{
    int status = 0;
    shared->stop = 1;
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    char name[256];
    for (size_t i = 0; i < 3; i++) {
        static const char *const end[] = {"", "-wal", "-shm"};
        snprintf(name, sizeof name, "%s%s", path, end[i]);
        (void)unlink(name);
    }
}

struct tally {
    unsigned kills, old, new, finished;
};

static size_t first_step;

static void import_from_first_step(void)
{
    import_on(first_step);
}

/* One start of the importing program, and its end. */
static void kill_once(uint64_t *random, uint64_t most_us, struct tally *tally)
{
    int status = 0, before = shared->acknowledged;
    first_step = (size_t)before;
    pid_t writer = start(import_from_first_step);
    wait_us(check_random(random) % most_us);
    assert_int_equal(kill(writer, SIGKILL), 0);
    assert_int_equal(waitpid(writer, &status, 0), writer);
    if (WIFEXITED(status)) {
        assert_int_equal(WEXITSTATUS(status), 0);
        tally->finished++;
        return;
    }
    struct trust_store *store = open_store(DB_READ);
    assert_non_null(store);
    int at = steps_in(store);
    trust_store_close(store);
    tally->kills++;
    tally->old += at == shared->acknowledged;
    tally->new += at != shared->acknowledged;
    shared->acknowledged = at;
}

/* How long the whole series takes here and now. */
static uint64_t measure_us(void)
{
    struct timespec from, to;
    make_store();
    pid_t reader = start(judge_on);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    first_step = 0;
    pid_t writer = start(import_from_first_step);
    int status = 0;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    finish(reader);
    return (uint64_t)(to.tv_sec - from.tv_sec) * 1000000 +
           (uint64_t)((to.tv_nsec - from.tv_nsec) / 1000) + 1000;
}

static void kills_leave_the_old_list_or_the_new_one(void **state)
{
    (void)state;
    struct tally tally = {0};
    uint64_t random = 7, whole_us = measure_us();
    unsigned wanted = check_is_long() ? 500 : 40;
    while (tally.kills < wanted) {
        make_store();
        pid_t reader = start(judge_on);
        while (tally.kills < wanted && shared->acknowledged < STEPS) {
            kill_once(&random, whole_us / 4, &tally);
        }
        finish(reader);
    }
    print_message("%u kills: %u with the acknowledged version, %u with the one under way; %u runs "
                  "to the end; %lu verdicts meanwhile, %lu of no version\n",
                  tally.kills, tally.old, tally.new, tally.finished, shared->verdicts,
                  shared->torn);
    assert_int_equal(shared->torn, 0);
    assert_true(shared->verdicts > 0 && tally.old > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kills_leave_the_old_list_or_the_new_one),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
