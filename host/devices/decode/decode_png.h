/* SPDX-License-Identifier: Apache-2.0
 *
 * PNG to pixels (ISO/IEC 15948): every depth, colour type and interlace, alpha laid over white.
 */
#ifndef DEVICES_DECODE_PNG_H
#define DEVICES_DECODE_PNG_H

#include "devices/decode/image.h"

/* channels is 1 (grey) or 3 (RGB). DECODE_OK, DECODE_UNREADABLE or DECODE_TOO_LARGE; the caller
 * frees the image. A file that is cut short is unreadable. */
enum decode_status decode_png(struct span file, unsigned channels, struct image *ret_image);

#endif
