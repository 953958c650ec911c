/* SPDX-License-Identifier: Apache-2.0
 *
 * Making a card, over every kind of line: pulled at any command, with the wrong keys, with what
 * others left on it, and cards that lie. After every end, what a verifier finds on the card.
 */
#include "card_line.h"
#include "piv_host.h"

#include <stdio.h>

#include "codec/cose.h"
#include "issuer/chip_writer.h"
#include "wire/card_sample.h"

static struct card_host host, before;
static struct card_line line;
static struct chip_writer writer;
static struct card_key_master transport, issuer, stranger;
static struct chip_keys keys;
static uint8_t photo_bytes[CARD_APP_MAX_PHOTO];

/* What is to be put on the card. */
static struct {
    uint8_t room[CARD_APP_MAX_CREDENTIAL], digest[32];
    struct span document, photo;
} want;

static void master(struct card_key_master *to, const char *text)
{
    to->len = CARD_SAMPLE_MASTER_BYTES;
    memcpy(to->bytes, text, to->len);
}

static int make(void **state)
{
    (void)state;
    master(&transport, CARD_SAMPLE_TRANSPORT_MASTER);
    master(&issuer, CARD_SAMPLE_ISSUER_MASTER);
    master(&stranger, "ANOTHER ISSUER 1");
    keys = (struct chip_keys){&transport, &issuer, CHIP_KEYS};
    for (size_t i = 0; i < sizeof photo_bytes; i++) {
        photo_bytes[i] = (uint8_t)(i * 7 + (i >> 8));
    }
    host_make(&host, 1);
    line = (struct card_line){.host = &host};
    return 0;
}

/* The card in the reader again. */
static enum chip_error present(void)
{
    host_restart(&host);
    line.count = 0;
    line.fail_at = 0;
    struct card_io io = card_line_io(&line);
    chip_writer_close(&writer);
    return chip_writer_open(&writer, &io, &keys);
}

