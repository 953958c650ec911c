/* SPDX-License-Identifier: Apache-2.0
 *
 * Granules of flash: read, programmed and read back.
 */
#include "store_flash.h"

bool store_get(struct store *store, uint32_t at, uint8_t *bytes, size_t len)
{
    return store->port->flash_read(store->port->context, at, bytes, len);
}

static uint32_t word_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

bool store_get_word(struct store *store, uint32_t at, enum store_granule *ret_kind, uint32_t *ret)
{
    uint8_t granule[FLASH_GRANULE];
    if (!store_get(store, at, granule, sizeof granule)) {
        return false;
    }
    uint32_t word = word_at(granule);
    uint32_t complement = word_at(granule + 4);
    if (word == 0xFFFFFFFF && complement == 0xFFFFFFFF) {
        *ret_kind = GRANULE_BLANK;
    } else {
        *ret_kind = (word ^ complement) == 0xFFFFFFFF ? GRANULE_WHOLE : GRANULE_TORN;
    }
    *ret = word;
    return true;
}

bool store_put(struct store *store, uint32_t at, const uint8_t granule[FLASH_GRANULE])
{
    uint8_t there[FLASH_GRANULE];
    return store->port->flash_program(store->port->context, at, granule) &&
           store_get(store, at, there, sizeof there) && memcmp(there, granule, sizeof there) == 0;
}

bool store_put_word(struct store *store, uint32_t at, uint32_t word)
{
    uint8_t granule[FLASH_GRANULE];
    struct writer w = writer_of(granule, sizeof granule);
    writer_be(&w, word, 4);
    writer_be(&w, ~word, 4);
    return store_put(store, at, granule);
}

/* The page with the head goes last, so that a head that is still there tells of pages that may be.
 */
bool store_erase_area(struct store *store, uint32_t area)
{
    const struct card_port *port = store->port;
    for (uint32_t left = port->area_bytes; left != 0; left -= port->page_bytes) {
        if (!port->flash_erase(port->context, area + left - port->page_bytes)) {
            return false;
        }
    }
    return true;
}

/* Four bits at a time: a table of 64 bytes, where one of 1,024 would buy little. */
uint32_t store_crc(uint32_t crc, struct span bytes)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    crc = ~crc;
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= bytes.ptr[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

uint32_t store_head_crc(uint32_t head)
{
    uint8_t bytes[4];
    struct writer w = writer_of(bytes, sizeof bytes);
    writer_be(&w, head, 4);
    return store_crc(0, span_of(bytes, sizeof bytes));
}
