/* SPDX-License-Identifier: Apache-2.0
 *
 * From a folder of sources to unsigned documents in its folder `out`:
 *
 *     DIR/root.json DIR/header.json DIR/ID/list.json DIR/ID/rules.json ...
 *     DIR/out/root-1.root  DIR/out/ID.list  DIR/out/trust.header  DIR/out/signed/ID-3.list
 *
 * The same sources give the same bytes. What is signed already is never replaced by other content
 * of the same version, and an older signed file is kept in out/signed.
 */
#ifndef AUTHORITY_BUILD_H
#define AUTHORITY_BUILD_H

#include <limits.h>

#include "authority/problem.h"
#include "codec/trust_doc.h"

struct build_result {
    char path[PATH_MAX];
    int64_t version;
    bool unchanged; /* the file was there with this very content; its signatures stay */
    size_t rows;    /* of a list */
};

/* `against` (may be NULL) is the document published last, when it is not in `out`: its version must
 * be older. */
MUST_USE enum authority_error build_root(const char *dir, struct build_result *ret_result,
                                         struct authority_problem *problem);
/* AUTHORITY_SOURCE also when the sources take back what a signed list said: see succession.h. */
MUST_USE enum authority_error build_list(const char *dir, const char *state, const char *against,
                                         struct build_result *ret_result,
                                         struct authority_problem *problem);
/* The header names the lists that are in `out`. */
MUST_USE enum authority_error build_header(const char *dir, const char *against,
                                           struct build_result *ret_result,
                                           struct authority_problem *problem);

/* The states whose folders have a list.json, in order. */
struct build_states {
    size_t count;
    char state[TRUST_MAX_STATES][TRUST_STATE_SIZE + 1];
};
MUST_USE enum authority_error build_find_states(const char *dir, struct build_states *ret_states,
                                                struct authority_problem *problem);
/* The states that have a list in `out`, in order. */
MUST_USE enum authority_error build_find_lists(const char *dir, struct build_states *ret_states,
                                               struct authority_problem *problem);

#endif
