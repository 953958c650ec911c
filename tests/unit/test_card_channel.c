/* SPDX-License-Identifier: Apache-2.0
 *
 * Secured commands that somebody between issuer and card has changed, at every level: replayed, in
 * another order, left out, cut short, with any bit flipped, or wrapped at another level. None of
 * them writes anything.
 */
#include "card_host.h"

enum { ROOM = 2200, MAX_RECORDED = 16 };

static struct card_host host;
static const uint8_t levels[] = {0x01, 0x03, 0x11, 0x13};
static const uint8_t new_file[] = {0xE1, 0x10, 0x00, 0x01, 0xAA};
static uint8_t key_data[ROOM];

static int make(void **state)
{
    (void)state;
    host_make(&host, 81);
    return 0;
}

/* Commands that change the card, each whole in one APDU. */
enum change { STORE, GENERATE, PUT_KEY, CHANGES };

static struct apdu change_command(enum change change)
{
    const struct card_keys keys = {
        .version = 0x31, .key_bytes = 16, .enc = {1}, .mac = {2}, .dek = {3}};
    switch (change) {
    case STORE:
        return (struct apdu){.cla = 0x80,
                             .ins = CARD_INS_STORE_DATA,
                             .p1 = 0x80,
                             .data = span_of(new_file, sizeof new_file)};
    case PUT_KEY:
        return (struct apdu){.cla = 0x80,
                             .ins = CARD_INS_PUT_KEY,
                             .p2 = 0x81,
                             .data = host_key_data(&host, &keys, key_data),
                             .ne = 256};
    case GENERATE:
    case CHANGES:
    default:
        return (struct apdu){.ins = CARD_INS_GENERATE, .ne = 256};
    }
}

static struct span wrap_change(enum change change, bool extended, uint8_t *room)
{
    struct apdu command = change_command(change);
    command.extended = extended;
    return host_wrap(&host, &command, room);
}

static struct span wrap_file(uint8_t number, uint8_t *room)
{
    const uint8_t data[] = {0xE1, (uint8_t)(0x10 + number), 0x00, 0x01, number};
    const struct apdu command = {
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .p1 = 0x80, .data = span_of(data, sizeof data)};
    return host_wrap(&host, &command, room);
}

/* Sends, and fetches the MAC that a response without data may have. */
static uint16_t send(struct card_host *h, struct span bytes)
{
    host_bytes(h, bytes);
    return h->sw == SW_MORE + SCP03_MAC ? host_hex(h, "00C00000 08") : h->sw;
}

static bool has_file(struct card_host *h, uint8_t number)
{
    return store_length(&h->card.store, (unsigned)STORE_FILE + 1 + number) != 0;
}

/* An experiment on a copy of the card before the command. */
static struct card_host opened;

static uint16_t send_to_copy(struct span bytes)
{
    static struct card_host copy;
    host_copy(&copy, &opened);
    uint16_t sw = send(&copy, bytes);
    if (copy.native.operations != opened.native.operations) {
        print_error("flash was written: %04X\n", sw);
    }
    assert_int_equal(copy.native.operations, opened.native.operations);
    return sw;
}

static void visit_flipped(struct span flipped, void *context)
{
    (void)context;
    assert_int_not_equal(send_to_copy(flipped), SW_OK);
}

/* Head, length and data: Le stands behind the MAC and is not under it (Amendment D, §6.2.4). */
static size_t covered(struct span command)
{
    const uint8_t *head = command.ptr;
    return head[4] != 0 ? 5 + (size_t)head[4] : 7 + (size_t)(head[5] << 8 | head[6]);
}

/* In short and in extended length fields, of commands with and without data, at each level. */
static void no_flipped_bit_passes_at_any_level(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels) * CHANGES * 2; i++) {
        uint8_t room[ROOM];
        host_make(&host, 81);
        host_open(&host, levels[i % COUNT_OF(levels)]);
        host_copy(&opened, &host);
        struct span bytes = wrap_change(i / COUNT_OF(levels) % CHANGES, i % 2 != 0, room);
        check_bit_flips(span_of(room, covered(bytes)), visit_flipped, NULL);
        assert_int_equal(send(&host, bytes), SW_OK);
    }
}

