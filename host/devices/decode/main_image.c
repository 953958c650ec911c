/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-decode: QR texts, or the pixels of a photo, out of PNG, JPEG and WebP files.
 * PDF has a program of its own, because loading its renderer takes four times as long as all of
 * this.
 */
#include "devices/decode/decode_jpeg.h"
#include "devices/decode/decode_png.h"
#include "devices/decode/decode_webp.h"
#include "devices/decode/file_kind.h"
#include "devices/decode/program.h"
#include "devices/decode/scan.h"

enum { IMAGE_BUDGET_MS = 500 };

static enum decode_status decode(struct span file, unsigned channels, struct image *ret_image)
{
    switch (file_kind_of(file)) {
    case FILE_KIND_PNG:
        return decode_png(file, channels, ret_image);
    case FILE_KIND_JPEG:
        return decode_jpeg(file, channels, ret_image);
    case FILE_KIND_WEBP:
        return decode_webp(file, channels, ret_image);
    default:
        return DECODE_UNSUPPORTED;
    }
}

static enum decode_status codes(struct span file, struct code_list *list)
{
    struct image grey = {0};
    enum decode_status status = decode(file, 1, &grey);
    if (status == DECODE_OK) {
        list->pages = 1;
        list->pages_seen = 1;
        scan_page(&grey, 1, SCAN_THOROUGH, IMAGE_BUDGET_MS, list);
    }
    image_free(&grey);
    return status;
}

static enum decode_status photo(struct span file, struct image *ret_rgb)
{
    return decode(file, 3, ret_rgb);
}

int main(int argc, char **argv)
{
    static const struct program PROGRAM = {.codes = codes, .photo = photo};
    return program_main(&PROGRAM, argc, argv);
}
