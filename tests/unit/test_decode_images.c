/* SPDX-License-Identifier: Apache-2.0
 *
 * Picture files to pixels, behind no locks: exact greys from every layout, damaged and boastful
 * files, EXIF orientation, and photos made upright and small. Runs best under a sanitizer.
 */
#include "check.h"
#include "decode_art.h"
#include "devices/decode/decode_jpeg.h"
#include "devices/decode/decode_png.h"
#include "devices/decode/decode_webp.h"
#include "devices/decode/exif.h"
#include "devices/decode/photo.h"

#include <zlib.h>

typedef enum decode_status decode_fn(struct span file, unsigned channels, struct image *ret_image);

/* A gradient with a bright and a dark corner, an odd number of pixels wide. */
static struct art sample(void)
{
    struct art art = art_blank(37, 29, 0);
    for (size_t i = 0; i < (size_t)37 * 29; i++) {
        art.px[i] = (uint8_t)(i % 37 * 4 + i / 37 * 3);
    }
    return art;
}

static uint8_t expected_grey(enum art_png kind, uint8_t grey)
{
    bool bit = grey >= 128;
    switch (kind) {
    case ART_PNG_PALETTE:
        return bit ? luma(250, 240, 230) : luma(10, 20, 30);
    case ART_PNG_BITS:
        return bit ? 255 : 0;
    default:
        return grey;
    }
}

static void check_png(const struct art *art, enum art_png kind, bool interlaced, unsigned channels)
{
    struct art_file file = art_png(art, kind, interlaced);
    struct image image = {0};
    assert_int_equal(decode_png(span_of(file.ptr, file.len), channels, &image), DECODE_OK);
    assert_int_equal(image.width, art->width);
    assert_int_equal(image.height, art->height);
    assert_int_equal(image.orientation, 1);
    for (size_t i = 0; channels == 1 && i < (size_t)art->width * art->height; i++) {
        assert_in_range(image.px[i] + 1, expected_grey(kind, art->px[i]),
                        expected_grey(kind, art->px[i]) + 2);
    }
    image_free(&image);
    art_file_free(&file);
}

static void reads_every_png_layout(void **state)
{
    (void)state;
    struct art art = sample();
    for (int kind = ART_PNG_GREY; kind <= ART_PNG_BITS; kind++) {
        for (unsigned channels = 1; channels <= 3; channels += 2) {
            check_png(&art, (enum art_png)kind, false, channels);
            check_png(&art, (enum art_png)kind, true, channels);
        }
    }
    art_free(&art);
}

static void reads_jpeg_and_webp(void **state)
{
    (void)state;
    struct art art = sample();
    struct art_file files[] = {art_jpeg(&art, 95, false), art_jpeg(&art, 95, true),
                               art_webp(&art, true), art_webp(&art, false)};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        decode_fn *decode = i < 2 ? decode_jpeg : decode_webp;
        struct image grey = {0}, rgb = {0};
        struct span file = span_of(files[i].ptr, files[i].len);
        assert_int_equal(decode(file, 1, &grey), DECODE_OK);
        assert_int_equal(decode(file, 3, &rgb), DECODE_OK);
        assert_int_equal(grey.width, 37);
        assert_int_equal(grey.height, 29);
        for (size_t k = 0; k < (size_t)37 * 29; k++) {
            assert_in_range(grey.px[k] + 12, art.px[k], art.px[k] + 24);
            assert_in_range(rgb.px[3 * k + 1] + 12, art.px[k], art.px[k] + 24);
        }
        image_free(&grey);
        image_free(&rgb);
        art_file_free(&files[i]);
    }
    art_free(&art);
}

struct visit {
    decode_fn *decode;
    unsigned channels;
    unsigned good;
};

/* Whatever the damage: a known status, an image exactly when it is DECODE_OK. */
static void visit_damaged(struct span file, void *context)
{
    struct visit *v = context;
    struct image image = {0};
    enum decode_status status = v->decode(file, v->channels, &image);
    assert_true(status == DECODE_OK || status == DECODE_UNREADABLE || status == DECODE_TOO_LARGE ||
                status == DECODE_UNSUPPORTED);
    if (status == DECODE_OK) {
        v->good++;
        assert_non_null(image.px);
        assert_true(image_size_ok(image.width, image.height));
    } else {
        assert_null(image.px);
    }
    image_free(&image);
}

