/* SPDX-License-Identifier: Apache-2.0
 *
 * BER-TLV objects there and back, and the forms that are refused.
 */
#include "check.h"
#include "wire/tlv.h"

static void objects_come_back(void **state)
{
    (void)state;
    static const uint16_t tags[] = {0x53, 0x81, 0x5F50, 0x7F49};
    static const size_t lengths[] = {0, 1, 0x7F, 0x80, 0xFF, 0x100, TLV_MAX_LENGTH};
    static const uint8_t heads[] = {2, 2, 2, 3, 3, 4, 4}; /* with a tag of one byte */
    uint8_t *value = calloc(1, TLV_MAX_LENGTH);
    uint8_t *room = malloc(TLV_MAX_LENGTH + 5);
    assert_non_null(value);
    assert_non_null(room);
    for (size_t i = 0; i < COUNT_OF(tags) * COUNT_OF(lengths); i++) {
        uint16_t tag = tags[i / COUNT_OF(lengths)];
        size_t length = lengths[i % COUNT_OF(lengths)];
        struct writer w = writer_of(room, TLV_MAX_LENGTH + 5);
        tlv_put(&w, tag, span_of(value, length));
        assert_int_equal(w.len, heads[i % COUNT_OF(lengths)] + (tag > 0xFF ? 1U : 0U) + length);
        struct reader r = reader_of(writer_span(&w));
        struct tlv object;
        assert_true(tlv_next(&r, &object));
        assert_int_equal(object.tag, tag);
        assert_int_equal(object.value.len, length);
        assert_false(tlv_next(&r, &object));
        assert_true(reader_done(&r));
    }
    free(value);
    free(room);
}

static void what_is_not_strict_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "00",           "FF00",       /* padding */
        "1F",           "1F1E00",     /* a second byte that is missing, or needless */
        "1F8000",       "5FFF0100",   /* a third byte would follow */
        "53",           "5301",       /* no length, no value */
        "538100",       "53817F",     /* lengths that are shorter in another form */
        "53820080",     "538200FF",   /* the same */
        "5380",         "5383000001", /* indefinite; longer than any */
        "538400000001", "5381",       "538201",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        uint8_t room[300] = {0};
        struct span bytes = check_hex(wrong[i], room, sizeof room);
        uint8_t *exact = check_heap_copy(bytes);
        struct reader r = reader_of(span_of(exact, bytes.len));
        struct tlv object = {.tag = 0x77};
        assert_false(tlv_next(&r, &object));
        assert_false(reader_done(&r));
        assert_int_equal(object.tag, 0x77);
        free(exact);
    }
}

static void lengths_in_a_longer_form_are_refused_with_all_their_bytes(void **state)
{
    (void)state;
    uint8_t bytes[4 + 0xFF] = {0x53, 0x82, 0x00, 0xFF};
    struct reader r = reader_of(span_of(bytes, sizeof bytes));
    struct tlv object;
    assert_false(tlv_next(&r, &object));
    uint8_t short_form[3 + 0x7F] = {0x53, 0x81, 0x7F};
    r = reader_of(span_of(short_form, sizeof short_form));
    assert_false(tlv_next(&r, &object));
}

static void an_object_is_found_among_others(void **state)
{
    (void)state;
    uint8_t room[32];
    struct span value = {NULL, 0};
    struct span good = check_hex("8401AA 5F500102 8202 0102", room, sizeof room);
    assert_true(tlv_find(good, 0x82, &value));
    assert_int_equal(value.len, 2);
    assert_true(tlv_find(good, 0x5F50, &value));
    assert_int_equal(value.ptr[0], 0x02);
    assert_false(tlv_find(good, 0x83, &value));
    assert_false(tlv_find(check_hex("840AAA 8202 0102", room, sizeof room), 0x82, &value));
}

static void one_object_is_there_alone(void **state)
{
    (void)state;
    uint8_t room[32];
    struct span value = {NULL, 7};
    assert_false(tlv_only(check_hex("5301AA 5301AA", room, sizeof room), 0x53, &value));
    assert_false(tlv_only(check_hex("5301AA 00", room, sizeof room), 0x53, &value));
    assert_false(tlv_only(check_hex("5302AA", room, sizeof room), 0x53, &value));
    assert_false(tlv_only(check_hex("5401AA", room, sizeof room), 0x53, &value));
    assert_false(tlv_only(span_of(NULL, 0), 0x53, &value));
    assert_int_equal(value.len, 7);
    assert_true(tlv_only(check_hex("5301AA", room, sizeof room), 0x53, &value));
    check_bytes(value, span_of("\xAA", 1));
}

static void visit_prefix(struct span prefix, void *context)
{
    (void)context;
    struct reader r = reader_of(prefix);
    struct tlv object;
    assert_false(tlv_next(&r, &object));
}

static void no_prefix_is_an_object(void **state)
{
    (void)state;
    uint8_t room[8 + 0x80];
    uint8_t value[0x80] = {0};
    struct writer w = writer_of(room, sizeof room);
    tlv_put(&w, 0x7F49, span_of(value, sizeof value));
    check_prefixes(writer_span(&w), visit_prefix, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_come_back),
        cmocka_unit_test(what_is_not_strict_is_refused),
        cmocka_unit_test(lengths_in_a_longer_form_are_refused_with_all_their_bytes),
        cmocka_unit_test(an_object_is_found_among_others),
        cmocka_unit_test(one_object_is_there_alone),
        cmocka_unit_test(no_prefix_is_an_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
