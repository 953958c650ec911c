/* SPDX-License-Identifier: Apache-2.0
 *
 * Plain read(2): stdio would keep copies of the password in its buffers.
 */
#include "base/password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/crypto.h"

void password_wipe(struct password *password)
{
    crypto_wipe(password, sizeof *password);
}

const char *password_error_text(enum password_error error)
{
    switch (error) {
    case PASSWORD_OK:
        return "holds a password";
    case PASSWORD_FILE:
        return "the file with the password is not there, or cannot be read";
    case PASSWORD_LINE:
        break;
    }
    return "the first line must hold the password, of 1 to 1023 bytes";
}

/* --- a line --- */

enum line {
    LINE_OK,
    LINE_REFUSED, /* empty, too long, or with a NUL in it */
    LINE_FAILED,  /* cannot be read */
    LINE_SIGNAL,
};

/* Waits for a byte or a signal; `signals` is a signalfd, or -1 for none. The signal is left where
 * it is, for whoever unblocks it. */
static enum line wait_for_byte(int fd, int signals)
{
    struct pollfd wait[] = {{.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    int ready;
    do {
        ready = poll(wait, 2, -1);
    } while (ready < 0 && errno == EINTR);
    if (ready < 0) {
        return LINE_FAILED;
    }
    return wait[1].revents != 0 ? LINE_SIGNAL : LINE_OK;
}

/* Byte by byte, so that what stands behind the line is left to others. *ret_end at the end. */
static enum line read_byte(int fd, int signals, char *ret_byte, bool *ret_end)
{
    ssize_t got;
    do {
        enum line line = wait_for_byte(fd, signals);
        if (line != LINE_OK) {
            return line;
        }
        got = read(fd, ret_byte, 1);
    } while (got < 0 && errno == EINTR);
    *ret_end = got == 0 || *ret_byte == '\n';
    return got < 0 ? LINE_FAILED : LINE_OK;
}

static enum line read_into(int fd, int signals, struct password *password)
{
    size_t len = 0;
    bool at_end = false;
    while (!at_end) {
        if (len == PASSWORD_MAX) {
            return LINE_REFUSED;
        }
        enum line line = read_byte(fd, signals, &password->text[len], &at_end);
        if (line != LINE_OK) {
            return line;
        }
        len += at_end ? 0 : 1;
    }
    len -= len != 0 && password->text[len - 1] == '\r' ? 1 : 0;
    password->text[len] = '\0';
    return len != 0 && strlen(password->text) == len ? LINE_OK : LINE_REFUSED;
}

static enum line read_line(int fd, int signals, struct password *ret_password)
{
    struct password password = {""};
    enum line line = read_into(fd, signals, &password);
    if (line == LINE_OK) {
        *ret_password = password;
    }
    password_wipe(&password);
    return line;
}

enum password_error password_read_file(const char *path, struct password *ret_password)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return PASSWORD_FILE;
    }
    enum line line = read_line(fd, -1, ret_password);
    (void)close(fd);
    switch (line) {
    case LINE_OK:
        return PASSWORD_OK;
    case LINE_REFUSED:
        return PASSWORD_LINE;
    case LINE_FAILED:
    case LINE_SIGNAL:
        break;
    }
    return PASSWORD_FILE;
}

/* --- the terminal --- */

static enum line ask_silently(int tty, int signals, const char *prompt,
                              struct password *ret_password)
{
    struct termios before;
    enum line line = LINE_FAILED;
    if (tcgetattr(tty, &before) != 0) {
        return LINE_FAILED;
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    /* FLUSH: what was typed before the question is no answer, and the rest of one too long is not
     * for the shell. */
    if (tcsetattr(tty, TCSAFLUSH, &silent) == 0 && write(tty, prompt, strlen(prompt)) > 0) {
        line = read_line(tty, signals, ret_password);
        (void)!write(tty, "\n", 1);
    }
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    return line;
}

/* Signals are held back while the echo is off, and take their course once it is on again. */
static enum line ask_once(int tty, const char *prompt, struct password *ret_password)
{
    sigset_t held, before;
    enum line line = LINE_FAILED;
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGQUIT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigaddset(&held, SIGHUP);
    (void)sigaddset(&held, SIGTSTP);
    int signals = signalfd(-1, &held, SFD_CLOEXEC);
    if (signals < 0 || sigprocmask(SIG_BLOCK, &held, &before) != 0) {
        goto out;
    }
    line = ask_silently(tty, signals, prompt, ret_password);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
out:
    if (signals >= 0) {
        (void)close(signals);
    }
    return line;
}

bool password_ask(const char *prompt, struct password *ret_password)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    enum line line = LINE_SIGNAL;
    if (tty < 0) {
        return false;
    }
    while (line == LINE_SIGNAL) {
        line = ask_once(tty, prompt, ret_password);
    }
    (void)close(tty);
    return line == LINE_OK;
}
