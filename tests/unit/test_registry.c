/* SPDX-License-Identifier: Apache-2.0
 *
 * The registry: indices, numbers, kinds; another writer, a full disk, a damaged file; and children
 * that are killed at random points of their work. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "issuer/registry.h"

static const struct registry_identity hall = {"ID.SAMPLE.LSP", "hall", true};

static char folder[64], path[128];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-registry-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/registry.db", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"", "-wal", "-shm", "-journal", ".lock"};
    char file[192];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        (void)snprintf(file, sizeof file, "%s%s", path, names[i]);
        (void)unlink(file);
    }
    return rmdir(folder);
}

static struct registry *create(uint32_t first, uint32_t last)
{
    struct registry *r = NULL;
    enum db_error db_error = DB_OK;
    assert_int_equal(registry_create(path, &hall, &r, &db_error), REGISTRY_OK);
    assert_int_equal(registry_begin(r), REGISTRY_OK);
    assert_int_equal(registry_add_block(r, first, last, span_of(NULL, 0), 1), REGISTRY_OK);
    assert_int_equal(registry_commit(r), REGISTRY_OK);
    return r;
}

static struct registry *reopen(void)
{
    struct registry *r = NULL;
    enum db_error db_error = DB_OK;
    assert_int_equal(registry_open(path, &hall, true, &r, &db_error), REGISTRY_OK);
    return r;
}

/* claims digest: 32 times `claims`. */
static enum registry_error reserve(struct registry *r, enum registry_kind kind, const char *number,
                                   uint8_t claims, uint32_t *ret_index)
{
    uint8_t digest[32];
    memset(digest, claims, sizeof digest);
    struct registry_request request = {
        kind, span_str(number), span_str("TUK-1"), span_of(NULL, 0), 20000, digest, false};
    enum registry_error error = registry_begin(r);
    if (error == REGISTRY_OK) {
        error = registry_reserve(r, &request, 100, ret_index);
    }
    if (error == REGISTRY_OK) {
        return registry_commit(r);
    }
    registry_rollback(r);
    return error;
}

static enum registry_error note_signed(struct registry *r, uint32_t index)
{
    static const uint8_t digest[32] = {7};
    struct registry_job job = {.pages = 1, .folder = "/out", .photo = "/photo.jpg"};
    enum registry_error error = registry_begin(r);
    if (error == REGISTRY_OK) {
        error = registry_signed(r, index, digest, span_str("CREDENTIAL-OF-HOLDER"), &job, 101);
    }
    if (error == REGISTRY_OK) {
        return registry_commit(r);
    }
    registry_rollback(r);
    return error;
}

static enum registry_error deliver(struct registry *r, uint32_t index)
{
    enum registry_error error = registry_begin(r);
    if (error == REGISTRY_OK) {
        error = registry_delivered(r, index, 102);
    }
    if (error == REGISTRY_OK) {
        return registry_commit(r);
    }
    registry_rollback(r);
    return error;
}

static enum registry_error make_void(struct registry *r, uint32_t index)
{
    enum registry_error error = registry_begin(r);
    if (error == REGISTRY_OK) {
        error = registry_void(r, index, REGISTRY_WHY_OPERATOR, 103);
    }
    if (error == REGISTRY_OK) {
        return registry_commit(r);
    }
    registry_rollback(r);
    return error;
}

static uint32_t issue(struct registry *r, enum registry_kind kind, const char *number,
                      uint8_t claims)
{
    uint32_t index = UINT32_MAX;
    assert_int_equal(reserve(r, kind, number, claims, &index), REGISTRY_OK);
    assert_int_equal(note_signed(r, index), REGISTRY_OK);
    assert_int_equal(deliver(r, index), REGISTRY_OK);
    return index;
}

/* What is in the registry, as "index:state,why ...", in order of index. */
static void assert_changed(struct registry *r, const char *expected)
{
    char text[512] = "";
    struct registry_entry e;
    enum registry_error error;
    registry_begin_changed(r, 1, UINT32_MAX);
    while ((error = registry_next_changed(r, &e)) == REGISTRY_OK) {
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%u:%d,%d,%llu ",
                       (unsigned)e.index, e.state, e.why, (unsigned long long)e.change);
    }
    assert_int_equal(error, REGISTRY_DONE);
    assert_string_equal(text, expected);
}

