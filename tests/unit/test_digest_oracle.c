/* SPDX-License-Identifier: Apache-2.0
 *
 * A second opinion about digests of lists: bucket by bucket and as a whole, over random lists and
 * those of the tests' fixture. What comes to the same is what WIRE.md says, not what one program
 * does.
 */
#include "random_list.h"

#include "check.h"
#include "digest_oracle.h"
#include "trust_row_sample.h"
#include "verifier/trust_rows.h"

static const char *const part_name[] = {"saksi/list/1", "saksi/catalogue/1"};

static struct trust_rows sealed(struct span bytes)
{
    struct trust_rows rows = {0};
    assert_int_equal(trust_rows_add(&rows, bytes), TRUST_ROWS_OK);
    assert_int_equal(trust_rows_seal(&rows), TRUST_ROWS_OK);
    return rows;
}

/* The rows in any order: the order of digests is for each to find. */
static struct span shuffled(struct fixture *f, const struct trust_rows *rows, uint64_t *random)
{
    struct span *row = (void *)fixture_room(f, (rows->count + 1) * sizeof *row);
    struct writer w = writer_of(fixture_room(f, rows->len), rows->len);
    for (size_t i = 0; i < rows->count; i++) {
        size_t other = check_random(random) % (i + 1);
        row[i] = row[other];
        row[other] = rows->row[i].bytes;
    }
    for (size_t i = 0; i < rows->count; i++) {
        writer_put(&w, row[i]);
    }
    return writer_span(&w);
}

static void compare(struct fixture *f, struct span bytes, uint64_t *random)
{
    struct trust_rows rows = sealed(bytes);
    struct span mixed = shuffled(f, &rows, random);
    struct trust_rows from_mixed = sealed(mixed);
    for (size_t i = 0; i < rows.count; i++) {
        assert_int_equal(row_bucket(rows.row[i].type, rows.row[i].key),
                         digest_oracle_bucket(rows.row[i].bytes));
    }
    for (size_t part = 0; part < 2; part++) {
        uint8_t ours[2][TRUST_DIGEST_SIZE], theirs[32];
        assert_int_equal(trust_rows_digest(&rows, part != 0, ours[0]), TRUST_ROWS_OK);
        assert_int_equal(trust_rows_digest(&from_mixed, part != 0, ours[1]), TRUST_ROWS_OK);
        assert_true(digest_oracle(mixed, part_name[part], theirs));
        assert_memory_equal(ours[0], theirs, sizeof theirs);
        assert_memory_equal(ours[1], theirs, sizeof theirs);
    }
    trust_rows_free(&rows);
    trust_rows_free(&from_mixed);
}

static void random_lists(void **state)
{
    (void)state;
    uint64_t random = 1128;
    size_t lists = check_is_long() ? 2000 : 60;
    for (size_t i = 0; i < lists; i++) {
        struct fixture *f = fixture_new();
        struct fixture_rows *rows = random_list(f, &random);
        compare(f, fixture_rows_bytes(rows, ROW_ISSUER, ROW_LAST_SECURITY), &random);
        compare(f, fixture_rows_bytes(rows, ROW_SCHEME_TITLE, ROW_JOB_TITLE), &random);
        fixture_free(f);
    }
}

/* One row of each type, and as many lists as there are beginnings of that. */
static void every_type_of_row(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    assert_non_null(samples);
    struct fixture *f = fixture_new();
    uint64_t random = 7;
    for (size_t i = 0; i <= samples->count; i++) {
        struct writer w = writer_of(fixture_room(f, 4096), 4096);
        for (size_t n = 0; n < i; n++) {
            if (n != 2) { /* a second key with the kid of the first */
                writer_put(&w, samples->row[n]);
            }
        }
        compare(f, writer_span(&w), &random);
    }
    fixture_free(f);
    row_samples_free(samples);
}

/* What is signed in the fixture's bundle is what the rows beside it come to. */
static void lists_of_the_fixture(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    struct trust_bundle *bundle = malloc(sizeof *bundle);
    assert_non_null(bundle);
    assert_int_equal(trust_bundle_decode(fixture_standard_bundle(f), bundle), TRUST_DOC_OK);
    assert_int_equal(bundle->list_count, 2);
    for (size_t i = 0; i < bundle->list_count; i++) {
        struct trust_list_file file;
        struct cose_sign cose;
        struct trust_list list;
        uint8_t digest[32];
        assert_int_equal(trust_list_file_decode(bundle->list[i], &file), TRUST_DOC_OK);
        assert_int_equal(cose_sign_decode(file.document, COSE_TYP_LIST, &cose), COSE_OK);
        assert_int_equal(trust_list_decode(cose.payload, &list), TRUST_DOC_OK);
        assert_true(digest_oracle(file.security.data, part_name[0], digest));
        check_bytes(list.digest, span_of(digest, sizeof digest));
        if (file.has_catalogue) {
            assert_true(digest_oracle(file.catalogue.data, part_name[1], digest));
            check_bytes(list.catalogue_digest, span_of(digest, sizeof digest));
        }
    }
    free(bundle);
    fixture_free(f);
}

/* Each of these would go unseen if both sides took something for granted. */
static void what_differs_is_told_apart(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    struct fixture_rows *rows = fixture_rows_new(f);
    uint8_t digest[3][32];
    fixture_add_status(rows, "MY.A", 1);
    struct span bytes = fixture_rows_bytes(rows, ROW_ISSUER, ROW_JOB_TITLE);
    assert_true(digest_oracle(bytes, part_name[0], digest[0]));
    assert_true(digest_oracle(bytes, part_name[1], digest[1]));
    assert_true(digest_oracle(span_of(NULL, 0), part_name[0], digest[2]));
    assert_memory_not_equal(digest[0], digest[1], 32);
    assert_memory_not_equal(digest[0], digest[2], 32);
    assert_false(digest_oracle(span_of(bytes.ptr, bytes.len - 1), part_name[0], digest[0]));
    assert_false(digest_oracle(span_of("\x82\x0C\x61"
                                       "A",
                                       4),
                               part_name[0], digest[0]));
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lists),
        cmocka_unit_test(every_type_of_row),
        cmocka_unit_test(lists_of_the_fixture),
        cmocka_unit_test(what_differs_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
