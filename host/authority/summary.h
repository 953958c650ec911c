/* SPDX-License-Identifier: Apache-2.0
 *
 * What a document says, in lines a person reads before signing it, and what changed since the one
 * before. Text only; asks nothing.
 */
#ifndef AUTHORITY_SUMMARY_H
#define AUTHORITY_SUMMARY_H

#include "authority/sign.h"

#define SUMMARY_MAX_BYTES 65536

/* Writes lines ending in newlines. `against` (may be NULL) is the path of the list that was
 * published before. Texts from the document have been checked to hold no control characters. */
MUST_USE enum authority_error summary_write(const struct sign_desk *desk, const char *against,
                                            struct writer *w, struct authority_problem *problem);

#endif
