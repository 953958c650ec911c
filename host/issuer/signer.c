/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything that is made is read back by the code a verifier uses, before anyone sees it: a bug or
 * a bit error here would otherwise be found at a border.
 */
#include "issuer/signer.h"

#include <stdlib.h>

#include "codec/cose.h"

#define HEADER_MAX 64
/* Sig_structure and envelope are no longer than their parts and this. */
#define ENVELOPE_MAX (HEADER_MAX + COSE_SIGNATURE_SIZE + 64)

struct signer {
    struct crypto_private_key *key;
    struct crypto_key
        *public_half; /* parsed from the bytes below, not taken from the private key */
    int alg;
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    size_t public_key_len;
    uint8_t kid[CRYPTO_KID_SIZE];
};

/* One signature by the private half, verified with the bytes that others know as the public half.
 */
static bool halves_fit(const struct signer *s)
{
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    struct span message = span_str("both halves of one key");
    return crypto_sign(s->key, message, signature) == CRYPTO_OK &&
           crypto_verify(s->public_half, s->alg, message, span_of(signature, sizeof signature)) ==
               CRYPTO_OK;
}

enum signer_error signer_new(struct crypto_private_key *key, struct signer **ret_signer)
{
    struct signer *s = calloc(1, sizeof *s);
    if (s == NULL) {
        crypto_private_key_free(key);
        return SIGNER_SYSTEM;
    }
    s->key = key;
    s->alg = crypto_private_key_alg(key);
    s->public_key_len = crypto_private_key_public(key, s->public_key);
    struct span public_key = span_of(s->public_key, s->public_key_len);
    if (crypto_key_new(s->alg, public_key, &s->public_half) != CRYPTO_OK ||
        crypto_kid(s->alg, public_key, s->kid) != CRYPTO_OK || !halves_fit(s)) {
        signer_free(s);
        return SIGNER_SYSTEM;
    }
    *ret_signer = s;
    return SIGNER_OK;
}

void signer_free(struct signer *signer)
{
    if (signer != NULL) {
        crypto_private_key_free(signer->key);
        crypto_key_free(signer->public_half);
        free(signer);
    }
}

int signer_alg(const struct signer *signer)
{
    return signer->alg;
}

struct span signer_public_key(const struct signer *signer)
{
    return span_of(signer->public_key, signer->public_key_len);
}

struct span signer_kid(const struct signer *signer)
{
    return span_of(signer->kid, sizeof signer->kid);
}

/* A signature that crypto_sign has verified, and over what. */
struct verified {
    struct span signed_bytes; /* Sig_structure */
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
};

/* Builds header, Sig_structure and signature, and writes the document. `scratch` holds the
 * Sig_structure, which `verified` points into. */
static enum signer_error write_signed(const struct signer *s, const char *typ, struct span payload,
                                      struct writer *scratch, struct writer *document,
                                      struct verified *verified)
{
    uint8_t header[HEADER_MAX];
    struct writer protected = writer_of(header, sizeof header);
    cose_write_sign1_protected(&protected, s->alg, signer_kid(s), typ);
    struct cose_sign1 cose = {.protected = writer_span(&protected), .payload = payload};
    cose_sign1_to_be_signed(scratch, &cose);
    verified->signed_bytes = writer_span(scratch);
    if (!writer_ok(&protected) || !writer_ok(scratch) ||
        crypto_sign(s->key, verified->signed_bytes, verified->signature) != CRYPTO_OK) {
        return SIGNER_SYSTEM;
    }
    cose.signature = span_of(verified->signature, sizeof verified->signature);
    cose_write_sign1(document, &cose);
    return writer_ok(document) ? SIGNER_OK : SIGNER_SYSTEM;
}

/* As a verifier would: from the finished bytes alone. `room` gets the Sig_structure found in them.
 * A signature that was verified over the same bytes needs no second verification; `verified` is
 * NULL for a document of unknown origin. */
