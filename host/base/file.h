/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole files in and out: reading with an upper bound, writing so that a power cut leaves the old
 * file or the new one, never half of either. Knows nothing about what is in them.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum file_error {
    FILE_OK = 0,
    FILE_MISSING,     /* no such file or folder */
    FILE_DENIED,      /* not allowed to read or to write here */
    FILE_NOT_REGULAR, /* a folder, device, socket or pipe */
    FILE_LINK,        /* file_read_in says what exactly is in the file's place */
    FILE_FOLDER,
    FILE_PIPE,
    FILE_SOCKET,
    FILE_DEVICE,
    FILE_TOO_LARGE, /* longer than the caller's limit */
    FILE_EMPTY,
    FILE_CHANGED, /* grew, shrank or was replaced while it was read */
    FILE_EXISTS,  /* would overwrite */
    FILE_FULL,    /* no space left */
    FILE_IO,      /* reading or writing failed */
    FILE_SYSTEM,  /* memory */
};

/* Reads a regular file of 1 to `most` bytes. The caller frees *ret_bytes with free(); one NUL
 * stands behind the last byte and does not count. */
MUST_USE enum file_error file_read(const char *path, size_t most, uint8_t **ret_bytes,
                                   size_t *ret_len);

/* The same for one name in a folder that somebody else has filled, a memory stick: a symbolic link
 * is not followed, only a regular file is ever opened, and nothing else in the folder is looked at.
 * `folder` itself may be a link. */
MUST_USE enum file_error file_read_in(const char *folder, const char *name, size_t most,
                                      uint8_t **ret_bytes, size_t *ret_len);

/* Puts the bytes at `path`, replacing what is there: a temporary file beside it, synced, then
 * renamed, and the folder synced. `mode` as for open(2). */
MUST_USE enum file_error file_write_atomic(const char *path, struct span bytes, unsigned mode);

/* The same, but answers FILE_EXISTS instead of replacing. */
MUST_USE enum file_error file_write_new(const char *path, struct span bytes, unsigned mode);

/* Renames within one file system and syncs both folders; replaces `to`. */
MUST_USE enum file_error file_move(const char *from, const char *to);

/* Makes a folder; one that is there already is FILE_OK. */
MUST_USE enum file_error file_make_folder(const char *path, unsigned mode);

/* Removes what ended processes left in a folder when they were stopped while they wrote: regular
 * files NAME.PID.tmp of the functions above, where `is_ours` knows NAME. One of a process that
 * lives is left alone for an hour. FILE_OK when nothing of that kind is left but those;
 * callers that clean up by the way may pass over the rest. */
enum file_error file_remove_leftovers(const char *folder, bool (*is_ours)(struct span name));

bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* The kind of an errno. */
enum file_error file_error_of(int error_number);

/* One phrase that fits "PATH: PHRASE". */
const char *file_error_text(enum file_error error);

#endif
