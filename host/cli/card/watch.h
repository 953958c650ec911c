/* SPDX-License-Identifier: Apache-2.0
 *
 * What watch.c asks of watch_judge.c: the card in a reader, in a process of its own.
 */
#ifndef CLI_CARD_WATCH_H
#define CLI_CARD_WATCH_H

#include <signal.h>

#include "cli/card/card.h"

/* Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t watch_stopped;

/* Prints one event as a line of JSON; `object` has its members already, or is NULL. */
void watch_say(const char *event, const char *reader, struct json_value *object);

/* Prints an error by its name, and in a sentence. */
void watch_say_error(const char *reader, const char *name, const char *text);

/* Has the card in the reader read, asked and judged, and prints a verdict for each certificate, or
 * an error; within CARD_SESSION_S, whatever card or reader do. Meanwhile calls `look` a few times a
 * second; what that prints comes before. */
void watch_judge(const struct card_options *o, const char *reader, void (*look)(void *ctx),
                 void *ctx);

#endif
