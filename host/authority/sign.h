/* SPDX-License-Identifier: Apache-2.0
 *
 * One person with one key in front of one document: what it says, whether this key may sign it, the
 * signature, and how many are still missing. No machine ever needs two keys.
 */
#ifndef AUTHORITY_SIGN_H
#define AUTHORITY_SIGN_H

#include "authority/root_chain.h"

/* A role whose threshold the document must meet. */
struct sign_role {
    const struct trust_role *role; /* points into the chain or the document's own root */
    char name[40];                 /* "publisher", "national authority of ID", "root 2" */
    unsigned signed_by;            /* distinct keys of the role that have signed */
};

struct sign_desk {
    const char *path, *roots; /* of the document, and of the folder with the roots */
    uint8_t *file;
    struct document document;
    struct trust_root *own_root; /* of a root document; else NULL */
    struct root_chain *chain;
    uint8_t root_id[TRUST_DIGEST_SIZE];
    size_t made_count; /* signatures made at this desk; the document points into them */
    struct document_signature made[COSE_MAX_SIGNERS];
    size_t role_count; /* two for root 2 and later: the one before and its own */
    struct sign_role role[2];
};

/* Opens the document and checks everything a verifier will check but the signatures: a list's rows
 * against its digest, its scope, a header against the root in force. `roots` is the folder with the
 * root files. Both are kept, not copied. */
MUST_USE enum authority_error sign_open(const char *path, const char *roots,
                                        struct sign_desk *ret_desk,
                                        struct authority_problem *problem);
void sign_close(struct sign_desk *desk);

/* AUTHORITY_KEY when the key is in none of the roles, AUTHORITY_CONFLICT when it has signed. */
MUST_USE enum authority_error sign_check_key(const struct sign_desk *desk,
                                             const struct crypto_private_key *key,
                                             struct authority_problem *problem);

/* Checks the key, adds one signature and writes the file. The roles' counts are brought up to date.
 * AUTHORITY_CONFLICT when the file is no longer what was opened (somebody else signed it, or built
 * it anew): nothing is written, and the desk must be opened again. AUTHORITY_FILE also when another
 * program is writing it right now. */
MUST_USE enum authority_error sign_with(struct sign_desk *desk,
                                        const struct crypto_private_key *key,
                                        struct authority_problem *problem);

/* Whether every role's threshold is met. */
bool sign_is_complete(const struct sign_desk *desk);

#endif
