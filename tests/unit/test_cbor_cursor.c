/* SPDX-License-Identifier: Apache-2.0
 *
 * The cursor field by field, its limits and its errors, and the heads the writer chooses.
 */
#include "check.h"
#include "codec/cbor.h"

#define ROOM 64

static struct cbor_cursor cursor_of_hex(const char *hex)
{
    static uint8_t room[ROOM];
    return cbor_cursor_of(check_hex(hex, room, sizeof room));
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
    static const struct {
        const char *hex;
        enum cbor_error error;
    } table[] = {
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

static void expected_keys_stand_in_their_order(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum cbor_error error;
    } table[] = {
        {"a2 00f4 01f5", CBOR_OK},     {"a2 00f4 02f5", CBOR_RANGE}, {"a2 01f4 02f5", CBOR_RANGE},
        {"a2 00f4 6161f5", CBOR_TYPE}, {"a1 00f4", CBOR_RANGE}, /* one entry too few */
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct cbor_cursor c = cursor_of_hex(table[i].hex);
        struct cbor_map map = cbor_read_map(&c, 1, 2);
        cbor_map_expect(&c, &map, 0);
        (void)cbor_read_bool(&c);
        cbor_map_expect(&c, &map, 1);
        (void)cbor_read_bool(&c);
        (void)cbor_finish(&c);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_by_value),
        cmocka_unit_test(strings_and_the_rest_by_value),
        cmocka_unit_test(readers_refuse_by_name),
        cmocka_unit_test(the_first_error_sticks),
        cmocka_unit_test(finish_asks_for_the_end),
        cmocka_unit_test(maps_are_walked_in_order),
        cmocka_unit_test(map_keys_out_of_order_are_refused),
        cmocka_unit_test(expected_keys_stand_in_their_order),
        cmocka_unit_test(text_keys_have_a_limit),
        cmocka_unit_test(heads_are_written_shortest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
