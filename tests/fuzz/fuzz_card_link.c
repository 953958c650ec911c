/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as what comes to a reader with a card in it: steps of an octet that says what, and of
 * bytes behind their length in one octet. Some are bytes of the serial line, some whole messages,
 * some whole blocks, and some blocks of the number that is expected, so that chains are reached as
 * well. Whatever comes, each message has one answer of the right form, what the card says is a
 * block, commands fit in their room, and a card that is absent or without power is left alone.
 */
#include "fuzz.h"
#include "link/twin.h"

enum { ROOM = 700, STEPS = 400, OUT = 1024 };

/* The first octet of a step; above these bits stands a number of its own. */
enum step { LINE, MESSAGE, BLOCK, NEXT_I, NEXT_R, INSERT, PAUSE, CONTROL, STEP = 0x07 };

static struct ccid ccid;
static struct twin twin;
static uint8_t room[ROOM];
static bool powered;
static uint8_t out[OUT]; /* the last bytes on the line */
static size_t out_len;

static void power(void *context, bool on)
{
    (void)context;
    FUZZ_REQUIRE(ccid.status != CCID_ICC_ABSENT);
    powered = on;
}

/* As long as the first bytes say. */
static size_t transmit(void *context, uint8_t *bytes, size_t len)
{
    (void)context;
    FUZZ_REQUIRE(bytes == room && len <= ROOM && powered && ccid.status == CCID_ICC_ACTIVE);
    size_t more = len < 2 ? 0 : (size_t)(bytes[0] << 8 | bytes[1]) % (ROOM - 1);
    memset(room, (int)len, 2 + more);
    return 2 + more;
}

static uint8_t patience(void *context, struct span command)
{
    (void)context;
    FUZZ_REQUIRE(command.ptr == room && command.len <= ROOM && powered);
    return command.len > 2 && command.ptr[2] == 0x88 ? command.ptr[0] | 1 : 0;
}

static const struct ccid_icc icc = {NULL, power, transmit, patience};

static void put(void *context, uint8_t byte)
{
    (void)context;
    FUZZ_REQUIRE(out_len < OUT);
    out[out_len++] = byte;
}

static uint8_t sum(const uint8_t *bytes, size_t len)
{
    uint8_t x = 0;
    for (size_t i = 0; i < len; i++) {
        x ^= bytes[i];
    }
    return x;
}

static void check_block(const uint8_t *block, size_t len)
{
    FUZZ_REQUIRE(len >= 4 && len == 4U + block[2] && block[0] == 0 && sum(block, len) == 0);
    FUZZ_REQUIRE((block[1] & 0xC0) != 0x80 || block[2] == 0);
    FUZZ_REQUIRE((block[1] & 0x80) != 0 || block[2] <= ccid.t1.ifsd);
}

static void check_message(const uint8_t *m, size_t len, uint8_t type, uint8_t seq)
{
    FUZZ_REQUIRE(len >= CCID_HEAD && len <= CCID_MAX_MESSAGE);
    FUZZ_REQUIRE((size_t)(m[1] | m[2] << 8 | m[3] << 16) == len - CCID_HEAD && m[4] == 0);
    FUZZ_REQUIRE(m[0] >= CCID_DATA_BLOCK && m[0] <= CCID_RATE_IS && m[6] == seq);
    FUZZ_REQUIRE((m[7] & 0x3F) <= CCID_ICC_ABSENT && (m[7] & CCID_MORE_TIME) == 0);
    FUZZ_REQUIRE((m[7] & CCID_FAILED) == 0 || len == CCID_HEAD);
    if (type == CCID_XFR_BLOCK && (m[7] & CCID_FAILED) == 0) {
        check_block(m + CCID_HEAD, len - CCID_HEAD);
    }
}

