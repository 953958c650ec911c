/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that knows zbar. QR alone: the other symbologies double the time, and one of them
 * had CVE-2023-40890. A scanner is made for each image, because a kept one grows with every code it
 * reads.
 */
#include "devices/decode/decode_zbar.h"

#include <limits.h>
#include <zbar.h>

static bool configure(zbar_image_scanner_t *scanner)
{
    zbar_image_scanner_request_dbus(scanner, 0);
    zbar_image_scanner_enable_cache(scanner, 0);
    return zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0) == 0 &&
           zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1) == 0 &&
           zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1) == 0;
}

static void report(const zbar_symbol_t *symbol, qr_found_fn *on_found, void *context)
{
    if (zbar_symbol_get_type(symbol) != ZBAR_QRCODE) {
        return;
    }
    struct qr_found found = {
        .text = span_of(zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol)),
    };
    bool placed = zbar_symbol_get_loc_size(symbol) == 4;
    for (unsigned i = 0; placed && i < 4; i++) {
        found.corner[i][0] = zbar_symbol_get_loc_x(symbol, i);
        found.corner[i][1] = zbar_symbol_get_loc_y(symbol, i);
    }
    if (found.text.len != 0 && found.text.len <= DECODE_TEXT_MAX) {
        on_found(context, &found);
    }
}

bool decode_zbar(const struct image *grey, qr_found_fn *on_found, void *context)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    bool ok = scanner != NULL && image != NULL && configure(scanner);
    if (ok) {
        zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
        zbar_image_set_size(image, grey->width, grey->height);
        zbar_image_set_data(image, grey->px, image_stride(grey) * grey->height, NULL);
        zbar_scan_image(scanner, image);
        const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
        for (; symbol != NULL; symbol = zbar_symbol_next(symbol)) {
            report(symbol, on_found, context);
        }
    }
    if (image != NULL) {
        zbar_image_destroy(image);
    }
    if (scanner != NULL) {
        zbar_image_scanner_destroy(scanner);
    }
    return ok;
}
