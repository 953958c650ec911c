/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that knows libpng. Text, colour profile and unknown chunks are skipped unread:
 * they cannot carry a code, and their decompressors have a history.
 */
#include "devices/decode/decode_png.h"
#include "devices/decode/exif.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

enum { CHUNK_BYTES_MAX = 1024 * 1024, CHUNK_COUNT_MAX = 100 };

/* Everything libpng's longjmp may leave behind lives here, not in locals. */
struct png_job {
    struct span rest; /* points into the file */
    struct image image;
    uint8_t *rgba; /* one row, or every row of an interlaced image; owned */
    enum decode_status status;
};

static void on_error(png_structp png, png_const_charp message)
{
    (void)message;
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void on_read(png_structp png, png_bytep out, size_t len)
{
    struct png_job *job = png_get_io_ptr(png);
    if (len > job->rest.len) {
        png_error(png, "end of file");
    }
    memcpy(out, job->rest.ptr, len);
    job->rest.ptr += len;
    job->rest.len -= len;
}

static void skip_chunks(png_structp png)
{
    static const png_byte SKIPPED[] = "iCCP\0tEXt\0zTXt\0iTXt\0sPLT\0hIST\0pCAL\0sCAL";
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, SKIPPED, sizeof SKIPPED / 5);
    png_set_chunk_malloc_max(png, CHUNK_BYTES_MAX);
    png_set_chunk_cache_max(png, CHUNK_COUNT_MAX);
    png_set_user_limits(png, DECODE_SIDE_MAX, DECODE_SIDE_MAX);
}

/* A grey picture without transparency, as codes mostly are, needs no detour through colour. */
static bool plain_grey(png_structp png, png_infop info)
{
    return png_get_color_type(png, info) == PNG_COLOR_TYPE_GRAY &&
           png_get_valid(png, info, PNG_INFO_tRNS) == 0;
}

static void want_grey8(png_structp png)
{
    png_set_expand_gray_1_2_4_to_8(png);
    png_set_scale_16(png);
}

static void want_rgba8(png_structp png)
{
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
}

static unsigned orientation_of(png_structp png, png_infop info)
{
    png_uint_32 len = 0;
    png_bytep exif = NULL;
    return png_get_eXIf_1(png, info, &len, &exif) != 0 ? exif_orientation(span_of(exif, len)) : 1;
}

static void read_grey(png_structp png, const struct image *image, int passes)
{
    for (int pass = 0; pass < passes; pass++) {
        for (unsigned y = 0; y < image->height; y++) {
            png_read_row(png, image_row(image, y), NULL);
        }
    }
}

/* An interlaced image is complete only after its last pass, so all its rows must be kept. */
static void read_interlaced(png_structp png, struct png_job *job, int passes)
{
    size_t stride = (size_t)job->image.width * 4;
    job->rgba = calloc(job->image.height, stride);
    if (job->rgba == NULL) {
        png_error(png, "no memory");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (unsigned y = 0; y < job->image.height; y++) {
            png_read_row(png, job->rgba + stride * y, NULL);
        }
    }
    for (unsigned y = 0; y < job->image.height; y++) {
        image_put_rgba_row(&job->image, y, job->rgba + stride * y);
    }
}

static void read_rows(png_structp png, struct png_job *job)
{
    job->rgba = malloc((size_t)job->image.width * 4);
    if (job->rgba == NULL) {
        png_error(png, "no memory");
    }
    for (unsigned y = 0; y < job->image.height; y++) {
        png_read_row(png, job->rgba, NULL);
        image_put_rgba_row(&job->image, y, job->rgba);
    }
}

static void read_pixels(png_structp png, struct png_job *job, bool grey, int passes)
{
    if (grey) {
        read_grey(png, &job->image, passes);
    } else if (passes > 1) {
        read_interlaced(png, job, passes);
    } else {
        read_rows(png, job);
    }
}

static void read_image(png_structp png, png_infop info, unsigned channels, struct png_job *job)
{
    png_read_info(png, info);
    job->status = image_new(png_get_image_width(png, info), png_get_image_height(png, info),
                            channels, &job->image);
    if (job->status != DECODE_OK) {
        return;
    }
    job->status = DECODE_UNREADABLE;
    bool grey = channels == 1 && plain_grey(png, info);
    if (grey) {
        want_grey8(png);
    } else {
        want_rgba8(png);
    }
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != (size_t)job->image.width * (grey ? 1 : 4)) {
        return;
    }
    read_pixels(png, job, grey, passes);
    job->image.orientation = orientation_of(png, info);
    job->status = DECODE_OK;
}

/* setjmp has a function of its own, so that no local of it changes between the two returns. */
static void run(png_structp png, png_infop info, unsigned channels, struct png_job *job)
{
    if (setjmp(png_jmpbuf(png)) != 0) {
        job->status = DECODE_UNREADABLE;
        return;
    }
    png_set_read_fn(png, job, on_read);
    skip_chunks(png);
    read_image(png, info, channels, job);
}

enum decode_status decode_png(struct span file, unsigned channels, struct image *ret_image)
{
    struct png_job job = {.rest = file, .status = DECODE_UNREADABLE};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info != NULL) {
        run(png, info, channels, &job);
    }
    png_destroy_read_struct(&png, &info, NULL);
    free(job.rgba);
    if (job.status != DECODE_OK) {
        image_free(&job.image);
        return job.status;
    }
    *ret_image = job.image;
    return DECODE_OK;
}
