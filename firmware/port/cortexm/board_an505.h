/* SPDX-License-Identifier: Apache-2.0
 *
 * Arm's MPS2 board with the image AN505 (Cortex-M33), as QEMU's mps2-an505 has it. Everything runs
 * in the secure state, with the secure aliases of code, RAM and UART. The card's flash is the
 * board's PSRAM: QEMU keeps it in a file.
 */
#ifndef CARD_BOARD_AN505_H
#define CARD_BOARD_AN505_H

#define UART_CMSDK 0x50200000U
#define UART_CLOCK 20000000U
#define UART_IRQ   32

#define CLOCK 20000000U /* of the processor and its SysTick */

#define STORAGE 0x80000000U
#define PAGE    2048U
#define AREA    (40U * PAGE)
#define FACTORY (STORAGE + 2U * AREA)

#endif
