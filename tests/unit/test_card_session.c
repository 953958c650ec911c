/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of a card: genuine cards over every kind of line, and cards that lie, stop or
 * vanish.
 */
#include "card_line.h"
#include <stdio.h>

#include "codec/cose.h"

enum { PHOTO = 5000 };

static struct card_host host, other;
static struct card_line line;
static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding[CARD_APP_CREDENTIALS];

static int make(void **state)
{
    (void)state;
    card_line_personalise(&host, 1, 2, PHOTO);
    return 0;
}

static void start(struct card_host *card)
{
    host_restart(card);
    line = (struct card_line){.host = card};
    photo.read = false;
}

/* The whole of what saksi card verify does with a card. */
static enum card_io_error take_all(void)
{
    struct card_io io = card_line_io(&line);
    enum card_io_error error = card_visit_open(&visit, &io);
    for (size_t i = 0; error == CARD_IO_OK && i < visit.certificates; i++) {
        error = card_holding_read(&visit, i, &photo, &holding[i]);
    }
    return error;
}

static void expect_genuine(struct card_host *card)
{
    uint8_t thumbprint[32], room[CARD_APP_MAX_CREDENTIAL];
    card_line_thumbprint(card, thumbprint);
    assert_int_equal(visit.state, CARD_PERSONALISED);
    assert_int_equal(visit.certificates, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct card_proof *proof = &holding[i].proof;
        size_t len = host_read(card, (uint16_t)(CARD_APP_CREDENTIAL + i), room, 256);
        check_bytes(span_of(holding[i].document, holding[i].len), span_of(room, len));
        assert_true(proof->present && !proof->generic_token && proof->has_photo);
        assert_true(proof->unfinished); /* PERSONALISED */
        assert_int_equal(proof->answer, CARD_ANSWER_GOOD);
        assert_memory_equal(proof->key_thumbprint, thumbprint, 32);
        assert_memory_equal(proof->photo_digest, photo.digest, 32);
    }
    assert_int_equal(photo.len, PHOTO);
}

static void a_genuine_card_proves_itself(void **state)
{
    (void)state;
    struct cose_sign1 cose;
    uint8_t room[CARD_APP_MAX_CREDENTIAL + 64], digest[32], thumbprint[32];
    start(&host);
    assert_int_equal(take_all(), CARD_IO_OK);
    expect_genuine(&host);
    for (size_t i = 0; i < 2; i++) {
        struct writer w = writer_of(room, sizeof room);
        assert_int_equal(cose_sign1_decode(span_of(holding[i].document, holding[i].len),
                                           COSE_TYP_CREDENTIAL, &cose),
                         COSE_OK);
        cose_sign1_to_be_signed(&w, &cose);
        struct span message = writer_span(&w);
        assert_int_equal(crypto_sha256(&message, 1, digest), CRYPTO_OK);
        assert_memory_equal(holding[i].proof.credential_digest, digest, 32);
    }
    assert_int_equal(card_session_thumbprint(&visit.session, thumbprint), CARD_IO_OK);
    assert_memory_equal(thumbprint, holding[0].proof.key_thumbprint, 32);
    /* SELECT, index, two certificates, key, two proofs, photo in three pieces */
    assert_int_equal(visit.session.traffic.commands, 10);
    assert_int_equal(visit.session.traffic.commands, line.count);
}

static void a_locked_card_is_finished(void **state)
{
    (void)state;
    card_line_personalise(&other, 5, 1, 0);
    host_open(&other, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_set_status(&other, CARD_LOCKED), SW_OK);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_OK);
    assert_int_equal(visit.state, CARD_LOCKED);
    assert_false(holding[0].proof.unfinished);
}

static void every_kind_of_line_brings_the_same(void **state)
{
    (void)state;
    static const size_t parts[] = {0, 16, 255, 256};
    for (size_t i = 0; i < COUNT_OF(parts) * 4; i++) {
        start(&host);
        line.part = parts[i / 4];
        line.short_only = (i & 1) != 0;
        line.exact = (i & 2) != 0;
        if (line.part == 16 && !line.short_only) {
            continue; /* more parts than a host takes */
        }
        assert_int_equal(take_all(), CARD_IO_OK);
        expect_genuine(&host);
    }
}

