/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole way: a file, the helper program behind its locks, the texts. Genuine files beside
 * damaged, hostile and foreign ones, and helpers that are absent or lie.
 */
#include "check.h"
#include "decode_art.h"
#include "devices/decoder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const LIBEXEC = TEST_LIBEXEC;
static struct decoder_result result;

static enum decoder_error scan(const struct art_file *file)
{
    return decoder_scan(LIBEXEC, span_of(file->ptr, file->len), &result);
}

static void check_reads(struct art_file file, struct span text)
{
    assert_int_equal(scan(&file), DECODER_OK);
    assert_int_equal(result.pages, 1);
    assert_int_equal(result.pages_seen, 1);
    assert_int_equal(result.count, 1);
    assert_int_equal(result.code[0].page, 1);
    check_bytes(result.code[0].text, text);
    decoder_result_clear(&result);
    assert_null(result.buffer);
    art_file_free(&file);
}

static void reads_every_kind_of_file(void **state)
{
    (void)state;
    uint64_t seed = 71;
    char *chars = art_text(&seed, 420);
    struct span text = span_str(chars);
    struct art art = art_code(text, 5);
    const struct art *page = &art;
    for (int kind = ART_PNG_GREY; kind <= ART_PNG_BITS; kind++) {
        check_reads(art_png(&art, (enum art_png)kind, kind % 2 == 0), text);
    }
    check_reads(art_jpeg(&art, 85, false), text);
    check_reads(art_jpeg(&art, 60, true), text);
    check_reads(art_webp(&art, true), text);
    check_reads(art_webp(&art, false), text);
    for (unsigned width_mm = 20; width_mm <= 140; width_mm += 40) {
        check_reads(art_pdf(&page, 1, width_mm), text);
    }
    art_free(&art);
    free(chars);
}

static void reads_a_photo_behind_the_locks(void **state)
{
    (void)state;
    uint64_t seed = 9;
    char *text = art_text(&seed, 260);
    struct art art = art_frame(&seed, span_str(text), ART_MOIRE, 900, 700);
    check_reads(art_jpeg(&art, 70, false), span_str(text));
    art_free(&art);
    free(text);
}

static void gives_binary_texts_whole(void **state)
{
    (void)state;
    static const uint8_t BYTES[] = {0, 0xff, 0xfe, 'a', 0, 0x80, '\n', 0};
    struct art art = art_code(span_of(BYTES, sizeof BYTES), 6);
    check_reads(art_png(&art, ART_PNG_GREY, false), span_of(BYTES, sizeof BYTES));
    art_free(&art);
}

static void tells_pages_apart(void **state)
{
    (void)state;
    struct art a = art_code(span_str("CC1:PAGE-TWO"), 8), b = art_code(span_str("https://b"), 8);
    const struct art *pages[25] = {[1] = &a, [4] = &a, [19] = &b, [20] = &a, [24] = &b};
    struct art_file file = art_pdf(pages, COUNT_OF(pages), 40);
    assert_int_equal(scan(&file), DECODER_OK);
    assert_int_equal(result.pages, 25);
    assert_int_equal(result.pages_seen, DECODE_PAGES_MAX);
    assert_int_equal(result.count, 3);
    assert_int_equal(result.code[0].page, 2);
    assert_int_equal(result.code[1].page, 5);
    assert_int_equal(result.code[2].page, 20);
    check_bytes(result.code[0].text, span_str("CC1:PAGE-TWO"));
    check_bytes(result.code[2].text, span_str("https://b"));
    decoder_result_clear(&result);
    art_file_free(&file);
    art_free(&a);
    art_free(&b);
}

static void says_when_there_is_no_code(void **state)
{
    (void)state;
    struct art art = art_blank(300, 200, 255);
    const struct art *page = &art;
    struct art_file files[] = {art_png(&art, ART_PNG_GREY, false), art_jpeg(&art, 80, false),
                               art_webp(&art, true), art_pdf(&page, 1, 40)};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        assert_int_equal(scan(&files[i]), DECODER_EMPTY);
        art_file_free(&files[i]);
    }
    art_free(&art);
}

