/* SPDX-License-Identifier: Apache-2.0
 *
 * The card speaks only when it is spoken to, so every rule of §11.6.3 is one of "what is sent after
 * this block". What was sent last is remembered as its PCB and written again when it is asked for:
 * the bytes of a response lie in the room until the next command.
 */
#include "t1.h"

/* PCB (§11.3.2.2) */
enum {
    KIND = 0xC0,
    KIND_R = 0x80,
    KIND_S = 0xC0, /* others: I */
    I_SEQUENCE = 0x40,
    I_MORE = 0x20,
    I_RESERVED = 0x1F,
    R_SEQUENCE = 0x10,
    R_CODE = 0x01,
    R_OTHER = 0x02,
    R_RESERVED = 0x2C,
    S_RESPONSE = 0x20,
    S_RESYNCH = 0xC0,
    S_IFS = 0xC1,
    S_ABORT = 0xC2,
    S_WTX = 0xC3
};

enum { NAD = 0, PCB = 1, LEN = 2, RESERVED_LEN = 0xFF };

const uint8_t t1_atr[T1_ATR_BYTES] = {0x3B, 0x85, 0x81, 0x31, 0xFE, 0x45,
                                      0x80, 0x73, 0x94, 0x01, 0xC0, 0x28};

struct block {
    uint8_t pcb;
    struct span inf;
};

static uint8_t sum(const uint8_t *bytes, size_t len)
{
    uint8_t x = 0;
    for (size_t i = 0; i < len; i++) {
        x ^= bytes[i];
    }
    return x;
}

static enum t1_error read_block(struct span bytes, struct block *ret)
{
    const size_t frame = T1_PROLOGUE + T1_EPILOGUE;
    if (bytes.len < frame || bytes.ptr[LEN] == RESERVED_LEN ||
        bytes.len != frame + bytes.ptr[LEN]) {
        return T1_BAD_LENGTH;
    }
    if (sum(bytes.ptr, bytes.len) != 0) {
        return T1_BAD_CODE;
    }
    if (bytes.ptr[NAD] != 0) {
        return T1_BAD_NAD;
    }
    *ret = (struct block){bytes.ptr[PCB], span_of(bytes.ptr + T1_PROLOGUE, bytes.ptr[LEN])};
    return T1_OK;
}

static void begin(struct t1 *t1)
{
    t1->ns = t1->nr = 0;
    t1->ifsd = T1_FIRST_IFSD;
    t1->phase = T1_LISTENING;
    t1->len = 0;
    bytes_wipe(t1->room, t1->cap);
}

void t1_start(struct t1 *t1, uint8_t *room, size_t cap)
{
    *t1 = (struct t1){.room = room, .cap = cap};
    begin(t1);
    t1->pcb = S_RESYNCH | S_RESPONSE; /* nothing that would be repeated */
}

static void say_r(struct t1 *t1, uint8_t error)
{
    t1->pcb = (uint8_t)(KIND_R | (t1->nr != 0 ? R_SEQUENCE : 0) | error);
}

/* Rules 7.1 to 7.3: what was not understood is asked for again, by the block that asked for it
 * before if there was one. */
static void refuse(struct t1 *t1)
{
    if (t1->phase != T1_WAITING && (t1->pcb & KIND) != KIND_R) {
        say_r(t1, t1->error == T1_BAD_CODE ? R_CODE : R_OTHER);
    }
}

/* The block of the response that begins behind what the reader has. */
static void say_i(struct t1 *t1)
{
    size_t left = t1->len - t1->sent;
    t1->out = left < t1->ifsd ? (uint8_t)left : t1->ifsd;
    t1->pcb = (uint8_t)((t1->ns != 0 ? I_SEQUENCE : 0) | (left > t1->out ? I_MORE : 0));
}

/* Bytes that have no room are counted, and lost. */
static void append(struct t1 *t1, struct span inf)
{
    size_t most = t1->cap - (t1->len < t1->cap ? t1->len : t1->cap);
    size_t n = inf.len < most ? inf.len : most;
    if (n != 0) {
        memcpy(t1->room + t1->len, inf.ptr, n);
    }
    t1->len = n < inf.len ? t1->cap + 1 : t1->len + n;
}

static bool has_more(const struct t1 *t1)
{
    return t1->phase == T1_SPEAKING && t1->sent + t1->out < t1->len;
}

/* The response is the reader's; the card listens. */
static void end_response(struct t1 *t1)
{
    if (t1->phase == T1_SPEAKING) {
        t1->ns ^= 1;
    }
    t1->phase = T1_LISTENING;
    t1->len = 0;
}

/* Rules 2 and 5. */
static enum t1_error take_i(struct t1 *t1, const struct block *block, enum t1_event *ret_event)
{
    if ((block->pcb & I_RESERVED) != 0) {
        return T1_BAD_PCB;
    }
    uint8_t ns = (block->pcb & I_SEQUENCE) != 0;
    bool listening = t1->phase == T1_LISTENING || (t1->phase == T1_SPEAKING && !has_more(t1));
    if (ns != t1->nr || !listening) {
        return T1_BAD_SEQUENCE;
    }
    if (t1->phase == T1_SPEAKING) {
        end_response(t1);
    }
    append(t1, block->inf);
    t1->nr ^= 1;
    if ((block->pcb & I_MORE) != 0) {
        say_r(t1, 0);
        return T1_OK;
    }
    t1->phase = T1_RUNNING;
    *ret_event = T1_COMMAND;
    return T1_OK;
}

