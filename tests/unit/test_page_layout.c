/* SPDX-License-Identifier: Apache-2.0
 *
 * The boxes of a page before they are drawn: in short, long and extreme certificates nothing leaves
 * the page or touches its neighbour, what must be seen is there, and the code has dots enough.
 */
#include "page_sample.h"

#include "issuer/page.h"

/* One laid-out document; too large for the stack of a test. */
static struct {
    struct input in;
    struct qr qr;
    struct sheet sheet;
    struct refusal refusal;
    bool done;
} made;

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

static void make(const json_t *root)
{
    memset(&made.refusal, 0, sizeof made.refusal);
    memset(&made.qr, 0, sizeof made.qr);
    memset(&made.sheet, 0, sizeof made.sheet);
    page_read(root, &made.in);
    made.done = render_sheet(&made.in, env, &made.qr, &made.sheet, &made.refusal);
}

static void unmake(void)
{
    sheet_clear(&made.sheet);
    qr_free(&made.qr);
    input_free(&made.in);
}

/* ---- The rules of a page, told apart from sheet_check ---- */

static bool is_ground(const struct box *box)
{
    return box->kind == BOX_FRAME || box->kind == BOX_ROSETTE || box->kind == BOX_WAVES ||
           box->kind == BOX_WATERMARK;
}

static bool is_badge(const struct box *box)
{
    return box->kind == BOX_PANEL || box->kind == BOX_OUTLINE;
}

static double right(const struct box *box)
{
    return box->area.x + box->area.width;
}

static double bottom(const struct box *box)
{
    return box->area.y + box->area.height;
}

static bool apart(const struct box *a, const struct box *b)
{
    const double slack = 0.05;
    return right(a) <= b->area.x + slack || right(b) <= a->area.x + slack ||
           bottom(a) <= b->area.y + slack || bottom(b) <= a->area.y + slack;
}

static bool holds(const struct box *a, const struct box *b)
{
    const double slack = 0.05;
    return is_badge(a) && b->area.x >= a->area.x - slack && b->area.y >= a->area.y - slack &&
           right(b) <= right(a) + slack && bottom(b) <= bottom(a) + slack;
}

static void assert_page_is_clear(const struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct box *a = &page->boxes[i];
        if (is_ground(a)) {
            continue;
        }
        assert_true(a->area.x >= -0.05 && a->area.y >= -0.05);
        assert_true(right(a) <= made.sheet.width + 0.05 && bottom(a) <= made.sheet.height + 0.05);
        for (size_t j = i + 1; j < page->count; j++) {
            const struct box *b = &page->boxes[j];
            if (!is_ground(b) && !apart(a, b) && !holds(a, b) && !holds(b, a)) {
                fail_msg("%s overlaps %s", a->name, b->name);
            }
        }
    }
}

static size_t count_boxes(const char *name, enum box_kind kind)
{
    size_t count = 0;
    for (size_t p = 0; p < made.sheet.page_count; p++) {
        for (size_t i = 0; i < made.sheet.pages[p].count; i++) {
            const struct box *box = &made.sheet.pages[p].boxes[i];
            count += box->kind == kind && strcmp(box->name, name) == 0 ? 1 : 0;
        }
    }
    return count;
}

