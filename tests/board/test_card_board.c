/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's image on an emulated board: the same commands as the native card, its own life in
 * flash through losses of power, and its stack.
 *   test_card_board BOARD FOLDER-OF-IMAGES
 */
#include "board_scene.h"

#include <unistd.h>

enum { CREDENTIAL = 300, SMALL = 24 };

static void control(uint8_t what)
{
    board_send(&run, span_of(&what, 1));
}

static void test_answers_to_reset(void **state)
{
    (void)state;
    uint8_t atr[64];
    uint8_t sum = 0;
    control(4);
    size_t len = board_receive(&run, atr, sizeof atr);
    assert_true(len > 2);
    assert_int_equal(atr[0], 0x3B);
    for (size_t i = 1; i < len; i++) { /* ISO/IEC 7816-3 §8.2.5: T0 to TCK add up to nothing */
        sum ^= atr[i];
    }
    assert_int_equal(sum, 0);
    assert_int_equal(atr[1] & 0x0F, 5);
    assert_int_equal(len, 4 + 2 + 5 + 1);
}

static void test_refuses_what_is_no_command(void **state)
{
    (void)state;
    uint8_t long_one[CARD_MAX_COMMAND + 40] = {0};
    uint8_t answer[CARD_MAX_RESPONSE];
    const uint8_t wrong[] = {0x67, 0x00};
    for (size_t more = 0; more < 3; more++) {
        static const size_t lengths[] = {0, CARD_MAX_COMMAND + 1, sizeof long_one};
        board_send(&run, span_of(long_one, lengths[more]));
        size_t len = board_receive(&run, answer, sizeof answer);
        check_bytes(span_of(answer, len), span_of(wrong, 2));
    }
    assert_int_equal(host_hex(host, "00B00000 00"), SW_CONDITIONS);
    assert_int_equal(host_hex(host, "00FF0000"), SW_INS_UNKNOWN);
    assert_int_equal(host_hex(host, "60A40000"), SW_CHANNEL_UNKNOWN);
}

static void test_is_blank(void **state)
{
    (void)state;
    char prove[2 * (4 + 1 + CARD_PROOF_INPUT + 1) + 1] = "0088000041";
    uint8_t index[CARD_APP_MAX_INDEX];
    memset(prove + 10, '1', 2 * CARD_PROOF_INPUT);
    host_select(host);
    assert_int_equal(host_read(host, CARD_APP_INDEX, index, 64), CARD_APP_INDEX_HEAD);
    assert_int_equal(index[1], CARD_BLANK);
    assert_int_equal(host_hex(host, prove), SW_REFERENCE);
}

static void expect_file(uint16_t file, struct span wanted)
{
    uint8_t *room = malloc(CARD_APP_MAX_PHOTO);
    assert_non_null(room);
    size_t len = host_read(host, file, room, 200);
    check_bytes(span_of(room, len), wanted);
    free(room);
}

static void test_is_personalised(void **state)
{
    (void)state;
    uint8_t bytes[CREDENTIAL];
    uint64_t seed = 5;
    check_random_bytes(&seed, bytes, sizeof bytes);
    host_personalise(host, 7);
    assert_int_equal(host_store(host, CARD_APP_CREDENTIAL, span_of(bytes, CREDENTIAL), 200), SW_OK);
    expect_file(CARD_APP_CREDENTIAL, span_of(bytes, CREDENTIAL));
    host_open(host, SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC);
    assert_int_equal(host_store(host, CARD_APP_CREDENTIAL, span_of(bytes, CREDENTIAL), 2048),
                     SW_OK);
    expect_file(CARD_APP_CREDENTIAL, span_of(bytes, CREDENTIAL));
}

static void test_proves_its_key(void **state)
{
    (void)state;
    uint64_t began = now_us();
    unsigned n = times(3, 20);
    host_select(host);
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(host_prove(host), SW_OK);
    }
    printf("  %s: public key, proof and its check take %u us\n", run.kind->name,
           (unsigned)((now_us() - began) / n));
}

static void test_reset_ends_the_session(void **state)
{
    (void)state;
    host_open(host, SCP03_LEVEL_C_MAC);
    control(2);
    assert_int_equal(host_hex(host, "00B08100 00"), SW_CONDITIONS);
    host_select(host);
    assert_int_equal(host_set_status(host, CARD_LOCKED), SW_SECURITY);
}

/* How long the board takes over a challenge and an answer, right or wrong. */
static uint64_t try_keys(bool right)
{
    uint64_t began = now_us();
    assert_int_equal(host_challenge(host), SW_OK);
    host->host_cryptogram[0] ^= right ? 0 : 1;
    assert_int_equal(host_authenticate(host, SCP03_LEVEL_C_MAC),
                     right ? SW_OK : SW_AUTHENTICATION_FAILED);
    return now_us() - began;
}

