/* SPDX-License-Identifier: Apache-2.0
 *
 * The program saksi: a table of commands. A command is a function, or a helper program in libexec
 * that is started in place of this one because it needs libraries that the others do not.
 */
#include <locale.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/become.h"
#include "cli/command.h"
#include "cli/terminal.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* NULL: the program libexec/saksi/saksi-NAME */
    const char *help;
} command[] = {
    {"verify", cmd_verify, "judge certificates offline"},
    {"scan", cmd_scan, "print the texts of QR codes in images and PDF"},
    {"inspect", cmd_inspect, "open any base45/COSE code as diagnostic notation"},
    {"card", NULL, "read and judge cards in a reader"},
    {"trust", cmd_trust, "install the root, import, fetch, show and pass on lists"},
#ifdef SAKSI_HAVE_ISSUE
    {"issue", NULL, "sign, register and print certificates"},
    {"authority", cmd_authority, "build and sign roots, lists and bundles"},
    {"demo", NULL, "issue, print, scan and judge sample certificates"},
#endif
};

static void print_help(FILE *out)
{
    fputs("Usage: saksi COMMAND [OPTION]...\n"
          "Offline verifier and issuer of competency certificates.\n\n",
          out);
    for (size_t i = 0; i < sizeof command / sizeof command[0]; i++) {
        fprintf(out, "  %-10s %s\n", command[i].name, command[i].help);
    }
    fputs("\nEach command has --help; see also saksi(1).\n", out);
}

static int finish(const char *name, int status)
{
    return status >= EXIT_USAGE || terminal_finish(name) ? status : EXIT_INPUT_OUTPUT;
}

int main(int argc, char **argv)
{
    terminal_start();
    opterr = 0; /* getopt would repeat arguments with whatever a terminal obeys */
    setlocale(LC_CTYPE, "C.UTF-8"); /* column widths only; everything else stays in the C locale */
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return finish("help", EXIT_SUCCESS);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("saksi " SAKSI_VERSION);
        return finish("version", EXIT_SUCCESS);
    }
    for (size_t i = 0; i < sizeof command / sizeof command[0]; i++) {
        if (strcmp(argv[1], command[i].name) == 0) {
            return command[i].run != NULL
                       ? finish(command[i].name, command[i].run(argc - 1, argv + 1))
                       : become_helper(command[i].name, command[i].name, argv + 1);
        }
    }
    fprintf(stderr, "saksi: there is no command of that name; see saksi --help\n");
    return EXIT_USAGE;
}
