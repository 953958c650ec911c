/* SPDX-License-Identifier: Apache-2.0
 *
 * Files over QR sequences: any order, loss, repetition; streams that mix, lie and collide; damaged
 * frames; how many frames it takes. Whether a file is the announced one is asked of SHA-256, as
 * every caller must.
 */
#include "check.h"
#include "base/crypto.h"
#include "codec/base45.h"
#include "codec/fountain.h"

#include <stdio.h>

#define BLOB_ROOM FOUNTAIN_BLOB_MAX

struct stream {
    uint8_t *bytes;
    uint8_t digest[CRYPTO_SHA256_SIZE];
    struct fountain_sender sender;
};

static struct fountain_receiver receiver;

static struct stream stream_of(uint64_t seed, size_t len, size_t piece_most)
{
    struct stream s = {.bytes = malloc(len)};
    assert_non_null(s.bytes);
    check_random_bytes(&seed, s.bytes, len);
    struct span blob = span_of(s.bytes, len);
    assert_int_equal(crypto_sha256(&blob, 1, s.digest), CRYPTO_OK);
    assert_true(fountain_sender_init(&s.sender, blob, s.digest, piece_most));
    return s;
}

static struct span frame_of(const struct stream *s, uint32_t symbol, uint8_t *room)
{
    struct writer w = writer_of(room, FOUNTAIN_FRAME_MAX);
    fountain_frame_write(&s->sender, symbol, &w);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static enum fountain_result send(const struct stream *s, uint32_t symbol)
{
    uint8_t room[FOUNTAIN_FRAME_MAX];
    return fountain_receive(&receiver, frame_of(s, symbol, room));
}

/* What every caller asks before it looks at the file. */
static bool is_announced(void)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    struct span blob = fountain_blob(&receiver);
    assert_int_equal(crypto_sha256(&blob, 1, digest), CRYPTO_OK);
    return memcmp(digest, receiver.id, FOUNTAIN_ID_SIZE) == 0;
}

static void assert_arrived(const struct stream *s)
{
    assert_true(fountain_complete(&receiver));
    check_bytes(fountain_blob(&receiver), s->sender.blob);
    assert_true(is_announced());
}

/* Shows frames from symbol 0 on and loses some; how many were shown until the file was there. */
static size_t show_with_loss(const struct stream *s, uint64_t *random, unsigned loss_percent)
{
    fountain_receiver_init(&receiver);
    uint32_t shown = 0;
    while (!fountain_complete(&receiver)) {
        if (check_random(random) % 100 >= loss_percent) {
            enum fountain_result result = send(s, shown);
            assert_true(result == FOUNTAIN_TAKEN || result == FOUNTAIN_KNOWN);
        }
        shown++;
        assert_true(shown < 100000);
    }
    return shown;
}

/* --- what is on the wire --- */

static void the_frame_is_as_written(void **state)
{
    (void)state;
    uint8_t room[FOUNTAIN_FRAME_MAX], text_room[FOUNTAIN_TEXT_MAX], expected[64];
    static const uint8_t digest[] = {0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8};
    struct fountain_sender sender;
    assert_true(fountain_sender_init(&sender, span_str("abcdefghij"), digest, 4));
    assert_int_equal(sender.pieces, 3);
    assert_int_equal(sender.piece_size, 4);
    struct writer w = writer_of(room, sizeof room);
    fountain_frame_write(&sender, 2, &w);
    check_bytes(writer_span(&w), check_hex("4601 a0a1a2a3a4a5a6a7 0003 00000002 00000a 696a0000",
                                           expected, sizeof expected));
    w = writer_of(text_room, sizeof text_room);
    fountain_text_write(&sender, 2, &w);
    assert_int_equal(w.len, 4 + BASE45_ENCODED_SIZE(23));
    fountain_receiver_init(&receiver);
    assert_int_equal(fountain_receive_text(&receiver, writer_span(&w)), FOUNTAIN_TAKEN);
    assert_int_equal(receiver.have, 1);
}

