/* SPDX-License-Identifier: Apache-2.0
 *
 * Base45 (RFC 9285 §4): two bytes are three characters, a last single byte is two; least digit
 * first.
 */
#include "codec/base45.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

#define BASE        45U
#define NOT_A_DIGIT 0xFFU

/* The digit of each character from ' ' (20) to 'Z' (5A). */
static const uint8_t digit_of[] = {
    36,   0xFF, 0xFF, 0xFF, 37, 38, 0xFF, 0xFF, 0xFF, 0xFF, 39, 40, 0xFF, 41,   42,
    43,   0,    1,    2,    3,  4,  5,    6,    7,    8,    9,  44, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 10,   11, 12, 13,   14,   15,   16,   17, 18, 19,   20,   21,
    22,   23,   24,   25,   26, 27, 28,   29,   30,   31,   32, 33, 34,   35,
};

static unsigned digit(uint8_t character)
{
    unsigned index = (unsigned)character - ' ';
    return index < sizeof digit_of ? digit_of[index] : NOT_A_DIGIT;
}

/* One group of 2 or 3 characters; false when it is no number below 256 or 65,536. */
static bool decode_group(const uint8_t *group, size_t len, uint32_t *ret_value)
{
    uint32_t value = 0;
    for (size_t i = len; i-- > 0;) {
        unsigned d = digit(group[i]);
        if (d == NOT_A_DIGIT) {
            return false;
        }
        value = value * BASE + d;
    }
    *ret_value = value;
    return value <= (len == 3 ? UINT16_MAX : UINT8_MAX);
}

bool base45_decode(struct span text, struct writer *w)
{
    if (text.len % 3 == 1) {
        return false;
    }
    for (size_t at = 0; at < text.len; at += 3) {
        size_t len = text.len - at < 3 ? 2 : 3;
        uint32_t value;
        if (!decode_group(text.ptr + at, len, &value)) {
            return false;
        }
        writer_be(w, value, len - 1);
    }
    return writer_ok(w);
}

void base45_encode(struct span bytes, struct writer *w)
{
    for (size_t at = 0; at < bytes.len; at += 2) {
        bool pair = bytes.len - at >= 2;
        uint32_t value = pair ? (uint32_t)bytes.ptr[at] << 8 | bytes.ptr[at + 1] : bytes.ptr[at];
        char group[3];
        for (size_t i = 0; i < 3; i++) {
            group[i] = alphabet[value % BASE];
            value /= BASE;
        }
        writer_put(w, span_of(group, pair ? 3 : 2));
    }
}
