/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of NDEF tags: messages of every form, and tags that lie, stop or vanish.
 */
#include "card_line.h"
#include "codec/qr_text.h"

static struct card_host host;
static struct card_line line;
static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding;
static uint8_t document[CARD_APP_MAX_CREDENTIAL], code[QR_TEXT_MAX];
static size_t document_len, code_len;

static void store(struct span message)
{
    host_make(&host, 1);
    host_open(&host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_store(&host, CARD_APP_NDEF, message, 240), SW_OK);
}

/* One text record, the last and perhaps the first. */
static void put_text(struct writer *w, uint8_t flags, struct span text)
{
    writer_be(w, 0x41U | flags, 1);
    writer_be(w, 1, 1);
    writer_be(w, text.len + 3, 4);
    writer_put(w, span_str("T\x02"
                           "en"));
    writer_put(w, text);
}

static void store_code(void)
{
    uint8_t room[CARD_APP_MAX_NDEF];
    struct writer w = writer_of(room, sizeof room);
    put_text(&w, 0x80, span_of(code, code_len));
    store(writer_span(&w));
}

static int make(void **state)
{
    (void)state;
    const uint8_t cnf[32] = {1};
    struct span made = card_line_document(0, cnf, NULL, document);
    struct writer w = writer_of(code, sizeof code);
    assert_int_equal(qr_text_encode(made, &w), QR_TEXT_OK);
    document_len = made.len;
    code_len = w.len;
    store_code();
    return 0;
}

static void start(void)
{
    host_restart(&host);
    line = (struct card_line){.host = &host};
    photo.read = false;
}

static enum card_io_error take(void)
{
    struct card_io io = card_line_io(&line);
    enum card_io_error error = card_visit_open(&visit, &io);
    return error == CARD_IO_OK && visit.certificates != 0
               ? card_holding_read(&visit, 0, &photo, &holding)
               : error;
}

static void expect_code(void)
{
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "ndef");
    assert_int_equal(visit.profile->most, SAKSI_ASSURANCE_CARD_READ);
    check_bytes(span_of(holding.document, holding.len), span_of(document, document_len));
    assert_true(holding.proof.present && !holding.proof.has_photo);
    assert_int_equal(holding.proof.answer, CARD_ANSWER_NONE); /* whatever it names */
    assert_null(visit.profile->key);
}

static void a_tag_is_read(void **state)
{
    (void)state;
    start();
    expect_code();
    /* SELECT and index of an empty card, SELECT PIV and no object, SELECT, container, file, length,
     * message */
    unsigned parts = (unsigned)((code_len + 10 + 249) / 250);
    assert_int_equal(line.count, 4 + 5 + parts);
    print_message("%zu bytes of code: %u commands\n", code_len, line.count);
    start();
    line.short_only = true;
    expect_code();
    card_start(&host.card, &host.native.port, CARD_CONTACTLESS);
    line = (struct card_line){.host = &host};
    expect_code();
    assert_int_equal(line.count, 2 + 5 + parts);
}

static void a_tag_may_go_at_any_moment(void **state)
{
    (void)state;
    start();
    expect_code();
    unsigned commands = line.count;
    for (unsigned at = 1; at <= commands; at++) {
        start();
        line.fail_at = at;
        line.failure = CARD_IO_REMOVED;
        assert_int_equal(take(), CARD_IO_REMOVED);
        assert_int_equal(line.count, at);
    }
}

/* ---- messages ---- */

static void text_is(const char *hex, const char *text)
{
    uint8_t room[256];
    struct span found = {NULL, 0};
    struct span message = check_hex(hex, room, sizeof room);
    uint8_t *copy = check_heap_copy(message);
    assert_true(card_ndef_text(span_of(copy, message.len), span_str("CC1:"), &found));
    check_bytes(found, span_str(text));
    free(copy);
}

static void no_message(const char *hex)
{
    uint8_t room[256];
    struct span found;
    struct span message = check_hex(hex, room, sizeof room);
    uint8_t *copy = check_heap_copy(message);
    assert_false(card_ndef_text(span_of(copy, message.len), span_str("CC1:"), &found));
    free(copy);
}

#define CC1 "4343313A"

