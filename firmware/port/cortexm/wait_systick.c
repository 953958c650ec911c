/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting, by the processor's own clock (Arm's Architecture Reference Manuals, "SysTick"; the same
 * from ARMv7-M to ARMv8-M). It is only read, so that whoever has it running for another purpose,
 * with whatever period, finds it as it was; one that stands still runs meanwhile.
 */
#include "board.h"

enum {
    CONTROL = 0x0,
    CONTROL_ENABLE = 1,
    CONTROL_PROCESSOR_CLOCK = 4,
    RELOAD = 0x4,
    CURRENT = 0x8,
    TOP = 0xFFFFFF
};

static volatile uint32_t *systick(uint32_t offset)
{
    return board_register(0xE000E010U + offset);
}

/* Cycles are added up between one look and the next, which come much more often than the clock goes
 * round. */
static void pass(uint32_t cycles)
{
    const uint32_t period = *systick(RELOAD) + 1U;
    uint32_t last = *systick(CURRENT);
    while (cycles != 0U) {
        uint32_t now = *systick(CURRENT);
        uint32_t gone = last >= now ? last - now : last + period - now;
        cycles -= gone < cycles ? gone : cycles;
        last = now;
    }
}

bool wait_ms(void *context, uint32_t ms)
{
    (void)context;
    bool runs = (*systick(CONTROL) & CONTROL_ENABLE) != 0U;
    if (!runs) {
        *systick(RELOAD) = TOP;
        *systick(CURRENT) = 0;
        *systick(CONTROL) = CONTROL_ENABLE | CONTROL_PROCESSOR_CLOCK;
    }
    for (; ms > 1000U;
         ms -= 1000U) { /* cycles of more than a minute or two are too many to count */
        pass(CLOCK);
    }
    pass(ms * (CLOCK / 1000U));
    if (!runs) {
        *systick(CONTROL) = 0;
    }
    return true;
}
