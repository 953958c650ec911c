/* SPDX-License-Identifier: Apache-2.0
 *
 * Command and response APDUs (ISO/IEC 7816-4 §5.1), both directions, short and extended, and the
 * status words by name. Knows the bytes of an APDU, not what any command means.
 */
#ifndef WIRE_APDU_H
#define WIRE_APDU_H

#include "wire/bytes.h"
#include "wire/must_use.h"

#define APDU_MAX_SHORT_NC    255U
#define APDU_MAX_SHORT_NE    256U
#define APDU_MAX_EXTENDED_NC 65535U
#define APDU_MAX_EXTENDED_NE 65536U

/* Status words (ISO/IEC 7816-4 §5.1.3). SW_MORE and SW_WRONG_LE carry a number of bytes in their
 * low byte, where 0 stands for 256. */
enum apdu_sw {
    SW_OK = 0x9000,
    SW_MORE = 0x6100,                  /* 61xx: xx more bytes, for GET RESPONSE */
    SW_END_OF_FILE = 0x6282,           /* fewer bytes than Ne before the end */
    SW_TERMINATED = 0x6285,            /* what was selected has been terminated */
    SW_AUTHENTICATION_FAILED = 0x6300, /* GlobalPlatform: the host cryptogram is wrong */
    SW_TRIES_LEFT = 0x63C0,            /* 63Cx: wrong, x more tries */
    SW_MEMORY_FAILURE = 0x6581,        /* the non-volatile memory did not do as told */
    SW_WRONG_LENGTH = 0x6700,          /* Lc or Le, or an APDU that is none */
    SW_CHANNEL_UNKNOWN = 0x6881,       /* logical channels are not supported */
    SW_MESSAGING_UNKNOWN = 0x6882,     /* this kind of secure messaging is not supported */
    SW_CHAIN_BROKEN = 0x6883,          /* the last command of a chain was expected */
    SW_CHAIN_UNKNOWN = 0x6884,         /* this command cannot be chained */
    SW_SECURITY = 0x6982,              /* a channel, PIN or key is needed and was not shown */
    SW_BLOCKED = 0x6983,               /* no tries are left */
    SW_CONDITIONS = 0x6985,            /* not in this state */
    SW_NO_FILE_SELECTED = 0x6986,      /* the command needs a current file */
    SW_MESSAGING_WRONG = 0x6988,       /* secure messaging data objects are incorrect */
    SW_WRONG_DATA = 0x6A80,            /* the data field */
    SW_FUNCTION = 0x6A81,              /* not supported, as writing an object the card lacks */
    SW_NOT_FOUND = 0x6A82,             /* file or application */
    SW_FULL = 0x6A84,                  /* not enough memory space in the file */
    SW_WRONG_P1P2 = 0x6A86,
    SW_LC_P1P2 = 0x6A87,   /* Lc is inconsistent with P1-P2 */
    SW_REFERENCE = 0x6A88, /* referenced data, as a key, not found */
    SW_OFFSET = 0x6B00,    /* the offset lies outside the file */
    SW_WRONG_LE = 0x6C00,  /* 6Cxx: repeat the command with Le = xx */
    SW_INS_UNKNOWN = 0x6D00,
    SW_CLA_UNKNOWN = 0x6E00,
    SW_INTERNAL = 0x6F00 /* no precise diagnosis: the card distrusts itself */
};

struct apdu {
    uint8_t cla;
    uint8_t ins;
    uint8_t p1;
    uint8_t p2;
    struct span data; /* points into the bytes read; the caller's when writing */
    uint32_t ne;      /* most bytes expected back: 0 to 65,536 */
    bool extended;    /* length fields are, or shall be, of the extended form */
};

struct apdu_response {
    struct span data; /* points into the bytes read; the caller's when writing */
    uint16_t sw;
};

/* The number of bytes a Le field asks for: all zeros stand for the most the field can say. */
static inline uint32_t apdu_ne(uint64_t le, uint32_t most)
{
    return le == 0 ? most : (uint32_t)le;
}

/* Le alone, or Lc, data and perhaps Le, in fields of `width` bytes; `r` stands behind the zero byte
 * that introduces extended fields. */
MUST_USE static inline bool apdu_read_body(struct reader *r, size_t width, uint32_t most,
                                           struct apdu *command)
{
    uint64_t first = reader_be(r, width);
    if (reader_done(r)) {
        command->ne = apdu_ne(first, most);
        return true;
    }
    command->data = reader_take(r, (size_t)first);
    if (r->failed || command->data.len == 0) {
        return false;
    }
    if (r->rest.len != 0) {
        command->ne = apdu_ne(reader_be(r, width), most);
    }
    return reader_done(r);
}

/* One whole command of any of the seven forms. False, and *ret untouched, when the bytes are
 * none of them. */
MUST_USE static inline bool apdu_read(struct span bytes, struct apdu *ret)
{
    struct reader r = reader_of(bytes);
    struct apdu command = {.data = {NULL, 0}};
    command.cla = (uint8_t)reader_be(&r, 1);
    command.ins = (uint8_t)reader_be(&r, 1);
    command.p1 = (uint8_t)reader_be(&r, 1);
    command.p2 = (uint8_t)reader_be(&r, 1);
    if (r.failed) {
        return false;
    }
    bool fits = r.rest.len == 0;
    if (r.rest.len > 1 && r.rest.ptr[0] == 0) {
        reader_take(&r, 1);
        command.extended = true;
        fits = apdu_read_body(&r, 2, APDU_MAX_EXTENDED_NE, &command);
    } else if (r.rest.len != 0) {
        fits = apdu_read_body(&r, 1, APDU_MAX_SHORT_NE, &command);
    }
    if (fits) {
        *ret = command;
    }
    return fits;
}

/* Writes a command, short where it fits and .extended does not ask otherwise. False, with nothing
 * written, when data or ne exceed what an APDU can say. */
MUST_USE static inline bool apdu_write(struct writer *w, const struct apdu *command)
{
    if (command->data.len > APDU_MAX_EXTENDED_NC || command->ne > APDU_MAX_EXTENDED_NE) {
        return false;
    }
    bool extended = command->extended || command->data.len > APDU_MAX_SHORT_NC ||
                    command->ne > APDU_MAX_SHORT_NE;
    size_t width = extended ? 2 : 1;
    const uint8_t header[] = {command->cla, command->ins, command->p1, command->p2};
    writer_put(w, span_of(header, sizeof header));
    if (extended && (command->data.len != 0 || command->ne != 0)) {
        writer_be(w, 0, 1);
    }
    if (command->data.len != 0) {
        writer_be(w, command->data.len, width);
        writer_put(w, command->data);
    }
    if (command->ne != 0) {
        writer_be(w, command->ne, width); /* 256 and 65,536 become zeros */
    }
    return true;
}

MUST_USE static inline bool apdu_response_read(struct span bytes, struct apdu_response *ret)
{
    if (bytes.len < 2 || bytes.len - 2 > APDU_MAX_EXTENDED_NE) {
        return false;
    }
    const uint8_t *sw = bytes.ptr + bytes.len - 2;
    *ret =
        (struct apdu_response){span_of(bytes.ptr, bytes.len - 2), (uint16_t)(sw[0] << 8 | sw[1])};
    return true;
}

static inline void apdu_response_write(struct writer *w, const struct apdu_response *response)
{
    writer_put(w, response->data);
    writer_be(w, response->sw, 2);
}

#endif
