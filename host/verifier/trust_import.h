/* SPDX-License-Identifier: Apache-2.0
 *
 * One import under way: what its steps share, and how they and those who read the store again
 * (export, recheck) name its failures. For trust_*.c only.
 */
#ifndef VERIFIER_TRUST_IMPORT_H
#define VERIFIER_TRUST_IMPORT_H

#include "verifier/trust_rows.h"
#include "verifier/trust_update.h"

struct trust_import {
    struct trust_store *store;
    struct trust_clock_input clock;
    char subject[24]; /* what is being looked at, for the refusal */

    /* As stored when the import began. The lines about lists, F and H are brought up to date as it
     * goes on. */
    struct trust_state state;
    struct trust_root *root; /* in force: state.root, or a newer one that this import owns */

    /* In force: the stored header or the bundle's; NULL when there is none. */
    const struct trust_header *header;
    struct trust_header new_header;

    char came[TRUST_MAX_STATES][TRUST_STATE_SIZE]; /* states whose lists the bundle has had */
    size_t came_count;

    void (*progress)(void *ctx, size_t done, size_t all);
    void *progress_ctx;
    size_t bytes_done, bytes_all;
    struct trust_update_report report;
};

/* Sets the subject: "list TH". */
void trust_import_subject(struct trust_import *im, const char *kind, struct span name);
void trust_import_subject_version(struct trust_import *im, const char *kind, int64_t version);

/* Takes apart what was accepted once: TRUST_UPDATE_STORE (DB_CORRUPT) when it can no longer be
 * read. */
MUST_USE enum trust_update_error trust_import_open_stored(struct trust_store *store,
                                                          struct span document, const char *typ,
                                                          struct cose_sign *ret_document);

/* What a failure of the store is to an update. */
enum trust_update_error trust_import_stored(enum trust_store_error error);

/* The stored rows of a part, sealed, when they are those that `list` signs: else DIGEST_MISMATCH.
 * *ret_rows is for trust_rows_free in any case; zeroed before. */
MUST_USE enum trust_update_error trust_import_load_signed(struct trust_store *store,
                                                          const struct trust_list *list,
                                                          bool catalogue,
                                                          struct trust_rows *ret_rows);

/* The latest of clock, floor and build time. */
int64_t trust_import_now(const struct trust_import *im);

/* Whether the state could still speak when it made a list (WIRE.md, "Trust documents"). */
bool trust_import_spoke_in_time(const struct trust_authority *authority, int64_t as_of_s);

/* Walks the root chain, checks that the newest has not expired, and applies what new roots take
 * away. */
MUST_USE enum trust_update_error trust_import_roots(struct trust_import *im,
                                                    const struct trust_bundle *bundle);
/* Takes one list file. */
MUST_USE enum trust_update_error trust_import_list(struct trust_import *im, struct span file);

/* How many earlier versions of header and lists a store keeps, so that it can make deltas for
 * others, and how large the way back to one may be. */
#define TRUST_KEEP_VERSIONS 16
#define TRUST_MAX_WAY_BACK  1048576

#endif