/* What the beginning of a command is taken for: bytes that are no APDU, or one without a MAC. */
static uint16_t truncation_sw(size_t len, bool extended)
{
    bool is_command = len == 4 || len == 5 || (extended && len == 7);
    return is_command ? SW_SECURITY : SW_WRONG_LENGTH;
}

static void no_truncated_command_passes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels) * 2; i++) {
        uint8_t room[ROOM];
        bool extended = i >= COUNT_OF(levels);
        host_make(&host, 81);
        host_open(&host, levels[i % COUNT_OF(levels)]);
        host_copy(&opened, &host);
        struct span bytes = wrap_change(STORE, extended, room);
        for (size_t len = 0; len < bytes.len; len++) {
            assert_int_equal(send_to_copy(span_of(room, len)), truncation_sw(len, extended));
        }
        assert_int_equal(send(&host, bytes), SW_OK);
        assert_true(has_file(&host, 0));
    }
}

/* Whoever cuts a command short can put the length right. */
static void nor_one_whose_length_was_put_right(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        host_make(&host, 81);
        host_open(&host, levels[i]);
        host_copy(&opened, &host);
        struct span bytes = wrap_change(STORE, false, room);
        const uint8_t lc = room[4];
        assert_int_equal(bytes.len, 5 + (size_t)lc);
        for (uint8_t len = 1; len < lc; len++) {
            room[4] = len;
            assert_int_equal(send_to_copy(span_of(room, 5 + (size_t)len)), SW_SECURITY);
        }
        room[4] = (uint8_t)(lc + 1); /* nor one that has grown */
        room[bytes.len] = 0;
        assert_int_equal(send_to_copy(span_of(room, bytes.len + 1)), SW_SECURITY);
        room[4] = lc;
        assert_int_equal(send(&host, bytes), SW_OK);
    }
}

/* Bytes that are no APDU never reach the channel; an APDU with a wrong MAC ends it. */
static void what_a_truncated_command_leaves_of_the_session(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    host_open(&host, 0x13);
    struct span bytes = wrap_file(0, room);
    assert_int_equal(host_bytes(&host, span_of(room, bytes.len - 1)), SW_WRONG_LENGTH);
    assert_int_equal(send(&host, bytes), SW_OK);
    bytes = wrap_file(1, room);
    assert_int_equal(host_bytes(&host, span_of(room, 4)), SW_SECURITY);
    assert_int_equal(send(&host, bytes), SW_SECURITY);
    assert_true(has_file(&host, 0));
    assert_false(has_file(&host, 1));
}

/* Every order of three commands but the right one: those before the first that is out of place
 * pass, nothing after it does. */
static void commands_in_another_order_are_refused(void **state)
{
    (void)state;
    static const uint8_t orders[][3] = {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (unsigned i = 0; i < COUNT_OF(levels) * COUNT_OF(orders); i++) {
        uint8_t room[3][ROOM];
        struct span bytes[3];
        const uint8_t *order = orders[i / COUNT_OF(levels)];
        host_make(&host, 81);
        host_open(&host, levels[i % COUNT_OF(levels)]);
        for (uint8_t n = 0; n < 3; n++) {
            bytes[n] = wrap_file(n, room[n]);
        }
        bool in_order = true;
        for (uint8_t n = 0; n < 3; n++) {
            in_order = in_order && order[n] == n;
            assert_int_equal(send(&host, bytes[order[n]]), in_order ? SW_OK : SW_SECURITY);
            assert_int_equal(has_file(&host, order[n]), in_order);
        }
    }
}

static void a_command_that_is_left_out_is_noticed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        host_make(&host, 81);
        host_open(&host, levels[i]);
        wrap_file(0, room); /* is lost */
        assert_int_equal(send(&host, wrap_file(1, room)), SW_SECURITY);
        assert_false(has_file(&host, 1));
    }
}

static void a_command_that_comes_twice_is_noticed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        host_make(&host, 81);
        host_open(&host, levels[i]);
        struct span bytes = wrap_file(0, room);
        assert_int_equal(send(&host, bytes), SW_OK);
        uint64_t operations = host.native.operations;
        assert_int_equal(send(&host, bytes), SW_SECURITY);
        assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
        assert_int_equal(host.native.operations, operations);
    }
}

/* All bytes that an issuer sent to a card. */
static struct {
    uint8_t bytes[MAX_RECORDED][ROOM];
    size_t lengths[MAX_RECORDED];
    size_t count;
} record;

