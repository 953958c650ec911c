/* SPDX-License-Identifier: Apache-2.0
 *
 * One phrase for each.
 */
#include "devices/card_piv_error.h"

const char *card_piv_error_text(enum card_piv_error error)
{
    switch (error) {
    case CARD_PIV_OK:
        return "the card did as it was told";
    case CARD_PIV_ERROR_KEY_FILE:
        return "the file with the management key is not there, or cannot be read";
    case CARD_PIV_ERROR_KEY_MODE:
        return "others may read the management key; give its file mode 0600";
    case CARD_PIV_ERROR_KEY_FORM:
        return "the file must hold 32, 48 or 64 hexadecimal digits and nothing else";
    case CARD_PIV_ERROR_KEY_DEFAULT:
        return "this management key comes with every such card; give the card another one first";
    case CARD_PIV_ERROR_3DES:
        return "the card's management key is one of 3DES; give the card one of AES first";
    case CARD_PIV_ERROR_NO_KEY:
        return "the card has no management key of this length";
    case CARD_PIV_ERROR_WRONG_KEY:
        return "this is not the card's management key";
    case CARD_PIV_ERROR_IMPOSTOR:
        return "what answers is not the card that has this management key; do not use it";
    case CARD_PIV_ERROR_RIGHTS:
        return "the card wants more than its management key to be written, such as a PIN; change "
               "that with its maker's program, or take another card";
    case CARD_PIV_ERROR_REFUSED:
        return "the card refuses to be written";
    case CARD_PIV_ERROR_DIFFERS:
        return "the card does not keep what was written to it";
    case CARD_PIV_ERROR_TOO_LONG:
        return "the certificate is too long for a PIV card";
    case CARD_PIV_ERROR_IO:
        break;
    }
    return "the card could not be spoken to";
}