/* What every certificate shows, whatever else it holds. */
static void assert_whole(void)
{
    assert_string_equal(made.refusal.sentence, "");
    assert_true(made.done);
    for (size_t p = 0; p < made.sheet.page_count; p++) {
        assert_page_is_clear(&made.sheet.pages[p]);
    }
    bool partial = made.in.coverage == COVERAGE_PARTIAL;
    assert_int_equal(count_boxes("certificate.coverage", partial ? BOX_PANEL : BOX_OUTLINE), 1);
    assert_int_equal(count_boxes("certificate.coverage", partial ? BOX_OUTLINE : BOX_PANEL), 0);
    assert_int_equal(count_boxes("qr", BOX_QR), 1);
    assert_int_equal(count_boxes("photo", BOX_PHOTO), made.in.photo.jpeg != NULL ? 1 : 0);
    assert_true(count_boxes("certificate.holder_name", BOX_TEXT) >= 1);
    assert_int_equal(count_boxes("certificate.holder_name_native", BOX_TEXT),
                     made.in.holder_name_native.text != NULL ? 1 : 0);
    assert_int_equal(count_boxes("certificate.valid_until", BOX_TEXT), 1);
    assert_int_equal(count_boxes("certificate.issue_date", BOX_TEXT), 1);
    assert_true(count_boxes("certificate.certificate_number", BOX_TEXT) >= 1);
    assert_true(count_boxes("verify", BOX_TEXT) >= 1);
    assert_int_equal(count_boxes("sample", BOX_WATERMARK),
                     made.in.sample ? made.sheet.page_count : 0);
    assert_int_equal(count_boxes("sample", BOX_TEXT),
                     made.in.sample ? 2 * made.sheet.page_count : 0);
}

static void assert_lays_out(const json_t *root)
{
    make(root);
    assert_whole();
    unmake();
}

/* ---- Ordinary certificates ---- */

struct words {
    const char *lang, *name, *title;
};

static const struct words native_words[] = {
    {"id", "Siti Nurhaliza", "Pramugraha Kamar"},
    {"ms", "Siti Nurhaliza", "Atendan Bilik"},
    {"fil", "Peñafrancia Ibañez", "Tagapaglinis ng Silid"},
    {"th", "นายสมชาย รัตนโกสินทร์", "พนักงานทำความสะอาดห้องพัก"},
    {"vi", "Nguyễn Thị Hồng Phượng", "Nhân viên buồng phòng"},
    {"km", "សុខ ច័ន្ទថាវី", "អ្នកថែទាំបន្ទប់"},
    {"lo", "ສົມພອນ ວົງສະຫວັນ", "ພະນັກງານທຳຄວາມສະອາດ"},
    {"my", "အောင်ကျော်မိုး", "အခန်းသန့်ရှင်းရေး ဝန်ထမ်း"},
};

static void set_language(json_t *root, const struct words *words)
{
    char value[64];
    (void)snprintf(value, sizeof value, "['en','%s']", words->lang);
    page_set(root, "languages", value);
    page_set_text(root, "certificate.holder_name_native.lang", words->lang);
    page_set_text(root, "certificate.holder_name_native.text", words->name);
    page_set_text(root, "certificate.scheme_title_native.lang", words->lang);
    page_set_text(root, "certificate.scheme_title_native.text", words->title);
}

static void every_language_on_both_layouts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(native_words); i++) {
        json_t *root = page_sample();
        set_language(root, &native_words[i]);
        page_set_qr(root, 600);
        page_set_units(root, 12, "Clean and prepare rooms for incoming guests",
                       native_words[i].lang, native_words[i].title);
        assert_lays_out(root);
        page_set(root, "layout", "'card'");
        assert_lays_out(root);
        json_decref(root);
    }
}

static void any_number_of_units(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 4, 12, 22, 40};
    for (size_t i = 0; i < 2 * COUNT_OF(counts); i++) {
        size_t count = counts[i / 2];
        json_t *root = page_sample();
        page_set_qr(root, 600);
        page_set_units(root, count, i % 2 == 0 ? "Provide housekeeping services" : NULL, "id",
                       "Menyediakan jasa tata graha");
        make(root);
        assert_whole();
        size_t cells = i % 2 == 0 ? 3 * count : count;
        /* Head cells carry the same name: two above columns, one above bare codes, per page. */
        size_t tables = made.sheet.page_count > 1 ? made.sheet.page_count - 1 : count > 0 ? 1 : 0;
        size_t notes = made.sheet.page_count > 1 ? 1 : 0;
        assert_int_equal(count_boxes("certificate.units", BOX_TEXT),
                         cells + notes + tables * (i % 2 == 0 ? 2 : 1));
        unmake();
        json_decref(root);
    }
}

