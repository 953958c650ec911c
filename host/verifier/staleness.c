/* SPDX-License-Identifier: Apache-2.0
 *
 * Ages of lists and their limits.
 */
#include "verifier/staleness.h"

#include <limits.h>

#include "verifier/clock.h"

static int lesser(int a, int b)
{
    return a < b ? a : b;
}

static int tighter(int signed_days, int local_days)
{
    return local_days > 0 ? lesser(signed_days, local_days) : signed_days;
}

struct trust_staleness staleness_limits(const struct trust_state *trust,
                                        const struct trust_staleness *local)
{
    if (!trust->has_header) {
        return (struct trust_staleness){-1, -1, -1};
    }
    struct trust_staleness whole = trust->header.staleness;
    whole.amber_days = tighter(whole.amber_days, local->amber_days);
    whole.shown_days = lesser(tighter(whole.shown_days, local->shown_days), whole.amber_days);
    whole.plain_days = lesser(tighter(whole.plain_days, local->plain_days), whole.shown_days);
    return whole;
}

int staleness_age_days(const struct trust_stored_list *list, int64_t now_s)
{
    if (list->fresh_as_of_s <= 0) {
        return INT_MAX; /* no header ever named it */
    }
    int64_t days = clock_add(now_s, -list->fresh_as_of_s) / CLOCK_DAY_S;
    if (days < 0) {
        return 0;
    }
    return days > INT_MAX ? INT_MAX : (int)days;
}

enum staleness staleness_of(int age_days, struct trust_staleness limits)
{
    if (age_days > limits.amber_days) {
        return STALENESS_UNKNOWN;
    }
    if (age_days > limits.shown_days) {
        return STALENESS_AMBER;
    }
    return age_days > limits.plain_days ? STALENESS_SHOWN : STALENESS_PLAIN;
}
