/* SPDX-License-Identifier: Apache-2.0
 *
 * A private key of a token. The module is asked with buffers of fixed size, so that no length it
 * names is ever allocated or believed; and only until one key too many is found, so that no list of
 * it is too long.
 */
#include "base/pkcs11_session.h"

#include "codec/cose.h"

#define MAX_ATTRIBUTE 256 /* bytes; the longest that is read is a point */

/* --- objects --- */

/* Finds at most two: one more than is good. */
static enum pkcs11_error find(struct pkcs11 *p, CK_ATTRIBUTE *like, CK_ULONG like_count,
                              CK_OBJECT_HANDLE found[2], CK_ULONG *ret_count,
                              struct pkcs11_problem *problem)
{
    CK_ULONG count = 0;
    CK_ULONG got = 1;
    enum pkcs11_error error = pkcs11_check(problem, "C_FindObjectsInit",
                                           p->f->C_FindObjectsInit(p->session, like, like_count));
    if (error != PKCS11_OK) {
        return error;
    }
    while (error == PKCS11_OK && got != 0 && count < 2) {
        got = 0;
        CK_RV rv = p->f->C_FindObjects(p->session, found + count, 2 - count, &got);
        error = pkcs11_check(problem, "C_FindObjects", rv);
        if (error == PKCS11_OK && got > 2 - count) {
            error =
                pkcs11_fail(problem, PKCS11_ANSWER, "C_FindObjects: more than there is room for");
        }
        count += error == PKCS11_OK ? got : 0;
    }
    (void)p->f->C_FindObjectsFinal(p->session);
    *ret_count = count;
    return error;
}

/* Length 0 when the object has no such attribute. */
static enum pkcs11_error read_attribute(struct pkcs11 *p, CK_OBJECT_HANDLE object,
                                        CK_ATTRIBUTE_TYPE type, uint8_t room[MAX_ATTRIBUTE],
                                        size_t *ret_len, struct pkcs11_problem *problem)
{
    CK_ATTRIBUTE attribute = {type, room, MAX_ATTRIBUTE};
    CK_RV rv = p->f->C_GetAttributeValue(p->session, object, &attribute, 1);
    *ret_len = 0;
    if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE) {
        return PKCS11_OK;
    }
    if (rv == CKR_BUFFER_TOO_SMALL || (rv == CKR_OK && attribute.ulValueLen > MAX_ATTRIBUTE)) {
        return pkcs11_fail(problem, PKCS11_ANSWER,
                           "C_GetAttributeValue: longer than any key's can be");
    }
    *ret_len = rv == CKR_OK ? attribute.ulValueLen : 0;
    return pkcs11_check(problem, "C_GetAttributeValue", rv);
}

/* An attribute of exactly this size; `optional` leaves *ret_value alone when there is none. */
static enum pkcs11_error read_value(struct pkcs11 *p, CK_ATTRIBUTE_TYPE type, void *ret_value,
                                    size_t size, bool optional, struct pkcs11_problem *problem)
{
    uint8_t room[MAX_ATTRIBUTE];
    size_t len = 0;
    enum pkcs11_error error = read_attribute(p, p->key, type, room, &len, problem);
    if (error != PKCS11_OK || (len == 0 && optional)) {
        return error;
    }
    if (len != size) {
        return pkcs11_fail(problem, PKCS11_ANSWER, "C_GetAttributeValue: a value of another size");
    }
    memcpy(ret_value, room, size);
    return PKCS11_OK;
}

/* --- the private key --- */

static enum pkcs11_error find_key(struct pkcs11 *p, const struct pkcs11_uri *uri,
                                  struct pkcs11_problem *problem)
{
    CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE like[3] = {{CKA_CLASS, &private_key, sizeof private_key}};
    CK_OBJECT_HANDLE found[2] = {0, 0};
    CK_ULONG used = 1;
    CK_ULONG count = 0;
    if (uri->object[0] != '\0') {
        like[used++] =
            (CK_ATTRIBUTE){CKA_LABEL, (void *)(uintptr_t)uri->object, strlen(uri->object)};
    }
    if (uri->id_len != 0) {
        like[used++] = (CK_ATTRIBUTE){CKA_ID, (void *)(uintptr_t)uri->id, uri->id_len};
    }
    enum pkcs11_error error = find(p, like, used, found, &count, problem);
    if (error == PKCS11_OK && count != 1) {
        error = pkcs11_fail(problem, count == 0 ? PKCS11_NO_KEY : PKCS11_KEYS, "");
    }
    p->key = found[0];
    return error;
}

