/* SPDX-License-Identifier: Apache-2.0
 *
 * The cursor and the writer: the examples of RFC 8949 Appendix A, every error by its name, every
 * limit at its edge.
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

static struct cbor_cursor cursor_of_hex(const char *hex)
{
    static uint8_t room[ROOM];
    return cbor_cursor_of(check_hex(hex, room, sizeof room));
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

static void numbers_by_value(void **state)
{
    (void)state;
    struct cbor_cursor c = cursor_of_hex("00 17 1818 1903e8 1b000000e8d4a51000 20 3903e7 "
                                         "1b7fffffffffffffff 3b7fffffffffffffff");
    assert_int_equal(cbor_read_uint(&c, 0, 0), 0);
    assert_int_equal(cbor_read_uint(&c, 0, 23), 23);
    assert_int_equal(cbor_read_uint(&c, 24, 24), 24);
    assert_int_equal(cbor_read_int(&c, -1, 1000), 1000);
    assert_true(cbor_read_uint(&c, 0, UINT64_MAX) == 1000000000000);
    assert_int_equal(cbor_read_int(&c, -1, -1), -1);
    assert_int_equal(cbor_read_int(&c, -1000, 0), -1000);
    assert_true(cbor_read_int(&c, INT64_MAX, INT64_MAX) == INT64_MAX);
    assert_true(cbor_read_int(&c, INT64_MIN, INT64_MIN) == INT64_MIN);
    assert_true(cbor_finish(&c));
}

static void strings_and_the_rest_by_value(void **state)
{
    (void)state;
    struct cbor_cursor c = cursor_of_hex("4401020304 6449455446 62c3bc f4 f5 f6 d2 f6");
    check_bytes(cbor_read_bytes(&c, 4, 4), span_of("\1\2\3\4", 4));
    check_bytes(cbor_read_code(&c, 1, 4), span_str("IETF"));
    check_bytes(cbor_read_text(&c, 2, 9), span_str("\303\274"));
    assert_false(cbor_read_null(&c));
    assert_false(cbor_read_bool(&c));
    assert_true(cbor_read_bool(&c));
    assert_true(cbor_read_null(&c));
    cbor_read_tag(&c, 18);
    check_bytes(cbor_skip(&c), span_of("\xf6", 1));
    assert_true(cbor_finish(&c));
}

/* One read that must fail, and what it must say. */
enum what { UINT, INT, BOOL, TAG18, BYTES, TEXT, CODE, ARRAY, MAP };

static void read_one(struct cbor_cursor *c, enum what what)
{
    switch (what) {
    case UINT:
        assert_int_equal(cbor_read_uint(c, 2, 30), 0);
        break;
    case INT:
        assert_int_equal(cbor_read_int(c, -5, 30), 0);
        break;
    case BOOL:
        assert_false(cbor_read_bool(c));
        break;
    case TAG18:
        cbor_read_tag(c, 18);
        break;
    case BYTES:
        assert_int_equal(cbor_read_bytes(c, 1, 2).len, 0);
        break;
    case TEXT:
        assert_int_equal(cbor_read_text(c, 1, 2).len, 0);
        break;
    case CODE:
        assert_int_equal(cbor_read_code(c, 1, 3).len, 0);
        break;
    case ARRAY:
        assert_int_equal(cbor_read_array(c, 1, 2), 0);
        break;
    case MAP:
        assert_int_equal(cbor_read_map(c, 1, 2).left, 0);
        break;
    }
}

static void readers_refuse_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum what what;
        enum cbor_error error;
    } table[] = {
        {"20", UINT, CBOR_TYPE},
        {"f6", UINT, CBOR_TYPE},
        {"01", UINT, CBOR_RANGE},
        {"181f", UINT, CBOR_RANGE},
        {"1817", UINT, CBOR_NOT_SHORTEST},
        {"", UINT, CBOR_TRUNCATED},
        {"25", INT, CBOR_RANGE},
        {"181f", INT, CBOR_RANGE},
        {"40", INT, CBOR_TYPE},
        {"f6", BOOL, CBOR_TYPE},
        {"00", BOOL, CBOR_TYPE},
        {"f7", BOOL, CBOR_RESERVED},
        {"d1", TAG18, CBOR_TYPE},
        {"12", TAG18, CBOR_TYPE},
        {"", TAG18, CBOR_TRUNCATED},
        {"40", BYTES, CBOR_RANGE},
        {"43010203", BYTES, CBOR_RANGE},
        {"6161", BYTES, CBOR_TYPE},
        {"4201", BYTES, CBOR_TRUNCATED},
        {"60", TEXT, CBOR_RANGE},
        {"63616161", TEXT, CBOR_RANGE},
        {"4161", TEXT, CBOR_TYPE},
        {"610a", TEXT, CBOR_TEXT_REFUSED},
        {"61c3", TEXT, CBOR_TEXT_INVALID},
        {"62c3bc", CODE, CBOR_TEXT_REFUSED},
        {"622061", CODE, CBOR_TEXT_REFUSED},
        {"626120", CODE, CBOR_TEXT_REFUSED},
        {"617f", CODE, CBOR_TEXT_REFUSED},
        {"6120", CODE, CBOR_TEXT_REFUSED},
        {"80", ARRAY, CBOR_RANGE},
        {"83010101", ARRAY, CBOR_RANGE},
        {"8201", ARRAY, CBOR_TRUNCATED},
        {"a0", ARRAY, CBOR_TYPE},
        {"a0", MAP, CBOR_RANGE},
        {"a2010101", MAP, CBOR_TRUNCATED},
        {"80", MAP, CBOR_TYPE},
        {"bf", MAP, CBOR_INDEFINITE},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct cbor_cursor c = cursor_of_hex(table[i].hex);
        read_one(&c, table[i].what);
        if (c.error != table[i].error) {
            fail_msg("%s: %s", table[i].hex, cbor_error_text(c.error));
        }
    }
}

