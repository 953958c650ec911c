/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of the secure channel: by published values, and with native cards that do what
 * they should.
 */
#include "channel_scene.h"
#include "scp03_known.h"

#include <stdio.h>

#include "base/crypto_aes.h"

/* ---- by published values ---- */

static struct {
    const char *wanted, *answer; /* the one command that may come, and what it is answered */
    unsigned count;
} script;

static enum card_io_error play(void *ctx, struct span command, uint8_t *bytes, size_t cap,
                               size_t *ret_len)
{
    uint8_t wanted[64];
    struct apdu sent, listed;
    (void)ctx;
    /* Le is of no account: it is not under the MAC, and this host asks for what there is */
    assert_true(apdu_read(command, &sent));
    assert_true(apdu_read(check_hex(script.wanted, wanted, sizeof wanted), &listed));
    assert_int_equal(sent.cla, listed.cla);
    assert_int_equal(sent.ins, listed.ins);
    assert_int_equal(sent.p1, listed.p1);
    assert_int_equal(sent.p2, listed.p2);
    check_bytes(sent.data, listed.data);
    *ret_len = check_hex(script.answer, bytes, cap).len;
    script.count++;
    return CARD_IO_OK;
}

static void expect_sent(const struct scp03_known *known, size_t i)
{
    uint8_t plain[64], wanted[64];
    char answer[128];
    struct apdu command;
    bool answered = i == 0;
    bool has_mac = (known->level & SCP03_LEVEL_R_MAC) != 0;
    assert_true(apdu_read(check_hex(known->command[i].plain, plain, sizeof plain), &command));
    script.wanted = known->command[i].wrapped;
    snprintf(answer, sizeof answer, "%s9000", answered ? known->answer : "");
    script.answer = answered || !has_mac ? answer : "6A88"; /* no other answer was recorded */
    assert_int_equal(send(&command), CARD_IO_OK);
    if (answered) {
        assert_int_equal(response.sw, SW_OK);
        check_bytes(response.data,
                    span_of(check_hex(known->answer, wanted, sizeof wanted).ptr, 21));
    }
}

static void sessions_have_the_values_of_other_cards(void **state)
{
    (void)state;
    const struct card_io other = {.transmit = play};
    for (size_t i = 0; i < COUNT_OF(scp03_known); i++) {
        const struct scp03_known *known = &scp03_known[i];
        struct card_key_set keys = {.version = 0x30, .len = (uint8_t)known->key_len};
        check_hex(known->enc, keys.enc, sizeof keys.enc);
        check_hex(known->mac, keys.mac, sizeof keys.mac);
        channel = (struct card_channel){.io = &other, .phase = CARD_CHANNEL_CHALLENGED};
        check_hex(known->host_challenge, channel.context, 8);
        check_hex(known->card_challenge, channel.context + 8, 8);
        check_hex(known->card_cryptogram, channel.card_cryptogram, 8);
        script.count = 0;
        script.wanted = known->authenticate;
        script.answer = "9000";
        assert_int_equal(card_channel_finish(&channel, &keys, known->level), CARD_IO_OK);
        for (size_t c = 0; c < COUNT_OF(known->command); c++) {
            expect_sent(known, c);
        }
        assert_int_equal(script.count, 6);
    }
}

/* Two libraries, one result. */
static void the_card_and_the_host_compute_the_same(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (size_t len = 0; len < 160; len++) {
        uint8_t key[32], bytes[160], mac[2][16], both[2][160], iv[2][16];
        check_random_bytes(&seed, key, sizeof key);
        check_random_bytes(&seed, bytes, sizeof bytes);
        struct span k = span_of(key, len % 2 == 0 ? 16 : 32);
        struct span part = span_of(bytes, len);
        card_cmac(k, &part, 1, mac[0]);
        assert_int_equal(crypto_cmac(k, &part, 1, mac[1]), CRYPTO_OK);
        assert_memory_equal(mac[0], mac[1], 16);
        memcpy(both[0], bytes, sizeof bytes);
        memcpy(both[1], bytes, sizeof bytes);
        memcpy(iv[0], mac[0], 16);
        memcpy(iv[1], mac[0], 16);
        card_cbc_encrypt(k, iv[0], both[0], len / 16 * 16);
        assert_int_equal(crypto_cbc_encrypt(k, iv[1], both[1], len / 16 * 16), CRYPTO_OK);
        assert_memory_equal(both[0], both[1], sizeof bytes);
    }
}

/* ---- native cards ---- */

static void the_sample_master_opens_any_native_card(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 120; seed++) {
        host_make(&host, seed);
        host_select(&host);
        open_good(0x13);
        assert_memory_equal(channel.serial, host.native.serial, sizeof channel.serial);
        assert_int_equal(channel.version, SCP03_TRANSPORT_VERSION);
        assert_int_equal(send(&generate), CARD_IO_OK);
        assert_int_equal(response.sw, SW_OK);
    }
}

