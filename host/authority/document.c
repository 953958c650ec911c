/* SPDX-License-Identifier: Apache-2.0
 *
 * Trust documents between unsigned and signed.
 */
#include "authority/document.h"

#include <stdlib.h>

#include "issuer/block.h"
#include "verifier/trust_pack.h"

static const struct kind {
    enum document_kind kind;
    const char *name, *typ;
} kinds[] = {
    {DOCUMENT_ROOT, "root", COSE_TYP_ROOT},
    {DOCUMENT_LIST, "list", COSE_TYP_LIST},
    {DOCUMENT_HEADER, "header", COSE_TYP_HEADER},
    {DOCUMENT_BLOCK, "block", BLOCK_TYP},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const char *document_kind_name(enum document_kind kind)
{
    return kinds[kind].name;
}

/* A body's protected headers hold nothing but its type. */
static struct span write_protected(enum document_kind kind, uint8_t room[DOCUMENT_MAX_PROTECTED])
{
    struct writer w = writer_of(room, DOCUMENT_MAX_PROTECTED);
    cose_write_sign_protected(&w, kinds[kind].typ);
    return writer_span(&w);
}

/* --- reading --- */

static bool decode_without_signers(struct span bytes, struct cose_sign *ret_cose)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    *ret_cose = (struct cose_sign){0};
    cbor_read_tag(&c, COSE_TAG_SIGN);
    (void)cbor_read_array(&c, 4, 4);
    ret_cose->protected = cbor_read_bytes(&c, 1, DOCUMENT_MAX_PROTECTED);
    (void)cbor_read_map(&c, 0, 0);
    ret_cose->payload = cbor_read_bytes(&c, 0, SIZE_MAX);
    (void)cbor_read_array(&c, 0, 0);
    return cbor_finish(&c);
}

static bool decode_cose(struct span bytes, enum document_kind kind, struct cose_sign *ret_cose)
{
    uint8_t room[DOCUMENT_MAX_PROTECTED];
    if (cose_sign_decode(bytes, kinds[kind].typ, ret_cose) == COSE_OK) {
        return true;
    }
    return decode_without_signers(bytes, ret_cose) &&
           span_equal(ret_cose->protected, write_protected(kind, room));
}

enum authority_error document_decode(struct span file, const char *name,
                                     struct document *ret_document,
                                     struct authority_problem *problem)
{
    *ret_document = (struct document){0};
    if (trust_list_file_decode(file, &ret_document->list_file) == TRUST_DOC_OK &&
        ret_document->list_file.base.len == 0) {
        ret_document->kind = DOCUMENT_LIST;
        if (decode_cose(ret_document->list_file.document, DOCUMENT_LIST, &ret_document->cose)) {
            return AUTHORITY_OK;
        }
    }
    for (size_t i = 0; i < KINDS; i++) {
        ret_document->kind = kinds[i].kind;
        if (kinds[i].kind != DOCUMENT_LIST &&
            decode_cose(file, kinds[i].kind, &ret_document->cose)) {
            return AUTHORITY_OK;
        }
    }
    return authority_fail(problem, AUTHORITY_DOCUMENT,
                          "%s: is no root, list, header or block, or it is damaged", name);
}

enum authority_error document_read(const char *path, uint8_t **ret_file,
                                   struct document *ret_document, struct authority_problem *problem)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum file_error failed = file_read(path, DOCUMENT_MAX_BYTES, &bytes, &len);
    if (failed != FILE_OK) {
        return authority_fail_file(problem, path, failed);
    }
    enum authority_error error = document_decode(span_of(bytes, len), path, ret_document, problem);
    if (error != AUTHORITY_OK) {
        free(bytes);
        return error;
    }
    *ret_file = bytes;
    return AUTHORITY_OK;
}

enum authority_error document_unpack(const struct trust_part *part, const char *name,
                                     struct trust_rows *ret_rows, struct authority_problem *problem)
{
    switch (trust_unpack(part, NULL, ret_rows)) {
    case TRUST_UPDATE_OK:
        return AUTHORITY_OK;
    case TRUST_UPDATE_SYSTEM:
        return authority_fail_system(problem);
    default:
        return authority_fail(problem, AUTHORITY_DOCUMENT,
                              "%s: the rows are damaged; build the list again", name);
    }
}

bool document_equal(const struct document *a, const struct document *b)
{
    bool equal = a->kind == b->kind && span_equal(a->cose.payload, b->cose.payload) &&
                 a->cose.signer_count == b->cose.signer_count;
    for (size_t i = 0; equal && i < a->cose.signer_count; i++) {
        const struct cose_signer *x = &a->cose.signer[i];
        const struct cose_signer *y = &b->cose.signer[i];
        equal = span_equal(x->protected, y->protected) && span_equal(x->signature, y->signature);
    }
    return equal;
}

/* --- writing --- */

void document_begin(enum document_kind kind, struct span payload, struct document *ret_document)
{
    *ret_document = (struct document){.kind = kind};
    ret_document->cose.protected = write_protected(kind, ret_document->protected_room);
    ret_document->cose.payload = payload;
}

/* Runs a writer twice: once to count, once into a buffer of that size. */
static enum authority_error encode_cose(const struct cose_sign *cose, uint8_t **ret_bytes,
                                        size_t *ret_len, struct authority_problem *problem)
{
    struct writer count = writer_of(NULL, 0);
    cose_write_sign(&count, cose);
    uint8_t *bytes = malloc(count.len);
    if (bytes == NULL) {
        return authority_fail_system(problem);
    }
    struct writer w = writer_of(bytes, count.len);
    cose_write_sign(&w, cose);
    *ret_bytes = bytes;
    *ret_len = w.len;
    return AUTHORITY_OK;
}

