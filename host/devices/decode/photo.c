/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass: each pixel of the result is the mean of the source rectangle it covers, fetched through
 * the orientation, so that no turned copy of the large picture is ever made.
 */
#include "devices/decode/photo.h"

/* Upright coordinates to stored ones (EXIF 2.32, tag 0x0112; 5 to 8 exchange the axes). */
struct turn {
    bool swap, flip_x, flip_y;
};

static struct turn turn_of(unsigned orientation)
{
    static const struct turn TURNS[9] = {
        [1] = {false, false, false}, [2] = {false, true, false}, [3] = {false, true, true},
        [4] = {false, false, true},  [5] = {true, false, false}, [6] = {true, false, true},
        [7] = {true, true, true},    [8] = {true, true, false},
    };
    return TURNS[orientation <= 8 ? orientation : 1];
}

static const uint8_t *upright_pixel(const struct image *rgb, struct turn turn, unsigned x,
                                    unsigned y)
{
    unsigned sx = turn.swap ? y : x, sy = turn.swap ? x : y;
    sx = turn.flip_x ? rgb->width - 1 - sx : sx;
    sy = turn.flip_y ? rgb->height - 1 - sy : sy;
    return image_row(rgb, sy) + 3 * (size_t)sx;
}

static void mean_of(const struct image *rgb, struct turn turn, struct box box, uint8_t out[3])
{
    uint64_t sum[3] = {0, 0, 0}, count = 0;
    for (unsigned y = box.y0; y < box.y1; y++) {
        for (unsigned x = box.x0; x < box.x1; x++, count++) {
            const uint8_t *p = upright_pixel(rgb, turn, x, y);
            for (unsigned k = 0; k < 3; k++) {
                sum[k] += p[k];
            }
        }
    }
    for (unsigned k = 0; k < 3 && count > 0; k++) {
        out[k] = (uint8_t)((sum[k] + count / 2) / count);
    }
}

/* The part [i, i + 1) of `parts` equal parts of `side` pixels; parts <= side, so none is empty. */
static unsigned part_start(unsigned side, unsigned parts, unsigned i)
{
    return (unsigned)((uint64_t)side * i / parts);
}

/* side * num / den, at least one pixel. */
static unsigned scaled(unsigned side, unsigned num, unsigned den)
{
    unsigned value = (unsigned)((uint64_t)side * num / den);
    return value == 0 ? 1 : value;
}

enum decode_status photo_fit(const struct image *rgb, unsigned max_width, unsigned max_height,
                             struct image *ret_image)
{
    struct turn turn = turn_of(rgb->orientation);
    unsigned full_width = turn.swap ? rgb->height : rgb->width;
    unsigned full_height = turn.swap ? rgb->width : rgb->height;
    unsigned width = full_width, height = full_height;
    if (width > max_width) {
        height = scaled(full_height, max_width, full_width);
        width = max_width;
    }
    if (height > max_height) {
        width = scaled(full_width, max_height, full_height);
        height = max_height;
    }
    struct image out;
    enum decode_status status = image_new(width, height, 3, &out);
    if (status != DECODE_OK) {
        return status;
    }
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++) {
            struct box box = {part_start(full_width, width, x), part_start(full_height, height, y),
                              part_start(full_width, width, x + 1),
                              part_start(full_height, height, y + 1)};
            mean_of(rgb, turn, box, image_row(&out, y) + 3 * (size_t)x);
        }
    }
    *ret_image = out;
    return DECODE_OK;
}
