/* SPDX-License-Identifier: Apache-2.0
 *
 * What the subcommands of `saksi authority` share: options, messages, keys.
 */
#ifndef CLI_CMD_AUTHORITY_H
#define CLI_CMD_AUTHORITY_H

#include "authority/problem.h"
#include "base/crypto_sign.h"
#include "base/password.h"
#include "verifier/trust_update.h"

/* Every option of every subcommand; NULL or false when it was not given. */
struct authority_options {
    const char *state, *holder, *alg, *password_file, *key, *root, *against, *out;
    const char *issuer, *station, *first, *last, *index, *number, *reason;
    bool sample, yes;
    int count; /* what is left besides options */
    char **names;
};

/* Subcommands; each returns an exit status. */
int authority_run_init(const struct authority_options *o);
int authority_run_sample(const struct authority_options *o);
int authority_run_raise(const struct authority_options *o);
int authority_run_build(const struct authority_options *o);
int authority_run_bundle(const struct authority_options *o);
int authority_run_key(const struct authority_options *o);
int authority_run_sign(const struct authority_options *o);
int authority_run_station(const struct authority_options *o);
int authority_run_import_report(const struct authority_options *o);
int authority_run_revoke(const struct authority_options *o);

/* Prints the problem and gives the exit status that stands for it. */
int authority_failed(enum authority_error error, const struct authority_problem *problem);
/* The same for a wrong use of options. */
int authority_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads the password of --password-file; without that option *ret_password is untouched. 0, or
 * the exit status after a message. */
MUST_USE int authority_read_password(const struct authority_options *o,
                                     struct password *ret_password);

/* Reads a private key, with the password of --password-file or typed when the file is encrypted. */
MUST_USE int authority_read_key(const struct authority_options *o, const char *path,
                                struct crypto_private_key **ret_key);

struct trust_clock_input authority_clock(void);

/* Two capital letters. */
bool authority_is_state(const char *text);
/* COSE algorithm of --alg, ES256 when it was not given, 0 when it is unknown. */
int authority_alg(const struct authority_options *o);
/* A whole number of at most 32 bits. */
bool authority_number(const char *text, uint32_t *ret_number);

#endif
