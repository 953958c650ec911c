/* SPDX-License-Identifier: Apache-2.0
 *
 * Plain read(2): stdio would keep the digits in its buffers.
 */
#include "base/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"

enum { TEXT_MAX = 2 * KEY_FILE_MAX + 2 /* CR LF */ };

/* O_NONBLOCK: a FIFO in the file's place must not hang the program. */
static enum key_file_error open_file(const char *path, int *ret_fd)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? KEY_FILE_MISSING : KEY_FILE_UNREAD;
    }
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (!regular || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        (void)close(fd);
        return regular ? KEY_FILE_EXPOSED : KEY_FILE_UNREAD;
    }
    *ret_fd = fd;
    return KEY_FILE_OK;
}

/* One byte more than a key may have: a longer file is seen to be longer. */
static enum key_file_error read_text(const char *path, char text[TEXT_MAX + 1], size_t *ret_len)
{
    int fd = -1;
    size_t len = 0;
    ssize_t got = 1;
    enum key_file_error error = open_file(path, &fd);
    if (error != KEY_FILE_OK) {
        return error;
    }
    while (got != 0 && len < TEXT_MAX + 1) {
        got = read(fd, text + len, TEXT_MAX + 1 - len);
        if (got < 0 && errno != EINTR) {
            break;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    *ret_len = len;
    return got < 0 ? KEY_FILE_UNREAD : KEY_FILE_OK;
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

static enum key_file_error parse(const char *text, size_t len, uint8_t ret_key[KEY_FILE_MAX],
                                 size_t *ret_len)
{
    uint8_t key[KEY_FILE_MAX] = {0};
    bool good = true;
    if (len != 0 && text[len - 1] == '\n') {
        len -= len > 1 && text[len - 2] == '\r' ? 2 : 1;
    }
    if (len != 32 && len != 48 && len != 64) {
        return KEY_FILE_BAD_FORM;
    }
    for (size_t i = 0; i < len; i++) {
        good = take_digit((uint8_t)text[i], &key[i / 2]) && good;
    }
    if (good) {
        memcpy(ret_key, key, len / 2);
        *ret_len = len / 2;
    }
    crypto_wipe(key, sizeof key);
    return good ? KEY_FILE_OK : KEY_FILE_BAD_FORM;
}

enum key_file_error key_file_read(const char *path, uint8_t ret_key[KEY_FILE_MAX], size_t *ret_len)
{
    char text[TEXT_MAX + 1];
    size_t len = 0;
    enum key_file_error error = read_text(path, text, &len);
    if (error == KEY_FILE_OK) {
        error = parse(text, len, ret_key, ret_len);
    }
    crypto_wipe(text, sizeof text);
    return error;
}
