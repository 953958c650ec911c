/* SPDX-License-Identifier: Apache-2.0
 *
 * What a session with a card established, as plain facts; what they mean is the verifier's to say.
 * Whoever fills this in has checked the signature, and compares nothing with the certificate.
 */
#ifndef VERIFIER_CARD_PROOF_H
#define VERIFIER_CARD_PROOF_H

#include "base/crypto.h"

enum card_answer {
    CARD_ANSWER_NONE = 0, /* the card was not asked, or did not answer the challenge */
    CARD_ANSWER_GOOD,     /* it signed a fresh challenge with the key it shows */
    CARD_ANSWER_WRONG     /* it answered, and not with that key */
};

/* All zero: no card was there. */
struct card_proof {
    bool present;       /* the certificate was read from a card */
    bool generic_token; /* which is a token for any purpose: it signs whatever it is given */
    bool unfinished;    /* our card, which its issuer has not locked */
    enum card_answer answer;
    uint8_t key_thumbprint[CRYPTO_SHA256_SIZE];    /* RFC 9679, of the key it shows */
    uint8_t credential_digest[CRYPTO_SHA256_SIZE]; /* what it signed beside the challenge */
    bool has_photo;                                /* a photo was read whole, ... */
    uint8_t photo_digest[CRYPTO_SHA256_SIZE];      /* ... whose SHA-256 is this */
};

#endif
