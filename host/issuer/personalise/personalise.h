/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of "saksi card" that need rights over cards, and what they share: the keys that
 * open cards, and the card in the reader.
 */
#ifndef ISSUER_PERSONALISE_H
#define ISSUER_PERSONALISE_H

#include "devices/card_presented.h"
#include "issuer/chip_writer.h"
#include "issuer/program/options.h"
#include "issuer/token_writer.h"

#define PERSONALISE_SESSION_S 120 /* with one card, from its coming to its release */

/* Each gets its own name as argv[0] and returns an exit status. */
int personalise_cards(int argc, char **argv);
int personalise_erase(int argc, char **argv);
int personalise_keys(int argc, char **argv);

/* --- which card, and how long to wait for it --- */

struct guest_options {
    const char *reader; /* NULL: any */
    const char *wait;   /* as given; NULL: CARD_PRESENTED_WAIT_S */
    unsigned wait_s;
};
MUST_USE int guest_options_check(struct guest_options *options, const char *command);

/* --- the keys that open cards --- */

struct key_options {
    const char *issuer, *transport; /* files; NULL: those in the station's folder */
    const char *management;         /* of PIV cards; NULL: cards of ours are asked for */
};

/* The master keys of a station, or the management key of PIV cards. Wiped by key_ring_wipe. */
struct key_ring {
    char issuer_path[STATION_PATH_MAX], transport_path[STATION_PATH_MAX]; /* for messages */
    struct card_key_master issuer, transport;
    bool has_transport;
    struct card_piv_management management;
    const char *management_path; /* NULL: no such key, but master keys */
    bool sample;                 /* the station's */
};

/* Reads them from the files named, or cards.key and transport.key in the station's folder. A sample
 * station without files uses the keys that everyone knows; a real one refuses those. With a
 * management key that one alone. STATUS_OK, or the status to exit with, after a message. */
MUST_USE int key_ring_open(struct key_ring *ring, const struct key_options *options,
                           const struct station *station, const char *folder);
void key_ring_wipe(struct key_ring *ring);
struct chip_keys key_ring_keys(const struct key_ring *ring);

/* --- the card in the reader --- */

struct guest;

/* How one kind of card becomes the chip of a certificate. Each says what went wrong, with the card
 * or with which key, and returns STATUS_OK or the status to exit with. */
struct guest_kind {
    int (*look)(struct guest *guest);        /* fills in taken, label, chip, key */
    int (*erase)(struct guest *guest);       /* takes away what was issued on it */
    int (*make_key)(struct guest *guest);    /* fills in chip */
    int (*blame)(const struct guest *guest); /* after chip->write failed, and said why */
    void (*close)(struct guest *guest);      /* in any state */
};
extern const struct guest_kind guest_chip, guest_token; /* cards of ours, and PIV cards */

struct guest {
    const struct key_ring *ring;
    const struct guest_kind *kind;
    struct card_readers *readers;
    char reader[CARD_READER_NAME_SIZE];
    struct card_io io;             /* close is NULL while no card is connected */
    bool taken;                    /* it is somebody's already */
    struct card_label label;       /* of the certificate on it */
    const struct issue_chip *chip; /* what is issued with the card; NULL while it has no key */
    const uint8_t *key;            /* thumbprint, also of a key that does not answer; NULL: none */
    union {
        struct chip_writer writer;
        struct token_writer token;
    };
};

/* Connects to the card service, for cards of the kind whose keys are there. STATUS_OK, or the
 * status to exit with, after a message; the same holds for guest_wait. guest_close in any case. */
MUST_USE int guest_open(struct guest *guest, const struct key_ring *ring);
void guest_close(struct guest *guest);

/* Waits for a card and looks at it. `what` tells a person whom the card is for, when there is none
 * yet. */
MUST_USE int guest_wait(struct guest *guest, const struct guest_options *options, const char *what);

/* The time with a card that is left, which guest_wait began to count, is not counted, or is counted
 * from the beginning: while a person is asked, and afterwards. */
void guest_pause(void);
void guest_go_on(void);

/* Refuses to erase a card that a certificate of this station waits for: its key goes, and what was
 * signed for it could never be finished. */
MUST_USE int guest_refuse_awaited(const struct guest *guest, const struct opened *opened,
                                  const char *station);

/* Erases the card, and says what may be gone from it when that did not come to its end. */
MUST_USE int guest_erase(struct guest *guest);

/* Lets the card go, and then waits until it is out of the reader. */
void guest_release(struct guest *guest);
MUST_USE int guest_wait_empty(struct guest *guest, const struct guest_options *options);

/* --- what is printed of a certificate --- */

struct outcome_place {
    const char *reader;
    bool sample, json;
};
void outcome_print(const struct issue_item *item, const struct outcome_place *place);
void outcome_print_json(const struct issue_item *item, const struct outcome_place *place);

#endif
