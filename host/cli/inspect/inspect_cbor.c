/* SPDX-License-Identifier: Apache-2.0
 *
 * Heads, lengths and nesting of any CBOR. Every loop takes at least one byte a turn or fails, so
 * that a lying count costs nothing.
 */
#include "cli/inspect/inspect_cbor.h"

#define INFO_INDEFINITE 31
#define BREAK           0xFF

static struct inspect_head fail(struct reader *r)
{
    r->failed = true;
    return (struct inspect_head){.major = INSPECT_SIMPLE};
}

struct inspect_head inspect_head(struct reader *r)
{
    uint8_t first = (uint8_t)reader_be(r, 1);
    struct inspect_head head = {.major = (enum inspect_major)(first >> 5), .info = first & 0x1F};
    if (head.info < 24) {
        head.value = head.info;
    } else if (head.info < 28) {
        head.value = reader_be(r, (size_t)1 << (head.info - 24));
    } else if (head.info == INFO_INDEFINITE && head.major >= INSPECT_BYTES &&
               head.major <= INSPECT_MAP) {
        head.indefinite = true;
    } else {
        return fail(r);
    }
    /* §3.3: simple values below 32 have one byte only. */
    if (head.major == INSPECT_SIMPLE && head.info == 24 && head.value < 32) {
        return fail(r);
    }
    return r->failed ? fail(r) : head;
}

struct inspect_head inspect_peek(const struct reader *r)
{
    struct reader copy = *r;
    return inspect_head(&copy);
}

struct inspect_rest inspect_rest_of(struct inspect_head head)
{
    return (struct inspect_rest){head.value, head.indefinite};
}

bool inspect_more(struct reader *r, struct inspect_rest *rest)
{
    if (r->failed) {
        return false;
    }
    if (!rest->indefinite) {
        return rest->left != 0 && rest->left-- != 0;
    }
    if (r->rest.len != 0 && r->rest.ptr[0] == BREAK) {
        (void)reader_take(r, 1);
        return false;
    }
    return true;
}

static struct span take_length(struct reader *r, uint64_t length)
{
    return reader_take(r, length > r->rest.len ? SIZE_MAX : (size_t)length);
}

/* §3.2.3: the chunks are definite strings of the same type. */
static struct span take_chunk(struct reader *r, enum inspect_major major)
{
    struct inspect_head chunk = inspect_head(r);
    if (chunk.major != major || chunk.indefinite) {
        r->failed = true;
    }
    return r->failed ? span_of(NULL, 0) : take_length(r, chunk.value);
}

static void skip_item(struct reader *r, unsigned depth)
{
    struct inspect_head head = inspect_head(r);
    struct inspect_rest rest = inspect_rest_of(head);
    if (r->failed || (head.major >= INSPECT_ARRAY && depth == 0 && head.major != INSPECT_SIMPLE)) {
        r->failed = true;
        return;
    }
    switch (head.major) {
    case INSPECT_BYTES:
    case INSPECT_TEXT:
        if (!head.indefinite) {
            (void)take_length(r, head.value);
            break;
        }
        while (inspect_more(r, &rest)) {
            (void)take_chunk(r, head.major);
        }
        break;
    case INSPECT_MAP:
    case INSPECT_ARRAY:
        while (inspect_more(r, &rest)) {
            skip_item(r, depth - 1);
            if (head.major == INSPECT_MAP) {
                skip_item(r, depth - 1);
            }
        }
        break;
    case INSPECT_TAG:
        skip_item(r, depth - 1);
        break;
    case INSPECT_UINT:
    case INSPECT_NEGATIVE:
    case INSPECT_SIMPLE:
        break;
    }
}

struct span inspect_skip(struct reader *r)
{
    struct span start = r->rest;
    skip_item(r, INSPECT_MAX_DEPTH);
    return r->failed ? span_of(NULL, 0) : span_of(start.ptr, start.len - r->rest.len);
}

bool inspect_is_item(struct span bytes)
{
    struct reader r = reader_of(bytes);
    (void)inspect_skip(&r);
    return reader_done(&r);
}

struct span inspect_string(struct reader *r, enum inspect_major major, struct writer *arena)
{
    struct inspect_head head = inspect_head(r);
    if (r->failed || head.major != major) {
        r->failed = true;
        return span_of(NULL, 0);
    }
    if (!head.indefinite) {
        return take_length(r, head.value);
    }
    size_t start = arena->len;
    struct inspect_rest rest = inspect_rest_of(head);
    while (inspect_more(r, &rest)) {
        writer_put(arena, take_chunk(r, major));
    }
    if (r->failed || !writer_ok(arena)) {
        r->failed = true;
        return span_of(NULL, 0);
    }
    return span_of(arena->ptr + start, arena->len - start);
}

bool inspect_int(struct reader *r, int64_t *ret_value)
{
    struct inspect_head head = inspect_peek(r);
    if (r->failed || r->rest.len == 0 || head.major > INSPECT_NEGATIVE || head.value > INT64_MAX) {
        return false;
    }
    (void)inspect_head(r);
    *ret_value = head.major == INSPECT_UINT ? (int64_t)head.value : -1 - (int64_t)head.value;
    return true;
}