static void sign_for(const uint8_t thumbprint[32], size_t photo_len)
{
    uint8_t message[CARD_APP_MAX_CREDENTIAL + 64], photo_digest[32];
    struct cose_sign1 cose;
    want.photo = span_of(photo_bytes, photo_len);
    assert_int_equal(crypto_sha256(&want.photo, 1, photo_digest), CRYPTO_OK);
    want.document =
        card_line_document(0, thumbprint, photo_len == 0 ? NULL : photo_digest, want.room);
    assert_int_equal(cose_sign1_decode(want.document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    struct writer w = writer_of(message, sizeof message);
    cose_sign1_to_be_signed(&w, &cose);
    struct span signed_bytes = writer_span(&w);
    assert_int_equal(crypto_sha256(&signed_bytes, 1, want.digest), CRYPTO_OK);
}

static enum chip_error write_it(void)
{
    return chip_writer_write(&writer, want.document, want.digest, want.photo);
}

/* From a free card to a finished one. */
static void finish(size_t photo_len)
{
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_OK);
    sign_for(writer.chip.thumbprint, photo_len);
    assert_int_equal(write_it(), CHIP_OK);
}

/* --- what a verifier finds --- */

static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding;

static void look(void)
{
    host_restart(&host);
    line.fail_at = 0;
    struct card_io io = card_line_io(&line);
    memset(&holding, 0, sizeof holding);
    memset(&photo, 0, sizeof photo);
    assert_int_equal(card_visit_open(&visit, &io), CARD_IO_OK);
    if (visit.certificates != 0) {
        assert_int_equal(card_holding_read(&visit, 0, &photo, &holding), CARD_IO_OK);
    }
}

/* As good as green: all that verify_card asks for. */
static bool looks_finished(void)
{
    look();
    return (int)visit.certificates != 0 && holding.proof.answer == CARD_ANSWER_GOOD &&
           !holding.proof.unfinished;
}

static void expect_finished(void)
{
    assert_true(looks_finished());
    assert_int_equal((int)visit.certificates, 1);
    assert_int_equal(visit.state, CARD_LOCKED);
    assert_int_equal(visit.session.file_count, want.photo.len == 0 ? 2 : 3);
    check_bytes(span_of(holding.document, holding.len), want.document);
    assert_memory_equal(holding.proof.credential_digest, want.digest, 32);
    assert_int_equal(holding.proof.has_photo, want.photo.len != 0);
    check_bytes(span_of(photo.bytes, photo.len), want.photo);
}

/* --- genuine cards --- */

static void a_new_card_becomes_the_chip(void **state)
{
    (void)state;
    struct card_label label;
    make(NULL);
    assert_int_equal(present(), CHIP_OK);
    assert_false(writer.has_key || chip_writer_is_taken(&writer));
    finish(5000);
    expect_finished();
    assert_int_equal(present(), CHIP_OK);
    assert_true(writer.has_key && chip_writer_is_taken(&writer));
    assert_int_equal(chip_writer_label(&writer, &label), CHIP_OK);
    assert_string_not_equal(label.number, "");
    assert_true(label.names_key);
    /* It has the issuer's keys now, under the version of real ones. */
    assert_int_equal(chip_writer_unlock(&writer), CHIP_OK);
    assert_false(writer.manage.transport);
    assert_int_equal(writer.manage.keys.version, CHIP_KEYS);
}

static void every_size_and_every_kind_of_line(void **state)
{
    (void)state;
    static const size_t photos[] = {0, 1, 255, 2036, 2048, CARD_APP_MAX_PHOTO};
    for (size_t i = 0; i < COUNT_OF(photos); i++) {
        for (int kind = 0; kind < 4; kind++) {
            make(NULL);
            line.short_only = (kind & 1) != 0;
            line.part = (kind & 2) != 0 ? 255 : 0;
            finish(photos[i]);
            expect_finished();
        }
    }
    make(NULL);
    want.photo = span_of(photo_bytes, (size_t)CARD_APP_MAX_PHOTO + 1);
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(write_it(), CHIP_PHOTO);
}

static void writing_again_changes_nothing(void **state)
{
    (void)state;
    make(NULL);
    finish(300);
    uint64_t operations = host.native.operations;
    keys.issuer = NULL; /* and needs no keys */
    keys.transport = NULL;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(write_it(), CHIP_OK);
    assert_int_equal(host.native.operations, operations);
    expect_finished();
    /* Another certificate is not taken for it. */
    sign_for(writer.chip.thumbprint, 301);
    assert_int_equal(write_it(), CHIP_DIFFERS);
    assert_int_equal(host.native.operations, operations);
}

static void erased_it_is_new_with_another_key(void **state)
{
    (void)state;
    uint8_t first[32];
    make(NULL);
    finish(300);
    memcpy(first, writer.chip.thumbprint, 32);
    keys.transport = NULL; /* the factory has nothing to say any more */
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_erase(&writer), CHIP_OK);
    assert_false(writer.has_key || chip_writer_is_taken(&writer));
    look();
    assert_int_equal(visit.session.file_count, 0);
    finish(0);
    expect_finished();
    assert_memory_not_equal(first, writer.chip.thumbprint, 32);
}

static void what_others_left_on_it_goes(void **state)
{
    (void)state;
    struct card_label label;
    make(NULL);
    host_open(&host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_generate(&host), SW_OK);
    sign_for(want.digest, 0);
    assert_int_equal(host_store(&host, CARD_APP_PHOTO, span_of(photo_bytes, 99), 90), SW_OK);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, span_of(photo_bytes, 99), 90), SW_OK);
    host_open(&host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_store(&host, CARD_APP_CREDENTIAL + 7, want.document, 240), SW_OK);
    assert_int_equal(present(), CHIP_OK);
    assert_true(chip_writer_is_taken(&writer)); /* BLANK, and yet somebody's */
    assert_int_equal(chip_writer_label(&writer, &label), CHIP_OK);
    assert_string_not_equal(label.number, "");
    assert_false(label.names_key);
    assert_true(writer.has_key);
    assert_int_equal(chip_writer_erase(&writer), CHIP_OK);
    assert_false(writer.has_key || chip_writer_is_taken(&writer));
    assert_int_equal(store_length(&host.card.store, STORE_PAIR), 0);
    assert_int_equal(present(), CHIP_OK);
    assert_false(writer.has_key);
    finish(0);
    expect_finished();
}