static void survives_damage(void **state)
{
    (void)state;
    struct art art = sample();
    struct art_file files[] = {art_png(&art, ART_PNG_RGBA, false),
                               art_png(&art, ART_PNG_GREY, true),
                               art_jpeg(&art, 50, false),
                               art_jpeg(&art, 50, true),
                               art_webp(&art, true),
                               art_webp(&art, false)};
    decode_fn *const DECODE[] = {decode_png,  decode_png,  decode_jpeg,
                                 decode_jpeg, decode_webp, decode_webp};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct span file = span_of(files[i].ptr, files[i].len);
        struct visit cut = {DECODE[i], 3, 0}, flipped = {DECODE[i], 1, 0};
        check_prefixes(file, visit_damaged, &cut);
        check_bit_flips(file, visit_damaged, &flipped);
        /* A photo must be whole; the last bytes of PNG and JPEG carry no pixel. */
        assert_true(cut.good <= 16);
        art_file_free(&files[i]);
    }
    art_free(&art);
}

static void put_be32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

/* The same PNG with other sides in its header, and the header's checksum made to match. */
static enum decode_status boastful_png(uint32_t width, uint32_t height, unsigned channels)
{
    struct art art = sample();
    struct art_file file = art_png(&art, ART_PNG_RGB, false);
    put_be32(file.ptr + 16, width);
    put_be32(file.ptr + 20, height);
    put_be32(file.ptr + 29, (uint32_t)crc32(0, file.ptr + 12, 17));
    struct image image = {0};
    enum decode_status status = decode_png(span_of(file.ptr, file.len), channels, &image);
    assert_null(image.px);
    art_file_free(&file);
    art_free(&art);
    return status;
}

static void believes_no_boast(void **state)
{
    (void)state;
    assert_int_equal(boastful_png(30000, 30000, 3), DECODE_TOO_LARGE);
    assert_int_equal(boastful_png(32768, 2049, 1), DECODE_TOO_LARGE);
    assert_int_equal(boastful_png(32768, 2048, 1), DECODE_UNREADABLE);
    assert_int_equal(boastful_png(40000, 1, 1), DECODE_UNREADABLE); /* libpng's own limit, set */
    assert_int_equal(boastful_png(0x7fffffff, 0x7fffffff, 3), DECODE_UNREADABLE);
    assert_int_equal(boastful_png(0, 10, 3), DECODE_UNREADABLE);
    assert_int_equal(boastful_png(37, 60, 3), DECODE_UNREADABLE);
}

static void refuses_a_huge_jpeg(void **state)
{
    (void)state;
    struct art art = sample();
    struct art_file file = art_jpeg(&art, 80, false);
    for (size_t i = 0; i + 9 < file.len; i++) {
        if (file.ptr[i] == 0xff && file.ptr[i + 1] == 0xc0) {
            memset(file.ptr + i + 5, 0xfd, 4); /* SOF0: height and width */
        }
    }
    struct image image = {0};
    assert_int_equal(decode_jpeg(span_of(file.ptr, file.len), 1, &image), DECODE_TOO_LARGE);
    assert_null(image.px);
    art_file_free(&file);
    art_free(&art);
}

static void reduces_a_large_jpeg(void **state)
{
    (void)state;
    struct art art = art_blank(4200, 3200, 200);
    struct art_file file = art_jpeg(&art, 60, false);
    struct image image = {0};
    assert_int_equal(decode_jpeg(span_of(file.ptr, file.len), 1, &image), DECODE_OK);
    assert_int_equal(image.width, 2100);
    assert_int_equal(image.height, 1600);
    assert_in_range(image.px[1000], 199, 201);
    image_free(&image);
    art_file_free(&file);
    art_free(&art);
}

