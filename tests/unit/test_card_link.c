/* SPDX-License-Identifier: Apache-2.0
 *
 * The native card through T=1 and CCID: whole sessions, with blocks of all sizes and over a line
 * that disturbs them; and the frames of the serial line.
 */
#include "t1_host.h"

static struct card_host card;
static struct t1_host reader;
static struct ccid ccid;
static struct twin twin;
static uint8_t room[CARD_MAX_COMMAND + CARD_MAX_RESPONSE];
static unsigned commands;
static uint8_t wanted_time;

static void power(void *context, bool on)
{
    (void)context;
    (void)on;
    card_start(&card.card, &card.native.port, CARD_CONTACT);
}

static size_t transmit(void *context, uint8_t *bytes, size_t len)
{
    (void)context;
    commands++;
    return card_transmit(&card.card, span_of(bytes, len), bytes);
}

static uint8_t patience(void *context, struct span command)
{
    (void)context;
    return command.len > 1 && command.ptr[1] == CARD_INS_INTERNAL_AUTHENTICATE ? wanted_time : 0;
}

static const struct ccid_icc icc = {NULL, power, transmit, patience};

static int make(void **state)
{
    (void)state;
    host_make(&card, 1);
    ccid_start(&ccid, &icc, room, sizeof room);
    t1_host_make(&reader, t1_host_native, &ccid);
    t1_host_power_on(&reader);
    card.transmit = t1_host_transmit;
    card.transmit_context = &reader;
    commands = 0;
    wanted_time = 0;
    return 0;
}

static void cards_are_personalised_and_prove_their_keys(void **state)
{
    (void)state;
    uint8_t photo[5000];
    uint8_t back[sizeof photo];
    uint64_t seed = 3;
    check_random_bytes(&seed, photo, sizeof photo);
    t1_host_set_ifsd(&reader, T1_IFSC);
    wanted_time = 4;
    host_personalise(&card, 2);
    host_open(&card, 0x13);
    assert_int_equal(host_store(&card, CARD_APP_PHOTO, span_of(photo, sizeof photo), 2044), SW_OK);
    assert_int_equal(host_read(&card, CARD_APP_PHOTO, back, 2048), sizeof photo);
    check_bytes(span_of(back, sizeof back), span_of(photo, sizeof photo));
    assert_int_equal(host_prove(&card), SW_OK);
    assert_int_equal(reader.granted, 1);
    t1_host_power_on(&reader);
    assert_int_equal(host_hex(&card, "00B08100 00"), SW_CONDITIONS); /* nothing is selected */
}

static void blocks_of_every_size_say_the_same(void **state)
{
    (void)state;
    uint8_t data[800];
    uint8_t back[sizeof data];
    uint64_t seed = 4;
    host_personalise(&card, 2);
    for (unsigned size = 1; size <= T1_IFSC; size++) {
        check_random_bytes(&seed, data, sizeof data);
        reader.ifsc = size;
        t1_host_set_ifsd(&reader, (uint8_t)(T1_IFSC + 1 - size));
        host_open(&card, 0x01);
        assert_int_equal(host_store(&card, CARD_APP_CREDENTIAL, span_of(data, sizeof data), 800),
                         SW_OK);
        assert_int_equal(host_read(&card, CARD_APP_CREDENTIAL, back, 800), sizeof data);
        check_bytes(span_of(back, sizeof back), span_of(data, sizeof data));
    }
}

static void commands_that_are_too_long_are_refused(void **state)
{
    (void)state;
    uint8_t command[CARD_MAX_COMMAND + 1] = {0, 0xA4, 4, 0, 0, 8, 1};
    uint8_t *response = card.bytes;
    memset(command + 7, 0, sizeof command - 7);
    assert_int_equal(t1_host_transmit(&reader, span_of(command, sizeof command), response), 2);
    assert_int_equal(response[0], 0x67);
    host_select(&card);
}

struct noise {
    uint64_t seed;
    unsigned one_in;
};

/* Flips a bit, or loses the end or everything. */
static size_t disturb(void *context, uint8_t *block, size_t len)
{
    struct noise *noise = context;
    uint64_t random = check_random(&noise->seed);
    if (random % noise->one_in != 0) {
        return len;
    }
    size_t at = (size_t)(random >> 32) % len;
    if ((random >> 24 & 3) == 0) {
        return at == 0 ? 1 : at;
    }
    block[at] ^= (uint8_t)(1U << (random >> 28 & 7));
    return len;
}

/* Whatever is disturbed: a response that arrives is the right one, and a command is run again only
 * when both sides agreed to begin again. */
static void disturbed_lines_recover(void **state)
{
    struct noise noise = {5, 8};
    static uint8_t photo[2000];
    check_random_bytes(&noise.seed, photo, sizeof photo);
    host_personalise(&card, 2);
    host_open(&card, 0x01);
    assert_int_equal(host_store(&card, CARD_APP_PHOTO, span_of(photo, sizeof photo), 2000), SW_OK);
    reader.noise = disturb;
    reader.noise_context = &noise;
    unsigned right = 0;
    for (unsigned i = 0; i < 2000; i++) {
        uint8_t response[CARD_MAX_RESPONSE];
        const uint8_t read[] = {0, 0xB0, 0x83, 0, 0, (uint8_t)(i % 7), (uint8_t)i};
        size_t ne = (size_t)(read[5] << 8 | read[6]);
        unsigned ran = commands;
        unsigned restarts = reader.resynchronised;
        reader.ifsc = 1 + i % 7;
        size_t len = t1_host_transmit(&reader, span_of(read, sizeof read), response);
        assert_true(commands - ran <= 1 + reader.resynchronised - restarts);
        if (len == 0) { /* neither side understands the other: a reader resets such a card */
            reader.noise = NULL;
            t1_host_power_on(&reader);
            host_select(&card);
            reader.noise = disturb;
            continue;
        }
        assert_int_equal(response[len - 2] << 8 | response[len - 1], 0x9000);
        assert_int_equal(len, (ne == 0 ? sizeof photo : ne) + 2);
        assert_memory_equal(response, photo, len - 2);
        right++;
    }
    print_message("%u of 2000 right over %u blocks, %u answers disturbed, %u begun again\n", right,
                  reader.blocks, reader.disturbed, reader.resynchronised);
    assert_true(right > 1990);
    assert_true(reader.disturbed > 1000 && reader.resynchronised > 10);
    (void)state;
}

