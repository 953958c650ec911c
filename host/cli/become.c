/* SPDX-License-Identifier: Apache-2.0
 *
 * The terminal, its signals and the exit status are then the helper's own affair.
 */
#include "cli/become.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/place.h"
#include "cli/terminal.h"

int become_helper(const char *name, const char *command, char **argv)
{
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/saksi-%s", place_libexec(), name);
    if (len > 0 && (size_t)len < sizeof path) {
        execv(path, argv);
    }
    terminal_error(command, "cannot start %s: %s; is the package complete?", path, strerror(errno));
    return EXIT_INTERNAL;
}
