/* SPDX-License-Identifier: Apache-2.0
 *
 * The one interrupt that is used, on and off (ARMv7-M Architecture Reference Manual, B3.4; the same
 * from ARMv6-M to ARMv8-M), and the processor's own clock (B3.3).
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

/* link_tick() from now on, every 2^24 cycles: 0.6 to 1.1 s on these boards. A processor may come
 * without this clock, as the nRF51 on a desk does: it then never ticks. */
static inline void nvic_start_ticks(void)
{
    *board_register(0xE000E014U) = 0x00FFFFFFU; /* reload */
    *board_register(0xE000E018U) = 0;
    *board_register(0xE000E010U) = 7; /* on, with its exception, by the processor's cycles */
}

#endif
