/* SPDX-License-Identifier: Apache-2.0
 *
 * AES-CMAC (NIST SP 800-38B) as CBC whose last block is mixed with a subkey. Knows AES by
 * card_cbc_encrypt() alone, so that a port that replaces AES keeps this.
 */
#include "crypto.h"

/* Multiplies by x in GF(2^128) (SP 800-38B §5.3), in constant time. */
static void double_block(uint8_t block[CARD_BLOCK])
{
    uint8_t carry = (uint8_t)(block[0] >> 7);
    for (size_t i = 0; i + 1 < CARD_BLOCK; i++) {
        block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    }
    block[CARD_BLOCK - 1] = (uint8_t)(block[CARD_BLOCK - 1] << 1);
    block[CARD_BLOCK - 1] ^= (uint8_t)(0x87 & (0U - carry));
}

static void mix(uint8_t block[CARD_BLOCK], const uint8_t with[CARD_BLOCK])
{
    for (size_t i = 0; i < CARD_BLOCK; i++) {
        block[i] ^= with[i];
    }
}

struct cmac {
    struct span key;
    uint8_t chain[CARD_BLOCK];
    uint8_t block[CARD_BLOCK]; /* collected; the last one is held back, full or not */
    size_t filled;
};

static void absorb(struct cmac *cmac, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (cmac->filled == CARD_BLOCK) {
            card_cbc_encrypt(cmac->key, cmac->chain, cmac->block, CARD_BLOCK);
            cmac->filled = 0;
        }
        cmac->block[cmac->filled++] = bytes.ptr[i];
    }
}

static void finish(struct cmac *cmac)
{
    uint8_t subkey[CARD_BLOCK] = {0};
    uint8_t zero[CARD_BLOCK] = {0};
    card_cbc_encrypt(cmac->key, zero, subkey, sizeof subkey);
    double_block(subkey);
    if (cmac->filled < CARD_BLOCK) {
        double_block(subkey);
        memset(cmac->block + cmac->filled, 0, CARD_BLOCK - cmac->filled);
        cmac->block[cmac->filled] = 0x80;
    }
    mix(cmac->block, subkey);
    card_cbc_encrypt(cmac->key, cmac->chain, cmac->block, CARD_BLOCK);
    bytes_wipe(subkey, sizeof subkey);
}

void card_cmac(struct span key, const struct span *parts, size_t count, uint8_t mac[CARD_BLOCK])
{
    struct cmac cmac = {.key = key};
    for (size_t i = 0; i < count; i++) {
        absorb(&cmac, parts[i]);
    }
    finish(&cmac);
    memcpy(mac, cmac.block, CARD_BLOCK);
    bytes_wipe(&cmac, sizeof cmac);
}
