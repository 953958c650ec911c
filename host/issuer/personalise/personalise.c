/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card personalise RECORD...: one card after the other. A card that something waits for is
 * finished first, whatever else was asked for; every other one is made anew, with a new key.
 */
#include <stdio.h>

#include "issuer/program/issue_work.h"
#include "personalise.h"

static const char help[] =
    "Usage: saksi card personalise --station DIR [OPTION]... [RECORD.json...]\n"
    "Issue certificates on cards: the card makes a key, the record is signed for that\n"
    "key, the card is written, read back, challenged and locked, then the files and\n"
    "pages are written, which carry the same bytes. Several records: one card after\n"
    "the other. A card that was taken out too early is finished by presenting it\n"
    "again, with or without a record.\n"
    "\n"
    "  --station DIR          the station's folder (default: the current one)\n"
    "  --reader NAME          the reader, as saksi card list names it\n"
    "                         (default: any with a card)\n"
    "  --wait SECONDS         for each card (default 30; 0: not at all)\n"
    "  --photo FILE           put this JPEG photo on the card, of at most 16,384\n"
    "                         bytes; for a single record\n"
    "  --erase                take away what is on the card; without it a card that\n"
    "                         belongs to someone is refused\n"
    "  --keys FILE            the issuer's master key for cards\n"
    "                         (default: cards.key in the station's folder)\n"
    "  --transport-keys FILE  the key of new cards, from their factory\n"
    "                         (default: transport.key there)\n"
    "  --management-key FILE  write PIV cards, with this AES key (32, 48 or 64\n"
    "                         hexadecimal digits)\n"
    "  --out DIR, --a4, --card, --no-pdf, --duplicate, --sibling, --resume,\n"
    "  --password-file FILE   as in saksi issue\n"
    "  --json                 one JSON object a certificate\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all cards are finished, 64 usage, 65 a record or card cannot be\n"
    "used, 70 internal error, 73 cannot create, 74 the card, or a file, could not be\n"
    "read or written, 77 key.\n"
    "Example: saksi card personalise --station hall --photo siti.jpg siti.json\n";

enum { LAST_CARDS = 64 };

struct work {
    struct issue_work issue;
    struct guest_options card;
    struct key_options keys;
    bool erase, json;
    struct key_ring ring;
    struct guest guest;
    size_t finished; /* of earlier runs, on the card at hand */
    /* Keys of cards that were finished in this run: the last ones are still at hand. */
    uint8_t made[LAST_CARDS][CRYPTO_SHA256_SIZE];
    size_t made_count;
};

/* --- options --- */

static int parse(int argc, char **argv, struct work *w)
{
    struct issue_options *o = &w->issue.options;
    const struct option_row rows[] = {
        {.name = "reader", .text = &w->card.reader},
        {.name = "wait", .text = &w->card.wait},
        {.name = "erase", .flag = &w->erase},
        {.name = "keys", .text = &w->keys.issuer},
        {.name = "transport-keys", .text = &w->keys.transport},
        {.name = "management-key", .text = &w->keys.management},
        {.name = "json", .flag = &w->json},
    };
    int status =
        issue_options_take(argc, argv, "personalise", help, rows, sizeof rows / sizeof rows[0], o);
    if (status == STATUS_OK && o->check) {
        status = say(STATUS_USAGE, "personalise: --check is for saksi issue");
    }
    if (status == STATUS_OK && w->keys.management != NULL && o->photo != NULL) {
        status = say(STATUS_USAGE, "personalise: a PIV card has no room for a photo: leave --photo "
                                   "out, or --management-key for a card that has");
    }
    return status != STATUS_OK ? status : guest_options_check(&w->card, "personalise");
}

/* --- what is done --- */

static void print_item(const struct work *w, const struct issue_item *item)
{
    const struct outcome_place place = {w->guest.reader, w->ring.sample, w->json};
    outcome_print(item, &place);
}

static bool is_same_number(const struct issue_item *a, const struct issue_item *b)
{
    uint8_t room[2][CERTIFICATE_NUMBER_MAX];
    return span_equal(
        certificate_number_key(credential_text(&a->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER),
                               room[0]),
        certificate_number_key(credential_text(&b->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER),
                               room[1]));
}

static void note_made(struct work *w)
{
    memcpy(w->made[w->made_count++ % LAST_CARDS], w->guest.chip->thumbprint, CRYPTO_SHA256_SIZE);
}

