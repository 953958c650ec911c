/* SPDX-License-Identifier: Apache-2.0
 *
 * The messages of a USB smart card reader (CCID, revision 1.1, §6) for one slot with a T=1 card in
 * it, at the level of TPDUs: the host speaks T=1 with the card, see t1.h. Knows no USB and no
 * serial line. A message comes whole, is answered, and the answer goes out before the next one
 * comes.
 *
 * ccid_more_time(), ccid_control_abort() and the descriptors in ccid_usb.h are for a USB port,
 * which no board here has: tests alone call them. A serial line asks for time in its own way
 * (twin.h).
 */
#ifndef LINK_CCID_H
#define LINK_CCID_H

#include "link/t1.h"

enum {
    CCID_HEAD = 10,
    CCID_MAX_MESSAGE = 271, /* what hosts take for a reader of TPDUs; a T=1 block needs 268 */
    CCID_PARAMETERS = 7     /* bytes of the protocol data structure for T=1 (§6.1.7) */
};

enum ccid_message {
    CCID_SET_PARAMETERS = 0x61,
    CCID_POWER_ON = 0x62,
    CCID_POWER_OFF = 0x63,
    CCID_GET_SLOT_STATUS = 0x65,
    CCID_SECURE = 0x69, /* this one and the next three: not supported */
    CCID_T0_APDU = 0x6A,
    CCID_CLOCK = 0x6E,
    CCID_MECHANICAL = 0x71,
    CCID_ESCAPE = 0x6B,
    CCID_GET_PARAMETERS = 0x6C,
    CCID_RESET_PARAMETERS = 0x6D,
    CCID_XFR_BLOCK = 0x6F,
    CCID_ABORT = 0x72,
    CCID_SET_RATE = 0x73,   /* SetDataRateAndClockFrequency */
    CCID_DATA_BLOCK = 0x80, /* answers, from here on */
    CCID_SLOT_STATUS = 0x81,
    CCID_PARAMETERS_ARE = 0x82,
    CCID_ESCAPED = 0x83,
    CCID_RATE_IS = 0x84
};

/* bmICCStatus, and bmCommandStatus above it (§6.2.6, table 6.2-3) */
enum ccid_status {
    CCID_ICC_ACTIVE = 0,
    CCID_ICC_INACTIVE = 1,
    CCID_ICC_ABSENT = 2,
    CCID_FAILED = 0x40,
    CCID_MORE_TIME = 0x80
};

/* bError, in the low byte (table 6.2-2): names, or the offset of what is wrong in the message. */
enum ccid_error {
    CCID_OK = 0,
    CCID_BAD_LENGTH = 1,
    CCID_BAD_SLOT = 5,
    CCID_BAD_POWER = 7,
    CCID_BAD_PROTOCOL = 7,
    CCID_BAD_LEVEL = 8,
    CCID_BAD_DATA = 10, /* and the bytes behind it: parameters, the number of an escape, rates */
    CCID_BAD_DATA_RATE = 14,
    CCID_ICC_MUTE = 0xFE, /* no card, or no power */
    CCID_ABORTED = 0xFF,
    CCID_NOT_SUPPORTED = 0x100 /* 00 */
};

/* What the reader is said to run at (§5.1): 4 MHz, and the default divisor of 372. */
enum { CCID_CLOCK_KHZ = 4000, CCID_DATA_RATE = 10753 };

/* The card in the slot. All must outlive the reader. */
struct ccid_icc {
    void *context;
    /* Power comes (or a reset: the card starts anew), or goes. */
    void (*power)(void *context, bool on);
    /* Runs the command of `len` bytes in the room; returns the length of the response there. */
    size_t (*transmit)(void *context, uint8_t *room, size_t len);
    /* How many block waiting times a command may need; 0: no more than the one it has. */
    uint8_t (*patience)(void *context, struct span command);
};

enum ccid_abort { ABORT_NONE, ABORT_ASKED, ABORT_HELD };

struct ccid {
    const struct ccid_icc *icc;
    struct t1 t1;
    uint8_t status; /* CCID_ICC_... */
    uint8_t seq;    /* of the message being answered */
    /* Set by who has a control pipe: an abort is then complete when both pipes have said so. */
    bool has_control;
    uint8_t abort;     /* enum ccid_abort: the control pipe has asked, or the answer waits, ... */
    uint8_t abort_seq; /* ... with this bSeq */
    uint8_t message[CCID_MAX_MESSAGE];
};

/* A reader with a card in it that has no power. The room is for commands and responses, and must
 * outlive the reader. */
void ccid_start(struct ccid *ccid, const struct ccid_icc *icc, uint8_t *room, size_t cap);

/* The card is put in, or pulled; for a reader whose card can be. */
void ccid_insert(struct ccid *ccid, bool present);

/* A message of `len` bytes has come in ccid->message; of a longer one the first CCID_MAX_MESSAGE.
 * Returns the length of the answer there, or 0 when there is none: to less than a head, and to an
 * abort that waits for the control pipe. The rest of ccid->message, behind the answer, is wiped. */
size_t ccid_answer(struct ccid *ccid, size_t len);

/* ABORT on the control pipe (§5.3.1), while no message is being answered. Returns the length of an
 * answer that waited for it, which is in ccid->message, or 0. */
size_t ccid_control_abort(struct ccid *ccid, uint8_t slot, uint8_t seq);

/* Writes the message that asks for more time, `times` the block waiting time, for the command that
 * the card is running. */
void ccid_more_time(const struct ccid *ccid, uint8_t times, uint8_t message[CCID_HEAD]);

#endif
