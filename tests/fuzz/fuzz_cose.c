/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is accepted as COSE_Sign1 or COSE_Sign is told apart by its fields: they give back the
 * same bytes.
 */
#include "fuzz.h"
#include "codec/cose.h"

#define HEADER_ROOM 64

static void require_same(void (*write)(struct writer *w, const void *cose), const void *cose,
                         struct span document)
{
    uint8_t *again = malloc(document.len);
    FUZZ_REQUIRE(again != NULL);
    struct writer w = writer_of(again, document.len);
    write(&w, cose);
    FUZZ_REQUIRE(writer_ok(&w) && span_equal(writer_span(&w), document));
    free(again);
}

static void write_sign1(struct writer *w, const void *cose)
{
    cose_write_sign1(w, cose);
}

static void write_sign(struct writer *w, const void *cose)
{
    cose_write_sign(w, cose);
}

/* What is signed contains the payload at its end. */
static void require_payload(const struct writer *dry, struct span payload)
{
    FUZZ_REQUIRE(dry->len > payload.len);
}

static void sign1(struct span document)
{
    struct cose_sign1 cose;
    if (cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose) != COSE_OK) {
        return;
    }
    uint8_t header[HEADER_ROOM];
    struct writer w = writer_of(header, sizeof header);
    cose_write_sign1_protected(&w, cose.alg, cose.kid, COSE_TYP_CREDENTIAL);
    FUZZ_REQUIRE(span_equal(writer_span(&w), cose.protected));
    require_same(write_sign1, &cose, document);
    struct writer dry = writer_of(NULL, 0);
    cose_sign1_to_be_signed(&dry, &cose);
    require_payload(&dry, cose.payload);
}

static void sign(struct span document)
{
    struct cose_sign cose;
    if (cose_sign_decode(document, COSE_TYP_LIST, &cose) != COSE_OK) {
        return;
    }
    FUZZ_REQUIRE(cose.signer_count >= 1 && cose.signer_count <= COSE_MAX_SIGNERS);
    for (size_t i = 0; i < cose.signer_count; i++) {
        const struct cose_signer *signer = &cose.signer[i];
        uint8_t header[HEADER_ROOM];
        struct writer w = writer_of(header, sizeof header);
        cose_write_signer_protected(&w, signer->alg, signer->kid);
        FUZZ_REQUIRE(span_equal(writer_span(&w), signer->protected));
        struct writer dry = writer_of(NULL, 0);
        cose_sign_to_be_signed(&dry, &cose, signer, span_of(NULL, 0));
        require_payload(&dry, cose.payload);
    }
    require_same(write_sign, &cose, document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sign1(span_of(data, size));
    sign(span_of(data, size));
    return 0;
}