/* By this machine's clock, which the emulator's timer follows. */
static void test_wrong_keys_wait(void **state)
{
    (void)state;
    static const uint32_t least_ms[] = {0, 0, 100, 200, 400};
    host_select(host);
    for (size_t i = 0; i < COUNT_OF(least_ms); i++) {
        uint64_t took_us = try_keys(false);
        assert_true(took_us >= (uint64_t)least_ms[i] * 1000);
        assert_true(took_us < (uint64_t)(least_ms[i] + 5000) * 1000);
        if (i == 2) {
            board_power_cycle(&run);
            host_select(host);
        }
    }
    uint64_t waited_us = try_keys(true);
    assert_true(waited_us >= 800000);
    uint64_t at_once_us = try_keys(true);
    assert_true(at_once_us < waited_us);
    printf("  %s: keys after 5 wrong ones take %u ms, after none %u ms\n", run.kind->name,
           (unsigned)(waited_us / 1000), (unsigned)(at_once_us / 1000));
}

static void test_keeps_what_it_was_given(void **state)
{
    (void)state;
    uint8_t before[CREDENTIAL];
    host_select(host);
    assert_int_equal(host_read(host, CARD_APP_CREDENTIAL, before, 200), CREDENTIAL);
    board_power_cycle(&run);
    host_select(host);
    expect_file(CARD_APP_CREDENTIAL, span_of(before, CREDENTIAL));
    assert_int_equal(host_prove(host), SW_OK);
}

/* A second start with the same seed would give the same challenge; the port takes a seed once. */
static void test_challenges_differ(void **state)
{
    (void)state;
    uint8_t first[8];
    host_select(host);
    assert_int_equal(host_challenge(host), SW_OK);
    memcpy(first, host->data.ptr + 13, 8);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(host_challenge(host), SW_OK);
        assert_memory_not_equal(first, host->data.ptr + 13, 8);
        memcpy(first, host->data.ptr + 13, 8);
        board_power_cycle(&run);
        host_select(host);
    }
}

/* STORE DATA of a small file, in one command. */
static struct span small_file(uint8_t fill, uint8_t *room)
{
    uint8_t data[4 + SMALL];
    struct writer w = writer_of(data, sizeof data);
    writer_be(&w, CARD_APP_CREDENTIAL + 1, 2);
    writer_be(&w, SMALL, 2);
    memset(data + 4, fill, SMALL);
    w.len += SMALL;
    return host_wrap(
        host,
        &(struct apdu){
            .cla = 0x80, .ins = CARD_INS_STORE_DATA, .p1 = 0x80, .data = writer_span(&w)},
        room);
}

static uint8_t small_value(void)
{
    uint8_t room[SMALL];
    host_select(host);
    assert_int_equal(host_read(host, CARD_APP_CREDENTIAL + 1, room, 200), SMALL);
    for (size_t i = 1; i < SMALL; i++) {
        assert_int_equal(room[i], room[0]);
    }
    return room[0];
}

/* Begins to replace the small file; the card goes on alone. */
static void begin_to_write(uint8_t fill)
{
    uint8_t room[2200];
    host_open(host, SCP03_LEVEL_C_MAC);
    board_send(&run, small_file(fill, room));
}

static uint64_t write_small(uint8_t fill)
{
    uint64_t began = now_us();
    uint8_t answer[CARD_MAX_RESPONSE];
    begin_to_write(fill);
    began = now_us();
    assert_int_equal(board_receive(&run, answer, sizeof answer), 2);
    assert_int_equal(answer[0] << 8 | answer[1], SW_OK);
    assert_int_equal(small_value(), fill);
    return now_us() - began;
}

static void test_power_goes_while_it_writes(void **state)
{
    (void)state;
    uint64_t seed = 11;
    uint64_t takes_us = write_small(1);
    uint8_t value = 1;
    unsigned new = 0;
    unsigned n = times(4, 100);
    for (unsigned i = 0; i < n; i++) {
        uint8_t next = (uint8_t)(value ^ 0xFF ^ (i & 1));
        begin_to_write(next);
        usleep((useconds_t)(check_random(&seed) % (takes_us + 1)));
        board_power_cycle(&run);
        uint8_t now = small_value();
        assert_true(now == value || now == next);
        new += now == next;
        value = now;
    }
    printf("  %s: %u losses of power at random moments: %u new values, %u old ones\n",
           run.kind->name, n, new, n - new);
}

static void ask(int debugger, const char *command, const char *wanted)
{
    char text[256];
    board_debug_send(debugger, command);
    do { /* that it has stopped because of the connection comes first */
        assert_true(board_debug_receive(debugger, text, sizeof text, 10000));
    } while (text[0] == 'T' && text[0] != wanted[0]);
    assert_int_equal(strncmp(text, wanted, strlen(wanted)), 0);
}

/* Lets the card write one byte to flash. The emulator stops before the byte is written. False when
 * the card writes no more. */
