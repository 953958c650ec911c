/* SPDX-License-Identifier: Apache-2.0
 *
 * What issuing needs before it begins, whether or not cards are made with the certificates:
 * station, records, photo, key, folders and titles. Issues nothing itself.
 */
#ifndef ISSUER_ISSUE_WORK_H
#define ISSUER_ISSUE_WORK_H

#include <limits.h>

#include "issue_options.h"
#include "issue_records.h"

struct issue_work {
    struct issue_options options;
    struct opened opened;
    struct trust_store *trust_list; /* NULL: no titles */
    struct records records;
    struct holder_photo photo;
    bool cards_come; /* what waits for its card will be asked for, and need not be told */
    char folder[PATH_MAX], photo_path[PATH_MAX]; /* absolute: an unfinished certificate may be
                                                    finished from elsewhere */
};

/* Opens the station and reads records and photo, as the options say. STATUS_OK, or the status to
 * exit with; every message has been printed. issue_work_close in any case. */
MUST_USE int issue_work_read(struct issue_work *work);

/* Then: the programs that make pages, the key, the folder, and the titles. Likewise. */
MUST_USE int issue_work_prepare(struct issue_work *work);

void issue_work_close(struct issue_work *work);

/* A session of all that, without a chip and without progress; it borrows from `work`. */
struct issue_session issue_work_session(struct issue_work *work);

/* Prints what became of a certificate. */
void issue_work_print(const struct issue_item *item);

/* The exit status for an error, after its message. */
int issue_work_outcome(const struct issue_work *work, enum issue_error error,
                       enum registry_error registry_error);

/* Finishes what an earlier run left half-way, and tells of it: STATUS_OK to go on. */
MUST_USE int issue_work_resume(struct issue_work *work);

#endif
