/* SPDX-License-Identifier: Apache-2.0
 *
 * Files named by their first bytes, whole and cut short.
 */
#include "check.h"
#include "devices/decode/file_kind.h"

struct sample {
    enum file_kind kind;
    size_t len;
    const char *bytes;
};

#define SAMPLE(kind, text)                                                                         \
    {                                                                                              \
        kind, sizeof(text) - 1, text                                                               \
    }

static const struct sample SAMPLES[] = {
    SAMPLE(FILE_KIND_EMPTY, ""),
    SAMPLE(FILE_KIND_PNG, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    SAMPLE(FILE_KIND_JPEG, "\xff\xd8\xff\xe0\0\x10JFIF"),
    SAMPLE(FILE_KIND_WEBP, "RIFF\x24\0\0\0WEBPVP8 "),
    SAMPLE(FILE_KIND_PDF, "%PDF-1.7\n"),
    SAMPLE(FILE_KIND_PDF, "Received: by mail\r\n\r\n\x01%PDF-1.4\n"),
    SAMPLE(FILE_KIND_HEIC, "\0\0\0\x18"
                           "ftypheic\0\0\0\0"),
    SAMPLE(FILE_KIND_HEIC, "\0\0\0\x18"
                           "ftypmif1\0\0\0\0"),
    SAMPLE(FILE_KIND_AVIF, "\0\0\0\x18"
                           "ftypavif\0\0\0\0"),
    SAMPLE(FILE_KIND_JPEG_XL, "\xff\x0a\x01"),
    SAMPLE(FILE_KIND_VIDEO, "\0\0\0\x18"
                            "ftypmp42\0\0\0\0"),
    SAMPLE(FILE_KIND_GIF, "GIF89a\1\0"),
    SAMPLE(FILE_KIND_TIFF, "II*\0\x08\0\0\0"),
    SAMPLE(FILE_KIND_TIFF, "MM\0*\0\0\0\x08"),
    SAMPLE(FILE_KIND_BMP, "BM\x36\0\0\0"),
    SAMPLE(FILE_KIND_SVG, "<?xml version=\"1.0\"?>\n<svg xmlns=\"x\">"),
    SAMPLE(FILE_KIND_HTML, "<!DOCTYPE html><p>"),
    SAMPLE(FILE_KIND_OFFICE, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"),
    SAMPLE(FILE_KIND_OFFICE, "PK\3\4aaaaaaaaaaaaaaaaaaaaaaaaaa[Content_Types].xml"),
    SAMPLE(FILE_KIND_ZIP, "PK\3\4aaaaaaaaaaaaaaaaaaaaaaaaaacertificate.pdf"),
    SAMPLE(FILE_KIND_TEXT, "CC1:ABCDEF\n"),
    SAMPLE(FILE_KIND_TEXT, "\xe0\xb9\x80\xe0\xb8\x8a"),
    SAMPLE(FILE_KIND_UNKNOWN, "\x01\x02\x03\x04\x05\x06\x07\x08\x09"),
};

static void names_each_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
        struct span file = span_of(SAMPLES[i].bytes, SAMPLES[i].len);
        uint8_t *copy = check_heap_copy(file);
        assert_int_equal(file_kind_of(span_of(copy, file.len)), SAMPLES[i].kind);
        free(copy);
    }
}

static void visit_prefix(struct span prefix, void *context)
{
    /* Never a kind that is decoded, unless the whole file is of that kind. */
    enum file_kind kind = file_kind_of(prefix), whole = *(enum file_kind *)context;
    assert_true(kind < FILE_KIND_COUNT);
    assert_true(kind == whole || kind < FILE_KIND_PNG || kind > FILE_KIND_PDF);
}

static void reads_no_byte_past_the_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
        enum file_kind kind = SAMPLES[i].kind;
        check_prefixes(span_of(SAMPLES[i].bytes, SAMPLES[i].len), visit_prefix, &kind);
    }
}

static void looks_for_pdf_only_near_the_start(void **state)
{
    (void)state;
    static const uint8_t PDF_MAGIC[5] = {'%', 'P', 'D', 'F', '-'};
    uint8_t file[1100];
    memset(file, 0x01, sizeof file);
    memcpy(file + 1019, PDF_MAGIC, sizeof PDF_MAGIC);
    assert_int_equal(file_kind_of(span_of(file, sizeof file)), FILE_KIND_PDF);
    memset(file, 0x01, sizeof file);
    memcpy(file + 1020, PDF_MAGIC, sizeof PDF_MAGIC);
    assert_int_equal(file_kind_of(span_of(file, sizeof file)), FILE_KIND_UNKNOWN);
}

static void has_a_name_for_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < FILE_KIND_COUNT; kind++) {
        assert_true(strlen(file_kind_name((enum file_kind)kind)) > 6);
    }
    assert_string_equal(file_kind_name(FILE_KIND_HEIC), "a HEIC photo");
    assert_string_equal(file_kind_name((enum file_kind)999), file_kind_name(FILE_KIND_UNKNOWN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_each_kind),
        cmocka_unit_test(reads_no_byte_past_the_end),
        cmocka_unit_test(looks_for_pdf_only_near_the_start),
        cmocka_unit_test(has_a_name_for_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
