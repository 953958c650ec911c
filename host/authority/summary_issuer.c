/* SPDX-License-Identifier: Apache-2.0
 *
 * What differs between two rows about an issuer, in words: its names and licences, its allotment,
 * the centres and blanks that are withdrawn.
 */
#include <stdio.h>

#include "authority/summary_part.h"
#include "codec/credential.h"

/* --- parts of a row, compared by their bytes --- */

/* One element of an array inside a row, as its bytes and in words. */
struct element {
    struct span bytes;
    char text[160];
};

typedef void element_reader(struct cbor_cursor *c, struct element *ret_element);

static struct span bytes_between(const struct cbor_cursor *from, const struct cbor_cursor *to)
{
    return span_of(from->rest.ptr, from->rest.len - to->rest.len);
}

static bool holds(struct cbor_cursor c, size_t count, element_reader *read, struct span bytes)
{
    struct element element;
    for (size_t i = 0; i < count; i++) {
        read(&c, &element);
        if (span_equal(element.bytes, bytes)) {
            return true;
        }
    }
    return false;
}

struct elements {
    struct cbor_cursor at;
    size_t count;
};

/* Says which elements of `from` are not among `others`; arrays hold 256 elements at most. */
static void show_missing(struct summary_text *s, const char *subject, struct elements from,
                         struct elements others, element_reader *read, const char *what, bool loud)
{
    struct element element;
    for (size_t i = 0; i < from.count; i++) {
        read(&from.at, &element);
        if (holds(others.at, others.count, read, element.bytes)) {
            continue;
        }
        summary_item(s, "%s: %s: %s", subject, what, element.text);
        if (loud) {
            summary_warn(s, "%s: %s: %s", subject, what, element.text);
        }
    }
}

static void put(struct writer *w, const char *text)
{
    writer_put(w, span_str(text));
}

/* What a licence is limited to; a long list is cut where the room ends. */
static void put_scope(struct writer *w, const struct row_licence *l)
{
    char text[64];
    for (size_t i = 0; i < l->scheme_count; i++) {
        (void)snprintf(text, sizeof text, "%s%.*s", i == 0 ? ", schemes " : " ",
                       SUMMARY_SPAN(l->scheme[i]));
        put(w, text);
    }
    for (size_t i = 0; i < l->sector_count; i++) {
        (void)snprintf(text, sizeof text, "%s%.*s", i == 0 ? ", sectors " : " ",
                       SUMMARY_SPAN(l->sector[i]));
        put(w, text);
    }
    for (size_t i = 0; i < l->levels_count; i++) {
        const char *name = claim_value_name(SAKSI_CLAIM_FRAMEWORK, l->levels[i].framework);
        (void)snprintf(text, sizeof text, "%s%s %d-%d", i == 0 ? ", levels " : " ",
                       name != NULL ? name : "?", l->levels[i].least, l->levels[i].most);
        put(w, text);
    }
}

static void read_licence(struct cbor_cursor *c, struct element *ret_element)
{
    struct cbor_cursor from = *c;
    struct row_licence licence;
    char days[SUMMARY_DAYS_SIZE];
    char room[8192];
    row_licence_next(c, &licence);
    struct writer w = writer_of(room, sizeof room);
    put(&w, summary_days(licence.from_day, licence.until_day, days));
    put_scope(&w, &licence);
    struct span text = writer_span(&w);
    ret_element->bytes = bytes_between(&from, c);
    (void)snprintf(ret_element->text, sizeof ret_element->text, "%.*s%s",
                   (int)(text.len < 150 ? text.len : 150), (const char *)text.ptr,
                   text.len > 150 ? " ..." : "");
}

static void read_suspension(struct cbor_cursor *c, struct element *ret_element)
{
    struct cbor_cursor from = *c;
    struct row_suspension suspension;
    char days[SUMMARY_DAYS_SIZE];
    row_suspension_next(c, &suspension);
    ret_element->bytes = bytes_between(&from, c);
    (void)snprintf(ret_element->text, sizeof ret_element->text, "%s (%s)",
                   summary_days(suspension.from_day, suspension.until_day, days),
                   summary_enum(ROW_ENUM_REASON, suspension.reason));
}

static void read_centre(struct cbor_cursor *c, struct element *ret_element)
{
    struct cbor_cursor from = *c;
    struct row_centre centre;
    char days[SUMMARY_DAYS_SIZE];
    row_centre_next(c, &centre);
    ret_element->bytes = bytes_between(&from, c);
    (void)snprintf(ret_element->text, sizeof ret_element->text, "%.*s, certificates %s (%s)",
                   SUMMARY_SPAN(centre.centre),
                   summary_days(centre.from_day, centre.until_day, days),
                   summary_enum(ROW_ENUM_REASON, centre.reason));
}

static void read_blank(struct cbor_cursor *c, struct element *ret_element)
{
    struct cbor_cursor from = *c;
    struct row_blank blank;
    row_blank_next(c, &blank);
    ret_element->bytes = bytes_between(&from, c);
    (void)snprintf(ret_element->text, sizeof ret_element->text, "%.*s%0*llu to %.*s%0*llu (%s)",
                   SUMMARY_SPAN(blank.prefix), blank.digits, (unsigned long long)blank.first,
                   SUMMARY_SPAN(blank.prefix), blank.digits, (unsigned long long)blank.last,
                   summary_enum(ROW_ENUM_REASON, blank.reason));
}

/* --- issuers --- */

