/* SPDX-License-Identifier: Apache-2.0
 *
 * Pictures as files, through the libraries everybody else uses to write them.
 */
#include "decode_art.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <webp/encode.h>

void art_file_free(struct art_file *file)
{
    free(file->ptr);
    *file = (struct art_file){0};
}

static void append(struct art_file *file, const void *bytes, size_t len)
{
    file->ptr = realloc(file->ptr, file->len + len);
    if (file->ptr == NULL) {
        abort();
    }
    memcpy(file->ptr + file->len, bytes, len);
    file->len += len;
}

static void png_append(png_structp png, png_bytep bytes, size_t len)
{
    append(png_get_io_ptr(png), bytes, len);
}

static void png_flushed(png_structp png)
{
    (void)png;
}

/* One row in the wanted layout; the transparent pixels of RGBA hold black, which must not show. */
static void png_fill_row(const struct art *art, unsigned y, enum art_png kind, uint8_t *row)
{
    for (unsigned x = 0; x < art->width; x++) {
        uint8_t grey = art->px[(size_t)y * art->width + x];
        bool bit = grey >= 128;
        switch (kind) {
        case ART_PNG_GREY:
            row[x] = grey;
            break;
        case ART_PNG_RGB:
            memset(row + 3 * (size_t)x, grey, 3);
            break;
        case ART_PNG_RGBA:
            memset(row + 4 * (size_t)x, 0, 3);
            row[4 * (size_t)x + 3] = (uint8_t)(255 - grey);
            break;
        case ART_PNG_PALETTE:
            row[x] = bit;
            break;
        case ART_PNG_GREY16:
            row[2 * (size_t)x] = grey;
            row[2 * (size_t)x + 1] = (uint8_t)(x * 37);
            break;
        case ART_PNG_BITS:
            row[x / 8] = (uint8_t)(x % 8 == 0 ? 0 : row[x / 8]);
            row[x / 8] = (uint8_t)(row[x / 8] | (bit ? 0x80 >> x % 8 : 0));
            break;
        }
    }
}

struct art_file art_png(const struct art *art, enum art_png kind, bool interlaced)
{
    static const struct {
        int depth, type;
    } LAYOUT[] = {{8, PNG_COLOR_TYPE_GRAY},      {8, PNG_COLOR_TYPE_RGB},
                  {8, PNG_COLOR_TYPE_RGB_ALPHA}, {8, PNG_COLOR_TYPE_PALETTE},
                  {16, PNG_COLOR_TYPE_GRAY},     {1, PNG_COLOR_TYPE_GRAY}};
    static const png_color PALETTE[2] = {{10, 20, 30}, {250, 240, 230}};
    struct art_file file = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    uint8_t *row = malloc((size_t)art->width * 4);
    if (row == NULL) {
        abort();
    }
    png_set_write_fn(png, &file, png_append, png_flushed);
    png_set_compression_level(png, 1);
    png_set_IHDR(png, info, art->width, art->height, LAYOUT[kind].depth, LAYOUT[kind].type,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (kind == ART_PNG_PALETTE) {
        png_set_PLTE(png, info, PALETTE, 2);
    }
    png_write_info(png, info);
    for (int pass = png_set_interlace_handling(png); pass > 0; pass--) {
        for (unsigned y = 0; y < art->height; y++) {
            png_fill_row(art, y, kind, row);
            png_write_row(png, row);
        }
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(row);
    return file;
}

struct art_file art_jpeg(const struct art *art, int quality, bool progressive)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long len = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &len);
    jpeg.image_width = art->width;
    jpeg.image_height = art->height;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    if (progressive) {
        jpeg_simple_progression(&jpeg);
    }
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = art->px + (size_t)jpeg.next_scanline * art->width;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return (struct art_file){bytes, len};
}

void art_through_jpeg(struct art *art, int quality);

void art_through_jpeg(struct art *art, int quality)
{
    struct art_file file = art_jpeg(art, quality, false);
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.ptr, file.len);
    jpeg_read_header(&jpeg, TRUE);
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = art->px + (size_t)jpeg.output_scanline * art->width;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    art_file_free(&file);
}

static uint8_t *rgb_of(const struct art *art)
{
    uint8_t *rgb = malloc((size_t)art->width * art->height * 3);
    if (rgb == NULL) {
        abort();
    }
    for (size_t i = 0; i < (size_t)art->width * art->height; i++) {
        memset(rgb + 3 * i, art->px[i], 3);
    }
    return rgb;
}

struct art_file art_webp(const struct art *art, bool lossless)
{
    uint8_t *rgb = rgb_of(art), *out = NULL;
    int width = (int)art->width, height = (int)art->height;
    size_t len = lossless ? WebPEncodeLosslessRGB(rgb, width, height, 3 * width, &out)
                          : WebPEncodeRGB(rgb, width, height, 3 * width, 75, &out);
    struct art_file file = {0};
    append(&file, out, len);
    WebPFree(out);
    free(rgb);
    return file;
}

static cairo_status_t pdf_append(void *closure, const unsigned char *bytes, unsigned len)
{
    append(closure, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

static void pdf_page(cairo_t *cairo, const struct art *art, double width_mm)
{
    cairo_surface_t *picture =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)art->width, (int)art->height);
    uint8_t *data = cairo_image_surface_get_data(picture);
    size_t stride = (size_t)cairo_image_surface_get_stride(picture);
    for (unsigned y = 0; y < art->height; y++) {
        for (unsigned x = 0; x < art->width; x++) {
            memset(data + stride * y + 4 * (size_t)x, art->px[(size_t)y * art->width + x], 4);
        }
    }
    cairo_surface_mark_dirty(picture);
    double scale = width_mm * 72 / 25.4 / art->width;
    cairo_save(cairo);
    cairo_translate(cairo, 297.5 - art->width * scale / 2, 421 - art->height * scale / 2);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_surface(cairo, picture, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(picture);
}

struct art_file art_pdf(const struct art *const *pages, size_t count, double width_mm)
{
    struct art_file file = {0};
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(pdf_append, &file, 595, 842);
    cairo_t *cairo = cairo_create(surface);
    for (size_t i = 0; i < count; i++) {
        if (pages[i] != NULL) {
            pdf_page(cairo, pages[i], width_mm);
        }
        cairo_show_page(cairo);
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return file;
}
