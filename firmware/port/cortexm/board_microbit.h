/* SPDX-License-Identifier: Apache-2.0
 *
 * BBC micro:bit: nRF51822 (Cortex-M0), with its own flash, flash controller, serial line and
 * random generator. Registers: nRF51 Series Reference Manual v3.0.
 */
#ifndef CARD_BOARD_MICROBIT_H
#define CARD_BOARD_MICROBIT_H

#define UART_NRF51  0x40002000U
#define UART_IRQ    2
#define RNG_NRF51   0x4000D000U
#define TIMER_NRF51 0x40008000U
#define FLASH_NRF51 0x4001E000U

#define STORAGE 0x00010000U
#define PAGE    1024U
#define AREA    (80U * PAGE)
#define FACTORY 0x0003FC00U

#endif
