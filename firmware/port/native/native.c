/* SPDX-License-Identifier: Apache-2.0
 *
 * A model of NOR flash: programming clears bits of a granule that was erased, erasing sets all bits
 * of a page, and a loss of power leaves any part of either undone. After it nothing answers.
 */
#include "native.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "card/crypto.h"
#include "wire/card_kdf.h"
#include "wire/card_sample.h"

static uint64_t next_random(struct native *native) /* splitmix64 */
{
    uint64_t z = native->random_state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

/* Which bits of the i-th byte of an operation take their new value although the power goes. */
static uint8_t done_bits(struct native *native, size_t i, size_t stop_bit)
{
    uint64_t random = next_random(native);
    uint8_t a = (uint8_t)random;
    uint8_t few = (uint8_t)(a & random >> 8 & random >> 16);
    switch (native->cut) {
    case NATIVE_CUT_NONE:
        return 0;
    case NATIVE_CUT_ALL:
        return 0xFF;
    case NATIVE_CUT_FEW:
        return few;
    case NATIVE_CUT_MOST:
        return (uint8_t)~few;
    case NATIVE_CUT_FIRST:
        if (i != stop_bit / 8) {
            return i < stop_bit / 8 ? 0xFF : 0;
        }
        return (uint8_t)((1U << stop_bit % 8) - 1);
    case NATIVE_CUT_HALF:
    default:
        return a;
    }
}

/* Brings `len` bytes of flash to `wanted` (all set when NULL), or some bits of them when this is
 * the operation in which the power goes. */
static bool change(struct native *native, uint32_t at, const uint8_t *wanted, size_t len)
{
    bool cut = native->cut_after == 0;
    size_t stop_bit = cut ? (size_t)(next_random(native) % (len * 8)) : 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t done = cut ? done_bits(native, i, stop_bit) : 0xFF;
        uint8_t to = wanted == NULL ? 0xFF : wanted[i];
        uint8_t *cell = &native->flash[at + i];
        *cell = (uint8_t)((*cell & ~done) | (to & done));
    }
    native->operations++;
    native->powered = !cut;
    if (native->cut_after != UINT64_MAX) {
        native->cut_after--;
    }
    return !cut;
}

static bool flash_read(void *context, uint32_t at, uint8_t *bytes, size_t len)
{
    struct native *native = context;
    if (!native->powered) {
        return false;
    }
    if (at > 2 * native->area_bytes || len > 2 * native->area_bytes - at) {
        native->broke_a_rule = true;
        return false;
    }
    memcpy(bytes, native->flash + at, len);
    return true;
}

static bool is_erased(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0xFF) {
            return false;
        }
    }
    return true;
}

static bool flash_program(void *context, uint32_t at, const uint8_t granule[FLASH_GRANULE])
{
    struct native *native = context;
    if (!native->powered) {
        return false;
    }
    if (at % FLASH_GRANULE != 0 || at >= 2 * native->area_bytes ||
        !is_erased(native->flash + at, FLASH_GRANULE)) {
        native->broke_a_rule = true;
        return false;
    }
    return native->deaf || change(native, at, granule, FLASH_GRANULE);
}

static bool flash_erase(void *context, uint32_t at)
{
    struct native *native = context;
    if (!native->powered) {
        return false;
    }
    if (at % native->page_bytes != 0 || at >= 2 * native->area_bytes) {
        native->broke_a_rule = true;
        return false;
    }
    return change(native, at, NULL, native->page_bytes);
}

static bool random_bytes(void *context, uint8_t *bytes, size_t len)
{
    struct native *native = context;
    if (native->random_fails) {
        return false;
    }
    if (native->random_is_real) {
        return getrandom(bytes, len, 0) == (ssize_t)len;
    }
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)next_random(native);
    }
    return true;
}

static bool serial(void *context, uint8_t bytes[CARD_SERIAL_BYTES])
{
    const struct native *native = context;
    memcpy(bytes, native->serial, CARD_SERIAL_BYTES);
    return true;
}

static bool transport_keys(void *context, struct card_keys *keys)
{
    const struct native *native = context;
    *keys = native->transport_keys;
    return true;
}

static bool wait_ms(void *context, uint32_t ms)
{
    struct native *native = context;
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    if (!native->powered || native->wait_fails) {
        return false;
    }
    native->waits++;
    native->waited_ms = ms;
    native->waited_in_all_ms += ms;
    while (native->wait_is_real && nanosleep(&left, &left) != 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

_Static_assert((int)NATIVE_KEY_BYTES == (int)CARD_SAMPLE_MASTER_BYTES, "one block each");
_Static_assert((int)CARD_SERIAL_BYTES == (int)SCP03_DIVERSIFICATION, "keys are made of the serial");

static void make_key(struct native *native, enum card_kdf_key kind, uint8_t *key)
{
    uint8_t input[CARD_KDF_INPUT];
    card_kdf_input(kind, native->serial, native->transport_keys.version, 1, NATIVE_KEY_BYTES,
                   input);
    const struct span part = span_of(input, sizeof input);
    card_cmac(span_of(CARD_SAMPLE_TRANSPORT_MASTER, CARD_SAMPLE_MASTER_BYTES), &part, 1, key);
}

static void make_identity(struct native *native)
{
    for (size_t i = 0; i < CARD_SERIAL_BYTES; i++) {
        native->serial[i] = (uint8_t)next_random(native);
    }
    native->transport_keys.version = SCP03_TRANSPORT_VERSION;
    native->transport_keys.key_bytes = NATIVE_KEY_BYTES;
    make_key(native, CARD_KDF_ENC, native->transport_keys.enc);
    make_key(native, CARD_KDF_MAC, native->transport_keys.mac);
    make_key(native, CARD_KDF_DEK, native->transport_keys.dek);
}

void native_make(struct native *native, uint64_t seed)
{
    memset(native, 0, sizeof *native);
    memset(native->flash, 0xFF, sizeof native->flash);
    native->random_state = seed;
    make_identity(native);
    native_power_up(native);
    native->port = (struct card_port){.context = native,
                                      .flash_read = flash_read,
                                      .flash_program = flash_program,
                                      .flash_erase = flash_erase,
                                      .random = random_bytes,
                                      .serial = serial,
                                      .transport_keys = transport_keys,
                                      .wait = wait_ms};
    native_resize(native, NATIVE_PAGE, NATIVE_AREA);
}

void native_make_real(struct native *native)
{
    native->random_is_real = true;
    native->wait_is_real = true;
}

void native_resize(struct native *native, uint32_t page_bytes, uint32_t area_bytes)
{
    native->page_bytes = native->port.page_bytes = page_bytes;
    native->area_bytes = native->port.area_bytes = area_bytes;
}

void native_cut_after(struct native *native, uint64_t operations, enum native_cut cut)
{
    native->cut_after = operations;
    native->cut = cut;
}

void native_copy(struct native *to, const struct native *from)
{
    /* only as much flash as this card has: experiments come by the hundred thousand */
    memcpy(to, from, offsetof(struct native, flash) + (size_t)2 * from->area_bytes);
    to->port.context = to;
}

void native_power_up(struct native *native)
{
    native->powered = true;
    native->cut_after = UINT64_MAX;
}
