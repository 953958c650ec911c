/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite with the house's settings: statements, transactions, and every file that is not what it
 * should be. */
#include "base/db.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "check.h"

static const struct db_schema schema = {
    .application_id = 0xF0123456,
    .version = 3,
    .sql = "CREATE TABLE t (k INTEGER PRIMARY KEY, text TEXT, blob BLOB) STRICT;"
           "INSERT INTO t VALUES (1, 'one', x'010203');",
};

struct place {
    char folder[64];
    char path[96];
};

static int setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    strcpy(p->folder, "/tmp/saksi-db-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    snprintf(p->path, sizeof p->path, "%s/t.db", p->folder);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    static const char *const end[] = {"", "-wal", "-shm", "-journal"};
    char name[128];
    for (size_t i = 0; i < COUNT_OF(end); i++) {
        snprintf(name, sizeof name, "%s%s", p->path, end[i]);
        (void)unlink(name);
    }
    assert_int_equal(rmdir(p->folder), 0);
    free(p);
    return 0;
}

static struct db *open_ok(const struct place *p, enum db_mode mode)
{
    struct db *db = NULL;
    assert_int_equal(db_open(p->path, mode, &schema, &db), DB_OK);
    assert_non_null(db);
    return db;
}

static void open_fails(const char *path, enum db_mode mode, enum db_error wanted)
{
    struct db *db = NULL;
    assert_int_equal(db_open(path, mode, &schema, &db), wanted);
    assert_null(db);
}

static int64_t number(struct db *db, const char *sql)
{
    struct db_stmt *s = db_prepare(db, sql);
    assert_int_equal(db_step(s), DB_OK);
    int64_t value = db_column_int(s, 0);
    db_reset(s);
    return value;
}

static void run(struct db *db, const char *sql)
{
    assert_int_equal(db_run(db_prepare(db, sql)), DB_OK);
}

/* ---- statements ---- */

static void settings_are_the_house_settings(void **state)
{
    struct db *db = open_ok(*state, DB_CREATE);
    assert_int_equal(number(db, "PRAGMA synchronous"), 2);
    assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
    assert_int_equal(number(db, "PRAGMA cell_size_check"), 1);
    assert_int_equal(number(db, "PRAGMA busy_timeout"), 5000);
    assert_int_equal(number(db, "PRAGMA user_version"), 3);
    struct db_stmt *s = db_prepare(db, "PRAGMA journal_mode");
    assert_int_equal(db_step(s), DB_OK);
    check_bytes(db_column_span(s, 0), span_str("wal"));
    db_close(db);
}

static void values_go_in_and_come_out(void **state)
{
    struct db *db = open_ok(*state, DB_CREATE);
    struct db_stmt *put = db_prepare(db, "INSERT INTO t VALUES (?1, ?2, ?3)");
    static const uint8_t bytes[] = {0, 1, 0};
    db_bind_int(put, 1, INT64_MIN);
    db_bind_text(put, 2, span_str("t"));
    db_bind_blob(put, 3, span_of(bytes, 3));
    assert_int_equal(db_run(put), DB_OK);
    db_bind_int(put, 1, 7);
    db_bind_text(put, 2, span_of(NULL, 0));
    db_bind_blob(put, 3, span_of(NULL, 0));
    assert_int_equal(db_run(put), DB_OK);
    db_bind_int(put, 1, 8);
    db_bind_null(put, 2);
    assert_int_equal(db_run(put), DB_OK);

    struct db_stmt *get = db_prepare(db, "SELECT k, text, blob FROM t ORDER BY k");
    assert_int_equal(db_step(get), DB_OK);
    assert_true(db_column_int(get, 0) == INT64_MIN);
    check_bytes(db_column_span(get, 2), span_of(bytes, 3));
    assert_int_equal(db_step(get), DB_OK);
    assert_int_equal(db_step(get), DB_OK);
    assert_false(db_column_is_null(get, 1));
    assert_false(db_column_is_null(get, 2));
    assert_int_equal(db_column_span(get, 2).len, 0);
    assert_int_equal(db_step(get), DB_OK);
    assert_true(db_column_is_null(get, 1));
    assert_int_equal(db_step(get), DB_DONE);
    db_close(db);
}

