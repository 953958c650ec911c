/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows inih's callback and return codes; knows nothing about settings.
 */
#include "base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct taking {
    bool (*take)(void *ctx, const char *section, const char *name, const char *value);
    void *ctx;
    bool refused;
};

static int on_value(void *user, const char *section, const char *name, const char *value)
{
    struct taking *taking = user;
    bool taken = taking->take(taking->ctx, section, name, value);
    taking->refused = taking->refused || !taken;
    return taken;
}

/* NULL, with errno, when there is no regular file of a sane size. O_NONBLOCK: a FIFO in its place
 * must not hang the program. */
static FILE *open_file(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return NULL;
    }
    bool sane = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= INI_MAX_BYTES;
    FILE *file = sane ? fdopen(fd, "r") : NULL;
    if (file == NULL) {
        (void)close(fd);
        errno = EIO;
    }
    return file;
}

/* inih would read the rest of a long line as a line of its own: a remark could become a setting.
 * The number of the first such line, else 0. */
static int find_long_line(FILE *file)
{
    int line = 1, len = 0, c;
    while ((c = getc(file)) != EOF && len <= INI_MAX_LINE_BYTES) {
        line += c == '\n';
        len = c == '\n' ? 0 : len + 1;
    }
    rewind(file);
    return len > INI_MAX_LINE_BYTES ? line : 0;
}

enum ini_error ini_read(const char *path,
                        bool (*take)(void *ctx, const char *section, const char *name,
                                     const char *value),
                        void *ctx, int *ret_line)
{
    FILE *file = open_file(path);
    if (file == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? INI_MISSING : INI_IO;
    }
    struct taking taking = {take, ctx, false};
    int line = find_long_line(file);
    if (line == 0) {
        line = ini_parse_file(file, on_value, &taking);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || line < 0) {
        return INI_IO;
    }
    if (line > 0) {
        *ret_line = line;
        return taking.refused ? INI_REFUSED : INI_SYNTAX;
    }
    return INI_OK;
}
