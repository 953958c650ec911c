/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever text is read gives a credential within its limit, and the text written for it gives it
 * back. The input is tried as text, as what base45 hides behind the prefix, and as a credential to
 * be written.
 */
#include "fuzz.h"
#include "codec/base45.h"
#include "codec/qr_text.h"

static void write_and_read(struct span credential)
{
    uint8_t text[QR_TEXT_MAX], back[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(text, sizeof text);
    enum qr_text_error error = qr_text_encode(credential, &w);
    if (error != QR_TEXT_OK) {
        FUZZ_REQUIRE(error == QR_TEXT_TOO_LONG || error == QR_TEXT_CONTENT);
        return;
    }
    struct writer again = writer_of(back, sizeof back);
    FUZZ_REQUIRE(qr_text_decode(writer_span(&w), &again) == QR_TEXT_OK);
    FUZZ_REQUIRE(span_equal(writer_span(&again), credential));
}

static void read_text(struct span text)
{
    uint8_t credential[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(credential, sizeof credential);
    if (qr_text_decode(text, &w) == QR_TEXT_OK) {
        FUZZ_REQUIRE(writer_ok(&w) && w.len != 0);
        write_and_read(writer_span(&w));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = span_of(data, size);
    uint8_t text[QR_TEXT_MAX];
    read_text(input);
    struct writer w = writer_of(text, sizeof text);
    writer_put(&w, span_str(QR_TEXT_PREFIX));
    base45_encode(input, &w);
    if (writer_ok(&w)) {
        read_text(writer_span(&w));
    }
    write_and_read(input);
    return 0;
}
