/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is accepted as claims passes its own check and is written again to the same bytes.
 */
#include "fuzz.h"
#include "codec/credential.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span payload = span_of(data, size);
    struct credential c;
    struct credential_problem problem = credential_decode(payload, &c);
    if (problem.error != CREDENTIAL_OK) {
        FUZZ_REQUIRE(c.present == 0 && c.unit_count == 0);
        FUZZ_REQUIRE((problem.error == CREDENTIAL_MALFORMED) == (problem.cbor != CBOR_OK));
        return 0;
    }
    FUZZ_REQUIRE(cbor_check(payload) == CBOR_OK);
    FUZZ_REQUIRE(credential_check(&c).error == CREDENTIAL_OK);
    uint8_t again[CREDENTIAL_MAX_BYTES];
    struct writer w = writer_of(again, sizeof again);
    FUZZ_REQUIRE(credential_encode(&c, &w).error == CREDENTIAL_OK);
    FUZZ_REQUIRE(span_equal(writer_span(&w), payload));
    return 0;
}