static void everything_optional_left_out(void **state)
{
    (void)state;
    static const char *const optional[] = {"photo",
                                           "certificate.registration_number",
                                           "certificate.blank_number",
                                           "certificate.scheme_title_native",
                                           "certificate.units",
                                           "certificate.sector_code",
                                           "certificate.occupation_code",
                                           "certificate.job_index",
                                           "certificate.assessment_centre",
                                           "certificate.valid_from",
                                           "certificate.holder_name_native",
                                           "certificate.birth_date",
                                           "certificate.nationality",
                                           "certificate.restrictions"};
    json_t *root = page_sample();
    page_set(root, "languages", "['en']");
    page_set(root, "certificate.valid_until", "null");
    page_set(root, "certificate.framework", NULL);
    page_set(root, "certificate.edition", NULL);
    page_set(root, "certificate.level", NULL);
    for (size_t i = 0; i < COUNT_OF(optional); i++) {
        page_set(root, optional[i], NULL);
        page_set(root, "layout", "'card'");
        assert_lays_out(root);
        page_set(root, "layout", "'a4'");
        assert_lays_out(root);
    }
    json_decref(root);
}

static void samples_say_so_on_every_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(native_words); i++) {
        json_t *root = page_sample();
        set_language(root, &native_words[i]);
        page_set(root, "sample", "true");
        page_set_units(root, 40, "Provide housekeeping services", "en", "Housekeeping");
        page_set_qr(root, 600);
        make(root);
        assert_whole();
        assert_true(made.sheet.page_count >= 2);
        unmake();
        page_set(root, "layout", "'card'");
        assert_lays_out(root);
        json_decref(root);
    }
}

/* ---- Extremes ---- */

/* Every text as long as it may be; `letters` fill the Latin ones, `native` the others. */
static json_t *extreme(const char *letters, const char *lang, const char *native)
{
    json_t *root = page_sample();
    char value[64];
    (void)snprintf(value, sizeof value, "['en','%s']", lang);
    page_set(root, "languages", value);
    page_set(root, "certificate.coverage", "'partial'");
    page_set_repeated(root, "certificate.certificate_number", "W", 40);
    page_set_repeated(root, "certificate.registration_number", "W", 40);
    page_set_repeated(root, "certificate.blank_number", "W", 24);
    page_set_repeated(root, "certificate.scheme_code", "W", 32);
    page_set_repeated(root, "certificate.assessment_centre", "W", 24);
    page_set_repeated(root, "certificate.holder_name", letters, 120);
    page_set_repeated(root, "certificate.scheme_title", letters, 96);
    page_set_repeated(root, "certificate.restrictions", letters, 96);
    page_set_repeated(root, "authority.names.en", letters, 160);
    page_set_repeated(root, "issuer.names.en", letters, 160);
    page_set_text(root, "certificate.holder_name_native.lang", lang);
    page_set_text(root, "certificate.scheme_title_native.lang", lang);
    page_set_repeated(root, "certificate.holder_name_native.text", native, 240);
    page_set_repeated(root, "certificate.scheme_title_native.text", native, 240);
    (void)snprintf(value, sizeof value, "authority.names.%s", lang);
    page_set_repeated(root, value, native, 160);
    (void)snprintf(value, sizeof value, "issuer.names.%s", lang);
    page_set_repeated(root, value, native, 160);
    return root;
}

static void the_longest_texts_fit_an_a4_page(void **state)
{
    (void)state;
    static const char *const letters[] = {"Magsaysay ", "Wwwwwwwwwww "};
    for (size_t i = 0; i < 2 * COUNT_OF(native_words); i++) {
        const struct words *words = &native_words[i / 2];
        json_t *root = extreme(letters[i % 2], words->lang, words->title);
        char *title = page_repeat(letters[i % 2], 96);
        char *native = page_repeat(words->title, 240);
        page_set_qr(root, 900);
        page_set_units(root, 40, title, words->lang, native);
        make(root);
        assert_whole();
        assert_true(made.sheet.page_count >= 2);
        unmake();
        free(title);
        free(native);
        json_decref(root);
    }
}

