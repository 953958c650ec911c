/* SPDX-License-Identifier: Apache-2.0
 *
 * The receiver: Gaussian elimination, frame by frame. Rows are kept triangular while frames come
 * in, and solved once there are enough. A frame that leaves an empty row has told nothing new, and
 * must leave empty data, too: so a second content of a symbol is noticed without keeping symbols.
 */
#include "codec/fountain.h"

#include "codec/base45.h"

_Static_assert(sizeof(struct fountain_receiver) <= 1024 * 1024 + 128 * 1024,
               "the receiver stays within 1 MiB and its rows");

struct frame {
    struct span id;
    size_t pieces, length;
    uint32_t symbol;
    struct span payload; /* points into the frame */
};

const char *fountain_result_name(enum fountain_result result)
{
    static const char *const name[FOUNTAIN_RESULTS] = {
        [FOUNTAIN_TAKEN] = "TAKEN",   [FOUNTAIN_KNOWN] = "KNOWN", [FOUNTAIN_CONFLICT] = "CONFLICT",
        [FOUNTAIN_OTHER] = "OTHER",   [FOUNTAIN_SHAPE] = "SHAPE", [FOUNTAIN_LIMIT] = "LIMIT",
        [FOUNTAIN_FORMAT] = "FORMAT",
    };
    return (unsigned)result < FOUNTAIN_RESULTS ? name[result] : "FORMAT";
}

void fountain_receiver_init(struct fountain_receiver *receiver)
{
    memset(receiver, 0, sizeof *receiver);
}

void fountain_receiver_restart(struct fountain_receiver *receiver)
{
    receiver->started = false;
    receiver->have = 0;
    receiver->strangers = 0;
}

static enum fountain_result read_frame(struct span bytes, struct frame *ret_frame)
{
    struct reader r = reader_of(bytes);
    struct frame f;
    uint64_t type = reader_be(&r, 2);
    f.id = reader_take(&r, FOUNTAIN_ID_SIZE);
    f.pieces = (size_t)reader_be(&r, 2);
    f.symbol = (uint32_t)reader_be(&r, 4);
    f.length = (size_t)reader_be(&r, 3);
    f.payload = r.rest;
    if (r.failed || type != FOUNTAIN_TYPE || f.payload.len == 0) {
        return FOUNTAIN_FORMAT;
    }
    if (f.pieces > FOUNTAIN_PIECES_MAX || f.length > FOUNTAIN_BLOB_MAX ||
        f.payload.len > FOUNTAIN_PIECE_MAX) {
        return FOUNTAIN_LIMIT;
    }
    if (f.pieces == 0 || f.payload.len != fountain_divide_up(f.length, f.pieces) ||
        f.pieces != fountain_divide_up(f.length, f.payload.len)) {
        return FOUNTAIN_SHAPE;
    }
    *ret_frame = f;
    return FOUNTAIN_TAKEN;
}

static void start(struct fountain_receiver *r, const struct frame *f)
{
    r->started = true;
    memcpy(r->id, f->id.ptr, FOUNTAIN_ID_SIZE);
    r->pieces = f->pieces;
    r->piece_size = f->payload.len;
    r->length = f->length;
    r->have = 0;
    r->strangers = 0;
    memset(r->row, 0, f->pieces * sizeof r->row[0]);
}

/* TAKEN when the frame is of the stream, which may have begun with it. */
static enum fountain_result choose_stream(struct fountain_receiver *r, const struct frame *f)
{
    if (!r->started) {
        start(r, f);
        return FOUNTAIN_TAKEN;
    }
    bool same_id = memcmp(r->id, f->id.ptr, FOUNTAIN_ID_SIZE) == 0;
    if (same_id && r->pieces == f->pieces && r->length == f->length) {
        return FOUNTAIN_TAKEN;
    }
    if (!fountain_complete(r) && ++r->strangers >= FOUNTAIN_PATIENCE) {
        r->given_up++;
        start(r, f);
        return FOUNTAIN_TAKEN;
    }
    return same_id ? FOUNTAIN_SHAPE : FOUNTAIN_OTHER;
}

static bool has_bit(const uint64_t *row, size_t i)
{
    return (row[i / 64] >> i % 64 & 1) != 0;
}

static bool all_zero(const uint8_t *bytes, size_t len)
{
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) {
        any |= bytes[i];
    }
    return any == 0;
}

static void keep_new_row(struct fountain_receiver *r, size_t at)
{
    memcpy(r->row[at], r->new_row, sizeof r->row[at]);
    memcpy(r->data + at * r->piece_size, r->new_data, r->piece_size);
    r->have++;
    r->strangers = 0;
}

/* Takes the known rows out of the new one, from its lowest bit up: row i has none below i. */
static enum fountain_result reduce(struct fountain_receiver *r)
{
    size_t words = fountain_divide_up(r->pieces, 64);
    for (size_t i = 0; i < r->pieces; i++) {
        if (!has_bit(r->new_row, i)) {
            continue;
        }
        if (!has_bit(r->row[i], i)) {
            keep_new_row(r, i);
            return FOUNTAIN_TAKEN;
        }
        for (size_t w = i / 64; w < words; w++) {
            r->new_row[w] ^= r->row[i][w];
        }
        fountain_xor(r->new_data, r->data + i * r->piece_size, r->piece_size);
    }
    return all_zero(r->new_data, r->piece_size) ? FOUNTAIN_KNOWN : FOUNTAIN_CONFLICT;
}

/* All rows are there: from the last one up each becomes its piece alone. */
static void solve(struct fountain_receiver *r)
{
    for (size_t i = r->pieces; i-- > 0;) {
        for (size_t j = i + 1; j < r->pieces; j++) {
            if (has_bit(r->row[i], j)) {
                fountain_xor(r->data + i * r->piece_size, r->data + j * r->piece_size,
                             r->piece_size);
            }
        }
    }
}

static enum fountain_result add(struct fountain_receiver *r, const struct frame *f)
{
    if (fountain_complete(r)) {
        return FOUNTAIN_KNOWN;
    }
    fountain_row(r->pieces, f->symbol, r->new_row);
    memcpy(r->new_data, f->payload.ptr, r->piece_size);
    enum fountain_result result = reduce(r);
    if (fountain_complete(r)) {
        solve(r);
    }
    return result;
}

enum fountain_result fountain_receive(struct fountain_receiver *receiver, struct span frame)
{
    struct frame f;
    enum fountain_result result = read_frame(frame, &f);
    if (result == FOUNTAIN_TAKEN) {
        result = choose_stream(receiver, &f);
    }
    if (result == FOUNTAIN_TAKEN) {
        result = add(receiver, &f);
    }
    receiver->count[result]++;
    return result;
}

enum fountain_result fountain_receive_text(struct fountain_receiver *receiver, struct span text)
{
    uint8_t frame[FOUNTAIN_FRAME_MAX];
    struct writer w = writer_of(frame, sizeof frame);
    struct span prefix = span_str(FOUNTAIN_PREFIX);
    if (!span_starts_with(text, prefix) || text.len > FOUNTAIN_TEXT_MAX ||
        !base45_decode(span_of(text.ptr + prefix.len, text.len - prefix.len), &w)) {
        receiver->count[FOUNTAIN_FORMAT]++;
        return FOUNTAIN_FORMAT;
    }
    return fountain_receive(receiver, writer_span(&w));
}

struct span fountain_blob(const struct fountain_receiver *receiver)
{
    return fountain_complete(receiver) ? span_of(receiver->data, receiver->length)
                                       : span_of(NULL, 0);
}
