/* SPDX-License-Identifier: Apache-2.0
 *
 * Base45 (RFC 9285).
 */
#ifndef CODEC_BASE45_H
#define CODEC_BASE45_H

#include "wire/bytes.h"

#define BASE45_ENCODED_SIZE(bytes) ((bytes) / 2 * 3 + (bytes) % 2 * 2)

/* False when a character is outside the alphabet, a group exceeds its range, the length is
 * impossible, or the result does not fit in `w`. */
bool base45_decode(struct span text, struct writer *w);

void base45_encode(struct span bytes, struct writer *w);

#endif
