/* SPDX-License-Identifier: Apache-2.0
 *
 * Which text is let through: every Unicode scalar in turn, and every two-byte string.
 */
#include "check.h"
#include "codec/cbor.h"

/* Encodes like RFC 3629 §3, whatever the number. */
static struct span encode(uint32_t scalar, uint8_t room[4])
{
    if (scalar < 0x80) {
        room[0] = (uint8_t)scalar;
        return span_of(room, 1);
    }
    size_t len = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1;) {
        room[i] = (uint8_t)(0x80 | (scalar & 0x3F));
        scalar >>= 6;
    }
    room[0] = (uint8_t)((0xF00U >> len & 0xFF) | scalar);
    return span_of(room, len);
}

/* The rule as include/WIRE.md words it. */
static enum cbor_error wanted(uint32_t s)
{
    if (s >= 0xD800 && s <= 0xDFFF) {
        return CBOR_TEXT_INVALID;
    }
    bool control = s <= 0x1F || (s >= 0x7F && s <= 0x9F);
    bool bidi = s == 0x61C || s == 0x200E || s == 0x200F || (s >= 0x202A && s <= 0x202E) ||
                (s >= 0x2066 && s <= 0x2069);
    bool separator = s == 0x2028 || s == 0x2029 || s == 0xFEFF;
    bool nonchar = (s >= 0xFDD0 && s <= 0xFDEF) || (s & 0xFFFF) == 0xFFFE || (s & 0xFFFF) == 0xFFFF;
    return control || bidi || separator || nonchar ? CBOR_TEXT_REFUSED : CBOR_OK;
}

static void every_scalar(void **state)
{
    (void)state;
    size_t allowed = 0;
    for (uint32_t scalar = 0; scalar <= 0x10FFFF; scalar++) {
        uint8_t room[4];
        enum cbor_error error = cbor_check_text(encode(scalar, room));
        if (error != wanted(scalar)) {
            fail_msg("U+%04X: %s", scalar, cbor_error_text(error));
        }
        allowed += error == CBOR_OK;
    }
    /* All but 2,048 surrogates, 32 + 33 controls, 12 bidi controls, 3 others, 66 noncharacters. */
    assert_int_equal(allowed, 0x110000 - 2048 - 65 - 12 - 3 - 66);
}

static void every_two_bytes(void **state)
{
    (void)state;
    for (uint32_t pair = 0; pair <= 0xFFFF; pair++) {
        uint8_t text[2] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        bool ascii = text[0] < 0x80 && text[1] < 0x80;
        bool sequence = text[0] >= 0xC2 && text[0] <= 0xDF && (text[1] & 0xC0) == 0x80;
        enum cbor_error error = cbor_check_text(span_of(text, 2));
        bool refused_first = text[0] < 0x80 && wanted(text[0]) == CBOR_TEXT_REFUSED;
        assert_int_equal(error == CBOR_TEXT_INVALID, !ascii && !sequence && !refused_first);
    }
}

static void other_encodings_are_refused(void **state)
{
    (void)state;
    static const char *const table[] = {
        "\xE0\x80\xAF",         /* overlong */
        "\xE0\x9F\xBF",         /* overlong, the last one */
        "\xF0\x8F\xBF\xBF",     /* overlong, the last one */
        "\xED\xA0\x80",         /* surrogate */
        "\xED\xBF\xBF",         /* surrogate */
        "\xF4\x90\x80\x80",     /* beyond U+10FFFF */
        "\xF8\x88\x80\x80\x80", /* five bytes */
        "\xFE",
        "\xFF",
        "a\x80",    /* continuation alone */
        "\xE0\xB8", /* cut off */
        "\340\270a",
        "\xF0\x90\x85",
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct span text = span_str(table[i]);
        uint8_t *copy = check_heap_copy(text);
        assert_int_equal(cbor_check_text(span_of(copy, text.len)), CBOR_TEXT_INVALID);
        free(copy);
    }
}

static void names_in_the_scripts_of_the_region_pass(void **state)
{
    (void)state;
    static const char *const table[] = {
        "Nguyễn Thị Thanh Hương", "สมชาย ใจดี",      "ສົມຊາຍ", "សុខ ស្រីមុំ", "အောင်ကိုကို", "林伟建", "கவிதா",
        "João da Costa",          "a\u200db\u200c", /* joiners shape Indic and Burmese text */
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        assert_int_equal(cbor_check_text(span_str(table[i])), CBOR_OK);
    }
}

static void codes_are_printable_ascii(void **state)
{
    (void)state;
    assert_true(cbor_text_is_code(span_str("")));
    assert_true(cbor_text_is_code(span_str("SKM/0123 ~!")));
    assert_false(cbor_text_is_code(span_str(" a")));
    assert_false(cbor_text_is_code(span_str("a ")));
    assert_false(cbor_text_is_code(span_str(" ")));
    assert_false(cbor_text_is_code(span_str("a\tb")));
    assert_false(cbor_text_is_code(span_str("\x7f")));
    assert_false(cbor_text_is_code(span_str("é")));
}

static void the_first_character(void **state)
{
    (void)state;
    assert_int_equal(cbor_text_first(span_str("a\xff")), 1);
    assert_int_equal(cbor_text_first(span_str("éa")), 2);
    assert_int_equal(cbor_text_first(span_str("သ\n")), 3);
    assert_int_equal(cbor_text_first(span_str("\xF0\x9D\x84\x9E")), 4);
    assert_int_equal(cbor_text_first(span_str("\xF0\x9D\x84")), 0);
    assert_int_equal(cbor_text_first(span_str("\na")), 0);
    assert_int_equal(cbor_text_first(span_str("\xA9")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar),
        cmocka_unit_test(every_two_bytes),
        cmocka_unit_test(other_encodings_are_refused),
        cmocka_unit_test(names_in_the_scripts_of_the_region_pass),
        cmocka_unit_test(codes_are_printable_ascii),
        cmocka_unit_test(the_first_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
