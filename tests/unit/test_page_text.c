/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of a page: every label and month is printable in the fonts of its language without a
 * dotted circle, dates read as they should, and text fits, wraps or is refused.
 */
#include "page_sample.h"

#include "issuer/page/calendar.h"
#include "issuer/page/labels.h"
#include "issuer/page/line_break.h"

static struct text_env *env;

static int open_fonts(void **state)
{
    (void)state;
    env = text_env_new();
    return env == NULL ? -1 : 0;
}

static int close_fonts(void **state)
{
    (void)state;
    text_env_free(env);
    return 0;
}

static const struct text_style plain = {FACE_SERIF, ALIGN_LEFT, 12, 6, 3};

static struct text *fit(const struct text_style *style, const char *lang, const char *words,
                        double width, struct refusal *refusal)
{
    struct text_run run = {lang, words, 1, INK_TEXT, false, BREAK_WORDS};
    *refusal = (struct refusal){.internal = false};
    return text_fit(env, "words", style, &run, 1, width, refusal);
}

/* ---- Labels and dates ---- */

static void assert_printable(const char *lang, const char *words)
{
    static const enum face faces[] = {FACE_SANS, FACE_SERIF, FACE_DISPLAY};
    for (size_t i = 0; i < COUNT_OF(faces); i++) {
        struct text_style style = {faces[i], ALIGN_LEFT, 10, 10, 1};
        struct refusal refusal;
        struct text *text = fit(&style, lang, words, 2000, &refusal);
        assert_string_equal(refusal.sentence, "");
        assert_non_null(text);
        text_free(text);
    }
}

static void every_label_of_every_language_prints(void **state)
{
    (void)state;
    size_t languages = 0;
    for (const char *lang = labels_language(0); lang != NULL; lang = labels_language(++languages)) {
        for (int label = 0; label < LABEL_COUNT; label++) {
            const char *words = label_text((enum label)label, lang);
            assert_non_null(words);
            assert_printable(lang, words);
        }
    }
    assert_int_equal(languages, 9);
    assert_true(labels_reviewed("en"));
    assert_false(labels_reviewed("km"));
    assert_false(labels_have("xx"));
    assert_null(label_text(LABEL_TITLE, "xx"));
}

static void every_month_of_every_language_prints(void **state)
{
    (void)state;
    size_t languages = 0;
    for (const char *lang = labels_language(0); lang != NULL; lang = labels_language(++languages)) {
        char before[CALENDAR_TEXT_SIZE] = "";
        for (int month = 1; month <= 12; month++) {
            char text[CALENDAR_TEXT_SIZE];
            calendar_print((struct date){2025, month, 28}, lang, text);
            assert_string_not_equal(text, before);
            assert_printable(lang, text);
            memcpy(before, text, sizeof text);
        }
    }
}

struct printed {
    const char *lang, *text;
};

