/* SPDX-License-Identifier: Apache-2.0
 *
 * BER-TLV data objects (ISO/IEC 7816-4 §5.2.2) with tags of one or two bytes and lengths to 65,535
 * in their shortest form, as the card writes them. Everything else is refused.
 */
#ifndef WIRE_TLV_H
#define WIRE_TLV_H

#include "wire/bytes.h"
#include "wire/must_use.h"

#define TLV_MAX_LENGTH 65535U

struct tlv {
    uint16_t tag;      /* 0x53, 0x7F49 */
    struct span value; /* points into the bytes read */
};

/* A tag of one byte, or of two where the low five bits of the first are all set. */
static inline uint16_t tlv_read_tag(struct reader *r)
{
    uint64_t tag = reader_be(r, 1);
    if (tag == 0x00 || tag == 0xFF) { /* padding, which we never write */
        r->failed = true;
    }
    if ((tag & 0x1F) == 0x1F) {
        uint64_t second = reader_be(r, 1);
        if (second < 0x1F || second > 0x7F) { /* needless, or a third byte follows */
            r->failed = true;
        }
        tag = tag << 8 | second;
    }
    return (uint16_t)tag;
}

static inline size_t tlv_read_length(struct reader *r)
{
    uint64_t length = reader_be(r, 1);
    if (length < 0x80) {
        return (size_t)length;
    }
    uint64_t least = length == 0x81 ? 0x80 : 0x100;
    if (length != 0x81 && length != 0x82) {
        r->failed = true;
    }
    length = reader_be(r, length == 0x81 ? 1 : 2);
    if (length < least) {
        r->failed = true;
    }
    return (size_t)length;
}

/* The next object. False at the end of the input and when what follows is none; reader_done()
 * tells these apart. */
MUST_USE static inline bool tlv_next(struct reader *r, struct tlv *ret)
{
    if (r->failed || r->rest.len == 0) {
        return false;
    }
    uint16_t tag = tlv_read_tag(r);
    struct span value = reader_take(r, tlv_read_length(r));
    if (r->failed) {
        return false;
    }
    *ret = (struct tlv){tag, value};
    return true;
}

/* The value of the first object with that tag among the objects of `input`. False when it is not
 * there or an object before it is broken. */
MUST_USE static inline bool tlv_find(struct span input, uint16_t tag, struct span *ret)
{
    struct reader r = reader_of(input);
    struct tlv object;
    while (tlv_next(&r, &object)) {
        if (object.tag == tag) {
            *ret = object.value;
            return true;
        }
    }
    return false;
}

/* The value of the only object of `input`, which has that tag. */
MUST_USE static inline bool tlv_only(struct span input, uint16_t tag, struct span *ret)
{
    struct reader r = reader_of(input);
    struct tlv object;
    if (!tlv_next(&r, &object) || !reader_done(&r) || object.tag != tag) {
        return false;
    }
    *ret = object.value;
    return true;
}

/* Tag and length of an object whose `length` (at most TLV_MAX_LENGTH) value bytes the caller
 * writes next. */
static inline void tlv_head(struct writer *w, uint16_t tag, size_t length)
{
    writer_be(w, tag, tag > 0xFF ? 2 : 1);
    if (length > 0xFF) {
        writer_be(w, 0x82, 1);
    } else if (length > 0x7F) {
        writer_be(w, 0x81, 1);
    }
    writer_be(w, length, length > 0xFF ? 2 : 1);
}

static inline void tlv_put(struct writer *w, uint16_t tag, struct span value)
{
    tlv_head(w, tag, value.len);
    writer_put(w, value);
}

#endif
