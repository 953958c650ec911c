/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys of AES in files: 32, 48 or 64 hexadecimal digits, at most one end of line (LF or CR LF)
 * behind them, and nothing else. Knows neither whose keys they are nor what they open.
 */
#ifndef BASE_KEY_FILE_H
#define BASE_KEY_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "wire/must_use.h"

enum { KEY_FILE_MAX = 32 /* bytes of a key */ };

enum key_file_error {
    KEY_FILE_OK = 0,
    KEY_FILE_MISSING,  /* there is no such file */
    KEY_FILE_UNREAD,   /* it cannot be opened or read, or is no regular file */
    KEY_FILE_EXPOSED,  /* its group or others may read or write it: mode 0600 is demanded */
    KEY_FILE_BAD_FORM, /* it holds something else than such a key */
};

/* *ret_len is 16, 24 or 32. The caller wipes the key; no other copy of it stays in memory. */
MUST_USE enum key_file_error key_file_read(const char *path, uint8_t ret_key[KEY_FILE_MAX],
                                           size_t *ret_len);

#endif
