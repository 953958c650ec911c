/* SPDX-License-Identifier: Apache-2.0
 *
 * What the commands that judge certificates share: settings and options, the trust list, one
 * verdict after another on the output, and the exit status they amount to.
 */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include <getopt.h>

#include "cli/settings.h"
#include "cli/show.h"

/* One run of a command. Large: not for the stack. */
struct judge {
    const char *command; /* "verify", for messages */
    struct settings settings;
    struct verify_request request;
    bool json;
    struct trust_store *store;
    struct verifier *verifier;
    struct translation *translation;
    struct show show;
    struct verdict verdict; /* the one at hand */
    bool seen[SAKSI_NOT_VALID + 1];
    int failure; /* the first exit status of a failure, or 0 */
};

/* The options every such command takes, for its table of struct option; JUDGE_TAKES tells their
 * values from its own, judge_take takes one. */
#define JUDGE_OPTIONS                                                                              \
    {"db", required_argument, NULL, 'd'}, {"sample", no_argument, NULL, 's'},                      \
        {"host", required_argument, NULL, 'h'}, {"purpose", required_argument, NULL, 'p'},         \
        {"post", required_argument, NULL, 'o'}, {"at", required_argument, NULL, 'a'},              \
        {"lang", required_argument, NULL, 'l'}, {"utc-offset", required_argument, NULL, 'u'},      \
        {"tpm", required_argument, NULL, 't'},                                                     \
    {                                                                                              \
        "json", no_argument, NULL, 'j'                                                             \
    }

/* False when the value is not one that the option takes. `value` is borrowed until judge_close. */
bool judge_take(struct judge *judge, int option, const char *value);

/* Opens the trust list and all that a verdict is shown with. False, after a message and with a
 * failure noted, when that is not possible. To be closed in either case. `build_s`: when the
 * program was built. */
bool judge_open(struct judge *judge, int64_t build_s);
void judge_close(struct judge *judge);

/* Once open: says so when there are no sentences in the language that was asked for. */
void judge_tell_language(const struct judge *judge);

/* Sets the request's time to now: the clock moves while a scanner or a reader waits. */
void judge_now(struct judge *judge);

/* Shows the verdict at hand, or says why there is none. */
void judge_show(struct judge *judge, const struct show_source *source);
void judge_finish(struct judge *judge, const struct show_source *source, enum verify_error error);

/* Notes an exit status; the first one stands. */
void judge_fail(struct judge *judge, int status);

/* The exit status of the run. */
int judge_summary(const struct judge *judge);

#endif
