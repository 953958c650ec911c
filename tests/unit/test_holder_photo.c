/* SPDX-License-Identifier: Apache-2.0
 *
 * Photos that may be printed, beside those that are turned, cut, too large or no JPEG at all. */
#include "issue_scene.h"

#include "issuer/holder_photo.h"

/* 24 x 32 grey samples, baseline. */
static const char photo_hex[] =
    "ffd8ffe000104a46494600010100000100010000ffdb004300140e0f120f0d14121012171514181e32211e1c1c1e3d"
    "2c2e243249404c4b47404645505a736250556d5645466488656d777b8182814e608d978c7d96737e817cffc0000b08"
    "0020001801011100ffc400160001010100000000000000000000000000000405ffc400151001010000000000000000"
    "0000000000000013ffda0008010100003f00d0a142892850a25a142892850a3fffd9";

static uint8_t photo[512];
static size_t photo_len;
static char path[64];

static int make_file(void **state)
{
    (void)state;
    if (!scene_has(SCENE_LIBEXEC, "saksi-decode")) {
        print_message("saksi-decode is not built: photos are not tested\n");
        return 0;
    }
    strcpy(path, "/tmp/saksi-photo-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    photo_len = check_hex(photo_hex, photo, sizeof photo).len;
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    return *path == '\0' ? 0 : unlink(path);
}

/* NULL when it was taken. */
static const char *refusal_of(struct span bytes)
{
    const char *why = NULL;
    struct holder_photo got;
    assert_int_equal(file_write_atomic(path, bytes, 0600), FILE_OK);
    if (holder_photo_read(path, SCENE_LIBEXEC, &got, &why)) {
        holder_photo_clear(&got);
        return NULL;
    }
    assert_non_null(why);
    return why;
}

static void need_the_decoder(void)
{
    if (*path == '\0') {
        skip();
    }
}

static void a_photo_is_read_and_hashed(void **state)
{
    (void)state;
    uint8_t digest[32];
    const char *why = NULL;
    struct holder_photo got;
    need_the_decoder();
    struct span bytes = span_of(photo, photo_len);
    assert_int_equal(file_write_atomic(path, bytes, 0600), FILE_OK);
    assert_true(holder_photo_read(path, SCENE_LIBEXEC, &got, &why));
    assert_true(got.width == 24 && got.height == 32);
    check_bytes(span_of(got.bytes, got.len), bytes);
    assert_int_equal(crypto_sha256(&bytes, 1, digest), CRYPTO_OK);
    assert_memory_equal(got.digest, digest, 32);
    holder_photo_clear(&got);
    assert_null(got.bytes);
}

/* Waiting for what cannot be read, ending what is another one. */
static void a_signed_photo_is_told_from_others(void **state)
{
    (void)state;
    uint8_t digest[32];
    const char *why = NULL;
    struct holder_photo got;
    need_the_decoder();
    struct span bytes = span_of(photo, photo_len);
    struct span signed_one = span_of(digest, sizeof digest);
    assert_int_equal(crypto_sha256(&bytes, 1, digest), CRYPTO_OK);
    assert_int_equal(file_write_atomic(path, bytes, 0600), FILE_OK);
    assert_int_equal(holder_photo_read_again(path, SCENE_LIBEXEC, signed_one, &got, &why),
                     HOLDER_PHOTO_SAME);
    check_bytes(span_of(got.bytes, got.len), bytes);
    holder_photo_clear(&got);
    assert_int_equal(
        holder_photo_read_again("/nonexistent.jpg", SCENE_LIBEXEC, signed_one, &got, &why),
        HOLDER_PHOTO_AWAY);
    assert_string_equal(why, file_error_text(FILE_MISSING));
    /* The program that looks at photos is away, not the photo. */
    assert_int_equal(holder_photo_read_again(path, "/nonexistent", signed_one, &got, &why),
                     HOLDER_PHOTO_AWAY);
    /* Other bytes, whether they are a photo or not. */
    digest[31] ^= 1;
    assert_int_equal(holder_photo_read_again(path, SCENE_LIBEXEC, signed_one, &got, &why),
                     HOLDER_PHOTO_OTHER);
    assert_string_equal(why, "is another photo than the one that was signed");
    digest[31] ^= 1;
    assert_int_equal(file_write_atomic(path, span_of(photo, photo_len - 1), 0600), FILE_OK);
    assert_int_equal(holder_photo_read_again(path, SCENE_LIBEXEC, signed_one, &got, &why),
                     HOLDER_PHOTO_OTHER);
}

/* The photo with an EXIF segment that says which way is up. */
static struct span with_orientation(uint8_t orientation, uint8_t room[600])
{
    static const uint8_t exif[] = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0,    0,    'M', 'M',
                                   0,    '*',  0, 0,  0,   8,   0,   1,   0x01, 0x12, 0,   3,
                                   0,    0,    0, 1,  0,   0,   0,   0,   0,    0,    0,   0};
    memcpy(room, photo, 2);
    memcpy(room + 2, exif, sizeof exif);
    room[2 + 29] = orientation;
    memcpy(room + 2 + sizeof exif, photo + 2, photo_len - 2);
    return span_of(room, photo_len + sizeof exif);
}

