/* SPDX-License-Identifier: Apache-2.0
 *
 * Passwords of key files: from the first line of a file, or typed at the terminal without echo.
 */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_MAX 1024

/* A NUL-terminated password; wipe it with password_wipe. */
struct password {
    char text[PASSWORD_MAX];
};

/* Reads the first line of a file; false after a message. */
bool password_read_file(const char *command, const char *path, struct password *ret_password);

/* Asks at the terminal; false when there is none, or nothing was typed. */
bool password_ask(const char *prompt, struct password *ret_password);

void password_wipe(struct password *password);

#endif
