/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's cryptography: SHA-256, P-256 keys, AES. A port may replace crypto_bearssl.c by the
 * chip's accelerator; everything here runs in time independent of secrets.
 */
#ifndef CARD_CRYPTO_H
#define CARD_CRYPTO_H

#include "port.h"
#include "wire/bytes.h"
#include "wire/must_use.h"

enum {
    CARD_DIGEST = 32,
    CARD_PRIVATE_KEY = 32,
    CARD_PUBLIC_KEY = 65, /* 04 ‖ x ‖ y */
    CARD_SIGNATURE = 64,  /* r ‖ s */
    CARD_BLOCK = 16       /* of AES */
};

/* Compares in time that depends on len only. */
MUST_USE bool card_equal(const uint8_t *a, const uint8_t *b, size_t len);

void card_sha256(const struct span *parts, size_t count, uint8_t digest[CARD_DIGEST]);

/* A fresh key from the port's random bytes. */
MUST_USE bool card_make_key(const struct card_port *port, uint8_t private_key[CARD_PRIVATE_KEY],
                            uint8_t public_key[CARD_PUBLIC_KEY]);

/* ECDSA with the nonce of RFC 6979. The signature is verified before it is handed out: one that a
 * fault has spoilt would give the key away. False, and zeros, when it does not verify. */
MUST_USE bool card_sign(const uint8_t private_key[CARD_PRIVATE_KEY],
                        const uint8_t public_key[CARD_PUBLIC_KEY],
                        const uint8_t digest[CARD_DIGEST], uint8_t signature[CARD_SIGNATURE]);

/* AES-CBC over whole blocks in place; `key` is of 16, 24 or 32 bytes; iv becomes the last block of
 * ciphertext. One block under a zero iv is plain AES. */
void card_cbc_encrypt(struct span key, uint8_t iv[CARD_BLOCK], uint8_t *bytes, size_t len);
void card_cbc_decrypt(struct span key, uint8_t iv[CARD_BLOCK], uint8_t *bytes, size_t len);

/* AES-CMAC (NIST SP 800-38B, RFC 4493) over the parts, one behind the other. */
void card_cmac(struct span key, const struct span *parts, size_t count, uint8_t mac[CARD_BLOCK]);

#endif
