/* SPDX-License-Identifier: Apache-2.0
 *
 * Transmission protocol T=1 (ISO/IEC 7816-3, §11), the card's side: blocks in, blocks out, and
 * commands and responses in one piece in between. Knows no APDU and no wire. Node addresses are not
 * used, and blocks end in a longitudinal redundancy code: the answer to reset offers no CRC.
 *
 *     event = t1_take(t1, block)
 *     T1_COMMAND: run it in t1->room, then t1_respond() or, before, t1_ask_time()
 *     t1_write(t1, block): what is to be sent now
 */
#ifndef LINK_T1_H
#define LINK_T1_H

#include "wire/bytes.h"
#include "wire/must_use.h"

enum {
    T1_PROLOGUE = 3,    /* NAD, PCB, LEN */
    T1_EPILOGUE = 1,    /* LRC */
    T1_IFSC = 254,      /* bytes of information that the card takes in a block */
    T1_FIRST_IFSD = 32, /* that the reader takes, until it says otherwise (§11.4.2) */
    T1_MAX_BLOCK = T1_PROLOGUE + T1_IFSC + T1_EPILOGUE,
    T1_ATR_BYTES = 12
};

/* The answer to reset (§8): T=1 alone, IFSC 254, BWI 4, CWI 5. Historical bytes (ISO/IEC 7816-4
 * §12.1): selection by name, file identifier and short identifier; chaining, extended lengths. */
extern const uint8_t t1_atr[T1_ATR_BYTES];

/* What is wrong with a block. */
enum t1_error {
    T1_OK,
    T1_BAD_CODE,    /* its bytes do not add up to nothing */
    T1_BAD_LENGTH,  /* no prologue and epilogue, LEN is FF, or it has other bytes than LEN says */
    T1_BAD_NAD,     /* addresses a node */
    T1_BAD_PCB,     /* reserved bits, a request that is the card's to make */
    T1_BAD_INF,     /* information that such a block cannot have */
    T1_BAD_SEQUENCE /* another N(S) or N(R) than can come now, or an answer to nothing */
};

enum t1_event {
    T1_ANSWER,  /* t1_write() has what to say */
    T1_COMMAND, /* a command is whole: the first t1->len bytes of t1->room */
    T1_GRANTED  /* the same one, again: the reader grants the time it was asked for */
};

enum t1_phase {
    T1_LISTENING, /* a command is to begin, or to go on behind its first len bytes */
    T1_RUNNING,   /* the command is with the caller */
    T1_WAITING,   /* S(WTX request) is out for it */
    T1_SPEAKING   /* a block of the response is out, and may be asked for again */
};

struct t1 {
    uint8_t *room; /* the caller's: for a command, and then for its response */
    size_t cap;
    size_t len;          /* of the command so far, at most cap + 1; or of the response */
    size_t sent;         /* bytes of the response that the reader has, ... */
    uint8_t out;         /* ... and those in the block behind them */
    uint8_t phase;       /* enum t1_phase */
    uint8_t ns;          /* N(S) of the block that is out, or of the next one */
    uint8_t nr;          /* N(S) of the block that is expected */
    uint8_t ifsd;        /* bytes of information that the reader takes */
    uint8_t pcb;         /* of the block to be sent, or sent last; ... */
    uint8_t inf;         /* ... the information in it, if it is an S-block with any */
    enum t1_error error; /* of the last block that came */
};

/* After a reset. `room` has `cap` bytes and must outlive the protocol; nobody else writes there but
 * who runs a command. */
void t1_start(struct t1 *t1, uint8_t *room, size_t cap);

/* A block has come, right or wrong. Not to be called while a command is with the caller. */
MUST_USE enum t1_event t1_take(struct t1 *t1, struct span block);

/* The response stands in the first `len` bytes of the room. The rest of the room is wiped. */
void t1_respond(struct t1 *t1, size_t len);

/* Asks for `times` (from 1) the block waiting time, before the command is run (§11.6.2.3, rule 3).
 */
void t1_ask_time(struct t1 *t1, uint8_t times);

/* Writes the block that is to be sent now; returns its length. `block` has T1_MAX_BLOCK bytes. */
MUST_USE size_t t1_write(const struct t1 *t1, uint8_t *block);

#endif
