/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing deterministic CBOR: shortest heads always. The order of map keys and the fitness of text
 * are the caller's part; the reader checks both.
 */
#include "codec/cbor.h"

/* RFC 8949 §3: the number in the first byte, or after it in 1, 2, 4 or 8 bytes. */
static void write_head(struct writer *w, enum cbor_type type, uint64_t value)
{
    unsigned major = (unsigned)type << 5;
    if (value < 24) {
        writer_be(w, major | value, 1);
        return;
    }
    unsigned power = value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3;
    writer_be(w, major | (24 + power), 1);
    writer_be(w, value, (size_t)1 << power);
}

void cbor_write_uint(struct writer *w, uint64_t value)
{
    write_head(w, CBOR_UINT, value);
}

void cbor_write_int(struct writer *w, int64_t value)
{
    if (value < 0) {
        write_head(w, CBOR_NEGATIVE, (uint64_t)(-1 - value));
    } else {
        write_head(w, CBOR_UINT, (uint64_t)value);
    }
}

void cbor_write_bytes(struct writer *w, struct span bytes)
{
    write_head(w, CBOR_BYTES, bytes.len);
    writer_put(w, bytes);
}

void cbor_write_text(struct writer *w, struct span text)
{
    write_head(w, CBOR_TEXT, text.len);
    writer_put(w, text);
}

void cbor_write_array(struct writer *w, size_t count)
{
    write_head(w, CBOR_ARRAY, count);
}

void cbor_write_map(struct writer *w, size_t count)
{
    write_head(w, CBOR_MAP, count);
}

void cbor_write_tag(struct writer *w, uint64_t tag)
{
    write_head(w, CBOR_TAG, tag);
}

void cbor_write_bool(struct writer *w, bool value)
{
    writer_be(w, value ? 0xF5 : 0xF4, 1);
}

void cbor_write_null(struct writer *w)
{
    writer_be(w, 0xF6, 1);
}
