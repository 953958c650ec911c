/* SPDX-License-Identifier: Apache-2.0
 *
 * Undoes a guessed perspective or curl: the QR reader bears little of either in a large code, but
 * does not mind a wrong guess, so a few fixed ones go a long way.
 */
#ifndef DEVICES_DECODE_WARP_H
#define DEVICES_DECODE_WARP_H

#include "devices/decode/image.h"

enum { WARP_DIRECTIONS = 8 }; /* eighths of a turn; a bend is the same at d and d + 4 */

/* Lengths are measured from the centre, in halves of the source's longer side. */
struct warp {
    unsigned width, height; /* of the source */
    unsigned direction;     /* 0 to WARP_DIRECTIONS - 1 */
    double lean;    /* perspective: what lies that way shrinks by 1 + lean, the other way grows */
    double bend;    /* curl: what is seen at d lay at sin(bend * d) / bend before */
    unsigned times; /* result pixels a source pixel */
};

/* A new grey image, `times` as large; what lies outside the source is white. False without memory.
 */
bool warp_image(const struct image *grey, const struct warp *warp, struct image *ret_image);

/* A place in the result to the place in the source that it shows. */
void warp_back(const struct warp *warp, int *x, int *y);

#endif
