/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows inih's callback and return codes; knows nothing about settings.
 */
#include "base/ini.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>

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

enum ini_error ini_read(const char *path,
                        bool (*take)(void *ctx, const char *section, const char *name,
                                     const char *value),
                        void *ctx, int *ret_line)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? INI_MISSING : INI_IO;
    }
    struct taking taking = {take, ctx, false};
    int line = ini_parse_file(file, on_value, &taking);
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
