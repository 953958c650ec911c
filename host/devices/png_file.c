/* SPDX-License-Identifier: Apache-2.0
 *
 * By libpng's simplified interface.
 */
#include "devices/png_file.h"

#include <png.h>
#include <stdlib.h>

bool png_file_write(const uint8_t *pixels, unsigned width, unsigned height,
                    enum png_file_colour colour, uint8_t **ret_png, size_t *ret_len)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = width,
                       .height = height,
                       .format = colour == PNG_FILE_RGB ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
    png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *png = malloc(len);
    if (png == NULL || png_image_write_to_memory(&image, png, &len, 0, pixels, 0, NULL) == 0) {
        free(png);
        return false;
    }
    *ret_png = png;
    *ret_len = len;
    return true;
}
