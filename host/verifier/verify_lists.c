/* SPDX-License-Identifier: Apache-2.0
 *
 * The age of the lists that count: the issuing state's and the host's. The limits are the signed
 * header's; the checkpoint may only tighten them.
 */
#include <limits.h>

#include "verifier/verify_steps.h"

int list_age_days(const struct trust_stored_list *list, int64_t now_s)
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

static int lesser(int a, int b)
{
    return a < b ? a : b;
}

static int tighter(int signed_days, int local_days)
{
    return local_days > 0 ? lesser(signed_days, local_days) : signed_days;
}

/* Without a header nothing vouches for any age. */
static struct trust_staleness limits(const struct check *c)
{
    const struct trust_state *trust = &c->cache->trust;
    const struct trust_staleness *local = &c->request->tighten;
    if (!trust->has_header) {
        return (struct trust_staleness){-1, -1, -1};
    }
    struct trust_staleness whole = trust->header.staleness;
    whole.amber_days = tighter(whole.amber_days, local->amber_days);
    whole.shown_days = lesser(tighter(whole.shown_days, local->shown_days), whole.amber_days);
    whole.plain_days = lesser(tighter(whole.plain_days, local->plain_days), whole.shown_days);
    return whole;
}

static bool header_expired(const struct check *c, int64_t now_s)
{
    const struct trust_state *trust = &c->cache->trust;
    return trust->has_header && now_s > trust->header.expires_s;
}

bool list_is_fresh(const struct check *c, const struct trust_stored_list *list, int64_t now_s)
{
    return list_age_days(list, now_s) <= limits(c).shown_days && now_s <= list->expires_s &&
           !header_expired(c, now_s);
}

static void add_age_reason(struct check *c, struct span state, int age_days)
{
    struct trust_staleness limit = limits(c);
    if (age_days > limit.amber_days) {
        verdict_add(c->v, SAKSI_STATUS_UNKNOWN, state);
    } else if (age_days > limit.shown_days) {
        verdict_add(c->v, SAKSI_LIST_OLD, state);
    } else if (age_days > limit.plain_days) {
        verdict_add(c->v, SAKSI_LIST_AGE, state);
    }
}

static bool list_counts(struct check *c, const struct trust_stored_list *list)
{
    struct span state = span_str(list->state);
    add_age_reason(c, state, list_age_days(list, c->now_s));
    if (c->now_s > list->expires_s) {
        verdict_add(c->v, SAKSI_LIST_EXPIRED, state);
    }
    if (list->behind) {
        verdict_add(c->v, SAKSI_LIST_BEHIND, state);
    }
    return list_is_fresh(c, list, c->now_s);
}

bool in_force_lists(struct check *c)
{
    bool fresh = list_counts(c, c->list);
    if (c->host_list != NULL && c->host_list != c->list) {
        fresh = list_counts(c, c->host_list) && fresh;
    }
    if (header_expired(c, c->now_s)) {
        verdict_add(c->v, SAKSI_LIST_EXPIRED, span_of(NULL, 0));
    }
    return fresh;
}
