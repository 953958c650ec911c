/* SPDX-License-Identifier: Apache-2.0
 *
 * The reading cursor. Every refusal of include/WIRE.md is made here once, so that a decoder built
 * on it cannot forget one. Text is judged in cbor_text.c, writing is in cbor_write.c.
 */
#include "codec/cbor.h"

#define BREAK      0xFF
#define FALSE_BYTE 0xF4
#define TRUE_BYTE  0xF5
#define NULL_BYTE  0xF6

/* The start of an item: its type and the number in its head (RFC 8949 §3). */
struct head {
    enum cbor_type type;
    uint64_t value;
};

struct cbor_cursor cbor_cursor_of(struct span input)
{
    return (struct cbor_cursor){input, CBOR_OK};
}

void cbor_fail(struct cbor_cursor *c, enum cbor_error error)
{
    if (c->error == CBOR_OK) {
        c->error = error;
    }
}

enum cbor_type cbor_peek(const struct cbor_cursor *c)
{
    if (c->error != CBOR_OK || c->rest.len == 0) {
        return CBOR_END;
    }
    return (enum cbor_type)(c->rest.ptr[0] >> 5);
}

static struct span take(struct cbor_cursor *c, uint64_t len)
{
    if (c->error == CBOR_OK && len > c->rest.len) {
        c->error = CBOR_TRUNCATED;
    }
    if (c->error != CBOR_OK) {
        return span_of(NULL, 0);
    }
    struct span taken = span_of(c->rest.ptr, (size_t)len);
    c->rest.ptr += taken.len;
    c->rest.len -= taken.len;
    return taken;
}

/* The number that follows a first byte whose low five bits are `info` (24..27). */
static uint64_t take_argument(struct cbor_cursor *c, unsigned info)
{
    struct span bytes = take(c, (uint64_t)1 << (info - 24));
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        value = value << 8 | bytes.ptr[i];
    }
    uint64_t least = info == 24 ? 24 : (uint64_t)1 << (4 << (info - 24));
    if (value < least) {
        cbor_fail(c, CBOR_NOT_SHORTEST);
    }
    if (value > INT64_MAX) {
        cbor_fail(c, CBOR_RANGE);
    }
    return value;
}

/* Only false, true and null exist; the rest of major type 7 is floats, unassigned values and
 * "break". */
static uint64_t simple_value(struct cbor_cursor *c, uint8_t first)
{
    if (first == BREAK) {
        cbor_fail(c, CBOR_INDEFINITE);
    } else if (first != FALSE_BYTE && first != TRUE_BYTE && first != NULL_BYTE) {
        cbor_fail(c, CBOR_RESERVED);
    }
    return first;
}

static bool may_be_indefinite(enum cbor_type type)
{
    return type == CBOR_BYTES || type == CBOR_TEXT || type == CBOR_ARRAY || type == CBOR_MAP;
}

static struct head take_head(struct cbor_cursor *c)
{
    struct span first = take(c, 1);
    if (first.len == 0) {
        return (struct head){CBOR_END, 0};
    }
    struct head head = {(enum cbor_type)(first.ptr[0] >> 5), first.ptr[0] & 0x1F};
    if (head.type == CBOR_SIMPLE) {
        head.value = simple_value(c, first.ptr[0]);
    } else if (head.value == 31 && may_be_indefinite(head.type)) {
        cbor_fail(c, CBOR_INDEFINITE);
    } else if (head.value > 27) {
        cbor_fail(c, CBOR_RESERVED);
    } else if (head.value > 23) {
        head.value = take_argument(c, (unsigned)head.value);
    }
    return head;
}

/* A head of the type wanted, its number within the limits; 0 on failure. A malformed head is named
 * before a mistaken type, a mistaken type before a number out of range. */
static uint64_t expect(struct cbor_cursor *c, enum cbor_type type, uint64_t least, uint64_t most)
{
    struct head head = take_head(c);
    if (head.type != type) {
        cbor_fail(c, CBOR_TYPE);
    }
    if (head.value < least || head.value > most) {
        cbor_fail(c, CBOR_RANGE);
    }
    return c->error == CBOR_OK ? head.value : 0;
}

uint64_t cbor_read_uint(struct cbor_cursor *c, uint64_t least, uint64_t most)
{
    return expect(c, CBOR_UINT, least, most);
}

