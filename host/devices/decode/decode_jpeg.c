/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that knows libjpeg. Grey comes straight from the luma plane: no colour is computed.
 */
#include "devices/decode/decode_jpeg.h"
#include "devices/decode/exif.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

/* A progressive file may carry thousands of empty scans, each of which costs a pass over the image.
 */
enum { SCANS_MAX = 64, PIXELS_WANTED = 12 * 1024 * 1024, EXIF_BYTES_MAX = 65533 };

/* Everything libjpeg's longjmp may leave behind lives here, not in locals. */
struct jpeg_job {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failed;
    struct image image;
    uint8_t *row; /* one decoded row, owned */
    enum decode_status status;
};

static void on_error(j_common_ptr jpeg)
{
    struct jpeg_job *job = jpeg->client_data;
    longjmp(job->failed, 1);
}

static void on_message(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void on_progress(j_common_ptr jpeg)
{
    struct jpeg_job *job = jpeg->client_data;
    if (job->jpeg.input_scan_number > SCANS_MAX) {
        longjmp(job->failed, 1);
    }
}

static void choose_colour(struct jpeg_decompress_struct *jpeg, unsigned channels)
{
    bool cmyk = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
    jpeg->out_color_space = cmyk ? JCS_CMYK : channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
}

static void choose_scale(struct jpeg_decompress_struct *jpeg)
{
    unsigned long pixels = (unsigned long)jpeg->image_width * jpeg->image_height;
    jpeg->scale_num = 1;
    jpeg->scale_denom = 1;
    while (pixels > PIXELS_WANTED && jpeg->scale_denom < 8) {
        jpeg->scale_denom *= 2;
        pixels /= 4;
    }
}

/* Printers' JPEG: ink amounts. Adobe stores them inverted, so that 255 means no ink. */
static void put_cmyk_row(const struct image *image, unsigned y, uint8_t *cmyk, bool inverted)
{
    for (size_t i = 0; i < (size_t)image->width * 4; i += 4) {
        uint8_t *p = cmyk + i;
        for (size_t k = 0; k < 4 && !inverted; k++) {
            p[k] = (uint8_t)(255 - p[k]);
        }
        for (size_t k = 0; k < 3; k++) {
            p[k] = (uint8_t)(p[k] * p[3] / 255);
        }
        p[3] = 255;
    }
    image_put_rgba_row(image, y, cmyk);
}

static void read_rows(struct jpeg_job *job)
{
    struct jpeg_decompress_struct *jpeg = &job->jpeg;
    bool cmyk = jpeg->out_color_space == JCS_CMYK;
    job->row = malloc((size_t)jpeg->output_width * 4);
    while (job->row != NULL && jpeg->output_scanline < jpeg->output_height) {
        unsigned y = jpeg->output_scanline;
        JSAMPROW row = cmyk ? job->row : image_row(&job->image, y);
        if (jpeg_read_scanlines(jpeg, &row, 1) != 1) {
            return;
        }
        if (cmyk) {
            put_cmyk_row(&job->image, y, row, jpeg->saw_Adobe_marker);
        }
    }
    if (job->row != NULL) {
        job->status = DECODE_OK;
    }
}

static unsigned orientation_of(const struct jpeg_decompress_struct *jpeg)
{
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m != NULL; m = m->next) {
        struct span data = span_of(m->data, m->data_length);
        if (span_starts_with(data, span_of("Exif\0", 6))) {
            return exif_orientation(data);
        }
    }
    return 1;
}

static void read_image(struct jpeg_job *job, struct span file, unsigned channels)
{
    struct jpeg_decompress_struct *jpeg = &job->jpeg;
    jpeg_mem_src(jpeg, file.ptr, (unsigned long)file.len);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, EXIF_BYTES_MAX);
    jpeg_read_header(jpeg, TRUE);
    if (!image_size_ok(jpeg->image_width, jpeg->image_height)) {
        job->status = DECODE_TOO_LARGE;
        return;
    }
    choose_colour(jpeg, channels);
    choose_scale(jpeg);
    jpeg_start_decompress(jpeg);
    job->status = image_new(jpeg->output_width, jpeg->output_height, channels, &job->image);
    if (job->status == DECODE_OK) {
        job->status = DECODE_UNREADABLE;
        read_rows(job);
    }
    if (channels == 3 && jpeg->err->num_warnings > 0) {
        job->status = DECODE_UNREADABLE;
    }
    job->image.orientation = orientation_of(jpeg);
}

static void set_up(struct jpeg_job *job)
{
    job->jpeg.err = jpeg_std_error(&job->errors);
    job->errors.error_exit = on_error;
    job->errors.output_message = on_message;
    job->progress.progress_monitor = on_progress;
    job->jpeg.client_data = job;
}

enum decode_status decode_jpeg(struct span file, unsigned channels, struct image *ret_image)
{
    struct jpeg_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return DECODE_UNREADABLE;
    }
    job->status = DECODE_UNREADABLE;
    set_up(job);
    if (setjmp(job->failed) == 0) {
        jpeg_create_decompress(&job->jpeg);
        job->jpeg.progress = &job->progress;
        read_image(job, file, channels);
    }
    jpeg_destroy_decompress(&job->jpeg);
    free(job->row);
    enum decode_status status = job->status;
    if (status == DECODE_OK) {
        *ret_image = job->image;
    } else {
        image_free(&job->image);
    }
    free(job);
    return status;
}