/* Of the PIV application, too. */
static void what_others_left_in_piv_goes(void **state)
{
    (void)state;
    make(NULL);
    piv_host_personalise(&host);
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_erase(&writer), CHIP_OK);
    assert_int_equal(store_length(&host.card.store, STORE_PIN), 0);
    assert_int_equal(store_length(&host.card.store, STORE_MANAGEMENT), 0);
}

/* --- keys --- */

static void wrong_keys_spend_one_try_each(void **state)
{
    (void)state;
    make(NULL);
    keys.transport = &stranger;
    for (int i = 0; i < SCP03_TRIES - 2; i++) {
        assert_int_equal(present(), CHIP_OK);
        assert_int_equal(chip_writer_make_key(&writer), CHIP_IO);
        assert_int_equal(writer.io_error, CARD_IO_WRONG_KEYS);
        assert_true(writer.manage.transport);
    }
    keys.transport = NULL;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_IO);
    assert_int_equal(writer.io_error, CARD_IO_NO_KEYS);
    keys.transport = &transport;
    finish(0);
    keys.issuer = &stranger;
    for (int i = 0; i < SCP03_TRIES - 1; i++) {
        assert_int_equal(present(), CHIP_OK);
        assert_int_equal(chip_writer_erase(&writer), CHIP_IO);
        assert_int_equal(writer.io_error, CARD_IO_WRONG_KEYS);
        assert_false(writer.manage.transport);
    }
    keys.issuer = &issuer;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_erase(&writer), CHIP_OK);
    /* One more than there are. */
    keys.issuer = &stranger;
    for (int i = 0; i < SCP03_TRIES; i++) {
        assert_int_equal(present(), CHIP_OK);
        assert_int_equal(chip_writer_make_key(&writer), CHIP_IO);
    }
    keys.issuer = &issuer;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_IO);
    assert_int_equal(writer.io_error, CARD_IO_SHUT);
}

/* A card without the issuer's keys would be anybody's who has the factory's. */
static void without_the_issuers_keys_nothing_is_finished(void **state)
{
    (void)state;
    make(NULL);
    keys.issuer = NULL;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_OK);
    sign_for(writer.chip.thumbprint, 0);
    assert_int_equal(write_it(), CHIP_IO);
    assert_int_equal(writer.io_error, CARD_IO_NO_KEYS);
    look();
    assert_int_equal((int)visit.certificates, 0);
    assert_int_equal(visit.state, CARD_BLANK);
}

static void sample_cards_and_real_ones_do_not_mix(void **state)
{
    (void)state;
    make(NULL);
    keys.version = CHIP_KEYS_SAMPLE;
    finish(0);
    keys.version = CHIP_KEYS;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_erase(&writer), CHIP_SAMPLE);
    expect_finished();
    make(NULL);
    finish(0);
    keys.version = CHIP_KEYS_SAMPLE;
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_erase(&writer), CHIP_NOT_SAMPLE);
    expect_finished();
}

/* --- pulled --- */

/* Pulled at every command of making the key: nothing is on the card, and it can be begun again. */
static void pulled_while_it_makes_its_key(void **state)
{
    (void)state;
    unsigned at = 0;
    make(NULL);
    host_copy(&before, &host);
    for (bool done = false; !done;) {
        host_copy(&host, &before);
        assert_int_equal(present(), CHIP_OK);
        line.count = 0;
        line.fail_at = ++at;
        line.failure = CARD_IO_REMOVED;
        done = chip_writer_make_key(&writer) == CHIP_OK;
        if (!done) {
            assert_int_equal(writer.io_error, CARD_IO_REMOVED);
            assert_int_equal(line.count, at);
        }
        look();
        assert_int_equal((int)visit.certificates, 0);
        finish(64);
        expect_finished();
    }
    print_message("making the key: %u commands\n", at - 1);
}

