/* SPDX-License-Identifier: Apache-2.0
 *
 * AES over EVP. What the library keeps of a key is wiped by it when its contexts are freed.
 */
#include "base/crypto_aes.h"

#include <openssl/core_names.h>

#include "base/crypto_point.h"

static bool is_key(struct span key)
{
    return key.len == 16 || key.len == 24 || key.len == 32;
}

/* The parameters want to be written to, though nothing is. */
static enum crypto_error cmac(EVP_MAC_CTX *ctx, struct span key, const struct span *part,
                              size_t count, uint8_t mac[CRYPTO_AES_BLOCK])
{
    char name[] = "AES-128-CBC";
    size_t len = 0;
    if (key.len != 16) {
        memcpy(name, key.len == 24 ? "AES-192-CBC" : "AES-256-CBC", sizeof name);
    }
    const OSSL_PARAM param[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
                                OSSL_PARAM_construct_end()};
    bool good = EVP_MAC_init(ctx, key.ptr, key.len, param) == 1;
    for (size_t i = 0; good && i < count; i++) {
        good = part[i].len == 0 || EVP_MAC_update(ctx, part[i].ptr, part[i].len) == 1;
    }
    good = good && EVP_MAC_final(ctx, mac, &len, CRYPTO_AES_BLOCK) == 1 && len == CRYPTO_AES_BLOCK;
    return good ? CRYPTO_OK : CRYPTO_SYSTEM;
}

enum crypto_error crypto_cmac(struct span key, const struct span *part, size_t count,
                              uint8_t ret_mac[CRYPTO_AES_BLOCK])
{
    const struct crypto_library *lib = crypto_library();
    uint8_t computed[CRYPTO_AES_BLOCK];
    enum crypto_error error = CRYPTO_SYSTEM;
    if (!is_key(key)) {
        return CRYPTO_BAD_KEY;
    }
    EVP_MAC *mac = lib == NULL ? NULL : EVP_MAC_fetch(lib->context, "CMAC", NULL);
    EVP_MAC_CTX *ctx = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    if (ctx != NULL) {
        error = cmac(ctx, key, part, count, computed);
    }
    if (error == CRYPTO_OK) {
        memcpy(ret_mac, computed, sizeof computed);
    }
    crypto_wipe(computed, sizeof computed);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
    return error;
}

/* Whole blocks, without padding. `iv` is NULL for ECB. */
static enum crypto_error run(const char *name, struct span key, const uint8_t *iv, bool encrypts,
                             uint8_t *bytes, size_t len)
{
    const struct crypto_library *lib = crypto_library();
    enum crypto_error error = CRYPTO_SYSTEM;
    int done = 0;
    if (len % CRYPTO_AES_BLOCK != 0 || len > INT32_MAX) {
        return CRYPTO_SYSTEM;
    }
    EVP_CIPHER *cipher = lib == NULL ? NULL : EVP_CIPHER_fetch(lib->context, name, NULL);
    EVP_CIPHER_CTX *ctx = cipher == NULL ? NULL : EVP_CIPHER_CTX_new();
    if (ctx != NULL && EVP_CipherInit_ex2(ctx, cipher, key.ptr, iv, encrypts ? 1 : 0, NULL) == 1 &&
        EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
        (len == 0 || EVP_CipherUpdate(ctx, bytes, &done, bytes, (int)len) == 1) &&
        (size_t)done == len) {
        error = CRYPTO_OK;
    }
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return error;
}

static enum crypto_error cbc(struct span key, const uint8_t *iv, bool encrypts, uint8_t *bytes,
                             size_t len)
{
    if (!is_key(key)) {
        return CRYPTO_BAD_KEY;
    }
    static const char *const name[] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};
    return run(name[key.len / 8 - 2], key, iv, encrypts, bytes, len);
}

enum crypto_error crypto_cbc_encrypt(struct span key, const uint8_t iv[CRYPTO_AES_BLOCK],
                                     uint8_t *bytes, size_t len)
{
    return cbc(key, iv, true, bytes, len);
}

enum crypto_error crypto_cbc_decrypt(struct span key, const uint8_t iv[CRYPTO_AES_BLOCK],
                                     uint8_t *bytes, size_t len)
{
    return cbc(key, iv, false, bytes, len);
}

enum crypto_error crypto_aes_encrypt(struct span key, uint8_t block[CRYPTO_AES_BLOCK])
{
    if (!is_key(key)) {
        return CRYPTO_BAD_KEY;
    }
    static const char *const name[] = {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"};
    return run(name[key.len / 8 - 2], key, NULL, true, block, CRYPTO_AES_BLOCK);
}
