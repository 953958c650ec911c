/* SPDX-License-Identifier: Apache-2.0
 *
 * How old the word on a list is, and what that is called: by the limits of the signed header, which
 * a checkpoint may only tighten. Pure arithmetic.
 */
#ifndef VERIFIER_STALENESS_H
#define VERIFIER_STALENESS_H

#include "verifier/trust_store.h"

/* The limits that hold: the header's, or tighter ones of `local` (0: the header's). Without a
 * header nothing vouches for any age, and every limit is -1. */
struct trust_staleness staleness_limits(const struct trust_state *trust,
                                        const struct trust_staleness *local);

/* Whole days since the list was last named by a header: the one number that is shown and judged.
 * 0 when that is still to come, INT_MAX when no header ever named it. */
int staleness_age_days(const struct trust_stored_list *list, int64_t now_s);

enum staleness {
    STALENESS_PLAIN,   /* up to plain_days: nothing to say */
    STALENESS_SHOWN,   /* up to shown_days: green, with the age */
    STALENESS_AMBER,   /* up to amber_days: at most amber */
    STALENESS_UNKNOWN, /* older: the status is unknown */
};
enum staleness staleness_of(int age_days, struct trust_staleness limits);

#endif
