/* SPDX-License-Identifier: Apache-2.0
 *
 * The one EXIF field that matters to a photo on a screen: which way is up.
 */
#ifndef DEVICES_EXIF_H
#define DEVICES_EXIF_H

#include "wire/bytes.h"

/* exif: a TIFF header and its directories (EXIF 2.32, 4.5), with or without "Exif\0\0" before it.
 * 1 to 8 as tag 0x0112 says; 1 when it is absent or anything is odd. */
unsigned exif_orientation(struct span exif);

#endif
