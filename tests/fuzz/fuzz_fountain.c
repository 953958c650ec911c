/* SPDX-License-Identifier: Apache-2.0
 *
 * A receiver shown arbitrary frames: it stays within its limits, and what it says about a frame is
 * what it does. The input is a row of commands: 0 a small stream of a true sender, shown by symbol;
 * 1 the same frame with one byte changed; 2 raw bytes as a frame; 3 raw bytes as a text; 4 a
 * restart; 5 another sender. Whatever true frames of an untouched stream give is the true file.
 */
#include "fuzz.h"
#include "codec/fountain.h"

static struct fountain_receiver receiver;

struct source {
    uint8_t bytes[600];
    uint8_t digest[32];
    struct fountain_sender sender;
};

static void make(struct source *s, struct reader *r)
{
    size_t len = (size_t)reader_be(r, 2) % sizeof s->bytes + 1;
    size_t piece = (size_t)reader_be(r, 1) + 1;
    for (size_t i = 0; i < len; i++) {
        s->bytes[i] = (uint8_t)(i * 7 + len);
    }
    memset(s->digest, (int)(len & 0xFF), sizeof s->digest);
    FUZZ_REQUIRE(fountain_sender_init(&s->sender, span_of(s->bytes, len), s->digest, piece));
}

/* Before and after a frame: progress is what TAKEN says, and nothing else. */
static void receive(struct span bytes, bool text)
{
    size_t have = receiver.have, given_up = receiver.given_up;
    bool started = receiver.started;
    enum fountain_result result =
        text ? fountain_receive_text(&receiver, bytes) : fountain_receive(&receiver, bytes);
    FUZZ_REQUIRE((unsigned)result < FOUNTAIN_RESULTS);
    if (receiver.given_up != given_up || !started) {
        have = 0;
    }
    FUZZ_REQUIRE(receiver.have == have + (result == FOUNTAIN_TAKEN));
    if (receiver.started) {
        FUZZ_REQUIRE(receiver.pieces >= 1 && receiver.pieces <= FOUNTAIN_PIECES_MAX);
        FUZZ_REQUIRE(receiver.piece_size >= 1 && receiver.piece_size <= FOUNTAIN_PIECE_MAX);
        FUZZ_REQUIRE(receiver.have <= receiver.pieces);
        FUZZ_REQUIRE(receiver.length <= receiver.pieces * receiver.piece_size);
    }
    FUZZ_REQUIRE(fountain_blob(&receiver).len ==
                 (fountain_complete(&receiver) ? receiver.length : 0));
}

static void show(const struct source *s, uint32_t symbol, size_t change, uint8_t mask)
{
    uint8_t room[FOUNTAIN_TEXT_MAX];
    struct writer w = writer_of(room, sizeof room);
    bool text = symbol % 3 == 0 && mask == 0;
    if (text) {
        fountain_text_write(&s->sender, symbol, &w);
    } else {
        fountain_frame_write(&s->sender, symbol, &w);
    }
    FUZZ_REQUIRE(writer_ok(&w));
    room[change % w.len] ^= mask;
    receive(writer_span(&w), text);
}

/* all_true: since the last restart the receiver saw true frames only. */
static void step(struct source *s, struct reader *r, bool *all_true)
{
    size_t change;
    switch (reader_be(r, 1) % 6) {
    case 0:
        show(s, (uint32_t)reader_be(r, 1), 0, 0);
        return;
    case 1:
        change = (size_t)reader_be(r, 2);
        show(s, (uint32_t)reader_be(r, 4), change, (uint8_t)reader_be(r, 1));
        break;
    case 2:
        receive(reader_take(r, (size_t)reader_be(r, 1) % (r->rest.len + 1)), false);
        break;
    case 3:
        receive(reader_take(r, (size_t)reader_be(r, 1) % (r->rest.len + 1)), true);
        break;
    case 4:
        fountain_receiver_restart(&receiver);
        *all_true = true;
        return;
    default:
        make(s, r);
        fountain_receiver_restart(&receiver);
        *all_true = true;
        return;
    }
    *all_true = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct source source;
    struct reader r = reader_of(span_of(data, size));
    bool all_true = true;
    fountain_receiver_init(&receiver);
    make(&source, &r);
    while (!r.failed && r.rest.len != 0) {
        step(&source, &r, &all_true);
        if (all_true && fountain_complete(&receiver)) {
            FUZZ_REQUIRE(span_equal(fountain_blob(&receiver), source.sender.blob));
        }
    }
    return 0;
}