static void dates_read_as_they_should(void **state)
{
    (void)state;
    static const struct printed cases[] = {{"en", "14 March 2025"},
                                           {"id", "14 Maret 2025"},
                                           {"ms", "14 Mac 2025"},
                                           {"fil", "ika-14 ng Marso 2025"},
                                           {"th", "14 มีนาคม ค.ศ. 2025 (พ.ศ. 2568)"},
                                           {"vi", "ngày 14 tháng 3 năm 2025"},
                                           {"km", "ថ្ងៃទី 14 ខែមីនា ឆ្នាំ 2025"},
                                           {"lo", "ວັນທີ 14 ມີນາ 2025"},
                                           {"my", "14 မတ် 2025"},
                                           {"xx", "14 March 2025"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[CALENDAR_TEXT_SIZE];
        calendar_print((struct date){2025, 3, 14}, cases[i].lang, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_year_alone_is_a_year(void **state)
{
    (void)state;
    char text[CALENDAR_TEXT_SIZE];
    calendar_print((struct date){1971, 0, 0}, "en", text);
    assert_string_equal(text, "1971");
    calendar_print((struct date){1971, 0, 0}, "th", text);
    assert_string_equal(text, "ค.ศ. 1971 (พ.ศ. 2514)");
}

/* ---- Fonts ---- */

static void names_print_in_their_own_script(void **state)
{
    (void)state;
    assert_printable("th", "นายสมชาย รัตนโกสินทร์ 25");
    assert_printable("km", "សុខ ច័ន្ទថាវី 25");
    assert_printable("lo", "ສົມພອນ ວົງສະຫວັນ 25");
    assert_printable("my", "အောင်ကျော်မိုး 25");
    assert_printable("ta", "கிருஷ்ணன் ராமசாமி 25");
    assert_printable("vi", "Nguyễn Thị Hồng Phượng");
    assert_printable("fil", "Peñafrancia Ibañez");
}

static void assert_no_font(const char *lang, const char *words)
{
    struct refusal refusal;
    assert_null(fit(&plain, lang, words, 400, &refusal));
    assert_string_equal(refusal.sentence,
                        "words: has a character that no installed font of its language prints");
    assert_false(refusal.internal);
}

static void text_of_another_script_is_refused(void **state)
{
    (void)state;
    assert_no_font("en", "สมชาย");       /* Thai that says it is English */
    assert_no_font("th", "សុខ");          /* Khmer that says it is Thai */
    assert_no_font("en", "Siti \u13a0"); /* Cherokee */
    assert_no_font("en", "Siti \U0001f600");
    assert_no_font("en", "Siti \U000f0000"); /* private use */
}

static void marks_without_a_letter_are_refused(void **state)
{
    (void)state;
    assert_no_font("th", "\u0e34\u0e34");
    assert_no_font("my", "\u102f\u102f");
    assert_no_font("km", "\u17d2\u17d2");
}

/* ---- Fitting ---- */

static void short_text_keeps_its_size(void **state)
{
    (void)state;
    struct refusal refusal;
    struct text *text = fit(&plain, "en", "Siti", 400, &refusal);
    assert_non_null(text);
    assert_float_equal(text_size(text), 12, 1e-9);
    assert_int_equal(text_lines(text), 1);
    assert_true(text_width(text) > 10 && text_width(text) < 40);
    assert_true(text_height(text) > 12 && text_height(text) < 24);
    text_free(text);
}

static void longer_text_shrinks_then_wraps(void **state)
{
    (void)state;
    struct refusal refusal;
    const char *words = "Certification Body for Hospitality";
    struct text *whole = fit(&plain, "en", words, 1000, &refusal);
    double natural = text_width(whole);
    struct text *shrunk = fit(&plain, "en", words, natural * 0.9, &refusal);
    assert_int_equal(text_lines(shrunk), 1);
    assert_true(text_size(shrunk) < 12 && text_size(shrunk) > 10);
    struct text *wrapped = fit(&plain, "en", words, natural * 0.6, &refusal);
    assert_int_equal(text_lines(wrapped), 2);
    assert_true(text_width(wrapped) <= natural * 0.6 + 0.5);
    text_free(whole);
    text_free(shrunk);
    text_free(wrapped);
}

static void a_word_longer_than_the_line_is_broken_without_a_hyphen(void **state)
{
    (void)state;
    struct refusal refusal;
    struct text_style tight = {FACE_SERIF, ALIGN_LEFT, 12, 12, 3};
    struct text *text = fit(&tight, "en", "Wwwwwwwwwwwwwwwwwwww", 120, &refusal);
    assert_non_null(text);
    assert_true(text_lines(text) >= 2);
    assert_true(text_width(text) <= 121);
    text_free(text);
}

static void what_fits_at_no_size_is_refused(void **state)
{
    (void)state;
    struct refusal refusal;
    char *words = page_repeat("Nusantara ", 400);
    assert_null(fit(&plain, "en", words, 60, &refusal));
    assert_string_equal(refusal.sentence, "words: too long to be printed at a readable size");
    free(words);
}

static void whole_words_are_not_broken(void **state)
{
    (void)state;
    struct refusal refusal = {.internal = false};
    struct text_style style = {FACE_SANS, ALIGN_LEFT, 8, 8, 9};
    struct text_run run = {"en",        "I.55HDR00.001.2, I.55HDR00.002.2", 1, INK_TEXT, false,
                           BREAK_SPACES};
    struct text *text = text_fit(env, "words", &style, &run, 1, 75, &refusal);
    assert_int_equal(text_lines(text), 2);
    text_free(text);
    assert_null(text_fit(env, "words", &style, &run, 1, 30, &refusal));
    assert_string_equal(refusal.sentence, "words: too long to be printed at a readable size");
}

static void a_refusal_before_stays(void **state)
{
    (void)state;
    struct refusal refusal = {.internal = false};
    struct text_run run = {"en", "Siti", 1, INK_TEXT, false, BREAK_WORDS};
    assert_false(refuse(&refusal, "first", "fault"));
    assert_null(text_fit(env, "second", &plain, &run, 1, 400, &refusal));
    assert_string_equal(refusal.sentence, "first: fault");
}

/* ---- Line breaks ---- */

static size_t count_marks(const char *text)
{
    size_t count = 0;
    for (const char *at = strstr(text, "\u200b"); at != NULL; at = strstr(at + 3, "\u200b")) {
        count++;
    }
    return count;
}

static void remove_marks(char *text)
{
    for (char *at = strstr(text, "\u200b"); at != NULL; at = strstr(at, "\u200b")) {
        memmove(at, at + 3, strlen(at + 3) + 1);
    }
}

static void scripts_without_spaces_get_marks(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        {"km", "អាជ្ញាធរជាតិវិញ្ញាបនបត្រវិជ្ជាជីវៈ"},
        {"lo", "ໃບຢັ້ງຢືນສະມັດຖະພາບແຫ່ງຊາດ"},
        {"my", "ကျွမ်းကျင်မှုအသိအမှတ်ပြုလက်မှတ်"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *marked = line_break_mark(cases[i].text, cases[i].lang);
        assert_non_null(marked);
        assert_true(count_marks(marked) >= 2);
        remove_marks(marked);
        assert_string_equal(marked, cases[i].text);
        free(marked);
    }
}

static void other_text_gets_none(void **state)
{
    (void)state;
    static const struct printed cases[] = {{"en", "Certificate of Competence"},
                                           {"th", "หนังสือรับรอง"},
                                           {"km", ""},
                                           {"kmx", "អាជ្ញាធរជាតិ"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *marked = line_break_mark(cases[i].text, cases[i].lang);
        assert_string_equal(marked, cases[i].text);
        free(marked);
    }
}

static void spaces_are_not_marked_again(void **state)
{
    (void)state;
    char *marked = line_break_mark("ກ ຂ", "lo");
    assert_string_equal(marked, "ກ ຂ");
    free(marked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_label_of_every_language_prints),
        cmocka_unit_test(every_month_of_every_language_prints),
        cmocka_unit_test(dates_read_as_they_should),
        cmocka_unit_test(a_year_alone_is_a_year),
        cmocka_unit_test(names_print_in_their_own_script),
        cmocka_unit_test(text_of_another_script_is_refused),
        cmocka_unit_test(marks_without_a_letter_are_refused),
        cmocka_unit_test(short_text_keeps_its_size),
        cmocka_unit_test(longer_text_shrinks_then_wraps),
        cmocka_unit_test(a_word_longer_than_the_line_is_broken_without_a_hyphen),
        cmocka_unit_test(what_fits_at_no_size_is_refused),
        cmocka_unit_test(whole_words_are_not_broken),
        cmocka_unit_test(a_refusal_before_stays),
        cmocka_unit_test(scripts_without_spaces_get_marks),
        cmocka_unit_test(other_text_gets_none),
        cmocka_unit_test(spaces_are_not_marked_again),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