/* The number of the block that is out asks for it once more, the other one for the next. */
static enum t1_error take_r(struct t1 *t1, const struct block *block)
{
    uint8_t error = block->pcb & (R_CODE | R_OTHER);
    if ((block->pcb & R_RESERVED) != 0 || error == (R_CODE | R_OTHER)) {
        return T1_BAD_PCB;
    }
    if (block->inf.len != 0) {
        return T1_BAD_INF;
    }
    bool again = ((block->pcb & R_SEQUENCE) != 0) == (t1->ns != 0);
    if (t1->phase != T1_SPEAKING || (!again && !has_more(t1))) {
        return T1_BAD_SEQUENCE;
    }
    if (!again) {
        t1->sent += t1->out;
        t1->ns ^= 1;
    }
    say_i(t1);
    return T1_OK;
}

/* The information of an S-block: none, or one byte. */
static enum t1_error check_inf(const struct block *block)
{
    uint8_t what = block->pcb & (uint8_t)~S_RESPONSE;
    size_t len = what == S_IFS || what == S_WTX ? 1 : 0;
    return block->inf.len == len ? T1_OK : T1_BAD_INF;
}

/* Rule 4. */
static enum t1_error take_ifs(struct t1 *t1, uint8_t ifsd)
{
    if (ifsd == 0 || ifsd == RESERVED_LEN) {
        return T1_BAD_INF;
    }
    t1->ifsd = ifsd;
    t1->inf = ifsd;
    return T1_OK;
}

/* Rule 3: the time is granted when the reader says the same number. */
static enum t1_error take_time(struct t1 *t1, uint8_t times, enum t1_event *ret_event)
{
    if (t1->phase != T1_WAITING) {
        return T1_BAD_SEQUENCE;
    }
    if (times != t1->inf) {
        return T1_BAD_INF;
    }
    t1->phase = T1_RUNNING;
    *ret_event = T1_GRANTED;
    return T1_OK;
}

/* Requests that the reader may make, once the time it was asked for is granted. */
static enum t1_error take_request(struct t1 *t1, const struct block *block)
{
    enum t1_error error = T1_OK;
    if (t1->phase == T1_WAITING) {
        return T1_BAD_SEQUENCE;
    }
    switch (block->pcb) {
    case S_IFS:
        error = take_ifs(t1, block->inf.ptr[0]);
        break;
    case S_ABORT: /* rule 9; of a chain in either direction, and once more when asked again */
        end_response(t1);
        bytes_wipe(t1->room, t1->cap);
        break;
    default: /* extensions of time are the card's to ask for */
        return T1_BAD_PCB;
    }
    if (error == T1_OK) {
        t1->pcb = block->pcb | S_RESPONSE;
    }
    return error;
}

static enum t1_error take_s(struct t1 *t1, const struct block *block, enum t1_event *ret_event)
{
    uint8_t what = block->pcb & (uint8_t)~S_RESPONSE;
    if (what > S_WTX) {
        return T1_BAD_PCB;
    }
    enum t1_error error = check_inf(block);
    if (error != T1_OK) {
        return error;
    }
    if (block->pcb == S_RESYNCH) { /* rule 6: whatever went before is forgotten */
        begin(t1);
        t1->pcb = S_RESYNCH | S_RESPONSE;
        return T1_OK;
    }
    if (block->pcb == (S_WTX | S_RESPONSE)) {
        return take_time(t1, block->inf.ptr[0], ret_event);
    }
    return (block->pcb & S_RESPONSE) != 0 ? T1_BAD_SEQUENCE : take_request(t1, block);
}

enum t1_event t1_take(struct t1 *t1, struct span bytes)
{
    enum t1_event event = T1_ANSWER;
    struct block block = {0, {NULL, 0}};
    t1->error = read_block(bytes, &block);
    if (t1->error == T1_OK && (block.pcb & KIND) == KIND_S) {
        t1->error = take_s(t1, &block, &event);
    } else if (t1->error == T1_OK && (block.pcb & KIND) == KIND_R) {
        t1->error = take_r(t1, &block);
    } else if (t1->error == T1_OK) {
        t1->error = take_i(t1, &block, &event);
    }
    if (t1->error != T1_OK) {
        refuse(t1);
    }
    return event;
}

void t1_respond(struct t1 *t1, size_t len)
{
    t1->len = len < t1->cap ? len : t1->cap;
    t1->sent = 0;
    t1->phase = T1_SPEAKING;
    bytes_wipe(t1->room + t1->len, t1->cap - t1->len); /* of a command with keys or PINs */
    say_i(t1);
}

void t1_ask_time(struct t1 *t1, uint8_t times)
{
    t1->phase = T1_WAITING;
    t1->pcb = S_WTX;
    t1->inf = times;
}

/* What the block to be sent informs of. */
static struct span information(const struct t1 *t1)
{
    uint8_t what = t1->pcb & (uint8_t)~S_RESPONSE;
    if ((t1->pcb & KIND) == KIND_R || what == S_RESYNCH || what == S_ABORT) {
        return span_of(NULL, 0);
    }
    if ((t1->pcb & KIND) == KIND_S) {
        return span_of(&t1->inf, 1);
    }
    return span_of(t1->room + t1->sent, t1->out);
}

size_t t1_write(const struct t1 *t1, uint8_t *block)
{
    struct span inf = information(t1);
    struct writer w = writer_of(block, T1_MAX_BLOCK);
    const uint8_t prologue[T1_PROLOGUE] = {0, t1->pcb, (uint8_t)inf.len};
    writer_put(&w, span_of(prologue, sizeof prologue));
    writer_put(&w, inf);
    writer_be(&w, sum(block, w.len), T1_EPILOGUE);
    return w.len;
}
