/* SPDX-License-Identifier: Apache-2.0
 *
 * The code sheet: its members and every fault in them, its boxes on the page, the size of its code
 * in every version, and the way to the PDF.
 */
#include "page_sample.h"

#include "issuer/page.h"

static const char code_json[] =
    "{'layout':'code','sample':true,'qr':'https://register.example/verify?id=S-000017','heading':"
    "'Another system','text':'Its code is only a web address.','created':'2025-03-14T08:00:00Z'}";

/* One laid-out sheet; too large for the stack of a test. */
static struct {
    struct code_sheet from;
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

static bool try_read(struct span bytes, struct code_sheet *ret_sheet, struct refusal *refusal)
{
    struct reading reading;
    if (!reading_open(bytes, &reading, refusal)) {
        return false;
    }
    bool read = code_sheet_is_asked_for(&reading) && code_sheet_read(&reading, ret_sheet, refusal);
    reading_close(&reading);
    return read;
}

static void read_good(const json_t *root, struct code_sheet *ret_sheet)
{
    struct refusal refusal = {.internal = false};
    struct span bytes = page_bytes(root);
    bool read = try_read(bytes, ret_sheet, &refusal);
    assert_string_equal(refusal.sentence, "");
    assert_true(read);
    page_free_bytes(bytes);
}

static void make(const json_t *root)
{
    memset(&made.refusal, 0, sizeof made.refusal);
    memset(&made.qr, 0, sizeof made.qr);
    memset(&made.sheet, 0, sizeof made.sheet);
    read_good(root, &made.from);
    made.done = render_code_sheet(&made.from, env, &made.qr, &made.sheet, &made.refusal);
}

static void unmake(void)
{
    sheet_clear(&made.sheet);
    qr_free(&made.qr);
    code_sheet_free(&made.from);
}

/* ---- Members ---- */

static void reads_every_member(void **state)
{
    (void)state;
    struct code_sheet sheet;
    json_t *root = page_parse(code_json);
    read_good(root, &sheet);
    assert_true(sheet.sample);
    assert_string_equal(sheet.code, "https://register.example/verify?id=S-000017");
    assert_string_equal(sheet.heading, "Another system");
    assert_string_equal(sheet.text, "Its code is only a web address.");
    assert_string_equal(sheet.created, "2025-03-14T08:00:00Z");
    code_sheet_free(&sheet);
    assert_null(sheet.texts);
    page_set(root, "sample", NULL);
    page_set(root, "created", NULL);
    read_good(root, &sheet);
    assert_false(sheet.sample);
    assert_null(sheet.created);
    code_sheet_free(&sheet);
    json_decref(root);
}

static void only_the_word_asks_for_a_code_sheet(void **state)
{
    (void)state;
    static const char *const others[] = {"'a4'", "'card'", "'Code'", "'code '", "1", NULL};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct reading reading;
        struct refusal refusal = {.internal = false};
        json_t *root = page_parse(code_json);
        page_set(root, "layout", others[i]);
        struct span bytes = page_bytes(root);
        assert_true(reading_open(bytes, &reading, &refusal));
        assert_false(code_sheet_is_asked_for(&reading));
        reading_close(&reading);
        page_free_bytes(bytes);
        json_decref(root);
    }
}

static void assert_refused(const json_t *root, const char *sentence)
{
    struct refusal refusal = {.internal = false};
    struct code_sheet sheet = {.code = "mark"};
    struct span bytes = page_bytes(root);
    assert_false(try_read(bytes, &sheet, &refusal));
    assert_string_equal(refusal.sentence, sentence);
    assert_false(refusal.internal);
    assert_string_equal(sheet.code, "mark");
    page_free_bytes(bytes);
}

struct fault {
    const char *path, *value, *sentence;
};

#define MARKS "holds a character that is not allowed (a control or direction mark)"

static void faults_are_named(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {"qr", NULL, "qr: is missing"},
        {"heading", NULL, "heading: is missing"},
        {"text", NULL, "text: is missing"},
        {"qr", "''", "qr: is empty"},
        {"qr", "7", "qr: must be text"},
        {"qr", "'caf\\u00e9'", "qr: is not printable ASCII"},
        {"qr", "'a\\nb'", "qr: " MARKS},
        {"heading", "''", "heading: is empty"},
        {"heading", "'a\\nb'", "heading: " MARKS},
        {"text", "['a']", "text: must be text"},
        {"text", "'a\\u202eb'", "text: " MARKS},
        {"sample", "'yes'", "sample: must be true or false"},
        {"created", "'2025-03-14'", "created: must be a time like \"2025-03-14T08:00:00Z\""},
        {"languages", "['en']", "languages: is not a known name"},
        {"certificate", "{}", "certificate: is not a known name"},
        {"authority", "{}", "authority: is not a known name"},
        {"issuer", "{}", "issuer: is not a known name"},
        {"photo", "null", "photo: is not a known name"},
        {"title", "'x'", "title: is not a known name"},
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        json_t *root = page_parse(code_json);
        page_set(root, faults[i].path, faults[i].value);
        assert_refused(root, faults[i].sentence);
        json_decref(root);
    }
}

