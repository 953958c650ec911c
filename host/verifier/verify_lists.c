/* SPDX-License-Identifier: Apache-2.0
 *
 * The age of the lists that count: the issuing state's and the host's. The limits are the signed
 * header's; the checkpoint may only tighten them.
 */
#include "verifier/staleness.h"
#include "verifier/verify_steps.h"

static struct trust_staleness limits(const struct check *c)
{
    return staleness_limits(&c->cache->trust, &c->request->tighten);
}

static bool header_expired(const struct check *c, int64_t now_s)
{
    const struct trust_state *trust = &c->cache->trust;
    return trust->has_header && now_s > trust->header.expires_s;
}

bool list_is_fresh(const struct check *c, const struct trust_stored_list *list, int64_t now_s)
{
    return staleness_age_days(list, now_s) <= limits(c).shown_days && now_s <= list->expires_s &&
           !header_expired(c, now_s);
}

static void add_age_reason(struct check *c, struct span state, int age_days)
{
    switch (staleness_of(age_days, limits(c))) {
    case STALENESS_PLAIN:
        break;
    case STALENESS_SHOWN:
        verdict_add(c->v, SAKSI_LIST_AGE, state);
        break;
    case STALENESS_AMBER:
        verdict_add(c->v, SAKSI_LIST_OLD, state);
        break;
    case STALENESS_UNKNOWN:
        verdict_add(c->v, SAKSI_STATUS_UNKNOWN, state);
        break;
    }
}

static bool list_counts(struct check *c, const struct trust_stored_list *list)
{
    struct span state = span_str(list->state);
    add_age_reason(c, state, staleness_age_days(list, c->now_s));
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
    return fresh && !c->lists_doubted;
}
