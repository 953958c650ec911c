/* SPDX-License-Identifier: Apache-2.0
 *
 * Normalisation, Latin names and the two guesses about scripts. */
#include "check.h"

#include "base/text.h"

static void nfc_is_told_from_the_rest(void **state)
{
    (void)state;
    assert_true(text_is_nfc(span_str("")));
    assert_true(text_is_nfc(span_str("Siti Aminah")));
    assert_true(text_is_nfc(span_str("Nguy\xe1\xbb\x85n")));
    assert_true(
        text_is_nfc(span_str("\xe0\xb8\xaa\xe0\xb8\xa1\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8\xa2")));
    assert_false(text_is_nfc(span_str("Nguye\xcc\x82\xcc\x83n"))); /* e, circumflex, tilde */
    assert_false(text_is_nfc(span_str("\xe2\x84\xab")));           /* the angstrom sign */
    assert_false(text_is_nfc(span_str("\xff")));
    assert_false(text_is_nfc(span_str("\xed\xa0\x80")));
}

static void length_is_bounded(void **state)
{
    (void)state;
    char text[TEXT_MAX + 2];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(text_is_nfc(span_str(text)));
    text[TEXT_MAX] = '\0';
    assert_true(text_is_nfc(span_str(text)));
}

static void latin_names_pass(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Siti Aminah binti Hassan",
        "MUTHU A/L RAMAN",
        "Nguy\xe1\xbb\x85n Th\xe1\xbb\x8b Minh",
        "Jos\xc3\xa9 P. Rizal, Jr.",
        "Aung San O'Hara-Tan",
        "Lim @ Ali",
        "\xc5\xbb\xc3\xb3\xc5\x82\xc4\x87",
        ("M\xcc\x84"
         "a"), /* a mark that no single letter holds */
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        uint32_t character = 1;
        assert_true(text_is_latin_name(span_str(names[i]), &character));
        assert_int_equal(character, 0);
    }
}

static void other_names_are_refused_by_their_character(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t character;
    } cases[] = {
        {"", 0},
        {" - ", 0},
        {"Siti 2", '2'},
        {"S\xd1\x96ti", 0x456}, /* Cyrillic i */
        {"\xe0\xb8\xaa\xe0\xb8\xa1", 0xE2A},
        {"A<B", '<'},
        {"A_B", '_'},
        {"\xcc\x84"
         "a",
         0x304}, /* a mark without a letter */
        {"a\xff", 0xFFFD},
        {"a\xe2\x80\x8b"
         "b",
         0x200B},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint32_t character = 1;
        assert_false(text_is_latin_name(span_str(cases[i].name), &character));
        assert_int_equal(character, cases[i].character);
    }
}

static void zawgyi_is_suspected(void **state)
{
    (void)state;
    /* "Myanmar" and "Daw Hla" as Unicode writes them. */
    assert_false(text_looks_like_zawgyi(
        span_str("\xe1\x80\x99\xe1\x80\xbc\xe1\x80\x94\xe1\x80\xba\xe1\x80\x99\xe1\x80\xac")));
    assert_false(text_looks_like_zawgyi(
        span_str("\xe1\x80\x92\xe1\x80\xb1\xe1\x80\xab\xe1\x80\xba \xe1\x80\x9c\xe1\x80\xbe")));
    assert_false(text_looks_like_zawgyi(span_str("Hla")));
    /* The vowel E before its consonant; Zawgyi's medial forms; a virama at the end. */
    assert_true(
        text_looks_like_zawgyi(span_str("\xe1\x80\xb1\xe1\x80\x92\xe1\x80\xab\xe1\x80\xb9")));
    assert_true(text_looks_like_zawgyi(span_str("\xe1\x80\x99\xe1\x82\x80")));
    assert_true(text_looks_like_zawgyi(span_str("\xe1\x80\x99\xe1\x80\xb9")));
}

static void mixed_scripts_are_suspected(void **state)
{
    (void)state;
    assert_false(text_mixes_scripts(span_str("Siti")));
    assert_false(text_mixes_scripts(span_str("Siti \xe0\xb8\xaa\xe0\xb8\xa1")));
    assert_false(text_mixes_scripts(span_str("\xe0\xb8\xaa\xe0\xb8\xb4 2")));
    assert_true(text_mixes_scripts(span_str("S\xd1\x96ti")));
    assert_true(text_mixes_scripts(span_str("a\xe0\xb8\xaa")));
}

static void every_prefix_is_judged(void **state)
{
    (void)state;
    static const char text[] = "Nguy\xe1\xbb\x85n \xe1\x80\x92\xe1\x80\xb1 \xf0\x9f\x98\x80";
    for (size_t len = 0; len < sizeof text - 1; len++) {
        uint32_t character;
        uint8_t *exact = check_heap_copy(span_of(text, len));
        struct span s = span_of(exact, len);
        /* Valid where no character is cut. */
        bool cut =
            len == 5 || len == 6 || len == 10 || len == 11 || len == 13 || len == 14 || len > 16;
        assert_true(text_is_nfc(s) == !cut);
        (void)text_is_latin_name(s, &character);
        (void)text_looks_like_zawgyi(s);
        (void)text_mixes_scripts(s);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nfc_is_told_from_the_rest),
        cmocka_unit_test(length_is_bounded),
        cmocka_unit_test(latin_names_pass),
        cmocka_unit_test(other_names_are_refused_by_their_character),
        cmocka_unit_test(zawgyi_is_suspected),
        cmocka_unit_test(mixed_scripts_are_suspected),
        cmocka_unit_test(every_prefix_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
