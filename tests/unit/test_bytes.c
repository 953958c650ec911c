/* SPDX-License-Identifier: Apache-2.0
 *
 * Spans, the sticky reader and the counting writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/bytes.h"

static const uint8_t input[] = {0x01, 0x02, 0x03, 0x04, 0x05};

static void reader_takes_in_order_and_asks_once(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(input, sizeof input));
    assert_int_equal(reader_be(&r, 2), 0x0102);
    assert_false(reader_done(&r));
    assert_int_equal(reader_be(&r, 3), 0x030405);
    assert_true(reader_done(&r));
}

static void reader_failure_sticks(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(input, sizeof input));
    assert_int_equal(reader_take(&r, 6).len, 0);
    assert_true(r.failed);
    assert_int_equal(reader_be(&r, 1), 0);
    assert_false(reader_done(&r));
}

static void writer_counts_past_its_end(void **state)
{
    (void)state;
    uint8_t room[4];
    struct writer w = writer_of(room, sizeof room);
    writer_be(&w, 0xAABB, 2);
    assert_true(writer_ok(&w));
    assert_int_equal(writer_span(&w).len, 2);
    writer_put(&w, span_of(input, 3));
    assert_false(writer_ok(&w));
    assert_int_equal(w.len, 5);
    assert_int_equal(writer_span(&w).len, 0);
    assert_int_equal(room[1], 0xBB);
}

static void writer_never_wraps_around(void **state)
{
    (void)state;
    struct writer w = writer_of(NULL, 0);
    writer_put(&w, span_of(input, SIZE_MAX - 1));
    writer_put(&w, span_of(input, 5));
    assert_false(writer_ok(&w));
    assert_true(w.len == SIZE_MAX);
}

static void spans_compare_bytewise(void **state)
{
    (void)state;
    assert_true(span_compare(span_str("ab"), span_str("abc")) < 0);
    assert_true(span_compare(span_str("b"), span_str("abc")) > 0);
    assert_int_equal(span_compare(span_str("abc"), span_str("abc")), 0);
    assert_true(span_equal(span_of(NULL, 0), span_str("")));
    assert_true(span_starts_with(span_str("CC1:AB"), span_str("CC1:")));
    assert_false(span_starts_with(span_str("CC"), span_str("CC1:")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader_takes_in_order_and_asks_once),
        cmocka_unit_test(reader_failure_sticks),
        cmocka_unit_test(writer_counts_past_its_end),
        cmocka_unit_test(writer_never_wraps_around),
        cmocka_unit_test(spans_compare_bytewise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
