/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows the system's files; knows no format.
 */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum file_error of_errno(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return FILE_MISSING;
    case EACCES:
    case EPERM:
    case EROFS:
        return FILE_DENIED;
    case EISDIR:
        return FILE_NOT_REGULAR;
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

static enum file_error read_all(int fd, uint8_t *bytes, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = read(fd, bytes + done, len - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return of_errno(errno);
        }
        if (n == 0) {
            return FILE_IO; /* it shrank while it was read */
        }
        done += (size_t)n;
    }
    return FILE_OK;
}

enum file_error file_read(const char *path, size_t most, uint8_t **ret_bytes, size_t *ret_len)
{
    enum file_error error = FILE_IO;
    uint8_t *bytes = NULL;
    struct stat st;
    /* O_NONBLOCK: opening a FIFO must not hang; it has no effect on regular files. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) != 0) {
        error = of_errno(errno);
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        error = FILE_NOT_REGULAR;
        goto out;
    }
    if (st.st_size == 0 || (uint64_t)st.st_size > most) {
        error = st.st_size == 0 ? FILE_EMPTY : FILE_TOO_LARGE;
        goto out;
    }
    bytes = malloc((size_t)st.st_size);
    if (bytes == NULL) {
        error = FILE_SYSTEM;
        goto out;
    }
    error = read_all(fd, bytes, (size_t)st.st_size);
    if (error == FILE_OK) {
        *ret_bytes = bytes;
        *ret_len = (size_t)st.st_size;
        bytes = NULL;
    }
out:
    free(bytes);
    if (fd >= 0) {
        close(fd);
    }
    return error;
}

static enum file_error write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR) {
            return of_errno(errno);
        }
        if (n > 0) {
            bytes = span_of(bytes.ptr + n, bytes.len - (size_t)n);
        }
    }
    return fsync(fd) == 0 ? FILE_OK : of_errno(errno);
}

static enum file_error sync_folder(const char *path)
{
    char folder[PATH_MAX];
    int len = snprintf(folder, sizeof folder, "%s", path);
    if (len < 0 || (size_t)len >= sizeof folder) {
        return FILE_IO;
    }
    while (len > 0 && folder[len - 1] != '/') {
        len--;
    }
    folder[len] = '\0';
    int fd = open(len == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return of_errno(errno);
    }
    /* Some file systems cannot sync a folder; the rename is then as durable as it gets. */
    (void)fsync(fd);
    close(fd);
    return FILE_OK;
}

enum file_error file_write_atomic(const char *path, struct span bytes, unsigned mode)
{
    char temporary[PATH_MAX];
    int len = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof temporary) {
        return FILE_IO;
    }
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return of_errno(errno);
    }
    mode_t mask = umask(0);
    umask(mask);
    enum file_error error = fchmod(fd, (mode_t)mode & ~mask) == 0 ? FILE_OK : of_errno(errno);
    if (error == FILE_OK) {
        error = write_all(fd, bytes);
    }
    if (close(fd) != 0 && error == FILE_OK) {
        error = of_errno(errno);
    }
    if (error == FILE_OK && rename(temporary, path) != 0) {
        error = of_errno(errno);
    }
    if (error != FILE_OK) {
        unlink(temporary);
        return error;
    }
    return sync_folder(path);
}

const char *file_error_text(enum file_error error)
{
    switch (error) {
    case FILE_OK:
        return "is fine";
    case FILE_MISSING:
        return "there is no such file; check the path";
    case FILE_DENIED:
        return "permission denied; check the file's owner and mode";
    case FILE_NOT_REGULAR:
        return "is not a regular file; name a file, not a folder or device";
    case FILE_TOO_LARGE:
        return "is larger than this command reads";
    case FILE_EMPTY:
        return "is empty";
    case FILE_FULL:
        return "could not be written: no space is left; free some and try again";
    case FILE_SYSTEM:
        return "memory ran out";
    case FILE_IO:
        break;
    }
    return "could not be read or written; check the disk";
}
