/* SPDX-License-Identifier: Apache-2.0
 *
 * Base45 as it is: digests and signatures cannot be compressed.
 */
#include "codec/trust_text.h"

#include "codec/base45.h"

bool trust_text_decode(struct span text, struct writer *w)
{
    size_t prefix = strlen(TRUST_TEXT_PREFIX);
    return trust_text_is(text) && text.len > prefix && text.len <= TRUST_TEXT_MAX &&
           base45_decode(span_of(text.ptr + prefix, text.len - prefix), w);
}

bool trust_text_encode(struct span document, struct writer *w)
{
    if (document.len == 0 || document.len > TRUST_TEXT_MAX_DOCUMENT) {
        return false;
    }
    writer_put(w, span_str(TRUST_TEXT_PREFIX));
    base45_encode(document, w);
    return writer_ok(w);
}
