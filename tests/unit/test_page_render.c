/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole way from JSON to PDF: the same bytes twice, the photo as it came, the date that was
 * asked for, and nothing written on a refusal.
 */
#include "page_sample.h"

static struct span make(const json_t *root, const char *created)
{
    struct refusal refusal = {.internal = false};
    struct span bytes = page_bytes(root);
    uint8_t *pdf = NULL;
    size_t len = 0;
    bool made = render(bytes, created, &pdf, &len, &refusal);
    assert_string_equal(refusal.sentence, "");
    assert_true(made);
    page_free_bytes(bytes);
    return span_of(pdf, len);
}

static bool contains(struct span pdf, struct span part)
{
    return memmem(pdf.ptr, pdf.len, part.ptr, part.len) != NULL;
}

static void same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char *const layouts[] = {"'a4'", "'card'"};
    for (size_t i = 0; i < COUNT_OF(layouts); i++) {
        json_t *root = page_sample();
        page_set(root, "layout", layouts[i]);
        struct span one = make(root, NULL);
        struct span two = make(root, NULL);
        check_bytes(one, two);
        page_set(root, "certificate.holder_name", "'Siti Nurhalizah'");
        struct span other = make(root, NULL);
        assert_false(span_equal(one, other));
        page_free_bytes(one);
        page_free_bytes(two);
        page_free_bytes(other);
        json_decref(root);
    }
}

static void the_photo_is_not_recompressed(void **state)
{
    (void)state;
    struct photo photo = {.width = 0};
    struct refusal refusal = {.internal = false};
    assert_true(photo_decode(span_str(SAMPLE_JPEG), 7, 9, &photo, &refusal));
    json_t *root = page_sample();
    struct span pdf = make(root, NULL);
    assert_true(contains(pdf, span_of(photo.jpeg, photo.len)));
    page_free_bytes(pdf);
    page_set(root, "photo", NULL);
    pdf = make(root, NULL);
    assert_false(contains(pdf, span_of(photo.jpeg, photo.len)));
    page_free_bytes(pdf);
    photo_free(&photo);
    json_decref(root);
}

static void assert_created(const json_t *root, const char *created, const char *date)
{
    struct span pdf = make(root, created);
    assert_true(span_starts_with(pdf, span_str("%PDF-1.5")));
    assert_true(contains(pdf, span_str(date)));
    page_free_bytes(pdf);
}

static void the_creation_date_is_the_one_asked_for(void **state)
{
    (void)state;
    json_t *root = page_sample();
    assert_created(root, "2001-01-01T00:00:00Z", "/CreationDate (20250314080000Z");
    page_set(root, "created", NULL);
    assert_created(root, "2001-01-01T00:00:00Z", "/CreationDate (20010101000000Z");
    assert_created(root, NULL, "/CreationDate (20250314000000Z");
    json_decref(root);
}

static void the_title_names_nobody(void **state)
{
    (void)state;
    json_t *root = page_sample();
    struct span pdf = make(root, NULL);
    assert_true(contains(pdf, span_str("/Title (Certificate of Competence)")));
    assert_false(contains(pdf, span_str("Siti")));
    page_free_bytes(pdf);
    page_set(root, "sample", "true");
    pdf = make(root, NULL);
    assert_true(contains(pdf, span_str("/Title (Sample certificate)")));
    page_free_bytes(pdf);
    json_decref(root);
}

static void nothing_is_made_on_a_refusal(void **state)
{
    (void)state;
    struct refusal refusal = {.internal = false};
    uint8_t mark = 0;
    uint8_t *pdf = &mark;
    size_t len = 4711;
    json_t *root = page_sample();
    page_set_text(root, "certificate.holder_name", "\u13a0");
    struct span bytes = page_bytes(root);
    assert_false(render(bytes, NULL, &pdf, &len, &refusal));
    assert_string_equal(refusal.sentence,
                        "certificate.holder_name: has a character that no installed "
                        "font of its language prints");
    assert_ptr_equal(pdf, &mark);
    assert_int_equal(len, 4711);
    page_free_bytes(bytes);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_input_gives_the_same_bytes),
        cmocka_unit_test(the_photo_is_not_recompressed),
        cmocka_unit_test(the_creation_date_is_the_one_asked_for),
        cmocka_unit_test(the_title_names_nobody),
        cmocka_unit_test(nothing_is_made_on_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