/* Spread over the file, since each costs a process. */
static void check_damaged(struct art_file file, struct span text, size_t step)
{
    for (size_t len = 0; len < file.len; len += step) {
        uint8_t *copy = check_heap_copy(span_of(file.ptr, len));
        enum decoder_error error = decoder_scan(LIBEXEC, span_of(copy, len), &result);
        assert_true(error == DECODER_OK || error == DECODER_UNREADABLE || error == DECODER_EMPTY ||
                    error == DECODER_UNSUPPORTED);
        if (error == DECODER_OK) {
            check_bytes(result.code[0].text, text);
            decoder_result_clear(&result);
        }
        free(copy);
    }
    for (size_t at = 5; at < file.len; at += step) {
        file.ptr[at] ^= (uint8_t)(1U << at % 8);
        enum decoder_error error = scan(&file);
        if (error == DECODER_OK) {
            check_bytes(result.code[0].text, text);
            decoder_result_clear(&result);
        } else {
            assert_in_range(error, DECODER_UNREADABLE, DECODER_EMPTY);
        }
        file.ptr[at] ^= (uint8_t)(1U << at % 8);
    }
    art_file_free(&file);
}

static void survives_damaged_files(void **state)
{
    (void)state;
    struct span text = span_str("CC1:DAMAGE");
    struct art art = art_code(text, 4);
    const struct art *page = &art;
    struct art_file files[] = {art_png(&art, ART_PNG_GREY, false), art_jpeg(&art, 80, true),
                               art_webp(&art, true), art_pdf(&page, 1, 40)};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        check_damaged(files[i], text, files[i].len / 12 + 1);
    }
    art_free(&art);
}

static void names_what_it_does_not_read(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        enum decoder_error error;
        const char *word; /* of the sentence */
    } CASES[] = {
        {"", DECODER_UNREADABLE, "empty"},
        {"CC1:ABC", DECODER_UNSUPPORTED, "text file"},
        {"GIF89a.....", DECODER_UNSUPPORTED, "PNG"},
        {"\x01"
         "aaaftypheic",
         DECODER_UNSUPPORTED, "HEIC"},
        {"PK\3\4aaaaaaaaaaaaaaaaaaaaaaaaaa[Content_Types].xml", DECODER_UNSUPPORTED, "Office"},
        {"\x01\x02\x03\x04", DECODER_UNSUPPORTED, "not known"},
        {"%PDF-1.7 and nothing more", DECODER_UNREADABLE, "damaged"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct span file = span_str(CASES[i].bytes);
        enum decoder_error error = decoder_scan(LIBEXEC, file, &result);
        assert_int_equal(error, CASES[i].error);
        assert_non_null(strstr(decoder_error_text(error, file_kind_of(file)), CASES[i].word));
    }
}

/* Security handler revision 2, 40 bits, a user password: enough for a reader to ask for it. */
static void says_when_a_password_is_asked_for(void **state)
{
    (void)state;
    static const char PDF[] =
        "%PDF-1.4\n"
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
        "4 0 obj<</Filter/Standard/V 1/R 2/P -4"
        "/O<0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20>"
        "/U<2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40>>>endobj\n"
        "trailer<</Root 1 0 R/Encrypt 4 0 R/Size 5"
        "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\n"
        "%%EOF\n";
    assert_int_equal(decoder_scan(LIBEXEC, span_of(PDF, sizeof PDF - 1), &result),
                     DECODER_ENCRYPTED);
    assert_non_null(strstr(decoder_error_text(DECODER_ENCRYPTED, FILE_KIND_PDF), "password"));
}

