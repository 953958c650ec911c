/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of rows becomes getopt's table.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_ROW 256 /* beyond every character */
#define HELP      255

static bool store(const struct option_row *row, const char *value)
{
    if (row->flag != NULL) {
        *row->flag = true;
    } else if (row->text != NULL) {
        *row->text = value;
    } else {
        return row->take(row->context, value);
    }
    return true;
}

int options_parse(int argc, char **argv, const char *command, const char *help,
                  const struct option_row *rows, size_t count, int *ret_rest)
{
    struct option names[OPTIONS_MAX + 2] = {{"help", no_argument, NULL, HELP}};
    for (size_t i = 0; i < count && i < OPTIONS_MAX; i++) {
        int has_value = rows[i].flag != NULL ? no_argument : required_argument;
        names[i + 1] = (struct option){rows[i].name, has_value, NULL, FIRST_ROW + (int)i};
    }
    opterr = 0; /* getopt would repeat arguments with whatever a terminal obeys */
    for (int found; (found = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (found == HELP) {
            (void)fputs(help, stdout);
            exit(STATUS_OK);
        }
        if (found < FIRST_ROW) {
            (void)say(STATUS_USAGE, "%s: is not an option here, or its value is missing",
                      argv[optind - 1]);
            return say_usage(command);
        }
        if (!store(&rows[found - FIRST_ROW], optarg)) {
            return say_usage(command);
        }
    }
    *ret_rest = optind;
    return STATUS_OK;
}
