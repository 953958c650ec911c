/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole items: the examples of RFC 8949 Appendix A, every refusal by its name, every prefix.
 */
#include "check.h"
#include "codec/cbor.h"

#define ROOM 64

struct check_case {
    const char *hex;
    enum cbor_error error;
};

static void check_table(const struct check_case *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t room[ROOM];
        struct span input = check_hex(table[i].hex, room, sizeof room);
        uint8_t *copy = check_heap_copy(input);
        enum cbor_error error = cbor_check(span_of(copy, input.len));
        free(copy);
        if (error != table[i].error) {
            fail_msg("%s: %s", table[i].hex, cbor_error_text(error));
        }
    }
}

static void rfc_8949_examples(void **state)
{
    (void)state;
    static const struct check_case table[] = {
        {"00", CBOR_OK},
        {"01", CBOR_OK},
        {"0a", CBOR_OK},
        {"17", CBOR_OK},
        {"1818", CBOR_OK},
        {"1819", CBOR_OK},
        {"1864", CBOR_OK},
        {"1903e8", CBOR_OK},
        {"1a000f4240", CBOR_OK},
        {"1b000000e8d4a51000", CBOR_OK},
        {"1bffffffffffffffff", CBOR_RANGE},
        {"c249010000000000000000", CBOR_OK},
        {"3bffffffffffffffff", CBOR_RANGE},
        {"c349010000000000000000", CBOR_OK},
        {"20", CBOR_OK},
        {"29", CBOR_OK},
        {"3863", CBOR_OK},
        {"3903e7", CBOR_OK},
        {"f90000", CBOR_RESERVED},
        {"f98000", CBOR_RESERVED},
        {"fb3ff199999999999a", CBOR_RESERVED},
        {"fa47c35000", CBOR_RESERVED},
        {"f97c00", CBOR_RESERVED},
        {"f97e00", CBOR_RESERVED},
        {"f4", CBOR_OK},
        {"f5", CBOR_OK},
        {"f6", CBOR_OK},
        {"f7", CBOR_RESERVED},
        {"f0", CBOR_RESERVED},
        {"f8ff", CBOR_RESERVED},
        {"c074323031332d30332d32315432303a30343a30305a", CBOR_OK},
        {"c11a514b67b0", CBOR_OK},
        {"c1fb41d452d9e2e00000", CBOR_RESERVED},
        {"d74401020304", CBOR_OK},
        {"d818456449455446", CBOR_OK},
        {"40", CBOR_OK},
        {"4401020304", CBOR_OK},
        {"60", CBOR_OK},
        {"6449455446", CBOR_OK},
        {"62225c", CBOR_OK},
        {"62c3bc", CBOR_OK},
        {"63e6b0b4", CBOR_OK},
        {"64f0908591", CBOR_OK},
        {"80", CBOR_OK},
        {"8301820203820405", CBOR_OK},
        {"98190102030405060708090a0b0c0d0e0f101112131415161718181819", CBOR_OK},
        {"a0", CBOR_OK},
        {"a201020304", CBOR_OK},
        {"a26161016162820203", CBOR_OK},
        {"826161a161626163", CBOR_OK},
        {"a56161614161626142616361436164614461656145", CBOR_OK},
        {"5f42010243030405ff", CBOR_INDEFINITE},
        {"7f657374726561646d696e67ff", CBOR_INDEFINITE},
        {"9fff", CBOR_INDEFINITE},
        {"9f018202039f0405ffff", CBOR_INDEFINITE},
        {"83019f0203ff820405", CBOR_INDEFINITE},
        {"bf61610161629f0203ffff", CBOR_INDEFINITE},
        {"826161bf61626163ff", CBOR_INDEFINITE},
    };
    check_table(table, COUNT_OF(table));
}

