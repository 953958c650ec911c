/* SPDX-License-Identifier: Apache-2.0
 *
 * From reset to main(): vector table, stack, memory (ARMv6-M and later, Arm's Architecture
 * Reference Manuals, "Exception model"). The stack lies lowest in RAM, so that one that grows too
 * far leaves RAM and faults, and does not run over data. A fault leaves the card mute until it is
 * started again: whatever has gone wrong, it gives nothing away.
 */
#include "board.h"
#include "link.h"

#include <string.h>

enum { SYSTEM_VECTORS = 16, HARD_FAULT = 3, SYSTICK = 15, BELOW_FRAME = 64 };

/* What lies below the stack pointer was never used: the deepest use can be read off (tests do). */
static const uint32_t PAINT = 0x5AFE57ACU;

extern uint32_t stack_low[];
extern uint32_t stack_high[];
extern uint8_t data_from[];
extern uint8_t data_low[];
extern uint8_t data_high[];
extern uint8_t bss_low[];
extern uint8_t bss_high[];

int main(void);
void reset_handler(void);

static void fault(void)
{
    for (;;) {
        __asm__ volatile("wfi");
    }
}

struct vectors {
    uint32_t *stack;
    void (*handlers[SYSTEM_VECTORS - 1 + UART_IRQ + 1])(void);
};

/* Handlers that are not named are for exceptions that nothing enables; the processor takes a zero
 * as a fault. */
extern const struct vectors vectors;
__attribute__((section(".vectors"), used)) const struct vectors vectors = {
    .stack = stack_high,
    .handlers = {[0] = reset_handler,
                 [1] = fault, /* NMI */
                 [HARD_FAULT - 1] = fault,
                 [HARD_FAULT] = fault,     /* MemManage, from ARMv7-M on ... */
                 [HARD_FAULT + 1] = fault, /* ... BusFault */
                 [HARD_FAULT + 2] = fault, /* ... UsageFault */
                 [HARD_FAULT + 3] = fault, /* SecureFault, from ARMv8-M on */
                 [SYSTICK - 1] = link_tick,
                 [SYSTEM_VECTORS - 1 + UART_IRQ] = link_interrupt}};

static void paint_stack(void)
{
    volatile uint32_t *end =
        (volatile uint32_t *)((uintptr_t)__builtin_frame_address(0) - BELOW_FRAME);
    for (volatile uint32_t *p = stack_low; p < end; p++) {
        *p = PAINT;
    }
}

void reset_handler(void)
{
#if defined(__ARM_ARCH_8M_MAIN__)
    __asm__ volatile("msr msplim, %0" : : "r"(stack_low));
#endif
    paint_stack();
    memcpy(data_low, data_from, (size_t)(data_high - data_low));
    memset(bss_low, 0, (size_t)(bss_high - bss_low));
    main();
    fault();
}
