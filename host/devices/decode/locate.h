/* SPDX-License-Identifier: Apache-2.0
 *
 * Guesses where in a grey image a QR code may be, so that the costly stages look only there.
 * It reads nothing; a wrong guess costs time, a missed one is made good by looking at the whole
 * frame.
 */
#ifndef DEVICES_LOCATE_H
#define DEVICES_LOCATE_H

#include "devices/decode/image.h"

enum { LOCATE_MAX = 6 };

/* Up to LOCATE_MAX padded boxes inside the image, the most promising first; how many. `block` is
 * the grain in pixels: a code should be at least six blocks wide. */
unsigned locate_codes(const struct image *grey, unsigned block, struct box ret_boxes[LOCATE_MAX]);

#endif