static void rows_are_as_written(void **state)
{
    (void)state;
    static const struct {
        size_t pieces;
        uint32_t symbol;
        uint64_t word[2];
    } table[] = {
        {10, 3, {8, 0}},
        {10, 10, {0x367, 0}},
        {100, 99, {0, (uint64_t)1 << 35}},
        {100, 100, {0x7fd8396603bf08b4, 0xf0fdcd392}},
        {1, 0, {1, 0}},
        {1, 7, {1, 0}},
        {2, 5, {2, 0}},  /* an empty row is replaced by piece 5 mod 2 */
        {3, 3, {1, 0}},  /* the same */
        {5, 13, {8, 0}}, /* the same */
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint64_t row[FOUNTAIN_ROW_WORDS];
        fountain_row(table[i].pieces, table[i].symbol, row);
        assert_true(row[0] == table[i].word[0] && row[1] == table[i].word[1]);
        for (size_t w = 2; w < FOUNTAIN_ROW_WORDS; w++) {
            assert_true(row[w] == 0);
        }
    }
}

static void no_row_is_empty_or_too_long(void **state)
{
    (void)state;
    for (size_t pieces = 1; pieces <= FOUNTAIN_PIECES_MAX; pieces += pieces < 130 ? 1 : 127) {
        for (uint32_t symbol = 0; symbol < 2000; symbol++) {
            uint64_t row[FOUNTAIN_ROW_WORDS], any = 0;
            fountain_row(pieces, symbol, row);
            for (size_t i = 0; i < FOUNTAIN_ROW_WORDS; i++) {
                uint64_t allowed = i * 64 >= pieces        ? 0
                                   : pieces - i * 64 >= 64 ? UINT64_MAX
                                                           : ((uint64_t)1 << pieces % 64) - 1;
                assert_true((row[i] & ~allowed) == 0);
                any |= row[i];
            }
            assert_true(any != 0);
        }
    }
}

static void senders_have_limits(void **state)
{
    (void)state;
    struct fountain_sender s;
    uint8_t digest[CRYPTO_SHA256_SIZE] = {0};
    uint8_t *bytes = calloc(1, BLOB_ROOM + 1);
    assert_non_null(bytes);
    assert_false(fountain_sender_init(&s, span_of(bytes, 0), digest, 900));
    assert_false(fountain_sender_init(&s, span_of(bytes, 1), digest, 0));
    assert_false(fountain_sender_init(&s, span_of(bytes, 1), digest, 901));
    assert_false(fountain_sender_init(&s, span_of(bytes, BLOB_ROOM + 1), digest, 900));
    assert_false(fountain_sender_init(&s, span_of(bytes, 1025), digest, 1));
    assert_true(fountain_sender_init(&s, span_of(bytes, 1024), digest, 1));
    assert_true(fountain_sender_init(&s, span_of(bytes, BLOB_ROOM), digest, 900));
    assert_int_equal(s.pieces, 1024);
    assert_int_equal(s.piece_size, 900);
    free(bytes);
}

/* --- good streams --- */

static void every_size_arrives(void **state)
{
    (void)state;
    static const size_t size[] = {1,   2,    7,    8,    9,    63,    64,    65,    899,   900,
                                  901, 1799, 1800, 1801, 8200, 57600, 57601, 58499, 58500, 145000};
    for (size_t i = 0; i < COUNT_OF(size); i++) {
        struct stream s = stream_of(i, size[i], 900);
        fountain_receiver_init(&receiver);
        for (uint32_t n = 0; n < s.sender.pieces; n++) {
            assert_false(fountain_complete(&receiver));
            assert_int_equal(fountain_blob(&receiver).len, 0);
            assert_int_equal(send(&s, n), FOUNTAIN_TAKEN);
        }
        assert_arrived(&s);
        free(s.bytes);
    }
}

static void pieces_may_be_small(void **state)
{
    (void)state;
    for (size_t piece = 1; piece <= 100; piece++) {
        struct stream s = stream_of(piece, 999, piece);
        uint64_t random = piece;
        (void)show_with_loss(&s, &random, 20);
        assert_arrived(&s);
        free(s.bytes);
    }
}

