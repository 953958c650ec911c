/* SPDX-License-Identifier: Apache-2.0
 *
 * The seam between crypto_sign.c (keys in memory) and crypto_sign_file.c (keys in files); for these
 * two only.
 */
#ifndef BASE_CRYPTO_SIGN_KEY_H
#define BASE_CRYPTO_SIGN_KEY_H

#include <openssl/evp.h>

#include "base/crypto_sign.h"

/* Takes over `pkey` in every case. CRYPTO_UNSUPPORTED when it is no P-256 or Ed25519 key,
 * CRYPTO_BAD_KEY when its public half is not a good one; NULL gives CRYPTO_SYSTEM. */
MUST_USE enum crypto_error crypto_private_key_wrap(EVP_PKEY *pkey,
                                                   struct crypto_private_key **ret_key);

/* Borrowed from the key; NULL when it is a remote one. */
EVP_PKEY *crypto_private_key_pkey(const struct crypto_private_key *key);

#endif
