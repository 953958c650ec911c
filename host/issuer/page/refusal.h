/* SPDX-License-Identifier: Apache-2.0
 *
 * Why no page was made: one sentence and whose fault it is. The first refusal stays; what is called
 * after it does nothing, so that layouts read as plain lists of steps.
 */
#ifndef PAGE_REFUSAL_H
#define PAGE_REFUSAL_H

#include <stdbool.h>

struct refusal {
    char sentence[192]; /* empty: nothing was refused; names members, never their values */
    bool internal;      /* not the input's fault */
};

static inline bool refused(const struct refusal *r)
{
    return r->sentence[0] != '\0';
}

/* Record "MEMBER: REASON", unless something was refused before. Returns false, for the caller to
 * pass on. */
bool refuse(struct refusal *r, const char *member, const char *reason);

/* The same for a failure of this machine. */
bool refuse_internal(struct refusal *r, const char *what, const char *reason);

#endif
