/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of "saksi card" and what they share: the reader, the card in it, and messages.
 */
#ifndef CLI_CARD_H
#define CLI_CARD_H

#include "cli/judge.h"
#include "devices/card_holding.h"
#include "devices/card_reader.h"

#define CARD_DEFAULT_WAIT_S 30
#define CARD_MAX_WAIT_S     3600
#define CARD_SESSION_S      60 /* from the card's coming to the last byte read */

struct card_options {
    struct judge judge; /* with the settings; a verdict is made by verify only */
    const char *reader; /* NULL: any */
    unsigned wait_s;
    const char *out;   /* NULL: none */
    const char *paper; /* NULL: none */
};

/* Each returns an exit status. */
int card_list(struct card_options *o);
int card_status(struct card_options *o);
int card_read(struct card_options *o);
int card_verify(struct card_options *o);

/* A card that was presented, and the conversation with it. */
struct card_guest {
    struct card_readers *readers;
    char reader[CARD_READER_NAME_SIZE];
    struct card_session session;
};

/* Waits for a card and opens the application on it. On failure says why, and returns an exit
 * status; 0 otherwise. To be closed in either case. */
int card_guest_open(const struct card_options *o, struct card_guest *ret_guest);
void card_guest_close(struct card_guest *guest);

/* Says what went wrong with the card in a reader (NULL: before there was one) and returns the exit
 * status for it. */
int card_failed(const char *reader, enum card_io_error error);

#endif