static void same_key_twice_is_constraint(void **state)
{
    struct db *db = open_ok(*state, DB_CREATE);
    struct db_stmt *put = db_prepare(db, "INSERT INTO t VALUES (?1, NULL, NULL)");
    db_bind_int(put, 1, 1);
    assert_int_equal(db_run(put), DB_CONSTRAINT);
    db_bind_int(put, 1, 2);
    assert_int_equal(db_run(put), DB_OK);
    db_close(db);
}

static void failures_of_statements_are_told_by_the_step(void **state)
{
    struct db *db = open_ok(*state, DB_CREATE);
    struct db_stmt *wrong = db_prepare(db, "SELECT nothing FROM nowhere");
    assert_non_null(wrong);
    db_bind_int(wrong, 1, 1);
    assert_int_equal(db_step(wrong), DB_SYSTEM);
    struct db_stmt *s = db_prepare(db, "SELECT ?1");
    db_bind_int(s, 2, 1);
    assert_int_equal(db_step(s), DB_SYSTEM);
    db_reset(s);
    db_bind_int(s, 1, 5);
    assert_int_equal(db_step(s), DB_OK);
    assert_int_equal(db_step(NULL), DB_SYSTEM);
    db_bind_int(NULL, 1, 1);
    db_reset(NULL);
    db_close(db);
    db_close(NULL);
}

/* ---- transactions ---- */

static void reader_sees_one_moment(void **state)
{
    struct db *writer = open_ok(*state, DB_CREATE), *reader = open_ok(*state, DB_READ);
    int64_t version = db_data_version(reader);
    assert_int_equal(db_begin_read(reader), DB_OK);
    assert_int_equal(db_begin_write(writer), DB_OK);
    run(writer, "DELETE FROM t");
    assert_int_equal(db_commit(writer), DB_OK);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 1);
    assert_int_equal(db_data_version(reader), version);
    db_rollback(reader);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 0);
    assert_int_not_equal(db_data_version(reader), version);
    db_close(reader);
    db_close(writer);
}

static void rollback_leaves_everything(void **state)
{
    struct db *db = open_ok(*state, DB_CREATE);
    assert_int_equal(db_begin_write(db), DB_OK);
    run(db, "DELETE FROM t");
    db_rollback(db);
    db_rollback(db); /* nothing to do */
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    db_close(db);
}

static void second_writer_is_busy(void **state)
{
    struct db *first = open_ok(*state, DB_CREATE), *second = open_ok(*state, DB_WRITE);
    run(second, "PRAGMA busy_timeout = 20");
    assert_int_equal(db_begin_write(first), DB_OK);
    assert_int_equal(db_begin_write(second), DB_BUSY);
    assert_int_equal(db_begin_read(second), DB_OK);
    db_rollback(second);
    assert_int_equal(db_commit(first), DB_OK);
    assert_int_equal(db_begin_write(second), DB_OK);
    db_rollback(second);
    db_close(second);
    db_close(first);
}

/* ---- files that are not what they should be ---- */

static void missing_files_and_folders(void **state)
{
    struct place *p = *state;
    open_fails(p->path, DB_READ, DB_MISSING);
    open_fails(p->path, DB_WRITE, DB_MISSING);
    assert_int_equal(access(p->path, F_OK), -1);
    open_fails(p->folder, DB_READ, DB_OTHER_FILE);
    open_fails(p->folder, DB_CREATE, DB_OTHER_FILE);
    open_fails("/dev/null", DB_READ, DB_OTHER_FILE);
}