int64_t cbor_read_int(struct cbor_cursor *c, int64_t least, int64_t most)
{
    struct head head = take_head(c);
    if (head.type != CBOR_UINT && head.type != CBOR_NEGATIVE) {
        cbor_fail(c, CBOR_TYPE);
    }
    if (c->error != CBOR_OK) {
        return 0;
    }
    int64_t value = (int64_t)head.value;
    if (head.type == CBOR_NEGATIVE) {
        value = -1 - value;
    }
    if (value < least || value > most) {
        cbor_fail(c, CBOR_RANGE);
        return 0;
    }
    return value;
}

bool cbor_read_bool(struct cbor_cursor *c)
{
    struct head head = take_head(c);
    bool is_bool = head.type == CBOR_SIMPLE && head.value != NULL_BYTE;
    if (!is_bool) {
        cbor_fail(c, CBOR_TYPE);
    }
    return c->error == CBOR_OK && head.value == TRUE_BYTE;
}

bool cbor_read_null(struct cbor_cursor *c)
{
    if (cbor_peek(c) != CBOR_SIMPLE || c->rest.ptr[0] != NULL_BYTE) {
        return false;
    }
    take(c, 1);
    return true;
}

void cbor_read_tag(struct cbor_cursor *c, uint64_t tag)
{
    struct head head = take_head(c);
    if (head.type != CBOR_TAG || head.value != tag) {
        cbor_fail(c, CBOR_TYPE);
    }
}

struct span cbor_read_bytes(struct cbor_cursor *c, size_t least, size_t most)
{
    return take(c, expect(c, CBOR_BYTES, least, most));
}

/* The text of a head already taken. */
static struct span take_text(struct cbor_cursor *c, uint64_t len)
{
    struct span text = take(c, len);
    cbor_fail(c, cbor_check_text(text));
    return c->error == CBOR_OK ? text : span_of(NULL, 0);
}

struct span cbor_read_text(struct cbor_cursor *c, size_t least, size_t most)
{
    return take_text(c, expect(c, CBOR_TEXT, least, most));
}

struct span cbor_read_code(struct cbor_cursor *c, size_t least, size_t most)
{
    struct span code = cbor_read_text(c, least, most);
    if (c->error == CBOR_OK && !cbor_text_is_code(code)) {
        cbor_fail(c, CBOR_TEXT_REFUSED);
    }
    return c->error == CBOR_OK ? code : span_of(NULL, 0);
}

/* Every element takes a byte at least, so a count beyond the bytes left is a lie; refusing it here
 * keeps every loop over elements as short as the input. */
static size_t believable(struct cbor_cursor *c, uint64_t count, size_t bytes_each)
{
    if (count > c->rest.len / bytes_each) {
        cbor_fail(c, CBOR_TRUNCATED);
    }
    return c->error == CBOR_OK ? (size_t)count : 0;
}

size_t cbor_read_array(struct cbor_cursor *c, size_t least, size_t most)
{
    return believable(c, expect(c, CBOR_ARRAY, least, most), 1);
}

struct cbor_map cbor_read_map(struct cbor_cursor *c, size_t least, size_t most)
{
    size_t count = believable(c, expect(c, CBOR_MAP, least, most), 2);
    return (struct cbor_map){count, span_of(NULL, 0)};
}

/* Keys ascend in the bytewise order of their encodings (RFC 8949 §4.2.1). */
static void check_key_order(struct cbor_cursor *c, struct cbor_map *map, struct span key)
{
    int order = map->last_key.len == 0 ? 1 : span_compare(key, map->last_key);
    if (order == 0) {
        cbor_fail(c, CBOR_DUPLICATE);
    } else if (order < 0) {
        cbor_fail(c, CBOR_UNSORTED);
    }
    map->last_key = key;
}

/* What was read since `start`. */
static struct span passed(const struct cbor_cursor *c, struct span start)
{
    return span_of(start.ptr, start.len - c->rest.len);
}

bool cbor_map_next_int(struct cbor_cursor *c, struct cbor_map *map, int64_t *ret_key)
{
    if (c->error != CBOR_OK || map->left == 0) {
        return false;
    }
    struct span start = c->rest;
    int64_t key = cbor_read_int(c, INT64_MIN, INT64_MAX);
    check_key_order(c, map, passed(c, start));
    if (c->error != CBOR_OK) {
        return false;
    }
    map->left--;
    *ret_key = key;
    return true;
}

