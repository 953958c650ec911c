/* SPDX-License-Identifier: Apache-2.0
 *
 * root.json and header.json: who may sign what, and the publisher's weekly word on the lists.
 */
#ifndef AUTHORITY_SOURCE_ROOT_H
#define AUTHORITY_SOURCE_ROOT_H

#include "authority/source.h"
#include "codec/trust_doc.h"

#define ROOT_SOURCE_ROLES (TRUST_MAX_STATES + 2)

/* A root as its source says it, keys and states in the order the format wants. Large: heap. */
struct root_source {
    struct trust_root root; /* spans point into `source` and `key` */
    uint8_t key[ROOT_SOURCE_ROLES][TRUST_MAX_ROLE_KEYS][CRYPTO_MAX_PUBLIC_KEY];
    struct source source;
};

/* Reads DIR/root.json. A key that stands in two roles, or twice in one, is refused by name. */
MUST_USE enum authority_error root_source_read(const char *dir, struct root_source **ret_root,
                                               struct authority_problem *problem);
void root_source_free(struct root_source *root);

/* Reads DIR/header.json: version, times and staleness; the lists and the root's version are left
 * for the caller to fill in. */
MUST_USE enum authority_error header_source_read(const char *dir, struct trust_header *ret_header,
                                                 struct authority_problem *problem);

#endif
