/* SPDX-License-Identifier: Apache-2.0
 *
 * The freshness token: a signed header as one QR text, `CT1:` and base45 (WIRE.md, "Freshness
 * token"). Knows only the letters; what the header says, and whether it is one, is left to those
 * who import it.
 */
#ifndef CODEC_TRUST_TEXT_H
#define CODEC_TRUST_TEXT_H

#include "wire/bytes.h"

#define TRUST_TEXT_PREFIX       "CT1:"
#define TRUST_TEXT_MAX          2900 /* characters, prefix included */
#define TRUST_TEXT_MAX_DOCUMENT 1930 /* bytes */

/* Whether a text claims to be a token. */
static inline bool trust_text_is(struct span text)
{
    return span_starts_with(text, span_str(TRUST_TEXT_PREFIX));
}

/* Writes the document's bytes to w; false when the text is too long, empty or not base45. */
bool trust_text_decode(struct span text, struct writer *w);

/* Writes the text; false when the document is too long for one, or for w. */
bool trust_text_encode(struct span document, struct writer *w);

#endif
