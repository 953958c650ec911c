/* SPDX-License-Identifier: Apache-2.0
 *
 * Chooses the helper by the file's first bytes, and reads its answer as strictly as if an attacker
 * had written it: by the time it answers, one may have.
 */
#include "devices/decoder.h"
#include "devices/helper_process.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static enum decoder_error refuse_by_kind(struct span file, bool pdf_wanted)
{
    if (file.len > DECODE_FILE_MAX) {
        return DECODER_TOO_LARGE;
    }
    switch (file_kind_of(file)) {
    case FILE_KIND_PNG:
    case FILE_KIND_JPEG:
    case FILE_KIND_WEBP:
        return DECODER_OK;
    case FILE_KIND_PDF:
        return pdf_wanted ? DECODER_OK : DECODER_UNSUPPORTED;
    case FILE_KIND_EMPTY:
        return DECODER_UNREADABLE;
    default:
        return DECODER_UNSUPPORTED;
    }
}

static enum decoder_error of_helper(enum helper_error error, int exit_code)
{
    switch (error) {
    case HELPER_OK:
        break;
    case HELPER_MISSING:
        return DECODER_NO_HELPER;
    case HELPER_FAILED:
        return DECODER_UNREADABLE;
    case HELPER_RESOURCE:
        return DECODER_SYSTEM;
    }
    return exit_code == DECODE_EXIT_OK        ? DECODER_OK
           : exit_code == DECODE_EXIT_SANDBOX ? DECODER_SYSTEM
                                              : DECODER_UNREADABLE;
}

static enum decoder_error run(const char *libexec_dir, const char *const *argv, struct span file,
                              size_t output_max, struct helper_output *ret_output)
{
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/%s", libexec_dir, argv[0]);
    if (len < 0 || (size_t)len >= sizeof path) {
        return DECODER_NO_HELPER;
    }
    struct helper_call call = {.program = path,
                               .argv = argv,
                               .input = file,
                               .output_max = output_max,
                               .timeout_ms = DECODER_TIMEOUT_MS};
    struct helper_output output = {0};
    enum helper_error failed = helper_run(&call, &output);
    enum decoder_error error = of_helper(failed, output.exit_code);
    if (error == DECODER_OK) {
        *ret_output = output;
    } else {
        free(output.ptr);
    }
    return error;
}

/* The head both answers share. An unknown version or status is a helper that lies. */
static enum decoder_error read_status(struct reader *r)
{
    if (reader_be(r, 1) != DECODE_RESULT_VERSION) {
        return DECODER_UNREADABLE;
    }
    switch (reader_be(r, 1)) {
    case DECODE_OK:
        return r->failed ? DECODER_UNREADABLE : DECODER_OK;
    case DECODE_UNSUPPORTED:
        return DECODER_UNSUPPORTED;
    case DECODE_TOO_LARGE:
        return DECODER_TOO_LARGE;
    case DECODE_ENCRYPTED:
        return DECODER_ENCRYPTED;
    default:
        return DECODER_UNREADABLE;
    }
}

static bool read_codes(struct reader *r, struct decoder_result *result)
{
    result->pages = (unsigned)reader_be(r, 2);
    result->pages_seen = (unsigned)reader_be(r, 2);
    result->count = (size_t)reader_be(r, 2);
    if (result->count > DECODE_CODES_MAX || result->pages_seen > result->pages ||
        result->pages_seen > DECODE_PAGES_MAX) {
        return false;
    }
    for (size_t i = 0; i < result->count; i++) {
        struct decoder_code *code = &result->code[i];
        code->page = (unsigned)reader_be(r, 2);
        code->text = reader_take(r, (size_t)reader_be(r, 4));
        if (code->page < 1 || code->page > result->pages_seen || code->text.len < 1 ||
            code->text.len > DECODE_TEXT_MAX) {
            return false;
        }
    }
    return reader_done(r);
}

static enum decoder_error take_codes(struct helper_output output, struct decoder_result *ret_result)
{
    struct reader r = reader_of(span_of(output.ptr, output.len));
    struct decoder_result result = {.buffer = output.ptr};
    enum decoder_error error = read_status(&r);
    if (error == DECODER_OK && !read_codes(&r, &result)) {
        error = DECODER_UNREADABLE;
    }
    if (error == DECODER_OK && result.count == 0) {
        error = DECODER_EMPTY;
    }
    if (error == DECODER_OK) {
        *ret_result = result;
    } else {
        free(output.ptr);
    }
    return error;
}

enum decoder_error decoder_scan(const char *libexec_dir, struct span file,
                                struct decoder_result *ret_result)
{
    enum decoder_error error = refuse_by_kind(file, true);
    if (error != DECODER_OK) {
        return error;
    }
    bool pdf = file_kind_of(file) == FILE_KIND_PDF;
    const char *argv[] = {pdf ? DECODE_PROGRAM_PDF : DECODE_PROGRAM, "codes", NULL};
    struct helper_output output = {0};
    error = run(libexec_dir, argv, file, DECODE_CODES_BYTES_MAX, &output);
    return error == DECODER_OK ? take_codes(output, ret_result) : error;
}

void decoder_result_clear(struct decoder_result *result)
{
    free(result->buffer);
    *result = (struct decoder_result){0};
}

