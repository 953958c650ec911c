/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of indices (N or N-M) or of certificate numbers, one a line, to runs of indices. Empty
 * lines and blanks at the ends of lines do not count.
 */
#ifndef AUTHORITY_INDEX_FILE_H
#define AUTHORITY_INDEX_FILE_H

#include "authority/index_runs.h"
#include "wire/bytes.h"

#define INDEX_FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct index_file {
    const char *path;
    bool by_number; /* lines are certificate numbers, which reports must know */
    const char *dir, *issuer;
    int reason; /* of every run */
};

/* Sorted. AUTHORITY_SOURCE names the first line that is wrong; nothing is left to free then. */
MUST_USE enum authority_error index_file_read(const struct index_file *f,
                                              struct index_runs *ret_runs,
                                              struct authority_problem *problem);

/* The indices of one certificate number; AUTHORITY_SOURCE when no report names it. */
MUST_USE enum authority_error index_file_number(const struct index_file *f, const char *number,
                                                struct index_runs *ret_runs,
                                                struct authority_problem *problem);

/* "N" or "N-M" in decimal digits, at most 4294967295, N ≤ M. */
bool index_parse_range(struct span text, uint32_t *ret_first, uint32_t *ret_last);

#endif
