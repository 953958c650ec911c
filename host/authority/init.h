/* SPDX-License-Identifier: Apache-2.0
 *
 * From nothing to a first bundle: a state alone, with itself as root, one key a role.
 */
#ifndef AUTHORITY_INIT_H
#define AUTHORITY_INIT_H

#include "authority/ceremony.h"

struct init_options {
    const char *state;    /* two capital letters */
    const char *holder;   /* who holds the keys; 1 to 64 bytes; NULL: "Authority of ID" */
    int alg;              /* COSE_ES256 or COSE_EDDSA */
    const char *password; /* for the key files, or NULL */
    bool sample;          /* marks the root as sample data, and adds an issuer to play with */
};

/* Makes keys, sources and documents that are not there yet, and the bundle. Nothing is overwritten:
 * running it again finishes what was interrupted. AUTHORITY_SOURCE, and nothing is made, when the
 * holder's name cannot stand in a root. */
MUST_USE enum authority_error authority_init(const char *dir, const struct init_options *options,
                                             const struct trust_clock_input *clock,
                                             struct ceremony_result *ret_result,
                                             struct authority_problem *problem);

#endif
