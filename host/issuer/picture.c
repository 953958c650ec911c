/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes pixels as PNG by libpng's simplified interface; never reads one.
 */
#include "issuer/picture.h"

#include <png.h>
#include <stdlib.h>

static enum decoder_error write_png(const struct decoder_photo *page, uint8_t **ret_png,
                                    size_t *ret_len)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = page->width,
                       .height = page->height,
                       .format = PNG_FORMAT_RGB};
    png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *png = malloc(len);
    if (png == NULL || png_image_write_to_memory(&image, png, &len, 0, page->rgb, 0, NULL) == 0) {
        free(png);
        return DECODER_SYSTEM;
    }
    *ret_png = png;
    *ret_len = len;
    return DECODER_OK;
}

enum decoder_error picture_of_page(const char *libexec_dir, struct span pdf, uint8_t **ret_png,
                                   size_t *ret_len)
{
    struct decoder_photo page;
    enum decoder_error error =
        decoder_page(libexec_dir, pdf, DECODE_PHOTO_SIDE_MAX, DECODE_PHOTO_SIDE_MAX, &page);
    if (error == DECODER_OK) {
        error = write_png(&page, ret_png, ret_len);
        decoder_photo_clear(&page);
    }
    return error;
}