/* Pulled at every command of writing, and again at every `step`-th command of writing it again. */
static void pull_while_it_is_written(size_t photo_len, unsigned step)
{
    unsigned at = 0, finished = 0;
    make(NULL);
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_OK);
    sign_for(writer.chip.thumbprint, photo_len);
    host_copy(&before, &host);
    for (bool done = false; !done;) {
        host_copy(&host, &before);
        assert_int_equal(present(), CHIP_OK);
        line.count = 0;
        line.fail_at = ++at;
        line.failure = at % 2 == 0 ? CARD_IO_REMOVED : CARD_IO_MUTE;
        done = write_it() == CHIP_OK;
        if (!done) {
            assert_int_equal(writer.io_error, line.failure);
            assert_int_equal(line.count, at); /* it is not spoken to again */
        }
        finished += looks_finished() && !done; /* only the last look is missing */
        for (unsigned again = 1; step != 0 && again < 64; again += step) {
            assert_int_equal(present(), CHIP_OK);
            line.count = 0;
            line.fail_at = again;
            line.failure = CARD_IO_RESET;
            if (write_it() == CHIP_OK) {
                break;
            }
        }
        assert_int_equal(present(), CHIP_OK);
        assert_int_equal(write_it(), CHIP_OK);
        expect_finished();
    }
    print_message("writing: %u commands with a photo of %zu bytes\n", at - 1, photo_len);
    assert_in_range(finished, 1, 4); /* SELECT, index, key behind SET STATUS */
}

static void pulled_while_it_is_written(void **state)
{
    (void)state;
    pull_while_it_is_written(0, 3);
    pull_while_it_is_written(5000, 0);
    pull_while_it_is_written(5000, 5);
}

static void pulled_while_it_is_erased(void **state)
{
    (void)state;
    unsigned at = 0;
    make(NULL);
    finish(500);
    host_copy(&before, &host);
    for (bool done = false; !done;) {
        host_copy(&host, &before);
        assert_int_equal(present(), CHIP_OK);
        line.count = 0;
        line.fail_at = ++at;
        line.failure = CARD_IO_REMOVED;
        done = chip_writer_erase(&writer) == CHIP_OK;
        look(); /* the old card, whole, or none */
        assert_true(visit.session.file_count == 3 || visit.session.file_count == 0);
        assert_true(looks_finished() == (visit.session.file_count == 3));
        assert_int_equal(present(), CHIP_OK);
        assert_int_equal(chip_writer_erase(&writer), CHIP_OK);
    }
}

/* --- cards that lie --- */

/* Flips a bit of response number `number`, when that has data. */
static size_t flip(struct card_line *l, struct span command, uint8_t *response, size_t len,
                   size_t cap)
{
    (void)command;
    (void)cap;
    if (l->count == l->number && len > 2) {
        response[(len - 2) / 2] ^= 1;
    }
    return len;
}

/* Whatever answer is changed on its way: nothing is locked that does not read back. */
static void changed_answers_finish_nothing_wrong(void **state)
{
    (void)state;
    unsigned wrong = 0;
    make(NULL);
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_OK);
    sign_for(writer.chip.thumbprint, 700);
    host_copy(&before, &host);
    for (size_t number = 1; number < 40; number++) {
        host_copy(&host, &before);
        assert_int_equal(present(), CHIP_OK);
        line.count = 0;
        line.number = number;
        line.twist = flip;
        enum chip_error error = write_it();
        line.twist = NULL;
        wrong += error != CHIP_OK;
        if (looks_finished()) { /* then it is the right one */
            expect_finished();
        }
    }
    assert_true(wrong > 8);
}

