/* SPDX-License-Identifier: Apache-2.0
 *
 * One block goes out, one comes back; what goes next depends on both.
 */
#include "t1_host.h"

enum { I_MORE = 0x20, R = 0x80, S_WTX = 0xC3, S_WTX_GRANTED = 0xE3, S_RESYNCH = 0xC0 };
enum { TRIES = 3 };

struct exchange {
    struct span command;
    size_t sent; /* bytes that the card has, ... */
    size_t out;  /* ... and those in the block that is out */
    bool speaks; /* the card has begun to answer */
    uint8_t *response;
    size_t len;
    uint8_t block[T1_MAX_BLOCK]; /* the one to be sent, ... */
    size_t block_len;
};

void t1_host_make(struct t1_host *host, ccid_exchange *exchange, void *context)
{
    memset(host, 0, sizeof *host);
    host->exchange = exchange;
    host->context = context;
    host->ifsc = T1_IFSC;
}

size_t t1_host_native(void *context, uint8_t *message, size_t len)
{
    struct ccid *ccid = context;
    memcpy(ccid->message, message, len);
    len = ccid_answer(ccid, len);
    memcpy(message, ccid->message, len);
    return len;
}

static void write_head(struct t1_host *host, uint8_t type, const uint8_t *specific, size_t len)
{
    static const uint8_t zeros[3] = {0};
    uint8_t *m = host->message;
    m[0] = type;
    for (size_t i = 0; i < 4; i++) {
        m[1 + i] = (uint8_t)(len >> (8 * i));
    }
    m[5] = 0;
    m[6] = ++host->seq;
    memcpy(m + 7, specific == NULL ? zeros : specific, 3);
}

void t1_host_message(struct t1_host *host, uint8_t type, const uint8_t *specific, struct span data,
                     uint8_t answer)
{
    assert_true(CCID_HEAD + data.len <= CCID_MAX_MESSAGE);
    write_head(host, type, specific, data.len);
    if (data.len != 0) {
        memcpy(host->message + CCID_HEAD, data.ptr, data.len);
    }
    size_t len = host->exchange(host->context, host->message, CCID_HEAD + data.len);
    const uint8_t *m = host->message;
    assert_in_range(len, CCID_HEAD, CCID_MAX_MESSAGE);
    assert_int_equal(m[0], answer);
    assert_int_equal(m[1] | m[2] << 8 | m[3] << 16, len - CCID_HEAD);
    assert_int_equal(m[5], 0);
    assert_int_equal(m[6], host->seq);
    host->status = m[7];
    host->error = m[8];
    host->specific = m[9];
    host->data = span_of(m + CCID_HEAD, len - CCID_HEAD);
}

void t1_host_power_on(struct t1_host *host)
{
    t1_host_message(host, CCID_POWER_ON, NULL, span_of(NULL, 0), CCID_DATA_BLOCK);
    assert_int_equal(host->status, CCID_ICC_ACTIVE);
    check_bytes(host->data, span_of(t1_atr, T1_ATR_BYTES));
    host->ns = host->nr = 0;
}

void t1_host_block(struct t1_host *host, struct span block)
{
    t1_host_message(host, CCID_XFR_BLOCK, NULL, block, CCID_DATA_BLOCK);
    host->blocks++;
}

static void make_block(struct exchange *x, uint8_t pcb, struct span inf)
{
    uint8_t lrc = (uint8_t)(pcb ^ inf.len);
    x->block[0] = 0;
    x->block[1] = pcb;
    x->block[2] = (uint8_t)inf.len;
    for (size_t i = 0; i < inf.len; i++) {
        x->block[3 + i] = inf.ptr[i];
        lrc ^= inf.ptr[i];
    }
    x->block[3 + inf.len] = lrc;
    x->block_len = 4 + inf.len;
}

void t1_host_set_ifsd(struct t1_host *host, uint8_t ifsd)
{
    struct exchange x;
    make_block(&x, 0xC1, span_of(&ifsd, 1));
    t1_host_block(host, span_of(x.block, x.block_len));
    assert_int_equal(host->data.len, 5);
    assert_int_equal(host->data.ptr[1], 0xE1);
    assert_int_equal(host->data.ptr[3], ifsd);
}

static bool is_block(struct span bytes)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        sum ^= bytes.ptr[i];
    }
    return bytes.len >= 4 && bytes.len == 4U + bytes.ptr[2] && sum == 0 && bytes.ptr[0] == 0;
}

