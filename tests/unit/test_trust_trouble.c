/* SPDX-License-Identifier: Apache-2.0
 *
 * When the file under the trust store is locked, damaged, full, or its program is killed: an error
 * or the old list, never another answer. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trust_scene.h"
#include "verifier/trust_schema.h"

#define ISSUER "ID.BNSP.LSP-0123"

static struct span id_state(void)
{
    return span_str("ID");
}

static int standard_setup(void **state)
{
    assert_int_equal(scene_setup(state), 0);
    struct scene *s = *state;
    fixture_import(s->store, fixture_standard_bundle(s->f));
    return 0;
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, standard_setup, scene_teardown)

static void sql(struct trust_store *store, const char *text)
{
    assert_int_equal(db_run(db_prepare(store->db, text)), DB_OK);
}

static void assert_in(struct scene *s, enum row_set set, uint32_t index, bool wanted)
{
    bool in = !wanted;
    assert_int_equal(trust_store_in_set(s->store, id_state(), span_str(ISSUER), set, index, &in),
                     TRUST_STORE_OK);
    assert_int_equal(in, wanted);
}

static struct trust_store *second_store(struct scene *s, enum db_mode mode)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(s->path, mode, true, &store, &error), TRUST_STORE_OK);
    return store;
}

static enum trust_store_error range_at(struct scene *s, const char *issuer, uint32_t index,
                                       struct row_range *range)
{
    uint8_t room[2][ROW_MAX_KEY_BYTES];
    struct writer prefix = writer_of(room[0], sizeof room[0]);
    struct writer key = writer_of(room[1], sizeof room[1]);
    struct span found;
    row_key_of_code(&prefix, span_str(issuer));
    row_key_of_index(&key, span_str(issuer), index);
    enum trust_store_error error = trust_store_get_floor(
        s->store, id_state(), ROW_RANGE, writer_span(&prefix), writer_span(&key), &found);
    if (error == TRUST_STORE_OK) {
        assert_true(row_range_decode(found, range));
    }
    return error;
}

static void damaged_blocks_are_never_read_as_no(void **state)
{
    struct scene *s = *state;
    static const char *const damage[] = {
        "UPDATE bucket SET data = CAST(data || x'00' AS BLOB)",
        "UPDATE bucket SET data = substr(data, 1, length(data) - 1)",
        "UPDATE bucket SET data = substr(data, 2)",
        "UPDATE bucket SET data = zeroblob(40000)",
        "UPDATE bucket SET data = (SELECT data FROM bucket ORDER BY place DESC LIMIT 1)",
        "UPDATE bucket SET data = x''",
        "UPDATE bucket SET place = place + 10000000",
        "DELETE FROM bucket",
    };
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        bool in = true;
        assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
        sql(s->store, damage[i]);
        assert_int_equal(
            trust_store_in_set(s->store, id_state(), span_str(ISSUER), ROW_SET_REVOKED, 5, &in),
            TRUST_STORE_DATA);
        assert_int_equal(trust_store_db_error(s->store), DB_CORRUPT);
        struct fixture_walk walk;
        assert_int_equal(fixture_walk_begin(&walk, s->store, id_state(), ROW_BLOCK, ROW_BLOCK),
                         TRUST_STORE_DATA);
        trust_store_rollback(s->store);
    }
}

static void damaged_rows_are_data(void **state)
{
    struct scene *s = *state;
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span found;
    struct row_range range;
    struct fixture_walk walk;
    row_key_of_code(&key, span_str(ISSUER));
    assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
    fixture_damage(s->store, "ID", ROW_ISSUER, writer_span(&key));
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_ISSUER, writer_span(&key), &found),
                     TRUST_STORE_DATA);
    assert_int_equal(fixture_walk_begin(&walk, s->store, id_state(), ROW_ISSUER, ROW_ISSUER),
                     TRUST_STORE_DATA);
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_STATUS, writer_span(&key), &found),
                     TRUST_STORE_DATA);
    assert_int_equal(range_at(s, ISSUER, 150, &range), TRUST_STORE_DATA);
}

static void damaged_documents_are_data(void **state)
{
    struct scene *s = *state;
    struct trust_state none;
    uint8_t *bundle = NULL;
    size_t len = 0;
    struct trust_export_report exported;
    sql(s->store, "UPDATE list SET document = x'80' WHERE state = 'ID'");
    assert_int_equal(trust_update_export(s->store, 0, &bundle, &len, &exported).error,
                     TRUST_UPDATE_STORE);
    sql(s->store, "UPDATE header SET document = x'80'");
    assert_int_equal(trust_store_read_state(s->store, &none), TRUST_STORE_DATA);
    sql(s->store, "DELETE FROM root");
    assert_int_equal(trust_store_read_state(s->store, &none), TRUST_STORE_DATA);
    assert_int_equal(trust_update_export(s->store, 0, &bundle, &len, &exported).error,
                     TRUST_UPDATE_STORE);
    assert_null(bundle);
}

#define SET_OF_ID(what) "UPDATE list SET " what " WHERE state = 'ID'"

/* A list from the far future would be fresh for ever. */
static void impossible_versions_and_times_are_data(void **state)
{
    static const char *const damage[] = {
        SET_OF_ID("version = 0"),
        SET_OF_ID("version = -1"),
        SET_OF_ID("least_version = -1"),
        SET_OF_ID("as_of_s = -1"),
        SET_OF_ID("as_of_s = 7258118400"),
        SET_OF_ID("expires_s = 9223372036854775807"),
        SET_OF_ID("fresh_as_of_s = -1"),
        SET_OF_ID("fresh_as_of_s = 7258118400"),
        "UPDATE store SET floor_s = -1",
        "UPDATE store SET floor_s = 7258118400",
        "UPDATE store SET high_water_s = -1",
        "UPDATE store SET high_water_s = 7258118400",
    };
    struct scene *s = *state;
    struct trust_state read;
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
        sql(s->store, damage[i]);
        assert_int_equal(trust_store_read_state(s->store, &read), TRUST_STORE_DATA);
        trust_store_rollback(s->store);
    }
    sql(s->store, SET_OF_ID("fresh_as_of_s = 7258118399"));
    assert_int_equal(trust_store_read_state(s->store, &read), TRUST_STORE_OK);
    trust_state_free(&read);
}

