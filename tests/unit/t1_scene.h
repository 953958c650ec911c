/* SPDX-License-Identifier: Apache-2.0
 *
 * A card's T=1 with a room of 700 bytes, and blocks for it in hexadecimal: for tests of one file
 * each.
 */
#ifndef TESTS_T1_SCENE_H
#define TESTS_T1_SCENE_H

#include "check.h"
#include "link/t1.h"

enum { ROOM = 700 };

static struct t1 t1;
static uint8_t room[ROOM];
static uint8_t answer[T1_MAX_BLOCK];
static size_t answer_len;
static enum t1_event event;

static inline int make(void **state)
{
    (void)state;
    memset(room, 0xAA, sizeof room);
    t1_start(&t1, room, sizeof room);
    return 0;
}

static inline uint8_t lrc(const uint8_t *bytes, size_t len)
{
    uint8_t x = 0;
    for (size_t i = 0; i < len; i++) {
        x ^= bytes[i];
    }
    return x;
}

static inline enum t1_event take(struct span block)
{
    uint8_t *copy = check_heap_copy(block);
    event = t1_take(&t1, span_of(copy, block.len));
    free(copy);
    if (event == T1_ANSWER) {
        answer_len = t1_write(&t1, answer);
    }
    return event;
}

/* A block without its LRC, in hexadecimal. */
static inline enum t1_event send(const char *hex)
{
    uint8_t block[T1_MAX_BLOCK + 1];
    size_t len = check_hex(hex, block, T1_MAX_BLOCK).len;
    block[len] = lrc(block, len);
    return take(span_of(block, len + 1));
}

static inline void expect(const char *hex)
{
    uint8_t wanted[T1_MAX_BLOCK + 1];
    size_t len = check_hex(hex, wanted, T1_MAX_BLOCK).len;
    wanted[len] = lrc(wanted, len);
    assert_int_equal(event, T1_ANSWER);
    check_bytes(span_of(answer, answer_len), span_of(wanted, len + 1));
}

static inline void expect_command(const char *hex)
{
    uint8_t wanted[ROOM];
    assert_int_equal(event, T1_COMMAND);
    check_bytes(span_of(t1.room, t1.len), check_hex(hex, wanted, sizeof wanted));
}

static inline void respond(const char *hex)
{
    t1_respond(&t1, check_hex(hex, room, sizeof room).len);
    answer_len = t1_write(&t1, answer);
    event = T1_ANSWER;
}

static inline void pair(const char *block, const char *wanted)
{
    send(block);
    expect(wanted);
}

static inline struct span part(uint8_t ns, bool more, struct span inf, uint8_t *block)
{
    block[0] = 0;
    block[1] = (uint8_t)(ns << 6 | (more ? 0x20 : 0));
    block[2] = (uint8_t)inf.len;
    memcpy(block + 3, inf.ptr, inf.len);
    block[3 + inf.len] = lrc(block, 3 + inf.len);
    return span_of(block, 4 + inf.len);
}

#endif
