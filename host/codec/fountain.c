/* SPDX-License-Identifier: Apache-2.0
 *
 * The sender, and the rows both sides agree on. A dense random row costs a receiver more work than
 * a sparse one and almost no frames: of K + 5 random rows, K are independent in 31 of 32 cases.
 */
#include "codec/fountain.h"

#include "codec/base45.h"

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static void random_row(size_t pieces, uint32_t symbol, uint64_t row[FOUNTAIN_ROW_WORDS])
{
    uint64_t state = (uint64_t)pieces << 32 | symbol;
    uint64_t any = 0;
    for (size_t i = 0; i * 64 < pieces; i++) {
        row[i] = next_random(&state);
        if (pieces - i * 64 < 64) {
            row[i] &= ((uint64_t)1 << (pieces - i * 64)) - 1;
        }
        any |= row[i];
    }
    if (any == 0) { /* never an empty one, however few pieces there are */
        size_t piece = symbol % pieces;
        row[piece / 64] = (uint64_t)1 << piece % 64;
    }
}

void fountain_row(size_t pieces, uint32_t symbol, uint64_t ret_row[FOUNTAIN_ROW_WORDS])
{
    memset(ret_row, 0, FOUNTAIN_ROW_WORDS * sizeof ret_row[0]);
    if (symbol < pieces) {
        ret_row[symbol / 64] = (uint64_t)1 << symbol % 64;
    } else {
        random_row(pieces, symbol, ret_row);
    }
}

/* Words, since pieces of odd sizes lie unaligned one behind the other. */
void fountain_xor(uint8_t *to, const uint8_t *from, size_t len)
{
    size_t at = 0;
    for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t a, b;
        memcpy(&a, to + at, sizeof a);
        memcpy(&b, from + at, sizeof b);
        a ^= b;
        memcpy(to + at, &a, sizeof a);
    }
    for (; at < len; at++) {
        to[at] ^= from[at];
    }
}

bool fountain_sender_init(struct fountain_sender *sender, struct span blob, const uint8_t *digest,
                          size_t piece_most)
{
    if (blob.len == 0 || blob.len > FOUNTAIN_BLOB_MAX || piece_most == 0 ||
        piece_most > FOUNTAIN_PIECE_MAX) {
        return false;
    }
    sender->blob = blob;
    memcpy(sender->id, digest, FOUNTAIN_ID_SIZE);
    sender->pieces = fountain_divide_up(blob.len, piece_most);
    sender->piece_size = fountain_divide_up(blob.len, sender->pieces);
    return sender->pieces <= FOUNTAIN_PIECES_MAX;
}

/* The last piece is shorter; zeros behind it change nothing. */
static void xor_piece(const struct fountain_sender *s, size_t piece, uint8_t *payload)
{
    size_t at = piece * s->piece_size;
    size_t left = s->blob.len - at;
    fountain_xor(payload, s->blob.ptr + at, left < s->piece_size ? left : s->piece_size);
}

void fountain_frame_write(const struct fountain_sender *sender, uint32_t symbol, struct writer *w)
{
    uint8_t payload[FOUNTAIN_PIECE_MAX] = {0};
    uint64_t row[FOUNTAIN_ROW_WORDS];
    fountain_row(sender->pieces, symbol, row);
    for (size_t i = 0; i < sender->pieces; i++) {
        if ((row[i / 64] >> i % 64 & 1) != 0) {
            xor_piece(sender, i, payload);
        }
    }
    writer_be(w, FOUNTAIN_TYPE, 2);
    writer_put(w, span_of(sender->id, FOUNTAIN_ID_SIZE));
    writer_be(w, sender->pieces, 2);
    writer_be(w, symbol, 4);
    writer_be(w, sender->blob.len, 3);
    writer_put(w, span_of(payload, sender->piece_size));
}

void fountain_text_write(const struct fountain_sender *sender, uint32_t symbol, struct writer *w)
{
    uint8_t frame[FOUNTAIN_FRAME_MAX];
    struct writer inside = writer_of(frame, sizeof frame);
    fountain_frame_write(sender, symbol, &inside);
    writer_put(w, span_str(FOUNTAIN_PREFIX));
    base45_encode(writer_span(&inside), w);
}
