/* SPDX-License-Identifier: Apache-2.0
 *
 * Which text is allowed: UTF-8 (RFC 3629) without the characters that hide, reorder or break what
 * is shown. Knows nothing of scripts, languages or normalisation.
 */
#include "codec/cbor.h"

#define NOT_UTF8 UINT32_MAX

/* Refused characters, first to last; noncharacters at the end of each plane are computed. */
static const struct {
    uint32_t first, last;
} refused[] = {
    {0x0000, 0x001F}, /* controls */
    {0x007F, 0x009F}, /* DEL and the C1 controls */
    {0x061C, 0x061C}, /* Arabic letter mark */
    {0x200E, 0x200F}, /* left-to-right and right-to-left mark */
    {0x2028, 0x2029}, /* line and paragraph separator */
    {0x202A, 0x202E}, /* bidi embeddings and overrides */
    {0x2066, 0x2069}, /* bidi isolates */
    {0xFDD0, 0xFDEF}, /* noncharacters */
    {0xFEFF, 0xFEFF}, /* byte order mark */
};

static bool is_refused(uint32_t scalar)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (scalar >= refused[i].first && scalar <= refused[i].last) {
            return true;
        }
    }
    return (scalar & 0xFFFE) == 0xFFFE;
}

/* How many bytes follow a first byte, and the least scalar such a sequence may stand for. */
static bool sequence_of(uint8_t first, size_t *ret_more, uint32_t *ret_least)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    size_t more = first < 0x80 ? 0 : first < 0xC0 ? 4 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    if (more > 3 || first > 0xF4) {
        return false;
    }
    *ret_more = more;
    *ret_least = least[more];
    return true;
}

/* Its code, and the rest of the text. */
static uint32_t take_scalar(struct span *text)
{
    size_t more;
    uint32_t least;
    uint8_t first = text->ptr[0];
    if (!sequence_of(first, &more, &least) || more >= text->len) {
        return NOT_UTF8;
    }
    uint32_t scalar = more == 0 ? first : first & (0x3FU >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((text->ptr[i] & 0xC0) != 0x80) {
            return NOT_UTF8;
        }
        scalar = scalar << 6 | (text->ptr[i] & 0x3FU);
    }
    *text = span_of(text->ptr + more + 1, text->len - more - 1);
    bool surrogate = scalar >= 0xD800 && scalar <= 0xDFFF;
    return scalar < least || scalar > 0x10FFFF || surrogate ? NOT_UTF8 : scalar;
}

/* Takes one character from the front of non-empty text. */
static enum cbor_error take_character(struct span *text)
{
    uint32_t scalar = take_scalar(text);
    if (scalar == NOT_UTF8) {
        return CBOR_TEXT_INVALID;
    }
    bool plain = scalar >= 0x20 && scalar <= 0x7E;
    return !plain && is_refused(scalar) ? CBOR_TEXT_REFUSED : CBOR_OK;
}

enum cbor_error cbor_check_text(struct span text)
{
    enum cbor_error error = CBOR_OK;
    while (text.len != 0 && error == CBOR_OK) {
        error = take_character(&text);
    }
    return error;
}

size_t cbor_text_first(struct span text)
{
    struct span rest = text;
    return take_character(&rest) == CBOR_OK ? text.len - rest.len : 0;
}

bool cbor_text_is_code(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7E) {
            return false;
        }
    }
    return text.len == 0 || (text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' ');
}
