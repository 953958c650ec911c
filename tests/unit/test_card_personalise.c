/* SPDX-License-Identifier: Apache-2.0
 *
 * A card's life: what may be written when, streamed files, keys, and the end.
 */
#include "card_host.h"

static struct card_host host;
static uint8_t bytes[CARD_APP_MAX_PHOTO + 1];
static uint8_t back[CARD_APP_MAX_PHOTO + 1];

static int make(void **state)
{
    (void)state;
    uint64_t seed = 21;
    check_random_bytes(&seed, bytes, sizeof bytes);
    host_make(&host, 1);
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    return host.native.broke_a_rule ? -1 : 0;
}

static uint16_t store_block(uint8_t p1, uint8_t p2, const char *hex)
{
    uint8_t room[64];
    return host_secure(&host, &(struct apdu){.cla = 0x80,
                                             .ins = CARD_INS_STORE_DATA,
                                             .p1 = p1,
                                             .p2 = p2,
                                             .data = check_hex(hex, room, sizeof room)});
}

static void expect_file(uint16_t file, struct span wanted)
{
    check_bytes(span_of(back, host_read(&host, file, back, 2048)), wanted);
}

static void every_file_at_its_largest_fits(void **state)
{
    (void)state;
    host_personalise(&host, 3);
    host_restart(&host);
    host_open(&host, 0x03);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(bytes, CARD_APP_MAX_PHOTO), 240),
                     SW_OK);
    for (uint16_t i = 0; i < CARD_APP_CREDENTIALS; i++) {
        host_open(&host, 0x01);
        assert_int_equal(host_store(&host, (uint16_t)(CARD_APP_CREDENTIAL + i),
                                    span_of(bytes + i, CARD_APP_MAX_CREDENTIAL), 2048),
                         SW_OK);
    }
    for (int round = 0; round < 4; round++) { /* and can be replaced while all is there */
        host_open(&host, 0x11);
        assert_int_equal(
            host_store(&host, CARD_APP_PHOTO, span_of(bytes, CARD_APP_MAX_PHOTO), 2048), SW_OK);
    }
    host_restart(&host);
    host_select(&host);
    expect_file(CARD_APP_PHOTO, span_of(bytes, CARD_APP_MAX_PHOTO));
    for (uint16_t i = 0; i < CARD_APP_CREDENTIALS; i++) {
        expect_file((uint16_t)(CARD_APP_CREDENTIAL + i),
                    span_of(bytes + i, CARD_APP_MAX_CREDENTIAL));
    }
    assert_int_equal(host_prove(&host), SW_OK);
}

static void files_have_limits(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(
        host_store(&host, CARD_APP_PHOTO, span_of(bytes, CARD_APP_MAX_PHOTO + 1), 2000), SW_FULL);
    assert_int_equal(
        host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, CARD_APP_MAX_CREDENTIAL + 1), 2000),
        SW_FULL);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL + 8, span_of(bytes, 9), 99),
                     SW_NOT_FOUND);
    assert_int_equal(host_store(&host, 0xE105, span_of(bytes, 9), 99), SW_NOT_FOUND);
    assert_int_equal(host_store(&host, CARD_APP_INDEX, span_of(bytes, 9), 99), SW_CONDITIONS);
    assert_int_equal(host_store(&host, CARD_APP_PUBLIC_KEY, span_of(bytes, 65), 99), SW_CONDITIONS);
}

/* On a chip with little flash; what is there stays, and goes on to be written. */
static void a_full_card_says_so(void **state)
{
    (void)state;
    native_resize(&host.native, 1024, 8 * 1024);
    host_restart(&host);
    host_personalise(&host, 2);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(bytes, 5000), 2000), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(bytes, 5001), 2000), SW_FULL);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, 2200), 2000), SW_FULL);
    expect_file(CARD_APP_PHOTO, span_of(bytes, 5000));
    for (int i = 0; i < 50; i++) {
        host_open(&host, 0x01);
    }
    assert_int_equal(host_put_keys(&host, 0x31, 32, 3), SW_OK);
    host_open(&host, 0x01);
    assert_int_equal(store_block(0x80, 0, "E103 0000"), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, 2200), 2000), SW_OK);
    assert_int_equal(host_prove(&host), SW_OK);
}

