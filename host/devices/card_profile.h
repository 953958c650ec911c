/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of card that hold certificates, as a table, and a visit by one of them: whoever reads
 * cards goes through here. Knows how each is spoken to, and judges nothing.
 */
#ifndef DEVICES_CARD_PROFILE_H
#define DEVICES_CARD_PROFILE_H

#include <saksi/verdict.h>

#include "devices/card_ndef.h"
#include "devices/card_piv.h"
#include "devices/card_session.h"

struct card_visit;

/* What is asked about one certificate. */
struct card_question {
    uint8_t credential_digest[CRYPTO_SHA256_SIZE];
    uint8_t purpose;                 /* enum card_proof_purpose */
    uint8_t cnf[CRYPTO_SHA256_SIZE]; /* the key that the certificate names */
};

struct card_profile {
    const char *name;          /* one word; programs depend on it */
    const char *text;          /* as people read it */
    enum saksi_assurance most; /* that a certificate on such a card is shown with */

    /* Finds out whether the card is of this kind, and fills in what is public about it.
     * CARD_IO_NO_APPLICATION when it is not; CARD_IO_REFUSED without `known` when it may not be. */
    enum card_io_error (*open)(struct card_visit *visit, const struct card_io *io);

    /* Certificate number `at`, below visit->certificates, and its number on the card from 1. `room`
     * has CARD_APP_MAX_CREDENTIAL bytes. */
    enum card_io_error (*read)(struct card_visit *visit, size_t at, uint8_t *room, size_t *ret_len,
                               unsigned *ret_number);

    /* The photo, of visit->photo_bytes. NULL: such cards have none. */
    enum card_io_error (*photo)(struct card_visit *visit, uint8_t *room);

    /* The public key, 04 ‖ x ‖ y. CARD_IO_REFUSED when there is none. NULL: such cards have none.
     */
    enum card_io_error (*key)(struct card_visit *visit,
                              uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES]);

    /* Fills in what the card proves. NULL: such cards prove nothing. */
    enum card_io_error (*prove)(struct card_visit *visit, const struct card_question *question,
                                struct card_proof *proof);
};

enum { CARD_PROFILES = 3 };

extern const struct card_profile card_profiles[CARD_PROFILES]; /* in the order they are tried */

/* A card that was presented. */
struct card_visit {
    const struct card_profile *profile;
    bool known;    /* it is the kind of the card, also where that failed */
    uint8_t state; /* enum card_app_state, of a card of ours; 0: other cards have none */
    size_t certificates;
    size_t photo_bytes; /* 0: no photo */
    union {
        struct card_session session;
        struct {
            struct card_piv piv;
            size_t document_len;
            uint8_t document[CARD_APP_MAX_CREDENTIAL];
        };
        struct card_ndef ndef;
    };
};

/* Tries the profiles in turn, and takes the first with a certificate; where none has one, the first
 * that the card is of, without certificates: a card of ours, or a PIV card. CARD_IO_NO_APPLICATION
 * when it is none of these; CARD_IO_REFUSED without visit->known when it is none that it says, and
 * one of these it may be. Any other failure ends the search. `io` is copied; it is the caller's to
 * close. */
MUST_USE enum card_io_error card_visit_open(struct card_visit *visit, const struct card_io *io);

#endif
