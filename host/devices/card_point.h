/* SPDX-License-Identifier: Apache-2.0
 *
 * The public key of a card as it shows it: a point of P-256, 04 ‖ x ‖ y (SEC 1 §2.3.3). Speaks to
 * no card.
 */
#ifndef DEVICES_CARD_POINT_H
#define DEVICES_CARD_POINT_H

#include "base/crypto.h"
#include "devices/card_io.h"
#include "wire/card_app.h"

/* RFC 9679, of a point that need not be one of the curve. */
MUST_USE enum card_io_error card_point_thumbprint(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                                  uint8_t ret_thumbprint[CRYPTO_SHA256_SIZE]);

/* The point as a key to verify with, as trust documents carry it. CRYPTO_BAD_KEY when it is none of
 * P-256. The caller frees it. */
MUST_USE enum crypto_error card_point_parse(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                            struct crypto_key **ret_key);

/* Whether the signature r ‖ s over the message is that key's; of a point that is none, none is. */
MUST_USE enum card_io_error card_point_verify(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                              struct span message, struct span signature,
                                              bool *ret_good);

/* What cards answer to GENERATE (ISO/IEC 7816-8): 7F49{86 point}, and nothing else. Checked as by
 * card_point_check. */
MUST_USE enum card_io_error card_point_of_answer(struct span answer,
                                                 uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES]);

/* CARD_IO_NONSENSE when it is no P-256 key. */
MUST_USE enum card_io_error card_point_check(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES]);

#endif
