/* SPDX-License-Identifier: Apache-2.0
 *
 * What may enter the trust store: every rule of acceptance, in one place. An import is one
 * transaction; after any refusal the store is as it was.
 */
#ifndef VERIFIER_TRUST_UPDATE_H
#define VERIFIER_TRUST_UPDATE_H

#include "codec/cose.h"
#include "verifier/trust_store.h"

/* Refusals carry the names of the attacks they stop. */
enum trust_update_error {
    TRUST_UPDATE_OK = 0,
    TRUST_UPDATE_FORMAT,          /* not the document, or not deterministic */
    TRUST_UPDATE_LIMIT,           /* too large, too many, too deep */
    TRUST_UPDATE_SIGNATURE,       /* a signature of a known key does not verify */
    TRUST_UPDATE_THRESHOLD,       /* too few valid signatures of distinct keys */
    TRUST_UPDATE_ROLE,            /* a key in two roles, or a document of another role */
    TRUST_UPDATE_SCOPE,           /* a row about something that is not the state's own */
    TRUST_UPDATE_ROLLBACK,        /* an older version than the stored one */
    TRUST_UPDATE_EQUIVOCATION,    /* the same version with other content */
    TRUST_UPDATE_ROOT_GAP,        /* a root version is skipped */
    TRUST_UPDATE_ROOT_ID,         /* another system's root, or not the one the operator named */
    TRUST_UPDATE_MIX_MATCH,       /* the list is not the one the header names */
    TRUST_UPDATE_BASE_MISMATCH,   /* a delta to another list than the stored one */
    TRUST_UPDATE_DIGEST_MISMATCH, /* the rows are not the signed ones */
    TRUST_UPDATE_EXPIRED,         /* the root in force has expired */
    TRUST_UPDATE_TIME_JUMP,       /* dated too far in the future */
    TRUST_UPDATE_SAMPLE,          /* sample root without --sample, or the reverse */
    TRUST_UPDATE_NO_ROOT,         /* the store has no root yet */
    TRUST_UPDATE_STORE,           /* the database failed: trust_store_db_error */
    TRUST_UPDATE_SYSTEM,          /* memory, library */
};

/* What was refused, for messages: "list TH", "header", "root 2", "" for the bundle. */
struct trust_refusal {
    enum trust_update_error error;
    char subject[24];
};

struct trust_clock_input {
    int64_t now_s;   /* the system's clock */
    int64_t build_s; /* when the program was built */
};

/* What an import did. */
struct trust_update_report {
    unsigned roots_added;
    bool header_added;
    int64_t header_version;
    unsigned lists_added, lists_unchanged;
    unsigned deltas; /* of the lists added, those that came as changes */
    size_t rows;
};

/* Verifies a signed document against a role: counts distinct keys with a valid signature.
 * TRUST_UPDATE_OK when the threshold is met; TRUST_UPDATE_SIGNATURE when it is not met and a
 * signature that names a key of the role is wrong; else THRESHOLD. */
MUST_USE enum trust_update_error trust_signatures_check(const struct cose_sign *document,
                                                        const struct trust_role *role,
                                                        const uint8_t root_id[TRUST_DIGEST_SIZE]);

/* SHA-256 of a payload: the root_id of root 1, the digest of a list. */
MUST_USE enum trust_update_error trust_digest(struct span payload,
                                              uint8_t ret_digest[TRUST_DIGEST_SIZE]);

/* Looks at the sealed rows of a part as an import does, without a store: whether they belong to the
 * part, whether the state may say it (SCOPE), ranges, and kids where they were not computed. */
MUST_USE enum trust_update_error trust_rows_check(const struct trust_rows *rows, struct span state,
                                                  bool catalogue, bool check_kids);

/* Reads a root file without a store: checks form, that it is version 1 and signed by its own
 * threshold, and gives its fingerprint. */
MUST_USE enum trust_update_error trust_root_open(struct span file, struct trust_root *ret_root,
                                                 uint8_t ret_root_id[TRUST_DIGEST_SIZE]);

/* Puts root 1 into an empty store; `root_id` is what the operator confirmed. The same root again is
 * TRUST_UPDATE_OK. */
MUST_USE struct trust_refusal trust_update_init(struct trust_store *store, struct span file,
                                                const uint8_t root_id[TRUST_DIGEST_SIZE],
                                                const struct trust_clock_input *clock);

/* Imports a bundle, whole. `progress` (may be NULL) is told now and then how many bytes of rows are
 * done, of how many in all. *ret_report is written on success only. */
MUST_USE struct trust_refusal
trust_update_import(struct trust_store *store, struct span bundle,
                    const struct trust_clock_input *clock,
                    void (*progress)(void *ctx, size_t done, size_t all), void *ctx,
                    struct trust_update_report *ret_report);

/* What an export holds: of the lists that the header names. */
struct trust_export_report {
    unsigned deltas, wholes;
    unsigned unchanged; /* left out: the other side has them */
};

/* Writes the store as a bundle: the root chain, the header, every list that the header names. With
 * `since` (0: whole), for a store that has the header of that version: lists that changed are
 * deltas where this store still knows what the other has, and whole where it does not. A header
 * that this store never had is BASE_MISMATCH. The caller frees *ret_bundle with free(). */
MUST_USE struct trust_refusal trust_update_export(struct trust_store *store, int64_t since,
                                                  uint8_t **ret_bundle, size_t *ret_len,
                                                  struct trust_export_report *ret_report);

/* "ROLLBACK", and one sentence with the remedy. */
const char *trust_update_error_name(enum trust_update_error error);
const char *trust_update_error_text(enum trust_update_error error);

#endif