static void refuses_what_is_too_large(void **state)
{
    (void)state;
    uint8_t *huge = calloc(1, DECODE_FILE_MAX + 1);
    assert_non_null(huge);
    static const uint8_t PNG_MAGIC[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    memcpy(huge, PNG_MAGIC, sizeof PNG_MAGIC);
    assert_int_equal(decoder_scan(LIBEXEC, span_of(huge, DECODE_FILE_MAX + 1), &result),
                     DECODER_TOO_LARGE);
    assert_int_equal(decoder_scan(LIBEXEC, span_of(huge, DECODE_FILE_MAX), &result),
                     DECODER_UNREADABLE);
    free(huge);
    /* A few kilobytes that unfold to 72 million pixels. */
    struct art art = art_blank(9000, 8000, 255);
    struct art_file bomb = art_png(&art, ART_PNG_BITS, false);
    art_free(&art);
    assert_int_equal(scan(&bomb), DECODER_TOO_LARGE);
    art_file_free(&bomb);
}

static void shows_photos(void **state)
{
    (void)state;
    struct art art = art_blank(600, 800, 90);
    struct art_file files[] = {art_png(&art, ART_PNG_RGB, false), art_jpeg(&art, 90, false),
                               art_webp(&art, true)};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct decoder_photo photo = {0};
        struct span file = span_of(files[i].ptr, files[i].len);
        assert_int_equal(decoder_photo(LIBEXEC, file, 480, 480, &photo), DECODER_OK);
        assert_int_equal(photo.width, 360);
        assert_int_equal(photo.height, 480);
        assert_int_equal(photo.rgb[0], 90);
        assert_int_equal(photo.rgb[360 * 480 * 3 - 1], 90);
        decoder_photo_clear(&photo);
        file.len -= file.len / 2;
        assert_int_equal(decoder_photo(LIBEXEC, file, 480, 480, &photo), DECODER_UNREADABLE);
        assert_null(photo.buffer);
        art_file_free(&files[i]);
    }
    art_free(&art);
    struct decoder_photo photo = {0};
    assert_int_equal(decoder_photo(LIBEXEC, span_str("%PDF-1.7"), 9, 9, &photo),
                     DECODER_UNSUPPORTED);
}

/* A folder in which the helper programs are the liar. */
static char lair[] = "/tmp/saksi-lair-XXXXXX";

static int make_lair(void **state)
{
    (void)state;
    char path[64];
    if (mkdtemp(lair) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/%s", lair, DECODE_PROGRAM);
    if (symlink(TEST_LIAR, path) != 0) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/%s", lair, DECODE_PROGRAM_PDF);
    return symlink("/nonexistent", path);
}

static int remove_lair(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/%s", lair, DECODE_PROGRAM);
    unlink(path);
    snprintf(path, sizeof path, "%s/%s", lair, DECODE_PROGRAM_PDF);
    unlink(path);
    return rmdir(lair);
}

static struct span told(const char *word, char *room, size_t size)
{
    int len = snprintf(room, size, "\x89PNG\r\n\x1a\n%s", word);
    return span_of(room, (size_t)len);
}

static enum decoder_error lie(const char *word)
{
    char room[600];
    return decoder_scan(lair, told(word, room, sizeof room), &result);
}

static void believes_no_lie_about_codes(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum decoder_error error;
    } LIES[] = {
        {"crash", DECODER_UNREADABLE},
        {"crash-late", DECODER_UNREADABLE},
        {"flood", DECODER_UNREADABLE},
        {"exit:0", DECODER_UNREADABLE},
        {"exit:1", DECODER_UNREADABLE},
        {"exit:66", DECODER_SYSTEM},
        {"say:00", DECODER_UNREADABLE},
        {"say:0000000100010001000100000001"
         "41",
         DECODER_UNREADABLE}, /* version 0 */
        {"say:0200000100010001000100000001"
         "41",
         DECODER_UNREADABLE},                         /* version 2 */
        {"say:0109000000000000", DECODER_UNREADABLE}, /* unknown status */
        {"say:0101000000000000", DECODER_UNREADABLE},
        {"say:0102000000000000", DECODER_UNSUPPORTED},
        {"say:0103000000000000", DECODER_TOO_LARGE},
        {"say:0104000000000000", DECODER_ENCRYPTED},
        {"say:0100000100010000", DECODER_EMPTY},
        {"say:010000010001000000", DECODER_UNREADABLE}, /* a byte too many */
        {"say:0100000100020000", DECODER_UNREADABLE},   /* seen > pages */
        {"say:0100001500150000", DECODER_UNREADABLE},   /* seen > 20 */
        {"say:0100000100010002000100000001"
         "41",
         DECODER_UNREADABLE},                         /* two, one given */
        {"say:0100000100010101", DECODER_UNREADABLE}, /* 257 codes */
        {"say:0100000100010001000000000001"
         "41",
         DECODER_UNREADABLE}, /* page 0 */
        {"say:0100000100010001000200000001"
         "41",
         DECODER_UNREADABLE},                                     /* page 2 of 1 */
        {"say:0100000100010001000100000000", DECODER_UNREADABLE}, /* empty text */
        {"say:0100000100010001000100000002"
         "41",
         DECODER_UNREADABLE}, /* text cut short */
        {"say:01000001000100010001ffffffff"
         "41",
         DECODER_UNREADABLE}, /* 4 GiB of text */
        {"say:0100000100010001000100000001"
         "4142",
         DECODER_UNREADABLE}, /* a byte too many */
    };
    for (size_t i = 0; i < COUNT_OF(LIES); i++) {
        assert_int_equal(lie(LIES[i].word), LIES[i].error);
        assert_null(result.buffer);
    }
    /* And the same way, one that is true to the format. */
    assert_int_equal(lie("say:0100000100010001000100000001"
                         "41"),
                     DECODER_OK);
    check_bytes(result.code[0].text, span_str("A"));
    decoder_result_clear(&result);
}

