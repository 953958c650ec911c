/* SPDX-License-Identifier: Apache-2.0
 *
 * A strict cursor and a writer for deterministic CBOR (RFC 8949 §4.2.1): what WIRE.md allows,
 * nothing else. The cursor never allocates and never looks past its input; every span it returns
 * points into that input.
 */
#ifndef CODEC_CBOR_H
#define CODEC_CBOR_H

#include "wire/bytes.h"

#define CBOR_MAX_DEPTH 8

enum cbor_error {
    CBOR_OK = 0,
    CBOR_TRUNCATED,    /* ends inside an item, or claims more than is there */
    CBOR_NOT_SHORTEST, /* a head longer than needed */
    CBOR_INDEFINITE,   /* indefinite length */
    CBOR_RESERVED,     /* reserved head, float, or a simple value but false, true, null */
    CBOR_UNSORTED,     /* map key smaller than the one before it */
    CBOR_DUPLICATE,    /* map key twice */
    CBOR_TEXT_INVALID, /* not UTF-8 */
    CBOR_TEXT_REFUSED, /* control, bidi control or other refused character */
    CBOR_TYPE,         /* another type than asked for */
    CBOR_RANGE,        /* number, length or count outside what the field allows */
    CBOR_DEPTH,        /* nested deeper than CBOR_MAX_DEPTH */
    CBOR_TRAILING,     /* bytes after the end */
};

enum cbor_type {
    CBOR_UINT = 0,
    CBOR_NEGATIVE = 1,
    CBOR_BYTES = 2,
    CBOR_TEXT = 3,
    CBOR_ARRAY = 4,
    CBOR_MAP = 5,
    CBOR_TAG = 6,
    CBOR_SIMPLE = 7,
    CBOR_END = 8, /* nothing left, or the cursor has failed */
};

/* The first error sticks; every later read gives zero or an empty span. */
struct cbor_cursor {
    struct span rest; /* points into the caller's input */
    enum cbor_error error;
};

/* Where a map stands: the keys seen so far must ascend. */
struct cbor_map {
    size_t left;
    struct span last_key; /* encoded; points into the input */
};

struct cbor_cursor cbor_cursor_of(struct span input);

/* The type of the next item, without moving. */
enum cbor_type cbor_peek(const struct cbor_cursor *c);

uint64_t cbor_read_uint(struct cbor_cursor *c, uint64_t least, uint64_t most);
int64_t cbor_read_int(struct cbor_cursor *c, int64_t least, int64_t most);
bool cbor_read_bool(struct cbor_cursor *c);
/* True and moved when the next item is null; false and unmoved otherwise. */
bool cbor_read_null(struct cbor_cursor *c);
void cbor_read_tag(struct cbor_cursor *c, uint64_t tag);
/* Lengths in bytes, `least` to `most` inclusive. */
struct span cbor_read_bytes(struct cbor_cursor *c, size_t least, size_t most);
struct span cbor_read_text(struct cbor_cursor *c, size_t least, size_t most);
/* Text of printable ASCII (20..7E) with no blank at either end. */
struct span cbor_read_code(struct cbor_cursor *c, size_t least, size_t most);
/* The number of elements that follow. */
size_t cbor_read_array(struct cbor_cursor *c, size_t least, size_t most);
struct cbor_map cbor_read_map(struct cbor_cursor *c, size_t least, size_t most);

/* Moves to the next entry of the map and reads its integer key; false at the end of the map or on
 * failure. The caller then reads or skips exactly one value. */
bool cbor_map_next_int(struct cbor_cursor *c, struct cbor_map *map, int64_t *ret_key);
/* For maps whose entries are all known beforehand: moves to the next one, whose key must be this.
 */
void cbor_map_expect(struct cbor_cursor *c, struct cbor_map *map, int64_t key);
/* The same as cbor_map_next_int for text keys of at most `most` bytes. */
bool cbor_map_next_text(struct cbor_cursor *c, struct cbor_map *map, size_t most,
                        struct span *ret_key);

/* The same for maps whose keys are labels, integers or text (COSE and CWT), of which only integers
 * are known here: a text label gives CBOR_LABEL_TEXT. */
#define CBOR_LABEL_TEXT INT64_MIN
bool cbor_map_next_label(struct cbor_cursor *c, struct cbor_map *map, int64_t *ret_label);

/* Checks and passes over one whole item, and returns its bytes. Nesting is counted from that item.
 */
struct span cbor_skip(struct cbor_cursor *c);

/* Sets an error from outside (a semantic refusal), unless there is one. */
void cbor_fail(struct cbor_cursor *c, enum cbor_error error);

/* True when every read succeeded and nothing is left; sets CBOR_TRAILING otherwise. */
bool cbor_finish(struct cbor_cursor *c);

/* Checks one whole item with nothing after it. */
enum cbor_error cbor_check(struct span input);

/* The refusal as one plain phrase, for messages ("a number is not in its shortest form"). */
const char *cbor_error_text(enum cbor_error error);

/* Text as WIRE.md allows it: CBOR_OK, CBOR_TEXT_INVALID or CBOR_TEXT_REFUSED. */
enum cbor_error cbor_check_text(struct span text);

/* The length of the character at the front of non-empty text; 0 when WIRE.md allows none such. */
size_t cbor_text_first(struct span text);

/* Printable ASCII (20..7E) with no blank at either end; empty text is. */
bool cbor_text_is_code(struct span text);

void cbor_write_uint(struct writer *w, uint64_t value);
void cbor_write_int(struct writer *w, int64_t value);
void cbor_write_bytes(struct writer *w, struct span bytes);
void cbor_write_text(struct writer *w, struct span text);
void cbor_write_array(struct writer *w, size_t count);
void cbor_write_map(struct writer *w, size_t count);
void cbor_write_tag(struct writer *w, uint64_t tag);
void cbor_write_bool(struct writer *w, bool value);
void cbor_write_null(struct writer *w);

#endif
