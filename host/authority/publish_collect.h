/* SPDX-License-Identifier: Apache-2.0
 *
 * The signed documents of DIR/out, together as one bundle in memory. For publish*.c only.
 */
#ifndef AUTHORITY_PUBLISH_COLLECT_H
#define AUTHORITY_PUBLISH_COLLECT_H

#include "authority/build.h"
#include "authority/root_chain.h"
#include "verifier/trust_update.h"

/* Everything a bundle is made of, read into memory. */
struct publish_collection {
    struct root_chain *chain;
    uint8_t *header;
    size_t header_len;
    struct build_states states;
    uint8_t *list[TRUST_MAX_STATES];
    size_t list_len[TRUST_MAX_STATES];
    struct trust_bundle bundle; /* spans point into the above */
};

/* Collects the complete roots, the header and every list it names. Ends with
 * publish_collection_free, on success only. */
MUST_USE enum authority_error publish_collect(const char *dir,
                                              struct publish_collection **ret_collection,
                                              struct authority_problem *problem);
void publish_collection_free(struct publish_collection *c);

/* The bundle's bytes; the caller frees *ret_bytes. */
MUST_USE enum authority_error publish_encode(const struct trust_bundle *bundle, uint8_t **ret_bytes,
                                             size_t *ret_len, struct authority_problem *problem);

/* AUTHORITY_DOCUMENT with what a store refused, and why. */
enum authority_error publish_refused(const struct trust_refusal *refusal,
                                     struct authority_problem *problem);

/* Installs root 1 where the store has none, and imports. AUTHORITY_DOCUMENT says what an importer
 * would refuse. */
MUST_USE enum authority_error publish_import(struct trust_store *store,
                                             const struct publish_collection *c, struct span bundle,
                                             const struct trust_clock_input *clock,
                                             struct trust_update_report *ret_report,
                                             struct authority_problem *problem);

#endif
