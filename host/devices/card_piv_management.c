/* SPDX-License-Identifier: Apache-2.0
 *
 * AES keys alone, and none that somebody else knows.
 */
#include "devices/card_piv_management.h"

#include "base/crypto.h"
#include "base/key_file.h"
#include "wire/card_app.h"

_Static_assert(sizeof((struct card_piv_management *)NULL)->key == KEY_FILE_MAX, "keys of files");

void card_piv_management_wipe(struct card_piv_management *key)
{
    crypto_wipe(key, sizeof *key);
}

static enum card_piv_error error_of_file(enum key_file_error error)
{
    switch (error) {
    case KEY_FILE_OK:
        return CARD_PIV_OK;
    case KEY_FILE_MISSING:
    case KEY_FILE_UNREAD:
        return CARD_PIV_ERROR_KEY_FILE;
    case KEY_FILE_EXPOSED:
        return CARD_PIV_ERROR_KEY_MODE;
    case KEY_FILE_BAD_FORM:
        break;
    }
    return CARD_PIV_ERROR_KEY_FORM;
}

/* Eight bytes over and over: 0102030405060708 (YubiKey, PivApplet, CanoKey), and one byte over and
 * over. */
static bool is_default(const struct card_piv_management *key)
{
    return memcmp(key->key, key->key + 8, key->len - 8) == 0;
}

enum card_piv_error card_piv_management_check(const struct card_piv_management *key)
{
    return is_default(key) ? CARD_PIV_ERROR_KEY_DEFAULT : CARD_PIV_OK;
}

enum card_piv_error card_piv_management_read(const char *path, struct card_piv_management *ret_key)
{
    static const uint8_t algorithms[] = {CARD_PIV_AES_128, CARD_PIV_AES_192, CARD_PIV_AES_256};
    struct card_piv_management key = {0};
    enum card_piv_error error = error_of_file(key_file_read(path, key.key, &key.len));
    if (error == CARD_PIV_OK) {
        key.algorithm = algorithms[key.len / 8 - 2];
        error = card_piv_management_check(&key);
    }
    if (error == CARD_PIV_OK) {
        *ret_key = key;
    }
    card_piv_management_wipe(&key);
    return error;
}
