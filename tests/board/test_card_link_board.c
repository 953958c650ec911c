/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's image on an emulated board as a reader with a card in it: frames on its serial line, a
 * whole session through T=1, the bytes by which it asks for time, and its stack.
 *   test_card_link_board BOARD FOLDER-OF-IMAGES
 */
#include "board_scene.h"
#include "t1_host.h"

#include <unistd.h>

enum { TICKS_US = 2400000, SLOW = 7 };

static struct t1_host reader;
static unsigned asked; /* for time, by single bytes */

static uint8_t sum(const uint8_t *bytes, size_t len)
{
    uint8_t x = 0;
    for (size_t i = 0; i < len; i++) {
        x ^= bytes[i];
    }
    return x;
}

/* What a frame holds; bytes from 80 on may come before it. */
static size_t receive_frame(uint8_t *message)
{
    uint8_t frame[2 + CCID_MAX_MESSAGE + 1];
    board_read_exactly(&run, frame, 1);
    while (frame[0] >= TWIN_MORE_TIME) {
        asked++;
        board_read_exactly(&run, frame, 1);
    }
    board_read_exactly(&run, frame + 1, 1 + CCID_HEAD);
    assert_int_equal(frame[0], TWIN_SYNC);
    assert_int_equal(frame[1], TWIN_ACK);
    size_t len = CCID_HEAD + (size_t)(frame[3] | frame[4] << 8);
    assert_true(len <= CCID_MAX_MESSAGE && frame[5] == 0 && frame[6] == 0);
    board_read_exactly(&run, frame + 2 + CCID_HEAD, len - CCID_HEAD + 1);
    assert_int_equal(sum(frame, 2 + len + 1), 0);
    memcpy(message, frame + 2, len);
    return len;
}

static void send_bytes(const uint8_t *bytes, size_t len)
{
    assert_int_equal(write(run.line, bytes, len), len);
}

static size_t exchange(void *context, uint8_t *message, size_t len)
{
    uint8_t frame[2 + CCID_MAX_MESSAGE + 1] = {TWIN_SYNC, TWIN_ACK};
    uint8_t echo[CCID_MAX_MESSAGE];
    (void)context;
    memcpy(frame + 2, message, len);
    frame[2 + len] = sum(frame, 2 + len);
    send_bytes(frame, 2 + len + 1);
    check_bytes(span_of(echo, receive_frame(echo)), span_of(message, len));
    return receive_frame(message);
}

static const uint8_t NOTHING[1];

static void get_status(void)
{
    t1_host_message(&reader, CCID_GET_SLOT_STATUS, NULL, span_of(NOTHING, 0), CCID_SLOT_STATUS);
    assert_int_equal(reader.status & CCID_FAILED, 0);
}

static void test_frames_choose_the_reader(void **state)
{
    (void)state;
    static const uint8_t broken[] = {3, 6, 0x65, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    uint8_t answer[3];
    get_status();
    assert_int_equal(reader.status, CCID_ICC_INACTIVE);
    send_bytes(broken, sizeof broken);
    board_read_exactly(&run, answer, sizeof answer);
    assert_memory_equal(answer, "\x03\x15\x16", 3);
    t1_host_power_on(&reader);
    t1_host_set_ifsd(&reader, T1_IFSC);
    get_status();
    assert_int_equal(reader.status, CCID_ICC_ACTIVE);
}

static void test_half_a_frame_is_dropped(void **state)
{
    (void)state;
    static const uint8_t half[] = {3, 6, 0x65, 0, 0};
    send_bytes(half, sizeof half);
    usleep(TICKS_US);
    get_status();
}

static void test_whole_sessions(void **state)
{
    (void)state;
    uint8_t photo[3000];
    uint8_t back[sizeof photo];
    uint64_t seed = 4;
    check_random_bytes(&seed, photo, sizeof photo);
    host_personalise(host, 7);
    host_open(host, SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC);
    unsigned granted = reader.granted;
    assert_int_equal(host_store(host, CARD_APP_PHOTO, span_of(photo, sizeof photo), 1400), SW_OK);
    assert_true(reader.granted > granted); /* each block may make the journal move */
    assert_int_equal(host_read(host, CARD_APP_PHOTO, back, 2048), sizeof photo);
    check_bytes(span_of(back, sizeof back), span_of(photo, sizeof photo));
    granted = reader.granted;
    assert_int_equal(host_prove(host), SW_OK);
    assert_int_equal(reader.granted, granted + 1);
    t1_host_power_on(&reader);
    assert_int_equal(host_hex(host, "00B08100 00"), SW_CONDITIONS);
}

static void test_commands_that_are_too_long(void **state)
{
    (void)state;
    static uint8_t command[CARD_MAX_COMMAND + 1] = {0, 0xB0};
    t1_host_power_on(&reader);
    assert_int_equal(t1_host_transmit(&reader, span_of(command, sizeof command), host->bytes), 2);
    assert_int_equal(host->bytes[0] << 8 | host->bytes[1], SW_WRONG_LENGTH);
    host_select(host);
}

/* Read before the emulator is started anew. */
static void test_stack_is_bounded(void **state)
{
    (void)state;
    size_t used = board_stack_used(&run);
    printf("  %s: %zu bytes of stack used of %d, with T=1 and CCID\n", run.kind->name, used,
           (int)BOARD_STACK);
    assert_true(used > 1000);
}

/* A processor of 8 million instructions a second takes seconds to sign. */
static void test_time_is_asked_for(void **state)
{
    (void)state;
    if (!run.kind->has_file) {
        skip(); /* a power cycle of this board is a reset, and its clock stays */
    }
    board_kill(&run);
    run.counts = true;
    run.slowness = SLOW;
    board_start(&run, "card");
    t1_host_make(&reader, exchange, NULL);
    t1_host_power_on(&reader);
    t1_host_set_ifsd(&reader, T1_IFSC);
    host_select(host);
    asked = 0;
    assert_int_equal(host_prove(host), SW_OK);
    printf("  %s: asked %u times for more time\n", run.kind->name, asked);
    assert_in_range(asked, 1, 20);
}

static int set_up_reader(void **state)
{
    set_up(state);
    host->transmit = t1_host_transmit;
    host->transmit_context = &reader;
    t1_host_make(&reader, exchange, NULL);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_choose_the_reader),
        cmocka_unit_test(test_half_a_frame_is_dropped),
        cmocka_unit_test(test_whole_sessions),
        cmocka_unit_test(test_commands_that_are_too_long),
        cmocka_unit_test(test_stack_is_bounded),
        cmocka_unit_test(test_time_is_asked_for),
    };
    int status = choose_board(argc, argv);
    return status != 0 ? status : cmocka_run_group_tests(tests, set_up_reader, tear_down);
}
