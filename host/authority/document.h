/* SPDX-License-Identifier: Apache-2.0
 *
 * Trust documents on their way from unsigned to signed. A document that nobody has signed yet has
 * an empty array of signers, which every verifier refuses; it is read here only.
 */
#ifndef AUTHORITY_DOCUMENT_H
#define AUTHORITY_DOCUMENT_H

#include "authority/problem.h"
#include "base/crypto_sign.h"
#include "codec/cose.h"
#include "codec/trust_doc.h"
#include "verifier/trust_rows.h"

enum document_kind {
    DOCUMENT_ROOT,
    DOCUMENT_LIST,
    DOCUMENT_HEADER,
    DOCUMENT_BLOCK, /* an index block for a station of an issuer */
};

#define DOCUMENT_MAX_BYTES     TRUST_MAX_BUNDLE
#define DOCUMENT_MAX_PROTECTED 16 /* bytes of { 16: typ } */

/* A document file taken apart: spans point into the file. */
struct document {
    enum document_kind kind;
    struct cose_sign cose;                          /* signer_count may be 0 */
    struct trust_list_file list_file;               /* for DOCUMENT_LIST */
    uint8_t protected_room[DOCUMENT_MAX_PROTECTED]; /* see document_begin */
};

/* Takes a file apart: a list file, or a bare root, header or block. `name` is for messages. */
MUST_USE enum authority_error document_decode(struct span file, const char *name,
                                              struct document *ret_document,
                                              struct authority_problem *problem);

/* The file again, with its signers as they stand now. The caller frees *ret_file. */
MUST_USE enum authority_error document_encode(const struct document *document, uint8_t **ret_file,
                                              size_t *ret_len, struct authority_problem *problem);

/* Whether both say the same and carry the same signatures, in the same order. How a list's rows are
 * packed does not matter. */
bool document_equal(const struct document *a, const struct document *b);

/* A new document without signatures around a payload, which it borrows. It is not to be copied: its
 * protected headers stand in protected_room. */
void document_begin(enum document_kind kind, struct span payload, struct document *ret_document);

/* Reads a file and takes it apart; *ret_file owns the bytes and is freed by the caller. */
MUST_USE enum authority_error document_read(const char *path, uint8_t **ret_file,
                                            struct document *ret_document,
                                            struct authority_problem *problem);

/* Whether a signature by exactly this key is there and good. */
bool document_signed_by(const struct document *document, const struct trust_key *key,
                        const uint8_t root_id[TRUST_DIGEST_SIZE]);

/* How many distinct keys of the role have signed. */
unsigned document_count_signed(const struct document *document, const struct trust_role *role,
                               const uint8_t root_id[TRUST_DIGEST_SIZE]);

/* One signature with its header, for as long as the document it is added to. */
struct document_signature {
    uint8_t protected[32];
    uint8_t kid[CRYPTO_KID_SIZE];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
};

/* Signs and adds the signature; *room must outlive the document's use. AUTHORITY_CONFLICT when
 * there are sixteen signatures already, AUTHORITY_KEY when a key on a token did not sign. */
MUST_USE enum authority_error document_sign(struct document *document,
                                            const struct crypto_private_key *key,
                                            const uint8_t root_id[TRUST_DIGEST_SIZE],
                                            struct document_signature *room,
                                            struct authority_problem *problem);

/* The rows of a part, sealed; freed with trust_rows_free, on success only. AUTHORITY_DOCUMENT when
 * it cannot be unpacked. */
MUST_USE enum authority_error document_unpack(const struct trust_part *part, const char *name,
                                              struct trust_rows *ret_rows,
                                              struct authority_problem *problem);

/* "list", "root", "header", "block" */
const char *document_kind_name(enum document_kind kind);

#endif
