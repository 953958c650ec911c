/* SPDX-License-Identifier: Apache-2.0
 *
 * What the sources of a state say about each issuer, in words for the person who answers for them:
 * licences, indices, what is withdrawn, keys and their ends, and what runs out soon.
 */
#ifndef AUTHORITY_STATUS_WORDS_H
#define AUTHORITY_STATUS_WORDS_H

#include "authority/problem.h"

#define STATUS_WORDS_SOON_DAYS 60

/* Many lines; the caller frees *ret_text. Holds no control character but line ends. */
MUST_USE enum authority_error status_words(const char *dir, const char *state, int64_t now_s,
                                           char **ret_text, struct authority_problem *problem);

#endif
