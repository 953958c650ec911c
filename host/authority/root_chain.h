/* SPDX-License-Identifier: Apache-2.0
 *
 * The root files of a folder, in order of their versions: who may sign, and the root_id that every
 * signature covers. Checks form, not signatures; says how far each root is signed.
 */
#ifndef AUTHORITY_ROOT_CHAIN_H
#define AUTHORITY_ROOT_CHAIN_H

#include "authority/document.h"

struct root_chain {
    size_t count;
    struct root_link {
        uint8_t *file;
        size_t file_len;
        struct document document;
        struct trust_root *root; /* spans point into the file */
        bool complete;           /* signed by its own threshold and by the one before it */
    } link[TRUST_MAX_ROOTS];     /* versions 1, 2, 3 ... */
    uint8_t root_id[TRUST_DIGEST_SIZE];
};

/* Reads all *.root files of a folder. AUTHORITY_DOCUMENT when there is none, or a version is
 * missing or there twice. */
MUST_USE enum authority_error root_chain_read(const char *folder, struct root_chain **ret_chain,
                                              struct authority_problem *problem);
void root_chain_free(struct root_chain *chain);

/* The newest root that is complete; root 1 as long as none is. */
const struct root_link *root_chain_in_force(const struct root_chain *chain);

#endif
