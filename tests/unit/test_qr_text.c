/* SPDX-License-Identifier: Apache-2.0
 *
 * QR text: all three forms there and back, every refusal by its name, the frozen dictionary and
 * what it saves.
 */
#include "check.h"
#include "sample.h"
#include "base/crypto.h"
#include "codec/base45.h"
#include "codec/qr_dictionary.h"
#include "codec/qr_text.h"

#include <zlib.h>

#define ROOM 8192

static struct span encode(struct span credential, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM);
    assert_int_equal(qr_text_encode(credential, &w), QR_TEXT_OK);
    return writer_span(&w);
}

/* Text around packed bytes of any kind. */
static struct span text_of(struct span packed, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM);
    writer_put(&w, span_str(QR_TEXT_PREFIX));
    base45_encode(packed, &w);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static enum qr_text_error decode(struct span text)
{
    uint8_t room[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(room, sizeof room);
    uint8_t *copy = check_heap_copy(text);
    enum qr_text_error error = qr_text_decode(span_of(copy, text.len), &w);
    free(copy);
    return error;
}

static enum qr_text_error decode_packed(struct span packed)
{
    uint8_t room[ROOM];
    return decode(text_of(packed, room));
}

static void comes_back(struct span credential, struct span text)
{
    uint8_t room[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(room, credential.len); /* exactly */
    assert_int_equal(qr_text_decode(text, &w), QR_TEXT_OK);
    check_bytes(writer_span(&w), credential);
}

/* Packs as somebody else's zlib might; `window_bits` as for deflateInit2. */
static struct span pack(struct span content, struct span dictionary, int window_bits, uint8_t *room)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    if (dictionary.len != 0) {
        assert_int_equal(deflateSetDictionary(&z, dictionary.ptr, (uInt)dictionary.len), Z_OK);
    }
    z.next_in = (z_const Bytef *)content.ptr;
    z.avail_in = (uInt)content.len;
    z.next_out = room;
    z.avail_out = ROOM;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    struct span packed = span_of(room, z.total_out);
    deflateEnd(&z);
    return packed;
}

static struct span no_dictionary(void)
{
    return span_of(NULL, 0);
}

static void samples_come_back(void **state)
{
    (void)state;
    size_t raw = 0, plain = 0, preset = 0;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        uint8_t document[ROOM], packed[ROOM], room[ROOM];
        struct credential c = sample_credential(i);
        struct span credential = sample_document(&c, COSE_ES256, i, document, sizeof document);
        raw += credential.len;
        plain += pack(credential, no_dictionary(), 15, packed).len;
        preset += pack(credential, qr_dictionary_1(), 15, packed).len;
        struct span text = encode(credential, room);
        comes_back(credential, text);
        for (size_t j = 0; j < text.len; j++) {
            assert_non_null(strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", text.ptr[j]));
        }
    }
    print_message("%zu certificates, mean bytes: raw %zu, zlib %zu, zlib with dictionary %zu\n",
                  SAMPLE_COUNT, raw / SAMPLE_COUNT, plain / SAMPLE_COUNT, preset / SAMPLE_COUNT);
    assert_true(preset * 10 < raw * 9);
    assert_true(preset * 10 < plain * 9);
}

static void the_dictionary_is_frozen(void **state)
{
    (void)state;
    struct span dictionary = qr_dictionary_1();
    uint8_t digest[CRYPTO_SHA256_SIZE], wanted[CRYPTO_SHA256_SIZE];
    assert_int_equal(crypto_sha256(&dictionary, 1, digest), CRYPTO_OK);
    check_bytes(span_of(digest, sizeof digest),
                check_hex("e534a2259ffaf715702dbb93bc603da3669ae877b110d6fadba8251e2bd11bcf",
                          wanted, sizeof wanted));
    uLong adler = adler32(adler32(0, NULL, 0), dictionary.ptr, (uInt)dictionary.len);
    assert_true(adler == QR_DICTIONARY_1_ID);
}

/* A credential's first byte and filler that does or does not compress. */
static struct span content(size_t len, bool noise, uint8_t *room)
{
    uint64_t random = 45;
    memset(room, 'a', len);
    if (noise) {
        check_random_bytes(&random, room, len);
    }
    if (len != 0) {
        room[0] = 0xD2;
    }
    return span_of(room, len);
}

static void the_shortest_form_is_written(void **state)
{
    (void)state;
    uint8_t document[ROOM], room[ROOM], packed[ROOM];
    struct writer w = writer_of(packed, sizeof packed);
    struct span noise = content(300, true, document);
    struct span text = encode(noise, room);
    assert_true(base45_decode(span_of(text.ptr + 4, text.len - 4), &w));
    check_bytes(writer_span(&w), noise); /* raw */
    comes_back(noise, text);

    struct span letters = content(300, false, document);
    text = encode(letters, room);
    w = writer_of(packed, sizeof packed);
    assert_true(base45_decode(span_of(text.ptr + 4, text.len - 4), &w));
    assert_int_equal(packed[0] & 0x8F, 8);
    assert_int_equal(packed[1] & 0x20, 0); /* zlib without the dictionary */
    comes_back(letters, text);

    struct credential c = sample_credential(0);
    struct span credential = sample_document(&c, COSE_EDDSA, 3, document, sizeof document);
    text = encode(credential, room);
    w = writer_of(packed, sizeof packed);
    assert_true(base45_decode(span_of(text.ptr + 4, text.len - 4), &w));
    assert_int_equal(packed[1] & 0x20, 0x20); /* with it */
    comes_back(credential, text);
}

static void other_writers_are_read(void **state)
{
    (void)state;
    uint8_t document[ROOM], packed[ROOM], text[ROOM];
    struct credential c = sample_credential(8);
    struct span credential = sample_document(&c, COSE_ES256, 9, document, sizeof document);
    comes_back(credential, text_of(credential, text));
    for (int window_bits = 9; window_bits <= 15; window_bits++) {
        comes_back(credential,
                   text_of(pack(credential, no_dictionary(), window_bits, packed), text));
        comes_back(credential,
                   text_of(pack(credential, qr_dictionary_1(), window_bits, packed), text));
    }
}

static void text_that_is_something_else(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum qr_text_error error;
    } table[] = {
        {"", QR_TEXT_OTHER},
        {"C", QR_TEXT_OTHER},
        {"CC1", QR_TEXT_OTHER},
        {"cc1:BB8", QR_TEXT_OTHER},
        {"CC2:BB8", QR_TEXT_OTHER},
        {" CC1:BB8", QR_TEXT_OTHER},
        {"HC1:NCF", QR_TEXT_OTHER},
        {"http:/", QR_TEXT_OTHER},
        {"ftp://example.org", QR_TEXT_OTHER},
        {"http://example.org/c/1", QR_TEXT_URL},
        {"HTTPS://EXAMPLE.ORG", QR_TEXT_URL},
        {"wWw.example.org", QR_TEXT_URL},
        {"CC1:", QR_TEXT_CONTENT},
        {"CC1:A", QR_TEXT_BASE45},
        {"CC1:bb8", QR_TEXT_BASE45},
        {"CC1:BB8\n", QR_TEXT_BASE45},
        {"CC1:::::", QR_TEXT_BASE45},
        {"CC1:BB8", QR_TEXT_CONTENT},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        enum qr_text_error error = decode(span_str(table[i].text));
        if (error != table[i].error) {
            fail_msg("%s: %d", table[i].text, error);
        }
    }
}

