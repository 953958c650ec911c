/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading whole files, by a path that somebody named and by a fixed name in a foreign folder.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads to the end of the file, or until `cap` bytes are there. */
static enum file_error read_up_to(int fd, uint8_t *bytes, size_t cap, size_t *ret_len)
{
    size_t len = 0;
    while (len < cap) {
        ssize_t got = read(fd, bytes + len, cap - len);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return file_error_of(errno);
        }
        len += got > 0 ? (size_t)got : 0;
    }
    *ret_len = len;
    return FILE_OK;
}

static enum file_error read_open(int fd, size_t most, uint8_t **ret_bytes, size_t *ret_len)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return file_error_of(errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return FILE_NOT_REGULAR;
    }
    if (st.st_size == 0 || (uintmax_t)st.st_size > most) {
        return st.st_size == 0 ? FILE_EMPTY : FILE_TOO_LARGE;
    }
    /* One byte more than the size: a file that grows meanwhile is seen to be longer. */
    size_t cap = (size_t)st.st_size + 1;
    uint8_t *bytes = malloc(cap + 1);
    if (bytes == NULL) {
        return FILE_SYSTEM;
    }
    size_t len = 0;
    enum file_error error = read_up_to(fd, bytes, cap, &len);
    if (error == FILE_OK && len + 1 != cap) {
        error = FILE_CHANGED;
    }
    if (error != FILE_OK) {
        free(bytes);
        return error;
    }
    bytes[len] = '\0';
    *ret_bytes = bytes;
    *ret_len = len;
    return FILE_OK;
}

enum file_error file_read(const char *path, size_t most, uint8_t **ret_bytes, size_t *ret_len)
{
    /* O_NONBLOCK: a FIFO in the file's place must not hang the program. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return file_error_of(errno);
    }
    enum file_error error = read_open(fd, most, ret_bytes, ret_len);
    (void)close(fd);
    return error;
}

/* --- a fixed name in a folder of somebody else --- */

/* Why something is no file to read; FILE_OK when it is one. */
static enum file_error refuse_kind(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return FILE_OK;
    case S_IFLNK:
        return FILE_LINK;
    case S_IFDIR:
        return FILE_FOLDER;
    case S_IFIFO:
        return FILE_PIPE;
    case S_IFSOCK:
        return FILE_SOCKET;
    default:
        return FILE_DEVICE;
    }
}

/* Looks before it opens, for opening alone moves some devices; then makes sure that what it opened
 * is what it saw. */
static enum file_error read_named(int folder, const char *name, size_t most, uint8_t **ret_bytes,
                                  size_t *ret_len)
{
    struct stat seen, opened;
    if (fstatat(folder, name, &seen, AT_SYMLINK_NOFOLLOW) != 0) {
        return file_error_of(errno);
    }
    enum file_error error = refuse_kind(seen.st_mode);
    if (error != FILE_OK) {
        return error;
    }
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return errno == ELOOP ? FILE_LINK : file_error_of(errno);
    }
    bool same =
        fstat(fd, &opened) == 0 && opened.st_dev == seen.st_dev && opened.st_ino == seen.st_ino;
    error = same ? read_open(fd, most, ret_bytes, ret_len) : FILE_CHANGED;
    (void)close(fd);
    return error;
}

enum file_error file_read_in(const char *folder, const char *name, size_t most, uint8_t **ret_bytes,
                             size_t *ret_len)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return file_error_of(errno);
    }
    enum file_error error = read_named(fd, name, most, ret_bytes, ret_len);
    (void)close(fd);
    return error;
}

bool file_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
