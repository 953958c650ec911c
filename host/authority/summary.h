/* SPDX-License-Identifier: Apache-2.0
 *
 * What a document says, in lines a person reads before signing it, and what changed since the one
 * before. Text only; asks nothing.
 */
#ifndef AUTHORITY_SUMMARY_H
#define AUTHORITY_SUMMARY_H

#include "authority/sign.h"

#define SUMMARY_MAX_BYTES 65536

/* Writes lines ending in newlines, the warnings last; `w` has room for SUMMARY_MAX_BYTES, and they
 * fit whatever the document holds. `against` is the path of the document that was published before:
 * AUTHORITY_VERSION when its version is not lower. Without one (NULL) it is looked for (earlier.h),
 * and a version that does not rise is a warning. Texts from documents have been checked to hold no
 * control characters. */
MUST_USE enum authority_error summary_write(const struct sign_desk *desk, const char *against,
                                            struct writer *w, struct authority_problem *problem);

#endif
