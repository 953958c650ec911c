/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as people and JSON read them: two hexadecimal digits each, in lower case.
 */
#ifndef CODEC_HEX_H
#define CODEC_HEX_H

#include "wire/bytes.h"

/* Of the text of that many bytes, NUL included. */
#define HEX_SIZE(bytes) (2 * (size_t)(bytes) + 1)

/* ret_hex has room for HEX_SIZE(bytes.len). Returns it. */
static inline char *hex_write(struct span bytes, char *ret_hex)
{
    for (size_t i = 0; i < bytes.len; i++) {
        ret_hex[2 * i] = "0123456789abcdef"[bytes.ptr[i] >> 4];
        ret_hex[2 * i + 1] = "0123456789abcdef"[bytes.ptr[i] & 15];
    }
    ret_hex[2 * bytes.len] = '\0';
    return ret_hex;
}

#endif