/* Whoever deletes a row from the file cannot make others believe that it was never there. */
static void export_does_not_send_damage_on(void **state)
{
    struct scene *s = *state;
    uint8_t *bundle = NULL;
    size_t len = 0;
    struct trust_export_report exported;
    sql(s->store, "DELETE FROM bucket WHERE place = (SELECT min(place) FROM bucket)");
    struct trust_refusal refusal = trust_update_export(s->store, 0, &bundle, &len, &exported);
    assert_int_equal(refusal.error, TRUST_UPDATE_DIGEST_MISMATCH);
    assert_string_equal(refusal.subject, "list ID");
    assert_null(bundle);
}

static void locked_store_refuses_and_works_on(void **state)
{
    struct scene *s = *state;
    struct trust_store *other = second_store(s, DB_WRITE);
    struct fixture_list list = scene_list(s, "MY", 2);
    sql(s->store, "PRAGMA busy_timeout = 20");
    assert_int_equal(trust_store_begin_write(other), TRUST_STORE_OK);
    scene_refused(s, scene_bundle(s, 2, &list), "STORE", "");
    assert_int_equal(trust_store_db_error(s->store), DB_BUSY);
    trust_store_rollback(other);
    fixture_import(s->store, scene_bundle(s, 2, &list));
    trust_store_close(other);
}

static struct span many_rows(struct scene *s)
{
    struct fixture_rows *rows = fixture_rows_new(s->f);
    for (unsigned i = 0; i < 2000; i++) {
        char id[32];
        snprintf(id, sizeof id, "MY.BODY-%04u", i);
        fixture_add_issuer(rows, id, ROW_CENTRE, NULL);
    }
    struct fixture_list list = fixture_list(s->f, "MY", 2, rows);
    return scene_bundle(s, 2, &list);
}

static void full_disk_refuses_and_the_old_list_works(void **state)
{
    struct scene *s = *state;
    struct span bundle = many_rows(s);
    struct db_stmt *limit = db_prepare(s->store->db, "PRAGMA max_page_count = 30");
    assert_int_equal(db_step(limit), DB_OK);
    db_reset(limit);
    scene_refused(s, bundle, "STORE", "list MY");
    assert_int_equal(trust_store_db_error(s->store), DB_FULL);
    assert_in(s, ROW_SET_REVOKED, 5, true);
    limit = db_prepare(s->store->db, "PRAGMA max_page_count = 100000");
    assert_int_equal(db_step(limit), DB_OK);
    db_reset(limit);
    fixture_import(s->store, bundle);
}

/* The write itself fails, in a child whose files may not grow. */
static void failing_writes_lose_nothing(void **state)
{
    struct scene *s = *state;
    uint8_t before[32], after[32];
    struct span bundle = many_rows(s);
    fixture_dump(s->store, before);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {150000, 150000};
        (void)signal(SIGXFSZ, SIG_IGN);
        struct trust_store *store = second_store(s, DB_WRITE);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
            _exit(100);
        }
        struct trust_refusal refusal = fixture_try(store, bundle, FIXTURE_NOW_S);
        enum db_error error = trust_store_db_error(store);
        bool clean = refusal.error == TRUST_UPDATE_STORE && (error == DB_IO || error == DB_FULL);
        trust_store_close(store);
        _exit(clean ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    fixture_dump(s->store, after);
    assert_memory_equal(before, after, sizeof before);
    fixture_import(s->store, bundle);
}

