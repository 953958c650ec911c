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
    const char *issuer, *station, *first, *last, *index, *number, *reason, *module, *keep;
    const char *centre, *from, *until, *blank, *file, *by, *kid, *as, *at;
    bool sample, yes, suspend;
    int count; /* what is left besides options */
    char **names;
};

/* Subcommands; each returns an exit status. */
int authority_run_init(const struct authority_options *o);
int authority_run_sample(const struct authority_options *o);
int authority_run_raise(const struct authority_options *o);
int authority_run_build(const struct authority_options *o);
int authority_run_bundle(const struct authority_options *o);
int authority_run_publish(const struct authority_options *o);
int authority_run_key(const struct authority_options *o);
int authority_run_sign(const struct authority_options *o);
int authority_run_station(const struct authority_options *o);
int authority_run_import_report(const struct authority_options *o);
int authority_run_revoke(const struct authority_options *o);
int authority_run_reinstate(const struct authority_options *o);
int authority_run_survivors(const struct authority_options *o);
int authority_run_status(const struct authority_options *o);

/* What --help prints. */
extern const char authority_help[];

/* Prints the problem and gives the exit status that stands for it. */
int authority_failed(enum authority_error error, const struct authority_problem *problem);
/* The same for a wrong use of options. */
int authority_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads the password of --password-file; without that option *ret_password is untouched. 0, or
 * the exit status after a message. */
MUST_USE int authority_read_password(const struct authority_options *o,
                                     struct password *ret_password);

/* Reads a private key, with the password of --password-file or typed when the file is encrypted; a
 * name that begins with "pkcs11:" is a key on a token. */
MUST_USE int authority_read_key(const struct authority_options *o, const char *name,
                                struct crypto_private_key **ret_key);
/* A key on a token; says on standard error which token and module are used. */
MUST_USE int authority_read_token_key(const struct authority_options *o, const char *name,
                                      struct crypto_private_key **ret_key);

struct trust_clock_input authority_clock(void);

/* Two capital letters. */
bool authority_is_state(const char *text);
/* COSE algorithm of --alg, ES256 when it was not given, 0 when it is unknown. */
int authority_alg(const struct authority_options *o);
/* The state an issuer's id begins with; false when it does not begin with one. */
bool authority_state_of(const char *issuer, char ret_state[TRUST_STATE_SIZE + 1]);
/* A day like 2026-01-31 of the years the format knows; false when it is none, or NULL. */
bool authority_day(const char *text, int64_t *ret_day);
/* Whether --by says that lines are certificate numbers; false when it says neither. */
bool authority_by(const struct authority_options *o, bool *ret_by_number);
/* What is in the sources is in no list yet: prints what is to be done. */
void authority_print_next(const char *dir, const char *state);
/* A whole number of at most 32 bits. */
bool authority_number(const char *text, uint32_t *ret_number);

#endif
