/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust store as readers meet it: single rows, sets, walks, one moment at a time; and what
 * happens when the file under it is locked, damaged or full. */
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

/* ---- single rows ---- */

static void rows_are_found_by_key(void **state)
{
    struct scene *s = *state;
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span found;
    row_key_of_code(&key, span_str(ISSUER));
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_ISSUER, writer_span(&key), &found),
                     TRUST_STORE_OK);
    struct row_issuer issuer;
    assert_true(row_issuer_decode(found, &issuer));
    check_bytes(issuer.parent, span_str("ID.BNSP"));
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_STATUS, writer_span(&key), &found),
                     TRUST_STORE_OK);
    assert_int_equal(
        trust_store_get(s->store, span_str("MY"), ROW_ISSUER, writer_span(&key), &found),
        TRUST_STORE_EMPTY);
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_ISSUER, span_str("ID"), &found),
                     TRUST_STORE_EMPTY);
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_BLOCK, writer_span(&key), &found),
                     TRUST_STORE_EMPTY);
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

static void range_is_found_by_any_index_from_its_first(void **state)
{
    struct scene *s = *state;
    static const uint32_t inside[] = {100, 101, 199, 200, 65536, UINT32_MAX};
    struct row_range range;
    for (size_t i = 0; i < COUNT_OF(inside); i++) {
        assert_int_equal(range_at(s, ISSUER, inside[i], &range), TRUST_STORE_OK);
        assert_int_equal(range.first, 100);
        assert_int_equal(range.last, 199);
    }
    assert_int_equal(range_at(s, ISSUER, 99, &range), TRUST_STORE_EMPTY);
    assert_int_equal(range_at(s, ISSUER, 0, &range), TRUST_STORE_EMPTY);
    /* Another issuer's range is never taken for one's own, whichever way it sorts. */
    assert_int_equal(range_at(s, "ID.BNSP.LSP-0124", 150, &range), TRUST_STORE_EMPTY);
    assert_int_equal(range_at(s, "ID.BNSP.LSP-01234", 150, &range), TRUST_STORE_EMPTY);
    assert_int_equal(range_at(s, "ID.BNSP", 150, &range), TRUST_STORE_EMPTY);
}

static void assert_in(struct scene *s, enum row_set set, uint32_t index, bool wanted)
{
    bool in = !wanted;
    assert_int_equal(trust_store_in_set(s->store, id_state(), span_str(ISSUER), set, index, &in),
                     TRUST_STORE_OK);
    assert_int_equal(in, wanted);
}

static void sets_are_exact_at_their_edges(void **state)
{
    struct scene *s = *state;
    static const uint32_t out[] = {0, 4, 6, 16382, 16385, 32767, 32768, UINT32_MAX};
    assert_in(s, ROW_SET_REVOKED, 5, true);
    assert_in(s, ROW_SET_REVOKED, 16383, true);
    assert_in(s, ROW_SET_REVOKED, 16384, true);
    for (size_t i = 0; i < COUNT_OF(out); i++) {
        assert_in(s, ROW_SET_REVOKED, out[i], false);
    }
    assert_in(s, ROW_SET_SUSPENDED, 7, true);
    assert_in(s, ROW_SET_SUSPENDED, 5, false);
    assert_in(s, ROW_SET_SURVIVORS, 5, false);
}

/* ---- walks ---- */

static void walk_is_the_signed_sequence(void **state)
{
    struct scene *s = *state;
    struct span document;
    struct cose_sign cose;
    struct trust_list list;
    assert_int_equal(trust_store_list_document(s->store, id_state(), &document), TRUST_STORE_OK);
    document = fixture_copy(s->f, document);
    assert_int_equal(cose_sign_decode(document, COSE_TYP_LIST, &cose), COSE_OK);
    assert_int_equal(trust_list_decode(cose.payload, &list), TRUST_DOC_OK);

    struct crypto_hash *hash = NULL;
    uint8_t digest[32];
    struct row row, last = {0};
    assert_int_equal(crypto_hash_begin(&hash), CRYPTO_OK);
    assert_int_equal(crypto_hash_update(hash, span_of("saksi/list/1", 13)), CRYPTO_OK);
    assert_int_equal(trust_store_rows_begin(s->store, id_state(), ROW_ISSUER, ROW_LAST_SECURITY),
                     TRUST_STORE_OK);
    enum trust_store_error error;
    while ((error = trust_store_rows_next(s->store, &row)) == TRUST_STORE_OK) {
        assert_true(last.bytes.len == 0 || row_compare(&last, &row) < 0);
        assert_int_equal(crypto_hash_update(hash, row.bytes), CRYPTO_OK);
        struct reader r = reader_of(fixture_copy(s->f, row.bytes));
        assert_int_equal(row_next(&r, &last), TRUST_DOC_OK);
    }
    assert_int_equal(error, TRUST_STORE_EMPTY);
    assert_int_equal(crypto_hash_finish(hash, digest), CRYPTO_OK);
    crypto_hash_free(hash);
    check_bytes(span_of(digest, 32), list.digest);
}

