/* SPDX-License-Identifier: Apache-2.0
 *
 * The records of all files named on the command line, and the items to be issued from them.
 */
#ifndef ISSUER_ISSUE_RECORDS_H
#define ISSUER_ISSUE_RECORDS_H

#include "issue_options.h"
#include "issuer/record.h"

struct records_file;

struct records {
    struct records_file *file; /* owned; what the items point into */
    size_t file_count;
    struct issue_item *items; /* owned */
    size_t item_count;
};

/* Opens all files: STATUS_OK, or the status to exit with; every message has been printed.
 * records_close in any case. */
MUST_USE int records_open(struct records *records, const struct issue_options *options);

/* Reads all records as certificates of `issuer`. */
MUST_USE int records_read(struct records *records, struct span issuer, bool has_photo);

void records_close(struct records *records);

#endif
