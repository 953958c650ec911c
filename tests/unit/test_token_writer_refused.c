/* SPDX-License-Identifier: Apache-2.0
 *
 * PIV cards that cannot be made, or must not: keys that do not sign, cards that hold something,
 * cards of other kinds; and erasing.
 */
#include "token_scene.h"

/* ---- keys that are no use ---- */

static bool is_signing(struct span command)
{
    return command.ptr[1] == CARD_INS_GENERAL_AUTHENTICATE && command.ptr[3] == CARD_PIV_KEY_9E;
}

/* A PIN, or a touch, is wanted. */
static size_t refuse_to_sign(struct card_line *l, struct span command, uint8_t *response,
                             size_t len, size_t cap)
{
    (void)l;
    (void)cap;
    if (is_signing(command)) {
        memcpy(response, "\x69\x82", 2);
        return 2;
    }
    return as_token(command, response, len);
}

static size_t sign_nonsense(struct card_line *l, struct span command, uint8_t *response, size_t len,
                            size_t cap)
{
    (void)l;
    return is_signing(command) ? check_hex("7C0A 8208 3006 020101 020101 9000", response, cap).len
                               : as_token(command, response, len);
}

/* Before anything is signed for it. */
static void a_key_that_does_not_sign_is_refused_when_it_is_made(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(present_with(refuse_to_sign), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_UNPROVED);
    assert_false(writer.has_key);
    assert_int_equal(present_with(sign_nonsense), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_IMPOSTOR);
    assert_false(writer.has_key);
    finish(0);
    holds_what_was_meant();
}

static void a_key_that_wants_a_touch_gets_no_certificate(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    sign_for(0, writer.chip.thumbprint);
    line.twist = refuse_to_sign;
    assert_int_equal(write_it(), TOKEN_UNPROVED);
    assert_false(proves());
}

/* It stands in nobody's way. */
static void what_signs_nonsense_has_no_key(void **state)
{
    (void)state;
    fresh();
    finish(0);
    assert_int_equal(present_with(sign_nonsense), TOKEN_OK);
    assert_false(writer.has_key);
    assert_true(writer.taken);
    assert_int_equal(token_writer_erase(&writer), TOKEN_OK);
    finish(1);
    holds_what_was_meant();
}

/* ---- erasing ---- */

static void an_erased_card_holds_nothing_and_proves_nothing(void **state)
{
    (void)state;
    uint8_t thumbprint[32];
    fresh();
    finish(0);
    memcpy(thumbprint, writer.chip.thumbprint, sizeof thumbprint);
    assert_int_equal(present(), TOKEN_OK);
    assert_true(writer.taken);
    assert_int_equal(token_writer_erase(&writer), TOKEN_OK);
    assert_false(writer.taken);
    assert_false(writer.has_key);
    assert_false(proves());
    assert_int_equal(present(), TOKEN_OK);
    assert_false(writer.taken);
    assert_string_equal(writer.label.number, "");
    assert_true(writer.has_key);
    assert_memory_not_equal(writer.chip.thumbprint, thumbprint, sizeof thumbprint);
    uint8_t room[CARD_PIV_MAX_OBJECT + 2];
    struct span value;
    assert_int_equal(card_piv_get(&writer.piv, CARD_PIV_CERTIFICATE_9E, room, sizeof room, &value),
                     CARD_IO_OK);
    assert_int_equal(value.len, 0);
}

/* The certificate goes first: at no moment is one there that another key than its own proves. */
static void pulled_while_it_is_erased(void **state)
{
    (void)state;
    static struct card_host made;
    fresh();
    finish(0);
    native_copy(&made.native, &host.native);
    for (unsigned at = 1;; at++) {
        native_copy(&host.native, &made.native);
        assert_int_equal(present(), TOKEN_OK);
        line.fail_at = line.count + at;
        enum token_error error = token_writer_erase(&writer);
        if (error == TOKEN_OK) {
            assert_true(at > 6);
            return;
        }
        assert_int_equal(error, TOKEN_IO);
        assert_int_equal(writer.io_error, CARD_IO_REMOVED);
        if (!proves()) {
            assert_int_equal(holding.len, 0);
        }
        assert_int_equal(present(), TOKEN_OK);
        assert_int_equal(token_writer_erase(&writer), TOKEN_OK);
        assert_false(proves());
    }
}