static size_t count_rows(struct scene *s, enum row_type least, enum row_type most)
{
    struct row row;
    size_t count = 0;
    assert_int_equal(trust_store_rows_begin(s->store, id_state(), least, most), TRUST_STORE_OK);
    while (trust_store_rows_next(s->store, &row) == TRUST_STORE_OK) {
        assert_true(row.type >= least && row.type <= most);
        count++;
    }
    return count;
}

static void walk_keeps_to_the_types_asked_for(void **state)
{
    struct scene *s = *state;
    assert_int_equal(count_rows(s, ROW_ISSUER, ROW_ISSUER), 2);
    assert_int_equal(count_rows(s, ROW_KEY, ROW_STATUS), 3);
    assert_int_equal(count_rows(s, ROW_BLOCK, ROW_BLOCK), 3);
    assert_int_equal(count_rows(s, ROW_RANGE, ROW_FRAMEWORK), 1);
    assert_int_equal(count_rows(s, ROW_SCHEME_TITLE, ROW_JOB_TITLE), 1);
    assert_int_equal(count_rows(s, ROW_ISSUER, ROW_JOB_TITLE), 10);
    assert_int_equal(trust_store_rows_begin(s->store, span_str("long"), ROW_ISSUER, ROW_KEY),
                     TRUST_STORE_EMPTY);
}

/* ---- one moment at a time ---- */

static struct trust_store *second_store(struct scene *s, enum db_mode mode)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(s->path, mode, true, &store, &error), TRUST_STORE_OK);
    return store;
}

static void reader_sees_the_old_list_until_it_ends(void **state)
{
    struct scene *s = *state;
    struct trust_store *reader = second_store(s, DB_READ);
    struct trust_state before, during, after;
    struct fixture_list list = scene_list(s, "MY", 2);
    assert_int_equal(trust_store_begin_read(reader), TRUST_STORE_OK);
    int64_t generation = trust_store_generation(reader);
    assert_int_equal(trust_store_read_state(reader, &before), TRUST_STORE_OK);
    fixture_import(s->store, scene_bundle(s, 2, &list));
    assert_int_equal(trust_store_generation(reader), generation);
    assert_int_equal(trust_store_read_state(reader, &during), TRUST_STORE_OK);
    assert_int_equal(during.header.version, 1);
    assert_int_equal(trust_store_commit(reader), TRUST_STORE_OK);

    assert_int_equal(trust_store_begin_read(reader), TRUST_STORE_OK);
    assert_int_not_equal(trust_store_generation(reader), generation);
    assert_int_equal(trust_store_read_state(reader, &after), TRUST_STORE_OK);
    assert_int_equal(after.header.version, 2);
    trust_store_rollback(reader);
    trust_state_free(&before);
    trust_state_free(&during);
    trust_state_free(&after);
    trust_store_close(reader);
}

static void generation_changes_with_ones_own_writes_only(void **state)
{
    struct scene *s = *state;
    int64_t first = trust_store_generation(s->store);
    assert_int_equal(trust_store_begin_read(s->store), TRUST_STORE_OK);
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
    assert_int_equal(trust_store_generation(s->store), first);
    struct fixture_list list = scene_list(s, "MY", 2);
    fixture_import(s->store, scene_bundle(s, 2, &list));
    assert_int_not_equal(trust_store_generation(s->store), first);
}

/* ---- trouble ---- */

