/* SPDX-License-Identifier: Apache-2.0
 *
 * BIN/../libexec/saksi when installed, BIN/libexec/saksi in a build folder; the same with share. A
 * helper program lies in libexec/saksi itself, and share beside libexec in both.
 */
#include "cli/place.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char self[PATH_MAX], libexec[PATH_MAX], share[PATH_MAX];

static void find(char place[PATH_MAX], const char *folder)
{
    const char *end = strrchr(self, '/');
    int stem = end == NULL ? 0 : (int)(end - self);
    int len = snprintf(place, PATH_MAX, "%.*s/%s/saksi", stem, self, folder);
    if (len < 0 || len >= PATH_MAX || access(place, X_OK) != 0) {
        len = snprintf(place, PATH_MAX, "%.*s/../%s/saksi", stem, self, folder);
    }
    if (len < 0 || len >= PATH_MAX) {
        place[0] = '\0';
    }
}

static bool find_as_helper(void)
{
    static const char tail[] = "/libexec/saksi";
    char *end = strrchr(self, '/');
    size_t stem = end == NULL ? 0 : (size_t)(end - self), tail_len = strlen(tail);
    if (stem < tail_len || strncmp(self + stem - tail_len, tail, tail_len) != 0) {
        return false;
    }
    memcpy(libexec, self, stem);
    libexec[stem] = '\0';
    int len = snprintf(share, PATH_MAX, "%.*s/share/saksi", (int)(stem - tail_len), self);
    if (len < 0 || len >= PATH_MAX) {
        share[0] = '\0';
    }
    return true;
}

static void find_all(void)
{
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    self[len < 0 ? 0 : len] = '\0';
    if (!find_as_helper()) {
        find(libexec, "libexec");
        find(share, "share");
    }
}

const char *place_libexec(void)
{
    if (libexec[0] == '\0') {
        find_all();
    }
    return libexec;
}

const char *place_share(void)
{
    if (share[0] == '\0') {
        find_all();
    }
    return share;
}
