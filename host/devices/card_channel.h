/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of SCP03 (GlobalPlatform Card Specification v2.3, Amendment D v1.1.2; WIRE.md,
 * "Commands of the credential application"): random card challenge, levels 01, 03, 11 and 13.
 * Believes nothing: a card that does not know the keys, and every changed, shortened, repeated or
 * invented answer, ends the channel and is named. Knows no command's meaning.
 */
#ifndef DEVICES_CARD_CHANNEL_H
#define DEVICES_CARD_CHANNEL_H

#include "devices/card_command.h"
#include "devices/card_keys.h"

enum { CARD_CHANNEL_BLOCK = 16 };

enum card_channel_phase { CARD_CHANNEL_CLOSED, CARD_CHANNEL_CHALLENGED, CARD_CHANNEL_OPEN };

/* All zeros: closed. The caller closes it, which wipes its keys. */
struct card_channel {
    const struct card_io *io;
    struct card_traffic *traffic; /* may be NULL */
    enum card_channel_phase phase;
    uint8_t serial[SCP03_DIVERSIFICATION]; /* as the card gives it; true once the channel is open */
    uint8_t version; /* of the card's keys: SCP03_TRANSPORT_VERSION, 30 to 3F */
    uint8_t level;
    uint8_t key_len;
    uint8_t context[2 * SCP03_CHALLENGE]; /* host's challenge ‖ card's challenge */
    uint8_t card_cryptogram[SCP03_CRYPTOGRAM];
    uint8_t s_enc[CARD_KEY_MAX], s_mac[CARD_KEY_MAX], s_rmac[CARD_KEY_MAX];
    uint8_t chain[CARD_CHANNEL_BLOCK];   /* MAC chaining value */
    uint8_t counter[CARD_CHANNEL_BLOCK]; /* of commands, for their encryption */
};

/* INITIALIZE UPDATE, to whichever application is selected: afterwards serial and version are known,
 * and not yet believed. It costs the card one of its SCP03_TRIES, and up to SCP03_DELAY_MAX_MS;
 * opening the channel gives all of them back. CARD_IO_SHUT: too many wrong keys were tried. `io`
 * and `traffic` must outlive the channel. */
MUST_USE enum card_io_error card_channel_begin(struct card_channel *channel,
                                               const struct card_io *io,
                                               struct card_traffic *traffic);

/* Checks the card's cryptogram, then EXTERNAL AUTHENTICATE at a level of SCP03_LEVEL_... bits.
 * CARD_IO_WRONG_KEYS: the card does not have these keys, and was shown nothing; the try that the
 * challenge has cost stays spent. The channel is closed unless CARD_IO_OK. */
MUST_USE enum card_io_error card_channel_finish(struct card_channel *channel,
                                                const struct card_key_set *keys, uint8_t level);

/* Both, with keys derived from the master key of the kind that the card says it has: the factory's,
 * or the issuer's. Either may be NULL; CARD_IO_NO_KEYS: that one is. `keys` become the card's, to
 * be wiped; its version says whose were asked for also after an error, 0: the card did not say. */
MUST_USE enum card_io_error
card_channel_open(struct card_channel *channel, const struct card_io *io,
                  struct card_traffic *traffic, const struct card_key_master *transport,
                  const struct card_key_master *issuer, uint8_t level, struct card_key_set *keys);

/* Wraps a command (its class as it is outside the channel, its data in plain, ne without the MAC),
 * sends it and takes the MAC off the answer. `room` needs SCP03_MAC + 2 bytes more than the most
 * data expected. Status words are the caller's to judge. Failures carry no MAC: anybody on the line
 * can make one, so that nothing may follow from a failure that is worse than ending here.
 * CARD_IO_TAMPERED: the answer has no MAC or a wrong one. Any error closes the channel, and so does
 * 6982 or 6988, with which the card does.
 * After 6700 to an extended STORE DATA the channel goes on as if it had not been sent, so that the
 * same may be sent again in smaller blocks: it is a reader that refuses the length, as the card
 * itself has no such answer to STORE DATA. To other commands it has, behind the channel. */
MUST_USE enum card_io_error card_channel_send(struct card_channel *channel,
                                              const struct apdu *command, uint8_t *room, size_t cap,
                                              struct apdu_response *ret_response);

/* Wipes everything. In any state. */
void card_channel_close(struct card_channel *channel);

#endif