static void expect_works(uint8_t level, uint8_t key_len)
{
    uint8_t file[2];
    open_good(level);
    assert_int_equal(channel.level, level);
    assert_int_equal(channel.key_len, key_len);
    assert_int_equal(send(&generate), CARD_IO_OK);
    assert_int_equal(response.sw, SW_OK);
    assert_int_equal(response.data.len, 70);
    assert_int_equal(store(level), CARD_IO_OK);
    assert_int_equal(response.sw, SW_OK);
    assert_int_equal(response.data.len, 0);
    assert_int_equal(host_read(&host, CARD_APP_CREDENTIAL, file, 256), 1);
    assert_int_equal(file[0], level);
}

static void every_level_works_with_keys_of_both_lengths(void **state)
{
    (void)state;
    static const uint8_t levels[] = {0x01, 0x03, 0x11, 0x13};
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        expect_works(levels[i], 16);
    }
    struct card_key_set keys = {.version = 0x31, .len = 32};
    host_open(&host, 0x03);
    assert_int_equal(host_put_keys(&host, 0x31, 32, 4), SW_OK);
    memcpy(keys.enc, host.keys.enc, 32);
    memcpy(keys.mac, host.keys.mac, 32);
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        host_select(&host);
        assert_int_equal(card_channel_begin(&channel, &io, NULL), CARD_IO_OK);
        assert_int_equal(channel.version, 0x31);
        assert_int_equal(card_channel_finish(&channel, &keys, levels[i]), CARD_IO_OK);
        assert_int_equal(store(levels[i]), CARD_IO_OK);
        assert_int_equal(response.sw, SW_OK);
    }
}

static void there_is_no_other_level(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 256; level++) {
        if (level != 0x01 && level != 0x03 && level != 0x11 && level != 0x13) {
            assert_int_equal(open_at((uint8_t)level), CARD_IO_SYSTEM);
            expect_wiped();
        }
    }
    assert_int_equal(line.count, 0);                            /* the card was not asked */
    for (unsigned level = 0; level < SCP03_TRIES; level += 2) { /* nor is it answered */
        const struct card_key_set keys = {.len = 16};
        assert_int_equal(card_channel_begin(&channel, &io, NULL), CARD_IO_OK);
        assert_int_equal(card_channel_finish(&channel, &keys, (uint8_t)level), CARD_IO_SYSTEM);
        expect_wiped();
    }
    assert_int_equal(line.count, SCP03_TRIES / 2);
}

/* The counter of a session has more than one byte, on both sides. */
static void a_session_is_long(void **state)
{
    (void)state;
    open_good(0x13);
    for (unsigned i = 0; i < 600; i++) {
        assert_int_equal(store((uint8_t)i), CARD_IO_OK);
        assert_int_equal(response.sw, SW_OK);
    }
    assert_int_equal(channel.counter[14], 600 >> 8);
    assert_int_equal(traffic.commands, line.count);
}

static bool line_saw;
static uint8_t secret[16], ciphers[2][64];
static size_t cipher_count;

static size_t look(struct card_line *l, struct span command, uint8_t *bytes, size_t len, size_t cap)
{
    (void)l;
    (void)bytes;
    (void)cap;
    for (size_t i = 0; i + sizeof secret <= command.len; i++) {
        line_saw = line_saw || memcmp(command.ptr + i, secret, sizeof secret) == 0;
    }
    if (cipher_count < 2 && command.ptr[1] == CARD_INS_STORE_DATA) {
        memcpy(ciphers[cipher_count++], command.ptr + 5, 16);
    }
    return len;
}

static void what_is_encrypted_is_not_seen_on_the_line(void **state)
{
    (void)state;
    static const uint8_t levels[] = {0x01, 0x11, 0x03, 0x13};
    uint64_t seed = 8;
    check_random_bytes(&seed, secret, sizeof secret);
    const struct apdu command = {
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .data = span_of(secret, sizeof secret)};
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        open_good(levels[i]);
        line.twist = look;
        line_saw = false;
        cipher_count = 0;
        assert_int_equal(send(&command), CARD_IO_OK);
        assert_int_equal(response.sw, SW_NOT_FOUND);  /* no such file */
        assert_int_equal(send(&command), CARD_IO_OK); /* the same is another one */
        assert_int_equal(memcmp(ciphers[0], ciphers[1], 16) == 0, i < 2);
        assert_int_equal(line_saw, i < 2);
        line.twist = NULL;
        host_select(&host);
    }
}

