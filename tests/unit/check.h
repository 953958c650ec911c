/* SPDX-License-Identifier: Apache-2.0
 *
 * What the unit tests share: cmocka with the headers it wants first, damaged copies of valid input,
 * hex, and numbers that look random and are the same in every run.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "wire/bytes.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Whether the tests that can take long are to: only SAKSI_LONG=1 says so. */
static inline bool check_is_long(void)
{
    const char *asked = getenv("SAKSI_LONG");
    return asked != NULL && strcmp(asked, "1") == 0;
}

/* A copy in a heap block of exactly that size, so that a sanitizer sees the first byte read past
 * it. */
static inline uint8_t *check_heap_copy(struct span s)
{
    uint8_t *copy = malloc(s.len == 0 ? 1 : s.len);
    assert_non_null(copy);
    if (s.len != 0) {
        memcpy(copy, s.ptr, s.len);
    }
    return copy;
}

/* Shows the visitor every proper prefix of `valid`, the empty one first, each in a block of its
 * own. */
static inline void check_prefixes(struct span valid,
                                  void (*visit)(struct span prefix, void *context), void *context)
{
    for (size_t len = 0; len < valid.len; len++) {
        uint8_t *copy = check_heap_copy(span_of(valid.ptr, len));
        visit(span_of(copy, len), context);
        free(copy);
    }
}

/* Shows the visitor `valid` with each bit flipped in turn. */
static inline void check_bit_flips(struct span valid,
                                   void (*visit)(struct span flipped, void *context), void *context)
{
    uint8_t *copy = check_heap_copy(valid);
    for (size_t bit = 0; bit < valid.len * 8; bit++) {
        uint8_t mask = (uint8_t)(1U << bit % 8);
        copy[bit / 8] ^= mask;
        visit(span_of(copy, valid.len), context);
        copy[bit / 8] ^= mask;
    }
    free(copy);
}

static inline void check_bytes(struct span got, struct span wanted)
{
    assert_int_equal(got.len, wanted.len);
    if (got.len != 0) {
        assert_memory_equal(got.ptr, wanted.ptr, got.len);
    }
}

static inline int check_hex_digit(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* The bytes of hexadecimal text, blanks ignored; they stand in `room`. */
static inline struct span check_hex(const char *text, uint8_t *room, size_t cap)
{
    size_t digits = 0;
    for (; *text != '\0'; text++) {
        int digit = check_hex_digit(*text);
        if (digit < 0) {
            assert_true(*text == ' ' || *text == '\n');
            continue;
        }
        assert_true(digits / 2 < cap);
        room[digits / 2] = (uint8_t)(digits % 2 == 0 ? digit << 4 : room[digits / 2] | digit);
        digits++;
    }
    assert_int_equal(digits % 2, 0);
    return span_of(room, digits / 2);
}

/* The next number of a fixed sequence (splitmix64); start with any *state. */
static inline uint64_t check_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static inline void check_random_bytes(uint64_t *state, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)check_random(state);
    }
}

#endif
