/* SPDX-License-Identifier: Apache-2.0
 *
 * An image beside the card's: for each byte that comes over the serial line it makes a key and a
 * digest, signs, and sends what that took by SysTick, which the emulator drives by the number of
 * instructions. Uses the same library and the same choice of arithmetic as the card.
 */
#include "factory.h"
#include "board.h"
#include "card/crypto.h"

#include <bearssl.h>

#ifdef CARD_CRYPTO_M15
#define SIGN br_ecdsa_i15_sign_raw
#define EC   br_ec_p256_m15
#else
#define SIGN br_ecdsa_i31_sign_raw
#define EC   br_ec_p256_m31
#endif

void link_interrupt(void);
void link_tick(void);
int main(void);

static uint8_t state[CARD_DIGEST];

/* Numbers that differ from run to run with the seed alone: SHA-256, again and again. */
static bool numbers(void *context, uint8_t *bytes, size_t len)
{
    (void)context;
    for (size_t i = 0; i < len; i++) {
        const struct span parts[] = {span_of(state, sizeof state)};
        card_sha256(parts, 1, state);
        bytes[i] = state[0];
    }
    return true;
}

static volatile uint32_t *systick(uint32_t offset)
{
    return board_register(0xE000E010U + offset);
}

enum { CONTROL = 0, RELOAD = 4, CURRENT = 8, ENABLE_BY_PROCESSOR_CLOCK = 5, TOP = 0xFFFFFF };

static void begin(void)
{
    *systick(RELOAD) = TOP;
    *systick(CURRENT) = 0;
    *systick(CONTROL) = ENABLE_BY_PROCESSOR_CLOCK;
}

struct cost {
    uint32_t ticks;
    uint32_t rest; /* how often the counter was asked until it went on: finer than a tick */
};

static struct cost end(void)
{
    uint32_t now = *systick(CURRENT);
    uint32_t rest = 0;
    while (*systick(CURRENT) == now) {
        rest++;
    }
    *systick(CONTROL) = 0;
    return (struct cost){TOP - now, rest};
}

static void send(uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        uart_put((uint8_t)(number >> shift));
    }
}

static void send_cost(struct cost cost)
{
    send(cost.ticks);
    send(cost.rest);
}

static void measure(void)
{
    static const struct card_port port = {.random = numbers};
    uint8_t scalar[CARD_PRIVATE_KEY];
    uint8_t point[CARD_PUBLIC_KEY];
    uint8_t digest[CARD_DIGEST];
    uint8_t signature[CARD_SIGNATURE];
    bool good = card_make_key(&port, scalar, point) && numbers(NULL, digest, sizeof digest);
    const br_ec_private_key key = {BR_EC_secp256r1, scalar, sizeof scalar};
    begin();
    SIGN(&EC, &br_sha256_vtable, digest, &key, signature);
    send_cost(end());
    begin();
    good = good && card_sign(scalar, point, digest, signature);
    send_cost(end());
    send(good);
}

/* The line is asked, so that no interrupt comes while something is counted. */
void link_interrupt(void)
{
}

/* The clock is read, and interrupts nobody. */
void link_tick(void)
{
}

int main(void)
{
    uint8_t byte;
    const struct factory *page = (const struct factory *)(uintptr_t)FACTORY;
    memcpy(state, page->seed, sizeof state);
    uart_start();
    for (;;) {
        if (uart_take(&byte)) {
            measure();
        }
    }
}
