/* SPDX-License-Identifier: Apache-2.0
 *
 * Passwords of key files: from the first line of a file, or typed at the terminal without echo.
 * Never from the command line or the environment, which others can see.
 */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include <stdbool.h>

#include "wire/must_use.h"

#define PASSWORD_MAX 1024 /* bytes, with the NUL */

/* A NUL-terminated password; wipe it with password_wipe. */
struct password {
    char text[PASSWORD_MAX];
};

enum password_error {
    PASSWORD_OK = 0,
    PASSWORD_FILE, /* cannot be opened or read */
    PASSWORD_LINE, /* its first line is empty, longer than PASSWORD_MAX - 1 bytes, or holds a NUL */
};

/* Reads the first line of a file, which may also be a pipe, without its end (LF or CR LF). Reads no
 * further than that line. */
MUST_USE enum password_error password_read_file(const char *path, struct password *ret_password);

/* Asks at the controlling terminal; false when there is none, when nothing was typed, or more than
 * PASSWORD_MAX - 1 bytes. A signal that ends or stops the program (Ctrl-C, Ctrl-Z, a closed window)
 * does so after the echo is back; a program that goes on after it asks again. For programs of one
 * thread: their signal mask is changed meanwhile. */
MUST_USE bool password_ask(const char *prompt, struct password *ret_password);

void password_wipe(struct password *password);

/* One phrase that fits "PATH: PHRASE". */
const char *password_error_text(enum password_error error);

#endif
