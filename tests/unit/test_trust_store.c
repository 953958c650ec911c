/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust store as readers meet it: single rows, sets, walks, one moment at a time; and what
 * happens when the file under it is locked, damaged or full. */
#include "trust_scene.h"

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

    uint8_t digest[TRUST_DIGEST_SIZE];
    struct row row, last = {0};
    struct fixture_walk walk;
    struct trust_rows rows = {0};
    assert_int_equal(fixture_walk_begin(&walk, s->store, id_state(), ROW_ISSUER, ROW_LAST_SECURITY),
                     TRUST_STORE_OK);
    while (fixture_walk_next(&walk, &row)) {
        assert_true(last.bytes.len == 0 || row_compare(&last, &row) < 0);
        assert_int_equal(trust_rows_add(&rows, row.bytes), TRUST_ROWS_OK);
        last = row;
    }
    assert_int_equal(trust_rows_seal(&rows), TRUST_ROWS_OK);
    assert_true(rows.came_sorted);
    assert_int_equal(trust_rows_digest(&rows, false, digest), TRUST_ROWS_OK);
    check_bytes(span_of(digest, sizeof digest), list.digest);
    trust_rows_free(&rows);
}

static size_t count_rows(struct scene *s, enum row_type least, enum row_type most)
{
    struct row row;
    struct fixture_walk walk;
    size_t count = 0;
    assert_int_equal(fixture_walk_begin(&walk, s->store, id_state(), least, most), TRUST_STORE_OK);
    while (fixture_walk_next(&walk, &row)) {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
