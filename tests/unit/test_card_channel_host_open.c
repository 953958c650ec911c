/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of the secure channel while it opens: wrong keys, and cards and lines that lie
 * before there is a channel.
 */
#include "channel_scene.h"

#include <stdio.h>

/* ---- wrong keys ---- */

static void wrong_keys_cost_one_try(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 128; bit++) {
        master.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        line.count = 0;
        assert_int_equal(open_at(0x13), CARD_IO_WRONG_KEYS);
        expect_wiped();
        assert_int_equal(line.count, 1); /* INITIALIZE UPDATE, and nothing more */
        assert_int_equal(tries_left(), SCP03_TRIES - 1);
        master.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        open_good(0x13);
        assert_int_equal(line.count, 3);
        assert_int_equal(tries_left(), SCP03_TRIES);
    }
    assert_int_equal(host.native.waits, 0);
}

/* A station that has the wrong keys for good shuts the card. */
static void wrong_keys_are_not_tried_for_ever(void **state)
{
    (void)state;
    memcpy(master.bytes, CARD_SAMPLE_ISSUER_MASTER, CARD_SAMPLE_MASTER_BYTES);
    for (int i = 0; i < SCP03_TRIES; i++) {
        assert_int_equal(open_at(0x13), CARD_IO_WRONG_KEYS);
    }
    assert_int_equal(host.native.waited_in_all_ms, 185500);
    memcpy(master.bytes, CARD_SAMPLE_TRANSPORT_MASTER, CARD_SAMPLE_MASTER_BYTES);
    assert_int_equal(open_at(0x13), CARD_IO_SHUT);
    expect_wiped();
}

static void a_card_that_is_shut_says_so(void **state)
{
    (void)state;
    struct card_keys right = host.keys;
    for (int i = 0; i < SCP03_TRIES; i++) {
        host.keys.mac[0] ^= 0xFF;
        host_challenge(&host);
        assert_int_equal(host_authenticate(&host, 0x01), SW_AUTHENTICATION_FAILED);
        host.keys = right;
    }
    assert_int_equal(open_at(0x13), CARD_IO_SHUT);
    expect_wiped();
}

static void a_card_of_another_master_has_other_keys(void **state)
{
    (void)state;
    memcpy(master.bytes, CARD_SAMPLE_ISSUER_MASTER, CARD_SAMPLE_MASTER_BYTES);
    assert_int_equal(open_at(0x13), CARD_IO_WRONG_KEYS);
}

/* ---- lies while opening ---- */

static enum card_io_error open_after(uint8_t ins, const char *hex)
{
    lie_ins = ins;
    lie = hex;
    line.twist = tell_lie;
    host_select(&host);
    line.count = 0;
    enum card_io_error error = open_at(0x13);
    expect_wiped();
    return error;
}

#define SERIAL "00010203040506070809"
#define REST   "0001020304050607 0001020304050607"

static void a_challenge_must_be_one(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum card_io_error error;
    } lies[] = {
        {"", CARD_IO_NONSENSE},
        {"90", CARD_IO_NONSENSE},
        {"9000", CARD_IO_NONSENSE},
        {SERIAL "FF0320" REST "9000", CARD_IO_WRONG_KEYS},
        {SERIAL "FF0320" REST "00 9000", CARD_IO_NONSENSE},
        {SERIAL "FF0320" REST "000001 9000", CARD_IO_NONSENSE}, /* a counter, of other options */
        {SERIAL "FF0220" REST "9000", CARD_IO_NONSENSE},
        {SERIAL "FF0300" REST "9000", CARD_IO_NONSENSE},
        {SERIAL "FF0370" REST "9000", CARD_IO_NONSENSE},
        {SERIAL "000320" REST "9000", CARD_IO_NONSENSE},
        {SERIAL "2F0320" REST "9000", CARD_IO_NONSENSE},
        {SERIAL "300320" REST "9000", CARD_IO_WRONG_KEYS},
        {SERIAL "3F0320" REST "9000", CARD_IO_WRONG_KEYS},
        {SERIAL "400320" REST "9000", CARD_IO_NONSENSE},
        {"6300", CARD_IO_REFUSED},
        {"6581", CARD_IO_WORN},
        {"6982", CARD_IO_REFUSED},
        {"6983", CARD_IO_SHUT},
        {"6985", CARD_IO_REFUSED},
        {"6A88", CARD_IO_REFUSED},
        {"6D00", CARD_IO_REFUSED},
        {"6E00", CARD_IO_REFUSED},
        {"6F00", CARD_IO_REFUSED},
        {"0000", CARD_IO_REFUSED},
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        assert_int_equal(open_after(CARD_INS_INITIALIZE_UPDATE, lies[i].answer), lies[i].error);
        assert_int_equal(line.count, 1); /* no cryptogram of ours is shown to it */
    }
    for (size_t len = 0; len < 29; len++) {
        char hex[80] = SERIAL "FF0320"
                              "0001020304050607"
                              "0001020304050607";
        memcpy(hex + 2 * len, "9000", sizeof "9000");
        assert_int_equal(open_after(CARD_INS_INITIALIZE_UPDATE, hex), CARD_IO_NONSENSE);
    }
}

