/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of a secure channel that is open: lines that change, cut, repeat, invent and
 * swallow what the card says, and a card that goes.
 */
#include "channel_scene.h"

static struct card_host opened_host;
static struct card_channel opened;

/* ---- lies in the channel ---- */

/* The same open channel again, before the same card. */
static void rewind_to_open(void)
{
    host_copy(&host, &opened_host);
    channel = opened;
    line.twist = NULL;
    line.count = 0;
}

static void keep_open(uint8_t level)
{
    open_good(level);
    host_copy(&opened_host, &host);
    opened = channel;
}

static void no_flipped_bit_passes_the_response_mac(void **state)
{
    (void)state;
    static const uint8_t levels[] = {0x11, 0x13};
    for (size_t l = 0; l < COUNT_OF(levels); l++) {
        host_select(&host);
        keep_open(levels[l]);
        for (size_t bit = 0; bit < (size_t)(70 + 8 + 2) * 8; bit++) {
            rewind_to_open();
            lie_ins = CARD_INS_GENERATE;
            line.twist = flip;
            line.number = bit;
            enum card_io_error error = send(&generate);
            if (bit < (size_t)78 * 8) {
                assert_int_equal(error, CARD_IO_TAMPERED);
                expect_wiped();
            } else {
                assert_int_not_equal(error, CARD_IO_OK);
            }
        }
    }
}

/* Cut to `number` bytes of data. */
static size_t cut_short(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                        size_t cap)
{
    (void)command;
    (void)cap;
    memmove(bytes + l->number, bytes + len - 2, 2);
    return l->number + 2;
}

static size_t lengthen(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                       size_t cap)
{
    (void)command;
    if (l->number + len > cap) {
        return len;
    }
    memmove(bytes + len - 2 + l->number, bytes + len - 2, 2);
    memset(bytes + len - 2, 0xAA, l->number);
    return len + l->number;
}

static void no_shorter_and_no_longer_answer_passes(void **state)
{
    (void)state;
    keep_open(0x13);
    for (size_t len = 0; len < 78; len++) {
        rewind_to_open();
        line.twist = cut_short;
        line.number = len;
        assert_int_equal(send(&generate), CARD_IO_TAMPERED);
        expect_wiped();
    }
    for (size_t more = 1; more < 400; more++) {
        rewind_to_open();
        line.twist = lengthen;
        line.number = more;
        enum card_io_error error = send(&generate);
        assert_int_equal(error, 78 + more <= generate.ne ? CARD_IO_TAMPERED : CARD_IO_NONSENSE);
        expect_wiped();
    }
}

/* What was recorded: the answer to the command before, with its right MAC. */
static uint8_t recorded[CARD_MAX_RESPONSE];
static size_t recorded_len;

static size_t record(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                     size_t cap)
{
    (void)l;
    (void)command;
    (void)cap;
    memcpy(recorded, bytes, len);
    recorded_len = len;
    return len;
}

static size_t replay(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                     size_t cap)
{
    (void)l;
    (void)command;
    (void)len;
    (void)cap;
    memcpy(bytes, recorded, recorded_len);
    return recorded_len;
}

static void a_replayed_answer_does_not_pass(void **state)
{
    (void)state;
    open_good(0x13);
    line.twist = record;
    assert_int_equal(store(1), CARD_IO_OK);
    line.twist = replay;
    assert_int_equal(store(1), CARD_IO_TAMPERED);
    expect_wiped();
}

/* Success without the MAC that the level asks for; also warnings, and whatever is no failure. */
static void success_needs_its_mac(void **state)
{
    (void)state;
    static const char *const lies[] = {"9000", "6282",    "6300",
                                       "63C2", "00 9000", "0000000000000000 9000"};
    keep_open(0x13);
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        rewind_to_open();
        lie_ins = CARD_INS_GENERATE;
        lie = lies[i];
        line.twist = tell_lie;
        assert_int_equal(send(&generate), CARD_IO_TAMPERED);
        expect_wiped();
    }
}

static void failures_carry_no_data(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum card_io_error error;
        bool closes;
    } lies[] = {
        {"6985", CARD_IO_OK, false},         {"6A80", CARD_IO_OK, false},
        {"6982", CARD_IO_OK, true},          {"6988", CARD_IO_OK, true},
        {"00 6985", CARD_IO_NONSENSE, true}, {"0000000000000000 6A80", CARD_IO_NONSENSE, true},
        {"", CARD_IO_NONSENSE, true},        {"69", CARD_IO_NONSENSE, true},
    };
    keep_open(0x13);
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        rewind_to_open();
        lie_ins = CARD_INS_GENERATE;
        lie = lies[i].answer;
        line.twist = tell_lie;
        assert_int_equal(send(&generate), lies[i].error);
        assert_int_equal(channel.phase, lies[i].closes ? CARD_CHANNEL_CLOSED : CARD_CHANNEL_OPEN);
    }
}

