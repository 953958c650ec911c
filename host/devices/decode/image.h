/* SPDX-License-Identifier: Apache-2.0
 *
 * Pixels in memory: one byte a sample, rows packed, 1 channel (grey), 3 (RGB) or 4 (whatever a
 * renderer wants). And the few whole-image operations the scanner needs. It knows no file format;
 * every size is checked before it is allocated.
 */
#ifndef DEVICES_DECODE_IMAGE_H
#define DEVICES_DECODE_IMAGE_H

#include "devices/decode/decode_result.h"
#include "wire/bytes.h"

struct image {
    unsigned width, height; /* pixels, both at least 1 once allocated */
    unsigned channels;      /* 1, 3 or 4 */
    unsigned orientation;   /* EXIF 2.32, tag 0x0112: 1 to 8; 1 when the file says nothing */
    uint8_t *px;            /* owned; width * channels bytes a row, no padding */
};

/* A rectangle of pixels: x0 <= x < x1, y0 <= y < y1. */
struct box {
    unsigned x0, y0, x1, y1;
};

/* True when an image of these sides is within DECODE_SIDE_MAX and DECODE_PIXELS_MAX. */
bool image_size_ok(unsigned long width, unsigned long height);

/* Allocates; the pixels are white, so that a file that ends early leaves blank paper behind.
 * DECODE_OK, DECODE_UNREADABLE (a side is 0 or there is no memory) or DECODE_TOO_LARGE. The caller
 * frees. */
enum decode_status image_new(unsigned long width, unsigned long height, unsigned channels,
                             struct image *ret_image);
void image_free(struct image *image);

static inline size_t image_stride(const struct image *image)
{
    return (size_t)image->width * image->channels;
}

static inline uint8_t *image_row(const struct image *image, unsigned y)
{
    return image->px + image_stride(image) * y;
}

/* ITU-R BT.601 luma in 8-bit fixed point. */
static inline uint8_t luma(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((77 * r + 150 * g + 29 * b + 128) >> 8);
}

/* One row of RGBA into a row of `image`, laid over white. */
void image_put_rgba_row(const struct image *image, unsigned y, const uint8_t *rgba);

/* Each gives a new grey image; false when there is no memory (or it would be beyond the limits). */
bool image_crop(const struct image *grey, struct box box, struct image *ret_image);
bool image_reduce(const struct image *grey, unsigned factor, struct image *ret_image);
bool image_double(const struct image *grey, struct image *ret_image); /* cubic, both ways x2 */
bool image_threshold(const struct image *grey, unsigned window, struct image *ret_image);

/* In place. */
void image_invert(struct image *grey);
void image_blur(struct image *grey); /* 1-2-1 both ways */
/* Paints the inside of a convex polygon of `count` corners (x, y pairs, any order of turning)
 * white. */
void image_wipe_polygon(struct image *grey, const int (*corner)[2], unsigned count);

#endif
