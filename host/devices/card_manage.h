/* SPDX-License-Identifier: Apache-2.0
 *
 * What an issuer does to a card, inside the secure channel with encryption and MACs both ways
 * (level 13): keys, files, life cycle. Every function says by its error what went wrong, and leaves
 * the card as it was before or as it is after, as the card does. Decides nothing: which card, which
 * file and when is the caller's.
 */
#ifndef DEVICES_CARD_MANAGE_H
#define DEVICES_CARD_MANAGE_H

#include "devices/card_channel.h"
#include "devices/card_session.h"

/* An open conversation with rights. `session` is the caller's and must outlive it; its state and
 * its files are brought up to date by what changes them here. */
struct card_manage {
    struct card_session *session;
    struct card_channel channel; /* channel.serial: the card's, authenticated */
    struct card_key_set keys;    /* those the card has now */
    bool transport;              /* they are the factory's: the card is not this issuer's yet */
    uint16_t sw;                 /* the last status word, for messages */
};

/* Opens the channel after card_session_open(), with the errors of card_channel_open().
 * CARD_IO_NO_KEYS and CARD_IO_WRONG_KEYS have cost the card one of its SCP03_TRIES, which it gets
 * back when it is opened; who calls does not try again with the same keys. CARD_IO_SHUT: the card
 * takes no keys any more. */
MUST_USE enum card_io_error card_manage_open(struct card_manage *manage,
                                             struct card_session *session,
                                             const struct card_key_master *transport,
                                             const struct card_key_master *issuer);

/* Ends it and wipes the keys. In any state; the card keeps what it was told. */
void card_manage_close(struct card_manage *manage);

/* Makes the card's key pair, or another one in place of it; the point is checked to be on the
 * curve. CARD_IO_STATE unless the card is BLANK. */
MUST_USE enum card_io_error card_manage_generate(struct card_manage *manage,
                                                 uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES]);

/* Writes a file: CARD_APP_PHOTO, CARD_APP_NDEF, or CARD_APP_CREDENTIAL and the seven behind it. The
 * card shows the old bytes until it has the last of the new ones. No bytes: the file is removed
 * (one that is not there, too). CARD_IO_FULL: too long, or no room. */
MUST_USE enum card_io_error card_manage_store(struct card_manage *manage, uint16_t file,
                                              struct span bytes);

/* Gives the card the keys that `issuer` has for it under `version` (30 to 3F); the check values the
 * card returns are compared. CARD_IO_TAMPERED: they are others. */
MUST_USE enum card_io_error card_manage_put_keys(struct card_manage *manage,
                                                 const struct card_key_master *issuer,
                                                 uint8_t version);

/* SET STATUS: CARD_PERSONALISED, CARD_LOCKED, CARD_TERMINATED (the end of this conversation), or
 * CARD_BLANK, which is card_manage_erase(). CARD_IO_STATE: not from the state the card is in. */
MUST_USE enum card_io_error card_manage_set_state(struct card_manage *manage, uint8_t state);

/* Takes all away but the issuer's keys of the channel: the card is BLANK, and what was bound to its
 * key pair can never be proved again. From any state but TERMINATED. */
MUST_USE enum card_io_error card_manage_erase(struct card_manage *manage);

#endif