static void a_file_changes_with_its_last_block(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(store_block(0x80, 0, "E110 0003 616263"), SW_OK);
    assert_int_equal(store_block(0x00, 0, "E110 0006 6465"), SW_OK);
    assert_int_equal(store_block(0x00, 1, "6667"), SW_OK);
    assert_int_equal(store_block(0x00, 2, ""), SW_OK);
    assert_int_equal(store_block(0x80, 3, "6869"), SW_OK);
    expect_file(CARD_APP_CREDENTIAL, span_str("defghi"));
    assert_int_equal(store_block(0x80, 4, "6A"), SW_WRONG_P1P2); /* it is over */
    assert_int_equal(store_block(0x00, 0, "E110 0001 41"), SW_OK);
    expect_file(CARD_APP_CREDENTIAL, span_str("defghi")); /* not the last block; and dropped */
    assert_int_equal(store_block(0x80, 1, ""), SW_WRONG_P1P2);
    expect_file(CARD_APP_CREDENTIAL, span_str("defghi"));
    assert_int_equal(store_block(0x00, 0, "E110 0001 41"), SW_OK);
    assert_int_equal(store_block(0x80, 1, ""), SW_OK);
    expect_file(CARD_APP_CREDENTIAL, span_str("A"));
}

static void blocks_out_of_order_drop_the_file(void **state)
{
    (void)state;
    static const struct {
        uint8_t p1, p2;
        const char *data;
        uint16_t sw;
    } steps[] = {
        {0x80, 1, "41", SW_WRONG_P1P2}, /* none begun */
        {0x00, 0, "E11000024142", SW_OK},
        {0x80, 2, "", SW_WRONG_P1P2},
        {0x80, 1, "", SW_WRONG_P1P2},
        {0x00, 0, "E1100002", SW_OK},
        {0x00, 1, "414243", SW_WRONG_DATA}, /* more than announced */
        {0x80, 2, "", SW_WRONG_P1P2},
        {0x80, 0, "E110000241", SW_WRONG_DATA},
        {0x80, 0, "E1100001414243", SW_WRONG_DATA},
        {0x80, 0, "E11000", SW_WRONG_DATA},
        {0x80, 0, "", SW_WRONG_DATA},
        {0x40, 0, "E110000141", SW_WRONG_P1P2},
        {0x00, 0, "E1100000", SW_WRONG_DATA}, /* removing is one block */
        {0x80, 0, "E110000041", SW_WRONG_DATA},
        {0x00, 0, "E1100002", SW_OK},
        {0x00, 0, "E1110001", SW_OK}, /* another one begins */
        {0x80, 1, "42", SW_OK},
    };
    host_open(&host, 0x01);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        assert_int_equal(store_block(steps[i].p1, steps[i].p2, steps[i].data), steps[i].sw);
    }
    assert_int_equal(host_read(&host, CARD_APP_CREDENTIAL, back, 9), 0);
    expect_file(CARD_APP_CREDENTIAL + 1, span_str("B"));
    assert_int_equal(store_block(0x00, 0, "E110000241"), SW_OK);
    expect_file(CARD_APP_CREDENTIAL + 1, span_str("B"));         /* any other command ... */
    assert_int_equal(store_block(0x80, 1, "42"), SW_WRONG_P1P2); /* ... drops it, too */
}

/* The number of a block is one byte. */
static void a_file_has_256_blocks_at_most(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(store_block(0x80, 0, "E110 0001 58"), SW_OK);
    for (unsigned last = 0; last < 2; last++) {
        assert_int_equal(store_block(0x00, 0, "E110 0100 41"), SW_OK);
        for (unsigned i = 1; i < 255; i++) {
            assert_int_equal(store_block(0x00, (uint8_t)i, "41"), SW_OK);
        }
        if (last == 0) {
            assert_int_equal(store_block(0x00, 255, "41"), SW_FULL);
            assert_int_equal(store_block(0x80, 255, "41"), SW_WRONG_P1P2); /* dropped */
            assert_int_equal(store_block(0x80, 0, ""), SW_WRONG_DATA);
            expect_file(CARD_APP_CREDENTIAL, span_str("X"));
        }
    }
    assert_int_equal(store_block(0x80, 255, "41"), SW_OK);
    assert_int_equal(store_length(&host.card.store, STORE_FILE + 1), 256);
}

