/* SPDX-License-Identifier: Apache-2.0
 *
 * Names the kind of a file by its first bytes. It never looks at a file's name and parses nothing:
 * a kind is a hint for choosing a decoder and for telling a person what to send instead.
 */
#ifndef DEVICES_FILE_KIND_H
#define DEVICES_FILE_KIND_H

#include "wire/bytes.h"

enum file_kind {
    FILE_KIND_UNKNOWN = 0,
    FILE_KIND_EMPTY,
    FILE_KIND_PNG,
    FILE_KIND_JPEG,
    FILE_KIND_WEBP,
    FILE_KIND_PDF,
    /* From here on: recognised so that it can be named, and never decoded. */
    FILE_KIND_HEIC,
    FILE_KIND_AVIF,
    FILE_KIND_JPEG_XL,
    FILE_KIND_VIDEO,
    FILE_KIND_GIF,
    FILE_KIND_TIFF,
    FILE_KIND_BMP,
    FILE_KIND_SVG,
    FILE_KIND_HTML,
    FILE_KIND_OFFICE,
    FILE_KIND_ZIP,
    FILE_KIND_TEXT,
    FILE_KIND_COUNT,
};

enum file_kind file_kind_of(struct span file);

/* A noun phrase such as "a HEIC photo"; a constant string. */
const char *file_kind_name(enum file_kind kind);

#endif
