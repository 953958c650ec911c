/* SPDX-License-Identifier: Apache-2.0
 *
 * A conversation with the PIV application of any card (NIST SP 800-73-4, part 2): its objects, and
 * the proof by key 9E. Nothing here needs a PIN or changes anything. Believes nothing the card
 * says.
 *
 * The public key of 9E is not read but computed from what it signs: no certificate is needed, and
 * none is parsed (ARCHITECTURE.md).
 */
#ifndef DEVICES_CARD_PIV_H
#define DEVICES_CARD_PIV_H

#include "devices/card_challenge.h"
#include "devices/card_command.h"
#include "devices/card_point.h"

enum { CARD_PIV_MAX_OBJECT = 4 + CARD_PIV_MAX_CREDENTIAL }; /* with tag 53 and length */

struct card_piv {
    struct card_io io;
    struct card_traffic traffic;
};

/* Selects the application, with the errors of card_select(). `io` is copied; it is the caller's to
 * close. */
MUST_USE enum card_io_error card_piv_open(struct card_piv *piv, const struct card_io *io);

/* Reads the data object of that tag whole, in parts of short length, which every token knows.
 * *ret_value is what stands inside 53 and points into `room`, which should have CARD_PIV_MAX_OBJECT
 * + 2 bytes. Empty when it is not there, which some tokens say with an object of no bytes.
 * CARD_IO_REFUSED when there may be one, and the card does not give it: that is never "none"; and
 * what card_io_error_of_sw() knows. */
MUST_USE enum card_io_error card_piv_get(struct card_piv *piv, uint32_t tag, uint8_t *room,
                                         size_t cap, struct span *ret_value);

/* Has key 9E sign a hash: *ret_len is 64 and the signature r ‖ s, or 0 when what the card answered
 * is none. CARD_IO_REFUSED when it does not answer, as when it has no such key. */
MUST_USE enum card_io_error card_piv_sign(struct card_piv *piv, const uint8_t hash[CARD_PIV_HASH],
                                          uint8_t ret_signature[CARD_PROOF_SIGNATURE],
                                          size_t *ret_len);

/* The public key of 9E, from two signatures. CARD_IO_REFUSED when there is none, CARD_IO_NONSENSE
 * when what the card signs is of no one key. */
MUST_USE enum card_io_error card_piv_key(struct card_piv *piv,
                                         uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES]);

/* Challenges 9E about a credential of that digest whose cnf is `wanted`, and fills in `answer`,
 * `generic_token`, `key_thumbprint` and `credential_digest`. CARD_ANSWER_GOOD when the key with the
 * wanted thumbprint signed, CARD_ANSWER_WRONG when another one did or the signature is none; a card
 * that declines gives CARD_ANSWER_NONE. */
MUST_USE enum card_io_error
card_piv_prove(struct card_piv *piv, const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
               uint8_t purpose, const uint8_t wanted[CRYPTO_SHA256_SIZE], struct card_proof *proof);

#endif
