/* SPDX-License-Identifier: Apache-2.0
 *
 * One zlib stream (RFC 1950) of unknown length into a buffer of known length: codes of other
 * makers. Certificates take codec/qr_text.h, list files take base/deflate.h.
 */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum inflate_error {
    INFLATE_OK = 0,
    INFLATE_FORMAT,     /* damaged, cut off, or followed by other bytes */
    INFLATE_DICTIONARY, /* needs a preset dictionary */
    INFLATE_TOO_LARGE,  /* more than fits in the buffer */
    INFLATE_SYSTEM,     /* memory */
};

/* Fills `room` with what the stream holds and tells how much that is; on failure what stands in
 * `room` means nothing. */
MUST_USE enum inflate_error inflate_bytes(struct span packed, uint8_t *room, size_t cap,
                                          size_t *ret_len);

/* Whether the first two bytes are a zlib header, its check bits included. */
bool inflate_is_zlib(struct span packed);

#endif