/* A flipped serial derives other keys; a flipped challenge or cryptogram does not fit. */
static void no_flipped_bit_of_the_challenge_opens(void **state)
{
    (void)state;
    lie_ins = CARD_INS_INITIALIZE_UPDATE;
    for (size_t bit = 0; bit < (size_t)31 * 8; bit++) {
        line.twist = flip;
        line.number = bit;
        line.count = 0;
        host_select(&host);
        enum card_io_error error = open_at(0x13);
        bool fields = (bit >= 80 && bit < 104) || bit >= 232;
        if (fields) { /* key version, protocol, options; status word */
            assert_int_not_equal(error, CARD_IO_OK);
        } else {
            assert_int_equal(error, CARD_IO_WRONG_KEYS);
        }
        expect_wiped();
        assert_true(line.count == 1 || bit >= 232); /* 61xx asks for more, which is not there */
        line.twist = NULL;
        assert_int_equal(tries_left(), SCP03_TRIES - 1);
        open_good(0x13); /* gives it back */
    }
}

/* An answer recorded from the genuine card does not fit another challenge. */
static void a_replayed_challenge_does_not_open(void **state)
{
    (void)state;
    char hex[80];
    assert_int_equal(card_channel_begin(&channel, &io, NULL), CARD_IO_OK);
    for (size_t i = 0; i < 31; i++) {
        snprintf(hex + 2 * i, 3, "%02x", line.waiting[i]);
    }
    assert_int_equal(open_after(CARD_INS_INITIALIZE_UPDATE, hex), CARD_IO_WRONG_KEYS);
    assert_int_equal(line.count, 1);
}

static void the_answer_to_our_cryptogram_is_9000(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum card_io_error error;
    } lies[] = {
        {"6300", CARD_IO_TAMPERED}, /* it has shown that it knows the keys */
        {"6983", CARD_IO_SHUT},        {"6581", CARD_IO_WORN},    {"6982", CARD_IO_REFUSED},
        {"6985", CARD_IO_REFUSED},     {"6700", CARD_IO_REFUSED}, {"6A86", CARD_IO_REFUSED},
        {"00 9000", CARD_IO_NONSENSE}, {"", CARD_IO_NONSENSE},    {"6110", CARD_IO_REFUSED},
        {"6C08", CARD_IO_NONSENSE},
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        assert_int_equal(open_after(CARD_INS_EXTERNAL_AUTHENTICATE, lies[i].answer), lies[i].error);
    }
    for (unsigned sw = 0x6000; sw < 0xA000; sw += 7) {
        char hex[5];
        snprintf(hex, sizeof hex, "%04X", sw);
        assert_int_not_equal(open_after(CARD_INS_EXTERNAL_AUTHENTICATE, hex), CARD_IO_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHANNEL_TEST(wrong_keys_cost_one_try),
        CHANNEL_TEST(wrong_keys_are_not_tried_for_ever),
        CHANNEL_TEST(a_card_that_is_shut_says_so),
        CHANNEL_TEST(a_card_of_another_master_has_other_keys),
        CHANNEL_TEST(a_challenge_must_be_one),
        CHANNEL_TEST(no_flipped_bit_of_the_challenge_opens),
        CHANNEL_TEST(a_replayed_challenge_does_not_open),
        CHANNEL_TEST(the_answer_to_our_cryptogram_is_9000),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
