/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of libsaksi share. Private to api*.c.
 */
#ifndef VERIFIER_API_H
#define VERIFIER_API_H

#include <saksi/card.h>

#include "verifier/verdict.h"
#include "verifier/verify.h"

enum { API_PAPER_ROOM = 4096 }; /* the longest credential */

/* Spans in the verdict point into it: the block is never copied. */
struct saksi_verdict {
    struct verdict verdict;
};

/* Copies a caller's struct of `size` bytes into one of `known` bytes, which is zero before. A
 * caller built with a later version may pass a larger one: that is good as long as it asks for
 * nothing new. False: it does, or is absurdly large. */
bool api_read_sized(const void *from, size_t size, void *to, size_t known);

/* Fills in what a request says of a card; NULL says nothing. `paper_room` holds what the request
 * then points to. */
enum saksi_error api_read_card(const struct saksi_card *from, struct verify_request *request,
                               uint8_t paper_room[API_PAPER_ROOM]);

#endif
