/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.h over BearSSL: constant time, no allocation. The only file that includes its header.
 */
#include "crypto.h"

#include <bearssl.h>

/* Constant time wherever the processor multiplies 32 by 32 bits in constant time; smaller cores
 * define CARD_CRYPTO_M15. */
#ifdef CARD_CRYPTO_M15
#define EC           br_ec_p256_m15
#define ECDSA_SIGN   br_ecdsa_i15_sign_raw
#define ECDSA_VERIFY br_ecdsa_i15_vrfy_raw
#else
#define EC           br_ec_p256_m31
#define ECDSA_SIGN   br_ecdsa_i31_sign_raw
#define ECDSA_VERIFY br_ecdsa_i31_vrfy_raw
#endif

enum { SEED = 48 }; /* entropy and nonce of SP 800-90A's HMAC_DRBG at 256 bits take 3/2 of it */

bool card_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    volatile uint8_t different = 0;
    for (size_t i = 0; i < len; i++) {
        different |= (uint8_t)(a[i] ^ b[i]);
    }
    return different == 0;
}

void card_sha256(const struct span *parts, size_t count, uint8_t digest[CARD_DIGEST])
{
    br_sha256_context hash;
    br_sha256_init(&hash);
    for (size_t i = 0; i < count; i++) {
        br_sha256_update(&hash, parts[i].ptr, parts[i].len);
    }
    br_sha256_out(&hash, digest);
}

bool card_make_key(const struct card_port *port, uint8_t private_key[CARD_PRIVATE_KEY],
                   uint8_t public_key[CARD_PUBLIC_KEY])
{
    uint8_t seed[SEED];
    if (!port->random(port->context, seed, sizeof seed)) {
        return false;
    }
    br_hmac_drbg_context generator;
    br_hmac_drbg_init(&generator, &br_sha256_vtable, seed, sizeof seed);
    br_ec_private_key key;
    bool made = br_ec_keygen(&generator.vtable, &EC, &key, private_key, BR_EC_secp256r1) ==
                    CARD_PRIVATE_KEY &&
                br_ec_compute_pub(&EC, NULL, public_key, &key) == CARD_PUBLIC_KEY;
    bytes_wipe(seed, sizeof seed);
    bytes_wipe(&generator, sizeof generator);
    return made;
}

bool card_sign(const uint8_t private_key[CARD_PRIVATE_KEY],
               const uint8_t public_key[CARD_PUBLIC_KEY], const uint8_t digest[CARD_DIGEST],
               uint8_t signature[CARD_SIGNATURE])
{
    /* BearSSL takes keys that it does not change by pointers that say it might */
    uint8_t scalar[CARD_PRIVATE_KEY];
    uint8_t point[CARD_PUBLIC_KEY];
    memcpy(scalar, private_key, sizeof scalar);
    memcpy(point, public_key, sizeof point);
    const br_ec_private_key key = {BR_EC_secp256r1, scalar, sizeof scalar};
    const br_ec_public_key opposite = {BR_EC_secp256r1, point, sizeof point};
    bool good = ECDSA_SIGN(&EC, &br_sha256_vtable, digest, &key, signature) == CARD_SIGNATURE &&
                ECDSA_VERIFY(&EC, digest, CARD_DIGEST, &opposite, signature, CARD_SIGNATURE) == 1;
    if (!good) {
        bytes_wipe(signature, CARD_SIGNATURE);
    }
    bytes_wipe(scalar, sizeof scalar);
    return good;
}

void card_cbc_encrypt(struct span key, uint8_t iv[CARD_BLOCK], uint8_t *bytes, size_t len)
{
    br_aes_ct_cbcenc_keys schedule;
    br_aes_ct_cbcenc_init(&schedule, key.ptr, key.len);
    br_aes_ct_cbcenc_run(&schedule, iv, bytes, len);
    bytes_wipe(&schedule, sizeof schedule);
}

void card_cbc_decrypt(struct span key, uint8_t iv[CARD_BLOCK], uint8_t *bytes, size_t len)
{
    br_aes_ct_cbcdec_keys schedule;
    br_aes_ct_cbcdec_init(&schedule, key.ptr, key.len);
    br_aes_ct_cbcdec_run(&schedule, iv, bytes, len);
    bytes_wipe(&schedule, sizeof schedule);
}