static void files_are_removed_by_writing_nothing(void **state)
{
    (void)state;
    host_open(&host, 0x03);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(bytes, 1000), 500), SW_OK);
    expect_file(CARD_APP_PHOTO, span_of(bytes, 1000));
    assert_int_equal(store_block(0x80, 0, "E103 0000"), SW_OK);
    assert_int_equal(store_block(0x80, 0, "E103 0000"), SW_OK); /* it need not be there */
    assert_int_equal(store_block(0x00, 0, "E103 0002 41"), SW_OK);
    assert_int_equal(store_block(0x80, 0, "E103 0000"), SW_OK); /* nor wait for another to end */
    assert_int_equal(host_read(&host, CARD_APP_PHOTO, back, 99), 0);
    host_restart(&host);
    host_select(&host);
    assert_int_equal(host_read(&host, CARD_APP_PHOTO, back, 99), 0);
}

static void nothing_is_written_outside_the_channel(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "80E2800005 E110000141",
        "84E2800005 E110000141",
        "80E280000D E110000141 0001020304050607",
        "84E280000D E110000141 0001020304050607",
        "80D8008101 30",
        "84D8008109 30 0001020304050607",
        "80F0800F",
        "84F0800F08 0001020304050607",
        "0047000000",
        "0447000008 0001020304050607 00",
    };
    host_select(&host);
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        assert_int_equal(host_hex(&host, commands[i]), SW_SECURITY);
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++) { /* nor beside it */
        host_open(&host, 0x01);
        assert_int_equal(host_hex(&host, commands[i]), SW_SECURITY);
    }
    assert_int_equal(host.card.state, CARD_BLANK);
    assert_int_equal(store_length(&host.card.store, STORE_PAIR), 0);
}

static void selecting_ends_the_session(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(store_block(0x80, 0, "E110 0001 61"), SW_OK);
    host_select(&host);
    assert_int_equal(store_block(0x80, 0, "E110 0001 62"), SW_SECURITY);
    expect_file(CARD_APP_CREDENTIAL, span_str("a"));
}

static void keys_are_put_whole_or_not_at_all(void **state)
{
    (void)state;
    struct card_keys new = {.version = 0x30, .key_bytes = 16, .enc = {1}, .mac = {2}, .dek = {3}};
    uint8_t room[2200];
    host_open(&host, 0x01);
    struct span good = host_key_data(&host, &new, room);
    assert_int_equal(good.len, 1 + 3 * 23);
    struct apdu command = {.cla = 0x80, .ins = CARD_INS_PUT_KEY, .p2 = 0x81, .ne = 256};
    for (size_t len = 1; len < good.len; len++) {
        command.data = span_of(good.ptr, len);
        assert_int_equal(host_secure(&host, &command), SW_WRONG_DATA);
    }
    host_open(&host, 0x01);
    command.data = span_of(good.ptr, good.len + 1);
    assert_int_equal(host_secure(&host, &command), SW_WRONG_DATA);
    command.data.len = 0;
    assert_int_equal(host_secure(&host, &command), SW_WRONG_LENGTH);
    command.data = good;
    command.p2 = 0x01;
    assert_int_equal(host_secure(&host, &command), SW_WRONG_P1P2);
    command.p2 = 0x81;
    command.p1 = 0x30;
    assert_int_equal(host_secure(&host, &command), SW_REFERENCE);
    command.p1 = 0xFF;
    for (unsigned version = 0; version < 256; version += 7) {
        bool known = version >= 0x30 && version <= 0x3F;
        room[0] = (uint8_t)version;
        if (!known) {
            assert_int_equal(host_secure(&host, &command), SW_WRONG_DATA);
        }
    }
    assert_int_equal(store_length(&host.card.store, STORE_KEYS), 0);
    room[0] = 0x3F;
    assert_int_equal(host_secure(&host, &command), SW_OK);
    assert_int_equal(host.data.len, 10);
    assert_int_equal(host.data.ptr[0], 0x3F);
    assert_memory_equal(host.data.ptr + 1, good.ptr + 21, 3); /* the check values come back */
}

