/* SPDX-License-Identifier: Apache-2.0
 *
 * Private keys: make, read, write, sign. Part of issuing builds only.
 */
#ifndef BASE_CRYPTO_SIGN_H
#define BASE_CRYPTO_SIGN_H

#include "base/crypto.h"

struct crypto_private_key;

enum crypto_file_error {
    CRYPTO_FILE_OK = 0,
    CRYPTO_FILE_MISSING,     /* no such file, or not readable */
    CRYPTO_FILE_EXISTS,      /* would overwrite a key */
    CRYPTO_FILE_PERMISSIONS, /* readable or writable by group or others, or not a regular file */
    CRYPTO_FILE_PASSWORD,    /* encrypted, and the password is missing or wrong */
    CRYPTO_FILE_FORMAT,      /* not a PKCS#8 PEM key of a supported algorithm; remote (writing) */
    CRYPTO_FILE_IO,          /* writing failed */
    CRYPTO_FILE_SYSTEM,
};

/* Makes a new key; alg is COSE_ES256 or COSE_EDDSA. */
MUST_USE enum crypto_error crypto_private_key_generate(int alg,
                                                       struct crypto_private_key **ret_key);

/* Makes the key of a fixed 32-byte seed (the scalar or the Ed25519 secret): sample data and tests
 * only. */
MUST_USE enum crypto_error crypto_private_key_from_seed(int alg, const uint8_t seed[32],
                                                        struct crypto_private_key **ret_key);

/* Reads a PKCS#8 PEM file (RFC 5958), encrypted or not. `password` may be NULL; it is not kept. The
 * file must be a regular file that only its owner can read. */
MUST_USE enum crypto_file_error crypto_private_key_read(const char *path, const char *password,
                                                        struct crypto_private_key **ret_key);

/* Writes a new PKCS#8 PEM file with mode 0600, never over an existing one, synced to disk;
 * encrypted (PBES2, scrypt or PBKDF2 with AES-256) when password is not NULL. */
MUST_USE enum crypto_file_error crypto_private_key_write(const struct crypto_private_key *key,
                                                         const char *path, const char *password);

/* A private key that stays where it is, in a token: what signs with it. */
struct crypto_remote_key {
    void *ctx;
    /* Signs `input`: for COSE_ES256 the SHA-256 of a message, for COSE_EDDSA the message itself.
     * Writes a COSE signature (RFC 9053 §2). */
    bool (*sign)(void *ctx, struct span input, uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE]);
    const char *(*problem)(void *ctx); /* why the last signature failed: a phrase */
    void (*free)(void *ctx);
};

/* Makes a private key of a remote one and its public point: 65 or 33 bytes of P-256 (SEC 1 §2.3.3),
 * or 32 of Ed25519. CRYPTO_BAD_KEY when it is no such point. Takes `remote` over on success only.
 */
MUST_USE enum crypto_error crypto_private_key_of_remote(int alg, struct span point,
                                                        const struct crypto_remote_key *remote,
                                                        struct crypto_private_key **ret_key);

/* Wipes and frees. */
void crypto_private_key_free(struct crypto_private_key *key);

int crypto_private_key_alg(const struct crypto_private_key *key);

/* The public key as trust documents carry it: writes 33 or 32 bytes, returns their number. */
size_t crypto_private_key_public(const struct crypto_private_key *key,
                                 uint8_t ret_public_key[CRYPTO_MAX_PUBLIC_KEY]);

/* Signs and verifies the result before handing it out: CRYPTO_BAD_SIGNATURE when it is wrong,
 * CRYPTO_REMOTE when a remote key did not sign. */
MUST_USE enum crypto_error crypto_sign(const struct crypto_private_key *key, struct span message,
                                       uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE]);

/* After CRYPTO_REMOTE: a phrase that says why, the key's own. */
const char *crypto_private_key_problem(const struct crypto_private_key *key);

#endif
