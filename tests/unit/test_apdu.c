/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands of all seven forms of ISO/IEC 7816-4 there and back, and everything that is none.
 */
#include "check.h"
#include "wire/apdu.h"

struct form {
    const char *hex;
    size_t nc;
    uint32_t ne;
    bool extended;
};

static const struct form forms[] = {
    {"00A40000", 0, 0, false},
    {"00B0000000", 0, 256, false},
    {"00B00000FF", 0, 255, false},
    {"00A4000C02E101", 2, 0, false},
    {"00A4000402E10100", 2, 256, false},
    {"00A4000402E10110", 2, 16, false},
    {"00B00000000000", 0, 65536, true},
    {"00B00000000100", 0, 256, true},
    {"00A4000C000002E101", 2, 0, true},
    {"00A40004000002E1010000", 2, 65536, true},
    {"00A40004000002E1010801", 2, 2049, true},
};

static void every_form_is_read_and_written_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        uint8_t room[32];
        struct span bytes = check_hex(forms[i].hex, room, sizeof room);
        struct apdu command;
        assert_true(apdu_read(bytes, &command));
        assert_int_equal(command.cla, 0x00);
        assert_int_equal(command.ins, room[1]);
        assert_int_equal(command.p2, room[3]);
        assert_int_equal(command.data.len, forms[i].nc);
        assert_int_equal(command.ne, forms[i].ne);
        assert_int_equal(command.extended, forms[i].extended);
        uint8_t back[32];
        struct writer w = writer_of(back, sizeof back);
        assert_true(apdu_write(&w, &command));
        check_bytes(writer_span(&w), bytes);
    }
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",                     /* nothing */
        "00A400",               /* no P2 */
        "00A4000C02E1",         /* Lc says more than there is */
        "00A4000C02E1010000",   /* two bytes behind the data */
        "00B000000000",         /* half an extended Le */
        "00A40000000000E1",     /* an extended Lc of nothing, with data */
        "00A4000C000003E101",   /* an extended Lc that says more */
        "00A4000C000002E10100", /* half an extended Le behind data */
        "00A4000C000002E101000000",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        uint8_t room[32];
        struct span bytes = check_hex(wrong[i], room, sizeof room);
        uint8_t *exact = check_heap_copy(bytes);
        struct apdu command = {.cla = 0x77};
        assert_false(apdu_read(span_of(exact, bytes.len), &command));
        assert_int_equal(command.cla, 0x77);
        free(exact);
    }
}

static void visit_prefix(struct span prefix, void *context)
{
    struct apdu command;
    if (apdu_read(prefix, &command)) { /* the header alone and Le are commands, too */
        ++*(size_t *)context;
        assert_true(prefix.len == 4 || prefix.len == 5 || prefix.len == 7 || prefix.len == 9);
    }
}

static void prefixes_read_no_byte_too_many(void **state)
{
    (void)state;
    size_t commands = 0;
    uint8_t room[32];
    check_prefixes(check_hex("00A4000402E10100", room, sizeof room), visit_prefix, &commands);
    assert_int_equal(commands, 3); /* header; Le 02; Lc and data */
    commands = 0;
    check_prefixes(check_hex("00A40004000002E1010000", room, sizeof room), visit_prefix, &commands);
    assert_int_equal(commands, 4); /* header; short Le of 256; extended Le of 2; Lc and data */
}

static void the_largest_command_fits(void **state)
{
    (void)state;
    uint8_t *data = calloc(1, APDU_MAX_EXTENDED_NC);
    uint8_t *bytes = malloc(APDU_MAX_EXTENDED_NC + 9);
    assert_non_null(data);
    assert_non_null(bytes);
    struct apdu command = {
        .ins = 0xD6, .data = span_of(data, APDU_MAX_EXTENDED_NC), .ne = APDU_MAX_EXTENDED_NE};
    struct writer w = writer_of(bytes, APDU_MAX_EXTENDED_NC + 9);
    assert_true(apdu_write(&w, &command));
    assert_int_equal(w.len, 65544);
    struct apdu back;
    assert_true(apdu_read(writer_span(&w), &back));
    assert_int_equal(back.data.len, APDU_MAX_EXTENDED_NC);
    assert_int_equal(back.ne, APDU_MAX_EXTENDED_NE);
    command.ne++;
    w = writer_of(bytes, 0);
    assert_false(apdu_write(&w, &command));
    assert_int_equal(w.len, 0);
    free(data);
    free(bytes);
}

static void lengths_choose_the_form(void **state)
{
    (void)state;
    static const uint8_t data[256];
    uint8_t room[300];
    struct writer w = writer_of(room, sizeof room);
    assert_true(apdu_write(&w, &(struct apdu){.data = span_of(data, 255), .ne = 256}));
    assert_int_equal(w.len, 4 + 1 + 255 + 1);
    w = writer_of(room, sizeof room);
    assert_true(apdu_write(&w, &(struct apdu){.data = span_of(data, 256)}));
    assert_int_equal(w.len, 4 + 3 + 256);
    w = writer_of(room, sizeof room);
    assert_true(apdu_write(&w, &(struct apdu){.ne = 257}));
    assert_int_equal(w.len, 4 + 3);
}

static void responses_end_in_a_status_word(void **state)
{
    (void)state;
    uint8_t room[8];
    struct apdu_response response = {.sw = 0};
    assert_true(apdu_response_read(check_hex("AABB6C10", room, sizeof room), &response));
    assert_int_equal(response.sw, SW_WRONG_LE + 0x10);
    assert_int_equal(response.data.len, 2);
    uint8_t back[8];
    struct writer w = writer_of(back, sizeof back);
    apdu_response_write(&w, &response);
    check_bytes(writer_span(&w), span_of(room, 4));
    assert_true(apdu_response_read(check_hex("9000", room, sizeof room), &response));
    assert_int_equal(response.data.len, 0);
    assert_false(apdu_response_read(check_hex("90", room, sizeof room), &response));
    assert_false(apdu_response_read(span_of(room, 0), &response));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read_and_written_again),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(prefixes_read_no_byte_too_many),
        cmocka_unit_test(the_largest_command_fits),
        cmocka_unit_test(lengths_choose_the_form),
        cmocka_unit_test(responses_end_in_a_status_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
