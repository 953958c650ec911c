/* SPDX-License-Identifier: Apache-2.0
 *
 * Flash that is memory: what the emulator keeps in a file. The rules of NOR flash are kept here,
 * since the memory keeps none: programming clears bits of what was erased, byte by byte, so that
 * an emulator killed in between leaves half a granule, as a loss of power does.
 */
#include "board.h"
#include "card/port.h"

static volatile uint8_t *cell(uint32_t at)
{
    return (volatile uint8_t *)(uintptr_t)(STORAGE + at);
}

static bool within(uint32_t at, size_t len)
{
    return at <= 2U * AREA && len <= 2U * AREA - at;
}

void flash_start(void)
{
}

bool flash_read(void *context, uint32_t at, uint8_t *bytes, size_t len)
{
    (void)context;
    if (!within(at, len)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        bytes[i] = *cell(at + i);
    }
    return true;
}

bool flash_program(void *context, uint32_t at, const uint8_t *granule)
{
    (void)context;
    if (at % FLASH_GRANULE != 0 || !within(at, FLASH_GRANULE)) {
        return false;
    }
    for (uint32_t i = 0; i < FLASH_GRANULE; i++) {
        if (*cell(at + i) != 0xFF) {
            return false;
        }
    }
    for (uint32_t i = 0; i < FLASH_GRANULE; i++) {
        *cell(at + i) = granule[i];
    }
    return true;
}

bool flash_erase(void *context, uint32_t at)
{
    (void)context;
    if (at % PAGE != 0 || !within(at, PAGE)) {
        return false;
    }
    for (uint32_t i = 0; i < PAGE; i++) {
        *cell(at + i) = 0xFF;
    }
    return true;
}