static void every_bit_of_new_keys_is_checked(void **state)
{
    (void)state;
    struct card_keys new = {.version = 0x30, .key_bytes = 32, .enc = {1}, .mac = {2}, .dek = {3}};
    uint8_t room[2200];
    host_open(&host, 0x01);
    struct span good = host_key_data(&host, &new, room);
    assert_int_equal(good.len, 1 + 3 * 39);
    for (size_t bit = 8; bit < good.len * 8; bit++) { /* the version may be another one */
        room[bit / 8] ^= (uint8_t)(1U << bit % 8);
        const struct apdu command = {
            .cla = 0x80, .ins = CARD_INS_PUT_KEY, .p2 = 0x81, .data = good, .ne = 256};
        if (bit % 200 == 0) {
            host_open(&host, 0x01);
        }
        assert_int_equal(host_secure(&host, &command), SW_WRONG_DATA);
        room[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static bool flash_holds(const void *needle, size_t len)
{
    for (size_t i = 0; i + len <= NATIVE_FLASH; i++) {
        if (memcmp(host.native.flash + i, needle, len) == 0) {
            return true;
        }
    }
    return false;
}

static void replaced_secrets_are_erased(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    assert_int_equal(host_generate(&host), SW_OK);
    uint8_t pair[97];
    assert_true(store_read(&host.card.store, STORE_PAIR, 0, pair, 97));
    assert_true(flash_holds(pair, 32));
    assert_int_equal(host_generate(&host), SW_OK);
    assert_false(flash_holds(pair, 32));
    assert_int_equal(host_put_keys(&host, 0x30, 16, 1), SW_OK);
    struct card_keys first = host.keys;
    assert_true(flash_holds(first.enc, 16));
    host_open(&host, 0x01);
    assert_int_equal(host_put_keys(&host, 0x30, 16, 2), SW_OK);
    assert_false(flash_holds(first.enc, 16));
    assert_false(flash_holds(first.dek, 16));
}

static void the_life_cycle_goes_step_by_step(void **state)
{
    (void)state;
    static const uint8_t states[] = {CARD_BLANK, CARD_PERSONALISED, CARD_LOCKED, CARD_TERMINATED};
    host_open(&host, 0x01);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_CONDITIONS); /* no key pair */
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_CONDITIONS); /* factory's keys */
    assert_int_equal(host_put_keys(&host, 0x30, 16, 1), SW_OK);
    for (size_t now = 0; now < 3; now++) {
        for (size_t next = 0; next < 3; next++) {
            bool erases = next == 0; /* test_card_erase.c */
            if (next != now + 1 && !erases) {
                host_open(&host, 0x03);
                assert_int_equal(host_set_status(&host, states[next]), SW_CONDITIONS);
            }
        }
        host_restart(&host);
        host_open(&host, 0x01);
        assert_int_equal(host.card.state, states[now]);
        assert_int_equal(host_set_status(&host, states[now + 1]), SW_OK);
    }
    for (unsigned status = 0; status < 256; status++) {
        static struct card_host fresh;
        bool known = status == 0x01 || status == 0x0F || status == 0x7F || status == 0xFF;
        if (!known && status % 5 == 0) {
            host_make(&fresh, 1);
            host_open(&fresh, 0x01);
            assert_int_equal(host_set_status(&fresh, (uint8_t)status), SW_WRONG_P1P2);
        }
    }
}

static void a_personalised_card_keeps_its_key(void **state)
{
    (void)state;
    host_personalise(&host, 5);
    assert_int_equal(host_prove(&host), SW_OK);
    host_open(&host, 0x01);
    assert_int_equal(host_generate(&host), SW_CONDITIONS);
    assert_int_equal(host_put_keys(&host, 0x31, 32, 6), SW_OK);
    host_open(&host, 0x03);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, 500), 250), SW_OK);
    assert_int_equal(host_prove(&host), SW_OK);
}

static void a_locked_card_reads_and_proves_and_changes_nothing(void **state)
{
    (void)state;
    host_personalise(&host, 5);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, 500), 250), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_LOCKED), SW_OK);
    host_restart(&host);
    host_open(&host, 0x01);
    assert_int_equal(host_generate(&host), SW_CONDITIONS);
    assert_int_equal(host_put_keys(&host, 0x31, 16, 6), SW_CONDITIONS);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, 9), 99), SW_CONDITIONS);
    assert_int_equal(store_block(0x80, 0, "E110 0000"), SW_CONDITIONS);
    expect_file(CARD_APP_CREDENTIAL, span_of(bytes, 500));
    assert_int_equal(host_prove(&host), SW_OK);
    assert_int_equal(host_set_status(&host, CARD_TERMINATED), SW_OK);
}

