/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is inspected, what comes out is well-formed text without control characters, and what is
 * to be signed is what the strict reader would have signed. The input is tried as it is and as what
 * base45 hides behind a prefix.
 */
#include "fuzz.h"
#include "cli/inspect/inspect.h"
#include "cli/inspect/inspect_cbor.h"
#include "codec/base45.h"
#include "codec/cose.h"

#define TEXT_MAX (INSPECT_MAX_INPUT + 16)

static struct inspect inspect;
static uint8_t shown[INSPECT_MAX_PRINT];
static uint8_t text[TEXT_MAX];
static uint8_t to_be_signed[2][4 * INSPECT_MAX_BYTES];

/* Line by line, for a line end is the only control character that may stand there. */
static void require_visible(struct span lines)
{
    size_t start = 0;
    for (size_t i = 0; i <= lines.len; i++) {
        if (i == lines.len || lines.ptr[i] == '\n') {
            FUZZ_REQUIRE(cbor_check_text(span_of(lines.ptr + start, i - start)) == CBOR_OK);
            start = i + 1;
        }
    }
}

static struct span signed_bytes(const struct inspect_signer *signer, uint8_t *room)
{
    struct writer w = writer_of(room, sizeof to_be_signed[0]);
    inspect_cose_to_be_signed(&w, &inspect.cose, signer, span_str("aad"));
    FUZZ_REQUIRE(writer_ok(&w));
    FUZZ_REQUIRE(cbor_check(writer_span(&w)) == CBOR_OK);
    return writer_span(&w);
}

/* What the strict reader takes, this one takes too, and sees the same. */
static void compare_with_strict_reader(bool opened)
{
    struct cose_sign1 strict;
    if (cose_sign1_decode(inspect.message, COSE_TYP_CREDENTIAL, &strict) != COSE_OK) {
        return;
    }
    FUZZ_REQUIRE(opened);
    struct inspect_signer *signer = &inspect.cose.signer[0];
    struct writer ours = writer_of(to_be_signed[0], sizeof to_be_signed[0]);
    struct writer theirs = writer_of(to_be_signed[1], sizeof to_be_signed[1]);
    inspect_cose_to_be_signed(&ours, &inspect.cose, signer, span_of(NULL, 0));
    cose_sign1_to_be_signed(&theirs, &strict);
    FUZZ_REQUIRE(span_equal(writer_span(&ours), writer_span(&theirs)));
    FUZZ_REQUIRE(signer->alg_is_number && signer->alg == strict.alg);
    FUZZ_REQUIRE(span_equal(signer->kid, strict.kid));
    FUZZ_REQUIRE(span_equal(signer->signature, strict.signature));
}

static void try(struct span input)
{
    bool opened = inspect_open(input, NULL, &inspect);
    struct writer w = writer_of(shown, sizeof shown);
    bool printed = inspect_show(&inspect, &w);
    FUZZ_REQUIRE(opened == (inspect.failed_at == INSPECT_DONE));
    FUZZ_REQUIRE(!opened || printed || !writer_ok(&w));
    if (printed) {
        require_visible(writer_span(&w));
    }
    for (size_t i = 0; opened && i < inspect.cose.signer_count; i++) {
        (void)signed_bytes(&inspect.cose.signer[i], to_be_signed[0]);
    }
    compare_with_strict_reader(opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = span_of(data, size);
    struct writer w = writer_of(text, sizeof text);
    FUZZ_REQUIRE(cbor_check(input) != CBOR_OK || inspect_is_item(input));
    try(input);
    writer_put(&w, span_str("HC1:"));
    base45_encode(input, &w);
    if (writer_ok(&w)) {
        try(writer_span(&w));
    }
    return 0;
}
