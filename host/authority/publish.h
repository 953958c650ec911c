/* SPDX-License-Identifier: Apache-2.0
 *
 * From signed documents in DIR/out to the one file that verifiers import. What is published has
 * been imported once before, into a store of its own.
 */
#ifndef AUTHORITY_PUBLISH_H
#define AUTHORITY_PUBLISH_H

#include "authority/problem.h"
#include "verifier/trust_update.h"

struct publish_result {
    size_t bytes;
    struct trust_update_report report; /* of the trial import */
};

/* Collects the complete roots, the header and every list it names, imports them into a temporary
 * store, and writes the bundle to `path`. `clock` is what the importing machines will see, about.
 * AUTHORITY_DOCUMENT names what an importer would refuse. */
MUST_USE enum authority_error publish_bundle(const char *dir, const char *path,
                                             const struct trust_clock_input *clock,
                                             struct publish_result *ret_result,
                                             struct authority_problem *problem);

#endif
