/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of "saksi card" that need rights over cards, and what they share: the keys that
 * open cards, and the card in the reader.
 */
#ifndef ISSUER_PERSONALISE_H
#define ISSUER_PERSONALISE_H

#include "devices/card_reader.h"
#include "issuer/chip_writer.h"
#include "issuer/program/options.h"
#include "issuer/token_writer.h"

#define PERSONALISE_WAIT_S     30
#define PERSONALISE_MAX_WAIT_S 3600
#define PERSONALISE_SESSION_S  120 /* with one card, from its coming to its release */

/* Each gets its own name as argv[0] and returns an exit status. */
int personalise_cards(int argc, char **argv);
int personalise_erase(int argc, char **argv);
int personalise_keys(int argc, char **argv);

/* --- which card, and how long to wait for it --- */

struct guest_options {
    const char *reader; /* NULL: any */
    const char *wait;   /* as given; NULL: PERSONALISE_WAIT_S */
    unsigned wait_s;
};
MUST_USE int guest_options_check(struct guest_options *options, const char *command);

/* --- the keys that open cards --- */

struct key_options {
    const char *issuer, *transport; /* files; NULL: those in the station's folder */
};

/* The master keys of a station. Wiped by key_ring_wipe. */
struct key_ring {
    char issuer_path[STATION_PATH_MAX], transport_path[STATION_PATH_MAX]; /* for messages */
    struct card_key_master issuer, transport;
    bool has_transport;
    bool sample;
};

/* Reads them from the files named, or cards.key and transport.key in the station's folder. A sample
 * station without files uses the keys that everyone knows; a real one refuses those. STATUS_OK, or
 * the status to exit with, after a message. */
MUST_USE int key_ring_open(struct key_ring *ring, const struct key_options *options,
                           const struct station *station, const char *folder);
void key_ring_wipe(struct key_ring *ring);
struct chip_keys key_ring_keys(const struct key_ring *ring);

/* --- the card in the reader --- */

struct guest {
    const struct key_ring *ring;
    struct card_readers *readers;
    char reader[CARD_READER_NAME_SIZE];
    struct card_io io; /* close is NULL while no card is connected */
    struct chip_writer writer;
    const struct card_piv_management *management; /* NULL: cards of ours; else PIV cards */
    struct token_writer token;
};

/* The reader's name for people: printable ASCII, good until the next call. */
const char *guest_reader(const struct guest *guest);

/* Connects to the card service. STATUS_OK, or the status to exit with, after a message; the same
 * holds for all below. guest_close in any case. */
MUST_USE int guest_open(struct guest *guest, const struct key_ring *ring);
void guest_close(struct guest *guest);

/* Waits for a card and looks at it. `what` tells a person whom the card is for, when there is none
 * yet. */
MUST_USE int guest_wait(struct guest *guest, const struct guest_options *options, const char *what);

/* Lets the card go, and then waits until it is out of the reader. */
void guest_release(struct guest *guest);
MUST_USE int guest_wait_empty(struct guest *guest, const struct guest_options *options);

/* What is issued with the card, or NULL while it has no key. */
const struct issue_chip *guest_chip(const struct guest *guest);

/* Has the card make a new key. */
MUST_USE int guest_make_key(struct guest *guest);

/* Says what went wrong with the card, and with which key, and returns the status for it. */
int guest_say(const struct guest *guest, enum chip_error error);

#endif
