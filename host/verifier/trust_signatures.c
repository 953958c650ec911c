/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether enough keys of a role have signed a document. Knows thresholds; does not know which role
 * a document needs, nor what it says.
 */
#include "verifier/trust_signatures.h"

#include <stdlib.h>

enum trust_update_error trust_update_error_of(enum trust_doc_error error)
{
    switch (error) {
    case TRUST_DOC_OK:
        return TRUST_UPDATE_OK;
    case TRUST_DOC_LIMIT:
        return TRUST_UPDATE_LIMIT;
    case TRUST_DOC_ROLE:
        return TRUST_UPDATE_ROLE;
    case TRUST_DOC_FORMAT:
        break;
    }
    return TRUST_UPDATE_FORMAT;
}

static bool is_other_role(struct span document, const char *typ)
{
    static const char *const known[] = {COSE_TYP_ROOT, COSE_TYP_LIST, COSE_TYP_HEADER};
    struct cose_sign cose;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i], typ) != 0 && cose_sign_decode(document, known[i], &cose) == COSE_OK) {
            return true;
        }
    }
    return false;
}

enum trust_update_error trust_document_open(struct span document, const char *typ,
                                            struct cose_sign *ret_document)
{
    if (document.len > TRUST_MAX_DOC_BYTES) {
        return TRUST_UPDATE_LIMIT;
    }
    switch (cose_sign_decode(document, typ, ret_document)) {
    case COSE_OK:
        return TRUST_UPDATE_OK;
    case COSE_UNSUPPORTED:
        return is_other_role(document, typ) ? TRUST_UPDATE_ROLE : TRUST_UPDATE_FORMAT;
    case COSE_MALFORMED:
        break;
    }
    return TRUST_UPDATE_FORMAT;
}

enum trust_update_error trust_digest(struct span payload, uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    return crypto_sha256(&payload, 1, ret_digest) == CRYPTO_OK ? TRUST_UPDATE_OK
                                                               : TRUST_UPDATE_SYSTEM;
}

/* ---- counting ---- */

struct count {
    const struct trust_role *role;
    const struct trust_kid *kid;
    bool signed_by[TRUST_MAX_ROLE_KEYS]; /* a key counts once */
    bool wrong_seen; /* a signature that names a key of the role, and is not its */
};

static enum crypto_error verify_by(const struct trust_key *key, const struct cose_signer *signer,
                                   struct span message)
{
    struct crypto_key *parsed = NULL;
    enum crypto_error error = crypto_key_new(key->alg, key->public_key, &parsed);
    if (error == CRYPTO_OK) {
        error = crypto_verify(parsed, signer->alg, message, signer->signature);
    }
    crypto_key_free(parsed);
    return error;
}

static enum trust_update_error count_signer(struct count *count, const struct cose_signer *signer,
                                            struct span message)
{
    unsigned tries = 0;
    for (size_t i = 0; i < count->role->key_count && tries < TRUST_MAX_KID_TRIES; i++) {
        struct span kid = span_of(count->kid[i].bytes, CRYPTO_KID_SIZE);
        if (!count->kid[i].usable || !span_equal(signer->kid, kid)) {
            continue;
        }
        tries++;
        enum crypto_error error = verify_by(&count->role->key[i], signer, message);
        if (error == CRYPTO_SYSTEM) {
            return TRUST_UPDATE_SYSTEM;
        }
        if (error == CRYPTO_OK) {
            count->signed_by[i] = true;
            return TRUST_UPDATE_OK;
        }
    }
    count->wrong_seen = count->wrong_seen || tries != 0;
    return TRUST_UPDATE_OK;
}

static enum trust_update_error count_all(struct count *count, const struct cose_sign *document,
                                         const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    struct span aad = span_of(root_id, TRUST_DIGEST_SIZE);
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (size_t i = 0; i < document->signer_count && error == TRUST_UPDATE_OK; i++) {
        const struct cose_signer *signer = &document->signer[i];
        struct writer w = writer_of(NULL, 0);
        cose_sign_to_be_signed(&w, document, signer, aad);
        w = writer_of(malloc(w.len), w.len);
        if (w.ptr == NULL) {
            return TRUST_UPDATE_SYSTEM;
        }
        cose_sign_to_be_signed(&w, document, signer, aad);
        error = count_signer(count, signer, writer_span(&w));
        free(w.ptr);
    }
    return error;
}

enum trust_update_error trust_signatures_count(const struct cose_sign *document,
                                               const struct trust_role *role,
                                               const struct trust_kid *kid,
                                               const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    struct count count = {.role = role, .kid = kid};
    enum trust_update_error error = count_all(&count, document, root_id);
    if (error != TRUST_UPDATE_OK) {
        return error;
    }
    unsigned keys = 0;
    for (size_t i = 0; i < role->key_count; i++) {
        keys += count.signed_by[i];
    }
    /* No threshold is met by nobody, whatever a decoder let through. */
    if (keys >= role->threshold && keys > 0) {
        return TRUST_UPDATE_OK;
    }
    return count.wrong_seen ? TRUST_UPDATE_SIGNATURE : TRUST_UPDATE_THRESHOLD;
}

enum trust_update_error trust_signatures_check(const struct cose_sign *document,
                                               const struct trust_role *role,
                                               const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    struct trust_kid kid[TRUST_MAX_ROLE_KEYS];
    for (size_t i = 0; i < role->key_count; i++) {
        enum crypto_error error =
            crypto_kid(role->key[i].alg, role->key[i].public_key, kid[i].bytes);
        if (error == CRYPTO_SYSTEM) {
            return TRUST_UPDATE_SYSTEM;
        }
        kid[i].usable = error == CRYPTO_OK;
    }
    return trust_signatures_count(document, role, kid, root_id);
}

enum trust_update_error trust_root_open(struct span file, struct trust_root *ret_root,
                                        uint8_t ret_root_id[TRUST_DIGEST_SIZE])
{
    struct cose_sign cose;
    enum trust_update_error error = trust_document_open(file, COSE_TYP_ROOT, &cose);
    if (error == TRUST_UPDATE_OK) {
        error = trust_update_error_of(trust_root_decode(cose.payload, ret_root));
    }
    if (error == TRUST_UPDATE_OK && ret_root->version != 1) {
        error = TRUST_UPDATE_ROOT_GAP;
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_digest(cose.payload, ret_root_id);
    }
    return error == TRUST_UPDATE_OK ? trust_signatures_check(&cose, &ret_root->root, ret_root_id)
                                    : error;
}
