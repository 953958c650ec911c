/* SPDX-License-Identifier: Apache-2.0
 *
 * Making a PIV card: from one without a key to one that verifies, pulled at any command, with what
 * others left on it, with the wrong management key, and cards that do not sign.
 */
#include "piv_line.h"

#include "codec/cose.h"
#include "issuer/token_writer.h"

static struct card_host host, before;
static struct card_line line;
static struct token_writer writer;
static struct card_piv_management key;

/* What is to be put on the card. */
static struct {
    uint8_t room[CREDENTIAL_MAX_BYTES], digest[32];
    struct span document;
} want;

static int make(void **state)
{
    (void)state;
    key = piv_line_key();
    host_make(&host, 1);
    host.native.random_is_real = true;
    piv_host_personalise(&host);
    native_copy(&before.native, &host.native);
    return 0;
}

/* A card with PIN, PUK and management key, and nothing else. */
static void fresh(void)
{
    native_copy(&host.native, &before.native);
}

/* Another maker's card: it has no credential application. */
static size_t as_token(struct span command, uint8_t *response, size_t len)
{
    if (command.ptr[1] != CARD_INS_SELECT || command.ptr[4] != CARD_APP_AID_BYTES ||
        memcmp(command.ptr + 5, CARD_APP_AID, CARD_APP_AID_BYTES) != 0) {
        return len;
    }
    memcpy(response, "\x6A\x82", 2);
    return 2;
}

static unsigned last_put; /* number of the command */

static size_t note_put(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)cap;
    last_put = command.ptr[1] == CARD_INS_PUT_DATA ? l->count : last_put;
    return as_token(command, response, len);
}

static enum token_error present_with(size_t (*twist)(struct card_line *, struct span, uint8_t *,
                                                     size_t, size_t))
{
    host_restart(&host);
    line = (struct card_line){.host = &host, .twist = twist, .failure = CARD_IO_REMOVED};
    struct card_io io = card_line_io(&line);
    return token_writer_open(&writer, &io, &key);
}

/* The card in the reader again. */
static enum token_error present(void)
{
    return present_with(note_put);
}

