/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card erase: everything goes from a card but the issuer's keys. What the certificate is
 * worth is the registry's to say, not the card's.
 */
#include <stdio.h>
#include <unistd.h>

#include "personalise.h"

static const char help[] =
    "Usage: saksi card erase --station DIR [OPTION]...\n"
    "Take everything from a card of this issuer, or the certificate from a PIV card:\n"
    "it can then be given to somebody else. Its certificate stays in force until it\n"
    "is void (\"saksi issue void\") and the authority has published that.\n"
    "\n"
    "  --station DIR          the station's folder (default: the current one)\n"
    "  --reader NAME          the reader, as saksi card list names it\n"
    "                         (default: any with a card)\n"
    "  --wait SECONDS         how long to wait for a card (default 30; 0: not at all)\n"
    "  --yes                  do not ask\n"
    "  --keys FILE            the issuer's master key\n"
    "                         (default: cards.key in the station's folder)\n"
    "  --transport-keys FILE  the factory's (default: transport.key there)\n"
    "  --management-key FILE  for PIV cards, with this AES key (32, 48 or 64\n"
    "                         hexadecimal digits); key 9E is made anew, too\n"
    "  --help\n"
    "\n"
    "Exit status: 0 the card is empty, 64 usage, 65 the card cannot be used, 74 the\n"
    "card could not be read or written, 77 key.\n"
    "Example: saksi card erase --station hall\n";

struct erasure {
    const char *station;
    struct guest_options card;
    struct key_options keys;
    bool yes;
    struct opened opened;
    struct key_ring ring;
    struct guest guest;
};

static int parse(int argc, char **argv, struct erasure *e)
{
    int rest = 0;
    const struct option_row rows[] = {
        {.name = "station", .text = &e->station},
        {.name = "reader", .text = &e->card.reader},
        {.name = "wait", .text = &e->card.wait},
        {.name = "yes", .flag = &e->yes},
        {.name = "keys", .text = &e->keys.issuer},
        {.name = "transport-keys", .text = &e->keys.transport},
        {.name = "management-key", .text = &e->keys.management},
    };
    e->station = ".";
    int status =
        options_parse(argc, argv, "erase", help, rows, sizeof rows / sizeof rows[0], &rest);
    if (status == STATUS_OK && rest != argc) {
        status = say(STATUS_USAGE, "erase: takes no file; see saksi card erase --help");
    }
    return status != STATUS_OK ? status : guest_options_check(&e->card, "erase");
}

/* --- asking --- */

static bool is_answered_yes(void)
{
    char line[16] = "";
    return fgets(line, sizeof line, stdin) != NULL && strcmp(line, "yes\n") == 0;
}

static int confirm(const struct erasure *e, const char *number)
{
    if (e->yes) {
        return STATUS_OK;
    }
    if (isatty(STDIN_FILENO) == 0) {
        return say(STATUS_USAGE, "%s: holds certificate %s; --yes erases it without being asked",
                   e->guest.reader, number);
    }
    (void)say(0, "%s: erase certificate %s from this card? Type \"yes\"", e->guest.reader, number);
    guest_pause();
    bool yes = is_answered_yes();
    guest_go_on();
    return yes ? STATUS_OK : say(STATUS_USAGE, "nothing was erased");
}

/* --- erasing --- */

/* The certificate that was on the card: not another one of its number, as siblings have it. */
static bool find_in_force(const struct erasure *e, struct registry_entry *ret_entry)
{
    const struct card_label *label = &e->guest.label;
    int64_t after = (int64_t)label->index - 1;
    return registry_next_of_number(e->opened.registry, span_str(label->number), after, ret_entry) ==
               REGISTRY_OK &&
           ret_entry->index == label->index &&
           strcmp(label->issuer, e->opened.station.identity.issuer) == 0;
}

/* A copy of somebody's certificate is no reason to void that one. */
static void tell_what_is_in_force(const struct erasure *e)
{
    const struct card_label *label = &e->guest.label;
    struct registry_entry entry;
    if (!find_in_force(e, &entry)) {
        return;
    }
    if (!label->names_key) {
        (void)printf("certificate %s is in force, and was not this card's: it named another key, "
                     "or none. Its holder may have it\n",
                     entry.number);
        return;
    }
    (void)printf("certificate %s is still in force; if it is not to be: saksi issue void --station "
                 "%s --index %u\n",
                 entry.number, e->station, (unsigned)entry.index);
}

static int erase(struct erasure *e)
{
    struct guest *guest = &e->guest;
    const char *number = guest->label.number;
    const char *name = *number != '\0' ? number : guest->taken ? "of an unknown number" : "none";
    int status = guest_refuse_awaited(guest, &e->opened, e->station);
    if (status == STATUS_OK) {
        status = confirm(e, name);
    }
    if (status == STATUS_OK) {
        status = guest_erase(guest);
    }
    if (status != STATUS_OK) {
        return status;
    }
    (void)printf("erased the card in %s%s: certificate %s\n", guest->reader,
                 e->ring.sample ? " (SAMPLE)" : "", name);
    tell_what_is_in_force(e);
    return STATUS_OK;
}

static int run(struct erasure *e)
{
    int status = opened_station(&e->opened, e->station, true);
    if (status == STATUS_OK) {
        status = key_ring_open(&e->ring, &e->keys, &e->opened.station, e->station);
    }
    if (status == STATUS_OK) {
        status = guest_open(&e->guest, &e->ring);
    }
    if (status == STATUS_OK) {
        status = guest_wait(&e->guest, &e->card, "");
    }
    return status == STATUS_OK ? erase(e) : status;
}

int personalise_erase(int argc, char **argv)
{
    static struct erasure e;
    int status = parse(argc, argv, &e);
    if (status == STATUS_OK) {
        status = run(&e);
        guest_close(&e.guest);
        key_ring_wipe(&e.ring);
        opened_close(&e.opened);
    }
    return status;
}
