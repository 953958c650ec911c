/* SPDX-License-Identifier: Apache-2.0
 *
 * The second question: dates, revocation and suspension, and how old the lists are that say so.
 * "Not revoked" is said only of a certificate that the list is young enough to know.
 */
#include "verifier/verify_steps.h"

/* The last day is over. With a clock in doubt, only when it is over by the time that is certainly
 * past. */
static bool not_expired(struct check *c)
{
    int64_t until = claim_number(c, SAKSI_CLAIM_VALID_UNTIL);
    if ((c->claims.is_null >> SAKSI_CLAIM_VALID_UNTIL & 1) != 0) {
        check_object(c, SAKSI_NO_EXPIRY);
        return true;
    }
    if (c->today <= until) {
        return true;
    }
    bool in_doubt =
        c->clock_matters && clock_day(c->clock.floor_s, c->request->utc_offset_s) <= until;
    return check_object(c, in_doubt ? SAKSI_EXPIRED_BY_CLOCK : SAKSI_EXPIRED);
}

/* Valid from its own first day, and never before it was issued or, when another day is asked for,
 * signed. */
static bool has_begun(struct check *c)
{
    int64_t first = claim_number(c, SAKSI_CLAIM_ISSUE_DATE);
    if (credential_has(&c->claims, SAKSI_CLAIM_VALID_FROM) &&
        claim_number(c, SAKSI_CLAIM_VALID_FROM) > first) {
        first = claim_number(c, SAKSI_CLAIM_VALID_FROM);
    }
    bool signed_later = c->request->has_at && c->iat_s > clock_add(c->now_s, CLOCK_DAY_S);
    if (c->today >= first && !signed_later) {
        return true;
    }
    return check_object(c, c->clock_matters ? SAKSI_NOT_YET_VALID_BY_CLOCK : SAKSI_NOT_YET_VALID);
}

bool in_force_dates(struct check *c)
{
    bool begun = has_begun(c);
    return not_expired(c) && begun;
}

static uint32_t status_index(const struct check *c)
{
    return (uint32_t)claim_number(c, SAKSI_CLAIM_STATUS_INDEX);
}

/* The list can know the certificate: it is not older than it, and the index was given out. */
static bool list_knows(struct check *c)
{
    const struct cached_issuer *i = c->issuer_rows;
    if (c->iat_s > c->list->as_of_s) {
        return check_object(c, SAKSI_ISSUED_AFTER_LIST);
    }
    if (!i->has_status || status_index(c) >= i->status.allotment) {
        return check_object(c, SAKSI_INDEX_OUT_OF_RANGE);
    }
    return true;
}

static bool object_with_reason(struct check *c, enum saksi_reason found, int reason, int64_t day)
{
    if (c->v->status_reason == 0) {
        c->v->status_reason = reason;
        c->v->status_day = day;
    }
    return check_object(c, found);
}

/* The issuer's range that holds the index, if there is one. */
static enum lookup find_range(struct check *c, struct row_range *ret_range)
{
    uint8_t prefix_room[ROW_MAX_KEY_BYTES], key_room[ROW_MAX_KEY_BYTES];
    struct writer prefix = writer_of(prefix_room, sizeof prefix_room);
    struct writer key = writer_of(key_room, sizeof key_room);
    struct span bytes;
    row_key_of_code(&prefix, c->issuer);
    row_key_of_index(&key, c->issuer, status_index(c));
    enum lookup answer = lookup_of_store(trust_store_get_floor(
        c->store, c->state, ROW_RANGE, writer_span(&prefix), writer_span(&key), &bytes));
    if (answer != LOOKUP_OK) {
        return answer;
    }
    if (!row_range_decode(bytes, ret_range) || !span_equal(ret_range->issuer, c->issuer) ||
        ret_range->first > status_index(c)) {
        return LOOKUP_DAMAGED;
    }
    return status_index(c) <= ret_range->last ? LOOKUP_OK : LOOKUP_ABSENT;
}

