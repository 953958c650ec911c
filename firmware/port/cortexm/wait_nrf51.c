/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting, by one of the nRF51's timers (Reference Manual, "TIMER"), which counts microseconds: its
 * processor need not have a clock of its own.
 */
#include "board.h"

enum {
    START = 0x000,
    STOP = 0x004,
    CLEAR = 0x00C,
    COMPARE = 0x140,
    MODE = 0x504, /* 0: counts time */
    WIDTH = 0x508,
    WIDTH_32 = 3,
    PRESCALER = 0x510, /* 16 MHz, halved so often */
    PRESCALER_1_MHZ = 4,
    WANTED = 0x540
};

static volatile uint32_t *timer(uint32_t offset)
{
    return board_register(TIMER_NRF51 + offset);
}

bool wait_ms(void *context, uint32_t ms)
{
    (void)context;
    *timer(STOP) = 1;
    *timer(MODE) = 0;
    *timer(WIDTH) = WIDTH_32;
    *timer(PRESCALER) = PRESCALER_1_MHZ;
    *timer(CLEAR) = 1;
    *timer(WANTED) = ms * 1000U + 1U; /* the first one may be short */
    *timer(COMPARE) = 0;
    *timer(START) = 1;
    while (*timer(COMPARE) == 0U) {
    }
    *timer(STOP) = 1;
    return true;
}
