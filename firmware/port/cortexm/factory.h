/* SPDX-License-Identifier: Apache-2.0
 *
 * The page that a production line writes once into memory that stays: who this card is, and the
 * keys it leaves the factory with. In memory as it lies here; bytes only, so that there is no
 * order. Where nobody has written it the card has no serial number and no keys, and says so. The
 * keys are derived from the factory's master key for that serial number (WIRE.md, "Keys of a
 * card"); the master key itself is on no card.
 */
#ifndef CARD_FACTORY_H
#define CARD_FACTORY_H

#include "card/port.h"

#define FACTORY_MAGIC "SAKSIFAB"

enum { FACTORY_MAGIC_BYTES = 8, FACTORY_KEY_BYTES = 16, FACTORY_SEED_BYTES = 32 };

struct factory {
    uint8_t magic[FACTORY_MAGIC_BYTES];
    uint8_t serial[CARD_SERIAL_BYTES];
    uint8_t key_version;
    uint8_t reserved[5];
    uint8_t enc[FACTORY_KEY_BYTES];
    uint8_t mac[FACTORY_KEY_BYTES];
    uint8_t dek[FACTORY_KEY_BYTES];
    uint8_t seed[FACTORY_SEED_BYTES]; /* random_seed.c: fresh at each start; else unused */
};

/* The card's port to this board. */
extern const struct card_port cortexm_port;

#endif
