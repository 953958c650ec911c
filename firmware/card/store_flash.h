/* SPDX-License-Identifier: Apache-2.0
 *
 * Between store.c and store_write.c: granules, the word beside its complement, and sizes.
 */
#ifndef CARD_STORE_FLASH_H
#define CARD_STORE_FLASH_H

#include "store.h"

enum { STORE_FORMAT = 0x01, STORE_MARK = 0xA5, STORE_MAX_SEQUENCE = 0xFFFFFF };

/* A granule is read as one of these. */
enum store_granule { GRANULE_BLANK, GRANULE_TORN, GRANULE_WHOLE };

MUST_USE bool store_get(struct store *store, uint32_t at, uint8_t *bytes, size_t len);

/* Reads a word beside its complement. False when the flash fails. */
MUST_USE bool store_get_word(struct store *store, uint32_t at, enum store_granule *ret_kind,
                             uint32_t *ret);

/* Programs a granule and reads it back. */
MUST_USE bool store_put(struct store *store, uint32_t at, const uint8_t granule[FLASH_GRANULE]);

MUST_USE bool store_put_word(struct store *store, uint32_t at, uint32_t word);

MUST_USE bool store_erase_area(struct store *store, uint32_t area);

/* The CRC-32 of ISO 3309; begins with crc 0. */
uint32_t store_crc(uint32_t crc, struct span bytes);

/* The CRC of a record's head, with which that of its value begins. */
uint32_t store_head_crc(uint32_t head);

static inline uint32_t store_head_word(unsigned object, size_t len)
{
    return (uint32_t)object << 24 | (uint32_t)STORE_MARK << 16 | (uint32_t)len;
}

/* Bytes of a whole record whose value has len bytes. */
static inline uint32_t store_record_bytes(size_t len)
{
    uint32_t granules = (uint32_t)((len + FLASH_GRANULE - 1) / FLASH_GRANULE);
    return (granules + 2) * FLASH_GRANULE;
}

static inline uint32_t store_other_area(const struct store *store)
{
    return store->area == 0 ? store->port->area_bytes : 0;
}

/* Fails for good: what the flash holds is no longer known. */
static inline enum store_result store_fail(struct store *store)
{
    store->failed = true;
    return STORE_FAULT;
}

#endif
