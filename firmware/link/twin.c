/* SPDX-License-Identifier: Apache-2.0
 *
 * The message is put together where it is answered. One that has no room there is counted to its
 * end, so that what follows it is understood, and refused; one that claims to be longer than any
 * message is refused at once.
 */
#include "twin.h"

enum {
    LEAD = 2,
    CHECK = 1,
    LENGTH_AT = 1,
    MOST_DATA = 65544 + 10 /* longer than any message of the standard (§6.1.4) */
};

void twin_start(struct twin *twin, struct ccid *ccid, void (*put)(void *context, uint8_t byte),
                void *context)
{
    *twin = (struct twin){.ccid = ccid, .put = put, .context = context};
}

void twin_idle(struct twin *twin)
{
    twin->taken = 0;
}

static bool take_lead(struct twin *twin, uint8_t byte)
{
    twin->broken = false;
    twin->sum = TWIN_SYNC ^ TWIN_ACK;
    twin->whole = LEAD + CCID_HEAD + CHECK;
    bool fits = twin->taken == 1 && byte == TWIN_ACK;
    twin->taken = fits ? LEAD : byte == TWIN_SYNC;
    return false;
}

/* The length that the message says is known once its head is. */
static void take_head(struct twin *twin)
{
    const uint8_t *at = twin->ccid->message + LENGTH_AT;
    uint32_t data =
        (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    twin->broken = data > CCID_MAX_MESSAGE - CCID_HEAD;
    twin->whole = data > MOST_DATA ? twin->taken : twin->whole + data;
}

bool twin_take(struct twin *twin, uint8_t byte)
{
    if (twin->taken < LEAD) {
        return take_lead(twin, byte);
    }
    uint32_t at = twin->taken++ - LEAD;
    if (at < CCID_MAX_MESSAGE) {
        twin->ccid->message[at] = byte;
    }
    twin->sum ^= byte;
    if (twin->taken == LEAD + CCID_HEAD) {
        take_head(twin);
    }
    return twin->taken == twin->whole;
}

static void put_all(struct twin *twin, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        twin->put(twin->context, bytes[i]);
        twin->sum ^= bytes[i];
    }
}

static void put_frame(struct twin *twin, const uint8_t *message, size_t len)
{
    static const uint8_t lead[LEAD] = {TWIN_SYNC, TWIN_ACK};
    twin->sum = 0;
    put_all(twin, lead, sizeof lead);
    put_all(twin, message, len);
    twin->put(twin->context, twin->sum);
}

void twin_answer(struct twin *twin)
{
    static const uint8_t refusal[] = {TWIN_SYNC, TWIN_NAK, TWIN_SYNC ^ TWIN_NAK};
    size_t len = twin->taken - LEAD - CHECK;
    if (twin->broken || twin->sum != 0) {
        put_all(twin, refusal, sizeof refusal);
    } else {
        put_frame(twin, twin->ccid->message, len);
        len = ccid_answer(twin->ccid, len);
        put_frame(twin, twin->ccid->message, len);
    }
    twin->taken = 0;
}

void twin_more_time(struct twin *twin)
{
    twin->put(twin->context, TWIN_MORE_TIME | 1);
}
