/* SPDX-License-Identifier: Apache-2.0
 *
 * What a station has issued: which index and number went where, in one SQLite file that survives
 * power cuts. It hands out indices, keeps numbers unique and knows what stands half-way. Of the
 * holder it keeps nothing but the number; the credential itself stays only until it is delivered
 * (deleted rows are overwritten; copies in the write-ahead log are when it is used again).
 *
 * A certificate goes RESERVED → SIGNED → DELIVERED, each step committed before the next begins;
 * VOID ends it at any point. An index is handed out once and never again, whatever happens to it.
 */
#ifndef ISSUER_REGISTRY_H
#define ISSUER_REGISTRY_H

#include "base/crypto.h"
#include "base/db.h"
#include "codec/credential.h"

enum registry_error {
    REGISTRY_OK = 0,
    REGISTRY_DONE,       /* no (more) rows */
    REGISTRY_DB,         /* the database failed: registry_db_error */
    REGISTRY_IN_USE,     /* another program is issuing at this station */
    REGISTRY_LOCK,       /* the lock file beside the registry cannot be made */
    REGISTRY_OTHER,      /* the registry of another issuer or station, or sample against real */
    REGISTRY_EXHAUSTED,  /* no index is left in any block */
    REGISTRY_OVERLAP,    /* the block overlaps one that is there */
    REGISTRY_TAKEN,      /* the number belongs to a certificate with other claims */
    REGISTRY_SAME,       /* the number belongs to a certificate with the same claims */
    REGISTRY_NO_SUCH,    /* no certificate in force has that number or index */
    REGISTRY_DIFFERENT,  /* a sibling must have the claims of the certificate it belongs to */
    REGISTRY_UNFINISHED, /* the certificate asked for stands half-way, or one is only reserved */
    REGISTRY_WAITING,    /* another certificate of that number was signed, and stands half-way */
    REGISTRY_STATE,      /* the certificate is not in the state this step needs */
};

enum registry_kind { REGISTRY_ORIGINAL = 1, REGISTRY_DUPLICATE = 2, REGISTRY_SIBLING = 3 };
enum registry_state {
    REGISTRY_RESERVED = 1,
    REGISTRY_SIGNED = 2,
    REGISTRY_DELIVERED = 3,
    REGISTRY_VOID = 4,
};
enum registry_why {
    REGISTRY_WHY_NONE = 0,
    REGISTRY_WHY_UNSIGNED = 1, /* reserved, and never signed */
    REGISTRY_WHY_UNREAD = 2,   /* the page could not be made or did not read back */
    REGISTRY_WHY_REPLACED = 3, /* by a duplicate */
    REGISTRY_WHY_OPERATOR = 4, /* spoilt, said a person */
};

struct registry;

struct registry_identity {
    char issuer[33], station[33];
    bool sample;
};

/* Makes a registry where there is none; REGISTRY_OTHER when there is one of somebody else. The file
 * and those SQLite puts beside it get mode 0600. */
MUST_USE enum registry_error registry_create(const char *path,
                                             const struct registry_identity *identity,
                                             struct registry **ret_registry,
                                             enum db_error *ret_db_error);

/* Opens an existing one. For writing it also takes the station's lock (PATH.lock), which ends with
 * the process. On REGISTRY_DB *ret_db_error tells the reason. */
MUST_USE enum registry_error registry_open(const char *path,
                                           const struct registry_identity *identity, bool writing,
                                           struct registry **ret_registry,
                                           enum db_error *ret_db_error);
void registry_close(struct registry *registry);
enum db_error registry_db_error(const struct registry *registry);

/* Whatever changes the registry happens between these. */
MUST_USE enum registry_error registry_begin(struct registry *registry);
MUST_USE enum registry_error registry_commit(struct registry *registry);
void registry_rollback(struct registry *registry);

/* --- blocks of indices --- */