static void long_texts_fit_a_card(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(native_words); i++) {
        json_t *root = page_sample();
        set_language(root, &native_words[i]);
        page_set(root, "layout", "'card'");
        page_set(root, "sample", "true");
        page_set_qr(root, 960);
        page_set_repeated(root, "certificate.holder_name", "Magsaysay ", 120);
        page_set_repeated(root, "certificate.scheme_title", "Housekeeping ", 96);
        page_set_repeated(root, "certificate.restrictions", "Hotels only ", 96);
        /* 240 bytes are 80 letters of the scripts that need them. */
        page_set_repeated(root, "certificate.holder_name_native.text", native_words[i].name,
                          i < 3 ? 80 : 240);
        page_set_units(root, 40, NULL, NULL, NULL);
        assert_lays_out(root);
        json_decref(root);
    }
}

/* The widest letters everywhere cannot be read on a card: that is said, not printed. */
static void what_no_card_can_hold_is_refused(void **state)
{
    (void)state;
    json_t *root = extreme("W", "my", "အခန်း");
    page_set(root, "layout", "'card'");
    make(root);
    assert_false(made.done);
    assert_false(made.refusal.internal);
    assert_string_equal(made.refusal.sentence,
                        "authority.names: too long to be printed at a readable size");
    unmake();
    json_decref(root);
}

static void a_name_without_a_font_is_refused_by_name(void **state)
{
    (void)state;
    json_t *root = page_sample();
    page_set_text(root, "certificate.holder_name_native.text", "\u13a0\u13a1");
    make(root);
    assert_false(made.done);
    assert_string_equal(made.refusal.sentence,
                        "certificate.holder_name_native: has a character that no "
                        "installed font of its language prints");
    unmake();
    json_decref(root);
}

/* ---- The code ---- */

static const struct box *find_qr(void)
{
    for (size_t p = 0; p < made.sheet.page_count; p++) {
        for (size_t i = 0; i < made.sheet.pages[p].count; i++) {
            if (made.sheet.pages[p].boxes[i].kind == BOX_QR) {
                return &made.sheet.pages[p].boxes[i];
            }
        }
    }
    return NULL;
}

static bool is_whole(double value)
{
    double nearest = (double)(long)(value + 0.5);
    return value - nearest < 1e-6 && nearest - value < 1e-6;
}

/* Dots a module of the code on the page; it and its place are whole printer dots. */
static unsigned dots(void)
{
    const struct box *box = find_qr();
    assert_non_null(box);
    double count = box->area.width / DOT / qr_modules_with_quiet(&made.qr);
    assert_true(is_whole(count));
    assert_true(is_whole(box->area.x / DOT) && is_whole(box->area.y / DOT));
    return (unsigned)(count + 0.5);
}

/* Lengths are the last that fit a version at level M in alphanumeric mode (ISO/IEC 18004 table 7).
 */
struct size {
    size_t len;
    unsigned version, least_dots;
};

static void codes_have_whole_dots_enough_on_a4(void **state)
{
    (void)state;
    static const struct size sizes[] = {{38, 2, 6},    {311, 10, 6},  {528, 14, 6},  {970, 20, 6},
                                        {1451, 25, 5}, {1542, 26, 5}, {1990, 30, 4}, {2900, 38, 4}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        json_t *root = page_sample();
        page_set_qr(root, sizes[i].len);
        make(root);
        assert_whole();
        assert_int_equal(made.qr.version, sizes[i].version);
        assert_true(dots() >= sizes[i].least_dots);
        assert_true(find_qr()->area.width >= MM(40));
        unmake();
        json_decref(root);
    }
}

