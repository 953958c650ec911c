/* SPDX-License-Identifier: Apache-2.0
 *
 * The card on a board: messages from the serial line to the card and back. Those of a reader go
 * through T=1. Of the others one byte is for the reader's side (power, reset, the answer to reset),
 * and all that are longer are commands.
 */
#include "factory.h"
#include "link.h"

#include <string.h>

enum { CONTROL_OFF = 0, CONTROL_ON = 1, CONTROL_RESET = 2, CONTROL_ATR = 4 };

static struct card card;

/* Nothing of the session is left lying about until the power comes back. */
static void power(void *context, bool on)
{
    (void)context;
    (void)on;
    card_start(&card, &cortexm_port, CARD_CONTACT);
}

static void control(uint8_t what)
{
    switch (what) {
    case CONTROL_OFF:
    case CONTROL_ON:
    case CONTROL_RESET:
        power(NULL, what != CONTROL_OFF);
        break;
    case CONTROL_ATR:
        memcpy(link_room(), t1_atr, sizeof t1_atr);
        link_send(sizeof t1_atr);
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

static size_t transmit(void *context, uint8_t *room, size_t len)
{
    (void)context;
    link_working(true);
    len = card_transmit(&card, span_of(room, len), room);
    link_working(false);
    return len;
}

/* In block waiting times, which are 1.4 s at 4 MHz. On the slowest board, at 16 MHz, a signature
 * takes some 43 million instructions, and a move of the journal erases 80 pages and programs up to
 * 20,480 words: about 3 s each. */
static uint8_t patience(void *context, struct span command)
{
    enum { TIMES = 4 };
    (void)context;
    return (uint8_t)(TIMES * card_patience(&card, command));
}

int main(void)
{
    static const struct ccid_icc icc = {.power = power, .transmit = transmit, .patience = patience};
    flash_start();
    card_start(&card, &cortexm_port, CARD_CONTACT);
    link_start(&icc);
    for (;;) {
        size_t len = link_receive();
        if (len == 1) {
            control(link_room()[0]);
        } else {
            link_send(answer(len));
        }
        bytes_wipe(link_room(), LINK_ROOM);
        link_next();
    }
}
