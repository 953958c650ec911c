/* SPDX-License-Identifier: Apache-2.0
 *
 * Spans, a reader and a writer: the only way bytes are passed, taken apart and put together here.
 * Freestanding and without allocation, so that the card and the host share it.
 */
#ifndef WIRE_BYTES_H
#define WIRE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire/must_use.h"

/* Borrowed bytes. Whoever hands out a span says what it points into and until when. */
struct span {
    const uint8_t *ptr;
    size_t len;
};

static inline struct span span_of(const void *ptr, size_t len)
{
    return (struct span){(const uint8_t *)ptr, len};
}

/* The bytes of a NUL-terminated string, without the NUL. */
static inline struct span span_str(const char *text)
{
    return span_of(text, strlen(text));
}

/* Not for secrets: returns early. */
static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool span_starts_with(struct span s, struct span prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

/* Bytewise lexicographic order, a shorter span before the longer one it begins: <0, 0, >0. */
static inline int span_compare(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* Forgets `len` bytes in a way the compiler keeps. */
static inline void bytes_wipe(void *bytes, size_t len)
{
    volatile uint8_t *p = (volatile uint8_t *)bytes;
    while (len-- != 0) {
        *p++ = 0;
    }
}

/* Takes bytes from the front. Failure sticks: later reads give zeros and empty spans, so that a
 * decoder is a plain list of fields with one question at its end. */
struct reader {
    struct span rest; /* points into the caller's input */
    bool failed;
};

static inline struct reader reader_of(struct span input)
{
    return (struct reader){input, false};
}

static inline struct span reader_take(struct reader *r, size_t len)
{
    if (r->failed || len > r->rest.len) {
        r->failed = true;
        return (struct span){NULL, 0};
    }
    struct span taken = {r->rest.ptr, len};
    if (len != 0) {
        r->rest.ptr += len;
        r->rest.len -= len;
    }
    return taken;
}

/* An unsigned big-endian number of 1 to 8 bytes. */
static inline uint64_t reader_be(struct reader *r, size_t len)
{
    struct span s = reader_take(r, len);
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        value = value << 8 | s.ptr[i];
    }
    return value;
}

/* True when every read succeeded and nothing is left over. */
MUST_USE static inline bool reader_done(const struct reader *r)
{
    return !r->failed && r->rest.len == 0;
}

/* Fills the caller's buffer and goes on counting past its end, so that one dry run with cap 0 tells
 * the size needed. What it wrote counts only when writer_ok() holds. */
struct writer {
    uint8_t *ptr;
    size_t cap;
    size_t len;
};

static inline struct writer writer_of(void *buffer, size_t cap)
{
    return (struct writer){(uint8_t *)buffer, cap, 0};
}

MUST_USE static inline bool writer_ok(const struct writer *w)
{
    return w->len <= w->cap;
}

/* What was written; empty when it did not fit. */
static inline struct span writer_span(const struct writer *w)
{
    return writer_ok(w) ? span_of(w->ptr, w->len) : span_of(NULL, 0);
}

static inline void writer_put(struct writer *w, struct span s)
{
    if (w->len <= w->cap && s.len <= w->cap - w->len && s.len != 0) {
        memcpy(w->ptr + w->len, s.ptr, s.len);
    }
    w->len = s.len > SIZE_MAX - w->len ? SIZE_MAX : w->len + s.len;
}

/* The low `len` bytes of value, big-endian; len is 1 to 8. */
static inline void writer_be(struct writer *w, uint64_t value, size_t len)
{
    uint8_t be[8];
    for (size_t i = 0; i < len; i++) {
        be[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    }
    writer_put(w, span_of(be, len));
}

#endif
