/* SPDX-License-Identifier: Apache-2.0
 *
 * What a board gives to the rest of this folder: one serial line, memory that keeps its contents
 * without power, random bytes. Each comes from one file that knows the registers; board_*.h says
 * where they are. Those of flash may be called from flash_start() on, those of the line from
 * uart_start(), the others at any time.
 */
#ifndef CARD_BOARD_H
#define CARD_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(BOARD_MICROBIT)
#include "board_microbit.h"
#elif defined(BOARD_AN385) || defined(BOARD_AN386)
#include "board_an385.h"
#elif defined(BOARD_AN505)
#include "board_an505.h"
#else
#error "no board is chosen"
#endif

static inline volatile uint32_t *board_register(uint32_t address)
{
    return (volatile uint32_t *)(uintptr_t)address;
}

/* The serial line, with its interrupt on reception, which is link_interrupt(). */
void uart_start(void);

/* The byte that has come, if one has; acknowledges the interrupt. */
bool uart_take(uint8_t *ret_byte);

/* Sends a byte, waiting for room. */
void uart_put(uint8_t byte);

/* Whether reception interrupts. A byte that comes meanwhile stays in the line's hardware. */
void uart_listen(bool on);

/* Once, before the card is started: the flash can be read, and nothing is written or erased but by
 * flash_program() and flash_erase(). */
void flash_start(void);

/* Functions of struct card_port; the context is not used. */
bool flash_read(void *context, uint32_t at, uint8_t *bytes, size_t len);
bool flash_program(void *context, uint32_t at, const uint8_t *granule);
bool flash_erase(void *context, uint32_t at);
bool random_bytes(void *context, uint8_t *bytes, size_t len);
bool wait_ms(void *context, uint32_t ms);

#endif
