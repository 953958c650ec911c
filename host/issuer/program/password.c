/* SPDX-License-Identifier: Apache-2.0
 *
 * Plain read(2): stdio would keep copies of the password in its buffers.
 */
#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/crypto.h"

/* Up to the first newline or the end; false when it is too long or empty. */
static bool read_line(int fd, char password[PASSWORD_MAX])
{
    size_t len = 0;
    while (len < PASSWORD_MAX) {
        ssize_t got = read(fd, password + len, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 || password[len] == '\n') {
            len -= len != 0 && password[len - 1] == '\r';
            password[len] = '\0';
            return len != 0;
        }
        len++;
    }
    crypto_wipe(password, PASSWORD_MAX);
    return false;
}

bool password_from_file(const char *path, char password[PASSWORD_MAX])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return false;
    }
    bool done = read_line(fd, password);
    (void)close(fd);
    return done;
}

bool password_from_terminal(const char *prompt, char password[PASSWORD_MAX])
{
    struct termios before, silent;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    bool done = write(fd, prompt, strlen(prompt)) > 0 && tcsetattr(fd, TCSAFLUSH, &silent) == 0 &&
                read_line(fd, password);
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    (void)!write(fd, "\n", 1);
    (void)close(fd);
    return done;
}
