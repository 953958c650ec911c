/* SPDX-License-Identifier: Apache-2.0
 *
 * One change of one JSON source of a state: read, changed, and checked together with all the others
 * before it takes the place of the old one. Knows no source in particular but for the entries of
 * status.json.
 */
#ifndef AUTHORITY_CHANGE_H
#define AUTHORITY_CHANGE_H

#include "authority/source.h"

struct change {
    const char *dir, *state;
    const char *file; /* "status.json" */
    /* Changes the document and says whether it did; `context` as below. */
    enum authority_error (*apply)(struct source *s, void *context, bool *ret_changed,
                                  struct authority_problem *problem);
    void *context;
};

/* The caller holds authority_lock from before it looked at the sources. The file is replaced in one
 * step, and only when the sources are good with the change: AUTHORITY_SOURCE otherwise. */
MUST_USE enum authority_error change_source(const struct change *c,
                                            struct authority_problem *problem);

/* json.h lends out constant views of what a reader holds; within a change they are ours. */
struct json_value *change_own(const struct json_value *value);

/* The entry of an issuer in status.json; AUTHORITY_SOURCE when it has none. */
MUST_USE enum authority_error change_find_status(struct source *s, const char *issuer,
                                                 struct json_value **ret_status,
                                                 struct authority_problem *problem);

/* The array of that name in an entry, made when it is not there; NULL when it is something else,
 * which source_finish tells. */
struct json_value *change_array(struct source *s, struct json_value *entry, const char *name);

#endif
