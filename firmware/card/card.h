/* SPDX-License-Identifier: Apache-2.0
 *
 * The card: commands in, responses out. WIRE.md, "The card", says what each command does. One of
 * its applications is selected at a time; what was shown to one ends when another one is.
 */
#ifndef CARD_CARD_H
#define CARD_CARD_H

#include "piv.h"
#include "scp03.h"
#include "store.h"

enum {
    /* The largest command: extended length fields, padding and MAC around the most data. */
    CARD_MAX_COMMAND = 4 + 3 + CARD_APP_MAX_NC + CARD_BLOCK + SCP03_MAC + 2,
    CARD_MAX_RESPONSE = CARD_APP_MAX_NE + SCP03_MAC + 2
};

/* One is selected; as bits, so that a command in card.c's table can be of several. */
enum card_application {
    APPLICATION_NONE = 0,
    APPLICATION_CREDENTIAL = 1,
    APPLICATION_PIV = 2,
    APPLICATION_NDEF = 4
};

struct card {
    const struct card_port *port;
    enum card_interface interface;
    struct store store;
    struct scp03 channel;
    struct piv piv;
    uint8_t state;         /* enum card_app_state */
    uint8_t application;   /* enum card_application: the selected one */
    uint16_t file;         /* the current file, or 0 */
    uint8_t streaming;     /* INS of the command that goes on writing an object, or 0; ... */
    uint8_t block;         /* ... STORE DATA with this block */
    bool chained;          /* parts of a chain are in `command`, ... */
    uint8_t chain_head[4]; /* ... of the command with this head */
    size_t command_len;
    size_t left;      /* bytes of the response that GET RESPONSE has not fetched, ... */
    size_t sent;      /* ... behind these */
    uint8_t source;   /* the object that is the response, or 0: `response` */
    uint16_t last_sw; /* and the status word behind the last of them */
    uint8_t command[CARD_APP_MAX_NC + CARD_BLOCK]; /* data, of a chain or unwrapped */
    uint8_t response[CARD_APP_MAX_NE + SCP03_MAC];
};

/* Power on or reset. `port` must outlive the card. Storage that cannot be read leaves a card that
 * answers every command with SW_MEMORY_FAILURE. */
void card_start(struct card *card, const struct card_port *port, enum card_interface interface);

/* How many long things the command may do before it is answered, for ports whose reader must be
 * asked for time beforehand: a key pair made or used, a move of the journal (erasing an area and
 * filling the other), the wait after wrong keys (SCP03_DELAY_MAX_MS at most). The port knows how
 * long the longest of these takes. 0: none, also for what will be refused. */
uint8_t card_patience(const struct card *card, struct span command);

/* One command; returns the length of the response, at least 2. `response` has room for
 * CARD_MAX_RESPONSE bytes and may be where the command lies. */
size_t card_transmit(struct card *card, struct span command, uint8_t *response);

#endif
