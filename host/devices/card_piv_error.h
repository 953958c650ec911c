/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a PIV card was not written.
 */
#ifndef DEVICES_CARD_PIV_ERROR_H
#define DEVICES_CARD_PIV_ERROR_H

enum card_piv_error {
    CARD_PIV_OK = 0,
    CARD_PIV_ERROR_KEY_FILE,    /* the file cannot be opened or read */
    CARD_PIV_ERROR_KEY_MODE,    /* others than its owner may read or write the file */
    CARD_PIV_ERROR_KEY_FORM,    /* it does not hold 32, 48 or 64 hexadecimal digits */
    CARD_PIV_ERROR_KEY_DEFAULT, /* the key is one that cards are sold with; nothing was sent */
    CARD_PIV_ERROR_3DES,        /* the card's management key is one of 3DES */
    CARD_PIV_ERROR_NO_KEY,      /* the card has no management key, or of another length */
    CARD_PIV_ERROR_WRONG_KEY,   /* the card refuses the key */
    CARD_PIV_ERROR_IMPOSTOR,    /* what answers does not know the key itself */
    CARD_PIV_ERROR_RIGHTS,      /* the card wants more than its management key for that */
    CARD_PIV_ERROR_REFUSED,     /* the card does not make the key, or does not store the object */
    CARD_PIV_ERROR_DIFFERS,     /* what was read back is not what was stored */
    CARD_PIV_ERROR_TOO_LONG,    /* the object is longer than PIV applications of ours take */
    CARD_PIV_ERROR_IO /* the card could not be spoken to, or is full or worn: see *ret_io */
};

/* One phrase that fits "READER: PHRASE" or "FILE: PHRASE". For CARD_PIV_ERROR_IO use
 * card_io_error_text.
 */
const char *card_piv_error_text(enum card_piv_error error);

#endif