static void a_text_is_found_among_records(void **state)
{
    (void)state;
    text_is("D1 01 08 54 02656E " CC1 "41", "CC1:A");
    text_is("C1 01 00000008 54 02656E " CC1 "41", "CC1:A");
    text_is("D1 01 06 54 00 " CC1 "41", "CC1:A");                        /* no language */
    text_is("D9 01 08 02 54 4142 02656E " CC1 "41", "CC1:A");            /* with an ID */
    text_is("91 01 03 55 016161 51 01 08 54 02656E " CC1 "41", "CC1:A"); /* behind a link */
    text_is("91 01 04 54 02656E41 51 01 08 54 02656E " CC1 "41", "CC1:A");
    text_is("91 01 08 54 02656E " CC1 "41 51 01 08 54 02656E " CC1 "42", "CC1:A"); /* the first */
    text_is("90 00 00 11 00 00 51 01 08 54 02656E " CC1 "41", "CC1:A"); /* empty records before */
    text_is("D1 01 08 54 82656E " CC1 "41", "");                        /* UTF-16 */
    text_is("F1 01 08 54 02656E " CC1 "41", "");                        /* a chunk */
    text_is("D1 01 08 55 02656E " CC1 "41", "");                        /* a link */
    text_is("D2 01 08 54 02656E " CC1 "41", "");                        /* a media type "T" */
    text_is("D1 02 08 5478 02656E " CC1 "41", "");
    text_is("D1 01 06 54 02656E 434331", ""); /* not the whole prefix */
    text_is("D1 01 02 54 3F65", "");          /* a language longer than all */
    text_is("D1 01 00 54", "");
    text_is("D0 00 00", "");
}

static void what_is_no_message_is_refused(void **state)
{
    (void)state;
    no_message("");
    no_message("51 01 08 54 02656E " CC1 "41"); /* does not begin */
    no_message("91 01 08 54 02656E " CC1 "41"); /* does not end */
    no_message("D1 01 08 54 02656E " CC1 "41 00");
    no_message("D1 01 08 54 02656E " CC1 "41 51 01 00 54"); /* ends twice */
    no_message("91 01 00 54 D1 01 00 54");                  /* begins twice */
    no_message("D1 01 FF 54 02656E " CC1 "41");
    no_message("C1 01 FFFFFFFF 54 02656E " CC1 "41");
    no_message("C1 01 80000000 54 02656E " CC1 "41");
    no_message("D1 FF 08 54 02656E " CC1 "41");
    no_message("D9 01 08 FF 54 02656E " CC1 "41");
}

static void see_prefix(struct span prefix, void *context)
{
    struct span found;
    (void)context;
    assert_false(card_ndef_text(prefix, span_str("CC1:"), &found));
}

static void see_any(struct span message, void *context)
{
    struct span found = {NULL, 0};
    (void)context;
    if (card_ndef_text(message, span_str("CC1:"), &found) && found.len != 0) {
        assert_true(found.ptr >= message.ptr && found.len <= message.len);
        assert_true(found.ptr + found.len <= message.ptr + message.len);
    }
}

static void prefixes_and_flips_are_harmless(void **state)
{
    (void)state;
    uint8_t room[64];
    struct span message =
        check_hex("99 01 03 01 55 41 016161 41 01 00000008 54 02656E " CC1 "41", room, sizeof room);
    check_prefixes(message, see_prefix, NULL);
    check_bit_flips(message, see_any, NULL);
}

/* ---- tags ---- */

static void other_tags_hold_no_certificates(void **state)
{
    (void)state;
    static const uint8_t link[] = {0xD1, 0x01, 0x04, 'U', 4, 'a', '.', 'b'};
    uint8_t room[CARD_APP_MAX_NDEF];
    store(span_of(link, sizeof link));
    start();
    assert_int_equal(take(), CARD_IO_OK); /* an empty card of ours */
    assert_int_equal(visit.certificates, 0);
    card_start(&host.card, &host.native.port, CARD_CONTACTLESS);
    line = (struct card_line){.host = &host};
    assert_int_equal(take(), CARD_IO_NO_APPLICATION);
    struct writer w = writer_of(room, sizeof room);
    put_text(&w, 0x80, span_of(code, code_len - 1)); /* a code without its last character */
    store(writer_span(&w));
    start();
    assert_int_equal(take(), CARD_IO_NONSENSE);
    w = writer_of(room, sizeof room); /* several records, ours the last */
    writer_put(&w, span_of("\x91\x01\x04U\x04"
                           "a.b",
                           8));
    put_text(&w, 0, span_of(code, code_len));
    store(writer_span(&w));
    start();
    expect_code();
    store_code();
}

static const char *lie;
static size_t lie_at; /* the command, from 1, behind the SELECT of the NDEF application */

static size_t tell_lie(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)command;
    return l->count == 5 + lie_at ? check_hex(lie, response, cap).len : len;
}

