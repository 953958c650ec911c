/* SPDX-License-Identifier: Apache-2.0
 *
 * What the subcommands of "saksi issue" share: exit statuses, messages, opening a station and its
 * key.
 */
#ifndef ISSUER_PROGRAM_H
#define ISSUER_PROGRAM_H

#include "issuer/issue.h"

/* sysexits.h's numbers; scripts depend on them. */
enum {
    STATUS_OK = 0,
    STATUS_USAGE = 64,
    STATUS_DATA = 65,
    STATUS_INTERNAL = 70,
    STATUS_CANNOT_CREATE = 73,
    STATUS_IO = 74,
    STATUS_KEY = 77,
};

/* Each gets its own name as argv[0] and returns an exit status. */
int program_issue(int argc, char **argv);
int program_init(int argc, char **argv);
int program_block(int argc, char **argv);
int program_report(int argc, char **argv);
int program_void(int argc, char **argv);
int program_status(int argc, char **argv);

/* What comes behind "saksi" in messages; each program has its own. */
extern const char program_command[];

/* Prints "saksi COMMAND: MESSAGE" on standard error and returns `status`. Control characters come
 * out as "?". */
int say(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* After getopt found a fault and said so: where help is. */
int say_usage(const char *command);
int say_registry(const char *path, enum registry_error error, enum db_error db_error);

/* The folder this program lies in, where the other helper programs are too. */
const char *program_folder(void);

/* A non-negative decimal number up to `most`; false on anything else. */
bool parse_number(const char *text, uint64_t most, uint64_t *ret_number);

/* A station with its registry and, when asked for, its key. Zero before opening; closing is always
 * allowed. */
struct opened {
    struct station station;
    struct registry *registry;
    struct signer *signer;
};

/* STATUS_OK, or the status to exit with; the message has been printed. */
MUST_USE int opened_station(struct opened *opened, const char *folder, bool writing);
/* `password_file` may be NULL: an encrypted key then asks on the terminal. */
MUST_USE int opened_key(struct opened *opened, const char *password_file);
void opened_close(struct opened *opened);

/* Verifies a signed block against the root in a trust list and gives its content. */
struct checked_block {
    char issuer[33], station[33];
    uint32_t first, last;
    uint8_t *document; /* owned: free() it */
    size_t len;
};
MUST_USE int block_check(const char *path, const char *db_path, bool sample,
                         struct checked_block *ret_block);

/* A block as options name it: a file and a trust list, or a range. NULL for what is not given. */
struct block_request {
    const char *file, *db, *first, *last;
    bool is_unsigned;
};
MUST_USE int block_request_check(const struct block_request *request, const char *command);
MUST_USE int block_request_add(const struct block_request *request, struct opened *opened);

#endif
