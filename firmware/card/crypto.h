/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's cryptography: SHA-256, one P-256 key, AES. A port may replace crypto_bearssl.c by the
 * chip's accelerator; everything here runs in time independent of secrets.
 */
#ifndef CARD_CRYPTO_H
#define CARD_CRYPTO_H

#include "port.h"
#include "wire/bytes.h"

enum {
    CRYPTO_DIGEST = 32,
    CRYPTO_PRIVATE_KEY = 32,
    CRYPTO_PUBLIC_KEY = 65, /* 04 ‖ x ‖ y */
    CRYPTO_SIGNATURE = 64,  /* r ‖ s */
    CRYPTO_BLOCK = 16       /* of AES */
};

/* Forgets `len` bytes in a way the compiler keeps. */
void crypto_wipe(void *bytes, size_t len);

/* Compares in time that depends on len only. */
bool crypto_equal(const uint8_t *a, const uint8_t *b, size_t len);

void crypto_sha256(const struct span *parts, size_t count, uint8_t digest[CRYPTO_DIGEST]);

/* A fresh key from the port's random bytes. */
bool crypto_make_key(const struct card_port *port, uint8_t private_key[CRYPTO_PRIVATE_KEY],
                     uint8_t public_key[CRYPTO_PUBLIC_KEY]);

/* ECDSA with the nonce of RFC 6979. The signature is verified before it is handed out: one that a
 * fault has spoilt would give the key away. False, and zeros, when it does not verify. */
bool crypto_sign(const uint8_t private_key[CRYPTO_PRIVATE_KEY],
                 const uint8_t public_key[CRYPTO_PUBLIC_KEY], const uint8_t digest[CRYPTO_DIGEST],
                 uint8_t signature[CRYPTO_SIGNATURE]);

/* AES-CBC over whole blocks in place; `key` is of 16 or 32 bytes; iv becomes the last block of
 * ciphertext. One block under a zero iv is plain AES. */
void crypto_cbc_encrypt(struct span key, uint8_t iv[CRYPTO_BLOCK], uint8_t *bytes, size_t len);
void crypto_cbc_decrypt(struct span key, uint8_t iv[CRYPTO_BLOCK], uint8_t *bytes, size_t len);

/* AES-CMAC (NIST SP 800-38B, RFC 4493) over the parts, one behind the other. */
void crypto_cmac(struct span key, const struct span *parts, size_t count,
                 uint8_t mac[CRYPTO_BLOCK]);

#endif
