/* SPDX-License-Identifier: Apache-2.0
 *
 * What "saksi issue RECORD..." was asked to do.
 */
#ifndef ISSUER_ISSUE_OPTIONS_H
#define ISSUER_ISSUE_OPTIONS_H

#include "program.h"

struct issue_options {
    const char *station, *out, *photo, *password_file;
    unsigned pages;
    bool no_pdf, duplicate, sibling, resume, check;
    char **files;
    int file_count;
};

/* STATUS_OK, or the status to exit with; the message has been printed. --help ends the program. */
MUST_USE int issue_options_parse(int argc, char **argv, struct issue_options *ret_options);

#endif
