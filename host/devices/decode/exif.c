/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads directory 0 of a TIFF block, front to back and once: no offset is followed but the first.
 */
#include "devices/decode/exif.h"

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };

static unsigned number(struct span s, bool little, size_t offset, size_t len)
{
    unsigned value = 0;
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | s.ptr[offset + (little ? len - 1 - i : i)];
    }
    return value;
}

static unsigned orientation_in(struct span directory, bool little)
{
    unsigned count = number(directory, little, 0, 2);
    for (size_t at = 2; count > 0 && at + ENTRY_BYTES <= directory.len;
         at += ENTRY_BYTES, count--) {
        if (number(directory, little, at, 2) == TAG_ORIENTATION) {
            unsigned value = number(directory, little, at + 8, 2);
            bool sound = number(directory, little, at + 2, 2) == TYPE_SHORT &&
                         number(directory, little, at + 4, 4) == 1 && value >= 1 && value <= 8;
            return sound ? value : 1;
        }
    }
    return 1;
}

unsigned exif_orientation(struct span exif)
{
    struct reader r = reader_of(exif);
    if (span_starts_with(exif, span_of("Exif\0", 6))) {
        reader_take(&r, 6);
    }
    struct span tiff = r.rest;
    bool little = span_starts_with(tiff, span_of("II*", 4));
    if (tiff.len < 8 || (!little && !span_starts_with(tiff, span_of("MM\0*", 4)))) {
        return 1;
    }
    size_t first = number(tiff, little, 4, 4);
    if (first > tiff.len - 2) {
        return 1;
    }
    return orientation_in(span_of(tiff.ptr + first, tiff.len - first), little);
}
