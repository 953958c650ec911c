/* SPDX-License-Identifier: Apache-2.0
 *
 * A certificate as a card holds it, with all that the card can prove about it: what the verifier is
 * given. The claims are looked at only to know what to ask the card for; nothing here is trusted.
 */
#ifndef DEVICES_CARD_HOLDING_H
#define DEVICES_CARD_HOLDING_H

#include "devices/card_profile.h"

/* The photo of a card, read at most once. It may be anything: it is decoded by nobody before a
 * verified certificate has named its digest. */
struct card_photo {
    bool read;
    size_t len; /* 0: the card has none */
    uint8_t digest[CRYPTO_SHA256_SIZE];
    uint8_t bytes[CARD_APP_MAX_PHOTO];
};

struct card_holding {
    unsigned number; /* on the card, from 1 */
    size_t len;
    uint8_t document[CARD_APP_MAX_CREDENTIAL];
    struct card_proof proof; /* present is set */
};

enum { CARD_NUMBER_SIZE = 41 }; /* of a certificate's number, with its NUL */

/* What a document says of itself: nobody's word but the card's. */
struct card_label {
    char number[CARD_NUMBER_SIZE]; /* "" when it is no certificate */
    char issuer[33];               /* its claim iss */
    uint32_t index;                /* its status index */
    bool names_key;                /* its cnf is the card's key */
};

/* `thumbprint` is that of the card's key; NULL: it has none. */
void card_label_read(struct span document, const uint8_t *thumbprint, struct card_label *ret_label);

/* Reads the photo, unless it was read. */
MUST_USE enum card_io_error card_photo_read(struct card_visit *visit, struct card_photo *photo);

/* Reads certificate number `at` (below visit->certificates), asks the card to prove the key it
 * names, and reads the photo when it names one. A document that is no certificate is read and not
 * asked about. */
MUST_USE enum card_io_error card_holding_read(struct card_visit *visit, size_t at,
                                              struct card_photo *photo,
                                              struct card_holding *ret_holding);

#endif