static void a_card_may_go_at_any_moment(void **state)
{
    (void)state;
    static const enum card_io_error errors[] = {CARD_IO_REMOVED, CARD_IO_MUTE, CARD_IO_RESET,
                                                CARD_IO_NO_SERVICE, CARD_IO_FAILED};
    start(&host);
    assert_int_equal(take_all(), CARD_IO_OK);
    unsigned commands = line.count;
    for (size_t e = 0; e < COUNT_OF(errors); e++) {
        for (unsigned at = 1; at <= commands; at++) {
            start(&host);
            line.fail_at = at;
            line.failure = errors[e];
            assert_int_equal(take_all(), errors[e]);
            assert_int_equal(line.count, at); /* it is not spoken to again */
        }
    }
}

/* ---- other cards ---- */

static void a_copy_answers_with_another_key(void **state)
{
    (void)state;
    card_line_personalise(&other, 2, 0, 0);
    host_open(&other, SCP03_LEVEL_C_MAC);
    start(&host);
    assert_int_equal(take_all(), CARD_IO_OK);
    struct card_proof before = holding[0].proof;
    assert_int_equal(
        host_store(&other, CARD_APP_CREDENTIAL, span_of(holding[0].document, holding[0].len), 1024),
        SW_OK);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_OK);
    assert_int_equal(holding[0].proof.answer, CARD_ANSWER_GOOD);
    assert_memory_equal(holding[0].proof.credential_digest, before.credential_digest, 32);
    assert_memory_not_equal(holding[0].proof.key_thumbprint, before.key_thumbprint, 32);
    assert_false(holding[0].proof.has_photo);
}

static void without_a_key_there_is_no_answer(void **state)
{
    (void)state;
    uint8_t room[CARD_APP_MAX_CREDENTIAL], cnf[32] = {1};
    host_make(&other, 3);
    host_open(&other, SCP03_LEVEL_C_MAC);
    struct span document = card_line_document(0, cnf, NULL, room);
    assert_int_equal(host_store(&other, CARD_APP_CREDENTIAL, document, 1024), SW_OK);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_OK);
    assert_int_equal(visit.state, CARD_BLANK);
    assert_int_equal(holding[0].proof.answer, CARD_ANSWER_NONE);
    assert_int_equal(card_session_thumbprint(&visit.session, cnf), CARD_IO_REFUSED);
}

static void what_is_no_certificate_is_read_and_not_asked_about(void **state)
{
    (void)state;
    host_make(&other, 4);
    host_open(&other, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_generate(&other), SW_OK);
    assert_int_equal(host_store(&other, CARD_APP_CREDENTIAL + 7, span_str("nonsense"), 1024),
                     SW_OK);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_OK);
    check_bytes(span_of(holding[0].document, holding[0].len), span_str("nonsense"));
    assert_int_equal(holding[0].number, 8);
    assert_int_equal(holding[0].proof.answer, CARD_ANSWER_NONE);
    assert_int_equal(line.count, 3);
}

static void states_of_a_card_have_names(void **state)
{
    (void)state;
    host_make(&other, 5);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_OK);
    assert_int_equal(visit.session.file_count, 0);
    host_open(&other, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_set_status(&other, CARD_TERMINATED), SW_OK);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_TERMINATED);
    assert_int_equal(visit.certificates, 0);
    card_start(&host.card, &host.native.port, CARD_CONTACTLESS);
    line = (struct card_line){.host = &host};
    assert_int_equal(take_all(), CARD_IO_NO_APPLICATION);
}