static void the_largest_arrives(void **state)
{
    (void)state;
    struct stream s = stream_of(1, BLOB_ROOM, 900);
    fountain_receiver_init(&receiver);
    /* late, and backwards: random symbols only */
    for (uint32_t n = 2100; !fountain_complete(&receiver); n--) {
        assert_true(n > 1024);
        assert_true(send(&s, n) <= FOUNTAIN_KNOWN);
    }
    assert_arrived(&s);
    assert_true(receiver.count[FOUNTAIN_KNOWN] < 20);
    free(s.bytes);
}

static void any_order_with_repetition(void **state)
{
    (void)state;
    uint32_t order[90];
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct stream s = stream_of(seed, 40 * 300 - seed, 300);
        uint64_t random = seed;
        for (uint32_t i = 0; i < COUNT_OF(order); i++) {
            size_t j = (size_t)(check_random(&random) % (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        fountain_receiver_init(&receiver);
        for (size_t i = 0; i < COUNT_OF(order) && !fountain_complete(&receiver); i++) {
            enum fountain_result first = send(&s, order[i]);
            assert_true(first <= FOUNTAIN_KNOWN);
            assert_int_equal(send(&s, order[i]), FOUNTAIN_KNOWN);
        }
        assert_arrived(&s);
        assert_int_equal(receiver.count[FOUNTAIN_CONFLICT], 0);
        free(s.bytes);
    }
}

static void every_loss_up_to_half(void **state)
{
    (void)state;
    for (unsigned loss = 0; loss <= 50; loss += 5) {
        struct stream s = stream_of(loss, 8200, 900);
        uint64_t random = loss;
        for (int i = 0; i < 20; i++) {
            (void)show_with_loss(&s, &random, loss);
            assert_arrived(&s);
        }
        free(s.bytes);
    }
}

/* Frames shown for 100 pieces, over fixed seeds, beside what no code can beat. */
static void overhead_is_bounded(void **state)
{
    (void)state;
    static const unsigned loss[] = {30, 50};
    struct stream s = stream_of(100, 100 * 20, 20);
    for (size_t i = 0; i < COUNT_OF(loss); i++) {
        size_t all = 0, most = 0;
        for (uint64_t seed = 1; seed <= 300; seed++) {
            uint64_t random = seed;
            size_t shown = show_with_loss(&s, &random, loss[i]);
            all += shown;
            most = shown > most ? shown : most;
        }
        double ideal = 100.0 * 100 / (100 - loss[i]);
        double mean = (double)all / 300 / ideal, worst = (double)most / ideal;
        printf("K = 100, %u %% lost: %.3f of the ideal, at worst %.3f\n", loss[i], mean, worst);
        assert_true(mean <= 1.06);
        assert_true(worst <= 1.6);
    }
    free(s.bytes);
}

/* --- streams that mix --- */

static void another_stream_is_passed_over(void **state)
{
    (void)state;
    struct stream a = stream_of(1, 9000, 900), b = stream_of(2, 9000, 900);
    fountain_receiver_init(&receiver);
    for (uint32_t n = 0; n < 10; n++) {
        assert_int_equal(send(&a, n), FOUNTAIN_TAKEN);
        assert_int_equal(send(&b, n), FOUNTAIN_OTHER);
    }
    assert_arrived(&a);
    assert_int_equal(receiver.count[FOUNTAIN_OTHER], 10);
    assert_int_equal(receiver.given_up, 0);
    for (uint32_t n = 0; n < 100; n++) { /* what is complete stays until it was fetched */
        assert_int_equal(send(&b, n), FOUNTAIN_OTHER);
    }
    assert_arrived(&a);
    assert_int_equal(send(&a, 11), FOUNTAIN_KNOWN);
    fountain_receiver_restart(&receiver);
    assert_int_equal(send(&b, 0), FOUNTAIN_TAKEN);
    free(a.bytes);
    free(b.bytes);
}

static void a_stream_without_progress_gives_way(void **state)
{
    (void)state;
    struct stream a = stream_of(1, 9000, 900), b = stream_of(2, 9000, 900);
    fountain_receiver_init(&receiver);
    assert_int_equal(send(&a, 0), FOUNTAIN_TAKEN);
    for (unsigned i = 1; i < FOUNTAIN_PATIENCE; i++) {
        assert_int_equal(send(&b, i), FOUNTAIN_OTHER);
        assert_int_equal(send(&a, 0), FOUNTAIN_KNOWN); /* repetition is no progress */
    }
    assert_int_equal(send(&a, 1), FOUNTAIN_TAKEN); /* this is, so all begins anew */
    for (unsigned i = 1; i < FOUNTAIN_PATIENCE; i++) {
        assert_int_equal(send(&b, i), FOUNTAIN_OTHER);
    }
    assert_int_equal(send(&b, 0), FOUNTAIN_TAKEN);
    assert_int_equal(receiver.given_up, 1);
    assert_int_equal(receiver.have, 1);
    for (uint32_t n = 1; n < 10; n++) {
        assert_int_equal(send(&b, n), FOUNTAIN_TAKEN);
    }
    assert_arrived(&b);
    free(a.bytes);
    free(b.bytes);
}

/* --- frames that lie --- */

/* A good frame of ten pieces with other numbers in its head, or another payload size. */
static enum fountain_result lie(const struct stream *s, unsigned pieces, unsigned length,
                                size_t payload)
{
    uint8_t frame[FOUNTAIN_FRAME_MAX + 64] = {0};
    struct writer w = writer_of(frame, sizeof frame);
    writer_be(&w, FOUNTAIN_TYPE, 2);
    writer_put(&w, span_of(s->sender.id, FOUNTAIN_ID_SIZE));
    writer_be(&w, pieces, 2);
    writer_be(&w, 3, 4);
    writer_be(&w, length, 3);
    uint8_t *copy = check_heap_copy(span_of(frame, w.len + payload));
    enum fountain_result result = fountain_receive(&receiver, span_of(copy, w.len + payload));
    free(copy);
    return result;
}

static void lies_about_the_shape(void **state)
{
    (void)state;
    struct stream s = stream_of(1, 9000, 900);
    static const struct {
        unsigned pieces, length;
        size_t payload;
        enum fountain_result expected;
    } table[] = {
        {10, 9000, 0, FOUNTAIN_FORMAT},      {10, 9000, 899, FOUNTAIN_SHAPE},
        {10, 9001, 900, FOUNTAIN_SHAPE},     {10, 9001, 901, FOUNTAIN_LIMIT},
        {0, 9000, 900, FOUNTAIN_SHAPE},      {9, 9000, 900, FOUNTAIN_SHAPE},
        {11, 9000, 900, FOUNTAIN_SHAPE},     {10, 0, 900, FOUNTAIN_SHAPE},
        {1025, 9000, 9, FOUNTAIN_LIMIT},     {65535, 65535, 1, FOUNTAIN_LIMIT},
        {1024, 921601, 900, FOUNTAIN_LIMIT}, {1024, 16777215, 900, FOUNTAIN_LIMIT},
        {4, 5, 2, FOUNTAIN_SHAPE},          /* a fourth piece beyond the end */
        {10, 9000, 900, FOUNTAIN_CONFLICT}, /* zeros: the right shape, another content */
        {20, 9000, 450, FOUNTAIN_SHAPE},    /* possible, but not this stream's */
        {10, 8999, 900, FOUNTAIN_SHAPE},    /* the same */
    };
    fountain_receiver_init(&receiver);
    for (uint32_t n = 0; n < 9; n++) {
        assert_int_equal(send(&s, n), FOUNTAIN_TAKEN);
    }
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        assert_int_equal(lie(&s, table[i].pieces, table[i].length, table[i].payload),
                         table[i].expected);
    }
    assert_int_equal(send(&s, 10), FOUNTAIN_TAKEN);
    assert_arrived(&s);
    free(s.bytes);
}

/* The lie came first: the truth is shown often enough, and takes over. */
static void a_lie_first_gives_way(void **state)
{
    (void)state;
    struct stream s = stream_of(1, 9000, 900);
    fountain_receiver_init(&receiver);
    assert_int_equal(lie(&s, 1024, 921600, 900), FOUNTAIN_TAKEN);
    uint32_t n = 0;
    for (; !fountain_complete(&receiver); n++) {
        assert_true(n < FOUNTAIN_PATIENCE + 20);
        (void)send(&s, n);
    }
    assert_arrived(&s);
    assert_int_equal(receiver.given_up, 1);
    assert_int_equal(receiver.count[FOUNTAIN_SHAPE], FOUNTAIN_PATIENCE - 1);
    free(s.bytes);
}

/* Two contents for one symbol: noticed when the true one came first, and by the hash when it came
 * too late. */
static void colliding_symbols(void **state)
{
    (void)state;
    struct stream s = stream_of(1, 9000, 900);
    uint8_t room[FOUNTAIN_FRAME_MAX];
    static const uint32_t symbol[] = {3, 12, 4000000000};
    for (size_t i = 0; i < COUNT_OF(symbol); i++) {
        struct span frame = frame_of(&s, symbol[i], room);
        fountain_receiver_init(&receiver);
        assert_int_equal(fountain_receive(&receiver, frame), FOUNTAIN_TAKEN);
        room[FOUNTAIN_HEAD_SIZE + 17] ^= 1;
        assert_int_equal(fountain_receive(&receiver, frame), FOUNTAIN_CONFLICT);
        for (uint32_t n = 0; n < 12; n++) {
            (void)send(&s, n);
        }
        assert_arrived(&s);
        fountain_receiver_init(&receiver);
        assert_int_equal(fountain_receive(&receiver, frame), FOUNTAIN_TAKEN);
        assert_int_equal(send(&s, symbol[i]), FOUNTAIN_CONFLICT);
        for (uint32_t n = 0; n < 9; n++) {
            (void)send(&s, n);
        }
        (void)send(&s, 9);
        assert_true(fountain_complete(&receiver));
        assert_false(is_announced());
        fountain_receiver_restart(&receiver);
        for (uint32_t n = 20; !fountain_complete(&receiver); n++) {
            (void)send(&s, n);
        }
        assert_arrived(&s);
    }
    free(s.bytes);
}

static void frame_prefix(struct span prefix, void *context)
{
    enum fountain_result result = fountain_receive(&receiver, prefix);
    assert_int_equal(result, prefix.len <= FOUNTAIN_HEAD_SIZE ? FOUNTAIN_FORMAT : FOUNTAIN_SHAPE);
    *(size_t *)context += 1;
}

static void every_prefix(void **state)
{
    (void)state;
    uint8_t room[FOUNTAIN_FRAME_MAX];
    struct stream s = stream_of(1, 500, 200);
    size_t seen = 0;
    fountain_receiver_init(&receiver);
    check_prefixes(frame_of(&s, 4, room), frame_prefix, &seen);
    assert_int_equal(seen, FOUNTAIN_HEAD_SIZE + 167);
    assert_false(receiver.started);
    free(s.bytes);
}

struct flips {
    const struct stream *stream;
    size_t refused, harmless, spoilt;
};

/* The damaged frame first, then good ones without end: nothing false is ever announced as true. */
static void flipped_first(struct span flipped, void *context)
{
    struct flips *f = context;
    fountain_receiver_init(&receiver);
    bool taken = fountain_receive(&receiver, flipped) == FOUNTAIN_TAKEN;
    for (uint32_t n = 0; n < 200; n++) {
        if (fountain_complete(&receiver) && is_announced()) {
            break;
        }
        if (fountain_complete(&receiver)) {
            f->spoilt++;
            fountain_receiver_restart(&receiver);
        }
        (void)send(f->stream, n);
    }
    assert_arrived(f->stream);
    *(taken ? &f->harmless : &f->refused) += 1;
}

/* The damaged frame in the midst of a stream. */
static void flipped_within(struct span flipped, void *context)
{
    struct flips *f = context;
    fountain_receiver_init(&receiver);
    (void)send(f->stream, 0);
    (void)send(f->stream, 9);
    (void)fountain_receive(&receiver, flipped);
    for (uint32_t n = 1; !fountain_complete(&receiver); n++) {
        (void)send(f->stream, n);
    }
    if (is_announced()) {
        assert_arrived(f->stream);
    } else {
        f->spoilt++;
    }
}

static void every_bit_flip(void **state)
{
    (void)state;
    uint8_t room[FOUNTAIN_FRAME_MAX];
    struct stream s = stream_of(9, 301, 80);
    struct flips f = {&s, 0, 0, 0};
    struct span frame = frame_of(&s, 5, room);
    check_bit_flips(frame, flipped_first, &f);
    printf("flipped first: %zu refused, %zu taken, %zu spoilt a stream until its hash was asked\n",
           f.refused, f.harmless, f.spoilt);
    assert_int_equal(f.refused + f.harmless, frame.len * 8);
    assert_true(f.refused >= 5 * 8);
    f = (struct flips){&s, 0, 0, 0};
    check_bit_flips(frame, flipped_within, &f);
    assert_true(f.spoilt >= (s.sender.piece_size - 3) * 8); /* three bytes are padding */
    free(s.bytes);
}

static void flipped_text(struct span flipped, void *context)
{
    fountain_receiver_init(&receiver);
    if (fountain_receive_text(&receiver, flipped) == FOUNTAIN_TAKEN) {
        *(size_t *)context += 1;
    } else {
        assert_false(receiver.started);
    }
}

static void texts(void **state)
{
    (void)state;
    uint8_t room[FOUNTAIN_TEXT_MAX + 1];
    struct stream s = stream_of(3, 900, 900);
    struct writer w = writer_of(room, sizeof room);
    fountain_text_write(&s.sender, 1, &w);
    assert_int_equal(w.len, FOUNTAIN_TEXT_MAX);
    fountain_receiver_init(&receiver);
    static const char *const other[] = {"",        "C",        "CF1:",
                                        "CF1:A",   "cf1:BB8",  "CF2:BB8",
                                        "CC1:BB8", "CF1:::::", "https://example.org/"};
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        assert_int_equal(fountain_receive_text(&receiver, span_str(other[i])), FOUNTAIN_FORMAT);
    }
    room[FOUNTAIN_TEXT_MAX] = '0';
    assert_int_equal(fountain_receive_text(&receiver, span_of(room, FOUNTAIN_TEXT_MAX + 1)),
                     FOUNTAIN_FORMAT);
    assert_int_equal(receiver.count[FOUNTAIN_FORMAT], COUNT_OF(other) + 1);
    assert_int_equal(fountain_receive_text(&receiver, writer_span(&w)), FOUNTAIN_TAKEN);
    assert_arrived(&s);
    size_t taken = 0;
    check_bit_flips(writer_span(&w), flipped_text, &taken);
    assert_true(taken > 0);
    free(s.bytes);
}

