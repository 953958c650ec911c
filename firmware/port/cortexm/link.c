/* SPDX-License-Identifier: Apache-2.0
 *
 * The interrupt collects a message; the card sleeps until it is whole. While one is being worked on
 * the line is not listened to, so that nothing writes into the room under the card's hands.
 */
#include "link.h"

enum { HEAD = 2 };

static struct {
    volatile bool whole;
    uint32_t taken; /* bytes of head and message */
    uint32_t len;   /* of the message, as far as its head is known */
    uint8_t room[LINK_ROOM];
} link;

static void take(uint8_t byte)
{
    if (link.taken < HEAD) {
        link.len = link.len << 8 | byte;
    } else if (link.taken - HEAD < LINK_ROOM) {
        link.room[link.taken - HEAD] = byte;
    }
    link.taken++;
    link.whole = link.taken >= HEAD && link.taken - HEAD == link.len;
}

void link_interrupt(void)
{
    uint8_t byte;
    while (!link.whole && uart_take(&byte)) {
        take(byte);
    }
    if (link.whole) {
        uart_listen(false);
    }
}

void link_start(void)
{
    uart_start();
    link_next();
}

/* WFI wakes for an interrupt that is masked, too: none can slip in between question and sleep. */
size_t link_receive(void)
{
    for (;;) {
        __asm__ volatile("cpsid i" : : : "memory");
        if (link.whole) {
            break;
        }
        __asm__ volatile("wfi\n\tcpsie i\n\tisb" : : : "memory");
    }
    __asm__ volatile("cpsie i" : : : "memory");
    return link.len;
}

uint8_t *link_room(void)
{
    return link.room;
}

void link_send(size_t len)
{
    uart_put((uint8_t)(len >> 8));
    uart_put((uint8_t)len);
    for (size_t i = 0; i < len; i++) {
        uart_put(link.room[i]);
    }
}

void link_next(void)
{
    link.taken = 0;
    link.len = 0;
    link.whole = false;
    uart_listen(true);
}