void cbor_map_expect(struct cbor_cursor *c, struct cbor_map *map, int64_t key)
{
    int64_t found = key;
    if (!cbor_map_next_int(c, map, &found) || found != key) {
        cbor_fail(c, CBOR_RANGE);
    }
}

bool cbor_map_next_text(struct cbor_cursor *c, struct cbor_map *map, size_t most,
                        struct span *ret_key)
{
    if (c->error != CBOR_OK || map->left == 0) {
        return false;
    }
    struct span start = c->rest;
    struct span key = cbor_read_text(c, 0, most);
    check_key_order(c, map, passed(c, start));
    if (c->error != CBOR_OK) {
        return false;
    }
    map->left--;
    *ret_key = key;
    return true;
}

bool cbor_map_next_label(struct cbor_cursor *c, struct cbor_map *map, int64_t *ret_label)
{
    if (cbor_peek(c) != CBOR_TEXT) {
        return cbor_map_next_int(c, map, ret_label);
    }
    struct span unused;
    *ret_label = CBOR_LABEL_TEXT;
    return cbor_map_next_text(c, map, SIZE_MAX, &unused);
}

static void skip_item(struct cbor_cursor *c, unsigned depth);

static void skip_map(struct cbor_cursor *c, uint64_t count, unsigned depth)
{
    struct cbor_map map = {believable(c, count, 2), {NULL, 0}};
    for (; map.left != 0 && c->error == CBOR_OK; map.left--) {
        struct span start = c->rest;
        skip_item(c, depth);
        check_key_order(c, &map, passed(c, start));
        skip_item(c, depth);
    }
}

static void skip_inside(struct cbor_cursor *c, struct head head, unsigned depth)
{
    if (depth >= CBOR_MAX_DEPTH) {
        cbor_fail(c, CBOR_DEPTH);
    } else if (head.type == CBOR_MAP) {
        skip_map(c, head.value, depth + 1);
    } else {
        size_t count = head.type == CBOR_TAG ? 1 : believable(c, head.value, 1);
        for (size_t i = 0; i < count && c->error == CBOR_OK; i++) {
            skip_item(c, depth + 1);
        }
    }
}

/* Calls itself through skip_inside, at most CBOR_MAX_DEPTH deep. */
static void skip_item(struct cbor_cursor *c, unsigned depth)
{
    struct head head = take_head(c);
    if (c->error != CBOR_OK) {
        return;
    }
    if (head.type == CBOR_BYTES) {
        take(c, head.value);
    } else if (head.type == CBOR_TEXT) {
        take_text(c, head.value);
    } else if (head.type == CBOR_ARRAY || head.type == CBOR_MAP || head.type == CBOR_TAG) {
        skip_inside(c, head, depth);
    }
}

struct span cbor_skip(struct cbor_cursor *c)
{
    struct span start = c->rest;
    skip_item(c, 0);
    return c->error == CBOR_OK ? passed(c, start) : span_of(NULL, 0);
}

bool cbor_finish(struct cbor_cursor *c)
{
    if (c->rest.len != 0) {
        cbor_fail(c, CBOR_TRAILING);
    }
    return c->error == CBOR_OK;
}

enum cbor_error cbor_check(struct span input)
{
    struct cbor_cursor c = cbor_cursor_of(input);
    cbor_skip(&c);
    cbor_finish(&c);
    return c.error;
}

const char *cbor_error_text(enum cbor_error error)
{
    switch (error) {
    case CBOR_OK:
        return "no error";
    case CBOR_TRUNCATED:
        return "the data ends too early";
    case CBOR_NOT_SHORTEST:
        return "a number is not in its shortest form";
    case CBOR_INDEFINITE:
        return "a length is left open";
    case CBOR_RESERVED:
        return "a kind of value that is not allowed";
    case CBOR_UNSORTED:
        return "map keys are not in order";
    case CBOR_DUPLICATE:
        return "a map key stands twice";
    case CBOR_TEXT_INVALID:
        return "text is not UTF-8";
    case CBOR_TEXT_REFUSED:
        return "text holds a character that is not allowed there";
    case CBOR_TYPE:
        return "a value has the wrong type";
    case CBOR_RANGE:
        return "a number, length or count is outside its limits";
    case CBOR_DEPTH:
        return "values are nested too deep";
    case CBOR_TRAILING:
        return "something follows the end";
    }
    return "unknown error";
}
