/* SPDX-License-Identifier: Apache-2.0
 *
 * The program behind "saksi issue": a table of subcommands. A first argument that is none of them
 * is an option or a record to be issued.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "program.h"

const char program_command[] = "issue";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} command[] = {
    {"init", program_init}, {"block", program_block},   {"report", program_report},
    {"void", program_void}, {"status", program_status},
};

static int run(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof command / sizeof command[0]; i++) {
        if (strcmp(argv[1], command[i].name) == 0) {
            return command[i].run(argc - 1, argv + 1);
        }
    }
    return program_issue(argc, argv);
}

int main(int argc, char **argv)
{
    int status = run(argc, argv);
    if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        return say(STATUS_IO, "the output could not be written: %s", strerror(errno));
    }
    return status;
}
