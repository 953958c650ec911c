/* SPDX-License-Identifier: Apache-2.0
 *
 * Single bits out of bytes and into them, the most significant first. Reading past the end gives
 * zeros, so that the loops of a decoder need no question a bit; bit_reader_finish asks it once.
 */
#ifndef CODEC_BITS_H
#define CODEC_BITS_H

#include "wire/bytes.h"

/* What one refill promises: that many bits may be looked at and taken before the next. */
#define BITS_REFILLED 56U

struct bit_reader {
    struct span bytes; /* points into the caller's input */
    size_t at;         /* bytes taken into the window, those past the end included */
    uint64_t window;   /* the next bits, from the top */
    unsigned valid;    /* how many of them count; what is below is what follows, or zero */
};

static inline struct bit_reader bit_reader_of(struct span bytes)
{
    return (struct bit_reader){bytes, 0, 0, 0};
}

static inline void bit_refill_last(struct bit_reader *b)
{
    while (b->valid < BITS_REFILLED) {
        uint64_t byte = b->at < b->bytes.len ? b->bytes.ptr[b->at] : 0;
        b->window |= byte << (BITS_REFILLED - b->valid);
        b->at++;
        b->valid += 8;
    }
}

static inline uint64_t bit_load(const uint8_t *p)
{
    return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 |
           (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
           (uint64_t)p[6] << 8 | p[7];
}

/* At least BITS_REFILLED bits become valid. */
static inline void bit_refill(struct bit_reader *b)
{
    if (b->at + sizeof b->window > b->bytes.len) {
        bit_refill_last(b);
        return;
    }
    b->window |= bit_load(b->bytes.ptr + b->at) >> b->valid;
    b->at += (63 - b->valid) / 8;
    b->valid |= BITS_REFILLED;
}

/* Drops `count` valid bits, 63 at most. */
static inline void bit_skip(struct bit_reader *b, unsigned count)
{
    b->window <<= count;
    b->valid -= count;
}

/* Begins at the bit of that number. */
static inline struct bit_reader bit_reader_at(struct span bytes, size_t bit)
{
    struct bit_reader b = {bytes, bit / 8, 0, 0};
    bit_refill(&b);
    bit_skip(&b, bit % 8);
    return b;
}

/* The next `count` valid bits as a number. */
static inline uint32_t bit_take(struct bit_reader *b, unsigned count)
{
    uint32_t value = (uint32_t)(b->window >> 32 >> (32 - count)); /* count may be 0; 32 at most */
    bit_skip(b, count);
    return value;
}

/* The zeros before the next one, 63 when there is none among the valid bits. */
static inline unsigned bit_zeros(const struct bit_reader *b)
{
    return (unsigned)__builtin_clzll(b->window | 1);
}

/* True when no bit came from past the end and those that fill the last byte are zeros; then the
 * bytes used are *ret_len. */
static inline bool bit_reader_finish(const struct bit_reader *b, size_t *ret_len)
{
    size_t used = b->at * 8 - b->valid;
    size_t len = (used + 7) / 8;
    unsigned fill = (unsigned)(len * 8 - used);
    if (len > b->bytes.len || (fill != 0 && (b->bytes.ptr[len - 1] & ((1U << fill) - 1)) != 0)) {
        return false;
    }
    *ret_len = len;
    return true;
}

struct bit_writer {
    struct writer *out;
    uint64_t bits; /* the low `held` bits wait for their byte */
    unsigned held; /* below 32 */
};

static inline struct bit_writer bit_writer_of(struct writer *out)
{
    return (struct bit_writer){out, 0, 0};
}

/* The low `count` bits of value, which has no others; count is 32 at most. */
static inline void bit_put(struct bit_writer *b, uint32_t value, unsigned count)
{
    b->bits = b->bits << count | value;
    b->held += count;
    if (b->held >= 32) {
        b->held -= 32;
        writer_be(b->out, b->bits >> b->held, 4);
    }
}

/* Fills the last byte with zeros. */
static inline void bit_writer_finish(struct bit_writer *b)
{
    size_t len = (b->held + 7) / 8;
    if (len != 0) {
        writer_be(b->out, b->bits << (len * 8 - b->held), len);
    }
    b->held = 0;
}

#endif
