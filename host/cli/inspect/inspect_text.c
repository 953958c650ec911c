/* SPDX-License-Identifier: Apache-2.0
 *
 * Text strings of diagnostic notation, escaped as in JSON (RFC 8259 §7).
 */
#include "cli/inspect/inspect_print.h"

#include <stdio.h>

#include "codec/cbor.h"

/* The bytes of the character at the front, or 0 when it is not UTF-8. */
static size_t character_length(struct span text)
{
    uint8_t first = text.ptr[0];
    size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return len <= text.len && cbor_check_text(span_of(text.ptr, len)) != CBOR_TEXT_INVALID ? len
                                                                                           : 0;
}

/* The scalar value of a well-formed character. */
static uint32_t scalar_of(struct span character)
{
    static const uint8_t mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t scalar = character.ptr[0] & mask[character.len];
    for (size_t i = 1; i < character.len; i++) {
        scalar = scalar << 6 | (character.ptr[i] & 0x3FU);
    }
    return scalar;
}

static void put_escape(struct writer *w, uint32_t unit)
{
    char escape[8];
    int len = snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unit & 0xFFFF));
    writer_put(w, span_of(escape, (size_t)len));
}

/* Above U+FFFF as a surrogate pair, as JSON does. */
static void put_escaped(struct writer *w, uint32_t scalar)
{
    if (scalar > 0xFFFF) {
        put_escape(w, 0xD800 + ((scalar - 0x10000) >> 10));
        put_escape(w, 0xDC00 + ((scalar - 0x10000) & 0x3FF));
    } else {
        put_escape(w, scalar);
    }
}

static void put_character(struct writer *w, struct span character)
{
    uint8_t first = character.ptr[0];
    if (first == '"' || first == '\\') {
        writer_put(w, span_str("\\"));
    }
    if (cbor_check_text(character) == CBOR_OK) {
        writer_put(w, character);
    } else {
        put_escaped(w, scalar_of(character));
    }
}

static bool is_utf8(struct span text)
{
    while (text.len != 0) {
        size_t len = character_length(text);
        if (len == 0) {
            return false;
        }
        text = span_of(text.ptr + len, text.len - len);
    }
    return true;
}

bool inspect_print_text(struct writer *w, struct span text)
{
    if (!is_utf8(text)) {
        return false;
    }
    writer_put(w, span_str("\""));
    while (text.len != 0) {
        size_t len = character_length(text);
        put_character(w, span_of(text.ptr, len));
        text = span_of(text.ptr + len, text.len - len);
    }
    writer_put(w, span_str("\""));
    return true;
}