/* --- memory --- */

static void memory_is_what_is_documented(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct fountain_receiver), 1053824);
    assert_string_equal(fountain_result_name(FOUNTAIN_CONFLICT), "CONFLICT");
    for (int i = 0; i < FOUNTAIN_RESULTS; i++) {
        assert_non_null(fountain_result_name((enum fountain_result)i));
    }
    assert_string_equal(fountain_result_name(FOUNTAIN_RESULTS), "FORMAT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frame_is_as_written),
        cmocka_unit_test(rows_are_as_written),
        cmocka_unit_test(no_row_is_empty_or_too_long),
        cmocka_unit_test(senders_have_limits),
        cmocka_unit_test(every_size_arrives),
        cmocka_unit_test(pieces_may_be_small),
        cmocka_unit_test(the_largest_arrives),
        cmocka_unit_test(any_order_with_repetition),
        cmocka_unit_test(every_loss_up_to_half),
        cmocka_unit_test(overhead_is_bounded),
        cmocka_unit_test(another_stream_is_passed_over),
        cmocka_unit_test(a_stream_without_progress_gives_way),
        cmocka_unit_test(lies_about_the_shape),
        cmocka_unit_test(a_lie_first_gives_way),
        cmocka_unit_test(colliding_symbols),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(every_bit_flip),
        cmocka_unit_test(texts),
        cmocka_unit_test(memory_is_what_is_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
