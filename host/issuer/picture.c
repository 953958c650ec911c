/* SPDX-License-Identifier: Apache-2.0
 *
 * The decoder's pixels, and a PNG file of them.
 */
#include "issuer/picture.h"

#include "devices/png_file.h"

enum decoder_error picture_of_page(const char *libexec_dir, struct span pdf, uint8_t **ret_png,
                                   size_t *ret_len)
{
    struct decoder_photo page;
    enum decoder_error error =
        decoder_page(libexec_dir, pdf, DECODE_PHOTO_SIDE_MAX, DECODE_PHOTO_SIDE_MAX, &page);
    if (error == DECODER_OK) {
        bool written =
            png_file_write(page.rgb, page.width, page.height, PNG_FILE_RGB, ret_png, ret_len);
        error = written ? DECODER_OK : DECODER_SYSTEM;
        decoder_photo_clear(&page);
    }
    return error;
}