static size_t refuse_to_forget(struct card_line *l, struct span command, uint8_t *response,
                               size_t len, size_t cap)
{
    bool puts = command.ptr[1] == CARD_INS_PUT_DATA;
    bool gets = command.ptr[1] == CARD_INS_GET_DATA;
    if (l->number == 1 && puts) {
        return check_hex("6A81", response, cap).len;
    }
    return l->number == 2 && gets ? check_hex("5301AA 9000", response, cap).len
                                  : as_token(command, response, len);
}

/* What does not let go of its certificate is not given another key, either. */
static void a_card_that_cannot_be_erased_says_so(void **state)
{
    (void)state;
    static const enum card_piv_error wanted[] = {CARD_PIV_ERROR_REFUSED, CARD_PIV_ERROR_DIFFERS};
    fresh();
    finish(0);
    assert_int_equal(present(), TOKEN_OK);
    key.key[0] ^= 1;
    assert_int_equal(token_writer_erase(&writer), TOKEN_PIV);
    assert_int_equal(writer.piv_error, CARD_PIV_ERROR_WRONG_KEY);
    key.key[0] ^= 1;
    holds_what_was_meant();
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        fresh();
        finish(0);
        uint8_t point[65];
        memcpy(point, writer.point, sizeof point);
        assert_int_equal(present_with(refuse_to_forget), TOKEN_OK);
        line.number = i + 1;
        assert_int_equal(token_writer_erase(&writer), TOKEN_PIV);
        assert_int_equal(writer.piv_error, wanted[i]);
        assert_true(writer.taken);
        assert_int_equal(present(), TOKEN_OK);
        assert_memory_equal(writer.point, point, sizeof point);
    }
}

/* ---- other cards ---- */

/* Key 9E of somebody who has a certificate for it opens doors, perhaps. */
static void a_key_that_others_use_is_not_free(void **state)
{
    (void)state;
    uint8_t point[65];
    static const char building[] = "the certificate of a building pass";
    fresh();
    host_restart(&host);
    piv_host_select(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_generate(&host, CARD_PIV_KEY_9E, point), SW_OK);
    assert_int_equal(present(), TOKEN_OK);
    assert_true(writer.has_key);
    assert_false(writer.taken);
    host_restart(&host);
    piv_host_select(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CERTIFICATE_9E, span_str(building), 0),
                     SW_OK);
    assert_int_equal(present(), TOKEN_OK);
    assert_true(writer.taken);
    assert_string_equal(writer.label.number, "");
    finish(0);
    holds_what_was_meant();
}

/* What waits for a key waits for one that does not answer just now, too. */
static void a_card_whose_key_is_silent_is_not_free(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    assert_int_equal(present(), TOKEN_OK);
    assert_false(writer.taken);
    uint8_t thumbprint[32];
    memcpy(thumbprint, writer.chip.thumbprint, sizeof thumbprint);
    assert_int_equal(present_with(refuse_to_sign), TOKEN_OK);
    assert_false(writer.has_key);
    assert_true(writer.taken && writer.shows_key);
    assert_memory_equal(writer.chip.thumbprint, thumbprint, sizeof thumbprint);
}

static size_t refuse_objects(struct card_line *l, struct span command, uint8_t *response,
                             size_t len, size_t cap)
{
    (void)l;
    return command.ptr[1] == CARD_INS_GET_DATA ? check_hex("6982", response, cap).len
                                               : as_token(command, response, len);
}

/* What a card does not show may be somebody's. */
static void a_card_that_shows_nothing_is_not_free(void **state)
{
    (void)state;
    fresh();
    finish(0);
    assert_int_equal(present_with(refuse_objects), TOKEN_IO);
    assert_int_equal(writer.io_error, CARD_IO_REFUSED);
    holds_what_was_meant();
}

/* A copy of somebody's certificate, on a card with another key. */
static void a_copy_does_not_name_the_key(void **state)
{
    (void)state;
    fresh();
    finish(0);
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    piv_host_select(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_put_object(&host, CARD_PIV_CREDENTIAL, want.document, 200), SW_OK);
    assert_int_equal(present(), TOKEN_OK);
    assert_true(writer.taken && writer.has_key);
    assert_string_not_equal(writer.label.number, "");
    assert_false(writer.label.names_key);
}

