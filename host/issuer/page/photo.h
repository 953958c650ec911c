/* SPDX-License-Identifier: Apache-2.0
 *
 * The holder's photo as the JPEG file it came in. Looks at the frame header only, so that the file
 * can be put on the page unchanged; it never decodes pixels.
 */
#ifndef PAGE_PHOTO_H
#define PAGE_PHOTO_H

#include "refusal.h"
#include "wire/bytes.h"

struct photo {
    uint8_t *jpeg; /* owned (malloc); NULL when there is no photo */
    size_t len;
    int width, height; /* pixels */
};

/* Standard base64 (RFC 4648 §4, with padding, no line ends) of a JPEG with 8-bit grey or colour
 * samples whose frame is width x height. False, with a refusal, on anything else. */
bool photo_decode(struct span base64, int width, int height, struct photo *ret_photo,
                  struct refusal *refusal);

void photo_free(struct photo *photo);

#endif