static enum card_io_error after_lie(size_t at, const char *hex)
{
    lie_at = at;
    lie = hex;
    start();
    line.twist = tell_lie;
    return take();
}

/* CARD_IO_OK stands for an empty card of ours: the tag is none for us. */
static void a_container_must_be_one(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum card_io_error error;
    } lies[] = {
        {"000F 10 00FF 00FF 04 06 E104 0C02 00 FF 9000", CARD_IO_NO_APPLICATION}, /* version 1 */
        {"000F 40 00FF 00FF 04 06 E104 0C02 00 FF 9000", CARD_IO_NO_APPLICATION}, /* version 4 */
        {"000F 20 00FF 00FF 05 06 E104 0C02 00 FF 9000", CARD_IO_NO_APPLICATION},
        {"000F 20 00FF 00FF 04 06 E104 0C02 FF FF 9000", CARD_IO_NO_APPLICATION}, /* not readable */
        {"000E 20 00FF 00FF 04 06 E104 0C02 00 FF 9000", CARD_IO_NONSENSE},
        {"000F 20 00FF 00FF 04 07 E104 0C02 00 FF 9000", CARD_IO_NONSENSE},
        {"000F 20 000E 00FF 04 06 E104 0C02 00 FF 9000", CARD_IO_NONSENSE}, /* 14 bytes at once */
        {"000F 20 00FF 00FF 04 06 E104 0002 00 FF 9000", CARD_IO_NONSENSE}, /* no room */
        {"000F 20 00FF 00FF 04 06 E104 0003 00 FF 9000", CARD_IO_NONSENSE}, /* less than there is */
        {"000F 20 00FF 00FF 04 06 E1FF 0C02 00 FF 9000", CARD_IO_NO_APPLICATION}, /* no such file */
        {"000F 9000", CARD_IO_NONSENSE},
        {"9000", CARD_IO_NONSENSE},
        {"90", CARD_IO_NONSENSE},
        {"6A82", CARD_IO_NO_APPLICATION},
        {"6282", CARD_IO_NO_APPLICATION},
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        enum card_io_error error = after_lie(2, lies[i].hex);
        assert_int_equal(error,
                         lies[i].error == CARD_IO_NO_APPLICATION ? CARD_IO_OK : lies[i].error);
        assert_int_equal(visit.certificates, 0);
    }
    assert_int_equal(after_lie(2, "000F 20 000F 00FF 04 06 E104 0C02 00 FF 9000"), CARD_IO_OK);
    assert_int_equal(visit.certificates, 1); /* 15 bytes at once */
    assert_int_equal(after_lie(2, "0017 30 FFFF 00FF 04 06 E104 FFFF 00 FF 9000"), CARD_IO_OK);
    assert_int_equal(visit.certificates, 1);
}

static void lengths_are_not_believed(void **state)
{
    (void)state;
    assert_int_equal(after_lie(4, "0C01 9000"), CARD_IO_NONSENSE); /* more than the file holds */
    assert_int_equal(after_lie(4, "FFFF 9000"), CARD_IO_NONSENSE);
    assert_int_equal(after_lie(4, "0000 9000"), CARD_IO_OK);
    assert_int_equal(visit.certificates, 0);
    assert_int_equal(after_lie(4, "00 9000"), CARD_IO_NONSENSE);
    assert_int_equal(after_lie(4, "000001 9000"), CARD_IO_NONSENSE);
    assert_int_equal(after_lie(4, "0001 9000"), CARD_IO_NONSENSE); /* one byte is no record */
    assert_int_equal(after_lie(5, "D1 9000"), CARD_IO_NONSENSE);   /* less than was asked for */
    assert_int_equal(after_lie(5, "9000"), CARD_IO_NONSENSE);
    assert_int_equal(after_lie(5, "61FF"), CARD_IO_OK); /* which it then does not give */
    assert_int_equal(after_lie(0, "6F00"), CARD_IO_OK); /* to the name */
    for (size_t at = 0; at <= 5; at++) {
        assert_int_equal(after_lie(at, "6581"), CARD_IO_WORN);
    }
    assert_int_equal(after_lie(5, "6B00"), CARD_IO_OK);
    assert_int_equal(visit.certificates, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_read),
        cmocka_unit_test(a_tag_may_go_at_any_moment),
        cmocka_unit_test(a_text_is_found_among_records),
        cmocka_unit_test(what_is_no_message_is_refused),
        cmocka_unit_test(prefixes_and_flips_are_harmless),
        cmocka_unit_test(other_tags_hold_no_certificates),
        cmocka_unit_test(a_container_must_be_one),
        cmocka_unit_test(lengths_are_not_believed),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
