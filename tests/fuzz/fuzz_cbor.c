/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever cbor_check accepts can be read item by item and written again to the same bytes.
 */
#include "fuzz.h"
#include "codec/cbor.h"

static void copy_item(struct cbor_cursor *c, struct writer *w);

static void copy_items(struct cbor_cursor *c, struct writer *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        copy_item(c, w);
    }
}

static void copy_simple(struct cbor_cursor *c, struct writer *w)
{
    if (cbor_read_null(c)) {
        cbor_write_null(w);
    } else {
        cbor_write_bool(w, cbor_read_bool(c));
    }
}

/* There is no reader of any tag: its head is taken from the bytes. */
static void copy_tag(struct cbor_cursor *c, struct writer *w)
{
    struct reader head = reader_of(c->rest);
    uint64_t info = reader_be(&head, 1) & 0x1F;
    uint64_t tag = info < 24 ? info : reader_be(&head, (size_t)1 << (info - 24));
    cbor_read_tag(c, tag);
    cbor_write_tag(w, tag);
    copy_item(c, w);
}

/* Calls itself no deeper than cbor_check lets values nest. */
static void copy_item(struct cbor_cursor *c, struct writer *w)
{
    size_t count;
    switch (cbor_peek(c)) {
    case CBOR_UINT:
        cbor_write_uint(w, cbor_read_uint(c, 0, UINT64_MAX));
        break;
    case CBOR_NEGATIVE:
        cbor_write_int(w, cbor_read_int(c, INT64_MIN, INT64_MAX));
        break;
    case CBOR_BYTES:
        cbor_write_bytes(w, cbor_read_bytes(c, 0, SIZE_MAX));
        break;
    case CBOR_TEXT:
        cbor_write_text(w, cbor_read_text(c, 0, SIZE_MAX));
        break;
    case CBOR_ARRAY:
        count = cbor_read_array(c, 0, SIZE_MAX);
        cbor_write_array(w, count);
        copy_items(c, w, count);
        break;
    case CBOR_MAP:
        count = cbor_read_map(c, 0, SIZE_MAX).left;
        cbor_write_map(w, count);
        copy_items(c, w, count * 2);
        break;
    case CBOR_TAG:
        copy_tag(c, w);
        break;
    case CBOR_SIMPLE:
        copy_simple(c, w);
        break;
    case CBOR_END:
        FUZZ_REQUIRE(false);
    }
}

/* The readers of maps on any bytes, checked or not. */
static void walk_map(struct span input)
{
    struct cbor_cursor c = cbor_cursor_of(input);
    struct cbor_map map = cbor_read_map(&c, 0, SIZE_MAX);
    size_t most = map.left, entries = 0;
    int64_t label;
    while (cbor_map_next_label(&c, &map, &label)) {
        cbor_skip(&c);
        entries++;
    }
    FUZZ_REQUIRE(entries <= most);
    if (cbor_finish(&c)) {
        enum cbor_error error = cbor_check(input); /* cbor_skip counts depth from its own item */
        FUZZ_REQUIRE(entries == most && (error == CBOR_OK || error == CBOR_DEPTH));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = span_of(data, size);
    walk_map(input);
    if (cbor_check(input) != CBOR_OK) {
        return 0;
    }
    uint8_t *again = malloc(size);
    FUZZ_REQUIRE(again != NULL);
    struct writer w = writer_of(again, size);
    struct cbor_cursor c = cbor_cursor_of(input);
    copy_item(&c, &w);
    FUZZ_REQUIRE(cbor_finish(&c));
    FUZZ_REQUIRE(writer_ok(&w) && span_equal(writer_span(&w), input));
    free(again);
    return 0;
}
