/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole store checked again from nothing but its bytes: the chain of roots, the header, every
 * list with its rows, and the ways back to earlier ones. Changes nothing, repairs nothing.
 */
#ifndef VERIFIER_TRUST_RECHECK_H
#define VERIFIER_TRUST_RECHECK_H

#include "verifier/trust_update.h"

/* Calls `tell` once for each thing: "database", "root 1", "header", "list ID", "history ID".
 * TRUST_UPDATE_STORE stands for what cannot be read. A list that is disabled is held against its
 * digests, not against keys that it no longer has. */
void trust_recheck(struct trust_store *store,
                   void (*tell)(void *ctx, const char *subject, enum trust_update_error error),
                   void *ctx);

#endif
