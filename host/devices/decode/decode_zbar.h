/* SPDX-License-Identifier: Apache-2.0
 *
 * Finds the QR codes in one grey image as it stands. It improves nothing and tries nothing twice:
 * that is the scanner's business (scan.h).
 */
#ifndef DEVICES_DECODE_ZBAR_H
#define DEVICES_DECODE_ZBAR_H

#include "devices/decode/image.h"

/* One code. The text may hold any bytes and is valid during the call only; the corners are in
 * pixels of the image, in turning order. */
struct qr_found {
    struct span text;
    int corner[4][2];
};

typedef void qr_found_fn(void *context, const struct qr_found *found);

/* Calls `on_found` for each complete code; false when the scanner could not be made. Parts of a
 * structured append sequence are not codes here (ISO/IEC 18004, 8). */
bool decode_zbar(const struct image *grey, qr_found_fn *on_found, void *context);

#endif