static void believes_no_lie_about_photos(void **state)
{
    (void)state;
    static const char *const LIES[] = {
        "crash",
        "say:0100",
        "say:01000000000100000001"
        "4141", /* a byte too few */
        "say:01000000000100000001"
        "41414141",                 /* too many */
        "say:01000000000000000001", /* no width */
        "say:01000000000300000001"
        "414141414141414141", /* wider than asked for */
        "say:0100ffffffffffffffff"
        "414141",
        "say:01008000000080000000",
    };
    struct decoder_photo photo = {0};
    char room[600];
    for (size_t i = 0; i < COUNT_OF(LIES); i++) {
        struct span file = told(LIES[i], room, sizeof room);
        assert_int_equal(decoder_photo(lair, file, 2, 2, &photo), DECODER_UNREADABLE);
        assert_null(photo.buffer);
    }
    struct span file = told("say:01000000000100000001"
                            "414243",
                            room, sizeof room);
    assert_int_equal(decoder_photo(lair, file, 2, 2, &photo), DECODER_OK);
    assert_memory_equal(photo.rgb, "ABC", 3);
    decoder_photo_clear(&photo);
}

static void says_when_the_helper_is_missing(void **state)
{
    (void)state;
    assert_int_equal(decoder_scan("/nonexistent", span_str("\xff\xd8\xff"), &result),
                     DECODER_NO_HELPER);
    assert_int_equal(decoder_scan(lair, span_str("%PDF-1.7"), &result), DECODER_NO_HELPER);
    char deep[5000];
    memset(deep, 'a', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(decoder_scan(deep, span_str("\xff\xd8\xff"), &result), DECODER_NO_HELPER);
}

static void leaves_nothing_behind(void **state)
{
    (void)state;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void has_a_sentence_for_everything(void **state)
{
    (void)state;
    for (int error = DECODER_OK; error <= DECODER_SYSTEM; error++) {
        for (int kind = 0; kind < FILE_KIND_COUNT; kind++) {
            const char *text = decoder_error_text((enum decoder_error)error, (enum file_kind)kind);
            size_t len = strlen(text);
            assert_in_range(len, 10, 200);
            assert_int_equal(text[len - 1], '.');
        }
    }
}

/* Third-party certificates: NAME/png/N.png beside NAME/2DCode/raw/N.json with the text as PREFIX.
 */
static unsigned vectors_read, vectors_wrong, vectors_seen;

static uint8_t *load(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    uint8_t *bytes = malloc(DECODE_FILE_MAX);
    assert_non_null(bytes);
    *ret_len = fread(bytes, 1, DECODE_FILE_MAX - 1, file);
    bytes[*ret_len] = '\0';
    fclose(file);
    return bytes;
}

/* The value of "PREFIX", with JSON's escapes of / and \ undone; empty when there is none. */
static size_t prefix_of(const char *json, char *out, size_t size)
{
    const char *at = strstr(json, "\"PREFIX\"");
    at = at == NULL ? NULL : strchr(at + 8, '"');
    size_t len = 0;
    for (at = at == NULL ? "" : at + 1; *at != '\0' && *at != '"' && len + 1 < size; at++) {
        at += *at == '\\' && at[1] != '\0';
        out[len++] = *at;
    }
    out[len] = '\0';
    return len;
}

static void check_vector(const char *folder, const char *name)
{
    char path[4096], text[8192];
    size_t len = 0;
    snprintf(path, sizeof path, "%s/2DCode/raw/%.*s.json", folder, (int)strlen(name) - 4, name);
    uint8_t *json = load(path, &len);
    if (json == NULL || prefix_of((const char *)json, text, sizeof text) == 0) {
        free(json);
        return;
    }
    free(json);
    snprintf(path, sizeof path, "%s/png/%s", folder, name);
    uint8_t *png = load(path, &len);
    assert_non_null(png);
    vectors_seen++;
    if (decoder_scan(LIBEXEC, span_of(png, len), &result) == DECODER_OK) {
        bool same = result.count == 1 && span_equal(result.code[0].text, span_str(text));
        vectors_read += same;
        if (!same) {
            vectors_wrong++;
            print_message("%s does not hold the text beside it\n", path);
        }
        decoder_result_clear(&result);
    }
    free(png);
}

static void check_folder(const char *folder)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/png", folder);
    DIR *dir = opendir(path);
    for (struct dirent *e = dir == NULL ? NULL : readdir(dir); e != NULL; e = readdir(dir)) {
        size_t len = strlen(e->d_name);
        if (len > 4 && strcmp(e->d_name + len - 4, ".png") == 0) {
            check_vector(folder, e->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

/* The folder itself and the two levels under it. */
static void check_tree(const char *folder, unsigned depth)
{
    check_folder(folder);
    DIR *dir = depth == 0 ? NULL : opendir(folder);
    for (struct dirent *e = dir == NULL ? NULL : readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_type == DT_DIR && e->d_name[0] != '.') {
            char path[1024];
            snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
            check_tree(path, depth - 1);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

static void reads_third_party_certificates(void **state)
{
    (void)state;
    const char *vectors = getenv("SAKSI_VECTORS");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/dgc",
             vectors != NULL ? vectors : TEST_SOURCE_DIR "/../shared/vectors");
    if (access(folder, R_OK) != 0) {
        print_message("skipped: there is no %s\n", folder);
        skip();
    }
    check_tree(folder, 2);
    print_message("%u of %u certificates read\n", vectors_read, vectors_seen);
    assert_true(vectors_seen > 0);
    assert_int_equal(vectors_read + vectors_wrong, vectors_seen);
    assert_true(vectors_wrong <= vectors_seen / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_of_file),
        cmocka_unit_test(reads_a_photo_behind_the_locks),
        cmocka_unit_test(gives_binary_texts_whole),
        cmocka_unit_test(tells_pages_apart),
        cmocka_unit_test(says_when_there_is_no_code),
        cmocka_unit_test(survives_damaged_files),
        cmocka_unit_test(names_what_it_does_not_read),
        cmocka_unit_test(says_when_a_password_is_asked_for),
        cmocka_unit_test(refuses_what_is_too_large),
        cmocka_unit_test(shows_photos),
        cmocka_unit_test(believes_no_lie_about_codes),
        cmocka_unit_test(believes_no_lie_about_photos),
        cmocka_unit_test(says_when_the_helper_is_missing),
        cmocka_unit_test(has_a_sentence_for_everything),
        cmocka_unit_test(reads_third_party_certificates),
        cmocka_unit_test(leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_lair, remove_lair);
}
