/* SPDX-License-Identifier: Apache-2.0
 *
 * struct card_port out of the board's parts and its factory page.
 */
#include "board.h"
#include "factory.h"

#include <string.h>

static const struct factory *factory(void)
{
    const struct factory *page = (const struct factory *)(uintptr_t)FACTORY;
    bool written = memcmp(page->magic, FACTORY_MAGIC, FACTORY_MAGIC_BYTES) == 0;
    return written ? page : NULL;
}

static bool serial(void *context, uint8_t bytes[CARD_SERIAL_BYTES])
{
    (void)context;
    const struct factory *page = factory();
    if (page == NULL) {
        return false;
    }
    memcpy(bytes, page->serial, CARD_SERIAL_BYTES);
    return true;
}

static bool transport_keys(void *context, struct card_keys *keys)
{
    (void)context;
    const struct factory *page = factory();
    if (page == NULL) {
        return false;
    }
    keys->version = page->key_version;
    keys->key_bytes = FACTORY_KEY_BYTES;
    memcpy(keys->enc, page->enc, FACTORY_KEY_BYTES);
    memcpy(keys->mac, page->mac, FACTORY_KEY_BYTES);
    memcpy(keys->dek, page->dek, FACTORY_KEY_BYTES);
    return true;
}

const struct card_port cortexm_port = {.page_bytes = PAGE,
                                       .area_bytes = AREA,
                                       .flash_read = flash_read,
                                       .flash_program = flash_program,
                                       .flash_erase = flash_erase,
                                       .random = random_bytes,
                                       .serial = serial,
                                       .transport_keys = transport_keys,
                                       .wait = wait_ms};
