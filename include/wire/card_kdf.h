/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card's keys are derived from (WIRE.md, "Keys of a card"): the input of the pseudo-random
 * function, for whoever has an AES-CMAC and a master key. Holds no key and computes no MAC.
 */
#ifndef WIRE_CARD_KDF_H
#define WIRE_CARD_KDF_H

#include "wire/bytes.h"
#include "wire/card_app.h"

enum card_kdf_key { CARD_KDF_ENC, CARD_KDF_MAC, CARD_KDF_DEK, CARD_KDF_KEYS };

enum {
    CARD_KDF_LABEL = 9,
    CARD_KDF_INPUT = 1 + CARD_KDF_LABEL + 1 + SCP03_DIVERSIFICATION + 1 + 2
};

/* The input for block `i` (from 1) of a key of `key_bytes`: NIST SP 800-108r1 §4.1, counter mode
 * with a counter of 8 bits and a length of 16. */
static inline void card_kdf_input(enum card_kdf_key key,
                                  const uint8_t serial[SCP03_DIVERSIFICATION], uint8_t version,
                                  uint8_t i, size_t key_bytes, uint8_t ret_input[CARD_KDF_INPUT])
{
    static const char labels[CARD_KDF_KEYS][CARD_KDF_LABEL + 1] = {"saksi/enc", "saksi/mac",
                                                                   "saksi/dek"};
    struct writer w = writer_of(ret_input, CARD_KDF_INPUT);
    writer_be(&w, i, 1);
    writer_put(&w, span_of(labels[key], CARD_KDF_LABEL));
    writer_be(&w, 0, 1);
    writer_put(&w, span_of(serial, SCP03_DIVERSIFICATION));
    writer_be(&w, version, 1);
    writer_be(&w, key_bytes * 8, 2);
}

#endif
