/* SPDX-License-Identifier: Apache-2.0
 *
 * COSE_Sign1 and COSE_Sign (RFC 9052 §4) as this project uses them: everything in the protected
 * headers, nothing in the unprotected ones, `crit` refused. Takes structures apart and builds what
 * is signed; knows no cryptography.
 */
#ifndef CODEC_COSE_H
#define CODEC_COSE_H

#include "codec/cbor.h"

#define COSE_ES256          (-7)
#define COSE_EDDSA          (-8)
#define COSE_KID_SIZE       8
#define COSE_SIGNATURE_SIZE 64
#define COSE_MAX_SIGNATURE  512 /* bytes a reader lets through; see cose_sign1_decode */
#define COSE_MAX_SIGNERS    16

#define COSE_TAG_SIGN1 18 /* RFC 9052 §2 */
#define COSE_TAG_SIGN  98

#define COSE_TYP_CREDENTIAL "cc1"
#define COSE_TYP_ROOT       "root1"
#define COSE_TYP_LIST       "list1"
#define COSE_TYP_HEADER     "header1"

enum cose_error {
    COSE_OK = 0,
    COSE_MALFORMED,   /* not deterministic CBOR, or not this structure */
    COSE_UNSUPPORTED, /* well formed, but an algorithm, header or `typ` this version does not know
                       */
};

/* Spans point into the document. */
struct cose_sign1 {
    struct span protected;
    int alg; /* COSE_ES256 or COSE_EDDSA */
    struct span kid;
    struct span payload;
    struct span signature;
};

struct cose_signer {
    struct span protected;
    int alg;
    struct span kid;
    struct span signature;
};

struct cose_sign {
    struct span protected;
    struct span payload;
    struct cose_signer signer[COSE_MAX_SIGNERS];
    size_t signer_count;
};

/* `typ` is the document type that must stand in the protected header; another one is
 * COSE_UNSUPPORTED. A signature of the wrong length (an empty one too) is let through: it is a
 * signature failure, not a format. */
enum cose_error cose_sign1_decode(struct span document, const char *typ,
                                  struct cose_sign1 *ret_cose);
enum cose_error cose_sign_decode(struct span document, const char *typ, struct cose_sign *ret_cose);

/* Bytes that a Sig_structure may have more than its document: the names in it, and heads. */
enum { COSE_SIG_STRUCTURE_MORE = 64 };

/* Writes the Sig_structure (RFC 9052 §4.4): the bytes that are hashed and signed. */
void cose_sign1_to_be_signed(struct writer *w, const struct cose_sign1 *cose);
void cose_sign_to_be_signed(struct writer *w, const struct cose_sign *cose,
                            const struct cose_signer *signer, struct span external_aad);

/* Protected headers: { alg, kid, typ }, { typ } and { alg, kid }. */
void cose_write_sign1_protected(struct writer *w, int alg, struct span kid, const char *typ);
void cose_write_sign_protected(struct writer *w, const char *typ);
void cose_write_signer_protected(struct writer *w, int alg, struct span kid);

/* The whole tagged documents from their parts. */
void cose_write_sign1(struct writer *w, const struct cose_sign1 *cose);
void cose_write_sign(struct writer *w, const struct cose_sign *cose);

#endif
