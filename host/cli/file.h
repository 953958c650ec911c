/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading files whole within a limit, and writing them so that a reader sees the old or the new
 * one.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "base/must_use.h"
#include "wire/bytes.h"

enum file_error {
    FILE_OK = 0,
    FILE_MISSING,
    FILE_DENIED,
    FILE_NOT_REGULAR, /* a folder, device, socket or pipe */
    FILE_TOO_LARGE,
    FILE_EMPTY,
    FILE_FULL, /* no space left */
    FILE_IO,
    FILE_SYSTEM, /* memory */
};

/* Reads a regular file of 1 to `most` bytes; the caller frees *ret_bytes with free(). */
MUST_USE enum file_error file_read(const char *path, size_t most, uint8_t **ret_bytes,
                                   size_t *ret_len);

/* Writes to a temporary file beside it, syncs, renames, syncs the folder. */
MUST_USE enum file_error file_write_atomic(const char *path, struct span bytes, unsigned mode);

/* A phrase that fits "PATH: PHRASE", with the remedy. */
const char *file_error_text(enum file_error error);

#endif