/* The certificate of one key is not put on a card with another. */
static void another_cards_certificate_is_refused(void **state)
{
    (void)state;
    uint8_t made_for[32];
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    memcpy(made_for, writer.chip.thumbprint, sizeof made_for);
    sign_for(0, made_for);
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    memcpy(writer.chip.thumbprint, made_for, sizeof made_for);
    assert_int_equal(write_it(), TOKEN_IMPOSTOR);
    assert_false(proves());
}

static void other_cards_are_none(void **state)
{
    (void)state;
    host_restart(&host);
    card_start(&host.card, &host.native.port, CARD_CONTACTLESS);
    line = (struct card_line){.host = &host, .twist = note_put};
    struct card_io io = card_line_io(&line);
    assert_int_equal(token_writer_open(&writer, &io, &key), TOKEN_IO);
    assert_int_equal(writer.io_error, CARD_IO_NO_APPLICATION);
}

/* Whatever its PIV application may be opened with. */
static void cards_of_ours_are_not_written_as_others(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(present_with(NULL), TOKEN_OURS);
    assert_false(writer.has_key);
}

/* ---- words of other makers ---- */

static const char *word;

/* To our name, or to the writing of an object. */
static size_t say_word(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    bool ours = command.ptr[1] == CARD_INS_SELECT && command.ptr[5] == 0xF0;
    bool puts = command.ptr[1] == CARD_INS_PUT_DATA;
    if (l->number == 0 ? ours : puts) {
        return check_hex(word, response, cap).len;
    }
    return as_token(command, response, len);
}

/* A token need not know the words for "no such application"; a failed memory is one. */
static void a_token_may_refuse_our_name_in_any_words(void **state)
{
    (void)state;
    static const char *const words[] = {"6A82", "6999", "6F00", "6985", "6982", "6400"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        fresh();
        word = words[i];
        assert_int_equal(present_with(say_word), TOKEN_OK);
        assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    }
    word = "6581";
    assert_int_equal(present_with(say_word), TOKEN_IO);
    assert_int_equal(writer.io_error, CARD_IO_WORN);
}

static void a_card_that_does_not_store_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *word, *phrase;
        enum token_error error;
    } row[] = {{"6A84", "the card has no room for that", TOKEN_IO},
               {"6581", "the card's memory failed; take another card", TOKEN_IO},
               {"6982", "the card wants more than its management key", TOKEN_PIV},
               {"6A80", "the card refuses to be written", TOKEN_PIV}};
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        fresh();
        word = row[i].word;
        assert_int_equal(present(), TOKEN_OK);
        assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
        sign_for(0, writer.chip.thumbprint);
        line.number = 1;
        line.twist = say_word;
        enum token_error error = write_it();
        assert_int_equal(error, row[i].error);
        assert_non_null(strstr(token_writer_text(&writer, error), row[i].phrase));
        assert_false(proves());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_does_not_sign_is_refused_when_it_is_made),
        cmocka_unit_test(a_key_that_wants_a_touch_gets_no_certificate),
        cmocka_unit_test(what_signs_nonsense_has_no_key),
        cmocka_unit_test(an_erased_card_holds_nothing_and_proves_nothing),
        cmocka_unit_test(pulled_while_it_is_erased),
        cmocka_unit_test(a_card_that_cannot_be_erased_says_so),
        cmocka_unit_test(another_cards_certificate_is_refused),
        cmocka_unit_test(a_key_that_others_use_is_not_free),
        cmocka_unit_test(a_card_whose_key_is_silent_is_not_free),
        cmocka_unit_test(a_card_that_shows_nothing_is_not_free),
        cmocka_unit_test(a_copy_does_not_name_the_key),
        cmocka_unit_test(other_cards_are_none),
        cmocka_unit_test(cards_of_ours_are_not_written_as_others),
        cmocka_unit_test(a_token_may_refuse_our_name_in_any_words),
        cmocka_unit_test(a_card_that_does_not_store_says_why),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
