/* SPDX-License-Identifier: Apache-2.0
 *
 * The seam between whatever a card is reached through and whoever speaks to it: a reader, the
 * native card, recorded bytes, a fuzzer. And every way in which a card can fail, by name.
 */
#ifndef DEVICES_CARD_IO_H
#define DEVICES_CARD_IO_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum card_io_error {
    CARD_IO_OK = 0,
    CARD_IO_NO_SERVICE,     /* pcscd is not there, or went away */
    CARD_IO_DENIED,         /* pcscd does not let this user in */
    CARD_IO_NO_READER,      /* no reader (of that name), or it was unplugged */
    CARD_IO_NO_CARD,        /* no card came in time */
    CARD_IO_REMOVED,        /* the card was taken away */
    CARD_IO_RESET,          /* another program reset the card */
    CARD_IO_BUSY,           /* another program holds the card */
    CARD_IO_MUTE,           /* the card does not answer */
    CARD_IO_FAILED,         /* the reader or its driver failed */
    CARD_IO_NO_APPLICATION, /* the card answers, but has no certificates of ours */
    CARD_IO_TERMINATED,     /* the card was ended by its issuer */
    CARD_IO_REFUSED,        /* the card refused a command that it must obey */
    CARD_IO_NONSENSE,       /* what the card said is none of the things it may say */
    CARD_IO_NO_KEYS,        /* the key that opens this card was not given */
    CARD_IO_WRONG_KEYS,     /* the card does not have the keys it should have */
    CARD_IO_SHUT,           /* too many wrong keys were tried: it takes none any more */
    CARD_IO_TAMPERED,       /* an answer in the secure channel is not what the card said */
    CARD_IO_STATE,          /* the card's life cycle does not allow it */
    CARD_IO_FULL,           /* the card has no room for it */
    CARD_IO_WORN,           /* the card's memory failed */
    CARD_IO_SYSTEM          /* memory, library */
};

/* One connected card. `transmit` sends a whole command APDU and writes the response, at most `cap`
 * bytes; *ret_len is set with CARD_IO_OK only. After an error other than CARD_IO_NONSENSE the card
 * is not spoken to again. `close` frees `ctx` and leaves the reader as it was found; it may be
 * NULL. */
struct card_io {
    enum card_io_error (*transmit)(void *ctx, struct span command, uint8_t *response, size_t cap,
                                   size_t *ret_len);
    void (*close)(void *ctx);
    void *ctx;
};

/* One phrase that fits "READER: PHRASE", and one word for programs. Constant strings. */
const char *card_io_error_text(enum card_io_error error);
const char *card_io_error_name(enum card_io_error error);

#endif