static void a_certificate_goes_its_way(void **state)
{
    (void)state;
    static struct registry_unfinished u;
    struct registry *r = create(1000, 1001);
    struct registry_entry e;
    uint32_t index = 0;
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "No 1-A", 1, &index), REGISTRY_OK);
    assert_int_equal(index, 1000);
    assert_changed(r, "");
    assert_int_equal(registry_next_unfinished(r, -1, &u), REGISTRY_OK);
    assert_int_equal(u.state, REGISTRY_RESERVED);
    assert_int_equal(u.credential_len, 0);
    /* No step before its turn. */
    assert_int_equal(deliver(r, index), REGISTRY_STATE);
    assert_int_equal(note_signed(r, index), REGISTRY_OK);
    assert_int_equal(note_signed(r, index), REGISTRY_STATE);
    assert_changed(r, "1000:2,0,1 ");
    assert_int_equal(registry_next_unfinished(r, -1, &u), REGISTRY_OK);
    assert_int_equal(u.index, 1000);
    assert_int_equal(u.kind, REGISTRY_ORIGINAL);
    assert_int_equal(u.state, REGISTRY_SIGNED);
    check_bytes(span_of(u.credential, u.credential_len), span_str("CREDENTIAL-OF-HOLDER"));
    assert_int_equal(u.job.pages, 1);
    assert_string_equal(u.job.folder, "/out");
    assert_string_equal(u.job.photo, "/photo.jpg");
    assert_int_equal(deliver(r, index), REGISTRY_OK);
    assert_int_equal(deliver(r, index), REGISTRY_STATE);
    assert_int_equal(registry_next_unfinished(r, -1, &u), REGISTRY_DONE);
    assert_int_equal(registry_next_of_number(r, span_str("no1a"), -1, &e), REGISTRY_OK);
    assert_string_equal(e.number, "No 1-A");
    assert_string_equal(e.centre, "TUK-1");
    assert_string_equal(e.blank, "");
    assert_int_equal(e.issue_day, 20000);
    assert_int_equal(registry_next_of_number(r, span_str("no1a"), 1000, &e), REGISTRY_DONE);
    assert_int_equal(make_void(r, index), REGISTRY_OK);
    assert_int_equal(make_void(r, index), REGISTRY_STATE);
    assert_int_equal(note_signed(r, 77), REGISTRY_STATE);
    assert_changed(r, "1000:4,4,2 ");
    registry_close(r);
}

static void a_number_stands_once(void **state)
{
    (void)state;
    struct registry *r = create(1, 9);
    uint32_t index = 0;
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "AB 12-3", 1), 1);
    static const char *const same[] = {"AB 12-3", "ab123", "A B 1 2 3", "aB-12-3"};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        assert_int_equal(reserve(r, REGISTRY_ORIGINAL, same[i], 2, &index), REGISTRY_TAKEN);
        assert_int_equal(reserve(r, REGISTRY_ORIGINAL, same[i], 1, &index), REGISTRY_SAME);
    }
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "AB/123", 1, &index), REGISTRY_OK);
    /* Nobody else before that one is finished, not even a duplicate. */
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "AB/123", 1, &index), REGISTRY_UNFINISHED);
    assert_int_equal(reserve(r, REGISTRY_DUPLICATE, "AB/123", 1, &index), REGISTRY_UNFINISHED);
    assert_int_equal(note_signed(r, 2), REGISTRY_OK);
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "AB/123", 1, &index), REGISTRY_UNFINISHED);
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "AB/123", 2, &index), REGISTRY_WAITING);
    assert_int_equal(reserve(r, REGISTRY_DUPLICATE, "AB/123", 1, &index), REGISTRY_WAITING);
    assert_int_equal(reserve(r, REGISTRY_SIBLING, "AB/123", 1, &index), REGISTRY_WAITING);
    /* A void number is free again; its index is not. */
    assert_int_equal(make_void(r, 2), REGISTRY_OK);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "AB/123", 9), 3);
    registry_close(r);
}

