/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-personalise: the subcommands of "saksi card" that write to cards. A program of its own:
 * whoever only reads cards has nothing in it that could change one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "personalise.h"

const char program_command[] = "card";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} command[] = {
    {"personalise", personalise_cards}, {"erase", personalise_erase}, {"keys", personalise_keys}};

int main(int argc, char **argv)
{
    int status = STATUS_USAGE;
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* a core, or a debugger, would tell master keys */
    for (size_t i = 0; argc > 0 && i < sizeof command / sizeof command[0]; i++) {
        if (strcmp(argv[0], command[i].name) == 0) {
            status = command[i].run(argc, argv);
        }
    }
    if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        return say(STATUS_IO, "the output could not be written: %s", strerror(errno));
    }
    return status;
}