static size_t record_and_pass_on(void *context, struct span command, uint8_t *response)
{
    struct card_host *h = context;
    if (command.ptr[1] == CARD_INS_GET_RESPONSE) {
        return card_transmit(&h->card, command, response);
    }
    assert_true(record.count < MAX_RECORDED && command.len <= ROOM);
    memcpy(record.bytes[record.count], command.ptr, command.len);
    record.lengths[record.count++] = command.len;
    return card_transmit(&h->card, command, response);
}

static void record_session(uint8_t level)
{
    uint8_t file[40] = {level};
    record.count = 0;
    host.transmit = record_and_pass_on;
    host.transmit_context = &host;
    host_open(&host, level);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of(file, sizeof file), 30), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(file, sizeof file), 100), SW_OK);
    host.transmit = NULL;
    assert_int_equal(record.count, 3 + 2 + 1);
}

/* The card's challenge is another one: neither the old cryptogram nor anything after it is worth
 * anything, with and without a loss of power in between. */
static void a_whole_session_cannot_be_replayed(void **state)
{
    (void)state;
    static const uint16_t wanted[] = {SW_OK,       SW_OK,       SW_AUTHENTICATION_FAILED,
                                      SW_SECURITY, SW_SECURITY, SW_SECURITY};
    for (unsigned i = 0; i < COUNT_OF(levels) * 2; i++) {
        host_make(&host, 81);
        record_session(levels[i % COUNT_OF(levels)]);
        host_open(&host, 0x01); /* and the files are removed again */
        assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL, span_of("", 0), 30), SW_OK);
        assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of("", 0), 30), SW_OK);
        if (i >= COUNT_OF(levels)) {
            host_restart(&host);
        }
        for (size_t n = 0; n < record.count; n++) {
            struct span bytes = span_of(record.bytes[n], record.lengths[n]);
            assert_int_equal(send(&host, bytes), wanted[n]);
        }
        assert_false(has_file(&host, 0));
        assert_int_equal(store_length(&host.card.store, STORE_FILE), 0);
    }
}

/* Nor can its commands be put into a session that is open. */
static void commands_of_another_session_are_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        host_make(&host, 81);
        record_session(levels[i]);
        for (size_t n = 3; n < record.count; n++) {
            host_open(&host, levels[i]);
            uint64_t operations = host.native.operations;
            assert_int_equal(host_bytes(&host, span_of(record.bytes[n], record.lengths[n])),
                             SW_SECURITY);
            assert_int_equal(host.card.channel.phase, SCP03_CLOSED);
            assert_int_equal(host.native.operations, operations);
        }
    }
}

/* The level is under the MAC of EXTERNAL AUTHENTICATE: nobody in between lowers it. */
static void a_level_cannot_be_changed_under_way(void **state)
{
    (void)state;
    unsigned wrong = 0;
    host_select(&host);
    for (unsigned i = 0; i < COUNT_OF(levels) * COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        uint8_t meant = levels[i % COUNT_OF(levels)], sent = levels[i / COUNT_OF(levels)];
        assert_int_equal(host_challenge(&host), SW_OK);
        const struct apdu command = {
            .cla = 0x80, .ins = 0x82, .p1 = meant, .data = span_of(host.host_cryptogram, 8)};
        struct span bytes = host_wrap(&host, &command, room);
        room[2] = sent;
        assert_int_equal(send(&host, bytes), meant == sent ? SW_OK : SW_AUTHENTICATION_FAILED);
        wrong += meant != sent;
    }
    assert_int_equal(wrong, 12);
}

/* The session's level says what a command is, not the command. */
static void a_command_wrapped_at_another_level_is_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels) * COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        uint8_t open = levels[i % COUNT_OF(levels)], wrapped = levels[i / COUNT_OF(levels)];
        host_make(&host, 81);
        host_open(&host, open);
        host.level = wrapped;
        uint16_t sw = send(&host, wrap_file(0, room));
        bool encrypts = (open & SCP03_LEVEL_C_ENC) != 0;
        bool encrypted = (wrapped & SCP03_LEVEL_C_ENC) != 0;
        if (encrypts == encrypted) {
            assert_int_equal(sw, SW_OK);
        } else { /* plain bytes are no padded data, and encrypted ones name no file */
            assert_int_equal(sw, encrypts ? SW_MESSAGING_WRONG : SW_NOT_FOUND);
        }
        assert_int_equal(has_file(&host, 0), encrypts == encrypted);
    }
}

