/* SPDX-License-Identifier: Apache-2.0
 *
 * What "saksi issue RECORD..." was asked to do.
 */
#ifndef ISSUER_ISSUE_OPTIONS_H
#define ISSUER_ISSUE_OPTIONS_H

#include "options.h"

struct issue_options {
    const char *station, *out, *photo, *password_file;
    unsigned pages;
    bool no_pdf, duplicate, sibling, resume, check;
    char **files;
    int file_count;
};

/* STATUS_OK, or the status to exit with; the message has been printed. --help ends the program. */
MUST_USE int issue_options_parse(int argc, char **argv, struct issue_options *ret_options);

/* The same for a command that issues in another way, with `rows` of its own beside these; it may be
 * without records. */
MUST_USE int issue_options_take(int argc, char **argv, const char *command, const char *help,
                                const struct option_row *rows, size_t count,
                                struct issue_options *ret_options);

#endif
