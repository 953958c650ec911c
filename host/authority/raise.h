/* SPDX-License-Identifier: Apache-2.0
 *
 * The next version of a list or of the header, in the sources: "version" one higher, and "as_of" or
 * "issued_at" the present. Builds, signs and publishes nothing.
 */
#ifndef AUTHORITY_RAISE_H
#define AUTHORITY_RAISE_H

#include <limits.h>

#include "authority/problem.h"

/* A source as it was left; `path` begins with the folder. */
struct raise_result {
    char path[PATH_MAX];
    int64_t version;
};

/* DIR/STATE/list.json. AUTHORITY_SOURCE when the source is wrong, or later than `now_s`: one of the
 * clocks is, and lists must not go back. AUTHORITY_FILE while another program changes the sources.
 */
MUST_USE enum authority_error raise_list(const char *dir, const char *state, int64_t now_s,
                                         struct raise_result *ret_result,
                                         struct authority_problem *problem);

/* The same for DIR/header.json. */
MUST_USE enum authority_error raise_header(const char *dir, int64_t now_s,
                                           struct raise_result *ret_result,
                                           struct authority_problem *problem);

#endif
