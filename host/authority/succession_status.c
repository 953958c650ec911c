/* SPDX-License-Identifier: Apache-2.0
 *
 * What status.json said about an issuer, and says now.
 */
#include <stdlib.h>

#include "authority/status_map.h"
#include "authority/succession.h"

#define STATUS_FILE "status.json"

/* --- indices --- */

static const char *word_of(int status)
{
    return status == ROW_RANGE_REVOKED     ? "revoked"
           : status == ROW_RANGE_SUSPENDED ? "suspended"
                                           : "reinstated";
}

static enum authority_error check_part(const struct succession *s, struct span issuer,
                                       const struct status_part *before,
                                       const struct status_map *now)
{
    uint32_t first = before->first;
    for (;;) {
        struct status_part part = status_map_at(now, first, before->last);
        if (part.status == STATUS_NONE) {
            return succession_refuse(
                s, STATUS_FILE,
                "%.*s: index %u was %s and now is neither revoked, suspended nor reinstated; put "
                "it back, and lift it with saksi authority reinstate",
                (int)issuer.len, (const char *)issuer.ptr, part.first, word_of(before->status));
        }
        if (part.last == before->last) {
            return AUTHORITY_OK;
        }
        first = part.last + 1;
    }
}

static enum authority_error check_indices(const struct succession *s, struct span issuer)
{
    struct status_map before = {0};
    struct status_map now = {0};
    enum authority_error error =
        status_map_build(s->before, s->before_count, issuer, &before, s->problem);
    if (error == AUTHORITY_OK && before.count != 0) {
        error = status_map_build(s->now, s->now_count, issuer, &now, s->problem);
    }
    for (size_t i = 0; i < before.count && error == AUTHORITY_OK; i++) {
        error = check_part(s, issuer, &before.part[i], &now);
    }
    status_map_free(&before);
    status_map_free(&now);
    return error;
}

/* --- centres --- */

/* A decision that came later and speaks of the same thing. */
static bool replaces(int64_t old_day, int old_reason, int64_t new_day, int new_reason)
{
    return new_day > old_day || (new_day == old_day && new_reason != old_reason);
}

static bool centre_goes_on(const struct row_centre *old, const struct row_status *now)
{
    struct cbor_cursor rows = now->centres;
    for (size_t i = 0; i < now->centre_count; i++) {
        struct row_centre new;
        row_centre_next(&rows, &new);
        bool overlaps = span_equal(new.centre, old->centre) && new.from_day <= old->until_day &&
                        old->from_day <= new.until_day;
        bool covers = new.from_day <= old->from_day &&new.until_day >= old->until_day;
        if (overlaps &&
            (covers || replaces(old->date_day, old->reason, new.date_day, new.reason))) {
            return true;
        }
    }
    return false;
}

static enum authority_error check_centres(const struct succession *s, const struct row_status *old,
                                          const struct row_status *now)
{
    struct cbor_cursor rows = old->centres;
    for (size_t i = 0; i < old->centre_count; i++) {
        struct row_centre centre;
        row_centre_next(&rows, &centre);
        if (!centre_goes_on(&centre, now)) {
            return succession_refuse(
                s, STATUS_FILE,
                "%.*s: the revoked centre %.*s is gone or covers less; put it back, or give the "
                "entry that replaces it a later date",
                (int)old->issuer.len, (const char *)old->issuer.ptr, (int)centre.centre.len,
                (const char *)centre.centre.ptr);
        }
    }
    return AUTHORITY_OK;
}

/* --- blanks --- */

static bool blanks_go_on(const struct row_blank *old, const struct row_status *now)
{
    struct cbor_cursor rows = now->blanks;
    for (size_t i = 0; i < now->blank_count; i++) {
        struct row_blank new;
        row_blank_next(&rows, &new);
        bool overlaps = span_equal(new.prefix, old->prefix) &&
                        new.digits == old->digits &&new.first <= old->last &&
                        old->first <= new.last;
        bool covers = new.first <= old->first &&new.last >= old->last;
        if (overlaps &&
            (covers || replaces(old->date_day, old->reason, new.date_day, new.reason))) {
            return true;
        }
    }
    return false;
}

static enum authority_error check_blanks(const struct succession *s, const struct row_status *old,
                                         const struct row_status *now)
{
    struct cbor_cursor rows = old->blanks;
    for (size_t i = 0; i < old->blank_count; i++) {
        struct row_blank blank;
        row_blank_next(&rows, &blank);
        if (!blanks_go_on(&blank, now)) {
            return succession_refuse(
                s, STATUS_FILE,
                "%.*s: the revoked blanks %.*s %llu to %llu are gone or fewer; put them back, or "
                "give the entry that replaces them a later date",
                (int)old->issuer.len, (const char *)old->issuer.ptr, (int)blank.prefix.len,
                (const char *)blank.prefix.ptr, (unsigned long long)blank.first,
                (unsigned long long)blank.last);
        }
    }
    return AUTHORITY_OK;
}

/* --- one issuer --- */

static bool find_status(const struct row *row, size_t count, struct span issuer,
                        struct row_status *ret_status)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    row_key_of_code(&key, issuer);
    size_t at = status_rows_find(row, count, ROW_STATUS, writer_span(&key));
    return at < count && row_status_decode(row[at].bytes, ret_status);
}

static enum authority_error check_entry(const struct succession *s, const struct row_status *old)
{
    struct row_status now;
    if (!find_status(s->now, s->now_count, old->issuer, &now)) {
        return succession_refuse(s, STATUS_FILE, "the entry of %.*s is gone; put it back",
                                 (int)old->issuer.len, (const char *)old->issuer.ptr);
    }
    if (now.allotment < old->allotment) {
        return succession_refuse(
            s, STATUS_FILE, "%.*s: the allotment is %u, but was %u; it does not shrink",
            (int)old->issuer.len, (const char *)old->issuer.ptr, now.allotment, old->allotment);
    }
    enum authority_error error = check_centres(s, old, &now);
    return error == AUTHORITY_OK ? check_blanks(s, old, &now) : error;
}

enum authority_error succession_check_status(const struct succession *s, struct span issuer)
{
    struct row_status old;
    enum authority_error error = AUTHORITY_OK;
    if (find_status(s->before, s->before_count, issuer, &old)) {
        error = check_entry(s, &old);
    }
    return error == AUTHORITY_OK ? check_indices(s, issuer) : error;
}
