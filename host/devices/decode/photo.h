/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns a decoded RGB picture upright and makes it small enough to show.
 */
#ifndef DEVICES_PHOTO_H
#define DEVICES_PHOTO_H

#include "devices/decode/image.h"

/* A new RGB picture, at most max_width x max_height, never enlarged, proportions kept, turned as
 * its orientation says. The caller frees both; DECODE_OK, or DECODE_UNREADABLE without memory. */
enum decode_status photo_fit(const struct image *rgb, unsigned max_width, unsigned max_height,
                             struct image *ret_image);

#endif
