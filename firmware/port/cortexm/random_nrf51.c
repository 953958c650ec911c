/* SPDX-License-Identifier: Apache-2.0
 *
 * The nRF51's generator (Reference Manual, "RNG") with its correction of bias, under the two health
 * tests of NIST SP 800-90B §4.4, for at least 4 bits of entropy a byte and false alarms of 2^-30.
 * A test that fails once fails for as long as the card runs. Under emulation the bytes are those of
 * the host's own generator.
 */
#include "board.h"

enum {
    START = 0x000,
    READY = 0x100,
    CONFIG = 0x504,
    CONFIG_CORRECT = 1,
    VALUE = 0x508,
    REPEATS = 1 + (30 + 3) / 4, /* §4.4.1: 1 + ceil(30 / 4) */
    WINDOW = 512,               /* §4.4.2 */
    IN_WINDOW = 71              /* ... the first count that is less likely than 2^-30 */
};

static struct {
    bool started;
    bool failed;
    uint8_t last;
    uint16_t repeats;
    uint8_t first; /* of the window, ... */
    uint16_t seen; /* ... how often it was seen ... */
    uint16_t at;   /* ... among so many */
} health;

static volatile uint32_t *generator(uint32_t offset)
{
    return board_register(RNG_NRF51 + offset);
}

static uint8_t next(void)
{
    while (*generator(READY) == 0) {
    }
    *generator(READY) = 0;
    return (uint8_t)*generator(VALUE);
}

static void judge(uint8_t byte)
{
    health.repeats = byte == health.last ? (uint16_t)(health.repeats + 1) : 1;
    health.last = byte;
    if (health.at == 0) {
        health.first = byte;
        health.seen = 0;
    }
    health.seen = (uint16_t)(health.seen + (byte == health.first));
    health.at = (uint16_t)((health.at + 1) % WINDOW);
    if (health.repeats >= REPEATS || health.seen >= IN_WINDOW) {
        health.failed = true;
    }
}

/* §4.3: the first samples are only tested. */
static void start(void)
{
    *generator(CONFIG) = CONFIG_CORRECT;
    *generator(START) = 1;
    for (unsigned i = 0; i < 2 * WINDOW; i++) {
        judge(next());
    }
    health.started = true;
}

bool random_bytes(void *context, uint8_t *bytes, size_t len)
{
    (void)context;
    if (!health.started) {
        start();
    }
    for (size_t i = 0; i < len && !health.failed; i++) {
        bytes[i] = next();
        judge(bytes[i]);
    }
    return !health.failed;
}
