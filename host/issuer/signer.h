/* SPDX-License-Identifier: Apache-2.0
 *
 * The issuer's key at work: claims become a signed credential, payloads become signed documents.
 * What comes out has been taken apart, verified and compared again; the key never leaves here.
 */
#ifndef ISSUER_SIGNER_H
#define ISSUER_SIGNER_H

#include "base/crypto_sign.h"
#include "codec/credential.h"
#include "codec/qr_text.h"

enum signer_error {
    SIGNER_OK = 0,
    SIGNER_CLAIMS,   /* the claims are not fit to be signed: see credential_problem */
    SIGNER_TOO_LONG, /* the credential does not fit the code on paper */
    SIGNER_MISMATCH, /* what was made does not read back as what was meant: nothing may be issued */
    SIGNER_SYSTEM,   /* memory, library */
};

struct signer;

/* A credential with everything that is derived from it. */
struct signed_credential {
    uint8_t document[CREDENTIAL_MAX_BYTES];
    size_t document_len;
    char qr_text[QR_TEXT_MAX + 1]; /* NUL-terminated */
    size_t qr_text_len;
    uint8_t credential_digest[CRYPTO_SHA256_SIZE]; /* SHA-256 of the Sig_structure */
};

/* Takes over the key in every case. */
MUST_USE enum signer_error signer_new(struct crypto_private_key *key, struct signer **ret_signer);
void signer_free(struct signer *signer);

/* The public half: borrowed from the signer. */
int signer_alg(const struct signer *signer);
struct span signer_public_key(const struct signer *signer);
struct span signer_kid(const struct signer *signer);

/* Signs a complete credential (iss, iat and status_index included). *ret_problem (may be NULL)
 * tells more about SIGNER_CLAIMS. The result is untouched unless SIGNER_OK. */
MUST_USE enum signer_error signer_sign(const struct signer *signer,
                                       const struct credential *credential,
                                       struct signed_credential *ret_signed,
                                       struct credential_problem *ret_problem);

/* The length of the QR text that signer_sign would give, to a few characters; nothing is signed. 0
 * when the claims are not fit or too long: signer_sign tells why. */
size_t signer_measure(const struct signer *signer, const struct credential *credential);

/* Takes a finished credential of this key apart again: SIGNER_MISMATCH when it is not one. */
MUST_USE enum signer_error signer_reopen(const struct signer *signer, struct span document,
                                         struct signed_credential *ret_signed);

/* The claims of a signed credential; spans point into it. */
MUST_USE bool signed_credential_claims(const struct signed_credential *made,
                                       struct credential *ret_credential);

/* Signs a payload as COSE_Sign1 of type `typ`: the document, allocated; free with free(). */
MUST_USE enum signer_error signer_sign_document(const struct signer *signer, const char *typ,
                                                struct span payload, uint8_t **ret_document,
                                                size_t *ret_len);

/* SHA-256 over the claims without those in which siblings may differ (iat, cnf, status_index,
 * photo_digest, face): equal for two certificates that say the same. */
MUST_USE enum signer_error signer_claims_digest(const struct credential *credential,
                                                uint8_t ret_digest[CRYPTO_SHA256_SIZE]);

#endif
