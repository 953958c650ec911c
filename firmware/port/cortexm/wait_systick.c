/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting, by the processor's own timer (Arm's Architecture Reference Manuals, "SysTick"; the same
 * from ARMv6-M to ARMv8-M). It runs only meanwhile, and interrupts nothing. A processor that was
 * made without one does not wait, and says so.
 */
#include "board.h"

enum {
    CONTROL = 0x0,
    CONTROL_ENABLE = 1,
    CONTROL_PROCESSOR_CLOCK = 4,
    CONTROL_COUNTED = 1 << 16, /* since it was last read */
    RELOAD = 0x4,
    CURRENT = 0x8
};

static volatile uint32_t *systick(uint32_t offset)
{
    return board_register(0xE000E010U + offset);
}

/* One count more, since the first may be short. */
bool wait_ms(void *context, uint32_t ms)
{
    (void)context;
    const uint32_t reload = CLOCK / 1000U - 1U;
    *systick(RELOAD) = reload;
    if (*systick(RELOAD) != reload) {
        return false;
    }
    *systick(CURRENT) = 0; /* clears CONTROL_COUNTED as well */
    *systick(CONTROL) = CONTROL_ENABLE | CONTROL_PROCESSOR_CLOCK;
    for (uint32_t left = ms + 1U; left != 0U;) {
        left -= (*systick(CONTROL) & CONTROL_COUNTED) != 0U;
    }
    *systick(CONTROL) = 0;
    return true;
}
