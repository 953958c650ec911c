/* SPDX-License-Identifier: Apache-2.0
 *
 * AES with keys that two sides share, over OpenSSL's EVP: CMAC, CBC over whole blocks, one block.
 * Keys of 16, 24 or 32 bytes; other lengths are CRYPTO_BAD_KEY. Pads nothing and knows no protocol.
 */
#ifndef BASE_CRYPTO_AES_H
#define BASE_CRYPTO_AES_H

#include "base/crypto.h"

enum { CRYPTO_AES_BLOCK = 16, CRYPTO_AES_MAX_KEY = 32 };

/* AES-CMAC (NIST SP 800-38B) over the parts, one after another. */
MUST_USE enum crypto_error crypto_cmac(struct span key, const struct span *part, size_t count,
                                       uint8_t ret_mac[CRYPTO_AES_BLOCK]);

/* AES-CBC (NIST SP 800-38A §6.2) in place; len is a multiple of CRYPTO_AES_BLOCK, CRYPTO_SYSTEM
 * when it is not. After a failure the bytes are neither. */
MUST_USE enum crypto_error crypto_cbc_encrypt(struct span key, const uint8_t iv[CRYPTO_AES_BLOCK],
                                              uint8_t *bytes, size_t len);
MUST_USE enum crypto_error crypto_cbc_decrypt(struct span key, const uint8_t iv[CRYPTO_AES_BLOCK],
                                              uint8_t *bytes, size_t len);

/* AES of one block (FIPS 197), in place. */
MUST_USE enum crypto_error crypto_aes_encrypt(struct span key, uint8_t block[CRYPTO_AES_BLOCK]);

#endif