/* A command that is said again makes no second duplicate, and no second sibling. */
static void what_is_asked_for_once_is_there_once(void **state)
{
    (void)state;
    static const enum registry_kind kinds[] = {REGISTRY_DUPLICATE, REGISTRY_SIBLING};
    struct registry *r = create(1, 9);
    uint8_t digest[32];
    uint32_t index = 0;
    memset(digest, 1, sizeof digest);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N1", 1), 1);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct registry_request once = {
            kinds[i], span_str("N1"), span_of(NULL, 0), span_of(NULL, 0), 1, digest, true};
        assert_int_equal(registry_begin(r), REGISTRY_OK);
        assert_int_equal(registry_reserve(r, &once, 100, &index), REGISTRY_OK);
        registry_rollback(r);
        (void)issue(r, kinds[i], "N1", 1);
        assert_int_equal(registry_begin(r), REGISTRY_OK);
        assert_int_equal(registry_reserve(r, &once, 100, &index), REGISTRY_SAME);
        registry_rollback(r);
        assert_int_equal(reserve(r, kinds[i], "N1", 1, &index), REGISTRY_OK);
        assert_int_equal(make_void(r, index), REGISTRY_OK);
    }
    registry_close(r);
}

static void a_duplicate_voids_the_others(void **state)
{
    (void)state;
    struct registry *r = create(1, 9);
    uint32_t index = 0;
    assert_int_equal(reserve(r, REGISTRY_DUPLICATE, "N1", 1, &index), REGISTRY_NO_SUCH);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N1", 1), 1);
    assert_int_equal(issue(r, REGISTRY_SIBLING, "N1", 1), 2);
    assert_int_equal(reserve(r, REGISTRY_DUPLICATE, "N1", 2, &index), REGISTRY_OK);
    assert_int_equal(note_signed(r, index), REGISTRY_OK);
    /* Until it is delivered the old ones stand. */
    assert_changed(r, "1:3,0,1 2:3,0,2 3:2,0,3 ");
    assert_int_equal(deliver(r, index), REGISTRY_OK);
    assert_changed(r, "1:4,3,4 2:4,3,5 3:3,0,3 ");
    assert_int_equal(issue(r, REGISTRY_DUPLICATE, "N1", 3), 4);
    assert_changed(r, "1:4,3,4 2:4,3,5 3:4,3,7 4:3,0,6 ");
    /* The duplicate has the number now. */
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "N1", 1, &index), REGISTRY_TAKEN);
    /* A failed duplicate leaves the one in force alone. */
    assert_int_equal(reserve(r, REGISTRY_DUPLICATE, "N1", 4, &index), REGISTRY_OK);
    assert_int_equal(make_void(r, index), REGISTRY_OK);
    struct registry_entry e;
    assert_int_equal(registry_next_of_number(r, span_str("N1"), -1, &e), REGISTRY_OK);
    assert_int_equal(e.index, 4);
    registry_close(r);
}

static void a_sibling_says_the_same(void **state)
{
    (void)state;
    struct registry *r = create(1, 9);
    uint32_t index = 0;
    assert_int_equal(reserve(r, REGISTRY_SIBLING, "N1", 1, &index), REGISTRY_NO_SUCH);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N1", 1), 1);
    assert_int_equal(reserve(r, REGISTRY_SIBLING, "N1", 2, &index), REGISTRY_DIFFERENT);
    assert_int_equal(issue(r, REGISTRY_SIBLING, "N1", 1), 2);
    assert_int_equal(issue(r, REGISTRY_SIBLING, "N1", 1), 3);
    assert_changed(r, "1:3,0,1 2:3,0,2 3:3,0,3 ");
    registry_close(r);
}

