/* SPDX-License-Identifier: Apache-2.0
 *
 * One session of SCP03 (GlobalPlatform Card Specification v2.3, Amendment D v1.1.2), the card's
 * side. Knows keys, MACs and padding, not which commands need them and not where keys are kept.
 */
#ifndef CARD_SCP03_H
#define CARD_SCP03_H

#include "crypto.h"
#include "wire/apdu.h"
#include "wire/card_app.h"

enum scp03_phase { SCP03_CLOSED, SCP03_CHALLENGED, SCP03_OPEN };

struct scp03 {
    enum scp03_phase phase;
    uint8_t level; /* SCP03_LEVEL_... bits, when open */
    uint8_t key_bytes;
    uint8_t context[2 * SCP03_CHALLENGE]; /* host's challenge ‖ card's challenge */
    uint8_t s_enc[CARD_KEY_MAX_BYTES];
    uint8_t s_mac[CARD_KEY_MAX_BYTES];
    uint8_t s_rmac[CARD_KEY_MAX_BYTES];
    uint8_t chain[CARD_BLOCK];   /* MAC chaining value */
    uint8_t counter[CARD_BLOCK]; /* of commands, for their encryption */
};

/* Forgets everything. */
void scp03_close(struct scp03 *channel);

/* INITIALIZE UPDATE: derives the session's keys (§6.2.1) and the card's cryptogram (§6.2.2). */
void scp03_challenge(struct scp03 *channel, const struct card_keys *keys,
                     const uint8_t host_challenge[SCP03_CHALLENGE],
                     const uint8_t card_challenge[SCP03_CHALLENGE],
                     uint8_t cryptogram[SCP03_CRYPTOGRAM]);

/* EXTERNAL AUTHENTICATE: opens the channel at the level in P1 when host cryptogram and MAC are
 * right; closes it otherwise. The command's data is 16 bytes. */
MUST_USE bool scp03_authenticate(struct scp03 *channel, const struct apdu *command);

/* Takes the MAC, and the encryption at that level, off a command. The plain data lies in `room`,
 * of CARD_APP_MAX_NC + CARD_BLOCK bytes. SW_OK; or SW_SECURITY when the MAC is wrong or the
 * channel not open, SW_MESSAGING_WRONG when what was encrypted is no padded data: the channel is
 * then closed. */
MUST_USE uint16_t scp03_unwrap(struct scp03 *channel, struct apdu *command, uint8_t *room);

/* Adds the MAC that the level asks for to the data of a response to a wrapped command; failures
 * carry none. */
void scp03_wrap(struct scp03 *channel, struct writer *data, uint16_t sw);

#endif
