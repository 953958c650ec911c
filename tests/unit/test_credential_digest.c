/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole certificate taken apart, and what it is named by: a digest over what its issuer signed.
 */
#include "check.h"
#include "sample.h"

#include "base/credential_digest.h"

static uint8_t document_room[CREDENTIAL_MAX_BYTES + 200];

static struct span make(const char *typ, struct span payload, struct span signature)
{
    static const uint8_t kid[COSE_KID_SIZE] = {7};
    uint8_t header[64];
    struct writer h = writer_of(header, sizeof header);
    cose_write_sign1_protected(&h, COSE_ES256, span_of(kid, sizeof kid), typ);
    const struct cose_sign1 cose = {.protected = writer_span(&h),
                                    .alg = COSE_ES256,
                                    .kid = span_of(kid, sizeof kid),
                                    .payload = payload,
                                    .signature = signature};
    struct writer w = writer_of(document_room, sizeof document_room);
    cose_write_sign1(&w, &cose);
    assert_true(writer_ok(&h) && writer_ok(&w));
    return writer_span(&w);
}

static const uint8_t signature[COSE_SIGNATURE_SIZE] = {1};

static struct span payload_of(size_t sample, uint8_t room[CREDENTIAL_MAX_BYTES])
{
    struct credential c = sample_credential(sample);
    struct writer w = writer_of(room, CREDENTIAL_MAX_BYTES);
    assert_int_equal(credential_encode(&c, &w).error, CREDENTIAL_OK);
    return writer_span(&w);
}

static void certificates_are_opened(void **state)
{
    (void)state;
    uint8_t room[CREDENTIAL_MAX_BYTES];
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct cose_sign1 cose;
        struct credential claims;
        struct span payload = payload_of(i, room);
        struct span document =
            make(COSE_TYP_CREDENTIAL, payload, span_of(signature, sizeof signature));
        assert_true(credential_open(document, &cose, &claims));
        check_bytes(cose.payload, payload);
        check_bytes(credential_text(&claims, SAKSI_CLAIM_CERTIFICATE_NUMBER),
                    span_str(sample_table[i].number));
    }
}

static void nothing_else_is_opened(void **state)
{
    (void)state;
    struct cose_sign1 cose;
    struct credential claims;
    uint8_t room[CREDENTIAL_MAX_BYTES];
    struct span payload = payload_of(0, room);
    const struct span good = span_of(signature, sizeof signature);
    struct span document = make(COSE_TYP_CREDENTIAL, payload, good);
    for (size_t len = 0; len < document.len; len++) {
        uint8_t *exact = check_heap_copy(span_of(document.ptr, len));
        assert_false(credential_open(span_of(exact, len), &cose, &claims));
        free(exact);
    }
    assert_false(credential_open(payload, &cose, &claims));
    assert_false(credential_open(make(COSE_TYP_LIST, payload, good), &cose, &claims));
    for (size_t len = 0; len < payload.len; len++) {
        document = make(COSE_TYP_CREDENTIAL, span_of(payload.ptr, len), good);
        assert_false(credential_open(document, &cose, &claims));
    }
}

/* Whoever signed, and whatever: it is the claims and their header that count. */
static void the_digest_is_of_what_was_signed(void **state)
{
    (void)state;
    uint8_t room[CREDENTIAL_MAX_BYTES], first[32], second[32], wanted[32], message[400];
    struct cose_sign1 cose;
    struct span payload = span_of("\xA0", 1);
    struct writer w = writer_of(message, sizeof message);
    struct span document = make(COSE_TYP_CREDENTIAL, payload, span_of(signature, sizeof signature));
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    writer_put(&w, span_str("\x84\x6ASignature1")); /* RFC 9052 §4.4 */
    assert_true(cose.protected.len < 24);
    writer_be(&w, 0x40 + cose.protected.len, 1);
    writer_put(&w, cose.protected);
    writer_put(&w, span_of("\x40\x41\xA0", 3));
    struct span bytes = writer_span(&w);
    assert_int_equal(crypto_sha256(&bytes, 1, wanted), CRYPTO_OK);
    assert_true(credential_digest(&cose, first));
    assert_memory_equal(first, wanted, 32);
    document = make(COSE_TYP_CREDENTIAL, payload, span_of("", 0));
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    assert_true(credential_digest(&cose, second));
    assert_memory_equal(second, first, 32);
    document = make(COSE_TYP_CREDENTIAL, payload_of(1, room), span_of("", 0));
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    assert_true(credential_digest(&cose, second));
    assert_memory_not_equal(second, first, 32);
}

/* Every document that may be one has room, with the shortest signature, too; longer ones are
 * refused and not cut. */
static void the_longest_document_has_a_digest(void **state)
{
    (void)state;
    static const uint8_t zeros[2 * CREDENTIAL_MAX_BYTES];
    uint8_t digest[32];
    struct cose_sign1 cose;
    size_t len = CREDENTIAL_MAX_BYTES;
    struct span document;
    do {
        document = make(COSE_TYP_CREDENTIAL, span_of(zeros, --len), span_of("", 0));
    } while (document.len > CREDENTIAL_MAX_BYTES);
    assert_int_equal(document.len, CREDENTIAL_MAX_BYTES);
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    assert_true(credential_digest(&cose, digest));
    cose.payload = span_of(zeros, sizeof zeros);
    assert_false(credential_digest(&cose, digest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_opened),
        cmocka_unit_test(nothing_else_is_opened),
        cmocka_unit_test(the_digest_is_of_what_was_signed),
        cmocka_unit_test(the_longest_document_has_a_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
