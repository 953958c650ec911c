/* SPDX-License-Identifier: Apache-2.0
 *
 * A reader with a native card in it at the end of a serial line: a pseudo-terminal, whose other end
 * libccid's serial driver opens as DEVICENAME NAME:GemPCTwin. For tests and tools/virtual-card
 * only; the card keeps no secret.
 *
 *     saksi-serial-card FILE
 *
 * FILE keeps the card's flash (ifd_flash.h); FILE.fault may say what goes wrong (ifd_faults.h). The
 * first line of output is the name of the terminal. The line is closed when the program ends.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "card/card.h"
#include "link/twin.h"
#include "port/ifd/ifd_faults.h"
#include "port/ifd/ifd_flash.h"

enum {
    ROOM = CARD_MAX_COMMAND > CARD_MAX_RESPONSE ? (int)CARD_MAX_COMMAND : (int)CARD_MAX_RESPONSE
};
enum { IDLE_MS = 500, ASK_MS = 800 };

static struct {
    struct ifd_flash flash;
    struct card card;
    struct ccid ccid;
    struct twin twin;
    int line;
    uint8_t room[ROOM];
    uint8_t out[1024];
    size_t out_len;
} device;

static struct ifd_faults faults(void)
{
    return ifd_faults_read(device.flash.path);
}

static void flush(void)
{
    size_t done = 0;
    while (done < device.out_len) {
        ssize_t n = write(device.line, device.out + done, device.out_len - done);
        if (n <= 0) {
            break; /* whoever listened is gone */
        }
        done += (size_t)n;
    }
    device.out_len = 0;
}

static void put(void *context, uint8_t byte)
{
    (void)context;
    device.out[device.out_len++] = byte;
    if (device.out_len == sizeof device.out) {
        flush();
    }
}

static void wait_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

static void be_slow(long ms)
{
    flush();
    for (; ms > ASK_MS; ms -= ASK_MS) {
        wait_ms(ASK_MS);
        twin_more_time(&device.twin);
        flush();
    }
    wait_ms(ms > 0 ? ms : 0);
}

static void power(void *context, bool on)
{
    (void)context;
    (void)on; /* nothing of the session is left lying about until the power comes back */
    native_power_up(&device.flash.native);
    card_start(&device.card, &device.flash.native.port, CARD_CONTACT);
}

static size_t transmit(void *context, uint8_t *room, size_t len)
{
    (void)context;
    be_slow(faults().slow_ms);
    size_t n = card_transmit(&device.card, span_of(room, len), room);
    if (!ifd_flash_save(&device.flash)) {
        fprintf(stderr, "saksi-serial-card: the card's file cannot be written\n");
        exit(EXIT_FAILURE);
    }
    return n;
}

/* In block waiting times, which are 1.4 s. Here nothing takes long but a wait after wrong keys. */
static uint8_t patience(void *context, struct span command)
{
    enum { TIMES = 3 };
    (void)context;
    unsigned wanted = faults().wait;
    return (uint8_t)(wanted != 0 ? wanted : TIMES * card_patience(&device.card, command));
}

static void look_for_card(void)
{
    bool absent = faults().absent != 0;
    if (absent != (device.ccid.status == CCID_ICC_ABSENT)) {
        ccid_insert(&device.ccid, !absent);
    }
}

/* A terminal whose name is said. Its other end is kept open here, too: programs come and go. */
static bool open_line(void)
{
    struct termios raw;
    device.line = posix_openpt(O_RDWR | O_NOCTTY);
    if (device.line < 0 || grantpt(device.line) != 0 || unlockpt(device.line) != 0) {
        return false;
    }
    const char *name = ptsname(device.line);
    int other = name == NULL ? -1 : open(name, O_RDWR | O_NOCTTY);
    if (other < 0 || tcgetattr(other, &raw) != 0) {
        return false;
    }
    cfmakeraw(&raw);
    return tcsetattr(other, TCSANOW, &raw) == 0 && printf("%s\n", name) > 0 && fflush(stdout) == 0;
}

static void take(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (twin_take(&device.twin, bytes[i])) {
            look_for_card();
            twin_answer(&device.twin);
            flush();
        }
    }
}

static void serve(void)
{
    uint8_t bytes[512];
    for (;;) {
        struct pollfd ready = {.fd = device.line, .events = POLLIN};
        if (poll(&ready, 1, IDLE_MS) == 0) {
            twin_idle(&device.twin);
            continue;
        }
        ssize_t n = read(device.line, bytes, sizeof bytes);
        if (n <= 0) {
            return;
        }
        take(bytes, (size_t)n);
    }
}

int main(int argc, char **argv)
{
    static const struct ccid_icc icc = {.power = power, .transmit = transmit, .patience = patience};
    if (argc != 2) {
        fprintf(stderr, "usage: saksi-serial-card FILE\n");
        return 64;
    }
    const char *file = argv[1];
    if (!ifd_flash_open(&device.flash, file)) {
        fprintf(stderr, "saksi-serial-card: %s is no card, or cannot be written\n", file);
        return 74;
    }
    native_make_real(&device.flash.native);
    ccid_start(&device.ccid, &icc, device.room, sizeof device.room);
    twin_start(&device.twin, &device.ccid, put, NULL);
    if (!open_line()) {
        perror("saksi-serial-card: no pseudo-terminal");
        return 71;
    }
    serve();
    return EXIT_SUCCESS;
}
