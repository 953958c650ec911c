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

enum card_piv_error {
    CARD_PIV_OK = 0,
    CARD_PIV_KEY_FILE,    /* the file cannot be opened or read */
    CARD_PIV_KEY_MODE,    /* others than its owner may read or write the file */
    CARD_PIV_KEY_FORM,    /* it does not hold 32, 48 or 64 hexadecimal digits */
    CARD_PIV_KEY_DEFAULT, /* the key is one that cards are sold with; nothing was sent */
    CARD_PIV_3DES,        /* the card's management key is one of 3DES */
    CARD_PIV_NO_KEY,      /* the card has no management key, or of another length */
    CARD_PIV_WRONG_KEY,   /* the card refuses the key */
    CARD_PIV_IMPOSTOR,    /* what answers does not know the key itself */
    CARD_PIV_RIGHTS,      /* the card wants more than its management key for that */
    CARD_PIV_REFUSED,     /* the card does not make the key, or does not store the object */
    CARD_PIV_DIFFERS,     /* what was read back is not what was stored */
    CARD_PIV_TOO_LONG,    /* the object is longer than PIV applications of ours take */
    CARD_PIV_IO           /* the card could not be spoken to, or is full or worn: see *ret_io */
};

/* A management key; wipe it with card_piv_key_wipe. */
struct card_piv_management {
    uint8_t algorithm; /* enum card_piv_algorithm */
    size_t len;
    uint8_t key[32];
};

/* Reads a key of AES-128, -192 or -256 from a file (base/key_file.h). Refuses keys that cards are
 * sold with. */
MUST_USE enum card_piv_error card_piv_key_read(const char *path,
                                               struct card_piv_management *ret_key);
/* CARD_PIV_KEY_DEFAULT, or CARD_PIV_OK. */
MUST_USE enum card_piv_error card_piv_key_check(const struct card_piv_management *key);
void card_piv_key_wipe(struct card_piv_management *key);

/* Everything below is said to a card whose PIV application was selected with card_piv_open, and
 * sets *ret_io with CARD_PIV_IO only. */

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

/* One phrase that fits "READER: PHRASE" or "FILE: PHRASE". For CARD_PIV_IO use card_io_error_text.
 */
const char *card_piv_error_text(enum card_piv_error error);

#endif
