/* SPDX-License-Identifier: Apache-2.0
 *
 * The document that was signed before the one at hand, for a person who wants to know what changed.
 * The newest one that enough keys of today's role have signed is best: one that few have signed may
 * never have been published, or be made to hide a change.
 */
#ifndef AUTHORITY_EARLIER_H
#define AUTHORITY_EARLIER_H

#include <limits.h>

#include "authority/sign.h"

struct earlier {
    bool found;
    char path[PATH_MAX];
    uint8_t *file; /* owned */
    struct document document;
    int64_t version;
    unsigned signed_by;    /* keys of the role, with good signatures */
    bool complete;         /* as many as it takes */
    int64_t newest_signed; /* the newest version anybody has signed, 0 for none */
};

/* Looks beside the document, in signed/ there, beside the roots and in signed/ there: for lists of
 * the same state, headers, or the root before. *ret_earlier is for earlier_free in any case. */
MUST_USE enum authority_error earlier_find(const struct sign_desk *desk,
                                           struct earlier *ret_earlier,
                                           struct authority_problem *problem);

/* The same for a document that is named. AUTHORITY_DOCUMENT when it is no such document. */
MUST_USE enum authority_error earlier_read(const struct sign_desk *desk, const char *path,
                                           struct earlier *ret_earlier,
                                           struct authority_problem *problem);

/* The version of a document; AUTHORITY_DOCUMENT for what has none, or is damaged. */
MUST_USE enum authority_error earlier_version(const struct document *document,
                                              int64_t *ret_version);

void earlier_free(struct earlier *earlier);

#endif
