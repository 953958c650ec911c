/* SPDX-License-Identifier: Apache-2.0
 *
 * Making images and changing every pixel of one. Loops are written so that the compiler vectorises
 * them: this is where a hard photo spends the time that is not the scanner's.
 */
#include "devices/decode/image.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 * 1024 * 1024 };

bool image_size_ok(unsigned long width, unsigned long height)
{
    return width <= DECODE_SIDE_MAX && height <= DECODE_SIDE_MAX &&
           width * height <= DECODE_PIXELS_MAX;
}

/* Large pictures in huge pages: touching them one small page at a time costs as much as filling
 * them. */
static uint8_t *allocate(size_t size)
{
    if (size < HUGE_PAGE) {
        return malloc(size);
    }
    uint8_t *px = aligned_alloc(HUGE_PAGE, (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
    if (px != NULL) {
        madvise(px, size, MADV_HUGEPAGE);
    }
    return px;
}

enum decode_status image_new(unsigned long width, unsigned long height, unsigned channels,
                             struct image *ret_image)
{
    if (width == 0 || height == 0) {
        return DECODE_UNREADABLE;
    }
    if (!image_size_ok(width, height)) {
        return DECODE_TOO_LARGE;
    }
    size_t size = width * height * channels;
    uint8_t *px = allocate(size);
    if (px == NULL) {
        return DECODE_UNREADABLE;
    }
    memset(px, 0xff, size);
    *ret_image = (struct image){(unsigned)width, (unsigned)height, channels, 1, px};
    return DECODE_OK;
}

void image_free(struct image *image)
{
    free(image->px);
    *image = (struct image){0};
}

static uint8_t over_white(unsigned sample, unsigned alpha)
{
    return (uint8_t)((sample * alpha + 255 * (255 - alpha) + 127) / 255);
}

void image_put_rgba_row(const struct image *image, unsigned y, const uint8_t *rgba)
{
    uint8_t *out = image_row(image, y);
    for (unsigned x = 0; x < image->width; x++, rgba += 4) {
        uint8_t r = over_white(rgba[0], rgba[3]);
        uint8_t g = over_white(rgba[1], rgba[3]);
        uint8_t b = over_white(rgba[2], rgba[3]);
        if (image->channels == 1) {
            *out++ = luma(r, g, b);
        } else {
            *out++ = r;
            *out++ = g;
            *out++ = b;
        }
    }
}

bool image_crop(const struct image *grey, struct box box, struct image *ret_image)
{
    if (image_new(box.x1 - box.x0, box.y1 - box.y0, 1, ret_image) != DECODE_OK) {
        return false;
    }
    for (unsigned y = box.y0; y < box.y1; y++) {
        memcpy(image_row(ret_image, y - box.y0), image_row(grey, y) + box.x0, ret_image->width);
    }
    return true;
}

static void add_row(uint32_t *restrict column, const uint8_t *restrict row, unsigned width)
{
    for (unsigned x = 0; x < width; x++) {
        column[x] += row[x];
    }
}

static void mean_columns(const uint32_t *column, unsigned factor, unsigned width, uint8_t *out)
{
    for (unsigned x = 0; x < width; x++, column += factor) {
        uint32_t sum = 0;
        for (unsigned i = 0; i < factor; i++) {
            sum += column[i];
        }
        out[x] = (uint8_t)(sum / (factor * factor));
    }
}

bool image_reduce(const struct image *grey, unsigned factor, struct image *ret_image)
{
    struct image out = {0};
    uint32_t *column = malloc(grey->width * sizeof *column);
    if (column == NULL ||
        image_new(grey->width / factor, grey->height / factor, 1, &out) != DECODE_OK) {
        free(column);
        return false;
    }
    for (unsigned y = 0; y < out.height; y++) {
        memset(column, 0, grey->width * sizeof *column);
        for (unsigned i = 0; i < factor; i++) {
            add_row(column, image_row(grey, y * factor + i), grey->width);
        }
        mean_columns(column, factor, out.width, image_row(&out, y));
    }
    free(column);
    *ret_image = out;
    return true;
}

static uint8_t clamp_byte(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* A sample a quarter pixel from b towards c: Catmull-Rom weights at t = 1/4, in 1/128. */
static uint8_t cubic_quarter(int a, int b, int c, int d)
{
    return clamp_byte((-9 * a + 111 * b + 29 * c - 3 * d + 64) >> 7);
}

static void double_row(const uint8_t *in, unsigned width, uint8_t *out)
{
    for (unsigned x = 0; x < width; x++) {
        int left = in[x > 0 ? x - 1 : 0];
        int far_left = in[x > 1 ? x - 2 : 0];
        int right = in[x + 1 < width ? x + 1 : width - 1];
        int far_right = in[x + 2 < width ? x + 2 : width - 1];
        out[2 * (size_t)x] = cubic_quarter(right, in[x], left, far_left);
        out[2 * (size_t)x + 1] = cubic_quarter(left, in[x], right, far_right);
    }
}

static void blend_rows(const uint8_t *a, const uint8_t *b, const uint8_t *c, const uint8_t *d,
                       unsigned width, uint8_t *restrict out)
{
    for (unsigned x = 0; x < width; x++) {
        out[x] = cubic_quarter(a[x], b[x], c[x], d[x]);
    }
}

bool image_double(const struct image *grey, struct image *ret_image)
{
    struct image wide = {0}, out = {0};
    bool ok = image_new(2UL * grey->width, grey->height, 1, &wide) == DECODE_OK &&
              image_new(2UL * grey->width, 2UL * grey->height, 1, &out) == DECODE_OK;
    for (unsigned y = 0; ok && y < grey->height; y++) {
        double_row(image_row(grey, y), grey->width, image_row(&wide, y));
    }
    for (unsigned y = 0; ok && y < grey->height; y++) {
        unsigned last = grey->height - 1;
        const uint8_t *here = image_row(&wide, y);
        const uint8_t *up = image_row(&wide, y > 0 ? y - 1 : 0);
        const uint8_t *far_up = image_row(&wide, y > 1 ? y - 2 : 0);
        const uint8_t *down = image_row(&wide, y + 1 <= last ? y + 1 : last);
        const uint8_t *far_down = image_row(&wide, y + 2 <= last ? y + 2 : last);
        blend_rows(down, here, up, far_up, out.width, image_row(&out, 2 * y));
        blend_rows(up, here, down, far_down, out.width, image_row(&out, 2 * y + 1));
    }
    image_free(&wide);
    if (!ok) {
        image_free(&out);
        return false;
    }
    *ret_image = out;
    return true;
}

/* How much darker than its surroundings a pixel must be: below it, paper texture turns black. */
enum { THRESHOLD_MARGIN = 6 };

/* Column sums of a window's rows are kept while the window moves down, a running sum moves right:
 * the cost does not depend on the window. */
static void threshold_row(const uint8_t *in, const uint32_t *column, unsigned width, unsigned half,
                          unsigned rows, uint8_t *out)
{
    uint32_t sum = 0;
    unsigned left = 0, right = 0;
    for (unsigned x = 0; x < width; x++) {
        for (; right < width && right <= x + half; right++) {
            sum += column[right];
        }
        for (; left + half < x; left++) {
            sum -= column[left];
        }
        uint32_t area = (right - left) * rows;
        out[x] = (in[x] + THRESHOLD_MARGIN) * area > sum ? 255 : 0;
    }
}

static void subtract_row(uint32_t *restrict column, const uint8_t *restrict row, unsigned width)
{
    for (unsigned x = 0; x < width; x++) {
        column[x] -= row[x];
    }
}

bool image_threshold(const struct image *grey, unsigned window, struct image *ret_image)
{
    struct image out = {0};
    uint32_t *column = calloc(grey->width, sizeof *column);
    if (column == NULL || image_new(grey->width, grey->height, 1, &out) != DECODE_OK) {
        free(column);
        return false;
    }
    unsigned half = window / 2, top = 0, bottom = 0;
    for (unsigned y = 0; y < grey->height; y++) {
        for (; bottom < grey->height && bottom <= y + half; bottom++) {
            add_row(column, image_row(grey, bottom), grey->width);
        }
        for (; top + half < y; top++) {
            subtract_row(column, image_row(grey, top), grey->width);
        }
        threshold_row(image_row(grey, y), column, grey->width, half, bottom - top,
                      image_row(&out, y));
    }
    free(column);
    *ret_image = out;
    return true;
}

void image_invert(struct image *grey)
{
    size_t size = image_stride(grey) * grey->height;
    for (size_t i = 0; i < size; i++) {
        grey->px[i] = (uint8_t)(255 - grey->px[i]);
    }
}

static void blur_row(uint8_t *row, unsigned width)
{
    unsigned before = row[0];
    for (unsigned x = 0; x < width; x++) {
        unsigned here = row[x];
        unsigned after = row[x + 1 < width ? x + 1 : x];
        row[x] = (uint8_t)((before + 2 * here + after + 2) / 4);
        before = here;
    }
}

/* `above` holds the unblurred row over this one and receives this one. */
static void blur_column(uint8_t *above, uint8_t *row, const uint8_t *below, unsigned width)
{
    for (unsigned x = 0; x < width; x++) {
        unsigned here = row[x];
        row[x] = (uint8_t)((above[x] + 2 * here + below[x] + 2) / 4);
        above[x] = (uint8_t)here;
    }
}

void image_blur(struct image *grey)
{
    uint8_t *above = malloc(grey->width);
    if (above == NULL) {
        return;
    }
    for (unsigned y = 0; y < grey->height; y++) {
        blur_row(image_row(grey, y), grey->width);
    }
    memcpy(above, grey->px, grey->width);
    for (unsigned y = 0; y < grey->height; y++) {
        unsigned next = y + 1 < grey->height ? y + 1 : y;
        blur_column(above, image_row(grey, y), image_row(grey, next), grey->width);
    }
    free(above);
}

/* Where the line y crosses the polygon: its leftmost and rightmost edge point. */
static bool polygon_span(const int (*corner)[2], unsigned count, int y, long *ret_x0, long *ret_x1)
{
    bool crosses = false;
    for (unsigned i = 0; i < count; i++) {
        const int *a = corner[i], *b = corner[(i + 1) % count];
        int low = a[1] < b[1] ? a[1] : b[1], high = a[1] < b[1] ? b[1] : a[1];
        if (y < low || y > high) {
            continue;
        }
        long xs[2] = {a[0], b[0]};
        if (a[1] != b[1]) {
            xs[0] = xs[1] = a[0] + (long)(b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]);
        }
        for (unsigned k = 0; k < 2; k++) {
            *ret_x0 = crosses && *ret_x0 < xs[k] ? *ret_x0 : xs[k];
            *ret_x1 = crosses && *ret_x1 > xs[k] ? *ret_x1 : xs[k];
            crosses = true;
        }
    }
    return crosses;
}

void image_wipe_polygon(struct image *grey, const int (*corner)[2], unsigned count)
{
    for (unsigned y = 0; y < grey->height; y++) {
        long x0 = 0, x1 = 0;
        if (!polygon_span(corner, count, (int)y, &x0, &x1)) {
            continue;
        }
        x0 = x0 < 0 ? 0 : x0;
        x1 = x1 >= (long)grey->width ? (long)grey->width - 1 : x1;
        if (x0 <= x1) {
            memset(image_row(grey, y) + x0, 0xff, (size_t)(x1 - x0 + 1));
        }
    }
}
