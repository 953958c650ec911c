/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole files out over POSIX calls, and what an interrupted program left.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static enum file_error error_of_errno(void)
{
    return file_error_of(errno);
}

/* The folder a path lies in: "." when it has no slash. */
static bool folder_of(const char *path, char ret_folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    if (len >= PATH_MAX) {
        return false;
    }
    memcpy(ret_folder, slash == NULL ? "." : path, len);
    ret_folder[len] = '\0';
    return true;
}

/* A new name lasts only once its folder is on disk too. */
static enum file_error sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    if (!folder_of(path, folder)) {
        return FILE_IO;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return error_of_errno();
    }
    /* Some file systems cannot sync a folder; the rename is then as durable as it gets. */
    (void)fsync(fd);
    (void)close(fd);
    return FILE_OK;
}

static enum file_error write_all(int fd, struct span bytes)
{
    while (bytes.len != 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR) {
            return error_of_errno();
        }
        if (put > 0) {
            bytes = span_of(bytes.ptr + put, bytes.len - (size_t)put);
        }
    }
    return FILE_OK;
}

/* Writes, syncs and closes; the file is not left behind when that fails. */
static enum file_error fill(int fd, const char *path, struct span bytes)
{
    enum file_error error = write_all(fd, bytes);
    if (error == FILE_OK && fsync(fd) != 0) {
        error = error_of_errno();
    }
    if (close(fd) != 0 && error == FILE_OK) {
        error = error_of_errno();
    }
    if (error != FILE_OK) {
        (void)unlink(path);
    }
    return error;
}

#define TEMPORARY_ENDING ".tmp"

/* `path` with the process's number behind it; made anew each time. */
static enum file_error write_temporary(const char *path, struct span bytes, unsigned mode,
                                       char ret_temporary[PATH_MAX])
{
    int len = snprintf(ret_temporary, PATH_MAX, "%s.%ld" TEMPORARY_ENDING, path, (long)getpid());
    if (len < 0 || len >= PATH_MAX) {
        return FILE_IO;
    }
    (void)unlink(ret_temporary); /* of an earlier process with our number */
    int fd =
        open(ret_temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    if (fd < 0) {
        return error_of_errno();
    }
    return fill(fd, ret_temporary, bytes);
}

enum file_error file_write_atomic(const char *path, struct span bytes, unsigned mode)
{
    char temporary[PATH_MAX];
    enum file_error error = write_temporary(path, bytes, mode, temporary);
    if (error != FILE_OK) {
        return error;
    }
    if (rename(temporary, path) != 0) {
        error = error_of_errno();
        (void)unlink(temporary);
        return error;
    }
    return sync_folder_of(path);
}

enum file_error file_write_new(const char *path, struct span bytes, unsigned mode)
{
    char temporary[PATH_MAX];
    enum file_error error = write_temporary(path, bytes, mode, temporary);
    if (error != FILE_OK) {
        return error;
    }
    /* Unlike link() this works on memory sticks too. */
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) != 0) {
        error = error_of_errno();
        (void)unlink(temporary);
        return error;
    }
    return sync_folder_of(path);
}

enum file_error file_move(const char *from, const char *to)
{
    if (rename(from, to) != 0) {
        return error_of_errno();
    }
    enum file_error error = sync_folder_of(to);
    return error == FILE_OK ? sync_folder_of(from) : error;
}

enum file_error file_make_folder(const char *path, unsigned mode)
{
    struct stat st;
    if (mkdir(path, (mode_t)mode) == 0) {
        return sync_folder_of(path);
    }
    if (errno != EEXIST) {
        return error_of_errno();
    }
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? FILE_OK : FILE_EXISTS;
}

/* --- what was left --- */

#define STILL_WRITING_S 3600

/* Splits "NAME.PID.tmp". */
static bool parse_temporary(const char *file, struct span *ret_name, pid_t *ret_pid)
{
    size_t len = strlen(file);
    size_t ending = sizeof TEMPORARY_ENDING - 1;
    if (len <= ending || strcmp(file + len - ending, TEMPORARY_ENDING) != 0) {
        return false;
    }
    size_t end = len - ending;
    size_t at = end;
    int64_t pid = 0;
    int64_t unit = 1;
    for (; at != 0 && file[at - 1] >= '0' && file[at - 1] <= '9' && unit <= INT32_MAX; at--) {
        pid += (file[at - 1] - '0') * unit;
        unit *= 10;
    }
    if (at == end || at < 2 || file[at - 1] != '.' || file[at] == '0' || pid > INT32_MAX) {
        return false;
    }
    *ret_name = span_of((const uint8_t *)file, at - 1);
    *ret_pid = (pid_t)pid;
    return true;
}

/* A number is given to another process one day; a file is not written for an hour. */
static bool is_being_written(pid_t pid, const struct stat *st)
{
    bool lives = pid != getpid() && (kill(pid, 0) == 0 || errno == EPERM);
    return lives && st->st_mtime > time(NULL) - STILL_WRITING_S;
}

static enum file_error remove_leftover(int folder, const char *file,
                                       bool (*is_ours)(struct span name))
{
    struct stat st;
    struct span name;
    pid_t pid = 0;
    bool leave = !parse_temporary(file, &name, &pid) || !is_ours(name) ||
                 fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
                 is_being_written(pid, &st);
    return leave || unlinkat(folder, file, 0) == 0 || errno == ENOENT ? FILE_OK : error_of_errno();
}

enum file_error file_remove_leftovers(const char *folder, bool (*is_ours)(struct span name))
{
    enum file_error error = FILE_OK;
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return error_of_errno();
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        enum file_error failed = remove_leftover(dirfd(entries), entry->d_name, is_ours);
        error = failed != FILE_OK ? failed : error;
    }
    (void)closedir(entries);
    return error;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}