static void a_card_takes_version_20_and_no_more(void **state)
{
    (void)state;
    json_t *root = page_sample();
    page_set(root, "layout", "'card'");
    page_set_qr(root, 970);
    make(root);
    assert_whole();
    assert_int_equal(made.qr.version, 20);
    assert_int_equal(dots(), 5);
    unmake();
    page_set_qr(root, 971);
    make(root);
    assert_false(made.done);
    assert_false(made.refusal.internal);
    assert_string_equal(made.refusal.sentence,
                        "qr: needs QR version 21, this layout takes 20 at most");
    unmake();
    json_decref(root);
}

static void the_symbol_is_a_qr_code_of_level_m(void **state)
{
    (void)state;
    struct qr qr;
    struct refusal refusal = {.internal = false};
    assert_true(qr_make("CC1:ABC", 40, &qr, &refusal));
    assert_int_equal(qr.version, 1);
    assert_int_equal(qr.side, 21);
    /* A finder pattern's ring is white; the timing pattern alternates; one module is always dark.
     */
    assert_true(qr_dark(&qr, 0, 0) && qr_dark(&qr, 3, 3) && !qr_dark(&qr, 1, 1));
    assert_true(qr_dark(&qr, 8, 6) && !qr_dark(&qr, 9, 6) && qr_dark(&qr, 8, 13));
    /* Format bits: level M is 00, masked with the two first bits of the pattern: 10. */
    assert_true(qr_dark(&qr, 0, 8) && !qr_dark(&qr, 1, 8));
    qr_free(&qr);
}

/* ---- The check itself ---- */

static void put_text(struct sheet *sheet, const char *name, double x, double y,
                     struct refusal *refusal)
{
    struct box box = {BOX_RULE, name, {x, y, 100, 20}, INK_TEXT, NULL};
    sheet_put(sheet, box, refusal);
}

static void forged_boxes_are_found(void **state)
{
    (void)state;
    static struct sheet sheet;
    struct refusal refusal = {.internal = false};
    sheet_begin(&sheet, 300, 200, 10);
    sheet_add_page(&sheet, &refusal);
    put_text(&sheet, "one", 20, 20, &refusal);
    put_text(&sheet, "two", 20, 40, &refusal);
    assert_true(sheet_check(&sheet, &refusal));
    sheet.pages[0].boxes[1].area.y = 39.9;
    assert_false(sheet_check(&sheet, &refusal));
    assert_string_equal(refusal.sentence, "one: would overlap two");
    assert_true(refusal.internal);
    refusal = (struct refusal){.internal = false};
    sheet.pages[0].boxes[1].area = (struct rect){250, 100, 100, 20};
    assert_false(sheet_check(&sheet, &refusal));
    assert_string_equal(refusal.sentence, "two: would leave the page");
    refusal = (struct refusal){.internal = false};
    sheet.pages[0].boxes[1].kind = BOX_PHOTO;
    sheet.pages[0].boxes[1].area = (struct rect){5, 100, 20, 20};
    assert_false(sheet_check(&sheet, &refusal));
    assert_string_equal(refusal.sentence, "two: would leave the page");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_on_both_layouts),
        cmocka_unit_test(any_number_of_units),
        cmocka_unit_test(everything_optional_left_out),
        cmocka_unit_test(samples_say_so_on_every_page),
        cmocka_unit_test(the_longest_texts_fit_an_a4_page),
        cmocka_unit_test(long_texts_fit_a_card),
        cmocka_unit_test(what_no_card_can_hold_is_refused),
        cmocka_unit_test(a_name_without_a_font_is_refused_by_name),
        cmocka_unit_test(codes_have_whole_dots_enough_on_a4),
        cmocka_unit_test(a_card_takes_version_20_and_no_more),
        cmocka_unit_test(the_symbol_is_a_qr_code_of_level_m),
        cmocka_unit_test(forged_boxes_are_found),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
