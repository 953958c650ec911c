/* SPDX-License-Identifier: Apache-2.0
 *
 * Private keys in files, with sentences for what can go wrong, and the JSON entry a person pastes
 * into root.json or keys.json.
 */
#ifndef AUTHORITY_KEY_FILE_H
#define AUTHORITY_KEY_FILE_H

#include "authority/problem.h"
#include "base/crypto_sign.h"

/* AUTHORITY_KEY with the remedy. `password` may be NULL. The caller frees the key. */
MUST_USE enum authority_error key_file_read(const char *path, const char *password,
                                            struct crypto_private_key **ret_key,
                                            struct authority_problem *problem);

/* Makes a key and its file; never over an existing one. */
MUST_USE enum authority_error key_file_create(const char *path, int alg, const char *password,
                                              struct crypto_private_key **ret_key,
                                              struct authority_problem *problem);

/* Reads the key if the file is there, makes it otherwise. */
MUST_USE enum authority_error key_file_open(const char *path, int alg, const char *password,
                                            struct crypto_private_key **ret_key,
                                            struct authority_problem *problem);

/* The public key in lower-case hexadecimal, NUL-terminated. */
#define KEY_HEX_SIZE (2 * CRYPTO_MAX_PUBLIC_KEY + 1)
void key_file_public_hex(const struct crypto_private_key *key, char ret_hex[KEY_HEX_SIZE]);

#endif
