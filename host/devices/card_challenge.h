/* SPDX-License-Identifier: Apache-2.0
 *
 * What every card that proves its key is asked to sign, and the check of what it answers (WIRE.md,
 * "The card"). Speaks to no card.
 */
#ifndef DEVICES_CARD_CHALLENGE_H
#define DEVICES_CARD_CHALLENGE_H

#include "devices/card_io.h"
#include "verifier/card_proof.h"
#include "wire/card_app.h"

/* What is hashed and signed: prefix with its NUL ‖ challenge ‖ credential_digest ‖ purpose. */
struct card_challenge {
    uint8_t bytes[CARD_PROOF_PREFIX_BYTES + CARD_PROOF_INPUT];
};

/* With fresh random bytes. CARD_IO_SYSTEM when there are none. */
MUST_USE enum card_io_error card_challenge_make(const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                                uint8_t purpose,
                                                struct card_challenge *ret_challenge);

/* The part that our card is sent: all behind the prefix. Points into `challenge`. */
struct span card_challenge_input(const struct card_challenge *challenge);

/* CARD_ANSWER_GOOD when `signature` (r ‖ s) over the challenge is that of the key `point` (04 ‖ x ‖
 * y), CARD_ANSWER_WRONG when it is not, or when there is no such key. CARD_IO_SYSTEM: memory. */
MUST_USE enum card_io_error card_challenge_check(const struct card_challenge *challenge,
                                                 const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                                 struct span signature,
                                                 enum card_answer *ret_answer);

#endif