static void a_refusal_leaves_the_channel_open(void **state)
{
    (void)state;
    open_good(0x13);
    const struct apdu no_status = {.cla = 0x80, .ins = CARD_INS_SET_STATUS, .p1 = 0x80, .p2 = 0x0F};
    assert_int_equal(send(&no_status), CARD_IO_OK);
    assert_int_equal(response.sw, SW_CONDITIONS);
    assert_int_equal(response.data.len, 0);
    assert_int_equal(store(1), CARD_IO_OK);
    assert_int_equal(response.sw, SW_OK);
    host_select(&host); /* ends the card's side */
    assert_int_equal(store(2), CARD_IO_OK);
    assert_int_equal(response.sw, SW_SECURITY);
    expect_wiped();
    assert_int_equal(store(3), CARD_IO_REFUSED);
}

static void a_closed_channel_sends_nothing(void **state)
{
    (void)state;
    card_channel_close(&channel);
    assert_int_equal(store(1), CARD_IO_REFUSED);
    assert_int_equal(card_channel_begin(&channel, &io, &traffic), CARD_IO_OK);
    assert_int_equal(store(1), CARD_IO_REFUSED); /* nor one that was not finished */
    expect_wiped();
    struct card_key_set keys = {.len = 16};
    assert_int_equal(card_channel_finish(&channel, &keys, 0x01), CARD_IO_SYSTEM);
    open_good(0x13);
    static const uint8_t much[CARD_APP_MAX_NC + 1];
    assert_int_equal(send(&(struct apdu){.data = span_of(much, sizeof much)}), CARD_IO_SYSTEM);
    expect_wiped();
    assert_int_equal(line.count, 3);
}

static void long_commands_and_answers_pass(void **state)
{
    (void)state;
    static uint8_t data[CARD_APP_MAX_NC] = {0xE1, 0x03, 0x08, 0x00};
    static uint8_t file[CARD_APP_MAX_PHOTO];
    uint64_t seed = 3;
    check_random_bytes(&seed, data + 4, sizeof data - 4);
    for (int sending = 0; sending < 4; sending++) {
        static const size_t parts[] = {0, 100, 255, 256};
        static const uint8_t more[] = {1, 2, 3, 4};
        host_select(&host);
        open_good(0x13);
        line.part = parts[sending];
        struct apdu block = {
            .cla = 0x80, .ins = CARD_INS_STORE_DATA, .data = span_of(data, sizeof data)};
        assert_int_equal(send(&block), CARD_IO_OK);
        assert_int_equal(response.sw, SW_OK);
        block = (struct apdu){.cla = 0x80,
                              .ins = CARD_INS_STORE_DATA,
                              .p1 = 0x80,
                              .p2 = 1,
                              .data = span_of(more, sizeof more)};
        assert_int_equal(send(&block), CARD_IO_OK);
        assert_int_equal(response.sw, SW_OK);
        assert_int_equal(host_read(&host, CARD_APP_PHOTO, file, 2048), 2048);
        assert_memory_equal(file, data + 4, sizeof data - 4);
        /* the card counts what is asked for without the MAC, which is the rest */
        const struct apdu read = {.ins = CARD_INS_READ_BINARY, .p1 = 0x83, .ne = 2048};
        assert_int_equal(send(&read), CARD_IO_OK);
        assert_int_equal(response.sw, SW_OK);
        assert_memory_equal(response.data.ptr, file, 2048);
        assert_int_equal(response.data.len, 2048);
    }
}

/* A reader without extended lengths: the card has not seen the command, and takes the next one. */
static void a_command_that_was_too_long_for_the_reader_is_forgotten(void **state)
{
    (void)state;
    static const uint8_t data[CARD_APP_MAX_NC] = {0xE1, 0x03, 0x08, 0x00};
    const struct apdu block = {
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .data = span_of(data, sizeof data)};
    line.short_only = true;
    open_good(0x13);
    assert_int_equal(store(1), CARD_IO_OK);
    assert_int_equal(send(&block), CARD_IO_OK);
    assert_int_equal(response.sw, SW_WRONG_LENGTH);
    assert_int_equal(store(2), CARD_IO_OK);
    assert_int_equal(response.sw, SW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHANNEL_TEST(sessions_have_the_values_of_other_cards),
        CHANNEL_TEST(the_card_and_the_host_compute_the_same),
        CHANNEL_TEST(the_sample_master_opens_any_native_card),
        CHANNEL_TEST(every_level_works_with_keys_of_both_lengths),
        CHANNEL_TEST(there_is_no_other_level),
        CHANNEL_TEST(a_session_is_long),
        CHANNEL_TEST(what_is_encrypted_is_not_seen_on_the_line),
        CHANNEL_TEST(a_refusal_leaves_the_channel_open),
        CHANNEL_TEST(a_closed_channel_sends_nothing),
        CHANNEL_TEST(long_commands_and_answers_pass),
        CHANNEL_TEST(a_command_that_was_too_long_for_the_reader_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
