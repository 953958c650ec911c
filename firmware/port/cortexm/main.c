/* SPDX-License-Identifier: Apache-2.0
 *
 * The card on a board: messages from the serial line to the card and back. A message of one byte is
 * for the reader's side (power, reset, the answer to reset), all others are commands.
 */
#include "factory.h"
#include "link.h"

#include <string.h>

enum { CONTROL_OFF = 0, CONTROL_ON = 1, CONTROL_RESET = 2, CONTROL_ATR = 4 };

/* ISO/IEC 7816-3 §8: T=1 alone, IFSC 254, BWI 4, CWI 5. Historical bytes (7816-4 §12.1): selection
 * by name, file identifier and short identifier; chaining and extended lengths. */
static const uint8_t ATR[] = {0x3B, 0x85, 0x81, 0x31, 0xFE, 0x45,
                              0x80, 0x73, 0x94, 0x01, 0xC0, 0x28};

static struct card card;

static void control(uint8_t what)
{
    switch (what) {
    case CONTROL_OFF: /* nothing of the session is left lying about until the power comes back */
    case CONTROL_ON:
    case CONTROL_RESET:
        card_start(&card, &cortexm_port, CARD_CONTACT);
        break;
    case CONTROL_ATR:
        memcpy(link_room(), ATR, sizeof ATR);
        link_send(sizeof ATR);
        break;
    default: /* the reader waits for nothing */
        break;
    }
}

static size_t answer(size_t len)
{
    static const uint8_t too_long[] = {SW_WRONG_LENGTH >> 8, SW_WRONG_LENGTH & 0xFF};
    if (len > LINK_ROOM) {
        memcpy(link_room(), too_long, sizeof too_long);
        return sizeof too_long;
    }
    return card_transmit(&card, span_of(link_room(), len), link_room());
}

int main(void)
{
    flash_start();
    card_start(&card, &cortexm_port, CARD_CONTACT);
    link_start();
    for (;;) {
        size_t len = link_receive();
        if (len == 1) {
            control(link_room()[0]);
        } else {
            link_send(answer(len));
        }
        card_wipe(link_room(), LINK_ROOM);
        link_next();
    }
}