/* --- frames of the serial line */

static uint8_t sent[2 * CCID_MAX_MESSAGE + 64];
static size_t sent_len;

static void put(void *context, uint8_t byte)
{
    assert_ptr_equal(context, &twin);
    assert_true(sent_len < sizeof sent);
    sent[sent_len++] = byte;
}

static int make_line(void **state)
{
    make(state);
    twin_start(&twin, &ccid, put, &twin);
    return 0;
}

/* The bytes that come back to those that are sent. */
static struct span line(struct span bytes)
{
    sent_len = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        if (twin_take(&twin, bytes.ptr[i])) {
            twin_answer(&twin);
        }
    }
    return span_of(sent, sent_len);
}

static struct span line_hex(const char *hex)
{
    static uint8_t bytes[400];
    return line(check_hex(hex, bytes, sizeof bytes));
}

static void expect_line(const char *hex, const char *wanted)
{
    uint8_t bytes[400];
    check_bytes(line_hex(hex), check_hex(wanted, bytes, sizeof bytes));
}

#define STATUS "0306 65000000000001000000 61"
#define ANSWER "0306 81000000000001000000 85"
#define NAK    "031516"

static void frames_are_repeated_and_answered(void **state)
{
    (void)state;
    expect_line(STATUS, STATUS ANSWER);
    expect_line(STATUS STATUS, STATUS ANSWER STATUS ANSWER);
    expect_line("0306 6B010000000000000000 02 6D",
                "0306 6B010000000000000000 02 6D 0306 83070000000000000000 53414B53492D31 DE");
    expect_line("03", "");
    twin_more_time(&twin);
    assert_int_equal(sent_len, 1);
    assert_true(sent[0] >= 0x80);
}

static void broken_frames_are_refused(void **state)
{
    (void)state;
    expect_line("0306 65000000000001000000 60", NAK);
    expect_line("0306 65000000000002000000 61", NAK);
    expect_line("FF00031516 0300 0315 030304 06" STATUS, STATUS ANSWER); /* noise before */
    expect_line("0303"
                "06 65000000000001000000 61",
                STATUS ANSWER);
    expect_line("0306 65FFFFFFFF", "");
    expect_line("0001000000", NAK); /* longer than any message: at once */
    expect_line(STATUS, STATUS ANSWER);
}

static void frames_without_room_are_counted(void **state)
{
    (void)state;
    static uint8_t frame[2 + CCID_HEAD + 65554 + 1] = {3, 6, 0x6F};
    static const size_t lengths[] = {261, 262, 1000, 65554, 65555};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        size_t n = lengths[i];
        memset(frame + 2, 0, sizeof frame - 2);
        frame[2] = 0x6F;
        for (size_t b = 0; b < 4; b++) {
            frame[3 + b] = (uint8_t)(n >> (8 * b));
        }
        uint8_t sum = 0;
        for (size_t b = 0; b < 2 + CCID_HEAD; b++) {
            sum ^= frame[b];
        }
        size_t len = 2 + CCID_HEAD + (n > 65554 ? 0 : n + 1);
        if (n <= 65554) {
            frame[len - 1] = sum;
        }
        struct span back = line(span_of(frame, len));
        if (n == 261) { /* repeated; the card says that it is no block */
            assert_int_equal(back.len, len + 2 + CCID_HEAD + 4 + 1);
        } else {
            check_bytes(back, span_of("\x03\x15\x16", 3));
        }
        expect_line(STATUS, STATUS ANSWER);
    }
}

static void part_of_a_frame(struct span prefix, void *context)
{
    (void)context;
    assert_int_equal(line(prefix).len, 0);
    twin_idle(&twin);
    expect_line(STATUS, STATUS ANSWER);
}

/* A flip in the lead loses the frame, one in the length may make it wait; all others are noticed.
 */
static void flip_of_a_frame(struct span flipped, void *context)
{
    (void)context;
    struct span back = line(flipped);
    assert_true(back.len == 0 || span_equal(back, span_of("\x03\x15\x16", 3)));
    twin_idle(&twin);
    expect_line(STATUS, STATUS ANSWER);
}

static void parts_and_flips_of_frames_do_nothing(void **state)
{
    (void)state;
    uint8_t bytes[32];
    struct span frame = check_hex(STATUS, bytes, sizeof bytes);
    check_prefixes(frame, part_of_a_frame, NULL);
    check_bit_flips(frame, flip_of_a_frame, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(cards_are_personalised_and_prove_their_keys, make),
        cmocka_unit_test_setup(blocks_of_every_size_say_the_same, make),
        cmocka_unit_test_setup(commands_that_are_too_long_are_refused, make),
        cmocka_unit_test_setup(disturbed_lines_recover, make),
        cmocka_unit_test_setup(frames_are_repeated_and_answered, make_line),
        cmocka_unit_test_setup(broken_frames_are_refused, make_line),
        cmocka_unit_test_setup(frames_without_room_are_counted, make_line),
        cmocka_unit_test_setup(parts_and_flips_of_frames_do_nothing, make_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