/* What the line says to a frame: its repetition and one answer, or that it was broken. */
static void check_line(void)
{
    static const uint8_t refusal[] = {0x03, 0x15, 0x16};
    if (out_len == sizeof refusal) {
        FUZZ_REQUIRE(memcmp(out, refusal, sizeof refusal) == 0);
        return;
    }
    FUZZ_REQUIRE(out_len >= 2 * (3 + CCID_HEAD) && out[0] == 3 && out[1] == 6);
    size_t echo = 3 + CCID_HEAD + (size_t)(out[3] | out[4] << 8);
    FUZZ_REQUIRE(echo < out_len && sum(out, echo) == 0);
    const uint8_t *answer = out + echo;
    FUZZ_REQUIRE(answer[0] == 3 && answer[1] == 6 && sum(answer, out_len - echo) == 0);
    check_message(answer + 2, out_len - echo - 3, out[2], out[8]);
}

static void send_line(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        out_len = 0;
        if (twin_take(&twin, bytes.ptr[i])) {
            twin_answer(&twin);
            check_line();
        }
    }
}

/* Past the line, so that an abort may be without an answer. */
static void send_message(uint8_t type, struct span data, uint8_t number)
{
    size_t len = CCID_HEAD + data.len;
    uint8_t head[CCID_HEAD] = {type, (uint8_t)data.len, (uint8_t)(data.len >> 8), 0, 0, 0, number};
    twin_idle(&twin); /* a frame that has begun lies in the same place */
    memcpy(ccid.message, head, sizeof head);
    if (data.len != 0) {
        memcpy(ccid.message + CCID_HEAD, data.ptr, data.len);
    }
    len = ccid_answer(&ccid, len);
    FUZZ_REQUIRE(len != 0 || (type == CCID_ABORT && ccid.has_control));
    if (len != 0) {
        check_message(ccid.message, len, type, number);
    }
}

static void send_block(uint8_t pcb, struct span inf, uint8_t number)
{
    uint8_t block[T1_MAX_BLOCK];
    size_t n = inf.len < T1_IFSC ? inf.len : T1_IFSC;
    block[0] = 0;
    block[1] = pcb;
    block[2] = (uint8_t)n;
    if (n != 0) {
        memcpy(block + 3, inf.ptr, n);
    }
    block[3 + n] = sum(block, 3 + n);
    send_message(CCID_XFR_BLOCK, span_of(block, 4 + n), number);
}

static void step(uint8_t what, struct span bytes)
{
    uint8_t number = (uint8_t)(what >> 3);
    struct reader r = reader_of(bytes);
    switch ((enum step)(what & STEP)) {
    case LINE:
        send_line(bytes);
        break;
    case MESSAGE:
        send_message((uint8_t)(0x60 + number % 0x18), bytes, number);
        break;
    case BLOCK:
        send_block((uint8_t)reader_be(&r, 1), r.rest, number);
        break;
    case NEXT_I: /* an odd number: more follows */
        send_block((uint8_t)(ccid.t1.nr << 6 | (number & 1) << 5), bytes, number);
        break;
    case NEXT_R: /* an odd number: the next part; even: the same again */
        send_block((uint8_t)(0x80 | (ccid.t1.ns ^ (number & 1)) << 4), span_of(NULL, 0), number);
        break;
    case INSERT:
        ccid_insert(&ccid, (number & 1) != 0);
        break;
    case PAUSE:
        twin_idle(&twin);
        break;
    default:
        twin_idle(&twin);
        ccid.has_control = true;
        size_t len = ccid_control_abort(&ccid, number & 1, number >> 1);
        FUZZ_REQUIRE(len == 0 || len == CCID_HEAD);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(span_of(data, size));
    powered = false;
    ccid_start(&ccid, &icc, room, sizeof room);
    twin_start(&twin, &ccid, put, NULL);
    for (int i = 0; i < STEPS && r.rest.len > 1; i++) {
        uint8_t what = (uint8_t)reader_be(&r, 1);
        size_t len = (size_t)reader_be(&r, 1);
        struct span bytes = reader_take(&r, len < r.rest.len ? len : r.rest.len);
        ccid.has_control = ccid.has_control && (what & STEP) != LINE; /* a line has none */
        ccid.abort = ccid.has_control ? ccid.abort : ABORT_NONE;
        step(what, bytes);
        FUZZ_REQUIRE(ccid.t1.len <= ROOM + 1 && ccid.t1.sent <= ccid.t1.cap);
        FUZZ_REQUIRE(powered == (ccid.status == CCID_ICC_ACTIVE));
    }
    return 0;
}
