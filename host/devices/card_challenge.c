/* SPDX-License-Identifier: Apache-2.0
 *
 * One message, whichever kind of card signs.
 */
#include "devices/card_challenge.h"

#include "devices/card_point.h"

enum card_io_error card_challenge_make(const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                       uint8_t purpose, struct card_challenge *ret_challenge)
{
    struct card_challenge challenge;
    uint8_t *at = challenge.bytes;
    memcpy(at, CARD_PROOF_PREFIX, CARD_PROOF_PREFIX_BYTES);
    at += CARD_PROOF_PREFIX_BYTES;
    if (crypto_random(at, CARD_PROOF_CHALLENGE) != CRYPTO_OK) {
        return CARD_IO_SYSTEM;
    }
    memcpy(at + CARD_PROOF_CHALLENGE, credential_digest, CARD_PROOF_DIGEST);
    at[CARD_PROOF_CHALLENGE + CARD_PROOF_DIGEST] = purpose;
    *ret_challenge = challenge;
    return CARD_IO_OK;
}

struct span card_challenge_input(const struct card_challenge *challenge)
{
    return span_of(challenge->bytes + CARD_PROOF_PREFIX_BYTES, CARD_PROOF_INPUT);
}

enum card_io_error card_challenge_check(const struct card_challenge *challenge,
                                        const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                        struct span signature, enum card_answer *ret_answer)
{
    bool good = false;
    enum card_io_error error = card_point_verify(
        point, span_of(challenge->bytes, sizeof challenge->bytes), signature, &good);
    if (error == CARD_IO_OK) {
        *ret_answer = good ? CARD_ANSWER_GOOD : CARD_ANSWER_WRONG;
    }
    return error;
}
