/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows base64 and the segments of a JPEG file (ITU-T T.81 annex B) up to its frame header.
 */
#include "photo.h"

#include <stdlib.h>
#include <string.h>

static int base64_value(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

/* Decode into `out`, which has room for 3 bytes in 4 characters. False on bad text. */
static bool base64_decode(struct span text, uint8_t *out, size_t *ret_len)
{
    size_t padding = 0;
    while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=') {
        padding++;
    }
    if (text.len == 0 || text.len % 4 != 0) {
        return false;
    }
    size_t len = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = i >= text.len - padding ? 0 : base64_value((char)text.ptr[i]);
        if (value < 0) {
            return false;
        }
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 == 3) {
            out[len++] = (uint8_t)(bits >> 16);
            out[len++] = (uint8_t)(bits >> 8);
            out[len++] = (uint8_t)bits;
        }
    }
    *ret_len = len - padding;
    return true;
}

/* Baseline, extended and progressive frames are what PDF readers decode. */
static bool is_frame_marker(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xc2;
}

/* Walk the segments to the frame header and compare it with what the caller said. */
static bool frame_matches(struct span jpeg, int width, int height)
{
    struct reader r = reader_of(jpeg);
    if (reader_be(&r, 2) != 0xffd8) {
        return false;
    }
    while (!r.failed) {
        unsigned marker = (unsigned)reader_be(&r, 2);
        size_t len = (size_t)reader_be(&r, 2);
        if (r.failed || marker >> 8 != 0xff || len < 2) {
            return false;
        }
        struct reader segment = reader_of(reader_take(&r, len - 2));
        if (is_frame_marker(marker & 0xff)) {
            uint64_t precision = reader_be(&segment, 1);
            uint64_t lines = reader_be(&segment, 2);
            uint64_t samples = reader_be(&segment, 2);
            uint64_t components = reader_be(&segment, 1);
            return !segment.failed && precision == 8 && lines == (uint64_t)height &&
                   samples == (uint64_t)width && (components == 1 || components == 3);
        }
        if ((marker & 0xff) == 0xda) { /* image data before any frame */
            return false;
        }
    }
    return false;
}

static bool ends_with_eoi(struct span jpeg)
{
    return jpeg.len >= 4 && jpeg.ptr[jpeg.len - 2] == 0xff && jpeg.ptr[jpeg.len - 1] == 0xd9;
}

bool photo_decode(struct span base64, int width, int height, struct photo *ret_photo,
                  struct refusal *refusal)
{
    uint8_t *bytes = malloc(base64.len / 4 * 3 + 3);
    if (bytes == NULL) {
        return refuse_internal(refusal, "photo", "out of memory");
    }
    size_t len = 0;
    if (!base64_decode(base64, bytes, &len)) {
        free(bytes);
        return refuse(refusal, "photo.jpeg_base64", "not base64");
    }
    struct span jpeg = span_of(bytes, len);
    if (!frame_matches(jpeg, width, height) || !ends_with_eoi(jpeg)) {
        free(bytes);
        return refuse(refusal, "photo.jpeg_base64",
                      "not a grey or colour JPEG of the stated width and height");
    }
    *ret_photo = (struct photo){bytes, len, width, height};
    return true;
}

void photo_free(struct photo *photo)
{
    free(photo->jpeg);
    *photo = (struct photo){0};
}