static bool reads_back(const struct signer *s, const char *typ, struct span document,
                       struct span payload, struct writer *room, const struct verified *verified)
{
    struct cose_sign1 cose;
    if (cose_sign1_decode(document, typ, &cose) != COSE_OK || cose.alg != s->alg ||
        !span_equal(cose.kid, signer_kid(s)) || !span_equal(cose.payload, payload)) {
        return false;
    }
    cose_sign1_to_be_signed(room, &cose);
    if (!writer_ok(room)) {
        return false;
    }
    if (verified != NULL) {
        return span_equal(writer_span(room), verified->signed_bytes) &&
               span_equal(cose.signature, span_of(verified->signature, sizeof verified->signature));
    }
    return crypto_verify(s->public_half, cose.alg, writer_span(room), cose.signature) == CRYPTO_OK;
}

/* The code's text, and back to the same bytes. */
static enum signer_error write_qr_text(struct signed_credential *made)
{
    uint8_t back[CREDENTIAL_MAX_BYTES];
    struct span document = span_of(made->document, made->document_len);
    struct writer text = writer_of(made->qr_text, QR_TEXT_MAX);
    if (qr_text_encode(document, &text) != QR_TEXT_OK || !writer_ok(&text)) {
        return SIGNER_TOO_LONG;
    }
    made->qr_text_len = text.len;
    made->qr_text[text.len] = '\0';
    struct writer w = writer_of(back, sizeof back);
    if (qr_text_decode(writer_span(&text), &w) != QR_TEXT_OK ||
        !span_equal(writer_span(&w), document)) {
        return SIGNER_MISMATCH;
    }
    return SIGNER_OK;
}

static bool same_value(const struct credential *a, const struct credential *b,
                       enum saksi_claim claim)
{
    return span_equal(a->value[claim].text, b->value[claim].text) &&
           a->value[claim].number == b->value[claim].number;
}

static bool same_claims(const struct credential *a, const struct credential *b)
{
    bool same =
        a->present == b->present && a->is_null == b->is_null && a->unit_count == b->unit_count;
    for (int i = 0; i < SAKSI_CLAIM_COUNT && same; i++) {
        same = same_value(a, b, (enum saksi_claim)i);
    }
    for (size_t i = 0; i < a->unit_count && same; i++) {
        same = span_equal(a->unit[i], b->unit[i]);
    }
    return same;
}

/* From the finished document alone: checks that it carries `payload`, and derives the rest. */
static enum signer_error finish(const struct signer *s, struct span payload,
                                const struct verified *verified, struct signed_credential *made)
{
    uint8_t room[CREDENTIAL_MAX_BYTES + ENVELOPE_MAX];
    struct writer to_sign = writer_of(room, sizeof room);
    struct span document = span_of(made->document, made->document_len);
    if (!reads_back(s, COSE_TYP_CREDENTIAL, document, payload, &to_sign, verified)) {
        return SIGNER_MISMATCH;
    }
    struct span signed_bytes = writer_span(&to_sign);
    if (crypto_sha256(&signed_bytes, 1, made->credential_digest) != CRYPTO_OK) {
        return SIGNER_SYSTEM;
    }
    return write_qr_text(made);
}

enum signer_error signer_sign(const struct signer *signer, const struct credential *credential,
                              struct signed_credential *ret_signed,
                              struct credential_problem *ret_problem)
{
    uint8_t payload_room[CREDENTIAL_MAX_BYTES], scratch_room[CREDENTIAL_MAX_BYTES + ENVELOPE_MAX];
    struct signed_credential made;
    struct credential back;
    struct writer payload = writer_of(payload_room, sizeof payload_room);
    struct credential_problem problem = credential_encode(credential, &payload);
    if (problem.error != CREDENTIAL_OK) {
        if (ret_problem != NULL) {
            *ret_problem = problem;
        }
        return SIGNER_CLAIMS;
    }
    if (credential_decode(writer_span(&payload), &back).error != CREDENTIAL_OK ||
        !same_claims(credential, &back)) {
        return SIGNER_MISMATCH;
    }
    struct writer scratch = writer_of(scratch_room, sizeof scratch_room);
    struct writer document = writer_of(made.document, sizeof made.document);
    struct verified verified;
    enum signer_error error = write_signed(signer, COSE_TYP_CREDENTIAL, writer_span(&payload),
                                           &scratch, &document, &verified);
    if (error != SIGNER_OK) {
        return document.len > document.cap ? SIGNER_TOO_LONG : error;
    }
    made.document_len = document.len;
    error = finish(signer, writer_span(&payload), &verified, &made);
    if (error == SIGNER_OK) {
        *ret_signed = made;
    }
    return error;
}

