/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the host's side of the secure channel share: a native card, a line to it, a
 * channel over that, and a liar in between. For tests of one file each.
 */
#ifndef TESTS_CHANNEL_SCENE_H
#define TESTS_CHANNEL_SCENE_H

#include "card_line.h"
#include "devices/card_channel.h"
#include "wire/card_sample.h"

static struct card_host host;
static struct card_line line;
static struct card_channel channel;
static struct card_io io;
static struct card_traffic traffic;
static struct card_key_master master;
static uint8_t room[CARD_APP_MAX_NE + SCP03_MAC + 2];
static struct apdu_response response; /* points into it */

static inline int make(void **state)
{
    (void)state;
    host_make(&host, 1);
    host_select(&host);
    line = (struct card_line){.host = &host};
    io = card_line_io(&line);
    traffic = (struct card_traffic){0};
    master = (struct card_key_master){.len = CARD_SAMPLE_MASTER_BYTES};
    memcpy(master.bytes, CARD_SAMPLE_TRANSPORT_MASTER, CARD_SAMPLE_MASTER_BYTES);
    return 0;
}

static inline int close_channel(void **state)
{
    (void)state;
    card_channel_close(&channel);
    return host.native.broke_a_rule ? -1 : 0;
}

static inline void expect_wiped(void)
{
    const uint8_t *bytes = (const uint8_t *)&channel;
    for (size_t i = 0; i < sizeof channel; i++) {
        assert_int_equal(bytes[i], 0);
    }
}

static inline enum card_io_error open_at(uint8_t level)
{
    struct card_key_set keys;
    return card_channel_open(&channel, &io, &traffic, &master, &master, level, &keys);
}

static inline void open_good(uint8_t level)
{
    assert_int_equal(open_at(level), CARD_IO_OK);
    assert_int_equal(channel.phase, CARD_CHANNEL_OPEN);
}

static inline enum card_io_error send(const struct apdu *command)
{
    return card_channel_send(&channel, command, room, sizeof room, &response);
}

static const struct apdu generate = {.ins = CARD_INS_GENERATE, .ne = 200};

/* A file of one byte. */
static inline enum card_io_error store(uint8_t byte)
{
    const uint8_t data[] = {0xE1, 0x10, 0x00, 0x01, byte};
    return send(&(struct apdu){
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .p1 = 0x80, .data = span_of(data, sizeof data)});
}

/* Challenges that the card answers before it is shut. */
static inline uint8_t tries_left(void)
{
    uint8_t tries = SCP03_TRIES;
    if (store_length(&host.card.store, STORE_TRIES) != 0) {
        assert_true(store_read(&host.card.store, STORE_TRIES, 0, &tries, 1));
    }
    return tries;
}

/* ---- lies ---- */

static const char *lie; /* in hexadecimal */
static uint8_t lie_ins;

/* Answers a command of lie_ins in the card's place. */
static inline size_t tell_lie(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                              size_t cap)
{
    (void)l;
    return command.ptr[1] == lie_ins ? check_hex(lie, bytes, cap).len : len;
}

/* Flips bit `number` of the answer to such a command. */
static inline size_t flip(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                          size_t cap)
{
    (void)cap;
    if (command.ptr[1] == lie_ins && l->number / 8 < len) {
        bytes[l->number / 8] ^= (uint8_t)(1U << l->number % 8);
    }
    return len;
}

#define CHANNEL_TEST(f) cmocka_unit_test_setup_teardown(f, make, close_channel)

#endif