struct limit {
    const char *path;
    size_t bytes;
};

static void texts_have_their_exact_limits(void **state)
{
    (void)state;
    static const struct limit limits[] = {{"qr", PAGE_QR_TEXT_MAX}, {"heading", 96}, {"text", 400}};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct code_sheet sheet;
        char sentence[64];
        json_t *root = page_parse(code_json);
        page_set_repeated(root, limits[i].path, "A", limits[i].bytes);
        read_good(root, &sheet);
        code_sheet_free(&sheet);
        page_set_repeated(root, limits[i].path, "A", limits[i].bytes + 1);
        (void)snprintf(sentence, sizeof sentence, "%s: is longer than %zu bytes", limits[i].path,
                       limits[i].bytes);
        assert_refused(root, sentence);
        json_decref(root);
    }
}

static void refuse_damaged(struct span damaged, void *context)
{
    struct code_sheet sheet;
    struct refusal refusal = {.internal = false};
    (void)context;
    assert_false(try_read(damaged, &sheet, &refusal));
    assert_true(refused(&refusal));
}

/* A flip may make another good document, or ask for another layout; a half sheet never comes out.
 */
static void survive(struct span damaged, void *context)
{
    struct code_sheet sheet = {.texts = NULL};
    struct refusal refusal = {.internal = false};
    (void)context;
    bool read = try_read(damaged, &sheet, &refusal);
    assert_true(read == (sheet.texts != NULL));
    assert_false(read && refused(&refusal));
    code_sheet_free(&sheet);
}

static void damage_is_survived(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    struct span bytes = page_bytes(root);
    check_prefixes(bytes, refuse_damaged, NULL);
    check_bit_flips(bytes, survive, NULL);
    page_free_bytes(bytes);
    json_decref(root);
}

/* ---- The page ---- */

static const struct box *find_box(const char *name, enum box_kind kind)
{
    const struct page *page = &made.sheet.pages[0];
    const struct box *found = NULL;
    for (size_t i = 0; i < page->count; i++) {
        const struct box *box = &page->boxes[i];
        if (box->kind == kind && strcmp(box->name, name) == 0) {
            found = box;
        }
    }
    return found;
}

static size_t count_boxes(const char *name, enum box_kind kind)
{
    const struct page *page = &made.sheet.pages[0];
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++) {
        count += page->boxes[i].kind == kind && strcmp(page->boxes[i].name, name) == 0 ? 1 : 0;
    }
    return count;
}

/* Top and bottom of what stands in the column of the page. */
static void assert_below(const struct box *lower, const struct box *upper)
{
    assert_non_null(lower);
    assert_non_null(upper);
    assert_true(lower->area.y >= upper->area.y + upper->area.height - 0.05);
}

static bool is_whole(double value)
{
    double nearest = (double)(long)(value + 0.5);
    return value - nearest < 1e-6 && nearest - value < 1e-6;
}

/* The dark part is 60 mm or more, in whole printer dots, within half a dot of the page's middle. */
static void assert_code_is_large(void)
{
    const struct box *box = find_box("qr", BOX_QR);
    assert_non_null(box);
    double module = box->area.width / qr_modules_with_quiet(&made.qr);
    assert_true(is_whole(module / DOT));
    assert_true(is_whole(box->area.x / DOT) && is_whole(box->area.y / DOT));
    assert_true(module * made.qr.side >= MM(60));
    double off = box->area.x + box->area.width / 2 - made.sheet.width / 2;
    assert_true(off <= DOT && off >= -DOT);
}

static void assert_whole(void)
{
    assert_string_equal(made.refusal.sentence, "");
    assert_true(made.done);
    assert_int_equal(made.sheet.page_count, 1);
    assert_int_equal(count_boxes("qr", BOX_QR), 1);
    assert_int_equal(count_boxes("qr", BOX_TEXT), 1);
    assert_int_equal(count_boxes("heading", BOX_TEXT), 1);
    assert_int_equal(count_boxes("text", BOX_TEXT), 1);
    assert_int_equal(count_boxes("photo", BOX_PHOTO), 0);
    assert_int_equal(count_boxes("sample", BOX_WATERMARK), made.from.sample ? 2 : 0);
    assert_int_equal(count_boxes("sample", BOX_TEXT), made.from.sample ? 2 : 0);
    assert_below(find_box("text", BOX_TEXT), find_box("heading", BOX_TEXT));
    assert_below(find_box("qr", BOX_QR), find_box("text", BOX_TEXT));
    assert_below(find_box("qr", BOX_TEXT), find_box("qr", BOX_QR));
    assert_code_is_large();
}

static void a_web_address_in_lower_case_is_laid_out(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    make(root);
    assert_whole();
    assert_int_equal(text_lines(find_box("qr", BOX_TEXT)->text), 1);
    unmake();
    page_set(root, "sample", "false");
    make(root);
    assert_whole();
    unmake();
    json_decref(root);
}

