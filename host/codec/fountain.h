/* SPDX-License-Identifier: Apache-2.0
 *
 * Files over a sequence of QR codes (WIRE.md, "QR sequence"): a random linear fountain code over
 * GF(2). Sender: a file becomes K pieces and as many symbols as anybody cares to watch. Receiver:
 * any K of them that are independent, in any order, give the file back. Neither hashes, parses nor
 * believes anything: whoever receives compares the file's SHA-256 with the stream's id first.
 */
#ifndef CODEC_FOUNTAIN_H
#define CODEC_FOUNTAIN_H

#include "wire/bytes.h"

#define FOUNTAIN_PREFIX     "CF1:"
#define FOUNTAIN_PIECE_MAX  900  /* bytes */
#define FOUNTAIN_PIECES_MAX 1024 /* K */
#define FOUNTAIN_BLOB_MAX   (FOUNTAIN_PIECE_MAX * FOUNTAIN_PIECES_MAX)
#define FOUNTAIN_ID_SIZE    8
#define FOUNTAIN_HEAD_SIZE  19
#define FOUNTAIN_FRAME_MAX  (FOUNTAIN_HEAD_SIZE + FOUNTAIN_PIECE_MAX)
#define FOUNTAIN_TEXT_MAX   1383 /* characters: the prefix and the base45 of FOUNTAIN_FRAME_MAX */
#define FOUNTAIN_ROW_WORDS  (FOUNTAIN_PIECES_MAX / 64)

/* How many frames in a row of other streams, with no progress between them, end a stream. */
#define FOUNTAIN_PATIENCE 24

/* Which pieces a symbol is the XOR of: bit i % 64 of word i / 64 stands for piece i. Symbols below
 * `pieces` are the pieces themselves. pieces: 1 to FOUNTAIN_PIECES_MAX. */
void fountain_row(size_t pieces, uint32_t symbol, uint64_t ret_row[FOUNTAIN_ROW_WORDS]);

/* ---- sender ---- */

struct fountain_sender {
    struct span blob; /* the caller's; lives as long as this */
    uint8_t id[FOUNTAIN_ID_SIZE];
    size_t pieces, piece_size;
};

/* `digest` is the blob's SHA-256 (32 bytes), piece_most the largest piece wanted (at most
 * FOUNTAIN_PIECE_MAX). False when the blob is empty or needs more than FOUNTAIN_PIECES_MAX of them.
 */
bool fountain_sender_init(struct fountain_sender *sender, struct span blob, const uint8_t *digest,
                          size_t piece_most);

/* Writes the frame of a symbol, as bytes and as QR text. */
void fountain_frame_write(const struct fountain_sender *sender, uint32_t symbol, struct writer *w);
void fountain_text_write(const struct fountain_sender *sender, uint32_t symbol, struct writer *w);

/* ---- receiver ---- */

/* What became of a frame. */
enum fountain_result {
    FOUNTAIN_TAKEN = 0, /* progress */
    FOUNTAIN_KNOWN,     /* tells nothing new: seen before, or follows from what was seen */
    FOUNTAIN_CONFLICT,  /* contradicts what was seen: one symbol with two contents */
    FOUNTAIN_OTHER,     /* of another stream; passed over */
    FOUNTAIN_SHAPE,  /* number of pieces, length and payload contradict each other or the stream */
    FOUNTAIN_LIMIT,  /* more pieces or bytes than there may be */
    FOUNTAIN_FORMAT, /* not a frame, or of a later version */
    FOUNTAIN_RESULTS,
};

/* One stream at a time. The first frame chooses it; frames with another id (OTHER), or with this id
 * and another number of pieces or length (SHAPE), are passed over and counted, until
 * FOUNTAIN_PATIENCE of them came with no progress between: then the last of them starts its own
 * stream. A CONFLICT is passed over and counted; which of the two contents was wrong, the hash of
 * the whole will tell.
 *
 * 1,053,824 bytes and nothing else, whatever is received: 900 KiB of pieces, 128 KiB of rows. */
struct fountain_receiver {
    bool started;
    uint8_t id[FOUNTAIN_ID_SIZE];
    size_t pieces, piece_size, length; /* of the stream */
    size_t have;                       /* independent symbols so far, at most `pieces` */
    size_t count[FOUNTAIN_RESULTS];    /* frames, since fountain_receiver_init */
    size_t given_up;                   /* streams that gave way */
    unsigned strangers;                /* frames of other streams since the last progress */
    uint64_t new_row[FOUNTAIN_ROW_WORDS];
    uint8_t new_data[FOUNTAIN_PIECE_MAX];
    /* Row i, once there, has bit i as its lowest; its data stand at i * piece_size. */
    uint64_t row[FOUNTAIN_PIECES_MAX][FOUNTAIN_ROW_WORDS];
    uint8_t data[FOUNTAIN_BLOB_MAX];
};

/* Too large for a stack. */
void fountain_receiver_init(struct fountain_receiver *receiver);
/* Forgets the stream; the counts stay. */
void fountain_receiver_restart(struct fountain_receiver *receiver);

/* Takes a frame; nothing of it is kept by reference. After the last piece everything of the same
 * stream is KNOWN. */
enum fountain_result fountain_receive(struct fountain_receiver *receiver, struct span frame);
/* The same for a QR text. */
enum fountain_result fountain_receive_text(struct fountain_receiver *receiver, struct span text);

static inline bool fountain_complete(const struct fountain_receiver *receiver)
{
    return receiver->started && receiver->have == receiver->pieces;
}

/* The file, once complete: unchecked bytes in the receiver, until the next call. Their SHA-256
 * begins with receiver->id, or they are worth nothing. */
struct span fountain_blob(const struct fountain_receiver *receiver);

/* "CONFLICT", for messages. */
const char *fountain_result_name(enum fountain_result result);

/* ---- what both share ---- */

/* to ^= from */
void fountain_xor(uint8_t *to, const uint8_t *from, size_t len);

static inline size_t fountain_divide_up(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

#define FOUNTAIN_TYPE 0x4601U /* "F", version 1 */

#endif