static size_t change_credential(struct card_line *l, struct span command, uint8_t *response,
                                size_t len, size_t cap)
{
    (void)cap;
    bool reads = command.ptr[1] == CARD_INS_READ_BINARY &&
                 command.ptr[2] == (0x80 | (CARD_APP_CREDENTIAL & 0x1F));
    if (reads && len > 60) {
        response[50] ^= 0x20;
        l->number++;
    }
    return len;
}

static void what_does_not_read_back_is_not_locked(void **state)
{
    (void)state;
    make(NULL);
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_OK);
    sign_for(writer.chip.thumbprint, 0);
    line.number = 0;
    line.twist = change_credential;
    assert_int_equal(write_it(), CHIP_DIFFERS);
    line.twist = NULL;
    assert_int_equal(line.number, 1);
    look();
    assert_int_equal(visit.state, CARD_PERSONALISED);
    assert_true(holding.proof.unfinished);
}

static size_t spoil_proof(struct card_line *l, struct span command, uint8_t *response, size_t len,
                          size_t cap)
{
    (void)cap;
    if (command.ptr[1] == CARD_INS_INTERNAL_AUTHENTICATE && len == 66) {
        assert_int_equal(command.ptr[command.len - 2], CARD_PURPOSE_ISSUE);
        response[20] ^= 4;
        l->number++;
    }
    return len;
}

static void what_does_not_prove_its_key_is_not_locked(void **state)
{
    (void)state;
    make(NULL);
    assert_int_equal(present(), CHIP_OK);
    assert_int_equal(chip_writer_make_key(&writer), CHIP_OK);
    sign_for(writer.chip.thumbprint, 0);
    line.number = 0;
    line.twist = spoil_proof;
    assert_int_equal(write_it(), CHIP_UNPROVED);
    line.twist = NULL;
    assert_int_equal(line.number, 1);
    look();
    assert_int_equal(visit.state, CARD_PERSONALISED);
}

/* A card in the middle that shows a key of its own. */
static size_t change_key(struct card_line *l, struct span command, uint8_t *response, size_t len,
                         size_t cap)
{
    (void)cap;
    bool reads = command.ptr[1] == CARD_INS_READ_BINARY &&
                 command.ptr[2] == (0x80 | (CARD_APP_PUBLIC_KEY & 0x1F));
    if (reads && len == 67) {
        host_make(&before, 9);
        host_open(&before, SCP03_LEVEL_C_MAC);
        assert_int_equal(host_generate(&before), SW_OK);
        memcpy(response, before.data.ptr + before.data.len - 65, 65);
        l->number++;
    }
    return len;
}

static void a_key_that_was_not_made_on_it_is_not_signed_for(void **state)
{
    (void)state;
    make(NULL);
    assert_int_equal(present(), CHIP_OK);
    line.number = 0;
    line.twist = change_key;
    assert_int_equal(chip_writer_make_key(&writer), CHIP_DIFFERS);
    assert_false(writer.has_key);
    assert_int_equal(line.number, 1);
    line.twist = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_card_becomes_the_chip),
        cmocka_unit_test(every_size_and_every_kind_of_line),
        cmocka_unit_test(writing_again_changes_nothing),
        cmocka_unit_test(erased_it_is_new_with_another_key),
        cmocka_unit_test(what_others_left_on_it_goes),
        cmocka_unit_test(what_others_left_in_piv_goes),
        cmocka_unit_test(wrong_keys_spend_one_try_each),
        cmocka_unit_test(without_the_issuers_keys_nothing_is_finished),
        cmocka_unit_test(sample_cards_and_real_ones_do_not_mix),
        cmocka_unit_test(pulled_while_it_makes_its_key),
        cmocka_unit_test(pulled_while_it_is_written),
        cmocka_unit_test(pulled_while_it_is_erased),
        cmocka_unit_test(changed_answers_finish_nothing_wrong),
        cmocka_unit_test(what_does_not_read_back_is_not_locked),
        cmocka_unit_test(what_does_not_prove_its_key_is_not_locked),
        cmocka_unit_test(a_key_that_was_not_made_on_it_is_not_signed_for),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
