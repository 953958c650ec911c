/* SPDX-License-Identifier: Apache-2.0
 *
 * Card readers through PC/SC (pcsclite): which there are, waiting for a card, and a struct card_io
 * over one. Knows nothing of what cards say.
 */
#ifndef DEVICES_CARD_READER_H
#define DEVICES_CARD_READER_H

#include "devices/card_io.h"

enum {
    CARD_READER_MAX = 16,        /* readers that are looked at; pcsclite has no more */
    CARD_READER_NAME_SIZE = 128, /* with its NUL, as pcsclite has it */
    CARD_READER_ATR_MAX = 33     /* ISO/IEC 7816-3 §8.2.1 */
};

struct card_reader_state {
    char
        name[CARD_READER_NAME_SIZE]; /* text as WIRE.md allows it; "?" for each byte that is none */
    char id[CARD_READER_NAME_SIZE];  /* the name as the service has it */
    bool present;                    /* a card is in it */
    bool mute;                       /* which does not answer to power */
    bool in_use;                     /* by another program */
    uint8_t atr[CARD_READER_ATR_MAX];
    size_t atr_len;
    unsigned
        changes; /* cards that came or went since the service knows the reader, modulo 65,536 */
    unsigned long word; /* the service's own word for all this, for card_readers_sleep */
};

struct card_readers;

/* Connects to the card service. CARD_IO_NO_SERVICE when it does not run, CARD_IO_DENIED when it
 * is not for this user. */
MUST_USE enum card_io_error card_readers_open(struct card_readers **ret_readers);
void card_readers_close(struct card_readers *readers);

/* The readers there are now, at most CARD_READER_MAX; none is CARD_IO_OK and 0. */
MUST_USE enum card_io_error card_readers_list(struct card_readers *readers,
                                              struct card_reader_state ret_state[CARD_READER_MAX],
                                              size_t *ret_count);

/* The reader of that name, which everything here means as in struct card_reader_state: the first,
 * where names differ only in what is no text. NULL: there is none. */
const struct card_reader_state *card_readers_find(const struct card_reader_state *state,
                                                  size_t count, const char *name);

/* Waits for a card in the reader of that name, or in any when it is NULL; readers may come and go
 * meanwhile. Several cards: the reader that is listed first. timeout_ms 0 looks once.
 * CARD_IO_NO_READER when there is no such reader at the end, CARD_IO_NO_CARD when no card came,
 * CARD_IO_MUTE when the card that came does not answer. */
MUST_USE enum card_io_error card_readers_wait(struct card_readers *readers, const char *name,
                                              unsigned timeout_ms,
                                              char ret_name[CARD_READER_NAME_SIZE]);

/* Sleeps until a reader comes or goes, or one of the `count` readers is in another state than
 * `known`; at most `most_ms`, and wakes up now and then without a reason. CARD_IO_OK in any case
 * but that of a service or library that fails. */
MUST_USE enum card_io_error card_readers_sleep(struct card_readers *readers,
                                               const struct card_reader_state *known, size_t count,
                                               unsigned most_ms);

/* Waits until no card is in that reader. CARD_IO_NO_CARD when there still is one at the end. */
MUST_USE enum card_io_error card_readers_wait_empty(struct card_readers *readers, const char *name,
                                                    unsigned timeout_ms);

/* Connects to the card in a reader and begins a transaction, so that no other program comes between
 * two commands. The caller calls ret_io->close, which resets the card, before closing `readers`. */
MUST_USE enum card_io_error card_readers_connect(struct card_readers *readers, const char *name,
                                                 struct card_io *ret_io);

#endif
