/* SPDX-License-Identifier: Apache-2.0
 *
 * The one interrupt that is used, on and off (ARMv7-M Architecture Reference Manual, B3.4; the same
 * from ARMv6-M to ARMv8-M).
 */
#ifndef CARD_NVIC_H
#define CARD_NVIC_H

#include "board.h"

static inline void nvic_enable(unsigned irq, bool on)
{
    uint32_t set_or_clear = on ? 0xE000E100U : 0xE000E180U;
    *board_register(set_or_clear + 4U * (irq / 32U)) = 1U << irq % 32U;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}

#endif