static void every_refusal_by_name(void **state)
{
    (void)state;
    static const struct check_case table[] = {
        {"", CBOR_TRUNCATED},
        {"18", CBOR_TRUNCATED},
        {"1b00000000000000", CBOR_TRUNCATED},
        {"4201", CBOR_TRUNCATED},
        {"61", CBOR_TRUNCATED},
        {"8201", CBOR_TRUNCATED},
        {"9affffffff", CBOR_TRUNCATED}, /* a lying count */
        {"9b7fffffffffffffff00", CBOR_TRUNCATED},
        {"bb7fffffffffffffff0000", CBOR_TRUNCATED},
        {"5b7fffffffffffffff00", CBOR_TRUNCATED},
        {"a101", CBOR_TRUNCATED},
        {"c0", CBOR_TRUNCATED},
        {"1817", CBOR_NOT_SHORTEST},
        {"1900ff", CBOR_NOT_SHORTEST},
        {"1a0000ffff", CBOR_NOT_SHORTEST},
        {"1b00000000ffffffff", CBOR_NOT_SHORTEST},
        {"3817", CBOR_NOT_SHORTEST},
        {"580100", CBOR_NOT_SHORTEST},
        {"780161", CBOR_NOT_SHORTEST},
        {"980100", CBOR_NOT_SHORTEST},
        {"b8010000", CBOR_NOT_SHORTEST},
        {"d81200", CBOR_NOT_SHORTEST},
        {"5f", CBOR_INDEFINITE},
        {"ff", CBOR_INDEFINITE},
        {"81ff", CBOR_INDEFINITE},
        {"1c", CBOR_RESERVED},
        {"1f", CBOR_RESERVED},
        {"3e", CBOR_RESERVED},
        {"3f", CBOR_RESERVED},
        {"5d", CBOR_RESERVED},
        {"df", CBOR_RESERVED},
        {"e0", CBOR_RESERVED},
        {"f814", CBOR_RESERVED},
        {"fc", CBOR_RESERVED},
        {"a202000100", CBOR_UNSORTED},
        {"a220000000", CBOR_UNSORTED},
        {"a26161000100", CBOR_UNSORTED},
        {"a2626161006162 00", CBOR_UNSORTED}, /* by bytes, length first in text heads */
        {"a21818001700", CBOR_UNSORTED},
        {"a201000100", CBOR_DUPLICATE},
        {"a2800080 00", CBOR_DUPLICATE},
        {"61ff", CBOR_TEXT_INVALID},
        {"62c380", CBOR_OK},
        {"62c080", CBOR_TEXT_INVALID},
        {"a161ff00", CBOR_TEXT_INVALID},
        {"6100", CBOR_TEXT_REFUSED},
        {"63e2808e", CBOR_TEXT_REFUSED},
        {"1b8000000000000000", CBOR_RANGE},
        {"5b8000000000000000", CBOR_RANGE},
        {"1b7fffffffffffffff", CBOR_OK},
        {"3b7fffffffffffffff", CBOR_OK},
        {"8181818181818181 00", CBOR_OK},
        {"818181818181818180", CBOR_DEPTH},
        {"c1c1c1c1c1c1c1c1 00", CBOR_OK},
        {"c1c1c1c1c1c1c1c1c1 00", CBOR_DEPTH},
        {"a100a100a100a100a100a100a100a10000", CBOR_OK},
        {"a100a100a100a100a100a100a100a100a0", CBOR_DEPTH},
        {"a1a1a1a1a1a1a1a1a100000000000000000000", CBOR_DEPTH}, /* nested in keys */
        {"0000", CBOR_TRAILING},
        {"8000", CBOR_TRAILING},
    };
    check_table(table, COUNT_OF(table));
}

static void deep_nesting_ends_at_once(void **state)
{
    (void)state;
    static uint8_t deep[1000000];
    memset(deep, 0x81, sizeof deep);
    assert_int_equal(cbor_check(span_of(deep, sizeof deep)), CBOR_DEPTH);
}

/* A document with every type in it. */
static struct span everything(uint8_t *room, size_t cap)
{
    struct writer w = writer_of(room, cap);
    cbor_write_tag(&w, 1000);
    cbor_write_array(&w, 6);
    cbor_write_map(&w, 2);
    cbor_write_uint(&w, 300);
    cbor_write_bool(&w, true);
    cbor_write_text(&w, span_str("\340\270\201"));
    cbor_write_null(&w);
    cbor_write_bytes(&w, span_of("\0\1\2", 3));
    cbor_write_int(&w, -70000);
    cbor_write_bool(&w, false);
    cbor_write_text(&w, span_str(""));
    cbor_write_uint(&w, 1ULL << 40);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static void must_be_truncated(struct span prefix, void *context)
{
    (void)context;
    assert_int_equal(cbor_check(prefix), CBOR_TRUNCATED);
}

static void every_prefix_is_truncated(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct span document = everything(room, sizeof room);
    assert_int_equal(cbor_check(document), CBOR_OK);
    check_prefixes(document, must_be_truncated, NULL);
}

static void every_error_has_a_sentence(void **state)
{
    (void)state;
    for (int i = CBOR_OK; i <= CBOR_TRAILING; i++) {
        assert_string_not_equal(cbor_error_text((enum cbor_error)i), "unknown error");
        for (int j = CBOR_OK; j < i; j++) {
            assert_string_not_equal(cbor_error_text((enum cbor_error)i),
                                    cbor_error_text((enum cbor_error)j));
        }
    }
    assert_string_equal(cbor_error_text((enum cbor_error)99), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_8949_examples),          cmocka_unit_test(every_refusal_by_name),
        cmocka_unit_test(deep_nesting_ends_at_once),  cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(every_error_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