/* The longest texts of each version at level M in bytes (ISO/IEC 18004 table 7). */
static const size_t capacity[QR_VERSION_MAX] = {
    14,   26,   42,   62,   84,   106,  122,  152,  180,  213,  251,  287,  331,  362,
    412,  450,  504,  560,  624,  666,  711,  779,  857,  911,  997,  1059, 1125, 1190,
    1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331};

static void every_version_is_large_and_centred(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    for (unsigned version = 1; version <= QR_VERSION_MAX; version++) {
        page_set_repeated(root, "qr", "a", capacity[version - 1]);
        make(root);
        assert_whole();
        assert_int_equal(made.qr.version, version);
        unmake();
    }
    json_decref(root);
}

static void what_no_code_holds_is_refused(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    page_set_repeated(root, "qr", "a", 2332);
    make(root);
    assert_false(made.done);
    assert_false(made.refusal.internal);
    assert_string_equal(made.refusal.sentence, "qr: does not fit a QR code");
    unmake();
    json_decref(root);
}

static void the_longest_texts_fit_the_page(void **state)
{
    (void)state;
    static const char *const letters[] = {"W", "Freshness ", "i", "@ "};
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        json_t *root = page_parse(code_json);
        page_set_repeated(root, "qr", "W", PAGE_QR_TEXT_MAX);
        page_set_repeated(root, "heading", letters[i], 96);
        page_set_repeated(root, "text", letters[i], 400);
        make(root);
        assert_whole();
        unmake();
        json_decref(root);
    }
}

static void long_codes_break_anywhere(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    page_set_repeated(root, "qr", "https://register.example/", 400);
    make(root);
    assert_whole();
    assert_true(text_lines(find_box("qr", BOX_TEXT)->text) >= 4);
    assert_float_equal(text_size(find_box("qr", BOX_TEXT)->text), 9, 1e-9);
    unmake();
    json_decref(root);
}

static void text_without_a_font_is_refused_by_name(void **state)
{
    (void)state;
    static const char *const members[] = {"heading", "text"};
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        char sentence[96];
        json_t *root = page_parse(code_json);
        page_set_text(root, members[i], "\u13a0\u13a1");
        make(root);
        assert_false(made.done);
        assert_false(made.refusal.internal);
        (void)snprintf(sentence, sizeof sentence,
                       "%s: has a character that no installed font of its language prints",
                       members[i]);
        assert_string_equal(made.refusal.sentence, sentence);
        unmake();
        json_decref(root);
    }
}

/* ---- The file ---- */

static struct span make_pdf(const json_t *root, const char *created)
{
    struct refusal refusal = {.internal = false};
    struct span bytes = page_bytes(root);
    uint8_t *pdf = NULL;
    size_t len = 0;
    bool done = render(bytes, created, &pdf, &len, &refusal);
    assert_string_equal(refusal.sentence, "");
    assert_true(done);
    page_free_bytes(bytes);
    return span_of(pdf, len);
}

static void assert_holds(const json_t *root, const char *created, const char *part, bool expected)
{
    struct span pdf = make_pdf(root, created);
    assert_true(span_starts_with(pdf, span_str("%PDF-1.5")));
    assert_true((memmem(pdf.ptr, pdf.len, part, strlen(part)) != NULL) == expected);
    page_free_bytes(pdf);
}

static void the_file_has_the_date_it_is_given_or_none(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    assert_holds(root, "2001-01-01T00:00:00Z", "/CreationDate (20250314080000Z", true);
    page_set(root, "created", NULL);
    assert_holds(root, "2001-01-01T00:00:00Z", "/CreationDate (20010101000000Z", true);
    assert_holds(root, NULL, "/CreationDate", false);
    assert_holds(root, NULL, "/Title (Sample code)", true);
    page_set(root, "sample", NULL);
    assert_holds(root, NULL, "/Title (Code)", true);
    json_decref(root);
}

static void same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    json_t *root = page_parse(code_json);
    page_set(root, "created", NULL);
    struct span one = make_pdf(root, NULL);
    struct span two = make_pdf(root, NULL);
    check_bytes(one, two);
    page_set(root, "qr", "'https://register.example/verify?id=S-000018'");
    struct span other = make_pdf(root, NULL);
    assert_false(span_equal(one, other));
    page_free_bytes(one);
    page_free_bytes(two);
    page_free_bytes(other);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_member),
        cmocka_unit_test(only_the_word_asks_for_a_code_sheet),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(texts_have_their_exact_limits),
        cmocka_unit_test(damage_is_survived),
        cmocka_unit_test(a_web_address_in_lower_case_is_laid_out),
        cmocka_unit_test(every_version_is_large_and_centred),
        cmocka_unit_test(what_no_code_holds_is_refused),
        cmocka_unit_test(the_longest_texts_fit_the_page),
        cmocka_unit_test(long_codes_break_anywhere),
        cmocka_unit_test(text_without_a_font_is_refused_by_name),
        cmocka_unit_test(the_file_has_the_date_it_is_given_or_none),
        cmocka_unit_test(same_input_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
