/* SPDX-License-Identifier: Apache-2.0
 *
 * zlib streams (RFC 1950) in memory, between two buffers. Knows the bound it was given and nothing
 * of the content.
 */
#ifndef BASE_DEFLATE_H
#define BASE_DEFLATE_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum deflate_error {
    DEFLATE_OK = 0,
    DEFLATE_FORMAT, /* not one zlib stream, or bytes after its end */
    DEFLATE_SIZE,   /* does not unpack to exactly the size that was told */
    DEFLATE_SYSTEM, /* memory */
};

/* Unpacks to exactly `size` bytes. Memory grows with what really comes out, so that a lying size
 * costs nothing; the caller bounds `size`. The caller frees *ret_bytes with free(). */
MUST_USE enum deflate_error deflate_unpack(struct span packed, size_t size, uint8_t **ret_bytes);

/* Packs as small as zlib can. The caller frees *ret_bytes with free(). */
MUST_USE enum deflate_error deflate_pack(struct span bytes, uint8_t **ret_bytes, size_t *ret_len);

#endif
