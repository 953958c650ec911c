/* SPDX-License-Identifier: Apache-2.0
 *
 * A card of ours that becomes the chip of a certificate: looked at, opened with the issuer's keys,
 * emptied, given a key pair, written, read back, challenged and locked, over any struct card_io.
 * Every step may be the last before the card is pulled; whatever then is on it is not green for a
 * verifier, and writing it again with the same certificate ends where it would have ended.
 * Knows no reader, no registry and no files; prints nothing.
 */
#ifndef ISSUER_CHIP_WRITER_H
#define ISSUER_CHIP_WRITER_H

#include "devices/card_holding.h"
#include "devices/card_manage.h"
#include "issuer/issue.h"
#include "wire/card_sample.h"

/* The version that an issuer's keys get on its cards tells cards of sample data from all others. */
enum { CHIP_KEYS = SCP03_FIRST_VERSION, CHIP_KEYS_SAMPLE = CARD_SAMPLE_KEY_VERSION };

enum chip_error {
    CHIP_OK = 0,
    CHIP_IO,         /* the card or its reader: see io_error */
    CHIP_SAMPLE,     /* a card of sample data, and a station of real ones */
    CHIP_NOT_SAMPLE, /* the other way round */
    CHIP_DIFFERS,    /* what was read back is not what was written */
    CHIP_UNPROVED,   /* the card does not prove the key it was given */
    CHIP_PHOTO,      /* the photo is larger than a card holds */
};

/* Whose keys open cards. */
struct chip_keys {
    const struct card_key_master *transport; /* the factory's, for new cards; NULL: not given */
    const struct card_key_master *issuer;    /* NULL: not given */
    uint8_t version;                         /* CHIP_KEYS or CHIP_KEYS_SAMPLE */
};

struct chip_writer {
    struct issue_chip chip; /* for a session of issuing, once has_key */
    bool has_key;
    struct chip_keys keys;
    struct card_io io;
    struct card_session session;
    struct card_manage manage;
    bool opened; /* the channel is open */
    enum card_io_error io_error;
    enum chip_error failure;          /* of the last chip.write */
    uint8_t room[CARD_APP_MAX_PHOTO]; /* a file that was read */
};

/* Looks at a card. `io` is copied and stays the caller's to close; `keys` is copied, and the master
 * keys behind it are borrowed. The card behind `io` and the masters must outlive the writer.
 * `writer->chip` points to the writer, which must not be moved. Ended by chip_writer_close() in any
 * case. */
MUST_USE enum chip_error chip_writer_open(struct chip_writer *writer, const struct card_io *io,
                                          const struct chip_keys *keys);

/* Ends the channel and wipes its keys. In any state. */
void chip_writer_close(struct chip_writer *writer);

/* Whether it is somebody's already: a certificate is on it, or its issuer has begun to finish it.
 */
bool chip_writer_is_taken(const struct chip_writer *writer);

/* What the first certificate on it says of itself; its number is "" when there is none. */
MUST_USE enum chip_error chip_writer_label(struct chip_writer *writer,
                                           struct card_label *ret_label);

/* Opens the channel, if it is not: the card then is one of the factory's or of the issuer's. One
 * try of the card is spent when it is not (WIRE.md), never two. */
MUST_USE enum chip_error chip_writer_unlock(struct chip_writer *writer);

/* Takes everything from the card but the keys of the channel, in whatever state it is: it is BLANK
 * then, and has no key pair. The channel is closed. */
MUST_USE enum chip_error chip_writer_erase(struct chip_writer *writer);

/* Has the card, which is BLANK, make a key pair in place of the one it may have; no other file of
 * the credential application is on it then. */
MUST_USE enum chip_error chip_writer_make_key(struct chip_writer *writer);

/* Brings the card from wherever it is to LOCKED, with this certificate and this photo (an empty
 * span: none) and no other file. What is there already is not written again. */
MUST_USE enum chip_error chip_writer_write(struct chip_writer *writer, struct span document,
                                           const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                           struct span photo);

/* One phrase that fits "READER: PHRASE". A constant string. */
const char *chip_writer_text(const struct chip_writer *writer, enum chip_error error);

#endif
