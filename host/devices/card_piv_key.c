/* SPDX-License-Identifier: Apache-2.0
 *
 * Management keys from files, and what each error means.
 */
#include "devices/card_piv_manage.h"

#include "base/key_file.h"

_Static_assert(sizeof((struct card_piv_management *)NULL)->key == KEY_FILE_MAX, "keys of files");

void card_piv_key_wipe(struct card_piv_management *key)
{
    crypto_wipe(key, sizeof *key);
}

const char *card_piv_error_text(enum card_piv_error error)
{
    switch (error) {
    case CARD_PIV_OK:
        return "the card did as it was told";
    case CARD_PIV_KEY_FILE:
        return "the file with the management key is not there, or cannot be read";
    case CARD_PIV_KEY_MODE:
        return "others may read the management key; give its file mode 0600";
    case CARD_PIV_KEY_FORM:
        return "the file must hold 32, 48 or 64 hexadecimal digits and nothing else";
    case CARD_PIV_KEY_DEFAULT:
        return "this management key comes with every such card; give the card another one first";
    case CARD_PIV_3DES:
        return "the card's management key is one of 3DES; give the card one of AES first";
    case CARD_PIV_NO_KEY:
        return "the card has no management key of this length";
    case CARD_PIV_WRONG_KEY:
        return "this is not the card's management key";
    case CARD_PIV_IMPOSTOR:
        return "what answers is not the card that has this management key; do not use it";
    case CARD_PIV_RIGHTS:
        return "the card wants more than its management key to be written, such as a PIN; change "
               "that with its maker's program, or take another card";
    case CARD_PIV_REFUSED:
        return "the card refuses to be written";
    case CARD_PIV_DIFFERS:
        return "the card does not keep what was written to it";
    case CARD_PIV_TOO_LONG:
        return "the certificate is too long for a PIV card";
    case CARD_PIV_IO:
        break;
    }
    return "the card could not be spoken to";
}

/* ---- the file ---- */

static enum card_piv_error error_of_file(enum key_file_error error)
{
    switch (error) {
    case KEY_FILE_OK:
        return CARD_PIV_OK;
    case KEY_FILE_MISSING:
    case KEY_FILE_UNREAD:
        return CARD_PIV_KEY_FILE;
    case KEY_FILE_EXPOSED:
        return CARD_PIV_KEY_MODE;
    case KEY_FILE_BAD_FORM:
        break;
    }
    return CARD_PIV_KEY_FORM;
}

/* Eight bytes over and over: 0102030405060708 (YubiKey, PivApplet, CanoKey), and one byte over and
 * over. */
static bool is_default(const struct card_piv_management *key)
{
    return memcmp(key->key, key->key + 8, key->len - 8) == 0;
}

enum card_piv_error card_piv_key_check(const struct card_piv_management *key)
{
    return is_default(key) ? CARD_PIV_KEY_DEFAULT : CARD_PIV_OK;
}

enum card_piv_error card_piv_key_read(const char *path, struct card_piv_management *ret_key)
{
    static const uint8_t algorithms[] = {CARD_PIV_AES_128, CARD_PIV_AES_192, CARD_PIV_AES_256};
    struct card_piv_management key = {0};
    enum card_piv_error error = error_of_file(key_file_read(path, key.key, &key.len));
    if (error == CARD_PIV_OK) {
        key.algorithm = algorithms[key.len / 8 - 2];
        error = card_piv_key_check(&key);
    }
    if (error == CARD_PIV_OK) {
        *ret_key = key;
    }
    card_piv_key_wipe(&key);
    return error;
}