/* A file that this side does not read is no reason not to read the others. */
static void a_card_with_an_ndef_message_is_read(void **state)
{
    (void)state;
    static const uint8_t message[CARD_APP_MAX_NDEF] = {0xD1, 0x01, 0x01, 0x54};
    uint8_t thumbprint[32], room[CARD_APP_MAX_CREDENTIAL];
    card_line_personalise(&other, 6, 1, 100);
    host_open(&other, SCP03_LEVEL_C_MAC);
    card_line_thumbprint(&other, thumbprint);
    for (size_t i = 0; i < CARD_APP_CREDENTIALS; i++) {
        struct span document = card_line_document(i % 2, thumbprint, NULL, room);
        host_open(&other, SCP03_LEVEL_C_MAC);
        assert_int_equal(host_store(&other, (uint16_t)(CARD_APP_CREDENTIAL + i), document, 1024),
                         SW_OK);
    }
    assert_int_equal(host_store(&other, CARD_APP_NDEF, span_of(message, sizeof message), 2000),
                     SW_OK);
    start(&other);
    assert_int_equal(take_all(), CARD_IO_OK);
    assert_int_equal(visit.session.file_count, CARD_SESSION_FILES);
    assert_int_equal(visit.certificates, CARD_APP_CREDENTIALS);
    assert_int_equal(card_session_find(&visit.session, CARD_APP_NDEF)->len, CARD_APP_MAX_NDEF);
}

/* ---- lies ---- */

static size_t replace(uint8_t *response, const char *hex)
{
    return check_hex(hex, response, CARD_MAX_RESPONSE).len;
}

static const char *lie;
static uint8_t lie_ins;

/* The answer to commands of one kind is the lie. */
static size_t tell_lie(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)l;
    (void)cap;
    return command.ptr[1] == lie_ins ? replace(response, lie) : len;
}

static enum card_io_error after_lie(uint8_t ins, const char *hex)
{
    lie_ins = ins;
    lie = hex;
    start(&host);
    line.twist = tell_lie;
    return take_all();
}

static void an_application_must_be_ours(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "9000",
        "6f0d 8407f053414b534901 8502 010f 9000 9000",
        "6f0c 8407f053414b534901 8502 010f 9000",
        "6f0d 8407f053414b534902 8502 010f 9000",
        "6f0d 8407f053414b534901 8502 020f 9000",
        "6f0e 8407f053414b534901 8503 010f00 9000",
        "6f09 8407f053414b534901 9000",
        "6f04 8502 010f 9000",
        "6f8200 9000",
        "6f820d00 8407f053414b534901 8502 010f 9000",
        "628d 8407f053414b534901 8502 010f 9000",
        "61ff 9000",
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        assert_int_equal(after_lie(CARD_INS_SELECT, lies[i]), CARD_IO_NONSENSE);
        assert_int_equal(line.count, 1);
    }
    assert_true(visit.known); /* it let itself be selected */
    assert_int_equal(after_lie(CARD_INS_SELECT, ""), CARD_IO_NONSENSE);
    assert_int_equal(after_lie(CARD_INS_SELECT, "90"), CARD_IO_NONSENSE);
}

/* Said to every name. */
static void cards_without_our_application_are_other_kinds(void **state)
{
    (void)state;
    static const char *const not_there[] = {"6a82", "6a81", "6a80", "6a86", "6a87", "6a88",
                                            "6700", "6b00", "6d00", "6e00", "6999", "9404"};
    static const char *const unclear[] = {"6f00", "6982", "6985", "6400", "6283", "0000"};
    for (size_t i = 0; i < COUNT_OF(not_there); i++) {
        assert_int_equal(after_lie(CARD_INS_SELECT, not_there[i]), CARD_IO_NO_APPLICATION);
        assert_int_equal(line.count, CARD_PROFILES);
        assert_false(visit.known);
    }
    for (size_t i = 0; i < COUNT_OF(unclear); i++) {
        assert_int_equal(after_lie(CARD_INS_SELECT, unclear[i]), CARD_IO_REFUSED);
        assert_int_equal(line.count, CARD_PROFILES);
        assert_false(visit.known);
    }
}

/* It is not asked for more, and not taken for another kind. */
static void a_card_that_fails_says_how(void **state)
{
    (void)state;
    assert_int_equal(after_lie(CARD_INS_SELECT, "6581"), CARD_IO_WORN);
    assert_int_equal(line.count, 1);
    assert_int_equal(after_lie(CARD_INS_SELECT, "6285"), CARD_IO_TERMINATED);
    assert_int_equal(line.count, 1);
    static const struct {
        const char *answer;
        enum card_io_error error;
    } row[] = {{"6581", CARD_IO_WORN},    {"6982", CARD_IO_REFUSED}, {"6700", CARD_IO_REFUSED},
               {"6a82", CARD_IO_REFUSED}, {"6f00", CARD_IO_REFUSED}, {"6282", CARD_IO_REFUSED}};
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        assert_int_equal(after_lie(CARD_INS_READ_BINARY, row[i].answer), row[i].error);
        assert_int_equal(line.count, 2);
        assert_true(visit.known);
        assert_int_equal(visit.certificates, 0);
    }
}