static void write_file(const struct place *p, const void *bytes, size_t len)
{
    FILE *file = fopen(p->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void files_of_others_are_left_alone(void **state)
{
    struct place *p = *state;
    static const char text[] = "This is a letter to somebody, and no database at all.";
    write_file(p, text, sizeof text);
    open_fails(p->path, DB_CREATE, DB_OTHER_FILE);
    struct stat status;
    assert_int_equal(stat(p->path, &status), 0);
    assert_int_equal(status.st_size, sizeof text);
    write_file(p, "", 0);
    open_fails(p->path, DB_READ, DB_OTHER_FILE);
    open_fails(p->path, DB_WRITE, DB_OTHER_FILE);
    db_close(open_ok(p, DB_CREATE)); /* an empty file is as good as none */
}

static void other_application_and_newer_version(void **state)
{
    struct place *p = *state;
    struct db *db = open_ok(p, DB_CREATE);
    run(db, "PRAGMA user_version = 4");
    db_close(db);
    open_fails(p->path, DB_READ, DB_OTHER_FILE);
    open_fails(p->path, DB_CREATE, DB_OTHER_FILE);

    struct db_schema other = schema;
    other.version = 4;
    other.application_id++;
    struct db *none = NULL;
    assert_int_equal(db_open(p->path, DB_WRITE, &other, &none), DB_OTHER_FILE);
    other.application_id--;
    assert_int_equal(db_open(p->path, DB_WRITE, &other, &none), DB_OK);
    run(none, "PRAGMA application_id = 0");
    db_close(none);
    open_fails(p->path, DB_CREATE, DB_OTHER_FILE);
}

static void triggers_of_a_hostile_file_do_not_run(void **state)
{
    struct place *p = *state;
    struct db *db = open_ok(p, DB_CREATE);
    run(db, "CREATE TRIGGER evil AFTER DELETE ON t BEGIN INSERT INTO t VALUES (9, 'x', NULL); END");
    db_close(db);
    db = open_ok(p, DB_WRITE);
    run(db, "DELETE FROM t");
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
    db_close(db);
}

static void fill(struct db *db, size_t count)
{
    struct db_stmt *put = db_prepare(db, "INSERT INTO t VALUES (NULL, NULL, zeroblob(500))");
    assert_int_equal(db_begin_write(db), DB_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(db_run(put), DB_OK);
    }
    assert_int_equal(db_commit(db), DB_OK);
}

static void overwritten_pages_are_corrupt(void **state)
{
    struct place *p = *state;
    struct db *db = open_ok(p, DB_CREATE);
    fill(db, 100);
    db_close(db);
    int fd = open(p->path, O_RDWR);
    uint8_t noise[4096];
    memset(noise, 0xA5, sizeof noise);
    for (off_t page = 1; page < 10; page++) {
        assert_int_equal(pwrite(fd, noise, sizeof noise, page * 4096), sizeof noise);
    }
    assert_int_equal(close(fd), 0);
    db = open_ok(p, DB_READ);
    struct db_stmt *s = db_prepare(db, "SELECT sum(length(blob)) FROM t");
    assert_int_equal(db_step(s), DB_CORRUPT);
    db_close(db);
}

static void truncated_file_is_corrupt(void **state)
{
    struct place *p = *state;
    struct db *db = open_ok(p, DB_CREATE);
    fill(db, 100);
    db_close(db);
    assert_int_equal(truncate(p->path, 8192), 0);
    struct db *none = NULL;
    enum db_error error = db_open(p->path, DB_READ, &schema, &none);
    if (error == DB_OK) {
        error = db_step(db_prepare(none, "SELECT sum(length(blob)) FROM t"));
        db_close(none);
    }
    assert_int_equal(error, DB_CORRUPT);
}

static void full_disk_is_full(void **state)
{
    struct place *p = *state;
    struct db *db = open_ok(p, DB_CREATE);
    assert_int_equal(number(db, "PRAGMA max_page_count = 10"), 10);
    struct db_stmt *put = db_prepare(db, "INSERT INTO t VALUES (NULL, NULL, zeroblob(100000))");
    assert_int_equal(db_begin_write(db), DB_OK);
    assert_int_equal(db_run(put), DB_FULL);
    db_rollback(db);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    db_close(db);
}

/* In a child, because limits and users cannot be taken back. */
static int in_child(int (*act)(const struct place *p), const struct place *p)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(act(p));
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int write_beyond_the_limit(const struct place *p)
{
    struct db *db = NULL;
    struct rlimit limit = {20000, 20000};
    (void)signal(SIGXFSZ, SIG_IGN);
    if (db_open(p->path, DB_WRITE, &schema, &db) != DB_OK || setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        db_begin_write(db) != DB_OK) {
        return 100;
    }
    enum db_error error =
        db_run(db_prepare(db, "INSERT INTO t VALUES (NULL, NULL, zeroblob(100000))"));
    if (error == DB_OK) {
        error = db_commit(db);
    }
    db_rollback(db);
    db_close(db);
    return (int)error;
}

static void file_size_limit_is_a_clean_failure(void **state)
{
    struct place *p = *state;
    db_close(open_ok(p, DB_CREATE));
    int error = in_child(write_beyond_the_limit, p);
    assert_true(error == DB_IO || error == DB_FULL);
    struct db *db = open_ok(p, DB_READ);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    db_close(db);
}

static int open_as_nobody(const struct place *p)
{
    struct db *db = NULL;
    if (getuid() == 0 && setuid(65534) != 0) {
        return 100;
    }
    enum db_error reading = db_open(p->path, DB_READ, &schema, &db);
    int rows = reading == DB_OK ? (int)number(db, "SELECT count(*) FROM t") : 0;
    db_close(db);
    db = NULL;
    enum db_error writing = db_open(p->path, DB_WRITE, &schema, &db);
    db_close(db);
    return reading == DB_OK && rows == 1 ? (int)writing : 101;
}

/* A user who may only read can read; asking to write says so. */
static void read_only_users_can_read(void **state)
{
    struct place *p = *state;
    db_close(open_ok(p, DB_CREATE));
    char side[2][128];
    snprintf(side[0], sizeof side[0], "%s-wal", p->path);
    snprintf(side[1], sizeof side[1], "%s-shm", p->path);
    assert_int_equal(chmod(p->path, 0444), 0);
    assert_int_equal(chmod(side[0], 0444), 0);
    assert_int_equal(chmod(side[1], 0444), 0);
    assert_int_equal(chmod(p->folder, 0555), 0);
    int answer = in_child(open_as_nobody, p);
    assert_int_equal(chmod(p->folder, 0755), 0);
    assert_int_equal(answer, DB_READ_ONLY);
}

static void every_error_has_a_sentence(void **state)
{
    (void)state;
    for (int i = DB_OK; i <= DB_SYSTEM; i++) {
        assert_true(strlen(db_error_text((enum db_error)i)) > 8);
    }
    assert_string_equal(db_error_text((enum db_error)99), "An unknown failure.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(settings_are_the_house_settings),
        TEST(values_go_in_and_come_out),
        TEST(same_key_twice_is_constraint),
        TEST(failures_of_statements_are_told_by_the_step),
        TEST(reader_sees_one_moment),
        TEST(rollback_leaves_everything),
        TEST(second_writer_is_busy),
        TEST(missing_files_and_folders),
        TEST(files_of_others_are_left_alone),
        TEST(other_application_and_newer_version),
        TEST(triggers_of_a_hostile_file_do_not_run),
        TEST(overwritten_pages_are_corrupt),
        TEST(truncated_file_is_corrupt),
        TEST(full_disk_is_full),
        TEST(file_size_limit_is_a_clean_failure),
        TEST(read_only_users_can_read),
        TEST(every_error_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