static bool good_by_range(struct check *c, const struct row_range *range)
{
    switch (range->status) {
    case ROW_RANGE_REINSTATED:
        object_with_reason(c, SAKSI_REINSTATED, range->reason, range->date_day);
        return true;
    case ROW_RANGE_SUSPENDED:
        return object_with_reason(c, SAKSI_SUSPENDED, range->reason, range->date_day);
    case ROW_RANGE_REVOKED:
        break;
    }
    return object_with_reason(c, SAKSI_REVOKED, range->reason, range->date_day);
}

/* Not in a set; objects when it is, or when the set cannot be read. */
static bool good_by_set(struct check *c, enum row_set set, enum saksi_reason reason)
{
    bool in_set = true;
    enum lookup answer = lookup_of_store(
        trust_store_in_set(c->store, c->state, c->issuer, set, status_index(c), &in_set));
    if (!check_usable(c, answer, c->state)) {
        return false;
    }
    return in_set ? check_object(c, reason) : true;
}

static bool not_revoked(struct check *c)
{
    struct row_range range;
    enum lookup answer = find_range(c, &range);
    if (answer == LOOKUP_ABSENT) {
        return good_by_set(c, ROW_SET_REVOKED, SAKSI_REVOKED) &&
               good_by_set(c, ROW_SET_SUSPENDED, SAKSI_SUSPENDED);
    }
    return check_usable(c, answer, c->state) && good_by_range(c, &range);
}

bool in_force_status(struct check *c)
{
    /* A list too old to say "not revoked" can still say "revoked". */
    bool known = list_knows(c);
    return not_revoked(c) && known;
}

bool in_force_centre(struct check *c)
{
    const struct cached_issuer *i = c->issuer_rows;
    int64_t issued = claim_number(c, SAKSI_CLAIM_ISSUE_DATE);
    if (!i->has_status || !credential_has(&c->claims, SAKSI_CLAIM_ASSESSMENT_CENTRE)) {
        return true;
    }
    struct cbor_cursor centres = i->status.centres;
    for (size_t n = 0; n < i->status.centre_count; n++) {
        struct row_centre centre;
        row_centre_next(&centres, &centre);
        if (centres.error != CBOR_OK) {
            return check_usable(c, LOOKUP_DAMAGED, c->state);
        }
        if (span_equal(centre.centre, claim_text(c, SAKSI_CLAIM_ASSESSMENT_CENTRE)) &&
            centre.from_day <= issued && issued <= centre.until_day) {
            return object_with_reason(c, SAKSI_CENTRE_REVOKED, centre.reason, centre.date_day);
        }
    }
    return true;
}

/* The prefix and after it exactly so many digits, whose number is in the range. */
static bool blank_listed(const struct row_blank *blank, struct span number)
{
    if (!span_starts_with(number, blank->prefix) || blank->digits < 0 ||
        number.len - blank->prefix.len != (size_t)blank->digits) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = blank->prefix.len; i < number.len; i++) {
        if (number.ptr[i] < '0' || number.ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(number.ptr[i] - '0'); /* at most 18 digits */
    }
    return blank->first <= value && value <= blank->last;
}

bool in_force_blank(struct check *c)
{
    const struct cached_issuer *i = c->issuer_rows;
    if (!i->has_status || !credential_has(&c->claims, SAKSI_CLAIM_BLANK_NUMBER)) {
        return true;
    }
    struct cbor_cursor blanks = i->status.blanks;
    for (size_t n = 0; n < i->status.blank_count; n++) {
        struct row_blank blank;
        row_blank_next(&blanks, &blank);
        if (blanks.error != CBOR_OK) {
            return check_usable(c, LOOKUP_DAMAGED, c->state);
        }
        if (blank_listed(&blank, claim_text(c, SAKSI_CLAIM_BLANK_NUMBER))) {
            return object_with_reason(c, SAKSI_BLANK_REVOKED, blank.reason, blank.date_day);
        }
    }
    return true;
}