static size_t tell_forever(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                           size_t cap)
{
    static const char *const parts[] = {"6110", "00 6110", "6100", "6C10"};
    (void)command;
    (void)len;
    return check_hex(parts[l->number], bytes, cap).len;
}

static void parts_must_come_to_an_end(void **state)
{
    (void)state;
    keep_open(0x13);
    for (size_t kind = 0; kind < 4; kind++) {
        rewind_to_open();
        line.twist = tell_forever;
        line.number = kind;
        enum card_io_error error = send(&generate);
        if (kind == 3) { /* once more, with another Le, and 6Cxx is no end */
            assert_int_equal(error, CARD_IO_OK);
            assert_int_equal(response.sw, 0x6C10);
        } else {
            assert_int_equal(error, CARD_IO_NONSENSE);
            expect_wiped();
        }
        assert_true(line.count <= CARD_COMMAND_MAX_RESPONSES + 2);
    }
}

/* The line answers in the card's place, which then has not seen the command: the next one does not
 * fit what the card has seen. */
static size_t swallow(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                      size_t cap)
{
    (void)command;
    (void)len;
    host_copy(l->host, &opened_host);
    return check_hex("6985", bytes, cap).len;
}

static void a_swallowed_command_ends_the_channel(void **state)
{
    (void)state;
    keep_open(0x13);
    line.twist = swallow;
    assert_int_equal(store(1), CARD_IO_OK);
    assert_int_equal(response.sw, SW_CONDITIONS);
    line.twist = NULL;
    assert_int_equal(store(2), CARD_IO_OK);
    assert_int_equal(response.sw, SW_SECURITY);
    expect_wiped();
    assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
    assert_int_equal(store_length(&host.card.store, STORE_FILE + 1), 0);
}

/* Both sides count the commands; a count that differs decrypts to noise, whatever the MAC says. */
static void a_wrong_counter_writes_nothing(void **state)
{
    (void)state;
    keep_open(0x13);
    for (unsigned i = 1; i < 64; i++) {
        rewind_to_open();
        channel.counter[15] = (uint8_t)(channel.counter[15] + i);
        assert_int_equal(store(1), CARD_IO_OK);
        assert_int_not_equal(response.sw, SW_OK); /* 6988, but for noise that looks padded */
        assert_int_equal(store_length(&host.card.store, STORE_FILE + 1), 0);
    }
}

/* Without a MAC over answers a lie passes: that is what levels 11 and 13 are for. */
static void levels_without_a_response_mac_believe_the_line(void **state)
{
    (void)state;
    keep_open(0x03);
    lie_ins = CARD_INS_GENERATE;
    lie = "AABB 9000";
    line.twist = tell_lie;
    assert_int_equal(send(&generate), CARD_IO_OK);
    assert_int_equal(response.data.len, 2);
    lie = "00 6A80";
    assert_int_equal(send(&generate), CARD_IO_NONSENSE);
}

/* ---- a card that goes ---- */

static enum card_io_error session(void)
{
    enum card_io_error error = open_at(0x13);
    for (uint8_t i = 0; error == CARD_IO_OK && i < 5; i++) {
        error = store(i);
    }
    return error == CARD_IO_OK ? send(&generate) : error;
}

static void a_card_may_go_at_any_moment(void **state)
{
    (void)state;
    static const enum card_io_error errors[] = {CARD_IO_REMOVED, CARD_IO_MUTE,
                                                CARD_IO_RESET,   CARD_IO_NO_SERVICE,
                                                CARD_IO_FAILED,  CARD_IO_NONSENSE};
    line.part = 32;
    assert_int_equal(session(), CARD_IO_OK);
    unsigned commands = line.count;
    assert_int_equal(commands, 2 + 5 + 1 + 2);
    for (size_t e = 0; e < COUNT_OF(errors); e++) {
        for (unsigned at = 1; at <= commands; at++) {
            host_restart(&host);
            host_select(&host);
            line.count = 0;
            line.fail_at = at;
            line.failure = errors[e];
            assert_int_equal(session(), errors[e]);
            expect_wiped();
            assert_int_equal(line.count, at);
        }
    }
    assert_int_equal(tries_left(), SCP03_TRIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHANNEL_TEST(no_flipped_bit_passes_the_response_mac),
        CHANNEL_TEST(no_shorter_and_no_longer_answer_passes),
        CHANNEL_TEST(a_replayed_answer_does_not_pass),
        CHANNEL_TEST(success_needs_its_mac),
        CHANNEL_TEST(failures_carry_no_data),
        CHANNEL_TEST(parts_must_come_to_an_end),
        CHANNEL_TEST(a_swallowed_command_ends_the_channel),
        CHANNEL_TEST(a_wrong_counter_writes_nothing),
        CHANNEL_TEST(levels_without_a_response_mac_believe_the_line),
        CHANNEL_TEST(a_card_may_go_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
