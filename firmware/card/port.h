/* SPDX-License-Identifier: Apache-2.0
 *
 * struct card_port: all that the card asks of the chip it runs on. The rest of this folder knows no
 * register, no clock and no library but the one behind crypto.h.
 */
#ifndef CARD_PORT_H
#define CARD_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLASH_GRANULE = 8, /* bytes that are programmed at once, and once only between two erasures */
    CARD_SERIAL_BYTES = 10,
    CARD_KEY_MAX_BYTES = 32
};

enum card_interface { CARD_CONTACT, CARD_CONTACTLESS };

/* The three static keys of a secure channel (Amendment D, §6.1), of 16 or 32 bytes each. */
struct card_keys {
    uint8_t version;
    uint8_t key_bytes;
    uint8_t enc[CARD_KEY_MAX_BYTES];
    uint8_t mac[CARD_KEY_MAX_BYTES];
    uint8_t dek[CARD_KEY_MAX_BYTES];
};

/* Every function gets `context` and returns false when it could not do its work. After one of flash
 * the card refuses to go on until it is started again; the others end the command, and the next one
 * may ask them again. Flash addresses count from the first byte of the
 * card's own storage, which is two areas of area_bytes, one behind the other. */
struct card_port {
    void *context;
    uint32_t page_bytes; /* what is erased at once: a multiple of FLASH_GRANULE */
    uint32_t area_bytes; /* a multiple of page_bytes */
    bool (*flash_read)(void *context, uint32_t at, uint8_t *bytes, size_t len);
    /* Clears bits of one granule at a multiple of FLASH_GRANULE; returns when it is done. */
    bool (*flash_program)(void *context, uint32_t at, const uint8_t granule[FLASH_GRANULE]);
    /* Sets all bits of the page at a multiple of page_bytes. */
    bool (*flash_erase)(void *context, uint32_t at);
    /* Unpredictable bytes from the chip's generator, its health tests passed. False: 6F00, and
     * nothing has been spent or made. */
    bool (*random)(void *context, uint8_t *bytes, size_t len);
    /* What tells one card from another and never changes. False: 6F00, before a try is spent. */
    bool (*serial)(void *context, uint8_t serial[CARD_SERIAL_BYTES]);
    /* The keys this one card left its factory with, for use until it is personalised. Their version
     * is SCP03_TRANSPORT_VERSION. False: 6581, after INITIALIZE UPDATE has spent a try. What stands
     * in `keys` then is wiped. */
    bool (*transport_keys)(void *context, struct card_keys *keys);
    /* Returns when `ms` milliseconds have passed, never earlier. False: 6F00, before a try is spent
     * or a key is read. Where a reader waits for answers
     * no longer than it was told (ISO/IEC 7816-3 §11.3, CCID), the port asks it for more time. */
    bool (*wait)(void *context, uint32_t ms);
};

#endif
