/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo's folder: a new one, or one that an earlier demo left. Nothing else is ever removed.
 */
#include "cli/demo/demo.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER "SAMPLE.txt"
#define MARKER_TEXT                                                                                \
    "Everything in this folder is sample data made by saksi demo, which may remove it.\n"

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    return walk->level == 0 ? 0 : remove(path);
}

void demo_empty_folder(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static bool is_of_a_demo(const char *marker)
{
    uint8_t *text = NULL;
    size_t len = 0;
    bool is = file_read(marker, 4096, &text, &len) == FILE_OK &&
              span_equal(span_of(text, len), span_str(MARKER_TEXT));
    free(text);
    return is;
}

bool demo_make_folder(struct demo *demo)
{
    char marker[PATH_MAX], certificates[PATH_MAX];
    if (!demo_path(demo, marker, "%s/" MARKER, demo->dir) ||
        !demo_path(demo, certificates, "%s/certificates", demo->dir)) {
        return false;
    }
    if (mkdir(demo->dir, 0755) != 0 && errno != EEXIST) {
        return demo_fail(demo, "%s: %s", demo->dir, strerror(errno));
    }
    if (is_of_a_demo(marker)) {
        demo_empty_folder(demo->dir);
    }
    if (rmdir(demo->dir) != 0 || mkdir(demo->dir, 0755) != 0) {
        return demo_fail(demo, "%s: is not empty and not of an earlier demo; name another folder",
                         demo->dir);
    }
    if (file_write_atomic(marker, span_str(MARKER_TEXT), 0644) != FILE_OK ||
        file_make_folder(certificates, 0755) != FILE_OK) {
        return demo_fail(demo, "%s: cannot be written", demo->dir);
    }
    return true;
}