static void an_index_must_be_one(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "9000",
        "01 9000",
        "020f 9000",
        "0101 9000", /* another state than the application's */
        "010f e1 9000",
        "010f e11000 9000",
        "010f e1100000 9000", /* a file without bytes */
        "010f e1101001 9000", /* too long */
        "010f e1034001 9000",
        "010f e1040c01 9000",
        "010f e1020040 9000", /* no key has 64 bytes */
        "010f e1180010 9000", /* no such file */
        "010f e1010010 9000",
        "010f e1100010 e1100010 9000", /* twice */
        "010f e1110010 e1100010 9000", /* in another order */
        "010f e1020041 e1030001 e1040001 e1100001 e1110001 e1120001 e1130001 e1140001 e1150001 "
        "e1160001 "
        "e1170001 e1180001 9000",
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        assert_int_equal(after_lie(CARD_INS_READ_BINARY, lies[i]), CARD_IO_NONSENSE);
        assert_int_equal(visit.certificates, 0);
        assert_int_equal(line.count, 2);
    }
}

/* The n-th command gets an answer of `number` bytes of data, and 9000. */
static size_t tell_length(struct card_line *l, struct span command, uint8_t *response, size_t len,
                          size_t cap)
{
    (void)command;
    if (l->count != 3 || l->number + 2 > cap) {
        return len;
    }
    memset(response, 0xD2, l->number);
    memcpy(response + l->number, "\x90\x00", 2);
    return l->number + 2;
}

static void lengths_are_not_believed(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 31, 2048, 2049, 2050};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        start(&host);
        line.twist = tell_length;
        line.number = lengths[i];
        assert_int_equal(take_all(), CARD_IO_NONSENSE);
        assert_int_equal(line.count, 3);
    }
}

static size_t tell_forever(struct card_line *l, struct span command, uint8_t *response, size_t len,
                           size_t cap)
{
    (void)command;
    (void)len;
    (void)cap;
    if (l->count == 1 && l->number != 2) {
        return replace(response, "6110");
    }
    return replace(response, l->number == 0 ? "6110" : l->number == 1 ? "00 6110" : "6c20");
}

static void parts_must_come_to_an_end(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        start(&host);
        line.twist = tell_forever;
        line.number = kind;
        enum card_io_error error = take_all();
        assert_int_equal(error, kind == 2 ? CARD_IO_REFUSED : CARD_IO_NONSENSE);
        assert_true(line.count <= CARD_COMMAND_MAX_RESPONSES + 2);
    }
}

static void a_wrong_signature_is_a_wrong_answer(void **state)
{
    (void)state;
    char hex[64 * 2 + 5];
    static const char *const lies[] = {"9000", "00 9000", NULL};
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        memset(hex, '1', 128);
        memcpy(hex + 128, "9000", 5);
        assert_int_equal(after_lie(CARD_INS_INTERNAL_AUTHENTICATE, lies[i] == NULL ? hex : lies[i]),
                         CARD_IO_OK);
        assert_int_equal(holding[0].proof.answer, CARD_ANSWER_WRONG);
    }
    static const char *const refusals[] = {"6985", "6a88", "6f00", "6282"};
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        assert_int_equal(after_lie(CARD_INS_INTERNAL_AUTHENTICATE, refusals[i]), CARD_IO_OK);
        assert_int_equal(holding[0].proof.answer, CARD_ANSWER_NONE);
    }
}

/* Flips bit `number` of the answer to the commands of one kind. */
static size_t flip(struct card_line *l, struct span command, uint8_t *response, size_t len,
                   size_t cap)
{
    (void)cap;
    bool key = lie_ins == 0 && command.ptr[1] == CARD_INS_READ_BINARY &&
               command.ptr[2] == (0x80 | (CARD_APP_PUBLIC_KEY & 0x1F));
    if (command.ptr[1] == lie_ins || key) {
        response[l->number / 8] ^= (uint8_t)(1U << l->number % 8);
    }
    return len;
}

