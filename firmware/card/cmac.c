/* SPDX-License-Identifier: Apache-2.0
 *
 * AES-CMAC (NIST SP 800-38B) as CBC whose last block is mixed with a subkey. Knows AES by
 * crypto_cbc_encrypt() alone, so that a port that replaces AES keeps this.
 */
#include "crypto.h"

/* Multiplies by x in GF(2^128) (SP 800-38B §5.3), in constant time. */
static void double_block(uint8_t block[CRYPTO_BLOCK])
{
    uint8_t carry = (uint8_t)(block[0] >> 7);
    for (size_t i = 0; i + 1 < CRYPTO_BLOCK; i++) {
        block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    }
    block[CRYPTO_BLOCK - 1] = (uint8_t)(block[CRYPTO_BLOCK - 1] << 1);
    block[CRYPTO_BLOCK - 1] ^= (uint8_t)(0x87 & (0U - carry));
}

static void mix(uint8_t block[CRYPTO_BLOCK], const uint8_t with[CRYPTO_BLOCK])
{
    for (size_t i = 0; i < CRYPTO_BLOCK; i++) {
        block[i] ^= with[i];
    }
}

struct cmac {
    struct span key;
    uint8_t chain[CRYPTO_BLOCK];
    uint8_t block[CRYPTO_BLOCK]; /* collected; the last one is held back, full or not */
    size_t filled;
};

static void absorb(struct cmac *cmac, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (cmac->filled == CRYPTO_BLOCK) {
            crypto_cbc_encrypt(cmac->key, cmac->chain, cmac->block, CRYPTO_BLOCK);
            cmac->filled = 0;
        }
        cmac->block[cmac->filled++] = bytes.ptr[i];
    }
}

static void finish(struct cmac *cmac)
{
    uint8_t subkey[CRYPTO_BLOCK] = {0};
    uint8_t zero[CRYPTO_BLOCK] = {0};
    crypto_cbc_encrypt(cmac->key, zero, subkey, sizeof subkey);
    double_block(subkey);
    if (cmac->filled < CRYPTO_BLOCK) {
        double_block(subkey);
        memset(cmac->block + cmac->filled, 0, CRYPTO_BLOCK - cmac->filled);
        cmac->block[cmac->filled] = 0x80;
    }
    mix(cmac->block, subkey);
    crypto_cbc_encrypt(cmac->key, cmac->chain, cmac->block, CRYPTO_BLOCK);
    crypto_wipe(subkey, sizeof subkey);
}

void crypto_cmac(struct span key, const struct span *parts, size_t count, uint8_t mac[CRYPTO_BLOCK])
{
    struct cmac cmac = {.key = key};
    for (size_t i = 0; i < count; i++) {
        absorb(&cmac, parts[i]);
    }
    finish(&cmac);
    memcpy(mac, cmac.block, CRYPTO_BLOCK);
    crypto_wipe(&cmac, sizeof cmac);
}
