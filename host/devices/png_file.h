/* SPDX-License-Identifier: Apache-2.0
 *
 * Pixels as the bytes of a PNG file. Never reads one: foreign pictures are the decoder's.
 */
#ifndef DEVICES_PNG_FILE_H
#define DEVICES_PNG_FILE_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum png_file_colour { PNG_FILE_GREY, PNG_FILE_RGB };

/* width x height pixels of 1 or 3 bytes, row by row. The file is allocated; free with free(). False
 * when there was no memory for it. */
MUST_USE bool png_file_write(const uint8_t *pixels, unsigned width, unsigned height,
                             enum png_file_colour colour, uint8_t **ret_png, size_t *ret_len);

#endif