static void issuer_parts(struct summary_text *s, const char *id, const struct row_issuer *old,
                         const struct row_issuer *now)
{
    struct elements none = {0};
    struct elements old_licences =
        old == NULL ? none : (struct elements){old->licences, old->licence_count};
    struct elements licences = {now->licences, now->licence_count};
    struct elements old_suspensions =
        old == NULL ? none : (struct elements){old->suspensions, old->suspension_count};
    struct elements suspensions = {now->suspensions, now->suspension_count};
    show_missing(s, id, licences, old_licences, read_licence, "licence added", false);
    show_missing(s, id, old_licences, licences, read_licence, "licence no longer so", false);
    show_missing(s, id, suspensions, old_suspensions, read_suspension, "suspension added", false);
    show_missing(s, id, old_suspensions, suspensions, read_suspension, "SUSPENSION NO LONGER SO",
                 true);
}

static bool same_names(const struct row_names *a, const struct row_names *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = span_equal(a->name[i].lang, b->name[i].lang) &&
               span_equal(a->name[i].text, b->name[i].text);
    }
    return same;
}

void summary_names(struct summary_text *s, const char *subject, const struct row_names *old,
                   const struct row_names *now)
{
    char before[SUMMARY_TITLE_SIZE];
    char after[SUMMARY_TITLE_SIZE];
    if (same_names(old, now)) {
        return;
    }
    (void)summary_title(old, before);
    (void)summary_title(now, after);
    if (span_equal(row_name(old, span_str("en")), row_name(now, span_str("en")))) {
        summary_item(s, "%s: \"%s\" has other names in other languages", subject, after);
    } else {
        summary_item(s, "%s: \"%s\" is now \"%s\"", subject, before, after);
    }
}

static void issuer_changed(struct summary_text *s, const char *id, const struct row_issuer *old,
                           const struct row_issuer *now)
{
    summary_names(s, id, &old->names, &now->names);
    if (old->kind != now->kind) {
        summary_item(s, "%s: %s is now %s", id, summary_enum(ROW_ENUM_ISSUER_KIND, (int)old->kind),
                     summary_enum(ROW_ENUM_ISSUER_KIND, (int)now->kind));
    }
    if (!span_equal(old->parent, now->parent)) {
        summary_item(s, "%s: acts for \"%.*s\", no longer for \"%.*s\"", id,
                     SUMMARY_SPAN(now->parent), SUMMARY_SPAN(old->parent));
    }
    issuer_parts(s, id, old, now);
}

void summary_issuer(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    struct row_issuer old;
    struct row_issuer now;
    char id[40];
    char name[SUMMARY_TITLE_SIZE];
    bool was = row_issuer_decode(old_row->bytes, &old);
    bool is = row_issuer_decode(row->bytes, &now);
    (void)snprintf(id, sizeof id, "%.*s", SUMMARY_SPAN(is ? now.id : old.id));
    if (!is) {
        summary_item(s, "- %s \"%s\"", id, summary_title(&old.names, name));
        summary_warn(s, "the issuer %s is gone; issuers end, they are not deleted", id);
    } else if (!was) {
        summary_item(s, "+ %s \"%s\", %s", id, summary_title(&now.names, name),
                     summary_enum(ROW_ENUM_ISSUER_KIND, (int)now.kind));
        issuer_parts(s, id, NULL, &now);
    } else {
        issuer_changed(s, id, &old, &now);
    }
}

/* --- allotments, centres, blanks --- */

static void allotment(struct summary_text *s, const char *issuer, const struct row_status *old,
                      const struct row_status *now)
{
    if (old == NULL) {
        summary_item(s, "+ %s: indices below %u may exist", issuer, now->allotment);
    } else if (old->allotment != now->allotment) {
        summary_item(s, "%s: indices below %u may exist, was %u", issuer, now->allotment,
                     old->allotment);
    }
    if (old != NULL && now->allotment < old->allotment) {
        summary_warn(s,
                     "the allotment of %s shrinks from %u to %u: certificates beyond it become "
                     "NOT VALID",
                     issuer, old->allotment, now->allotment);
    }
}

void summary_allotment(struct summary_text *s, const struct row *old_row, const struct row *row)
{
    struct row_status old;
    struct row_status now;
    char issuer[40];
    bool was = row_status_decode(old_row->bytes, &old);
    bool is = row_status_decode(row->bytes, &now);
    struct elements none = {0};
    (void)snprintf(issuer, sizeof issuer, "%.*s", SUMMARY_SPAN(is ? now.issuer : old.issuer));
    if (is) {
        allotment(s, issuer, was ? &old : NULL, &now);
    } else {
        summary_item(s, "- %s", issuer);
        summary_warn(s, "the allotment of %s is gone", issuer);
    }
    struct elements old_centres = was ? (struct elements){old.centres, old.centre_count} : none;
    struct elements centres = is ? (struct elements){now.centres, now.centre_count} : none;
    struct elements old_blanks = was ? (struct elements){old.blanks, old.blank_count} : none;
    struct elements blanks = is ? (struct elements){now.blanks, now.blank_count} : none;
    show_missing(s, issuer, centres, old_centres, read_centre, "revoked centre", false);
    show_missing(s, issuer, old_centres, centres, read_centre, "CENTRE NO LONGER REVOKED SO", true);
    show_missing(s, issuer, blanks, old_blanks, read_blank, "revoked blanks", false);
    show_missing(s, issuer, old_blanks, blanks, read_blank, "BLANKS NO LONGER REVOKED SO", true);
}
