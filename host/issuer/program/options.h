/* SPDX-License-Identifier: Apache-2.0
 *
 * Long options from a table: where each one's value goes. --help is always among them.
 */
#ifndef ISSUER_OPTIONS_H
#define ISSUER_OPTIONS_H

#include "program.h"

/* Exactly one of text, flag and take is set. */
struct option_row {
    const char *name;
    const char **text; /* takes a value, kept here; borrowed from argv */
    bool *flag;        /* takes none */
    bool (*take)(void *context,
                 const char *value); /* takes a value, handed on; false: one too many */
    void *context;
};

#define OPTIONS_MAX 24

/* `command` is "" or the subcommand's name. STATUS_OK, or the status to exit with; the message has
 * been printed. --help prints `help` and ends the program. *ret_rest is the index of the first
 * argument that is no option. */
MUST_USE int options_parse(int argc, char **argv, const char *command, const char *help,
                           const struct option_row *rows, size_t count, int *ret_rest);

#endif