static void no_flipped_bit_proves_a_key(void **state)
{
    (void)state;
    uint8_t thumbprint[32];
    card_line_thumbprint(&host, thumbprint);
    for (size_t bit = 0; bit < (size_t)(64 + 65) * 8; bit++) {
        start(&host);
        lie_ins = bit < 64 * 8 ? CARD_INS_INTERNAL_AUTHENTICATE : 0;
        line.twist = flip;
        line.number = bit < 64 * 8 ? bit : bit - 64 * 8;
        struct card_io io = card_line_io(&line);
        struct card_proof proof = {.present = true};
        assert_int_equal(card_session_open(&visit.session, &io), CARD_IO_OK);
        assert_int_equal(
            card_session_prove(&visit.session, thumbprint, CARD_PURPOSE_VERIFY, &proof),
            CARD_IO_OK);
        bool same_key = memcmp(proof.key_thumbprint, thumbprint, 32) == 0;
        assert_int_equal(proof.answer, CARD_ANSWER_WRONG);
        /* the first byte of the key says how it is written down, and is not in the thumbprint */
        assert_true(same_key == (bit < 64 * 8 + 8));
    }
}

/* A recorded answer, played back to another challenge. */
static void an_old_answer_is_wrong(void **state)
{
    (void)state;
    uint8_t digest[32] = {7};
    char hex[64 * 2 + 5];
    struct card_io io = card_line_io(&line);
    struct card_proof proof = {.present = true};
    start(&host);
    assert_int_equal(card_session_open(&visit.session, &io), CARD_IO_OK);
    assert_int_equal(card_session_prove(&visit.session, digest, CARD_PURPOSE_VERIFY, &proof),
                     CARD_IO_OK);
    assert_int_equal(proof.answer, CARD_ANSWER_GOOD);
    for (size_t i = 0; i < 64; i++) {
        snprintf(hex + 2 * i, 3, "%02x", line.waiting[i]);
    }
    memcpy(hex + 128, "9000", 5);
    lie_ins = CARD_INS_INTERNAL_AUTHENTICATE;
    lie = hex;
    line.twist = tell_lie;
    assert_int_equal(card_session_prove(&visit.session, digest, CARD_PURPOSE_VERIFY, &proof),
                     CARD_IO_OK);
    assert_int_equal(proof.answer, CARD_ANSWER_WRONG);
}

static void every_error_has_its_phrase(void **state)
{
    (void)state;
    for (int a = CARD_IO_OK; a <= CARD_IO_SYSTEM; a++) {
        for (int b = CARD_IO_OK; b < a; b++) {
            assert_string_not_equal(card_io_error_text((enum card_io_error)a),
                                    card_io_error_text((enum card_io_error)b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_genuine_card_proves_itself),
        cmocka_unit_test(a_locked_card_is_finished),
        cmocka_unit_test(every_kind_of_line_brings_the_same),
        cmocka_unit_test(a_card_may_go_at_any_moment),
        cmocka_unit_test(a_copy_answers_with_another_key),
        cmocka_unit_test(without_a_key_there_is_no_answer),
        cmocka_unit_test(what_is_no_certificate_is_read_and_not_asked_about),
        cmocka_unit_test(states_of_a_card_have_names),
        cmocka_unit_test(a_card_with_an_ndef_message_is_read),
        cmocka_unit_test(an_application_must_be_ours),
        cmocka_unit_test(cards_without_our_application_are_other_kinds),
        cmocka_unit_test(a_card_that_fails_says_how),
        cmocka_unit_test(an_index_must_be_one),
        cmocka_unit_test(lengths_are_not_believed),
        cmocka_unit_test(parts_must_come_to_an_end),
        cmocka_unit_test(a_wrong_signature_is_a_wrong_answer),
        cmocka_unit_test(no_flipped_bit_proves_a_key),
        cmocka_unit_test(an_old_answer_is_wrong),
        cmocka_unit_test(every_error_has_its_phrase),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