static bool was_made(const struct work *w)
{
    size_t count = w->made_count < LAST_CARDS ? w->made_count : LAST_CARDS;
    for (size_t i = 0; i < count && w->guest.chip != NULL; i++) {
        if (memcmp(w->made[i], w->guest.chip->thumbprint, CRYPTO_SHA256_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_done(const struct issue_item *item)
{
    return item->outcome == ISSUE_DELIVERED || item->outcome == ISSUE_PASSED_OVER;
}

/* --- a card that something waits for --- */

static void warn_of_photo(const struct work *w, const struct issue_item *item)
{
    struct span given = span_of(w->issue.photo.digest, sizeof w->issue.photo.digest);
    struct span signed_for = credential_text(&item->credential, SAKSI_CLAIM_PHOTO_DIGEST);
    if (w->issue.photo.bytes != NULL && !span_equal(given, signed_for)) {
        (void)say(0, "%s: was not used: the certificate was signed for another photo, or for none",
                  w->issue.options.photo);
    }
}

/* The record of the same number, if one is in the list, has its card now. */
static void tell_finished(void *ctx, const struct issue_item *item)
{
    struct work *w = ctx;
    struct records *records = &w->issue.records;
    print_item(w, item);
    w->finished++;
    if (item->outcome != ISSUE_DELIVERED) {
        return;
    }
    note_made(w);
    for (size_t i = 0; i < records->item_count; i++) {
        if (!is_done(&records->items[i]) && is_same_number(&records->items[i], item)) {
            records->items[i].outcome = ISSUE_DELIVERED;
            warn_of_photo(w, item);
            break; /* siblings have a card each */
        }
    }
}

/* The card's own trouble tells more than that the certificate waits; without any, the registry
 * could not note that the card is finished. */
static int outcome_of(const struct work *w, enum issue_error error, enum registry_error registry)
{
    if (error != ISSUE_NO_CHIP) {
        return issue_work_outcome(&w->issue, error, registry);
    }
    int status = w->guest.kind->blame(&w->guest);
    return say(status == STATUS_OK ? STATUS_IO : status,
               "present the same card again to finish it; if that can never be, \"saksi issue "
               "void\" ends the certificate");
}

/* STATUS_OK with w->finished of 0: nothing waits for this card. */
static int finish_what_waits(struct work *w)
{
    enum registry_error registry = REGISTRY_OK;
    struct issue_session session = issue_work_session(&w->issue);
    session.chip = w->guest.chip;
    w->finished = 0;
    if (session.chip == NULL) {
        return STATUS_OK;
    }
    enum issue_error error = issue_resume(&session, tell_finished, w, &registry);
    return error == ISSUE_OK ? STATUS_OK : outcome_of(w, error, registry);
}

/* --- a card for a new certificate --- */

/* Programs are told on standard output, too. */
static int refuse_card(const struct work *w, struct issue_item *item, enum issue_outcome outcome,
                       const char *why)
{
    item->outcome = outcome;
    (void)snprintf(item->why, sizeof item->why, "%s", why);
    if (w->json) {
        const struct outcome_place place = {w->guest.reader, w->ring.sample, true};
        outcome_print_json(item, &place);
    }
    return say(STATUS_DATA, "%s: %s", w->guest.reader, why);
}

/* Whether the record can be issued now, before anything happens to a card. */
static int check_record(struct work *w, struct issue_item *item, bool any_card)
{
    static const struct issue_chip some_chip; /* a key is as long as any other */
    enum registry_error registry = REGISTRY_OK;
    struct issue_session session = issue_work_session(&w->issue);
    session.chip = &some_chip;
    enum issue_error error = issue_check(&session, item, &registry);
    if (error == ISSUE_REFUSED && registry == REGISTRY_UNFINISHED) {
        struct span number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
        char why[280];
        item->outcome = ISSUE_WAITS_CHIP;
        credential_clear(&item->credential, SAKSI_CLAIM_CNF); /* its card has another key */
        (void)snprintf(
            why, sizeof why,
            "%.*s waits for another card: present that one, or, if it is lost, void the "
            "certificate with \"saksi issue void\"; \"saksi issue status\" tells whether "
            "its files wait, and not its card",
            (int)number.len, (const char *)number.ptr);
        return any_card ? STATUS_OK : refuse_card(w, item, ISSUE_WAITS_CHIP, why);
    }
    if (error != ISSUE_OK || item->outcome == ISSUE_PASSED_OVER) {
        print_item(w, item);
    }
    return error == ISSUE_OK ? STATUS_OK : outcome_of(w, error, registry);
}

static int make_free(struct work *w, struct issue_item *item)
{
    char why[160];
    struct guest *guest = &w->guest;
    const char *number = guest->label.number;
    if (!guest->taken) {
        return STATUS_OK;
    }
    if (was_made(w)) {
        (void)snprintf(why, sizeof why, "this card was finished just now%s%s: take another one",
                       *number == '\0' ? "" : ", with certificate ", number);
        return refuse_card(w, item, ISSUE_FAILED, why);
    }
    if (!w->erase) {
        (void)snprintf(why, sizeof why,
                       "this card already belongs to someone%s%s; --erase takes it away",
                       *number == '\0' ? "" : ": certificate ", number);
        return refuse_card(w, item, ISSUE_FAILED, why);
    }
    int status = guest_refuse_awaited(guest, &w->issue.opened, w->issue.options.station);
    if (status == STATUS_OK) {
        status = guest_erase(guest);
    }
    return status != STATUS_OK
               ? status
               : say(STATUS_OK,
                     "%s: erased certificate %s from this card; where it is in force, it "
                     "stays so until it is void",
                     guest->reader, *number == '\0' ? "of an unknown number" : number);
}

static int make_new(struct work *w, struct issue_item *item)
{
    enum registry_error registry = REGISTRY_OK;
    struct issue_session session = issue_work_session(&w->issue);
    int status = check_record(w, item, false);
    if (status != STATUS_OK || is_done(item)) {
        return status;
    }
    status = make_free(w, item);
    if (status == STATUS_OK) {
        status = w->guest.kind->make_key(&w->guest);
    }
    if (status != STATUS_OK) {
        return status;
    }
    session.chip = w->guest.chip;
    enum issue_error error = issue_batch(&session, item, 1, &registry);
    print_item(w, item);
    if (item->outcome == ISSUE_DELIVERED) {
        note_made(w);
    }
    return error == ISSUE_OK ? STATUS_OK : outcome_of(w, error, registry);
}

/* --- one card after the other --- */

/* "NUMBER (2 of 3)", for whoever puts cards in. */
static void name_record(const struct work *w, const struct issue_item *item, char name[80])
{
    size_t count = w->issue.records.item_count;
    struct span number = {NULL, 0};
    name[0] = '\0';
    if (item == NULL) {
        return;
    }
    number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    int len = snprintf(name, 80, "%.*s", (int)number.len, (const char *)number.ptr);
    if (count > 1 && len > 0) {
        (void)snprintf(name + len, 80 - (size_t)len, " (%zu of %zu)",
                       (size_t)(item - w->issue.records.items) + 1, count);
    }
}

static int serve(struct work *w, struct issue_item *item)
{
    char name[80];
    name_record(w, item, name);
    int status = guest_wait(&w->guest, &w->card, name);
    if (status == STATUS_OK) {
        status = finish_what_waits(w);
    }
    if (status == STATUS_OK && w->finished == 0) {
        status = item != NULL ? make_new(w, item)
                              : say(STATUS_DATA, "%s: nothing waits for this card; name a record",
                                    w->guest.reader);
    }
    guest_release(&w->guest);
    return status;
}

/* Until the record has its card: the one presented may have been waited for by another. What has
 * become of the record meanwhile is found out before a card is asked for. */
static int serve_record(struct work *w, struct issue_item *item, bool *used)
{
    int status = is_done(item) ? STATUS_OK : check_record(w, item, true);
    while (status == STATUS_OK && !is_done(item)) {
        status = *used ? guest_wait_empty(&w->guest, &w->card) : STATUS_OK;
        *used = true;
        status = status != STATUS_OK ? status : serve(w, item);
    }
    return status;
}

static int serve_all(struct work *w)
{
    bool used = false;
    int status = STATUS_OK;
    struct records *records = &w->issue.records;
    for (size_t i = 0; i < records->item_count; i++) {
        int one = check_record(w, &records->items[i], true);
        status = one != STATUS_OK ? one : status;
    }
    if (status == STATUS_OK && records->item_count == 0) {
        return serve(w, NULL);
    }
    for (size_t i = 0; i < records->item_count && status == STATUS_OK; i++) {
        status = serve_record(w, &records->items[i], &used);
    }
    return status;
}

/* Before anything is reserved. */
static int check_photo(const struct work *w)
{
    const struct holder_photo *photo = &w->issue.photo;
    return photo->len <= CARD_APP_MAX_PHOTO
               ? STATUS_OK
               : say(STATUS_DATA,
                     "%s: has %zu bytes, and a card holds %d: save it with fewer pixels (240 x 320 "
                     "are enough) or a lower JPEG quality",
                     w->issue.options.photo, photo->len, CARD_APP_MAX_PHOTO);
}

static int run(struct work *w)
{
    struct issue_work *issue = &w->issue;
    issue->cards_come = true;
    int status = issue_work_read(issue);
    status = status != STATUS_OK ? status : check_photo(w);
    if (status == STATUS_OK) {
        status = key_ring_open(&w->ring, &w->keys, &issue->opened.station, issue->options.station);
    }
    status = status != STATUS_OK ? status : issue_work_prepare(issue);
    status = status != STATUS_OK ? status : issue_work_resume(issue);
    status = status != STATUS_OK ? status : guest_open(&w->guest, &w->ring);
    return status != STATUS_OK ? status : serve_all(w);
}

int personalise_cards(int argc, char **argv)
{
    static struct work w;
    int status = parse(argc, argv, &w);
    if (status == STATUS_OK) {
        status = run(&w);
        guest_close(&w.guest);
        key_ring_wipe(&w.ring);
        issue_work_close(&w.issue);
    }
    return status;
}
