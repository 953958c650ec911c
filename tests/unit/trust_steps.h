/* SPDX-License-Identifier: Apache-2.0
 *
 * A trust list that goes from version to version in every kind of update there is, for tests that
 * stop updates half way; and what a store must say after each. Made with trust_fixture.h: uses the
 * public calls of the store and knows nothing of how it keeps its rows.
 *
 * A new kind of update is one function and one line in the table `kinds` of trust_steps.c. */
#ifndef TESTS_TRUST_STEPS_H
#define TESTS_TRUST_STEPS_H

#include "trust_fixture.h"
#include "verifier/verify.h"

#define STEPS_MAX 256

struct step {
    const char *name;
    struct span bundle;
};

struct steps {
    struct fixture *f;
    struct step step[STEPS_MAX];
    size_t count;
    struct span certificate; /* revoked in some versions */

    /* Where the making stands. */
    unsigned issuers;
    struct fixture_list list[3]; /* ID, MY, PH */
    struct trust_root *root;
    int64_t header_version;
    unsigned publisher, my_key;
};

/* `count` updates in the order in which they are imported, each a version of a list of so many
 * issuers, all kinds in turn. The caller frees it with steps_free. */
struct steps *steps_new(unsigned issuers, size_t count);
void steps_free(struct steps *steps);
/* How many kinds of updates there are. */
size_t steps_kinds(void);

/* All that a store tells of itself, digested: its bundle as exported, its root, times, and what it
 * says of each list; and the verdict about the certificate. */
struct content {
    int64_t header_version;
    uint8_t bundle[CRYPTO_SHA256_SIZE], lists[CRYPTO_SHA256_SIZE], verdict[CRYPTO_SHA256_SIZE];
};

/* False when the store cannot tell all of it. Nothing is asserted: the store may be a ruin. */
bool steps_content(const struct steps *steps, struct trust_store *store, struct content *ret);
/* The verdict's part alone. */
bool steps_verdict(const struct steps *steps, struct trust_store *store,
                   uint8_t ret_verdict[CRYPTO_SHA256_SIZE]);
bool steps_same(const struct content *a, const struct content *b);

/* Puts root 1 into an empty store; then imports a step, at FIXTURE_NOW_S. */
struct trust_refusal steps_init(const struct steps *steps, struct trust_store *store);
struct trust_refusal steps_import(const struct steps *steps, struct trust_store *store, size_t at);

#endif