static void turned_photos_are_refused(void **state)
{
    (void)state;
    uint8_t room[600];
    need_the_decoder();
    assert_null(refusal_of(with_orientation(1, room)));
    for (uint8_t orientation = 2; orientation <= 8; orientation++) {
        assert_string_equal(refusal_of(with_orientation(orientation, room)),
                            "is stored turned and would be printed turned; save it upright");
    }
}

static void what_is_no_photo_is_refused(void **state)
{
    (void)state;
    need_the_decoder();
    static const char *const no_jpeg = "is not a JPEG photo; save it as JPEG";
    assert_string_equal(refusal_of(span_str("no photo at all")), no_jpeg);
    assert_string_equal(refusal_of(span_str("\x89PNG\r\n\x1a\n")), no_jpeg);
    assert_string_equal(refusal_of(span_str("\xff\xd8\xff\xe0")),
                        "is damaged, or a kind of JPEG that cannot be printed");
    uint8_t wide[512];
    memcpy(wide, photo, photo_len);
    for (size_t i = 0; i + 8 < photo_len; i++) {
        if (wide[i] == 0xFF && wide[i + 1] == 0xC0) {
            wide[i + 7] = 0x10; /* 4120 pixels wide */
        }
    }
    assert_string_equal(refusal_of(span_of(wide, photo_len)),
                        "is too large; 4096 pixels a side are the limit");
    static uint8_t large[HOLDER_PHOTO_MAX_BYTES + 1];
    memcpy(large, photo, photo_len);
    assert_string_equal(refusal_of(span_of(large, sizeof large)), "is larger than 2 MiB");
    const char *why = NULL;
    struct holder_photo got;
    assert_false(holder_photo_read("/nonexistent.jpg", SCENE_LIBEXEC, &got, &why));
    assert_string_equal(why, file_error_text(FILE_MISSING));
}

/* Cut before its pixels begin it has no frame or no scan. */
static void cut_photos_are_refused(void **state)
{
    (void)state;
    need_the_decoder();
    for (size_t len = 1; len < 150; len += 7) {
        uint8_t *exact = check_heap_copy(span_of(photo, len));
        assert_non_null(refusal_of(span_of(exact, len)));
        free(exact);
    }
}

/* An index is not given for a photo that does not come with a helper to look at it. */
static void without_a_helper_there_is_no_photo(void **state)
{
    (void)state;
    const char *why = NULL;
    struct holder_photo got;
    need_the_decoder();
    assert_int_equal(file_write_atomic(path, span_of(photo, photo_len), 0600), FILE_OK);
    assert_false(holder_photo_read(path, "/nonexistent", &got, &why));
    assert_non_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photo_is_read_and_hashed),
        cmocka_unit_test(a_signed_photo_is_told_from_others),
        cmocka_unit_test(turned_photos_are_refused),
        cmocka_unit_test(what_is_no_photo_is_refused),
        cmocka_unit_test(cut_photos_are_refused),
        cmocka_unit_test(without_a_helper_there_is_no_photo),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
