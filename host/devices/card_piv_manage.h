/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing a certificate onto a card with a PIV application: with the management key, which proves
 * itself to the card and the card to us, key 9E is made, and the certificate and a certificate of
 * 9E's key for other programs are stored and read back. Holds no PIN, and signs no certificate.
 *
 *     card_piv_open, card_piv_authenticate, card_piv_generate, (issue: cnf is the thumbprint of
 *     the key), card_piv_put_credential, card_piv_put_certificate, card_piv_prove
 */
#ifndef DEVICES_CARD_PIV_MANAGE_H
#define DEVICES_CARD_PIV_MANAGE_H

#include "devices/card_piv.h"
#include "devices/card_piv_management.h"

/* Everything below is said to a card whose PIV application was selected with card_piv_open, and
 * sets *ret_io with CARD_PIV_ERROR_IO only. */

/* Mutual authentication: the card learns that we know the key, and we that it does. Refuses keys
 * that cards are sold with before anything is sent. */
MUST_USE enum card_piv_error card_piv_authenticate(struct card_piv *piv,
                                                   const struct card_piv_management *key,
                                                   enum card_io_error *ret_io);

/* Makes a new key pair 9E on the card; certificates for an earlier one end here. */
MUST_USE enum card_piv_error card_piv_generate(struct card_piv *piv,
                                               uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES],
                                               enum card_io_error *ret_io);

/* Stores a certificate (COSE_Sign1) in its object and reads it back. */
MUST_USE enum card_piv_error card_piv_put_credential(struct card_piv *piv, struct span document,
                                                     enum card_io_error *ret_io);

/* Takes the certificate from the card, then that of key 9E. The key stays. */
MUST_USE enum card_piv_error card_piv_remove(struct card_piv *piv, enum card_io_error *ret_io);

/* Stores a certificate (X.509) of key 9E that it signs itself: OpenSC and others find keys through
 * certificates. It names nobody, and nobody need believe it. */
MUST_USE enum card_piv_error
card_piv_put_certificate(struct card_piv *piv, const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                         enum card_io_error *ret_io);

#endif