/* CKA_EC_PARAMS: the object identifier of a named curve; for Ed25519 some modules have its name
 * instead (PKCS#11 3.0, §2.3.5). */
static int alg_of_curve(CK_KEY_TYPE type, struct span params)
{
    static const uint8_t p256[] = {0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7};
    static const uint8_t ed25519[] = {0x06, 3, 0x2B, 0x65, 0x70};
    static const char ed25519_name[] = "\x13\x0C"
                                       "edwards25519";
    if (type == CKK_EC) {
        return span_equal(params, span_of(p256, sizeof p256)) ? COSE_ES256 : 0;
    }
    return span_equal(params, span_of(ed25519, sizeof ed25519)) ||
                   span_equal(params, span_str(ed25519_name))
               ? COSE_EDDSA
               : 0;
}

static enum pkcs11_error read_kind(struct pkcs11 *p, struct pkcs11_problem *problem)
{
    uint8_t params[MAX_ATTRIBUTE];
    size_t len = 0;
    CK_KEY_TYPE type = CK_UNAVAILABLE_INFORMATION;
    CK_BBOOL signs = CK_FALSE;
    CK_BBOOL asks_again = CK_FALSE;
    enum pkcs11_error error = read_value(p, CKA_KEY_TYPE, &type, sizeof type, false, problem);
    if (error == PKCS11_OK && type != CKK_EC && type != CKK_EC_EDWARDS) {
        error = pkcs11_fail(problem, PKCS11_KEY_TYPE, "");
    }
    if (error == PKCS11_OK) {
        error = read_value(p, CKA_SIGN, &signs, sizeof signs, false, problem);
    }
    if (error == PKCS11_OK && signs != CK_TRUE) {
        error = pkcs11_fail(problem, PKCS11_MAY_NOT_SIGN, "");
    }
    if (error == PKCS11_OK) {
        error =
            read_value(p, CKA_ALWAYS_AUTHENTICATE, &asks_again, sizeof asks_again, true, problem);
    }
    if (error == PKCS11_OK) {
        error = read_attribute(p, p->key, CKA_EC_PARAMS, params, &len, problem);
    }
    p->asks_again = asks_again != CK_FALSE;
    p->alg = error == PKCS11_OK ? alg_of_curve(type, span_of(params, len)) : 0;
    return error == PKCS11_OK && p->alg == 0 ? pkcs11_fail(problem, PKCS11_CURVE, "") : error;
}

/* --- its public key --- */

/* The public key with the private one's id; without an id, with its label. */
static enum pkcs11_error find_public(struct pkcs11 *p, CK_OBJECT_HANDLE *ret_public,
                                     struct pkcs11_problem *problem)
{
    CK_OBJECT_CLASS public_key = CKO_PUBLIC_KEY;
    uint8_t name[MAX_ATTRIBUTE];
    size_t len = 0;
    CK_ATTRIBUTE_TYPE by = CKA_ID;
    CK_OBJECT_HANDLE found[2] = {0, 0};
    CK_ULONG count = 0;
    enum pkcs11_error error = read_attribute(p, p->key, by, name, &len, problem);
    if (error == PKCS11_OK && len == 0) {
        by = CKA_LABEL;
        error = read_attribute(p, p->key, by, name, &len, problem);
    }
    if (error == PKCS11_OK && len != 0) {
        CK_ATTRIBUTE like[] = {{CKA_CLASS, &public_key, sizeof public_key}, {by, name, len}};
        error = find(p, like, 2, found, &count, problem);
    }
    if (error == PKCS11_OK && count != 1) {
        error = pkcs11_fail(problem, PKCS11_NO_PUBLIC, count == 0 ? "" : "it holds several");
    }
    *ret_public = found[0];
    return error;
}

