/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's image on an emulated board: the same commands as the native card, its own life in
 * flash through losses of power, its stack, and what its signatures cost.
 *   test_card_board BOARD FOLDER-OF-IMAGES
 */
#include "board_run.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SKIPPED = 77, LIMIT_STACK = BOARD_STACK - 384, CREDENTIAL = 300, SMALL = 24 };

static struct board_run run;
static struct card_host *host;
static const struct board_kind *chosen;
static const char *images;
static bool is_long;

static unsigned times(unsigned ordinary, unsigned in_the_long_run)
{
    return is_long ? in_the_long_run : ordinary;
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

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
    assert_true(host->mac_is_right);
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
    if (!run.kind->has_file) {
        printf("  %s: not killed while it writes: its flash is the emulator's alone\n",
               run.kind->name);
        skip();
    }
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
    static const uint8_t paint[] = {0xAC, 0x57, 0xFE, 0x5A};
    uint8_t stack[BOARD_STACK];
    size_t unused = 0;
    uint8_t bytes[1500] = {1};
    host_open(host, SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC);
    assert_int_equal(host_store(host, CARD_APP_PHOTO, span_of(bytes, sizeof bytes), 700), SW_OK);
    assert_int_equal(host_put_keys(host, SCP03_FIRST_VERSION, 32, 8), SW_OK);
    host_open(host, SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC);
    assert_int_equal(host_store(host, CARD_APP_PHOTO, span_of(NULL, 0), 700), SW_OK);
    assert_int_equal(host_prove(host), SW_OK);
    board_memory(&run, run.kind->ram, stack, sizeof stack);
    while (unused < sizeof stack && stack[unused] == paint[unused % sizeof paint]) {
        unused++;
    }
    printf("  %s: %zu bytes of stack used of %d\n", run.kind->name, sizeof stack - unused,
           (int)BOARD_STACK);
    assert_true(sizeof stack - unused > 1000);
    assert_true(sizeof stack - unused <= LIMIT_STACK);
}

struct cost {
    uint32_t sign[2]; /* ticks, and polls to the next one */
    uint32_t both[2];
    uint32_t good;
};

static struct cost measure(void)
{
    uint8_t bytes[20];
    const uint8_t go = 1;
    assert_int_equal(write(run.line, &go, 1), 1);
    board_read_exactly(&run, bytes, sizeof bytes);
    struct reader r = reader_of(span_of(bytes, sizeof bytes));
    struct cost cost;
    cost.sign[0] = (uint32_t)reader_be(&r, 4);
    cost.sign[1] = (uint32_t)reader_be(&r, 4);
    cost.both[0] = (uint32_t)reader_be(&r, 4);
    cost.both[1] = (uint32_t)reader_be(&r, 4);
    cost.good = (uint32_t)reader_be(&r, 4);
    return cost;
}

/* With -icount shift=0 an instruction is a nanosecond. */
static uint32_t instructions(uint32_t ticks)
{
    return (uint32_t)((uint64_t)ticks * 1000 / run.kind->clock_mhz);
}

/* The polls tell instructions apart within a tick; where a tick is no whole number of instructions
 * (62.5 on the micro:bit) a tick more or less is the emulator's rounding. */
static bool same(const uint32_t a[2], const uint32_t b[2])
{
    uint32_t more = a[0] > b[0] ? a[0] - b[0] : b[0] - a[0];
    return 1000 % run.kind->clock_mhz == 0 ? more == 0 && a[1] == b[1] : more <= 1;
}

/* Many keys are needed: what depends on eight bits of a secret being zero shows once in 256. */
static void test_signing_always_costs_the_same(void **state)
{
    (void)state;
    unsigned n = times(5, 1500);
    board_kill(&run);
    run.counts = true;
    board_start(&run, "cost");
    struct cost first = measure();
    for (unsigned i = 1; i < n; i++) {
        struct cost next = measure();
        assert_int_equal(next.good, 1);
        assert_true(same(next.sign, first.sign));
        if (next.both[0] > first.both[0]) {
            first.both[0] = next.both[0]; /* verifying knows no secret */
        }
    }
    printf("  %s: signing takes %u instructions, the same for %u keys and digests; with the check "
           "at most %u\n",
           run.kind->name, instructions(first.sign[0]), n, instructions(first.both[0]));
    if (strcmp(run.kind->name, "an386") == 0) {
        assert_true(instructions(first.sign[0]) <= 6000000);
        assert_true(instructions(first.both[0]) <= 18000000);
    }
}

static bool is_there(const char *folder, const char *prefix, const char *board)
{
    char path[BOARD_PATH];
    snprintf(path, sizeof path, "%s/%s-%s.elf", folder, prefix, board);
    return access(path, R_OK) == 0;
}

/* Why the board cannot be tested; NULL: it can. */
static const char *missing(const char *folder, const char *board)
{
    if (!is_there(folder, "card", board) || !is_there(folder, "cost", board)) {
        return "there is no image for this board (preset card)";
    }
    if (system("qemu-system-arm --version >/dev/null 2>&1") != 0) {
        return "qemu-system-arm is not installed";
    }
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    host = malloc(sizeof *host);
    if (host == NULL) {
        return -1;
    }
    host_make(host, 3);
    host->transmit = board_transmit;
    host->transmit_context = &run;
    board_make(&run, chosen, images, host);
    board_start(&run, "card");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    board_remove(&run);
    free(host);
    return 0;
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
        cmocka_unit_test(test_keeps_what_it_was_given),
        cmocka_unit_test(test_challenges_differ),
        cmocka_unit_test(test_power_goes_while_it_writes),
        cmocka_unit_test(test_power_goes_at_every_byte),
        cmocka_unit_test(test_takes_a_seed_once),
        cmocka_unit_test(test_without_a_seed_nothing_is_random),
        cmocka_unit_test(test_stack_is_bounded),
        cmocka_unit_test(test_signing_always_costs_the_same),
    };
    const struct board_kind *kind = argc == 3 ? board_find(argv[1]) : NULL;
    if (kind == NULL) {
        fprintf(stderr, "usage: test_card_board BOARD FOLDER-OF-IMAGES\n");
        return 64;
    }
    const char *why = missing(argv[2], argv[1]);
    if (why != NULL) {
        printf("skipped: %s\n", why);
        return SKIPPED;
    }
    images = argv[2];
    chosen = kind;
    is_long = getenv("SAKSI_LONG") != NULL;
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