static void every_first_byte(void **state)
{
    (void)state;
    for (unsigned first = 0; first <= 0xFF; first++) {
        uint8_t packed[3] = {(uint8_t)first, 0, 0};
        enum qr_text_error wanted = first == 0xD2            ? QR_TEXT_OK
                                    : (first & 0x8F) == 0x08 ? QR_TEXT_COMPRESSION
                                                             : QR_TEXT_CONTENT;
        assert_int_equal(decode_packed(span_of(packed, sizeof packed)), wanted);
    }
}

static void damaged_compression(void **state)
{
    (void)state;
    uint8_t document[ROOM], packed[ROOM];
    struct span stream = pack(content(100, false, document), no_dictionary(), 13, packed);
    packed[stream.len] = 0;
    assert_int_equal(decode_packed(stream), QR_TEXT_OK);
    assert_int_equal(decode_packed(span_of(packed, stream.len + 1)), QR_TEXT_COMPRESSION);
    packed[stream.len - 1] ^= 1; /* Adler-32 */
    assert_int_equal(decode_packed(stream), QR_TEXT_COMPRESSION);
    packed[stream.len - 1] ^= 1;
    packed[1] ^= 1; /* check bits of the header */
    assert_int_equal(decode_packed(stream), QR_TEXT_COMPRESSION);
}

static void unknown_dictionaries(void **state)
{
    (void)state;
    uint8_t document[ROOM], packed[ROOM];
    struct span credential = content(100, false, document);
    struct span other = pack(credential, span_str("another dictionary"), 13, packed);
    assert_int_equal(decode_packed(other), QR_TEXT_DICTIONARY);
    struct span ours = pack(credential, qr_dictionary_1(), 13, packed);
    assert_int_equal(decode_packed(ours), QR_TEXT_OK);
    packed[5] ^= 1;
    assert_int_equal(decode_packed(ours), QR_TEXT_DICTIONARY);
    for (size_t len = 2; len < 6; len++) {
        assert_int_equal(decode_packed(span_of(packed, len)), QR_TEXT_COMPRESSION);
    }
}

static void what_is_packed_must_be_a_credential(void **state)
{
    (void)state;
    uint8_t packed[ROOM], twice[ROOM], document[ROOM];
    assert_int_equal(decode_packed(pack(span_str(""), no_dictionary(), 13, packed)),
                     QR_TEXT_CONTENT);
    assert_int_equal(decode_packed(pack(span_str("text"), no_dictionary(), 13, packed)),
                     QR_TEXT_CONTENT);
    struct span once = pack(content(64, false, document), no_dictionary(), 13, packed);
    assert_int_equal(decode_packed(pack(once, no_dictionary(), 13, twice)), QR_TEXT_CONTENT);
}