static void blocks_end_and_do_not_overlap(void **state)
{
    (void)state;
    struct registry *r = create(UINT32_MAX - 1, UINT32_MAX);
    struct registry_block b;
    uint32_t index = 0;
    char number[16];
    for (int i = 0; i < 2; i++) {
        (void)snprintf(number, sizeof number, "N%d", i);
        assert_int_equal(issue(r, REGISTRY_ORIGINAL, number, 1), UINT32_MAX - 1 + (unsigned)i);
    }
    assert_int_equal(reserve(r, REGISTRY_ORIGINAL, "N9", 1, &index), REGISTRY_EXHAUSTED);
    assert_int_equal(registry_begin(r), REGISTRY_OK);
    assert_int_equal(registry_add_block(r, UINT32_MAX, UINT32_MAX, span_of(NULL, 0), 1),
                     REGISTRY_OVERLAP);
    assert_int_equal(registry_add_block(r, 0, UINT32_MAX, span_of(NULL, 0), 1), REGISTRY_OVERLAP);
    assert_int_equal(registry_add_block(r, UINT32_MAX - 1, UINT32_MAX, span_of(NULL, 0), 1),
                     REGISTRY_OK); /* the same again */
    assert_int_equal(registry_add_block(r, 0, 0, span_str("signed"), 1), REGISTRY_OK);
    assert_int_equal(registry_commit(r), REGISTRY_OK);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N9", 1), 0);
    assert_int_equal(registry_next_block(r, -1, &b), REGISTRY_OK);
    assert_true(b.first == 0 && b.last == 0 && b.next == 1 && b.is_signed);
    assert_int_equal(registry_next_block(r, 0, &b), REGISTRY_OK);
    assert_true(b.first == UINT32_MAX - 1 && b.next == (uint64_t)UINT32_MAX + 1 && !b.is_signed);
    assert_int_equal(registry_next_block(r, b.first, &b), REGISTRY_DONE);
    registry_close(r);
}

static void a_rollback_gives_everything_back(void **state)
{
    (void)state;
    struct registry *r = create(5, 9);
    static const uint8_t digest[32];
    struct registry_request request = {
        REGISTRY_ORIGINAL, span_str("N1"), span_of(NULL, 0), span_of(NULL, 0), 1, digest, false};
    uint32_t index = 0;
    assert_int_equal(registry_begin(r), REGISTRY_OK);
    assert_int_equal(registry_reserve(r, &request, 1, &index), REGISTRY_OK);
    assert_int_equal(index, 5);
    registry_rollback(r);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N1", 1), 5);
    registry_close(r);
}

static void one_writer_at_a_time(void **state)
{
    (void)state;
    struct registry *r = create(1, 9), *other = NULL, *reader = NULL;
    enum db_error db_error = DB_OK;
    assert_int_equal(registry_open(path, &hall, true, &other, &db_error), REGISTRY_IN_USE);
    assert_null(other);
    assert_int_equal(registry_open(path, &hall, false, &reader, &db_error), REGISTRY_OK);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N1", 1), 1);
    assert_changed(reader, "1:3,0,1 ");
    registry_close(reader);
    registry_close(r);
    registry_close(reopen());
}

/* Takes SQLite's own write lock (the first lock byte of the -shm file, as its documentation of WAL
 * mode says) and holds it until killed: somebody who does not know the station's lock. */
static pid_t lock_from_outside(void)
{
    char shm[192];
    int told[2];
    char byte = 0;
    (void)snprintf(shm, sizeof shm, "%s-shm", path);
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1};
        int fd = open(shm, O_RDWR);
        byte = fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0 ? 'y' : 'n';
        (void)!write(told[1], &byte, 1);
        for (;;) {
            (void)pause();
        }
    }
    assert_true(child > 0);
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    (void)close(told[0]);
    (void)close(told[1]);
    return child;
}

static void a_database_that_is_locked_is_told(void **state)
{
    (void)state;
    struct registry *r = create(1, 9);
    pid_t child = lock_from_outside();
    assert_int_equal(registry_begin(r), REGISTRY_DB);
    assert_int_equal(registry_db_error(r), DB_BUSY);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N1", 1), 1);
    registry_close(r);
}

static void somebody_elses_registry_is_refused(void **state)
{
    (void)state;
    struct registry_identity other = hall;
    struct registry *r = NULL;
    enum db_error db_error = DB_OK;
    registry_close(create(1, 9));
    strcpy(other.station, "yard");
    assert_int_equal(registry_open(path, &other, true, &r, &db_error), REGISTRY_OTHER);
    assert_int_equal(registry_create(path, &other, &r, &db_error), REGISTRY_OTHER);
    other = hall;
    strcpy(other.issuer, "ID.SAMPLE.LSQ");
    assert_int_equal(registry_open(path, &other, true, &r, &db_error), REGISTRY_OTHER);
    other = hall;
    other.sample = false;
    assert_int_equal(registry_open(path, &other, false, &r, &db_error), REGISTRY_OTHER);
    assert_null(r);
}

