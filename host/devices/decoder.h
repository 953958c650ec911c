/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of QR codes, and pixels of photos, from files of any origin. The files are decoded by
 * helper programs that lock themselves in; this module starts them, limits them and checks what
 * they say. It links no image library, and knows nothing of what a text means.
 */
#ifndef DEVICES_DECODER_H
#define DEVICES_DECODER_H

#include "wire/must_use.h"
#include "devices/decode/decode_result.h"
#include "devices/decode/file_kind.h"
#include "wire/bytes.h"

enum decoder_error {
    DECODER_OK = 0,
    DECODER_UNREADABLE,  /* damaged, cut short, or more than the helper could bear */
    DECODER_UNSUPPORTED, /* a kind of file that is not decoded */
    DECODER_TOO_LARGE,   /* more than DECODE_FILE_MAX bytes or DECODE_PIXELS_MAX pixels */
    DECODER_ENCRYPTED,   /* a PDF that asks for a password */
    DECODER_EMPTY,       /* it was decoded, and there is no code in it */
    DECODER_NO_HELPER,   /* the helper program is not installed */
    DECODER_SYSTEM,      /* this machine could not run it, or it could not lock itself in */
};

struct decoder_code {
    unsigned page;    /* from 1; always 1 in an image */
    struct span text; /* any bytes; points into the result's buffer */
};

/* At most DECODE_CODES_MAX codes; a text appears once a page. */
struct decoder_result {
    unsigned pages, pages_seen; /* a long document is looked at up to DECODE_PAGES_MAX pages */
    size_t count;
    struct decoder_code code[DECODE_CODES_MAX];
    uint8_t *buffer; /* owned */
};

struct decoder_photo {
    unsigned width, height; /* pixels, upright */
    const uint8_t *rgb;     /* height x width x 3 bytes; points into the buffer */
    uint8_t *buffer;        /* owned */
};

/* Finds the codes in PNG, JPEG, WebP or PDF bytes. libexec_dir: where the helper programs are.
 * Takes at most DECODER_TIMEOUT_MS. The result is untouched unless DECODER_OK; then the caller
 * clears it. */
MUST_USE enum decoder_error decoder_scan(const char *libexec_dir, struct span file,
                                         struct decoder_result *ret_result);
void decoder_result_clear(struct decoder_result *result);

/* Decodes a PNG, JPEG or WebP picture, upright and reduced to fit max_width x max_height (each 1 to
 * DECODE_PHOTO_SIDE_MAX). The photo is untouched unless DECODER_OK; then the caller clears it. */
MUST_USE enum decoder_error decoder_photo(const char *libexec_dir, struct span file,
                                          unsigned max_width, unsigned max_height,
                                          struct decoder_photo *ret_photo);
/* The same for the first page of a PDF, drawn at 150 dpi and reduced where it does not fit. */
MUST_USE enum decoder_error decoder_page(const char *libexec_dir, struct span file,
                                         unsigned max_width, unsigned max_height,
                                         struct decoder_photo *ret_photo);
void decoder_photo_clear(struct decoder_photo *photo);

/* One sentence in English that says what to do; kind is file_kind_of(file). A constant string. */
const char *decoder_error_text(enum decoder_error error, enum file_kind kind);

enum { DECODER_TIMEOUT_MS = 10000 };

#endif
