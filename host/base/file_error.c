/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes wrong with files: the kinds that matter to a person, and a phrase for each.
 */
#include "base/file.h"

#include <errno.h>

enum file_error file_error_of(int error_number)
{
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
        return FILE_MISSING;
    case EISDIR:
    case ENXIO: /* a socket */
        return FILE_NOT_REGULAR;
    case EEXIST:
        return FILE_EXISTS;
    case EACCES:
    case EPERM:
    case EROFS:
        return FILE_DENIED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return FILE_FULL;
    case ENOMEM:
        return FILE_SYSTEM;
    default:
        return FILE_IO;
    }
}

static const char *const phrase[] = {
    [FILE_OK] = "is fine",
    [FILE_MISSING] = "there is no such file; check the path",
    [FILE_DENIED] = "permission denied; check the owner and mode of the file and its folder",
    [FILE_NOT_REGULAR] = "is not a regular file; name a file, not a folder or device",
    [FILE_LINK] = "is a symbolic link and is not followed; put the file itself there",
    [FILE_FOLDER] = "is a folder, not a file; put the file itself there",
    [FILE_PIPE] = "is a pipe, not a file, and is not opened; put a regular file there",
    [FILE_SOCKET] = "is a socket, not a file, and is not opened; put a regular file there",
    [FILE_DEVICE] = "is a device, not a file, and is not opened; put a regular file there",
    [FILE_TOO_LARGE] = "is larger than this command reads; check that it is the right file",
    [FILE_EMPTY] = "is empty",
    [FILE_CHANGED] = "changed while it was read; let the copying end and try again",
    [FILE_EXISTS] = "exists already and is not overwritten",
    [FILE_FULL] = "could not be written: no space is left; free some and try again",
    [FILE_IO] = "could not be read or written; check the disk",
    [FILE_SYSTEM] = "memory ran out",
};

const char *file_error_text(enum file_error error)
{
    bool known = (size_t)error < sizeof phrase / sizeof phrase[0];
    return phrase[known ? error : FILE_IO];
}