static enum authority_error encode_list_file(const struct trust_list_file *file,
                                             uint8_t **ret_bytes, size_t *ret_len,
                                             struct authority_problem *problem)
{
    struct writer count = writer_of(NULL, 0);
    trust_list_file_encode(file, &count);
    uint8_t *bytes = malloc(count.len);
    if (bytes == NULL) {
        return authority_fail_system(problem);
    }
    struct writer w = writer_of(bytes, count.len);
    trust_list_file_encode(file, &w);
    *ret_bytes = bytes;
    *ret_len = w.len;
    return AUTHORITY_OK;
}

enum authority_error document_encode(const struct document *document, uint8_t **ret_file,
                                     size_t *ret_len, struct authority_problem *problem)
{
    uint8_t *cose = NULL;
    size_t len = 0;
    enum authority_error error = encode_cose(&document->cose, &cose, &len, problem);
    if (error != AUTHORITY_OK || document->kind != DOCUMENT_LIST) {
        *ret_file = cose;
        *ret_len = len;
        return error;
    }
    struct trust_list_file file = document->list_file;
    file.document = span_of(cose, len);
    error = encode_list_file(&file, ret_file, ret_len, problem);
    free(cose);
    return error;
}

/* --- signatures --- */

static uint8_t *to_be_signed(const struct document *document, const struct cose_signer *signer,
                             const uint8_t root_id[TRUST_DIGEST_SIZE], size_t *ret_len)
{
    struct span aad = span_of(root_id, TRUST_DIGEST_SIZE);
    struct writer count = writer_of(NULL, 0);
    cose_sign_to_be_signed(&count, &document->cose, signer, aad);
    uint8_t *bytes = malloc(count.len);
    if (bytes != NULL) {
        struct writer w = writer_of(bytes, count.len);
        cose_sign_to_be_signed(&w, &document->cose, signer, aad);
        *ret_len = w.len;
    }
    return bytes;
}

static bool signature_is_good(const struct document *document, const struct cose_signer *signer,
                              const struct crypto_key *key,
                              const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    size_t len = 0;
    uint8_t *message = to_be_signed(document, signer, root_id, &len);
    bool good = message != NULL && crypto_verify(key, signer->alg, span_of(message, len),
                                                 signer->signature) == CRYPTO_OK;
    free(message);
    return good;
}

bool document_signed_by(const struct document *document, const struct trust_key *key,
                        const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    uint8_t kid[CRYPTO_KID_SIZE];
    struct crypto_key *parsed = NULL;
    bool found = false;
    if (crypto_kid(key->alg, key->public_key, kid) != CRYPTO_OK ||
        crypto_key_new(key->alg, key->public_key, &parsed) != CRYPTO_OK) {
        return false;
    }
    for (size_t i = 0; i < document->cose.signer_count && !found; i++) {
        const struct cose_signer *signer = &document->cose.signer[i];
        found = span_equal(signer->kid, span_of(kid, sizeof kid)) &&
                signature_is_good(document, signer, parsed, root_id);
    }
    crypto_key_free(parsed);
    return found;
}

unsigned document_count_signed(const struct document *document, const struct trust_role *role,
                               const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    unsigned count = 0;
    for (size_t i = 0; i < role->key_count; i++) {
        count += document_signed_by(document, &role->key[i], root_id) ? 1 : 0;
    }
    return count;
}

static enum authority_error fail_signing(const struct crypto_private_key *key,
                                         enum crypto_error error, struct authority_problem *problem)
{
    switch (error) {
    case CRYPTO_REMOTE:
        return authority_fail(problem, AUTHORITY_KEY, "the key did not sign: %s",
                              crypto_private_key_problem(key));
    case CRYPTO_BAD_SIGNATURE:
        return authority_fail(problem, AUTHORITY_KEY,
                              "the key made a signature that does not verify; it is not used");
    default:
        return authority_fail_system(problem);
    }
}

enum authority_error document_sign(struct document *document, const struct crypto_private_key *key,
                                   const uint8_t root_id[TRUST_DIGEST_SIZE],
                                   struct document_signature *room,
                                   struct authority_problem *problem)
{
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    size_t public_len = crypto_private_key_public(key, public_key);
    int alg = crypto_private_key_alg(key);
    size_t len = 0;
    if (document->cose.signer_count >= COSE_MAX_SIGNERS) {
        return authority_fail(problem, AUTHORITY_CONFLICT, "the document has %d signatures already",
                              COSE_MAX_SIGNERS);
    }
    if (crypto_kid(alg, span_of(public_key, public_len), room->kid) != CRYPTO_OK) {
        return authority_fail_system(problem);
    }
    struct writer w = writer_of(room->protected, sizeof room->protected);
    cose_write_signer_protected(&w, alg, span_of(room->kid, sizeof room->kid));
    struct cose_signer signer = {.protected = writer_span(&w),
                                 .alg = alg,
                                 .kid = span_of(room->kid, sizeof room->kid),
                                 .signature = span_of(room->signature, sizeof room->signature)};
    uint8_t *message = to_be_signed(document, &signer, root_id, &len);
    enum crypto_error error =
        message == NULL ? CRYPTO_SYSTEM : crypto_sign(key, span_of(message, len), room->signature);
    free(message);
    if (error != CRYPTO_OK) {
        return fail_signing(key, error, problem);
    }
    document->cose.signer[document->cose.signer_count++] = signer;
    return AUTHORITY_OK;
}