/* Credentials of people pass through the write-ahead log, whatever the user's umask is. */
static void nobody_else_reads_the_registry_or_the_files_beside_it(void **state)
{
    (void)state;
    static const char *const names[] = {"", "-wal", "-shm", ".lock"};
    mode_t before = umask(0);
    registry_close(create(1, 9));
    umask(before);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char file[192];
        struct stat st;
        (void)snprintf(file, sizeof file, "%s%s", path, names[i]);
        assert_int_equal(stat(file, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void missing_and_damaged_files_are_told(void **state)
{
    (void)state;
    struct registry *r = NULL;
    enum db_error db_error = DB_OK;
    assert_int_equal(registry_open(path, &hall, true, &r, &db_error), REGISTRY_DB);
    assert_int_equal(db_error, DB_MISSING);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs("this is no database, though it is long enough to be looked at as one; "
                      "this is no database, though it is long enough to be looked at as one",
                      f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(registry_open(path, &hall, true, &r, &db_error), REGISTRY_DB);
    assert_int_equal(db_error, DB_OTHER_FILE);
    assert_null(r);
}

/* The limit stands for a full disk: the write fails, nothing half is left, and afterwards all goes
 * on. */
static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    struct registry *r = create(1, 1000000);
    assert_int_equal(issue(r, REGISTRY_ORIGINAL, "N0", 1), 1);
    registry_close(r);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {200000, 200000};
        enum registry_error error = REGISTRY_OK;
        char number[16];
        uint32_t index;
        struct registry *own = NULL;
        enum db_error db_error = DB_OK;
        (void)signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
            registry_open(path, &hall, true, &own, &db_error) != REGISTRY_OK) {
            _exit(99);
        }
        for (int i = 1; i < 100000 && error == REGISTRY_OK; i++) {
            (void)snprintf(number, sizeof number, "N%d", i);
            error = reserve(own, REGISTRY_ORIGINAL, number, 1, &index);
            if (error == REGISTRY_OK) {
                error = note_signed(own, index);
            }
        }
        bool told = error == REGISTRY_DB &&
                    (registry_db_error(own) == DB_FULL || registry_db_error(own) == DB_IO);
        _exit(told ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    r = reopen();
    struct registry_block b;
    struct registry_entry e;
    uint64_t count = 0;
    registry_begin_changed(r, 1, UINT32_MAX);
    while (registry_next_changed(r, &e) == REGISTRY_OK) {
        count++;
        assert_int_equal(e.index, count);
    }
    assert_int_equal(registry_next_block(r, -1, &b), REGISTRY_OK);
    assert_true(b.next == count + 1 || b.next == count + 2); /* one reserved and not signed */
    registry_close(r);
}

/* Delivered credentials hold the holder's data: they are gone from the file, not only unlinked. */
static void delivered_credentials_are_gone(void **state)
{
    (void)state;
    struct registry *r = create(1, 9);
    issue(r, REGISTRY_ORIGINAL, "N1", 1);
    registry_close(r);
    char command[256];
    (void)snprintf(command, sizeof command, "grep -c CREDENTIAL-OF-HOLDER %s >/dev/null", path);
    assert_int_equal(WEXITSTATUS(system(command)), 1);
}

/* --- power cuts --- */

/* Shared with the child: what it was told was on disk. */
struct witness {
    uint32_t reserved[4096], delivered[4096];
    size_t reserved_count, delivered_count;
    uint32_t next_number;
};

static void work_until_killed(struct witness *w)
{
    struct registry *r = reopen();
    for (;;) {
        char number[16];
        uint32_t index = 0;
        (void)snprintf(number, sizeof number, "N%u", (unsigned)w->next_number++);
        if (reserve(r, REGISTRY_ORIGINAL, number, 1, &index) != REGISTRY_OK) {
            _exit(1);
        }
        w->reserved[w->reserved_count] = index;
        w->reserved_count++;
        if (note_signed(r, index) != REGISTRY_OK || deliver(r, index) != REGISTRY_OK) {
            _exit(2);
        }
        w->delivered[w->delivered_count] = index;
        w->delivered_count++;
    }
}

static void clean_up(struct registry *r)
{
    static struct registry_unfinished u;
    int64_t after = -1;
    size_t count = 0;
    while (registry_next_unfinished(r, after, &u) == REGISTRY_OK) {
        after = u.index;
        count++;
        if (u.state == REGISTRY_SIGNED) {
            check_bytes(span_of(u.credential, u.credential_len), span_str("CREDENTIAL-OF-HOLDER"));
            assert_int_equal(deliver(r, u.index), REGISTRY_OK);
        } else {
            assert_int_equal(make_void(r, u.index), REGISTRY_OK);
        }
    }
    assert_true(count <= 1); /* one child works on one at a time */
}

static void check_witness(struct registry *r, const struct witness *w)
{
    static uint8_t state_of[1 << 20];
    struct registry_entry e;
    memset(state_of, 0, sizeof state_of);
    registry_begin_changed(r, 1, UINT32_MAX);
    while (registry_next_changed(r, &e) == REGISTRY_OK) {
        assert_true(e.index < sizeof state_of);
        assert_int_equal(state_of[e.index], 0);
        state_of[e.index] = (uint8_t)e.state;
    }
    for (size_t i = 0; i < w->reserved_count; i++) {
        assert_true(i == 0 || w->reserved[i] > w->reserved[i - 1]); /* never twice */
        assert_int_not_equal(state_of[w->reserved[i]], 0);          /* never lost */
    }
    for (size_t i = 0; i < w->delivered_count; i++) {
        assert_int_equal(state_of[w->delivered[i]], REGISTRY_DELIVERED);
    }
}

static void check_integrity(void)
{
    char command[256];
    (void)snprintf(command, sizeof command,
                   "command -v sqlite3 >/dev/null || exit 0; "
                   "test \"$(sqlite3 %s 'PRAGMA integrity_check; PRAGMA foreign_key_check')\" = ok",
                   path);
    assert_int_equal(system(command), 0);
}

static void killed_at_random_it_loses_and_doubles_nothing(void **state)
{
    (void)state;
    struct witness *w =
        mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(w != MAP_FAILED);
    registry_close(create(0, 1 << 20));
    uint64_t seed = 42;
    for (int round = 0; round < 60; round++) {
        pid_t child = fork();
        if (child == 0) {
            work_until_killed(w);
        }
        assert_true(child > 0);
        /* From before the first statement to a few certificates on. */
        (void)usleep((useconds_t)(check_random(&seed) % 30000));
        assert_int_equal(kill(child, SIGKILL), 0);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        struct registry *r = reopen();
        clean_up(r);
        check_witness(r, w);
        registry_close(r);
    }
    check_integrity();
    print_message("60 kills, %zu indices given, %zu delivered\n", w->reserved_count,
                  w->delivered_count);
    assert_true(w->delivered_count > 0);
    assert_int_equal(munmap(w, sizeof *w), 0);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_certificate_goes_its_way),
        WITH_FOLDER(a_number_stands_once),
        WITH_FOLDER(what_is_asked_for_once_is_there_once),
        WITH_FOLDER(a_duplicate_voids_the_others),
        WITH_FOLDER(a_sibling_says_the_same),
        WITH_FOLDER(blocks_end_and_do_not_overlap),
        WITH_FOLDER(a_rollback_gives_everything_back),
        WITH_FOLDER(one_writer_at_a_time),
        WITH_FOLDER(a_database_that_is_locked_is_told),
        WITH_FOLDER(somebody_elses_registry_is_refused),
        WITH_FOLDER(nobody_else_reads_the_registry_or_the_files_beside_it),
        WITH_FOLDER(missing_and_damaged_files_are_told),
        WITH_FOLDER(a_full_disk_loses_nothing),
        WITH_FOLDER(delivered_credentials_are_gone),
        WITH_FOLDER(killed_at_random_it_loses_and_doubles_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
