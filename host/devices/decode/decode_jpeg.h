/* SPDX-License-Identifier: Apache-2.0
 *
 * JPEG to pixels (ITU-T T.81), baseline and progressive, every colour space cameras and scanners
 * write.
 */
#ifndef DEVICES_DECODE_JPEG_H
#define DEVICES_DECODE_JPEG_H

#include "devices/decode/image.h"

/* channels is 1 (grey) or 3 (RGB). Above 12 Mpixel the image is reduced while it is decoded. A file
 * cut short gives what there was and a flat rest when grey, and is unreadable when RGB: a face must
 * be whole. DECODE_OK, DECODE_UNREADABLE or DECODE_TOO_LARGE; the caller frees the image. */
enum decode_status decode_jpeg(struct span file, unsigned channels, struct image *ret_image);

#endif