struct registry_block {
    uint32_t first, last;
    uint64_t next; /* the next index to be handed out; last + 1 when used up */
    bool is_signed;
};

/* `document` is the signed block, or empty for one that nobody signed. Adding the same block again
 * is REGISTRY_OK. */
MUST_USE enum registry_error registry_add_block(struct registry *registry, uint32_t first,
                                                uint32_t last, struct span document, int64_t now_s);
/* Blocks in ascending order: `after` is the first index of the one before, -1 to begin.
 * REGISTRY_DONE at the end. */
MUST_USE enum registry_error registry_next_block(struct registry *registry, int64_t after,
                                                 struct registry_block *ret_block);

/* --- the way of one certificate --- */

struct registry_request {
    enum registry_kind kind;
    struct span number;
    struct span centre, blank; /* empty when there is none */
    int64_t issue_day;
    const uint8_t *claims_digest; /* signer_claims_digest, 32 bytes */
    bool once; /* another duplicate or sibling that says the same is REGISTRY_SAME */
};

MUST_USE enum registry_error registry_reserve(struct registry *registry,
                                              const struct registry_request *request, int64_t now_s,
                                              uint32_t *ret_index);

#define REGISTRY_PATH_MAX 4096

/* How an unfinished certificate was to be written out. */
struct registry_job {
    unsigned pages;                 /* as the caller numbers them */
    char folder[REGISTRY_PATH_MAX]; /* where the files go */
    char photo[REGISTRY_PATH_MAX];  /* path, or empty */
};

MUST_USE enum registry_error registry_signed(struct registry *registry, uint32_t index,
                                             const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                             struct span credential, const struct registry_job *job,
                                             int64_t now_s);

/* A part of the job is done: `pages` is what is left of it. */
MUST_USE enum registry_error registry_job_left(struct registry *registry, uint32_t index,
                                               unsigned pages);

/* Forgets the credential; a duplicate now voids whatever else was in force under its number. */
MUST_USE enum registry_error registry_delivered(struct registry *registry, uint32_t index,
                                                int64_t now_s);

MUST_USE enum registry_error registry_void(struct registry *registry, uint32_t index,
                                           enum registry_why why, int64_t now_s);

/* The lowest unfinished certificate above `after` (-1 to begin); REGISTRY_DONE when there is none.
 */
struct registry_unfinished {
    uint32_t index;
    enum registry_kind kind;
    enum registry_state state;
    size_t credential_len; /* 0 when only reserved */
    uint8_t credential[CREDENTIAL_MAX_BYTES];
    struct registry_job job;
};
MUST_USE enum registry_error registry_next_unfinished(struct registry *registry, int64_t after,
                                                      struct registry_unfinished *ret_unfinished);

/* --- looking --- */

/* A copy of a row. */
struct registry_entry {
    uint32_t index;
    enum registry_kind kind;
    enum registry_state state;
    enum registry_why why;
    char number[41], centre[25], blank[25];
    int64_t issue_day;
    uint64_t change; /* number of its last change, from 1; 0 while only reserved */
};

/* Begins a walk over the certificates whose last change is one of first..last, in ascending order
 * of index. Reserved ones are left out. registry_next_changed answers REGISTRY_DONE at the end. */
void registry_begin_changed(struct registry *registry, uint64_t first, uint64_t last);
MUST_USE enum registry_error registry_next_changed(struct registry *registry,
                                                   struct registry_entry *ret_entry);
/* The number of the latest change, 0 when there is none. */
MUST_USE enum registry_error registry_last_change(struct registry *registry, uint64_t *ret_change);

/* The certificate in force under a number with the lowest index above `after` (-1 to begin). */
MUST_USE enum registry_error registry_next_of_number(struct registry *registry, struct span number,
                                                     int64_t after,
                                                     struct registry_entry *ret_entry);

/* One sentence about a failure: what to do. For REGISTRY_DB see db_error_text. */
const char *registry_error_text(enum registry_error error);

#endif
