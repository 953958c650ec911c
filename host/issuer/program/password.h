/* SPDX-License-Identifier: Apache-2.0
 *
 * A password from a file or from the terminal; never from the command line or the environment,
 * which others can see.
 */
#ifndef ISSUER_PASSWORD_H
#define ISSUER_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_MAX 256

/* The first line of a file. */
bool password_from_file(const char *path, char password[PASSWORD_MAX]);

/* Asks on the terminal, without echo; false when there is none. */
bool password_from_terminal(const char *prompt, char password[PASSWORD_MAX]);

#endif
