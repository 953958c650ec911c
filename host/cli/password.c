/* SPDX-License-Identifier: Apache-2.0
 *
 * Passwords in.
 */
#include "cli/password.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/file.h"
#include "cli/terminal.h"

void password_wipe(struct password *password)
{
    crypto_wipe(password, sizeof *password);
}

/* The first line without its end; false when it is empty or too long. */
static bool take_line(const char *text, size_t len, struct password *ret_password)
{
    size_t end = 0;
    while (end < len && text[end] != '\n' && text[end] != '\r' && text[end] != '\0') {
        end++;
    }
    if (end == 0 || end >= PASSWORD_MAX) {
        return false;
    }
    memcpy(ret_password->text, text, end);
    ret_password->text[end] = '\0';
    return true;
}

bool password_read_file(const char *command, const char *path, struct password *ret_password)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum file_error error = file_read(path, 2UL * PASSWORD_MAX, &bytes, &len);
    if (error != FILE_OK) {
        terminal_error(command, "%s: %s", path, file_error_text(error));
        return false;
    }
    bool ok = take_line((const char *)bytes, len, ret_password);
    crypto_wipe(bytes, len);
    free(bytes);
    if (!ok) {
        terminal_error(command, "%s: its first line must hold the password, of at most %d bytes",
                       path, PASSWORD_MAX - 1);
    }
    return ok;
}

bool password_ask(const char *prompt, struct password *ret_password)
{
    char line[PASSWORD_MAX];
    struct termios before;
    bool ok = false;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        goto out;
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(fd, TCSAFLUSH, &silent) != 0) {
        goto out;
    }
    (void)!write(fd, prompt, strlen(prompt));
    ssize_t got = read(fd, line, sizeof line);
    (void)!write(fd, "\n", 1);
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    ok = got > 0 && take_line(line, (size_t)got, ret_password);
out:
    crypto_wipe(line, sizeof line);
    if (fd >= 0) {
        (void)close(fd);
    }
    return ok;
}
