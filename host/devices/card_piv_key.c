/* SPDX-License-Identifier: Apache-2.0
 *
 * Management keys from files. Plain read(2): stdio would keep copies in its buffers.
 */
#include "devices/card_piv_manage.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 66 }; /* 64 digits and CR LF */

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

/* At most FILE_MAX bytes, and whether there were more. */
static enum card_piv_error read_file(int fd, uint8_t room[FILE_MAX + 1], size_t *ret_len)
{
    struct stat st;
    size_t len = 0;
    ssize_t got = 1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return CARD_PIV_KEY_FILE;
    }
    if ((st.st_mode & 077) != 0) {
        return CARD_PIV_KEY_MODE;
    }
    while (got != 0 && len <= FILE_MAX) {
        got = read(fd, room + len, FILE_MAX + 1 - len);
        if (got < 0 && errno != EINTR) {
            return CARD_PIV_KEY_FILE;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    *ret_len = len;
    return CARD_PIV_OK;
}

static bool digit(uint8_t c, uint8_t *ret)
{
    uint8_t letter = (uint8_t)(c | 0x20);
    if (c >= '0' && c <= '9') {
        *ret = (uint8_t)(c - '0');
        return true;
    }
    *ret = (uint8_t)(letter - 'a' + 10);
    return letter >= 'a' && letter <= 'f';
}

static enum card_piv_error parse(struct span text, struct card_piv_management *ret_key)
{
    static const struct {
        size_t len;
        uint8_t algorithm;
    } kinds[] = {{16, CARD_PIV_AES_128}, {24, CARD_PIV_AES_192}, {32, CARD_PIV_AES_256}};
    uint8_t high, low;
    while (text.len != 0 && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r')) {
        text.len--;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (text.len == 2 * kinds[i].len) {
            ret_key->algorithm = kinds[i].algorithm;
            ret_key->len = kinds[i].len;
        }
    }
    for (size_t i = 0; i < ret_key->len; i++) {
        if (!digit(text.ptr[2 * i], &high) || !digit(text.ptr[2 * i + 1], &low)) {
            return CARD_PIV_KEY_FORM;
        }
        ret_key->key[i] = (uint8_t)(high << 4 | low);
    }
    return ret_key->len == 0 ? CARD_PIV_KEY_FORM : CARD_PIV_OK;
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
    uint8_t text[FILE_MAX + 1];
    struct card_piv_management key = {0};
    size_t len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return CARD_PIV_KEY_FILE;
    }
    enum card_piv_error error = read_file(fd, text, &len);
    (void)close(fd);
    if (error == CARD_PIV_OK) {
        error = len > FILE_MAX ? CARD_PIV_KEY_FORM : parse(span_of(text, len), &key);
    }
    if (error == CARD_PIV_OK) {
        error = card_piv_key_check(&key);
    }
    if (error == CARD_PIV_OK) {
        *ret_key = key;
    }
    crypto_wipe(text, sizeof text);
    card_piv_key_wipe(&key);
    return error;
}
