/* SPDX-License-Identifier: Apache-2.0
 *
 * QR text `CC1:` ↔ credential bytes: base45, then raw or zlib (RFC 1950), with or without the
 * preset dictionary. The only file of the core that knows zlib; inflates into a fixed buffer and
 * allocates nothing on the heap.
 */
#ifndef CODEC_QR_TEXT_H
#define CODEC_QR_TEXT_H

#include "wire/bytes.h"

#define QR_TEXT_PREFIX         "CC1:"
#define QR_TEXT_MAX            2900 /* characters, prefix included */
#define QR_TEXT_MAX_CREDENTIAL 4096 /* bytes */

enum qr_text_error {
    QR_TEXT_OK = 0,
    QR_TEXT_OTHER,       /* does not begin with CC1: */
    QR_TEXT_URL,         /* a web address (http:, https:, www.) */
    QR_TEXT_TOO_LONG,    /* text or content beyond its limit */
    QR_TEXT_BASE45,      /* not base45 */
    QR_TEXT_COMPRESSION, /* damaged or trailing zlib data */
    QR_TEXT_DICTIONARY,  /* a preset dictionary of a later version */
    QR_TEXT_CONTENT,     /* neither a credential nor zlib */
};

/* Writes the credential's bytes to w; *w is unspecified on failure. */
enum qr_text_error qr_text_decode(struct span text, struct writer *w);

/* Writes the shortest text for the credential; QR_TEXT_TOO_LONG beyond QR_TEXT_MAX or w. */
enum qr_text_error qr_text_encode(struct span credential, struct writer *w);

#endif