static uint16_t read_key(struct span *ret_answer, uint8_t *room, uint32_t ne)
{
    uint8_t command_room[ROOM];
    const struct apdu read = {.ins = CARD_INS_READ_BINARY, .p1 = 0x82, .ne = ne};
    host_bytes(&host, host_wrap(&host, &read, command_room));
    memcpy(room, host.data.ptr, host.data.len);
    *ret_answer = span_of(room, host.data.len);
    return host.sw;
}

/* A response answers one command: the same file read twice has the same bytes and another MAC, and
 * the MAC tells the status words apart. */
static void a_response_has_a_mac_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        uint8_t room[3][128];
        struct span answers[3];
        size_t mac = (levels[i] & SCP03_LEVEL_R_MAC) != 0 ? SCP03_MAC : 0;
        host_make(&host, 81);
        host_open(&host, levels[i]);
        assert_int_equal(host_generate(&host), SW_OK);
        assert_int_equal(read_key(&answers[0], room[0], 256), SW_OK);
        assert_int_equal(read_key(&answers[1], room[1], 256), SW_OK);
        assert_int_equal(read_key(&answers[2], room[2], 80), SW_END_OF_FILE);
        for (size_t n = 0; n < 3; n++) {
            assert_int_equal(answers[n].len, 65 + mac);
            assert_memory_equal(room[n], room[0], 65);
            assert_true(n == 0 || mac == 0 || memcmp(room[n] + 65, room[0] + 65, mac) != 0);
        }
    }
}

/* SW 9000 without data carries its MAC alone; what a session without R-MAC answers carries none. */
static void an_empty_response_is_its_mac(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        host_make(&host, 81);
        host_open(&host, levels[i]);
        struct apdu command = change_command(STORE);
        command.ne = 256;
        assert_int_equal(host_bytes(&host, host_wrap(&host, &command, room)), SW_OK);
        assert_int_equal(host.data.len, levels[i] & SCP03_LEVEL_R_MAC ? SCP03_MAC : 0);
    }
}

/* Commands outside secure messaging in between change nothing of the session, and have no rights.
 */
static void commands_in_between_have_no_rights(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(levels); i++) {
        uint8_t room[ROOM];
        host_make(&host, 81);
        host_open(&host, levels[i]);
        assert_int_equal(send(&host, wrap_file(0, room)), SW_OK);
        assert_int_equal(host_hex(&host, "80E2800005 E111000155"), SW_SECURITY);
        assert_int_equal(host_hex(&host, "00470000 00"), SW_SECURITY);
        assert_int_equal(host_hex(&host, "00B08100 00"), SW_OK);
        assert_int_equal(send(&host, wrap_file(2, room)), SW_OK);
        assert_false(has_file(&host, 1));
        assert_true(has_file(&host, 2));
    }
}

/* The counter that encryption begins with has carries. */
static void a_long_session_stays_in_step(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    host_open(&host, 0x13);
    for (unsigned i = 0; i < 600; i++) {
        assert_int_equal(send(&host, wrap_file((uint8_t)(i % 8), room)), SW_OK);
    }
}

#define CARD_TEST(f) cmocka_unit_test_setup(f, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(no_flipped_bit_passes_at_any_level),
        CARD_TEST(no_truncated_command_passes),
        CARD_TEST(nor_one_whose_length_was_put_right),
        CARD_TEST(what_a_truncated_command_leaves_of_the_session),
        CARD_TEST(commands_in_another_order_are_refused),
        CARD_TEST(a_command_that_is_left_out_is_noticed),
        CARD_TEST(a_command_that_comes_twice_is_noticed),
        CARD_TEST(a_whole_session_cannot_be_replayed),
        CARD_TEST(commands_of_another_session_are_refused),
        CARD_TEST(a_level_cannot_be_changed_under_way),
        CARD_TEST(a_command_wrapped_at_another_level_is_refused),
        CARD_TEST(a_response_has_a_mac_of_its_own),
        CARD_TEST(an_empty_response_is_its_mac),
        CARD_TEST(commands_in_between_have_no_rights),
        CARD_TEST(a_long_session_stays_in_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
