/* SPDX-License-Identifier: Apache-2.0
 *
 * A page as a picture: the first page of a PDF, drawn in the sandbox of devices/decoder.h, as a PNG
 * file.
 */
#ifndef ISSUER_PICTURE_H
#define ISSUER_PICTURE_H

#include "devices/decoder.h"

/* The PNG is allocated; free with free(). decoder_error_text tells what a failure means. */
MUST_USE enum decoder_error picture_of_page(const char *libexec_dir, struct span pdf,
                                            uint8_t **ret_png, size_t *ret_len);

#endif
