/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows how a refusal is worded. Prints nothing.
 */
#include "refusal.h"

#include <stdio.h>

bool refuse(struct refusal *r, const char *member, const char *reason)
{
    if (!refused(r)) {
        (void)snprintf(r->sentence, sizeof r->sentence, "%s: %s", member, reason);
    }
    return false;
}

bool refuse_internal(struct refusal *r, const char *what, const char *reason)
{
    if (!refused(r)) {
        r->internal = true;
    }
    return refuse(r, what, reason);
}
