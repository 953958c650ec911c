/* SPDX-License-Identifier: Apache-2.0
 *
 * The UART of Arm's Cortex-M System Design Kit (DDI 0479, §4.3), which holds one byte each way.
 */
#include "board.h"
#include "nvic.h"

enum { BAUD = 115200 };

enum {
    DATA = 0x00,
    STATE = 0x04,
    STATE_TX_FULL = 1,
    STATE_RX_FULL = 2,
    CONTROL = 0x08,
    CONTROL_TX = 1,
    CONTROL_RX = 2,
    CONTROL_RX_INTERRUPT = 8,
    INTERRUPT = 0x0C,
    INTERRUPT_RX = 2,
    DIVISOR = 0x10
};

static volatile uint32_t *uart(uint32_t offset)
{
    return board_register(UART_CMSDK + offset);
}

void uart_start(void)
{
    *uart(DIVISOR) = UART_CLOCK / BAUD;
    *uart(CONTROL) = CONTROL_TX | CONTROL_RX | CONTROL_RX_INTERRUPT;
}

/* The interrupt first: one for the next byte comes after the read that makes room for it. */
bool uart_take(uint8_t *ret_byte)
{
    *uart(INTERRUPT) = INTERRUPT_RX;
    if ((*uart(STATE) & STATE_RX_FULL) == 0) {
        return false;
    }
    *ret_byte = (uint8_t)*uart(DATA);
    return true;
}

void uart_put(uint8_t byte)
{
    while ((*uart(STATE) & STATE_TX_FULL) != 0) {
    }
    *uart(DATA) = byte;
}

void uart_listen(bool on)
{
    nvic_enable(UART_IRQ, on);
}