static bool write_one(int debugger, const char *range)
{
    char text[64];
    board_debug_send(debugger, "c");
    if (!board_debug_receive(debugger, text, sizeof text, 1000)) {
        return false;
    }
    assert_non_null(strstr(text, "watch:"));
    snprintf(text, sizeof text, "z2,%s", range);
    ask(debugger, text, "OK");
    ask(debugger, "s", "T05");
    snprintf(text, sizeof text, "Z2,%s", range);
    ask(debugger, text, "OK");
    return true;
}

/* Kills the emulator when n bytes have been written to flash. False when the card had finished
 * before. */
static bool tear(uint8_t fill, unsigned n)
{
    char range[32];
    char text[64];
    uint8_t room[2200];
    host_open(host, SCP03_LEVEL_C_MAC);
    struct span command = small_file(fill, room);
    int debugger = board_debugger(&run);
    snprintf(range, sizeof range, "%x,%x", run.kind->storage, BOARD_STORAGE);
    snprintf(text, sizeof text, "Z2,%s", range);
    ask(debugger, text, "OK");
    board_send(&run, command);
    bool torn = true;
    for (unsigned i = 0; i < n && torn; i++) {
        torn = write_one(debugger, range);
    }
    board_kill(&run);
    close(debugger);
    board_start(&run, "card");
    return torn;
}

static void test_power_goes_at_every_byte(void **state)
{
    (void)state;
    enum { WRITES = 8 + SMALL + 8 };
    if (!run.kind->has_file) {
        printf("  %s: not torn byte by byte: its flash is the emulator's alone\n", run.kind->name);
        skip();
    }
    uint8_t value = 1;
    write_small(value);
    unsigned step = times(13, 1);
    unsigned torn = 0;
    for (unsigned nth = 1; nth <= WRITES; nth += step) {
        uint8_t next = (uint8_t)(nth + 100);
        assert_true(tear(next, nth));
        uint8_t now = small_value();
        assert_int_equal(now, nth == WRITES ? next : value);
        value = now;
        torn++;
    }
    printf("  %s: torn after %u of %d bytes, each time old or new\n", run.kind->name, torn, WRITES);
}

static void test_takes_a_seed_once(void **state)
{
    (void)state;
    uint8_t seed[FACTORY_SEED_BYTES];
    const uint8_t zeros[FACTORY_SEED_BYTES] = {0};
    if (!run.kind->has_file) {
        skip(); /* it has a generator */
    }
    board_power_cycle(&run);
    host_select(host);
    assert_int_equal(host_challenge(host), SW_OK);
    board_memory(&run, run.kind->factory + (uint32_t)offsetof(struct factory, seed), seed,
                 sizeof seed);
    assert_memory_equal(seed, zeros, sizeof seed);
}

static void test_without_a_seed_nothing_is_random(void **state)
{
    (void)state;
    if (!run.kind->has_file) {
        skip(); /* it has a generator */
    }
    run.seedless = true;
    board_power_cycle(&run);
    host_select(host);
    assert_int_equal(host_challenge(host), SW_INTERNAL);
    run.seedless = false;
    board_power_cycle(&run);
}

/* Last: what has been on the stack since the last start, which these commands fill as far as any.
 */
static void test_stack_is_bounded(void **state)
{
    (void)state;
    uint8_t bytes[1500] = {1};
    host_open(host, SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC);
    assert_int_equal(host_store(host, CARD_APP_PHOTO, span_of(bytes, sizeof bytes), 700), SW_OK);
    assert_int_equal(host_put_keys(host, SCP03_FIRST_VERSION, 32, 8), SW_OK);
    host_open(host, SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC);
    assert_int_equal(host_store(host, CARD_APP_PHOTO, span_of(NULL, 0), 700), SW_OK);
    assert_int_equal(host_prove(host), SW_OK);
    size_t used = board_stack_used(&run);
    printf("  %s: %zu bytes of stack used of %d\n", run.kind->name, used, (int)BOARD_STACK);
    assert_true(used > 1000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_to_reset),
        cmocka_unit_test(test_refuses_what_is_no_command),
        cmocka_unit_test(test_is_blank),
        cmocka_unit_test(test_is_personalised),
        cmocka_unit_test(test_proves_its_key),
        cmocka_unit_test(test_reset_ends_the_session),
        cmocka_unit_test(test_wrong_keys_wait),
        cmocka_unit_test(test_keeps_what_it_was_given),
        cmocka_unit_test(test_challenges_differ),
        cmocka_unit_test(test_power_goes_while_it_writes),
        cmocka_unit_test(test_power_goes_at_every_byte),
        cmocka_unit_test(test_takes_a_seed_once),
        cmocka_unit_test(test_without_a_seed_nothing_is_random),
        cmocka_unit_test(test_stack_is_bounded),
    };
    int status = choose_board(argc, argv);
    return status != 0 ? status : cmocka_run_group_tests(tests, set_up, tear_down);
}