static void sign_for(size_t sample, const uint8_t thumbprint[32])
{
    uint8_t message[CREDENTIAL_MAX_BYTES + 64];
    struct cose_sign1 cose;
    want.document = card_line_document(sample, thumbprint, NULL, want.room);
    assert_int_equal(cose_sign1_decode(want.document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    struct writer w = writer_of(message, sizeof message);
    cose_sign1_to_be_signed(&w, &cose);
    struct span signed_bytes = writer_span(&w);
    assert_int_equal(crypto_sha256(&signed_bytes, 1, want.digest), CRYPTO_OK);
}

static enum token_error write_it(void)
{
    return token_writer_write(&writer, want.document, want.digest);
}

static void finish(size_t sample)
{
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    sign_for(sample, writer.chip.thumbprint);
    assert_int_equal(write_it(), TOKEN_OK);
}

/* --- what a verifier finds --- */

static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding;

/* Whether the card proves what it holds, and holds what was meant. */
static bool proves(void)
{
    host_restart(&host);
    line = (struct card_line){.host = &host, .twist = note_put};
    struct card_io io = card_line_io(&line);
    holding = (struct card_holding){.len = 0};
    photo = (struct card_photo){.read = false};
    enum card_io_error error = card_visit_open(&visit, &io);
    if (error == CARD_IO_NO_APPLICATION) {
        return false;
    }
    assert_int_equal(error, CARD_IO_OK);
    assert_int_equal(card_holding_read(&visit, 0, &photo, &holding), CARD_IO_OK);
    assert_true(holding.proof.generic_token);
    assert_false(holding.proof.unfinished);
    return holding.proof.answer == CARD_ANSWER_GOOD;
}

static void holds_what_was_meant(void)
{
    assert_true(proves());
    assert_int_equal(holding.len, want.document.len);
    assert_memory_equal(holding.document, want.document.ptr, want.document.len);
    assert_memory_equal(holding.proof.credential_digest, want.digest, 32);
}

static void a_card_is_made(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_false(writer.has_key);
    assert_false(writer.taken);
    finish(0);
    holds_what_was_meant();
    assert_int_equal(present(), TOKEN_OK);
    assert_true(writer.has_key);
    assert_true(writer.taken);
    assert_string_not_equal(writer.label.number, "");
    assert_true(writer.label.names_key);
    assert_int_equal(write_it(), TOKEN_OK); /* as often as one likes */
    holds_what_was_meant();
}

/* With a new key nothing of the old one is left, and then comes the new certificate. */
static void another_certificate_takes_its_place(void **state)
{
    (void)state;
    fresh();
    finish(0);
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    assert_false(proves());
    assert_int_equal(holding.len, 0);
    finish(1);
    holds_what_was_meant();
}

static void pulled_while_the_key_is_made(void **state)
{
    (void)state;
    for (unsigned at = 1;; at++) {
        fresh();
        assert_int_equal(present(), TOKEN_OK);
        line.fail_at = line.count + at;
        enum token_error error = token_writer_make_key(&writer);
        if (error == TOKEN_OK) {
            assert_true(at > 3);
            return;
        }
        assert_int_equal(error, TOKEN_IO);
        assert_int_equal(writer.io_error, CARD_IO_REMOVED);
        assert_false(writer.has_key);
        assert_false(proves());
        finish(0);
        holds_what_was_meant();
    }
}

/* Nothing is proved before the last part of the certificate is there; presented again, the card is
 * finished with the certificate that was signed. */
static void pulled_while_it_is_written(void **state)
{
    (void)state;
    uint8_t thumbprint[32];
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    memcpy(thumbprint, writer.chip.thumbprint, sizeof thumbprint);
    sign_for(0, thumbprint);
    static struct card_host with_key;
    native_copy(&with_key.native, &host.native);
    unsigned begin = line.count, pulls = 0;
    assert_int_equal(write_it(), TOKEN_OK);
    unsigned put = last_put - begin;
    for (unsigned at = 1;; at++) {
        native_copy(&host.native, &with_key.native);
        assert_int_equal(present(), TOKEN_OK);
        assert_true(writer.has_key);
        assert_memory_equal(writer.chip.thumbprint, thumbprint, sizeof thumbprint);
        line.fail_at = line.count + at;
        enum token_error error = write_it();
        if (error == TOKEN_OK) {
            break;
        }
        assert_int_equal(error, TOKEN_IO);
        pulls++;
        if (proves()) {
            assert_true(at > put);
        }
        assert_int_equal(present(), TOKEN_OK);
        assert_int_equal(write_it(), TOKEN_OK);
        holds_what_was_meant();
    }
    assert_true(pulls > put);
}

static void a_wrong_management_key_changes_nothing(void **state)
{
    (void)state;
    fresh();
    finish(0);
    key.key[0] ^= 1;
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_PIV);
    assert_int_equal(writer.piv_error, CARD_PIV_WRONG_KEY);
    assert_int_equal(write_it(), TOKEN_PIV);
    key.key[0] ^= 1;
    holds_what_was_meant();
}

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
                     CARD_IO_REFUSED);
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
    static const enum card_piv_error wanted[] = {CARD_PIV_REFUSED, CARD_PIV_DIFFERS};
    fresh();
    finish(0);
    assert_int_equal(present(), TOKEN_OK);
    key.key[0] ^= 1;
    assert_int_equal(token_writer_erase(&writer), TOKEN_PIV);
    assert_int_equal(writer.piv_error, CARD_PIV_WRONG_KEY);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_made),
        cmocka_unit_test(another_certificate_takes_its_place),
        cmocka_unit_test(pulled_while_the_key_is_made),
        cmocka_unit_test(pulled_while_it_is_written),
        cmocka_unit_test(a_wrong_management_key_changes_nothing),
        cmocka_unit_test(a_key_that_does_not_sign_is_refused_when_it_is_made),
        cmocka_unit_test(a_key_that_wants_a_touch_gets_no_certificate),
        cmocka_unit_test(what_signs_nonsense_has_no_key),
        cmocka_unit_test(an_erased_card_holds_nothing_and_proves_nothing),
        cmocka_unit_test(pulled_while_it_is_erased),
        cmocka_unit_test(a_card_that_cannot_be_erased_says_so),
        cmocka_unit_test(another_cards_certificate_is_refused),
        cmocka_unit_test(other_cards_are_none),
        cmocka_unit_test(cards_of_ours_are_not_written_as_others),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
