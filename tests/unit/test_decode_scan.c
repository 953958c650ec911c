/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes out of pictures: clean and hard ones, several at once, texts of any bytes; and the list
 * they go to.
 */
#include "check.h"
#include "decode_art.h"
#include "devices/decode/scan.h"

static struct code_list list;

static unsigned scan(struct art *art, enum scan_effort effort)
{
    struct image image = {art->width, art->height, 1, 1, art->px};
    list = (struct code_list){.pages = 1, .pages_seen = 1};
    return scan_page(&image, 1, effort, SCAN_UNHURRIED_MS, &list);
}

static bool listed(struct span text)
{
    for (size_t i = 0; i < list.count; i++) {
        if (span_equal(text, span_of(list.text + list.code[i].offset, list.code[i].len))) {
            return true;
        }
    }
    return false;
}

static void reads_clean_codes_of_every_size(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (unsigned module = 2; module <= 14; module += 3) {
        for (size_t len = 10; len <= 1000; len = len * 3 + 60) {
            char *text = art_text(&seed, len);
            struct art art = art_code(span_str(text), module);
            scan(&art, SCAN_QUICK);
            assert_int_equal(list.count, 1);
            assert_true(listed(span_str(text)));
            art_free(&art);
            free(text);
        }
    }
}

static void gives_texts_of_any_bytes(void **state)
{
    (void)state;
    uint8_t bytes[300];
    uint64_t seed = 5;
    for (unsigned round = 0; round < 20; round++) {
        check_random_bytes(&seed, bytes, sizeof bytes);
        bytes[0] = 0;
        bytes[150] = 0;
        bytes[299] = 0;
        struct art art = art_code(span_of(bytes, sizeof bytes), 4);
        scan(&art, SCAN_QUICK);
        assert_int_equal(list.count, 1);
        assert_true(listed(span_of(bytes, sizeof bytes)));
        art_free(&art);
    }
}

static void finds_all_codes_of_a_page(void **state)
{
    (void)state;
    uint64_t seed = 23;
    char *certificate = art_text(&seed, 300), *other = art_text(&seed, 150);
    struct span url = span_str("https://example.org/verify?n=0012345");
    struct art art = art_blank(1400, 1000, 235);
    art_draw_code(&art, span_str(certificate), 60, 80, 5);
    art_draw_code(&art, span_str(other), 700, 500, 3);
    art_draw_code(&art, url, 1100, 60, 4);
    art_draw_code(&art, url, 1000, 700, 6); /* the same once more */
    scan(&art, SCAN_THOROUGH);
    assert_int_equal(list.count, 3);
    assert_true(listed(span_str(certificate)));
    assert_true(listed(span_str(other)));
    assert_true(listed(url));
    art_free(&art);
    free(certificate);
    free(other);
}

static void finds_nothing_where_there_is_nothing(void **state)
{
    (void)state;
    uint64_t seed = 3;
    static const unsigned SIDES[][2] = {{1, 1}, {1, 700}, {700, 1}, {7, 9}, {33, 32}, {320, 240}};
    for (size_t i = 0; i < COUNT_OF(SIDES); i++) {
        struct art art = art_blank(SIDES[i][0], SIDES[i][1], 128);
        assert_int_equal(scan(&art, SCAN_THOROUGH), 0);
        art_noise(&art, &seed, 60);
        assert_int_equal(scan(&art, SCAN_THOROUGH), 0);
        assert_int_equal(list.count, 0);
        art_free(&art);
    }
}

/* Of three frames a fault: how many must be read. No frame may give a wrong text. */
static const unsigned MUST_READ[ART_FAULTS] = {
    [ART_NONE] = 3,    [ART_SMALL] = 3,  [ART_ROTATED] = 3,  [ART_TILTED] = 3, [ART_CURVED] = 3,
    [ART_BLURRED] = 1, [ART_SHAKEN] = 2, [ART_NOISY] = 3,    [ART_FAINT] = 3,  [ART_GLARE] = 3,
    [ART_SHADOW] = 3,  [ART_JPEG] = 3,   [ART_INVERTED] = 3, [ART_MOIRE] = 3,  [ART_MIXED] = 0,
};

static void reads_hard_frames(void **state)
{
    (void)state;
    uint64_t seed = 2026;
    for (int fault = 0; fault < ART_FAULTS; fault++) {
        unsigned read = 0;
        for (unsigned i = 0; i < 3; i++) {
            char *text = art_text(&seed, 100 + 90 * (size_t)i);
            struct art art = art_frame(&seed, span_str(text), (enum art_fault)fault, 480, 360);
            scan(&art, SCAN_THOROUGH);
            read += listed(span_str(text));
            assert_int_equal(list.count, listed(span_str(text)) ? 1 : 0);
            art_free(&art);
            free(text);
        }
        print_message("%-9s %u of 3\n", art_fault_name((enum art_fault)fault), read);
        assert_true(read >= MUST_READ[fault]);
    }
}

static void keeps_the_list_bounded(void **state)
{
    (void)state;
    list = (struct code_list){.pages = 1, .pages_seen = 1};
    uint8_t text[DECODE_TEXT_MAX] = {0};
    for (unsigned i = 0; i < 2 * DECODE_CODES_MAX; i++) {
        text[0] = (uint8_t)(i >> 8);
        text[1] = (uint8_t)i;
        code_list_add(&list, 1 + i % 20, span_of(text, sizeof text));
    }
    assert_int_equal(list.count, sizeof list.text / DECODE_TEXT_MAX);
    code_list_add(&list, 1, span_of(text, 0));
    assert_int_equal(list.count, sizeof list.text / DECODE_TEXT_MAX);
    static uint8_t room[DECODE_CODES_BYTES_MAX];
    struct writer w = writer_of(room, sizeof room);
    code_list_write(&list, DECODE_OK, &w);
    assert_true(writer_ok(&w));
    list = (struct code_list){0};
    for (unsigned i = 0; i < 2 * DECODE_CODES_MAX; i++) {
        code_list_add(&list, 1, span_of(&i, sizeof i));
        code_list_add(&list, 1, span_of(&i, sizeof i));
    }
    assert_int_equal(list.count, DECODE_CODES_MAX);
}

static void writes_the_result_as_documented(void **state)
{
    (void)state;
    uint8_t room[64], wanted[64];
    list = (struct code_list){.pages = 300, .pages_seen = 20};
    code_list_add(&list, 1, span_str("A"));
    code_list_add(&list, 20, span_str("A"));
    struct writer w = writer_of(room, sizeof room);
    code_list_write(&list, DECODE_OK, &w);
    check_bytes(writer_span(&w),
                check_hex("01 00 012c 0014 0002  0001 00000001 41  0014 00000001 41", wanted,
                          sizeof wanted));
    w = writer_of(room, sizeof room);
    code_list_write(&list, DECODE_ENCRYPTED, &w);
    check_bytes(writer_span(&w), check_hex("01 04 0000 0000 0000", wanted, sizeof wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_clean_codes_of_every_size),
        cmocka_unit_test(gives_texts_of_any_bytes),
        cmocka_unit_test(finds_all_codes_of_a_page),
        cmocka_unit_test(finds_nothing_where_there_is_nothing),
        cmocka_unit_test(reads_hard_frames),
        cmocka_unit_test(keeps_the_list_bounded),
        cmocka_unit_test(writes_the_result_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