static void damaged_blocks_are_never_read_as_no(void **state)
{
    struct scene *s = *state;
    static const char *const damage[] = {
        "UPDATE status_block SET data = x''",
        "UPDATE status_block SET data = x'00'",
        "UPDATE status_block SET data = x'0000'",
        "UPDATE status_block SET data = x'0000050003'",
        "UPDATE status_block SET data = x'0000050005'",
        "UPDATE status_block SET data = x'004000'",
        "UPDATE status_block SET data = x'010005'",
        "UPDATE status_block SET data = zeroblob(40000)",
    };
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        bool in = true;
        struct row row;
        sql(s->store, damage[i]);
        assert_int_equal(
            trust_store_in_set(s->store, id_state(), span_str(ISSUER), ROW_SET_REVOKED, 5, &in),
            TRUST_STORE_DATA);
        assert_int_equal(trust_store_db_error(s->store), DB_CORRUPT);
        assert_int_equal(trust_store_rows_begin(s->store, id_state(), ROW_BLOCK, ROW_BLOCK),
                         TRUST_STORE_OK);
        assert_int_equal(trust_store_rows_next(s->store, &row), TRUST_STORE_DATA);
        trust_store_rollback(s->store);
    }
}

static void damaged_rows_are_data(void **state)
{
    struct scene *s = *state;
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct span found;
    struct row row;
    struct row_range range;
    row_key_of_code(&key, span_str(ISSUER));
    sql(s->store, "UPDATE list_row SET row = x'00' WHERE type = 1");
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_ISSUER, writer_span(&key), &found),
                     TRUST_STORE_DATA);
    assert_int_equal(trust_store_rows_begin(s->store, id_state(), ROW_ISSUER, ROW_ISSUER),
                     TRUST_STORE_OK);
    assert_int_equal(trust_store_rows_next(s->store, &row), TRUST_STORE_DATA);
    /* One row's bytes under another row's key. */
    sql(s->store, "UPDATE list_row SET row = (SELECT row FROM list_row WHERE type = 5)"
                  " WHERE type = 3");
    assert_int_equal(trust_store_get(s->store, id_state(), ROW_STATUS, writer_span(&key), &found),
                     TRUST_STORE_DATA);
    sql(s->store, "UPDATE list_row SET row = x'8705' WHERE type = 5");
    assert_int_equal(range_at(s, ISSUER, 150, &range), TRUST_STORE_DATA);
}

static void damaged_documents_are_data(void **state)
{
    struct scene *s = *state;
    struct trust_state none;
    uint8_t *bundle = NULL;
    size_t len = 0;
    sql(s->store, "UPDATE list SET document = x'80' WHERE state = 'ID'");
    assert_int_equal(trust_update_export(s->store, &bundle, &len).error, TRUST_UPDATE_STORE);
    sql(s->store, "UPDATE header SET document = x'80'");
    assert_int_equal(trust_store_read_state(s->store, &none), TRUST_STORE_DATA);
    sql(s->store, "DELETE FROM root");
    assert_int_equal(trust_store_read_state(s->store, &none), TRUST_STORE_DATA);
    assert_int_equal(trust_update_export(s->store, &bundle, &len).error, TRUST_UPDATE_STORE);
    assert_null(bundle);
}

/* Whoever deletes a row from the file cannot make others believe that it was never there. */
static void export_does_not_send_damage_on(void **state)
{
    struct scene *s = *state;
    uint8_t *bundle = NULL;
    size_t len = 0;
    sql(s->store, "DELETE FROM status_block WHERE block = 1");
    struct trust_refusal refusal = trust_update_export(s->store, &bundle, &len);
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
    assert_true(refused >= 4); /* store, root, header, list and status_block have a page each */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(rows_are_found_by_key),
        STORE_TEST(range_is_found_by_any_index_from_its_first),
        STORE_TEST(sets_are_exact_at_their_edges),
        STORE_TEST(walk_is_the_signed_sequence),
        STORE_TEST(walk_keeps_to_the_types_asked_for),
        STORE_TEST(reader_sees_the_old_list_until_it_ends),
        STORE_TEST(generation_changes_with_ones_own_writes_only),
        STORE_TEST(damaged_blocks_are_never_read_as_no),
        STORE_TEST(damaged_rows_are_data),
        STORE_TEST(damaged_documents_are_data),
        STORE_TEST(export_does_not_send_damage_on),
        STORE_TEST(locked_store_refuses_and_works_on),
        STORE_TEST(full_disk_refuses_and_the_old_list_works),
        STORE_TEST(failing_writes_lose_nothing),
        STORE_TEST(files_that_are_no_store),
        STORE_TEST(overwritten_pages_are_an_error_not_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
