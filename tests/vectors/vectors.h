/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors of the decision: what is shown to a checkpoint of the invented region (world.h), and the
 * exact verdict. Each row of verdict.def has at least one.
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include "world.h"

#define VECTOR_MAX_REASONS 12

struct vector {
    const char *name;
    unsigned key;                         /* that signs */
    const char *issuer;                   /* NULL: WORLD_ISSUER */
    void (*change)(struct credential *c); /* the certificate, before signing */
    struct span (*forge)(struct world *w, struct span document); /* the document, after signing */
    const char *text;                                            /* instead of a certificate */
    void (*ask)(struct verify_request *r);                       /* the request */
    /* The document was read from a card, which says this about it. */
    void (*card)(struct world *w, struct verify_request *r, struct span document);
    void (*spoil)(struct trust_store *store); /* the store, in a write transaction */
    enum { VECTOR_FULL_STORE, VECTOR_EMPTY_STORE, VECTOR_NO_STORE } store;
    enum saksi_reason nothing; /* nothing was read: this reason */
    enum saksi_outcome outcome;
    enum saksi_reason reason[VECTOR_MAX_REASONS]; /* all of them, in order; ended by 0 */
};

extern const struct vector vector_table[];
extern const size_t vector_count;

/* The QR text of a vector, or its other text; empty when nothing was read. */
struct span vector_text(struct world *w, const struct vector *v);
struct verify_request vector_request(struct world *w, const struct vector *v);

#endif