static void the_first_error_sticks(void **state)
{
    (void)state;
    struct cbor_cursor c = cursor_of_hex("01 02 4101 6161 8100 a10000 f5 f6");
    assert_int_equal(cbor_read_uint(&c, 5, 5), 0);
    assert_int_equal(c.error, CBOR_RANGE);
    assert_int_equal(cbor_peek(&c), CBOR_END);
    for (int what = UINT; what <= MAP; what++) {
        read_one(&c, (enum what)what);
    }
    int64_t key = 77;
    struct span text = span_str("kept");
    struct cbor_map map = {1, {NULL, 0}};
    assert_false(cbor_map_next_int(&c, &map, &key));
    assert_false(cbor_map_next_text(&c, &map, 9, &text));
    assert_int_equal(key, 77);
    assert_int_equal(text.len, 4);
    assert_int_equal(cbor_skip(&c).len, 0);
    assert_false(cbor_read_null(&c));
    cbor_fail(&c, CBOR_DEPTH);
    assert_false(cbor_finish(&c));
    assert_int_equal(c.error, CBOR_RANGE);
}

static void finish_asks_for_the_end(void **state)
{
    (void)state;
    struct cbor_cursor c = cursor_of_hex("01 02");
    assert_int_equal(cbor_peek(&c), CBOR_UINT);
    assert_int_equal(cbor_read_uint(&c, 0, 9), 1);
    assert_false(cbor_finish(&c));
    assert_int_equal(c.error, CBOR_TRAILING);
}

static void maps_are_walked_in_order(void **state)
{
    (void)state;
    struct cbor_cursor c = cursor_of_hex("a4 01 00 1818 01 20 02 6161 03");
    struct cbor_map map = cbor_read_map(&c, 0, 9);
    static const int64_t labels[] = {1, 24, -1, CBOR_LABEL_TEXT};
    int64_t label;
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        assert_true(cbor_map_next_label(&c, &map, &label));
        assert_true(label == labels[i]);
        assert_int_equal(cbor_read_uint(&c, i, i), i);
    }
    assert_false(cbor_map_next_label(&c, &map, &label));
    assert_true(cbor_finish(&c));
}

static void map_keys_out_of_order_are_refused(void **state)
{
    (void)state;
    static const struct check_case table[] = {
        {"a202000100", CBOR_UNSORTED},
        {"a202000200", CBOR_DUPLICATE},
        {"a2626161 00 6162 00", CBOR_UNSORTED},
        {"a26161006161 00", CBOR_DUPLICATE},
        {"a2010041 00", CBOR_TYPE},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct cbor_cursor c = cursor_of_hex(table[i].hex);
        struct cbor_map map = cbor_read_map(&c, 2, 2);
        int64_t label;
        while (cbor_map_next_label(&c, &map, &label)) {
            cbor_skip(&c);
        }
        assert_int_equal(c.error, table[i].error);
    }
}

static void text_keys_have_a_limit(void **state)
{
    (void)state;
    struct cbor_cursor c = cursor_of_hex("a2 626162 01 626163 02");
    struct cbor_map map = cbor_read_map(&c, 0, 9);
    struct span key;
    assert_true(cbor_map_next_text(&c, &map, 2, &key));
    check_bytes(key, span_str("ab"));
    cbor_skip(&c);
    assert_false(cbor_map_next_text(&c, &map, 1, &key));
    assert_int_equal(c.error, CBOR_RANGE);
}

static void heads_are_written_shortest(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *hex;
    } table[] = {
        {0, "00"},
        {23, "17"},
        {24, "1818"},
        {255, "18ff"},
        {256, "190100"},
        {65535, "19ffff"},
        {65536, "1a00010000"},
        {4294967295, "1affffffff"},
        {4294967296, "1b0000000100000000"},
        {INT64_MAX, "1b7fffffffffffffff"},
        {-1, "20"},
        {-24, "37"},
        {-25, "3818"},
        {-65537, "3a00010000"},
        {INT64_MIN, "3b7fffffffffffffff"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint8_t wanted[ROOM], got[ROOM];
        struct writer w = writer_of(got, sizeof got);
        cbor_write_int(&w, table[i].value);
        check_bytes(writer_span(&w), check_hex(table[i].hex, wanted, sizeof wanted));
    }
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
        cmocka_unit_test(rfc_8949_examples),
        cmocka_unit_test(every_refusal_by_name),
        cmocka_unit_test(deep_nesting_ends_at_once),
        cmocka_unit_test(numbers_by_value),
        cmocka_unit_test(strings_and_the_rest_by_value),
        cmocka_unit_test(readers_refuse_by_name),
        cmocka_unit_test(the_first_error_sticks),
        cmocka_unit_test(finish_asks_for_the_end),
        cmocka_unit_test(maps_are_walked_in_order),
        cmocka_unit_test(map_keys_out_of_order_are_refused),
        cmocka_unit_test(text_keys_have_a_limit),
        cmocka_unit_test(heads_are_written_shortest),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(every_error_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
