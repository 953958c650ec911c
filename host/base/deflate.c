/* SPDX-License-Identifier: Apache-2.0
 *
 * zlib streams in memory. Refuses to trust a declared size: it is a bound and is checked at the
 * end.
 */
#include "base/deflate.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define FIRST_ROOM 65536

/* Twice the room, up to one byte more than may come out: the byte that shows a stream is too long.
 */
static bool grow(uint8_t **bytes, size_t *room, size_t size)
{
    size_t wanted = *room == 0 ? FIRST_ROOM : *room * 2;
    if (wanted > size + 1) {
        wanted = size + 1;
    }
    uint8_t *larger = realloc(*bytes, wanted);
    if (larger == NULL) {
        return false;
    }
    *bytes = larger;
    *room = wanted;
    return true;
}

static enum deflate_error unpack(z_stream *z, size_t size, uint8_t **bytes)
{
    size_t room = 0, used = 0;
    int code = Z_OK;
    while (code == Z_OK && used <= size) {
        if (used == room && !grow(bytes, &room, size)) {
            return DEFLATE_SYSTEM;
        }
        z->next_out = *bytes + used;
        z->avail_out = (uInt)(room - used);
        code = inflate(z, Z_NO_FLUSH);
        used = room - z->avail_out;
    }
    if (code == Z_MEM_ERROR) {
        return DEFLATE_SYSTEM;
    }
    if (used > size) {
        return DEFLATE_SIZE;
    }
    if (code != Z_STREAM_END || z->avail_in != 0) {
        return DEFLATE_FORMAT;
    }
    return used == size ? DEFLATE_OK : DEFLATE_SIZE;
}

enum deflate_error deflate_unpack(struct span packed, size_t size, uint8_t **ret_bytes)
{
    /* zlib counts in unsigned int; nothing here comes near. */
    if (packed.len > INT_MAX || size >= INT_MAX) {
        return DEFLATE_SIZE;
    }
    z_stream z = {.next_in = (z_const Bytef *)packed.ptr, .avail_in = (uInt)packed.len};
    if (inflateInit(&z) != Z_OK) {
        return DEFLATE_SYSTEM;
    }
    uint8_t *bytes = NULL;
    enum deflate_error error = unpack(&z, size, &bytes);
    inflateEnd(&z);
    if (error != DEFLATE_OK) {
        free(bytes);
        return error;
    }
    *ret_bytes = bytes;
    return DEFLATE_OK;
}

enum deflate_error deflate_pack(struct span bytes, uint8_t **ret_bytes, size_t *ret_len)
{
    if (bytes.len > INT_MAX) {
        return DEFLATE_SIZE;
    }
    uLongf len = compressBound(bytes.len);
    uint8_t *packed = malloc(len);
    if (packed == NULL) {
        return DEFLATE_SYSTEM;
    }
    int code = compress2(packed, &len, bytes.len == 0 ? (const Bytef *)"" : bytes.ptr, bytes.len,
                         Z_BEST_COMPRESSION);
    if (code != Z_OK) {
        free(packed);
        return DEFLATE_SYSTEM;
    }
    *ret_bytes = packed;
    *ret_len = len;
    return DEFLATE_OK;
}