static void a_terminated_card_holds_nothing(void **state)
{
    (void)state;
    host_personalise(&host, 5);
    host_open(&host, 0x01);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, 500), 250), SW_OK);
    uint8_t pair[97];
    assert_true(store_read(&host.card.store, STORE_PAIR, 0, pair, 97));
    assert_int_equal(host_set_status(&host, CARD_TERMINATED), SW_OK);
    for (int i = 0; i < 2; i++) {
        assert_false(flash_holds(pair, 32));
        assert_false(flash_holds(pair + 32, 65));
        assert_false(flash_holds(bytes, 16));
        assert_false(flash_holds(host.keys.enc, 16));
        assert_int_equal(host_hex(&host, "00B0810000"), SW_CONDITIONS);
        assert_int_equal(host_hex(&host, "00A4040007 F053414B534901 00"), SW_TERMINATED);
        assert_int_equal(host_hex(&host, "00B0810000"), SW_CONDITIONS);
        assert_int_equal(host_hex(&host, "8050000008 0001020304050607 00"), SW_CONDITIONS);
        host_restart(&host);
    }
}

/* Wherever the power goes in a termination: a card that is terminated holds nothing any more, not
 * even of files that had been removed before. */
static void a_termination_that_is_cut_is_finished(void **state)
{
    bool over = false;
    for (uint64_t at = 0; !over; at++) {
        make(state);
        native_resize(&host.native, 1024, 8 * 1024);
        host_restart(&host);
        host_open(&host, 0x01);
        assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(bytes, 500), 2000), SW_OK);
        assert_int_equal(store_block(0x80, 0, "E103 0000"), SW_OK);
        native_cut_after(&host.native, at, NATIVE_CUT_NONE);
        over = host_set_status(&host, CARD_TERMINATED) == SW_OK;
        host_restart(&host);
        bool terminated = host.card.state == CARD_TERMINATED;
        assert_true(terminated || at < 3); /* head, value and commit of the state */
        assert_int_equal(flash_holds(bytes, 500), !terminated);
    }
}

static void wrong_parameters_are_refused_by_name(void **state)
{
    (void)state;
    host_open(&host, 0x01);
    static const uint8_t byte[1];
    assert_int_equal(host_secure(&host, &(struct apdu){.ins = 0x47, .p1 = 1}), SW_WRONG_P1P2);
    assert_int_equal(host_secure(&host, &(struct apdu){.ins = 0x47, .p2 = 1}), SW_WRONG_P1P2);
    assert_int_equal(host_secure(&host, &(struct apdu){.ins = 0x47, .data = span_of(byte, 1)}),
                     SW_WRONG_LENGTH);
    assert_int_equal(host_secure(&host, &(struct apdu){.cla = 0x80, .ins = 0xF0, .p2 = 0x0F}),
                     SW_WRONG_P1P2);
    assert_int_equal(host_secure(&host, &(struct apdu){.cla = 0x80,
                                                       .ins = 0xF0,
                                                       .p1 = 0x80,
                                                       .p2 = 0x0F,
                                                       .data = span_of(byte, 1)}),
                     SW_WRONG_LENGTH);
}

#define CARD_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(every_file_at_its_largest_fits),
        CARD_TEST(files_have_limits),
        CARD_TEST(a_full_card_says_so),
        CARD_TEST(a_file_changes_with_its_last_block),
        CARD_TEST(blocks_out_of_order_drop_the_file),
        CARD_TEST(a_file_has_256_blocks_at_most),
        CARD_TEST(files_are_removed_by_writing_nothing),
        CARD_TEST(nothing_is_written_outside_the_channel),
        CARD_TEST(selecting_ends_the_session),
        CARD_TEST(keys_are_put_whole_or_not_at_all),
        CARD_TEST(every_bit_of_new_keys_is_checked),
        CARD_TEST(replaced_secrets_are_erased),
        CARD_TEST(the_life_cycle_goes_step_by_step),
        CARD_TEST(a_personalised_card_keeps_its_key),
        CARD_TEST(a_locked_card_reads_and_proves_and_changes_nothing),
        CARD_TEST(a_terminated_card_holds_nothing),
        CARD_TEST(a_termination_that_is_cut_is_finished),
        CARD_TEST(wrong_parameters_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