static void limits(void **state)
{
    (void)state;
    static uint8_t document[QR_TEXT_MAX_CREDENTIAL + 1];
    uint8_t packed[ROOM], text[ROOM];
    static const size_t most = QR_TEXT_MAX_CREDENTIAL;
    struct span full = content(most, false, document);
    comes_back(full, encode(full, text));
    assert_int_equal(decode_packed(pack(full, no_dictionary(), 15, packed)), QR_TEXT_OK);
    struct span beyond = content(most + 1, false, document);
    assert_int_equal(decode_packed(pack(beyond, no_dictionary(), 15, packed)), QR_TEXT_TOO_LONG);
    struct writer w = writer_of(text, sizeof text);
    assert_int_equal(qr_text_encode(beyond, &w), QR_TEXT_TOO_LONG);

    /* 2,896 characters behind the prefix: 965 groups and one character too few. */
    assert_int_equal(decode(text_of(content(1930, true, document), text)), QR_TEXT_OK);
    assert_int_equal(decode(text_of(content(1931, true, document), text)), QR_TEXT_TOO_LONG);
    w = writer_of(text, sizeof text);
    assert_int_equal(qr_text_encode(content(1930, true, document), &w), QR_TEXT_OK);
    assert_int_equal(w.len, 2899);
    w = writer_of(text, sizeof text);
    assert_int_equal(qr_text_encode(content(1931, true, document), &w), QR_TEXT_TOO_LONG);
}

/* A small text that would fill memory: 16 MiB of one letter in 16 KiB would not even fit a
 * code; 1.9 kB may claim two million. */
static void a_bomb_stops_at_the_limit(void **state)
{
    (void)state;
    static uint8_t letters[1800000];
    uint8_t packed[ROOM];
    struct span bomb = pack(content(sizeof letters, false, letters), no_dictionary(), 15, packed);
    assert_true(bomb.len < 1900);
    assert_int_equal(decode_packed(bomb), QR_TEXT_TOO_LONG);
}

static void rooms_that_are_too_small(void **state)
{
    (void)state;
    uint8_t document[ROOM], text[ROOM], room[ROOM];
    struct span credential = content(300, true, document);
    struct span whole = encode(credential, text);
    struct writer w = writer_of(room, credential.len - 1);
    assert_int_equal(qr_text_decode(whole, &w), QR_TEXT_TOO_LONG);
    w = writer_of(room, whole.len - 1);
    assert_int_equal(qr_text_encode(credential, &w), QR_TEXT_TOO_LONG);
    assert_int_equal(qr_text_encode(span_of(NULL, 0), &w), QR_TEXT_CONTENT);
    assert_int_equal(qr_text_encode(span_str("x"), &w), QR_TEXT_CONTENT);
}

struct seen {
    struct span credential;
    unsigned count[QR_TEXT_CONTENT + 1];
};

static void note(struct span text, void *context)
{
    struct seen *seen = context;
    uint8_t room[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(room, sizeof room);
    enum qr_text_error error = qr_text_decode(text, &w);
    seen->count[error]++;
    if (error == QR_TEXT_OK) {
        check_bytes(writer_span(&w), seen->credential);
    }
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    uint8_t document[ROOM], text[ROOM];
    struct credential c = sample_credential(4);
    struct seen seen = {sample_document(&c, COSE_ES256, 4, document, sizeof document), {0}};
    check_prefixes(encode(seen.credential, text), note, &seen);
    assert_int_equal(seen.count[QR_TEXT_OK], 0);
    assert_int_equal(seen.count[QR_TEXT_OTHER], 4);
    assert_true(seen.count[QR_TEXT_COMPRESSION] > 50 && seen.count[QR_TEXT_BASE45] > 50);
}

/* Adler-32 guards the content. A few bits mean nothing to it: the window size and what pads the
 * last byte. */
static void flipped_bits_never_change_the_content(void **state)
{
    (void)state;
    uint8_t document[ROOM], text[ROOM];
    struct credential c = sample_credential(4);
    struct seen seen = {sample_document(&c, COSE_ES256, 4, document, sizeof document), {0}};
    check_bit_flips(encode(seen.credential, text), note, &seen);
    assert_true(seen.count[QR_TEXT_OK] < 8);
    assert_true(seen.count[QR_TEXT_DICTIONARY] > 5);
    assert_int_equal(seen.count[QR_TEXT_OTHER], 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_back),
        cmocka_unit_test(the_dictionary_is_frozen),
        cmocka_unit_test(the_shortest_form_is_written),
        cmocka_unit_test(other_writers_are_read),
        cmocka_unit_test(text_that_is_something_else),
        cmocka_unit_test(every_first_byte),
        cmocka_unit_test(damaged_compression),
        cmocka_unit_test(unknown_dictionaries),
        cmocka_unit_test(what_is_packed_must_be_a_credential),
        cmocka_unit_test(limits),
        cmocka_unit_test(a_bomb_stops_at_the_limit),
        cmocka_unit_test(rooms_that_are_too_small),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(flipped_bits_never_change_the_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
