/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two halves of libsaksi share. Private to api*.c.
 */
#ifndef VERIFIER_API_H
#define VERIFIER_API_H

#include "verifier/verdict.h"

/* Spans in the verdict point into it: the block is never copied. */
struct saksi_verdict {
    struct verdict verdict;
};

#endif
