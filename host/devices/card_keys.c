/* SPDX-License-Identifier: Apache-2.0
 *
 * Master keys out of files, and cards' keys out of master keys. Plain read(2): stdio would keep the
 * digits in its buffers.
 */
#include "devices/card_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto_aes.h"
#include "wire/card_kdf.h"

_Static_assert((int)CARD_KEY_MAX == (int)CRYPTO_AES_MAX_KEY, "keys of AES");

enum { FILE_MAX = 2 * CARD_KEY_MAX + 2 /* CR LF */ };

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

/* O_NONBLOCK: a FIFO in the file's place must not hang the program. */
static enum card_key_error open_file(const char *path, int *ret_fd)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? CARD_KEY_MISSING : CARD_KEY_FILE;
    }
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (!regular || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        (void)close(fd);
        return regular ? CARD_KEY_OPEN : CARD_KEY_FILE;
    }
    *ret_fd = fd;
    return CARD_KEY_OK;
}

/* One byte more than a key may have: a longer file is seen to be longer. */
static enum card_key_error read_file(const char *path, char text[FILE_MAX + 1], size_t *ret_len)
{
    int fd = -1;
    size_t len = 0;
    ssize_t got = 1;
    enum card_key_error error = open_file(path, &fd);
    if (error != CARD_KEY_OK) {
        return error;
    }
    while (got != 0 && len < FILE_MAX + 1) {
        got = read(fd, text + len, FILE_MAX + 1 - len);
        if (got < 0 && errno != EINTR) {
            break;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    *ret_len = len;
    return got < 0 ? CARD_KEY_FILE : CARD_KEY_OK;
}

/* Without a table that a cache could tell about. False when it is no digit. */
static bool take_digit(uint8_t c, uint8_t *byte)
{
    uint8_t lower = c | 0x20;
    bool digit = c >= '0' && c <= '9';
    bool letter = lower >= 'a' && lower <= 'f';
    *byte = (uint8_t)(*byte << 4 | (digit ? c - '0' : lower - 'a' + 10));
    return digit || letter;
}

static enum card_key_error parse(const char *text, size_t len, struct card_key_master *ret_master)
{
    struct card_key_master master = {.len = 0};
    uint8_t different = 0;
    bool good = true;
    if (len != 0 && text[len - 1] == '\n') {
        len -= len > 1 && text[len - 2] == '\r' ? 2 : 1;
    }
    if (len != 32 && len != 64) {
        return CARD_KEY_FORM;
    }
    master.len = (uint8_t)(len / 2);
    for (size_t i = 0; i < len; i++) {
        good = take_digit((uint8_t)text[i], &master.bytes[i / 2]) && good;
    }
    for (size_t i = 1; i < master.len; i++) {
        different |= master.bytes[i] ^ master.bytes[0];
    }
    if (good && different != 0) {
        *ret_master = master;
    }
    card_key_master_wipe(&master);
    if (!good) {
        return CARD_KEY_FORM;
    }
    return different == 0 ? CARD_KEY_WEAK : CARD_KEY_OK;
}

enum card_key_error card_key_master_read(const char *path, struct card_key_master *ret_master)
{
    char text[FILE_MAX + 1];
    size_t len = 0;
    enum card_key_error error = read_file(path, text, &len);
    if (error == CARD_KEY_OK) {
        error = parse(text, len, ret_master);
    }
    crypto_wipe(text, sizeof text);
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