/* Sends the block as the line lets it through; what comes back is in host->data. */
static void send(struct t1_host *host, const struct exchange *x)
{
    uint8_t block[CCID_MAX_MESSAGE];
    size_t len = x->block_len;
    memcpy(block, x->block, len);
    len = host->noise == NULL ? len : host->noise(host->noise_context, block, len);
    t1_host_block(host, span_of(block, len));
    assert_int_equal(host->status, CCID_ICC_ACTIVE);
    assert_true(is_block(host->data)); /* the card itself says nothing wrong */
    if (host->noise != NULL) {
        host->data.len =
            host->noise(host->noise_context, host->message + CCID_HEAD, host->data.len);
    }
}

static void next_part(const struct t1_host *host, struct exchange *x)
{
    size_t left = x->command.len - x->sent;
    x->out = left < host->ifsc ? left : host->ifsc;
    uint8_t more = x->out < left ? I_MORE : 0;
    make_block(x, (uint8_t)(host->ns << 6 | more), span_of(x->command.ptr + x->sent, x->out));
}

static void ask_again(const struct t1_host *host, struct exchange *x, uint8_t error)
{
    if ((x->block[1] & 0xC0) != R) {
        make_block(x, (uint8_t)(R | host->nr << 4 | error), span_of(NULL, 0));
    }
}

/* An I-block. True when it was the last one. */
static bool take_part(struct t1_host *host, struct exchange *x)
{
    uint8_t pcb = host->data.ptr[1];
    if ((pcb >> 6 & 1) != host->nr) {
        ask_again(host, x, 2);
        return false;
    }
    if (!x->speaks) {
        host->ns ^= 1;
        x->speaks = true;
    }
    assert_true(x->len + host->data.len - 4 <= CARD_MAX_RESPONSE);
    memcpy(x->response + x->len, host->data.ptr + 3, host->data.len - 4);
    x->len += host->data.len - 4;
    host->nr ^= 1;
    make_block(x, (uint8_t)(R | host->nr << 4), span_of(NULL, 0));
    return (pcb & I_MORE) == 0;
}

/* The card asks for a block: the one that is out, or the next one. */
static void take_request(struct t1_host *host, struct exchange *x)
{
    uint8_t wanted = host->data.ptr[1] >> 4 & 1;
    bool last = x->sent + x->out == x->command.len;
    if (x->speaks || (wanted != host->ns && last)) { /* it did not understand what it was asked */
        ask_again(host, x, 2);
        return;
    }
    if (wanted != host->ns) {
        x->sent += x->out;
        host->ns ^= 1;
    }
    next_part(host, x);
}

static bool take_answer(struct t1_host *host, struct exchange *x)
{
    uint8_t pcb = host->data.ptr[1];
    if (pcb == S_WTX) {
        make_block(x, S_WTX_GRANTED, span_of(host->data.ptr + 3, 1));
        host->granted++;
        return false;
    }
    assert_true((pcb & 0xC0) != 0xC0);
    if ((pcb & 0x80) == 0) {
        return take_part(host, x);
    }
    take_request(host, x);
    return false;
}

/* Rule 6.4: the command begins again on a line that both agree upon. False when they do not. */
static bool resynchronise(struct t1_host *host, struct exchange *x)
{
    for (int i = 0; i < TRIES; i++) {
        make_block(x, S_RESYNCH, span_of(NULL, 0));
        send(host, x);
        if (is_block(host->data) && host->data.ptr[1] == 0xE0) {
            host->ns = host->nr = 0;
            host->resynchronised++;
            x->sent = x->len = 0;
            x->speaks = false;
            next_part(host, x);
            return true;
        }
    }
    return false;
}

size_t t1_host_transmit(void *context, struct span command, uint8_t *response)
{
    struct t1_host *host = context;
    struct exchange x = {.command = command, .response = response};
    int failures = 0;
    next_part(host, &x);
    for (;;) {
        send(host, &x);
        if (is_block(host->data)) {
            failures =
                host->data.ptr[1] & 0x03 && (host->data.ptr[1] & 0xC0) == R ? failures + 1 : 0;
            if (take_answer(host, &x)) {
                return x.len;
            }
        } else {
            host->disturbed++;
            failures++;
            ask_again(host, &x, 1);
        }
        if (failures > TRIES) {
            failures = 0;
            if (!resynchronise(host, &x)) {
                return 0;
            }
        }
    }
}
