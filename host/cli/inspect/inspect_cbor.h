/* SPDX-License-Identifier: Apache-2.0
 *
 * A tolerant CBOR reader (RFC 8949): any well-formed item, indefinite lengths, floats, any tag, any
 * order of keys. For looking at what others made; nothing that passes here has been judged. The
 * strict reader is codec/cbor.h.
 */
#ifndef CLI_INSPECT_CBOR_H
#define CLI_INSPECT_CBOR_H

#include "wire/bytes.h"

#define INSPECT_MAX_DEPTH 32

enum inspect_major {
    INSPECT_UINT = 0,
    INSPECT_NEGATIVE = 1,
    INSPECT_BYTES = 2,
    INSPECT_TEXT = 3,
    INSPECT_ARRAY = 4,
    INSPECT_MAP = 5,
    INSPECT_TAG = 6,
    INSPECT_SIMPLE = 7,
};

/* The head of an item (§3). */
struct inspect_head {
    enum inspect_major major;
    uint8_t info;    /* the five low bits of the first byte */
    bool indefinite; /* value means nothing then */
    uint64_t value;  /* number, length, count, tag, simple value, or the bits of a float */
};

/* How many elements (or pairs) of an array or map are still to come. */
struct inspect_rest {
    uint64_t left;
    bool indefinite;
};

/* Reads a head; the reader fails where none stands: at the end, at a break, at a reserved value. */
struct inspect_head inspect_head(struct reader *r);

/* The next head without moving; on failure major INSPECT_SIMPLE with value 0, which stands for
 * nothing. */
struct inspect_head inspect_peek(const struct reader *r);

struct inspect_rest inspect_rest_of(struct inspect_head head);

/* True when another element follows; takes the break that ends an indefinite one. */
bool inspect_more(struct reader *r, struct inspect_rest *rest);

/* Passes over one item, at most INSPECT_MAX_DEPTH deep, and returns its bytes. */
struct span inspect_skip(struct reader *r);

/* Whether the bytes are exactly one item. */
bool inspect_is_item(struct span bytes);

/* Reads a byte string (or text). A definite one points into the input; the chunks of an indefinite
 * one are put together in `arena`, and the reader fails when they do not fit. */
struct span inspect_string(struct reader *r, enum inspect_major major, struct writer *arena);

/* Reads an integer that fits in 63 bits; false (and nothing moved) when something else stands
 * there. */
bool inspect_int(struct reader *r, int64_t *ret_value);

#endif
