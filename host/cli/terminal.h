/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages for people: the program's name in front, no control characters from outside, colour only
 * on a terminal.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>
#include "wire/bytes.h"

enum terminal_colour {
    TERMINAL_PLAIN,
    TERMINAL_GREEN,
    TERMINAL_AMBER,
    TERMINAL_RED,
    TERMINAL_GREY,
    TERMINAL_BOLD,
    TERMINAL_DIM,
};

/* Whether colour is wanted on a stream: it is a terminal, TERM is not "dumb" and NO_COLOR is unset.
 */
bool terminal_has_colour(FILE *out);

/* Starts a colour, and ends it with TERMINAL_PLAIN; nothing where colour is not wanted. */
void terminal_colour(FILE *out, enum terminal_colour colour);

/* Writes text from outside: control characters and invalid UTF-8 become "?". */
void terminal_text(FILE *out, struct span text);

/* The number of columns UTF-8 text takes: combining marks none, wide characters two. */
int terminal_width(struct span text);

/* To be called first: gives the numbers of closed standard streams away, so that no file opened
 * later gets one of them and is printed into. Writing to such a stream fails as before. And a crash
 * leaves no core, of this program or those it becomes: names, PINs and keys would be in it. */
void terminal_start(void);

/* To be called last: false, after a message, when something printed was lost. */
bool terminal_finish(const char *command);

/* After getopt_long, with opterr 0, answered '?': says which argument it was, and where help is. */
void terminal_bad_option(const char *command, const char *argument);

/* One line on standard error, "saksi COMMAND: MESSAGE". */
void terminal_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
