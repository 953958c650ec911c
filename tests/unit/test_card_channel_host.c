/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of the secure channel: by published values, with native cards, and against cards
 * and lines that lie, stop, repeat or vanish.
 */
#include "card_line.h"
#include "scp03_known.h"

#include <stdio.h>

#include "base/crypto_aes.h"
#include "devices/card_channel.h"
#include "wire/card_sample.h"

static struct card_host host, opened_host;
static struct card_line line;
static struct card_channel channel, opened;
static struct card_io io;
static struct card_traffic traffic;
static struct card_key_master master;

static int make(void **state)
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

static int close_channel(void **state)
{
    (void)state;
    card_channel_close(&channel);
    return host.native.broke_a_rule ? -1 : 0;
}

static void expect_wiped(void)
{
    const uint8_t *bytes = (const uint8_t *)&channel;
    for (size_t i = 0; i < sizeof channel; i++) {
        assert_int_equal(bytes[i], 0);
    }
}

static enum card_io_error open_at(uint8_t level)
{
    struct card_key_set keys;
    return card_channel_open(&channel, &io, &traffic, &master, &master, level, &keys);
}

static void open_good(uint8_t level)
{
    assert_int_equal(open_at(level), CARD_IO_OK);
    assert_int_equal(channel.phase, CARD_CHANNEL_OPEN);
}

static uint8_t room[CARD_APP_MAX_NE + SCP03_MAC + 2];
static struct apdu_response response;

static enum card_io_error send(const struct apdu *command)
{
    return card_channel_send(&channel, command, room, sizeof room, &response);
}

static const struct apdu generate = {.ins = CARD_INS_GENERATE, .ne = 200};

/* A file of one byte. */
static enum card_io_error store(uint8_t byte)
{
    const uint8_t data[] = {0xE1, 0x10, 0x00, 0x01, byte};
    return send(&(struct apdu){
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .p1 = 0x80, .data = span_of(data, sizeof data)});
}

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

/* ---- wrong keys ---- */

static uint8_t tries_left(void)
{
    uint8_t tries = SCP03_TRIES;
    if (store_length(&host.card.store, STORE_TRIES) != 0) {
        assert_true(store_read(&host.card.store, STORE_TRIES, 0, &tries, 1));
    }
    return tries;
}

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

static const char *lie;
static uint8_t lie_ins;

static size_t tell_lie(struct card_line *l, struct span command, uint8_t *bytes, size_t len,
                       size_t cap)
{
    (void)l;
    return command.ptr[1] == lie_ins ? check_hex(lie, bytes, cap).len : len;
}

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

static size_t flip(struct card_line *l, struct span command, uint8_t *bytes, size_t len, size_t cap)
{
    (void)cap;
    if (command.ptr[1] == lie_ins && l->number / 8 < len) {
        bytes[l->number / 8] ^= (uint8_t)(1U << l->number % 8);
    }
    return len;
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

#define CHANNEL_TEST(f) cmocka_unit_test_setup_teardown(f, make, close_channel)

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
        CHANNEL_TEST(wrong_keys_cost_one_try),
        CHANNEL_TEST(wrong_keys_are_not_tried_for_ever),
        CHANNEL_TEST(a_card_that_is_shut_says_so),
        CHANNEL_TEST(a_card_of_another_master_has_other_keys),
        CHANNEL_TEST(a_challenge_must_be_one),
        CHANNEL_TEST(no_flipped_bit_of_the_challenge_opens),
        CHANNEL_TEST(a_replayed_challenge_does_not_open),
        CHANNEL_TEST(the_answer_to_our_cryptogram_is_9000),
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
