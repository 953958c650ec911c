/* SPDX-License-Identifier: Apache-2.0
 *
 * The interrupt collects a message; the card sleeps until it is whole. While one is being worked on
 * the line is not listened to, so that nothing writes into the room under the card's hands.
 */
#include "link.h"
#include "nvic.h"

enum { HEAD = 2 };

static struct {
    volatile bool whole;
    volatile bool working;
    bool begun;     /* the line's first two bytes have come, ... */
    bool framed;    /* ... and were those of a reader's message */
    bool heard;     /* something has come since the last tick */
    uint32_t taken; /* bytes of head and message */
    uint32_t len;   /* of the message, as far as its head is known */
    uint8_t room[LINK_ROOM];
} link;

static struct ccid ccid;
static struct twin twin;

static void put(void *context, uint8_t byte)
{
    (void)context;
    uart_put(byte);
}

/* No virtual reader begins with a message of 774 bytes. */
static void begin(void)
{
    link.begun = true;
    link.framed = link.len == (TWIN_SYNC << 8 | TWIN_ACK);
    if (link.framed) {
        twin_take(&twin, TWIN_SYNC);
        twin_take(&twin, TWIN_ACK);
        nvic_start_ticks();
    }
}

static void take(uint8_t byte)
{
    link.heard = true;
    if (link.framed) {
        link.whole = twin_take(&twin, byte);
        return;
    }
    if (link.taken < HEAD) {
        link.len = link.len << 8 | byte;
    } else if (link.taken - HEAD < LINK_ROOM) {
        link.room[link.taken - HEAD] = byte;
    }
    link.taken++;
    if (link.taken == HEAD && !link.begun) {
        begin();
    }
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

/* What is begun comes to its end within a tick or two, or not at all. */
void link_tick(void)
{
    if (link.working) {
        twin_more_time(&twin);
    } else if (!link.whole && !link.heard) {
        twin_idle(&twin);
    }
    link.heard = false;
}

void link_working(bool on)
{
    link.working = on && link.framed;
}

void link_start(const struct ccid_icc *icc)
{
    ccid_start(&ccid, icc, link.room, sizeof link.room);
    twin_start(&twin, &ccid, put, NULL);
    uart_start();
    link_next();
}

/* WFI wakes for an interrupt that is masked, too: none can slip in between question and sleep. */
static void await_message(void)
{
    for (;;) {
        __asm__ volatile("cpsid i" : : : "memory");
        if (link.whole) {
            break;
        }
        __asm__ volatile("wfi\n\tcpsie i\n\tisb" : : : "memory");
    }
    __asm__ volatile("cpsie i" : : : "memory");
}

size_t link_receive(void)
{
    await_message();
    while (link.framed) {
        twin_answer(&twin);
        link_next();
        await_message();
    }
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