/* CKA_EC_POINT is the point in an OCTET STRING (PKCS#11 §2.3.3); some modules leave that out. */
static struct span unwrap(int alg, struct span point)
{
    size_t raw = alg == COSE_EDDSA ? 32 : 65;
    bool wrapped =
        point.len > 2 && point.len != raw && point.ptr[0] == 0x04 && point.ptr[1] == point.len - 2;
    return wrapped ? span_of(point.ptr + 2, point.len - 2) : point;
}

static bool sign(void *ctx, struct span input, uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE]);
static const char *problem_of(void *ctx);
static void release(void *ctx);

static enum pkcs11_error make_key(struct pkcs11 *p, struct span point,
                                  struct crypto_private_key **ret_key,
                                  struct pkcs11_problem *problem)
{
    struct crypto_remote_key remote = {p, sign, problem_of, release};
    switch (crypto_private_key_of_remote(p->alg, unwrap(p->alg, point), &remote, ret_key)) {
    case CRYPTO_OK:
        return PKCS11_OK;
    case CRYPTO_SYSTEM:
        return pkcs11_fail(problem, PKCS11_SYSTEM, "");
    default:
        return pkcs11_fail(problem, PKCS11_BAD_KEY, "");
    }
}

enum pkcs11_error pkcs11_key(struct pkcs11 *token, const struct pkcs11_uri *uri,
                             struct crypto_private_key **ret_key, struct pkcs11_problem *problem)
{
    uint8_t point[MAX_ATTRIBUTE];
    size_t len = 0;
    CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
    enum pkcs11_error error = find_key(token, uri, problem);
    if (error == PKCS11_OK) {
        error = read_kind(token, problem);
    }
    if (error == PKCS11_OK) {
        error = find_public(token, &public_key, problem);
    }
    if (error == PKCS11_OK) {
        error = read_attribute(token, public_key, CKA_EC_POINT, point, &len, problem);
    }
    if (error != PKCS11_OK) {
        return error;
    }
    if (!token->asks_again) {
        password_wipe(&token->pin);
    }
    return make_key(token, span_of(point, len), ret_key, problem);
}

/* --- signing --- */

static enum pkcs11_error sign_input(struct pkcs11 *p, struct span input,
                                    uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE],
                                    struct pkcs11_problem *problem)
{
    uint8_t room[2 * CRYPTO_SIGNATURE_SIZE];
    CK_ULONG len = sizeof room;
    CK_MECHANISM mechanism = {p->alg == COSE_ES256 ? CKM_ECDSA : CKM_EDDSA, NULL, 0};
    enum pkcs11_error error =
        pkcs11_check(problem, "C_SignInit", p->f->C_SignInit(p->session, &mechanism, p->key));
    if (error == PKCS11_OK && p->asks_again) {
        error = pkcs11_check(problem, "C_Login", pkcs11_log_in(p, CKU_CONTEXT_SPECIFIC));
    }
    if (error == PKCS11_OK) {
        error = pkcs11_check(
            problem, "C_Sign",
            p->f->C_Sign(p->session, (CK_BYTE *)(uintptr_t)input.ptr, input.len, room, &len));
    }
    if (error == PKCS11_OK && len != CRYPTO_SIGNATURE_SIZE) {
        error = pkcs11_fail(problem, PKCS11_ANSWER, "C_Sign: a signature of another length");
    }
    if (error == PKCS11_OK) {
        memcpy(ret_signature, room, CRYPTO_SIGNATURE_SIZE);
    }
    return error;
}

static bool sign(void *ctx, struct span input, uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
    struct pkcs11 *p = ctx;
    struct pkcs11_problem problem = {PKCS11_OK, ""};
    if (sign_input(p, input, ret_signature, &problem) == PKCS11_OK) {
        return true;
    }
    pkcs11_describe(&problem, p->failed);
    return false;
}

static const char *problem_of(void *ctx)
{
    struct pkcs11 *p = ctx;
    return p->failed;
}

static void release(void *ctx)
{
    pkcs11_close(ctx);
}
