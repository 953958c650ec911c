/* SPDX-License-Identifier: Apache-2.0
 *
 * Key files, with sentences.
 */
#include "authority/key_file.h"

#include "codec/hex.h"

static enum authority_error fail(struct authority_problem *problem, const char *path,
                                 enum crypto_file_error error)
{
    static const char *const text[] = {
        [CRYPTO_FILE_MISSING] = "there is no such key file, or it cannot be read",
        [CRYPTO_FILE_EXISTS] = "exists already; a key is never overwritten",
        [CRYPTO_FILE_PERMISSIONS] = "must be a regular file that only its owner can read; "
                                    "use chmod 600",
        [CRYPTO_FILE_PASSWORD] = "the password is missing or wrong",
        [CRYPTO_FILE_FORMAT] = "is not a private key of a kind this program knows "
                               "(PKCS#8 PEM, P-256 or Ed25519)",
        [CRYPTO_FILE_IO] = "could not be written; check the folder and the free space",
        [CRYPTO_FILE_SYSTEM] = "memory ran out",
    };
    enum authority_error kind = error == CRYPTO_FILE_IO       ? AUTHORITY_FILE
                                : error == CRYPTO_FILE_SYSTEM ? AUTHORITY_SYSTEM
                                                              : AUTHORITY_KEY;
    return authority_fail(problem, kind, "%s: %s", path, text[error]);
}

enum authority_error key_file_read(const char *path, const char *password,
                                   struct crypto_private_key **ret_key,
                                   struct authority_problem *problem)
{
    enum crypto_file_error error = crypto_private_key_read(path, password, ret_key);
    return error == CRYPTO_FILE_OK ? AUTHORITY_OK : fail(problem, path, error);
}

enum authority_error key_file_create(const char *path, int alg, const char *password,
                                     struct crypto_private_key **ret_key,
                                     struct authority_problem *problem)
{
    struct crypto_private_key *key = NULL;
    if (crypto_private_key_generate(alg, &key) != CRYPTO_OK) {
        return authority_fail_system(problem);
    }
    enum crypto_file_error error = crypto_private_key_write(key, path, password);
    if (error != CRYPTO_FILE_OK) {
        crypto_private_key_free(key);
        return fail(problem, path, error);
    }
    *ret_key = key;
    return AUTHORITY_OK;
}

enum authority_error key_file_open(const char *path, int alg, const char *password,
                                   struct crypto_private_key **ret_key,
                                   struct authority_problem *problem)
{
    return file_exists(path) ? key_file_read(path, password, ret_key, problem)
                             : key_file_create(path, alg, password, ret_key, problem);
}

void key_file_public_hex(const struct crypto_private_key *key, char ret_hex[KEY_HEX_SIZE])
{
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    size_t len = crypto_private_key_public(key, public_key);
    (void)hex_write(span_of(public_key, len), ret_hex);
}
