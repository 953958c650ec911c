/* SPDX-License-Identifier: Apache-2.0
 *
 * Master keys out of files, and cards' keys out of master keys.
 */
#include "devices/card_keys.h"

#include "base/crypto_aes.h"
#include "base/key_file.h"
#include "wire/card_kdf.h"

_Static_assert((int)CARD_KEY_MAX == (int)CRYPTO_AES_MAX_KEY, "keys of AES");
_Static_assert((int)CARD_KEY_MAX == (int)KEY_FILE_MAX, "keys of files");

void card_key_master_wipe(struct card_key_master *master)
{
    crypto_wipe(master, sizeof *master);
}

void card_keys_wipe(struct card_key_set *keys)
{
    crypto_wipe(keys, sizeof *keys);
}

const char *card_key_error_text(enum card_key_error error)
{
    switch (error) {
    case CARD_KEY_OK:
        return "holds a key";
    case CARD_KEY_MISSING:
        return "there is no such file";
    case CARD_KEY_FILE:
        return "cannot be read, or is no regular file";
    case CARD_KEY_OPEN:
        return "others may read or write it; chmod 600 it, and take a new key where they did";
    case CARD_KEY_WEAK:
        return "all bytes of the key are the same; make one from random bytes";
    case CARD_KEY_FORM:
        break;
    }
    return "a key is 32 or 64 hexadecimal digits on one line, and nothing else";
}

/* ---- files ---- */

static enum card_key_error error_of_file(enum key_file_error error)
{
    switch (error) {
    case KEY_FILE_OK:
        return CARD_KEY_OK;
    case KEY_FILE_MISSING:
        return CARD_KEY_MISSING;
    case KEY_FILE_UNREAD:
        return CARD_KEY_FILE;
    case KEY_FILE_EXPOSED:
        return CARD_KEY_OPEN;
    case KEY_FILE_BAD_FORM:
        break;
    }
    return CARD_KEY_FORM;
}

static bool is_weak(const uint8_t *key, size_t len)
{
    uint8_t different = 0;
    for (size_t i = 1; i < len; i++) {
        different |= key[i] ^ key[0];
    }
    return different == 0;
}

enum card_key_error card_key_master_read(const char *path, struct card_key_master *ret_master)
{
    struct card_key_master master = {.len = 0};
    size_t len = 0;
    enum card_key_error error = error_of_file(key_file_read(path, master.bytes, &len));
    if (error == CARD_KEY_OK && len != 16 && len != 32) {
        error = CARD_KEY_FORM;
    }
    if (error == CARD_KEY_OK && is_weak(master.bytes, len)) {
        error = CARD_KEY_WEAK;
    }
    if (error == CARD_KEY_OK) {
        master.len = (uint8_t)len;
        *ret_master = master;
    }
    card_key_master_wipe(&master);
    return error;
}

/* ---- derivation ---- */

static bool derive(const struct card_key_master *master, enum card_kdf_key kind,
                   const uint8_t *serial, uint8_t version, uint8_t key[CARD_KEY_MAX])
{
    uint8_t input[CARD_KDF_INPUT];
    bool good = true;
    for (uint8_t i = 0; good && i * CRYPTO_AES_BLOCK < master->len; i++) {
        card_kdf_input(kind, serial, version, (uint8_t)(i + 1), master->len, input);
        const struct span part = span_of(input, sizeof input);
        good = crypto_cmac(span_of(master->bytes, master->len), &part, 1,
                           key + (size_t)i * CRYPTO_AES_BLOCK) == CRYPTO_OK;
    }
    return good;
}

bool card_keys_derive(const struct card_key_master *master,
                      const uint8_t serial[SCP03_DIVERSIFICATION], uint8_t version,
                      struct card_key_set *ret_keys)
{
    struct card_key_set keys = {.version = version, .len = master->len};
    bool good = (master->len == 16 || master->len == 32) &&
                derive(master, CARD_KDF_ENC, serial, version, keys.enc) &&
                derive(master, CARD_KDF_MAC, serial, version, keys.mac) &&
                derive(master, CARD_KDF_DEK, serial, version, keys.dek);
    if (good) {
        *ret_keys = keys;
    }
    card_keys_wipe(&keys);
    return good;
}
