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

/* What a folder for others holds now (WIRE.md, "A publication"). */
struct publish_folder_result {
    int64_t header_version;
    size_t bytes;                   /* of saksi.bundle */
    unsigned deltas;                /* since-V.bundle files */
    size_t least_delta, most_delta; /* their sizes; 0 without any */
};

/* Imports what is signed in DIR/out into DIR/out/published.db, which remembers what was published
 * before, and writes the folder `out`: saksi.bundle, saksi.header, saksi.token (the header as the
 * text of a QR code), and since-V.bundle for each of the last `keep` header versions; older ones
 * are removed. What a reader looks at first is written last. AUTHORITY_DOCUMENT also for what goes
 * back behind an earlier publication. */
MUST_USE enum authority_error publish_folder(const char *dir, const char *out, size_t keep,
                                             const struct trust_clock_input *clock,
                                             struct publish_folder_result *ret_result,
                                             struct authority_problem *problem);
#define PUBLISH_MAX_KEEP     16
#define PUBLISH_DEFAULT_KEEP 8

#endif
