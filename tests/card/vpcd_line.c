/* SPDX-License-Identifier: Apache-2.0
 *
 * vpcd sends a length and its message in two pieces, and waits for the first to be acknowledged
 * before it sends the second: unless that is done at once, each command takes 44 ms more.
 */
#include "vpcd_line.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 2, PATIENCE_MS = 10000, STEP_MS = 20 };

struct line {
    int fd;
    bool powered;
    bool told;
    uint8_t message[VPCD_MAX_MESSAGE];
    uint8_t answer[HEAD + VPCD_MAX_MESSAGE];
};

static struct line line;

static int connect_once(unsigned slot)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)(VPCD_FIRST_PORT + slot)),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

static bool connect_to(unsigned slot)
{
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    line.powered = false;
    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += STEP_MS) {
        line.fd = connect_once(slot);
        if (line.fd >= 0) {
            return true;
        }
        (void)nanosleep(&step, NULL);
    }
    return false;
}

static bool receive(uint8_t *bytes, size_t len)
{
    const int yes = 1;
    while (len != 0) {
        (void)setsockopt(line.fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes); /* it wears off */
        ssize_t n = recv(line.fd, bytes, len, 0);
        if (n <= 0) {
            return false;
        }
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool answer(size_t len)
{
    line.answer[0] = (uint8_t)(len >> 8);
    line.answer[1] = (uint8_t)len;
    for (size_t done = 0; done < HEAD + len;) {
        ssize_t n = send(line.fd, line.answer + done, HEAD + len - done, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

static void tell(void)
{
    if (line.powered && !line.told) {
        puts("inserted");
        (void)fflush(stdout);
        line.told = true;
    }
}

static bool control(const struct vpcd_card *card, uint8_t what)
{
    size_t len = card->control(card->context, (enum vpcd_control)what, line.answer + HEAD);
    line.powered = line.powered || what == VPCD_ON;
    if (what != VPCD_ATR) {
        return true;
    }
    bool sent = answer(len);
    tell();
    return sent;
}

/* False when the connection or, as *ret_alive says, the card has ended. */
static bool serve_one(const struct vpcd_card *card, bool *ret_alive)
{
    uint8_t head[HEAD];
    if (!receive(head, HEAD)) {
        return false;
    }
    size_t len = (size_t)(head[0] << 8 | head[1]);
    if (!receive(line.message, len)) {
        return false;
    }
    if (len == 1) {
        return control(card, line.message[0]);
    }
    size_t n = card->command(card->context, span_of(line.message, len), line.answer + HEAD);
    *ret_alive = n != 0;
    return *ret_alive && answer(n);
}

bool vpcd_serve(unsigned slot, const struct vpcd_card *card)
{
    bool alive = true;
    while (alive && connect_to(slot)) {
        while (serve_one(card, &alive)) {
        }
        close(line.fd);
    }
    return false;
}
