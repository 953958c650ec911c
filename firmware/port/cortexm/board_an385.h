/* SPDX-License-Identifier: Apache-2.0
 *
 * Arm's MPS2 boards with the images AN385 (Cortex-M3) and AN386 (Cortex-M4), as QEMU's mps2-an385
 * and mps2-an386 have them. The card's flash is the board's PSRAM: QEMU keeps it in a file.
 */
#ifndef CARD_BOARD_AN385_H
#define CARD_BOARD_AN385_H

#define UART_CMSDK 0x40004000U
#define UART_CLOCK 25000000U
#define UART_IRQ   0

#define CLOCK 25000000U /* of the processor and its SysTick */

#define STORAGE 0x21000000U
#define PAGE    2048U
#define AREA    (40U * PAGE)
#define FACTORY (STORAGE + 2U * AREA)

#endif
