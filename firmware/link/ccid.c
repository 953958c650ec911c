/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks go from the front of a message to its end, and the first that fails answers: message
 * known, slot, length, an abort under way, message supported, card there and powered, then the
 * message's own. Where the standard leaves it open, an answer that failed has no data.
 */
#include "ccid.h"

#include "wire/apdu.h"

/* Offsets of fields (§6.1, §6.2) */
enum {
    TYPE = 0,
    LENGTH = 1,
    SLOT = 5,
    SEQ = 6,
    STATUS = 7,
    ERROR = 8,
    SPECIFIC = 9,
    POWER_SELECT = 7,
    PROTOCOL = 7,
    LEVEL = 8,
    DATA = 10
};

enum { PROTOCOL_T1 = 1, POWER_MOST = 3, RATES = 8, CLOCK_STOPPED_LOW = 1, ANY_LENGTH = 0xFF };

enum needs { NOTHING, CARD, POWER };

/* bmFindexDindex, bmTCCKST1: LRC and direct convention, bGuardTimeT1, bmWaitingIntegersT1,
 * bClockStop, bIFSC, bNadValue: as the answer to reset has them, or no others are possible. */
static const uint8_t parameters[CCID_PARAMETERS] = {0x11, 0x10, 0x00, 0x45, 0x00, T1_IFSC, 0x00};

/* What such readers answer hosts that ask who they are. */
static const uint8_t name[] = {'S', 'A', 'K', 'S', 'I', '-', '1'};

enum { ESCAPE_NOTIFICATION = 1, ESCAPE_NAME = 2 };

struct message {
    struct span data;   /* points into ccid->message, ... */
    struct writer *out; /* ... as does what is written there: the data of the answer */
};

typedef enum ccid_error run(struct ccid *ccid, const struct message *message);

