/* SPDX-License-Identifier: Apache-2.0
 *
 * One call of inflate() with a fixed buffer: what does not fit is refused, however well it is
 * compressed.
 */
#include "base/inflate.h"

#include <limits.h>
#include <zlib.h>

bool inflate_is_zlib(struct span packed)
{
    return packed.len >= 2 && (packed.ptr[0] & 0x0F) == Z_DEFLATED &&
           (packed.ptr[0] * 256 + packed.ptr[1]) % 31 == 0;
}

static enum inflate_error answer(const z_stream *z, int result)
{
    if (result == Z_STREAM_END) {
        return z->avail_in == 0 ? INFLATE_OK : INFLATE_FORMAT;
    }
    if (result == Z_NEED_DICT) {
        return INFLATE_DICTIONARY;
    }
    if (result == Z_MEM_ERROR) {
        return INFLATE_SYSTEM;
    }
    return z->avail_out == 0 ? INFLATE_TOO_LARGE : INFLATE_FORMAT;
}

enum inflate_error inflate_bytes(struct span packed, uint8_t *room, size_t cap, size_t *ret_len)
{
    if (packed.len > INT_MAX || cap > INT_MAX) {
        return INFLATE_TOO_LARGE;
    }
    z_stream z = {.next_in = (z_const Bytef *)packed.ptr,
                  .avail_in = (uInt)packed.len,
                  .next_out = room,
                  .avail_out = (uInt)cap};
    if (inflateInit(&z) != Z_OK) {
        return INFLATE_SYSTEM;
    }
    enum inflate_error error = answer(&z, inflate(&z, Z_FINISH));
    inflateEnd(&z);
    if (error == INFLATE_OK) {
        *ret_len = z.total_out;
    }
    return error;
}
