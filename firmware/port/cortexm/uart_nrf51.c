/* SPDX-License-Identifier: Apache-2.0
 *
 * The serial line of the nRF51 (Reference Manual, "UART"), on the micro:bit's pins to its USB chip.
 */
#include "board.h"
#include "nvic.h"

enum {
    START_RX = 0x000,
    START_TX = 0x008,
    RX_READY = 0x108,
    TX_READY = 0x11C,
    INTERRUPT_SET = 0x304,
    INTERRUPT_RX_READY = 1 << 2,
    ENABLE = 0x500,
    ENABLE_ON = 4,
    PIN_TX = 0x50C,
    PIN_RX = 0x514,
    RX = 0x518,
    TX = 0x51C,
    BAUD = 0x524,
    MICROBIT_TX = 24,
    MICROBIT_RX = 25
};

static const uint32_t BAUD_115200 = 0x01D7E000U;

static volatile uint32_t *uart(uint32_t offset)
{
    return board_register(UART_NRF51 + offset);
}

void uart_start(void)
{
    *uart(PIN_TX) = MICROBIT_TX;
    *uart(PIN_RX) = MICROBIT_RX;
    *uart(BAUD) = BAUD_115200;
    *uart(ENABLE) = ENABLE_ON;
    *uart(RX_READY) = 0;
    *uart(INTERRUPT_SET) = INTERRUPT_RX_READY;
    *uart(START_TX) = 1;
    *uart(START_RX) = 1;
}

/* The event first: the read of a byte brings the next one, with an event of its own. */
bool uart_take(uint8_t *ret_byte)
{
    if (*uart(RX_READY) == 0) {
        return false;
    }
    *uart(RX_READY) = 0;
    *ret_byte = (uint8_t)*uart(RX);
    return true;
}

void uart_put(uint8_t byte)
{
    *uart(TX_READY) = 0;
    *uart(TX) = byte;
    while (*uart(TX_READY) == 0) {
    }
}

void uart_listen(bool on)
{
    nvic_enable(UART_IRQ, on);
}