size_t signer_measure(const struct signer *signer, const struct credential *credential)
{
    uint8_t payload_room[CREDENTIAL_MAX_BYTES], header[HEADER_MAX], noise[COSE_SIGNATURE_SIZE];
    struct signed_credential made;
    struct writer payload = writer_of(payload_room, sizeof payload_room);
    struct writer protected = writer_of(header, sizeof header);
    struct writer document = writer_of(made.document, sizeof made.document);
    /* A signature is not compressible; neither is this. */
    if (credential_encode(credential, &payload).error != CREDENTIAL_OK ||
        crypto_random(noise, sizeof noise) != CRYPTO_OK) {
        return 0;
    }
    cose_write_sign1_protected(&protected, signer->alg, signer_kid(signer), COSE_TYP_CREDENTIAL);
    struct cose_sign1 cose = {.protected = writer_span(&protected),
                              .payload = writer_span(&payload),
                              .signature = span_of(noise, sizeof noise)};
    cose_write_sign1(&document, &cose);
    made.document_len = document.len;
    return writer_ok(&document) && write_qr_text(&made) == SIGNER_OK ? made.qr_text_len : 0;
}

enum signer_error signer_reopen(const struct signer *signer, struct span document,
                                struct signed_credential *ret_signed)
{
    struct cose_sign1 cose;
    struct signed_credential made;
    if (document.len > sizeof made.document ||
        cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose) != COSE_OK) {
        return SIGNER_MISMATCH;
    }
    memcpy(made.document, document.ptr, document.len);
    made.document_len = document.len;
    enum signer_error error = finish(signer, cose.payload, NULL, &made);
    if (error == SIGNER_OK) {
        *ret_signed = made;
    }
    return error;
}

bool signed_credential_claims(const struct signed_credential *made,
                              struct credential *ret_credential)
{
    struct cose_sign1 cose;
    struct span document = span_of(made->document, made->document_len);
    return credential_open(document, &cose, ret_credential);
}

enum signer_error signer_sign_document(const struct signer *signer, const char *typ,
                                       struct span payload, uint8_t **ret_document, size_t *ret_len)
{
    size_t room = payload.len + ENVELOPE_MAX;
    uint8_t *document = malloc(room), *scratch = malloc(room);
    struct writer to_sign = writer_of(scratch, scratch == NULL ? 0 : room);
    struct writer w = writer_of(document, document == NULL ? 0 : room);
    struct verified verified;
    enum signer_error error = write_signed(signer, typ, payload, &to_sign, &w, &verified);
    to_sign.len = 0;
    if (error == SIGNER_OK && !reads_back(signer, typ, writer_span(&w), payload, &to_sign, NULL)) {
        error = SIGNER_MISMATCH;
    }
    if (error == SIGNER_OK) {
        *ret_document = document;
        *ret_len = w.len;
        document = NULL;
    }
    free(document);
    free(scratch);
    return error;
}

/* The payload's encoding with the differing claims put to one fixed value or left out. */
enum signer_error signer_claims_digest(const struct credential *credential,
                                       uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    static const uint8_t fixed_digest[32];
    uint8_t room[CREDENTIAL_MAX_BYTES];
    struct credential c = *credential;
    credential_clear(&c, SAKSI_CLAIM_CNF);
    credential_clear(&c, SAKSI_CLAIM_FACE);
    /* Present in every one of them, so that a certificate without birth date still is well formed.
     */
    credential_set_text(&c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(fixed_digest, sizeof fixed_digest));
    credential_set_number(&c, SAKSI_CLAIM_IAT, 0);
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, 0);
    struct writer w = writer_of(room, sizeof room);
    if (credential_encode(&c, &w).error != CREDENTIAL_OK) {
        return SIGNER_CLAIMS;
    }
    struct span payload = writer_span(&w);
    return crypto_sha256(&payload, 1, ret_digest) == CRYPTO_OK ? SIGNER_OK : SIGNER_SYSTEM;
}