static enum decoder_error take_photo(struct helper_output output, unsigned max_width,
                                     unsigned max_height, struct decoder_photo *ret_photo)
{
    struct reader r = reader_of(span_of(output.ptr, output.len));
    struct decoder_photo photo = {.buffer = output.ptr};
    enum decoder_error error = read_status(&r);
    uint64_t width = reader_be(&r, 4), height = reader_be(&r, 4);
    bool sound = width >= 1 && height >= 1 && width <= max_width && height <= max_height &&
                 r.rest.len == width * height * 3;
    if (error == DECODER_OK && !sound) {
        error = DECODER_UNREADABLE;
    }
    if (error == DECODER_OK) {
        photo.width = (unsigned)width;
        photo.height = (unsigned)height;
        photo.rgb = r.rest.ptr;
        *ret_photo = photo;
    } else {
        free(output.ptr);
    }
    return error;
}

static enum decoder_error get_pixels(const char *libexec_dir, const char *program, struct span file,
                                     unsigned max_width, unsigned max_height,
                                     struct decoder_photo *ret_photo)
{
    char width[12], height[12];
    snprintf(width, sizeof width, "%u", max_width);
    snprintf(height, sizeof height, "%u", max_height);
    const char *argv[] = {program, "photo", width, height, NULL};
    struct helper_output output = {0};
    enum decoder_error error = run(libexec_dir, argv, file, DECODE_PHOTO_BYTES_MAX, &output);
    return error == DECODER_OK ? take_photo(output, max_width, max_height, ret_photo) : error;
}

enum decoder_error decoder_photo(const char *libexec_dir, struct span file, unsigned max_width,
                                 unsigned max_height, struct decoder_photo *ret_photo)
{
    enum decoder_error error = refuse_by_kind(file, false);
    return error == DECODER_OK
               ? get_pixels(libexec_dir, DECODE_PROGRAM, file, max_width, max_height, ret_photo)
               : error;
}

enum decoder_error decoder_page(const char *libexec_dir, struct span file, unsigned max_width,
                                unsigned max_height, struct decoder_photo *ret_photo)
{
    if (file.len > DECODE_FILE_MAX) {
        return DECODER_TOO_LARGE;
    }
    return file_kind_of(file) == FILE_KIND_PDF
               ? get_pixels(libexec_dir, DECODE_PROGRAM_PDF, file, max_width, max_height, ret_photo)
               : DECODER_UNSUPPORTED;
}

void decoder_photo_clear(struct decoder_photo *photo)
{
    free(photo->buffer);
    *photo = (struct decoder_photo){0};
}

static const char *unsupported_text(enum file_kind kind)
{
    static const char *const TEXTS[FILE_KIND_COUNT] = {
        [FILE_KIND_PDF] = "A PDF document is not a photo: send it as a PNG, JPEG or WebP image.",
        [FILE_KIND_WEBP] = "An animated WebP is not read: send a still PNG or JPEG image.",
        [FILE_KIND_HEIC] =
            "HEIC photos are not read: share it as JPEG, or send a screenshot (PNG).",
        [FILE_KIND_AVIF] = "AVIF photos are not read: save it as JPEG or PNG and send that.",
        [FILE_KIND_JPEG_XL] = "JPEG XL images are not read: save it as JPEG or PNG and send that.",
        [FILE_KIND_VIDEO] = "Videos are not read: send a photo of the code (JPEG or PNG).",
        [FILE_KIND_GIF] = "GIF images are not read: save it as PNG and send that.",
        [FILE_KIND_TIFF] = "TIFF images are not read: scan or save it as PDF, PNG or JPEG.",
        [FILE_KIND_BMP] = "BMP images are not read: save it as PNG and send that.",
        [FILE_KIND_SVG] = "SVG drawings are not read: export it as PNG or PDF.",
        [FILE_KIND_HTML] = "Web pages are not read: print the page to PDF and send that.",
        [FILE_KIND_OFFICE] = "Office documents are not read: export it as PDF and send that.",
        [FILE_KIND_ZIP] = "Archives are not opened: send the PDF, PNG or JPEG file in it.",
        [FILE_KIND_TEXT] = "This is a text file, not an image: send a PDF, PNG, JPEG or WebP file.",
    };
    const char *text = (unsigned)kind < FILE_KIND_COUNT ? TEXTS[kind] : NULL;
    return text != NULL ? text
                        : "This kind of file is not known: send a PDF, PNG, JPEG or WebP file.";
}

const char *decoder_error_text(enum decoder_error error, enum file_kind kind)
{
    switch (error) {
    case DECODER_OK:
        return "The file was read.";
    case DECODER_UNREADABLE:
        return kind == FILE_KIND_EMPTY
                   ? "The file is empty: send the original file again."
                   : "The file is damaged or incomplete: send the original file again, "
                     "or a new photo of the code.";
    case DECODER_UNSUPPORTED:
        return unsupported_text(kind);
    case DECODER_TOO_LARGE:
        return "The file is too large (limits: 16 MiB and 64 megapixels): "
               "send the page with the code alone, or a smaller photo.";
    case DECODER_ENCRYPTED:
        return "The PDF is locked with a password: open it, print it to a new PDF and send that, "
               "or send a screenshot of the code.";
    case DECODER_EMPTY:
        return "No QR code could be read: send a sharp, straight photo of the code alone, "
               "or the original file.";
    case DECODER_NO_HELPER:
        return "The program that reads images is not installed: install the complete saksi "
               "package.";
    case DECODER_SYSTEM:
        return "This computer could not run the program that reads images safely: "
               "close other programs and try again, or tell your administrator.";
    }
    return "The file could not be read.";
}
