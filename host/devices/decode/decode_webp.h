/* SPDX-License-Identifier: Apache-2.0
 *
 * WebP to pixels (RFC 9649), lossy and lossless, alpha laid over white. Animations are unsupported.
 */
#ifndef DEVICES_DECODE_WEBP_H
#define DEVICES_DECODE_WEBP_H

#include "devices/decode/image.h"

/* channels is 1 (grey) or 3 (RGB). DECODE_OK, DECODE_UNREADABLE, DECODE_UNSUPPORTED or
 * DECODE_TOO_LARGE; the caller frees the image. A file that is cut short is unreadable. */
enum decode_status decode_webp(struct span file, unsigned channels, struct image *ret_image);

#endif
