/* SPDX-License-Identifier: Apache-2.0
 *
 * Packed parts: what turns one list of rows into another does so to the last byte, whatever the two
 * are, and to nothing else. SAKSI_LONG=1 tries many more pairs.
 */
#include "random_list.h"

#include "check.h"
#include "codec/row_change.h"
#include "verifier/trust_pack.h"

struct tally {
    size_t pairs, same, empty, sets;
    size_t packed_bytes, bytes;
};

static struct trust_rows sealed(struct span bytes)
{
    struct trust_rows rows = {0};
    assert_int_equal(trust_rows_add(&rows, bytes), TRUST_ROWS_OK);
    assert_int_equal(trust_rows_seal(&rows), TRUST_ROWS_OK);
    return rows;
}

/* The rows in order; what was unpacked may lie in any. */
static void assert_same_rows(const struct trust_rows *got, const struct trust_rows *wanted)
{
    assert_int_equal(got->count, wanted->count);
    assert_int_equal(got->len, wanted->len);
    for (size_t i = 0; i < got->count; i++) {
        check_bytes(got->row[i].bytes, wanted->row[i].bytes);
    }
}

static void assert_turns_into(const struct trust_rows *base, const struct trust_rows *rows,
                              struct tally *tally)
{
    struct trust_packed packed = {0};
    struct trust_rows again;
    struct row_packed inside;
    assert_int_equal(trust_pack(base, rows, &packed), TRUST_UPDATE_OK);
    assert_int_equal(packed.part.size, rows->len);
    assert_int_equal(trust_unpack(&packed.part, base, &again), TRUST_UPDATE_OK);
    assert_same_rows(&again, rows);
    assert_int_equal(row_packed_decode(packed.part.data, &inside), TRUST_DOC_OK);
    tally->sets += inside.set_count;
    tally->packed_bytes += packed.part.data.len;
    tally->bytes += rows->len;
    trust_rows_free(&again);
    free(packed.bytes);
}

static void try_pair(struct span a_bytes, struct span b_bytes, struct tally *tally)
{
    struct trust_rows a = sealed(a_bytes), b = sealed(b_bytes), nothing = {0};
    assert_turns_into(&a, &b, tally);
    assert_turns_into(&b, &a, tally);
    assert_turns_into(&a, &a, tally);
    assert_turns_into(NULL, &b, tally);
    assert_turns_into(&a, &nothing, tally);
    tally->pairs++;
    tally->same += span_equal(a_bytes, b_bytes);
    tally->empty += a.count == 0 || b.count == 0;
    trust_rows_free(&a);
    trust_rows_free(&b);
}

static void any_list_turns_into_any_other(void **state)
{
    (void)state;
    struct tally security = {0}, catalogue = {0};
    size_t pairs = check_is_long() ? 20000 : 300;
    uint64_t random = 20261128;
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < pairs; i++) {
        if (i % 10 == 9) { /* keys cost time, rows cost memory */
            fixture_free(f);
            f = fixture_new();
        }
        struct fixture_rows *a = random_list(f, &random), *b = random_list(f, &random);
        try_pair(fixture_rows_bytes(a, ROW_ISSUER, ROW_LAST_SECURITY),
                 fixture_rows_bytes(b, ROW_ISSUER, ROW_LAST_SECURITY), &security);
        try_pair(fixture_rows_bytes(a, ROW_SCHEME_TITLE, ROW_JOB_TITLE),
                 fixture_rows_bytes(b, ROW_SCHEME_TITLE, ROW_JOB_TITLE), &catalogue);
    }
    fixture_free(f);
    print_message("%zu pairs, %zu with an empty list, %zu sets, packed to %zu of %zu kB\n",
                  security.pairs, security.empty, security.sets, security.packed_bytes / 1000,
                  security.bytes / 1000);
    assert_true(security.empty > pairs / 20 && security.sets > 2 * pairs);
    assert_true(security.packed_bytes < security.bytes / 2);
}

/* Applied to another base it never gives the same rows by chance: it fails, or gives others. */
static void changes_fit_their_base_only(void **state)
{
    (void)state;
    uint64_t random = 4711;
    size_t failed = 0, others = 0;
    for (size_t i = 0; i < 100; i++) {
        struct fixture *f = fixture_new();
        struct trust_rows list[3], out;
        struct trust_packed packed = {0};
        for (size_t n = 0; n < 3; n++) {
            list[n] =
                sealed(fixture_rows_bytes(random_list(f, &random), ROW_ISSUER, ROW_LAST_SECURITY));
        }
        bool same =
            span_equal(span_of(list[0].bytes, list[0].len), span_of(list[2].bytes, list[2].len));
        assert_int_equal(trust_pack(&list[0], &list[1], &packed), TRUST_UPDATE_OK);
        enum trust_update_error error = trust_unpack(&packed.part, &list[2], &out);
        if (error == TRUST_UPDATE_OK) {
            others += !same;
            trust_rows_free(&out);
        } else {
            assert_int_equal(error, TRUST_UPDATE_FORMAT);
            assert_false(same);
            failed++;
        }
        for (size_t n = 0; n < 3; n++) {
            trust_rows_free(&list[n]);
        }
        free(packed.bytes);
        fixture_free(f);
    }
    print_message("%zu refused, %zu other lists\n", failed, others);
    assert_true(failed > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_list_turns_into_any_other),
        cmocka_unit_test(changes_fit_their_base_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