/* Killed anywhere in an import, each time a little later: the old list or the new one, whole. */
static void kills_leave_the_old_list_or_the_new_one(void **state)
{
    struct scene *s = *state;
    uint8_t before[32], after[32];
    struct span bundle = many_rows(s);
    fixture_dump(s->store, before);
    trust_store_close(s->store);
    s->store = NULL;
    size_t kept = 0;
    for (useconds_t delay_us = 500; s->store == NULL; delay_us += 2000) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct trust_store *store = second_store(s, DB_WRITE);
            struct trust_refusal refusal = fixture_try(store, bundle, FIXTURE_NOW_S);
            _exit(refusal.error == TRUST_UPDATE_OK ? 0 : 1); /* without closing: as if killed */
        }
        int status = 0;
        (void)usleep(delay_us);
        (void)kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        struct trust_store *store = second_store(s, DB_WRITE);
        fixture_dump(store, after);
        if (memcmp(before, after, sizeof after) == 0) {
            /* Whoever was told that it is in must find it in. */
            assert_true(WIFSIGNALED(status));
            trust_store_close(store);
            kept++;
        } else {
            s->store = store;
        }
    }
    assert_true(kept > 0);
    struct trust_state now = scene_state(s);
    assert_int_equal(now.header.version, 2);
    assert_int_equal(trust_state_list(&now, span_str("MY"))->version, 2);
    trust_state_free(&now);
    struct row row;
    struct fixture_walk walk;
    size_t rows = 0;
    assert_int_equal(fixture_walk_begin(&walk, s->store, span_str("MY"), ROW_ISSUER, ROW_JOB_TITLE),
                     TRUST_STORE_OK);
    while (fixture_walk_next(&walk, &row)) {
        rows++;
    }
    assert_int_equal(rows, 2000);
}

static void refused_open(const char *path, enum db_mode mode, enum db_error wanted)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(path, mode, true, &store, &error), TRUST_STORE_DB);
    assert_int_equal(error, wanted);
    assert_null(store);
}

static void files_that_are_no_store(void **state)
{
    struct scene *s = *state;
    refused_open(fixture_path(s->f, "none.db"), DB_READ, DB_MISSING);
    refused_open("/tmp", DB_READ, DB_OTHER_FILE);
    trust_store_close(s->store);
    s->store = NULL;
    int fd = open(s->path, O_RDWR);
    uint8_t noise[64];
    memset(noise, 0x5A, sizeof noise);
    assert_int_equal(pwrite(fd, noise, sizeof noise, 0), sizeof noise);
    assert_int_equal(close(fd), 0);
    refused_open(s->path, DB_READ, DB_OTHER_FILE);
    refused_open(s->path, DB_CREATE, DB_OTHER_FILE);
}

static void overwritten_pages_are_an_error_not_an_answer(void **state)
{
    struct scene *s = *state;
    trust_store_close(s->store);
    s->store = NULL;
    struct span file = scene_file(s, s->path);
    size_t refused = 0;
    for (size_t page = 1; page < file.len / 4096; page++) {
        int fd = open(s->path, O_RDWR);
        uint8_t noise[4096];
        memset(noise, 0xA5, sizeof noise);
        assert_int_equal(pwrite(fd, noise, sizeof noise, (off_t)page * 4096), sizeof noise);
        struct trust_store *store = NULL;
        struct trust_state now;
        enum db_error error = DB_OK;
        bool in = false;
        enum trust_store_error answer = trust_store_open(s->path, DB_READ, true, &store, &error);
        if (answer == TRUST_STORE_OK) {
            answer = trust_store_read_state(store, &now);
            if (answer == TRUST_STORE_OK) {
                trust_state_free(&now);
                answer = trust_store_in_set(store, id_state(), span_str(ISSUER), ROW_SET_REVOKED, 5,
                                            &in);
                assert_true(answer != TRUST_STORE_OK || in);
            }
        }
        refused += answer == TRUST_STORE_DB || answer == TRUST_STORE_DATA;
        trust_store_close(store);
        assert_int_equal(pwrite(fd, file.ptr + page * 4096, 4096, (off_t)page * 4096), 4096);
        assert_int_equal(close(fd), 0);
    }
    assert_true(refused >= 4); /* store, root, header, list and bucket have a page each */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(damaged_blocks_are_never_read_as_no),
        STORE_TEST(damaged_rows_are_data),
        STORE_TEST(damaged_documents_are_data),
        STORE_TEST(impossible_versions_and_times_are_data),
        STORE_TEST(export_does_not_send_damage_on),
        STORE_TEST(locked_store_refuses_and_works_on),
        STORE_TEST(full_disk_refuses_and_the_old_list_works),
        STORE_TEST(failing_writes_lose_nothing),
        STORE_TEST(kills_leave_the_old_list_or_the_new_one),
        STORE_TEST(files_that_are_no_store),
        STORE_TEST(overwritten_pages_are_an_error_not_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
