/* SPDX-License-Identifier: Apache-2.0
 *
 * Each pixel of the result is fetched from the source, weighed between four pixels.
 */
#include "devices/decode/warp.h"

struct place {
    double x, y;
};

static struct place source_of(const struct warp *w, double x, double y)
{
    static const double COSINE[WARP_DIRECTIONS] = {1, 0.7071, 0, -0.7071, -1, -0.7071, 0, 0.7071};
    double dx = COSINE[w->direction], dy = COSINE[(w->direction + 6) % WARP_DIRECTIONS];
    double half = (w->width > w->height ? w->width : w->height) / 2.0;
    double u = x / w->times - w->width / 2.0, v = y / w->times - w->height / 2.0;
    double along = (u * dx + v * dy) / half;
    /* sin(bend * along) / bend - along, by its series: a sine a pixel would cost more than the
     * reading. */
    double square = w->bend * w->bend * along * along;
    double shift = along * (square * square / 120 - square / 6) * half;
    double depth = 1 + w->lean * along;
    return (struct place){(u + shift * dx) / depth + w->width / 2.0,
                          (v + shift * dy) / depth + w->height / 2.0};
}

static uint8_t sample(const struct image *grey, struct place p)
{
    double fx = p.x - 0.5, fy = p.y - 0.5;
    if (!(fx >= 0 && fy >= 0 && fx < grey->width - 1 && fy < grey->height - 1)) {
        return 255;
    }
    unsigned x = (unsigned)fx, y = (unsigned)fy;
    unsigned ax = (unsigned)((fx - x) * 256), ay = (unsigned)((fy - y) * 256);
    const uint8_t *row = image_row(grey, y) + x, *next = row + grey->width;
    unsigned top = row[0] * (256 - ax) + row[1] * ax;
    unsigned bottom = next[0] * (256 - ax) + next[1] * ax;
    return (uint8_t)((top * (256 - ay) + bottom * ay + 32768) >> 16);
}

bool warp_image(const struct image *grey, const struct warp *warp, struct image *ret_image)
{
    struct image out;
    if (image_new((unsigned long)grey->width * warp->times,
                  (unsigned long)grey->height * warp->times, 1, &out) != DECODE_OK) {
        return false;
    }
    for (unsigned y = 0; y < out.height; y++) {
        uint8_t *row = image_row(&out, y);
        for (unsigned x = 0; x < out.width; x++) {
            row[x] = sample(grey, source_of(warp, x + 0.5, y + 0.5));
        }
    }
    *ret_image = out;
    return true;
}

void warp_back(const struct warp *warp, int *x, int *y)
{
    struct place p = source_of(warp, *x, *y);
    *x = (int)p.x;
    *y = (int)p.y;
}