static void put_le(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint32_t get_le(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void power(struct ccid *ccid, bool on)
{
    t1_start(&ccid->t1, ccid->t1.room, ccid->t1.cap);
    ccid->icc->power(ccid->icc->context, on);
}

static enum ccid_error power_on(struct ccid *ccid, const struct message *message)
{
    if (ccid->message[POWER_SELECT] > POWER_MOST) {
        return CCID_BAD_POWER;
    }
    power(ccid, true);
    ccid->status = CCID_ICC_ACTIVE;
    writer_put(message->out, span_of(t1_atr, sizeof t1_atr));
    return CCID_OK;
}

static enum ccid_error power_off(struct ccid *ccid, const struct message *message)
{
    (void)message;
    if (ccid->status == CCID_ICC_ACTIVE) {
        power(ccid, false);
        ccid->status = CCID_ICC_INACTIVE;
    }
    return CCID_OK;
}

static enum ccid_error get_slot_status(struct ccid *ccid, const struct message *message)
{
    (void)ccid;
    (void)message;
    return CCID_OK;
}

static void transmit(struct ccid *ccid)
{
    size_t len = 2;
    struct t1 *t1 = &ccid->t1;
    if (t1->len <= t1->cap) {
        len = ccid->icc->transmit(ccid->icc->context, t1->room, t1->len);
    } else {
        t1->room[0] = SW_WRONG_LENGTH >> 8;
        t1->room[1] = SW_WRONG_LENGTH & 0xFF;
    }
    t1_respond(t1, len);
}

static uint8_t patience(const struct ccid *ccid)
{
    const struct t1 *t1 = &ccid->t1;
    if (ccid->icc->patience == NULL || t1->len > t1->cap) {
        return 0;
    }
    return ccid->icc->patience(ccid->icc->context, span_of(t1->room, t1->len));
}

static enum ccid_error xfr_block(struct ccid *ccid, const struct message *message)
{
    if (ccid->message[LEVEL] != 0 || ccid->message[LEVEL + 1] != 0) {
        return CCID_BAD_LEVEL;
    }
    if (message->data.len == 0) {
        return CCID_BAD_LENGTH;
    }
    enum t1_event event = t1_take(&ccid->t1, message->data);
    uint8_t times = event == T1_COMMAND ? patience(ccid) : 0;
    if (times != 0) {
        t1_ask_time(&ccid->t1, times);
    } else if (event != T1_ANSWER) {
        transmit(ccid);
    }
    message->out->len = t1_write(&ccid->t1, message->out->ptr);
    return CCID_OK;
}

static enum ccid_error tell_parameters(struct ccid *ccid, const struct message *message)
{
    (void)ccid;
    writer_put(message->out, span_of(parameters, sizeof parameters));
    return CCID_OK;
}

/* They can be set to what they are. */
static enum ccid_error set_parameters(struct ccid *ccid, const struct message *message)
{
    if (ccid->message[PROTOCOL] != PROTOCOL_T1) {
        return CCID_BAD_PROTOCOL;
    }
    if (message->data.len != CCID_PARAMETERS) {
        return CCID_BAD_LENGTH;
    }
    for (size_t i = 0; i < CCID_PARAMETERS; i++) {
        if (message->data.ptr[i] != parameters[i]) {
            return (enum ccid_error)(CCID_BAD_DATA + i);
        }
    }
    return tell_parameters(ccid, message);
}

/* The card's coming and going is told by its status alone, whichever way the host prefers. */
static enum ccid_error escape(struct ccid *ccid, const struct message *message)
{
    (void)ccid;
    if (message->data.len == 0) {
        return CCID_BAD_LENGTH;
    }
    switch (message->data.ptr[0]) {
    case ESCAPE_NOTIFICATION:
        return CCID_OK;
    case ESCAPE_NAME:
        writer_put(message->out, span_of(name, sizeof name));
        return CCID_OK;
    default:
        return CCID_BAD_DATA;
    }
}

static enum ccid_error abort_message(struct ccid *ccid, const struct message *message)
{
    (void)message;
    bool asked = ccid->abort == ABORT_ASKED;
    ccid->abort = asked || !ccid->has_control ? ABORT_NONE : ABORT_HELD;
    ccid->abort_seq = ccid->seq;
    return CCID_OK;
}

static enum ccid_error set_rate(struct ccid *ccid, const struct message *message)
{
    (void)ccid;
    if (get_le(message->data.ptr) != CCID_CLOCK_KHZ) {
        return CCID_BAD_DATA;
    }
    if (get_le(message->data.ptr + 4) != CCID_DATA_RATE) {
        return CCID_BAD_DATA_RATE;
    }
    message->out->len = RATES; /* the same ones, where they are */
    return CCID_OK;
}

static const struct entry {
    uint8_t type;
    uint8_t answer;
    uint8_t needs;
    uint8_t length;
    run *run; /* NULL: known, not supported */
} entries[] = {
    {CCID_POWER_ON, CCID_DATA_BLOCK, CARD, 0, power_on},
    {CCID_POWER_OFF, CCID_SLOT_STATUS, NOTHING, 0, power_off},
    {CCID_GET_SLOT_STATUS, CCID_SLOT_STATUS, NOTHING, 0, get_slot_status},
    {CCID_XFR_BLOCK, CCID_DATA_BLOCK, POWER, ANY_LENGTH, xfr_block},
    {CCID_GET_PARAMETERS, CCID_PARAMETERS_ARE, POWER, 0, tell_parameters},
    {CCID_RESET_PARAMETERS, CCID_PARAMETERS_ARE, POWER, 0, tell_parameters},
    {CCID_SET_PARAMETERS, CCID_PARAMETERS_ARE, POWER, ANY_LENGTH, set_parameters},
    {CCID_ESCAPE, CCID_ESCAPED, NOTHING, ANY_LENGTH, escape},
    {CCID_ABORT, CCID_SLOT_STATUS, NOTHING, 0, abort_message},
    {CCID_SET_RATE, CCID_RATE_IS, NOTHING, RATES, set_rate},
    {CCID_SECURE, CCID_DATA_BLOCK, NOTHING, ANY_LENGTH, NULL},
    {CCID_T0_APDU, CCID_SLOT_STATUS, NOTHING, ANY_LENGTH, NULL},
    {CCID_CLOCK, CCID_SLOT_STATUS, NOTHING, ANY_LENGTH, NULL},
    {CCID_MECHANICAL, CCID_SLOT_STATUS, NOTHING, ANY_LENGTH, NULL},
    {0, CCID_SLOT_STATUS, NOTHING, ANY_LENGTH, NULL}, /* all others */
};

static const struct entry *find_entry(uint8_t type)
{
    const struct entry *entry = entries;
    while (entry->type != type && entry->type != 0) {
        entry++;
    }
    return entry;
}

static bool is_aborted(const struct ccid *ccid, const struct entry *entry)
{
    return ccid->abort == ABORT_ASKED &&
           (entry->type != CCID_ABORT || ccid->seq != ccid->abort_seq);
}

static enum ccid_error check(const struct ccid *ccid, const struct entry *entry, size_t len)
{
    if (entry->type == 0) {
        return CCID_NOT_SUPPORTED;
    }
    if (ccid->message[SLOT] != 0) {
        return CCID_BAD_SLOT;
    }
    bool right = entry->length == ANY_LENGTH || len - CCID_HEAD == entry->length;
    if (len > CCID_MAX_MESSAGE || get_le(ccid->message + LENGTH) != len - CCID_HEAD || !right) {
        return CCID_BAD_LENGTH;
    }
    if (is_aborted(ccid, entry)) {
        return CCID_ABORTED;
    }
    if (entry->run == NULL) {
        return CCID_NOT_SUPPORTED;
    }
    bool there = entry->needs == NOTHING || ccid->status == CCID_ICC_ACTIVE ||
                 (entry->needs == CARD && ccid->status == CCID_ICC_INACTIVE);
    return there ? CCID_OK : CCID_ICC_MUTE;
}

/* bClockStatus, bProtocolNum, or nothing */
static uint8_t specific(const struct ccid *ccid, uint8_t answer)
{
    if (answer == CCID_SLOT_STATUS) {
        return ccid->status == CCID_ICC_ACTIVE ? 0 : CLOCK_STOPPED_LOW;
    }
    return answer == CCID_PARAMETERS_ARE ? PROTOCOL_T1 : 0;
}

/* The slot that a message named which does not exist has no card. */
static void write_head(struct ccid *ccid, uint8_t answer, enum ccid_error error, size_t len)
{
    uint8_t *head = ccid->message;
    uint8_t icc = error == CCID_BAD_SLOT ? CCID_ICC_ABSENT : ccid->status;
    head[TYPE] = answer;
    put_le(head + LENGTH, (uint32_t)len);
    head[STATUS] = icc | (error == CCID_OK ? 0 : CCID_FAILED);
    head[ERROR] = (uint8_t)error;
    head[SPECIFIC] = specific(ccid, answer);
}

void ccid_start(struct ccid *ccid, const struct ccid_icc *icc, uint8_t *room, size_t cap)
{
    *ccid = (struct ccid){.icc = icc, .status = CCID_ICC_INACTIVE};
    t1_start(&ccid->t1, room, cap);
}

void ccid_insert(struct ccid *ccid, bool present)
{
    if (ccid->status == CCID_ICC_ACTIVE) {
        power(ccid, false);
    }
    ccid->status = present ? CCID_ICC_INACTIVE : CCID_ICC_ABSENT;
}

size_t ccid_answer(struct ccid *ccid, size_t len)
{
    if (len < CCID_HEAD) {
        return 0;
    }
    const struct entry *entry = find_entry(ccid->message[TYPE]);
    struct writer out = writer_of(ccid->message + DATA, CCID_MAX_MESSAGE - DATA);
    struct message message = {span_of(ccid->message + DATA, len - CCID_HEAD), &out};
    ccid->seq = ccid->message[SEQ];
    if (ccid->abort == ABORT_HELD) {
        ccid->abort = ABORT_NONE; /* the host went on without it */
    }
    enum ccid_error error = check(ccid, entry, len);
    if (error == CCID_OK) {
        error = entry->run(ccid, &message);
    }
    if (error != CCID_OK) {
        out.len = 0;
    }
    write_head(ccid, entry->answer, error, out.len);
    bytes_wipe(out.ptr + out.len, out.cap - out.len);
    return ccid->abort == ABORT_HELD ? 0 : CCID_HEAD + out.len;
}

size_t ccid_control_abort(struct ccid *ccid, uint8_t slot, uint8_t seq)
{
    if (slot != 0) {
        return 0;
    }
    bool held = ccid->abort == ABORT_HELD && ccid->abort_seq == seq;
    ccid->abort = held ? ABORT_NONE : ABORT_ASKED;
    ccid->abort_seq = seq;
    return held ? CCID_HEAD : 0;
}

void ccid_more_time(const struct ccid *ccid, uint8_t times, uint8_t message[CCID_HEAD])
{
    memset(message, 0, CCID_HEAD);
    message[TYPE] = CCID_DATA_BLOCK;
    message[SEQ] = ccid->seq;
    message[STATUS] = ccid->status | CCID_MORE_TIME;
    message[ERROR] = times;
}