static void reads_exif_orientation(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        unsigned orientation;
    } CASES[] = {
        {"4d4d002a00000008 0001 0112 0003 00000001 0006 0000 00000000", 6},
        {"49492a0008000000 0100 1201 0300 01000000 0800 0000 00000000", 8},
        {"457869660000 4d4d002a00000008 0001 0112 0003 00000001 0003 0000", 3},
        {"4d4d002a00000008 0002 010f 0002 00000004 41424300 0112 0003 00000001 0002 0000", 2},
        {"4d4d002a00000008 0001 0112 0003 00000001 0009 0000", 1}, /* no such orientation */
        {"4d4d002a00000008 0001 0112 0004 00000001 0006 0000", 1}, /* not a SHORT */
        {"4d4d002a00000008 0001 0112 0003 00000002 0006 0000", 1}, /* two of them */
        {"4d4d002affffffff 0001 0112 0003 00000001 0006 0000", 1}, /* offset outside */
        {"4d4d002b00000008 0001 0112 0003 00000001 0006 0000", 1}, /* not TIFF */
        {"4d4d002a00000008 ffff 0100 0003 00000001 0006 0000", 1}, /* more entries than bytes */
        {"", 1},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        uint8_t room[64];
        struct span exif = check_hex(CASES[i].hex, room, sizeof room);
        for (size_t len = 0; len <= exif.len; len++) {
            uint8_t *copy = check_heap_copy(span_of(exif.ptr, len));
            unsigned got = exif_orientation(span_of(copy, len));
            assert_true(got == CASES[i].orientation || (got == 1 && len < exif.len));
            free(copy);
        }
        assert_int_equal(exif_orientation(exif), CASES[i].orientation);
    }
}

static struct image rgb_image(const char *letters, unsigned width, unsigned height)
{
    struct image image = {0};
    assert_int_equal(image_new(width, height, 3, &image), DECODE_OK);
    for (size_t i = 0; i < strlen(letters); i++) {
        memset(image.px + 3 * i, letters[i], 3);
    }
    return image;
}

static void check_fit(struct image *full, unsigned max_width, unsigned max_height,
                      const char *letters, unsigned width)
{
    struct image out = {0};
    assert_int_equal(photo_fit(full, max_width, max_height, &out), DECODE_OK);
    assert_int_equal(out.width, width);
    assert_int_equal((size_t)out.width * out.height, strlen(letters));
    for (size_t i = 0; i < strlen(letters); i++) {
        assert_int_equal(out.px[3 * i + 2], letters[i]);
    }
    image_free(&out);
}

/* The stored picture is ab/cd/ef; each orientation says where its first row and column belong. */
static void turns_photos_upright(void **state)
{
    (void)state;
    static const char *const UPRIGHT[9] = {"",       "abcdef", "badcfe", "fedcba", "efcdab",
                                           "acebdf", "ecafdb", "fdbeca", "bdface"};
    for (unsigned o = 1; o <= 8; o++) {
        struct image full = rgb_image("abcdef", 2, 3);
        full.orientation = o;
        check_fit(&full, 10, 10, UPRIGHT[o], o <= 4 ? 2 : 3);
        image_free(&full);
    }
}

static void makes_photos_small(void **state)
{
    (void)state;
    struct image full = rgb_image("aaccaaccmmzzmmzz", 4, 4);
    check_fit(&full, 2, 2, "acmz", 2);
    check_fit(&full, 4, 2, "acmz", 2);
    check_fit(&full, 2, 4, "acmz", 2);
    check_fit(&full, 4, 4, "aaccaaccmmzzmmzz", 4);
    image_free(&full);
    full = rgb_image("abcdefgh", 8, 1);
    check_fit(&full, 1, 1, "e", 1); /* the mean, d and a half, rounded up */
    image_free(&full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_png_layout), cmocka_unit_test(reads_jpeg_and_webp),
        cmocka_unit_test(survives_damage),        cmocka_unit_test(believes_no_boast),
        cmocka_unit_test(refuses_a_huge_jpeg),    cmocka_unit_test(reduces_a_large_jpeg),
        cmocka_unit_test(reads_exif_orientation), cmocka_unit_test(turns_photos_upright),
        cmocka_unit_test(makes_photos_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
