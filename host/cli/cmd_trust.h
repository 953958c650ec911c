/* SPDX-License-Identifier: Apache-2.0
 *
 * What the subcommands of `saksi trust` share. Each is a function in a file of its own name; it
 * gets the options and the arguments that are none, and returns an exit status.
 */
#ifndef CLI_CMD_TRUST_H
#define CLI_CMD_TRUST_H

#include "base/file.h"
#include "cli/settings.h"
#include "verifier/trust_update.h"

struct trust_options {
    struct settings settings;
    const char *root, *root_id, *out;
    const char *since, *frames, *fps, *scale, *timeout; /* as typed; NULL when not */
    bool json;
};

extern const char trust_help[];

/* The number of an option, as typed; NULL leaves *ret_number as it is. False after a message. */
bool trust_number(const char *name, const char *text, int64_t least, int64_t most,
                  int64_t *ret_number);

int trust_init(struct trust_options *o, int count, char **names);
int trust_import(struct trust_options *o, int count, char **names);
int trust_fetch(struct trust_options *o, int count, char **names);
int trust_status(struct trust_options *o, int count, char **names);
int trust_verify(struct trust_options *o, int count, char **names);
int trust_mark(struct trust_options *o, int count, char **names);
int trust_export(struct trust_options *o, int count, char **names);
int trust_show(struct trust_options *o, int count, char **names);
int trust_receive(struct trust_options *o, int count, char **names);
int trust_token(struct trust_options *o, int count, char **names);

/* Imports a bundle or a header that came from `name`; says what it did, or why it was refused, and
 * gives the exit status. */
int trust_import_bytes(const struct trust_options *o, struct trust_store *store, const char *name,
                       struct span bytes);

/* Ends what may have imported: raises the mark where there is a TPM, and closes the store (NULL is
 * allowed). The exit status: `status`, or the mark's when all was well before. */
int trust_finish(const struct trust_options *o, struct trust_store *store, int status);

/* The system's clock, and when this program was built. */
struct trust_clock_input trust_clock_now(void);

/* Opens the store of the settings; says what is wrong and gives the exit status otherwise. */
MUST_USE int trust_open(const struct settings *settings, enum db_mode mode,
                        struct trust_store **ret_store);

/* Say what was wrong with a file, or why it was refused, and give the exit status. `store` may be
 * NULL before one is open. */
int trust_file_failed(const char *path, enum file_error error);
int trust_refused(const char *path, const struct trust_refusal *refusal, const struct settings *s,
                  const struct trust_store *store);

#endif
