/* SPDX-License-Identifier: Apache-2.0
 *
 * The nRF51's own flash through its controller (Reference Manual, "NVMC"): words of four bytes are
 * programmed, pages of 1 KiB erased. Writing is allowed only while an operation runs. The processor
 * stands still meanwhile, so that nothing has to be waited for but the ready flag.
 */
#include "board.h"
#include "card/port.h"

#include <string.h>

enum { READY = 0x400, CONFIG = 0x504, CONFIG_WRITE = 1, CONFIG_ERASE = 2, ERASE_PAGE = 0x508 };

static volatile uint32_t *controller(uint32_t offset)
{
    return board_register(FLASH_NRF51 + offset);
}

static void wait(void)
{
    while ((*controller(READY) & 1U) == 0) {
    }
}

static void allow(uint32_t what)
{
    *controller(CONFIG) = what;
    wait();
}

static bool within(uint32_t at, size_t len)
{
    return at <= 2U * AREA && len <= 2U * AREA - at;
}

void flash_start(void)
{
    allow(0);
}

bool flash_read(void *context, uint32_t at, uint8_t *bytes, size_t len)
{
    (void)context;
    if (!within(at, len)) {
        return false;
    }
    memcpy(bytes, (const uint8_t *)(uintptr_t)(STORAGE + at), len);
    return true;
}

bool flash_program(void *context, uint32_t at, const uint8_t *granule)
{
    (void)context;
    uint32_t words[FLASH_GRANULE / 4];
    volatile uint32_t *cells = board_register(STORAGE + at);
    if (at % FLASH_GRANULE != 0 || !within(at, FLASH_GRANULE) || cells[0] != 0xFFFFFFFFU ||
        cells[1] != 0xFFFFFFFFU) {
        return false;
    }
    memcpy(words, granule, sizeof words);
    allow(CONFIG_WRITE);
    for (uint32_t i = 0; i < FLASH_GRANULE / 4; i++) {
        cells[i] = words[i];
        wait();
    }
    allow(0);
    return true;
}

bool flash_erase(void *context, uint32_t at)
{
    (void)context;
    if (at % PAGE != 0 || !within(at, PAGE)) {
        return false;
    }
    allow(CONFIG_ERASE);
    *controller(ERASE_PAGE) = STORAGE + at;
    wait();
    allow(0);
    return true;
}
