/* SPDX-License-Identifier: Apache-2.0
 *
 * Magic bytes, longest knowledge first. Only constant offsets and bounded prefixes are looked at.
 */
#include "devices/decode/file_kind.h"

/* Mail gateways and scanners put junk in front of a PDF header; readers accept it up to here
 * (ISO 32000-1, annex H, note 13). */
enum { PDF_HEADER_WITHIN = 1024, TEXT_PROBE = 512 };

static bool has_at(struct span file, size_t offset, const char *magic, size_t len)
{
    return file.len >= offset + len && memcmp(file.ptr + offset, magic, len) == 0;
}

static bool contains(struct span file, size_t within, const char *needle)
{
    size_t len = strlen(needle);
    size_t end = file.len < within ? file.len : within;
    for (size_t i = 0; i + len <= end; i++) {
        if (memcmp(file.ptr + i, needle, len) == 0) {
            return true;
        }
    }
    return false;
}

struct magic {
    enum file_kind kind;
    uint8_t offset;
    uint8_t len;
    const char *bytes;
};

static const struct magic MAGICS[] = {
    {FILE_KIND_PNG, 0, 8, "\x89PNG\r\n\x1a\n"},
    {FILE_KIND_JPEG, 0, 3, "\xff\xd8\xff"},
    {FILE_KIND_WEBP, 8, 4, "WEBP"},
    {FILE_KIND_PDF, 0, 5, "%PDF-"},
    {FILE_KIND_HEIC, 4, 8, "ftypheic"},
    {FILE_KIND_HEIC, 4, 8, "ftypheix"},
    {FILE_KIND_HEIC, 4, 8, "ftyphevc"},
    {FILE_KIND_HEIC, 4, 8, "ftypheim"},
    {FILE_KIND_HEIC, 4, 8, "ftypmif1"},
    {FILE_KIND_HEIC, 4, 8, "ftypmsf1"},
    {FILE_KIND_AVIF, 4, 8, "ftypavif"},
    {FILE_KIND_AVIF, 4, 8, "ftypavis"},
    {FILE_KIND_JPEG_XL, 4, 8, "JXL \r\n\x87\n"},
    {FILE_KIND_JPEG_XL, 0, 2, "\xff\x0a"},
    {FILE_KIND_VIDEO, 4, 4, "ftyp"},
    {FILE_KIND_VIDEO, 0, 4, "\x1a\x45\xdf\xa3"},
    {FILE_KIND_VIDEO, 8, 4, "AVI "},
    {FILE_KIND_GIF, 0, 4, "GIF8"},
    {FILE_KIND_TIFF, 0, 4, "II*\0"},
    {FILE_KIND_TIFF, 0, 4, "MM\0*"},
    {FILE_KIND_BMP, 0, 2, "BM"},
    {FILE_KIND_OFFICE, 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
    {FILE_KIND_OFFICE, 0, 5, "{\\rtf"},
};

static enum file_kind kind_by_magic(struct span file)
{
    for (size_t i = 0; i < sizeof MAGICS / sizeof MAGICS[0]; i++) {
        const struct magic *m = &MAGICS[i];
        if (has_at(file, m->offset, m->bytes, m->len)) {
            return m->kind;
        }
    }
    return FILE_KIND_UNKNOWN;
}

/* Office files are ZIP archives whose first entry has a telling name. */
static enum file_kind kind_of_zip(struct span file)
{
    bool office = has_at(file, 30, "[Content_Types].xml", 19) || has_at(file, 30, "mimetype", 8) ||
                  has_at(file, 30, "_rels/", 6) || has_at(file, 30, "word/", 5);
    return office ? FILE_KIND_OFFICE : FILE_KIND_ZIP;
}

static bool looks_like_text(struct span file)
{
    size_t end = file.len < TEXT_PROBE ? file.len : TEXT_PROBE;
    for (size_t i = 0; i < end; i++) {
        uint8_t c = file.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static enum file_kind kind_of_text(struct span file)
{
    if (contains(file, TEXT_PROBE, "<svg")) {
        return FILE_KIND_SVG;
    }
    if (contains(file, TEXT_PROBE, "<html") || contains(file, TEXT_PROBE, "<!DOCTYPE html")) {
        return FILE_KIND_HTML;
    }
    return FILE_KIND_TEXT;
}

enum file_kind file_kind_of(struct span file)
{
    if (file.len == 0) {
        return FILE_KIND_EMPTY;
    }
    enum file_kind kind = kind_by_magic(file);
    if (kind != FILE_KIND_UNKNOWN) {
        return kind;
    }
    if (has_at(file, 0, "PK\x03\x04", 4)) {
        return kind_of_zip(file);
    }
    if (contains(file, PDF_HEADER_WITHIN, "%PDF-")) {
        return FILE_KIND_PDF;
    }
    return looks_like_text(file) ? kind_of_text(file) : FILE_KIND_UNKNOWN;
}

const char *file_kind_name(enum file_kind kind)
{
    static const char *const NAMES[FILE_KIND_COUNT] = {
        [FILE_KIND_UNKNOWN] = "a file of an unknown kind",
        [FILE_KIND_EMPTY] = "an empty file",
        [FILE_KIND_PNG] = "a PNG image",
        [FILE_KIND_JPEG] = "a JPEG image",
        [FILE_KIND_WEBP] = "a WebP image",
        [FILE_KIND_PDF] = "a PDF document",
        [FILE_KIND_HEIC] = "a HEIC photo",
        [FILE_KIND_AVIF] = "an AVIF photo",
        [FILE_KIND_JPEG_XL] = "a JPEG XL image",
        [FILE_KIND_VIDEO] = "a video",
        [FILE_KIND_GIF] = "a GIF image",
        [FILE_KIND_TIFF] = "a TIFF image",
        [FILE_KIND_BMP] = "a BMP image",
        [FILE_KIND_SVG] = "an SVG drawing",
        [FILE_KIND_HTML] = "a web page",
        [FILE_KIND_OFFICE] = "an Office document",
        [FILE_KIND_ZIP] = "a ZIP archive",
        [FILE_KIND_TEXT] = "a text file",
    };
    return (unsigned)kind < FILE_KIND_COUNT ? NAMES[kind] : NAMES[FILE_KIND_UNKNOWN];
}
