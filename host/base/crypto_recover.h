/* SPDX-License-Identifier: Apache-2.0
 *
 * The public keys that an ECDSA signature could be of (SEC 1 §4.1.6), for P-256 with SHA-256. Says
 * nothing about whose signature it is: whoever takes one of these keys compares it with something
 * that is known, and verifies the signature with it.
 */
#ifndef BASE_CRYPTO_RECOVER_H
#define BASE_CRYPTO_RECOVER_H

#include "base/crypto.h"

enum { CRYPTO_RECOVER_MAX = 4 };

/* Writes at most four points, 04 ‖ x ‖ y, that verify `signature` (r ‖ s) over `message`: two as a
 * rule. CRYPTO_BAD_SIGNATURE when there are none. */
MUST_USE enum crypto_error
crypto_recover(struct span message, struct span signature,
               uint8_t ret_point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED], size_t *ret_count);

#endif
