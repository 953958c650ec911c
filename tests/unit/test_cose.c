/* SPDX-License-Identifier: Apache-2.0
 *
 * COSE structures: the Sig_structures of RFC 9052 by value, every refusal, every prefix, every
 * flipped bit.
 */
#include "check.h"
#include "codec/cose.h"

#define ROOM 2048

static const uint8_t kid_a[COSE_KID_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t kid_b[COSE_KID_SIZE] = {9, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t signature[COSE_SIGNATURE_SIZE] = {0xAA, 0xBB};

static struct span kid(void)
{
    return span_of(kid_a, sizeof kid_a);
}

static struct span sign1_of(struct span protected, uint8_t *room)
{
    struct cose_sign1 cose = {.protected = protected,
                              .payload = span_str("payload"),
                              .signature = span_of(signature, sizeof signature)};
    struct writer w = writer_of(room, ROOM);
    cose_write_sign1(&w, &cose);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static struct span sign1_document(uint8_t *room)
{
    uint8_t header[64];
    struct writer w = writer_of(header, sizeof header);
    cose_write_sign1_protected(&w, COSE_ES256, kid(), COSE_TYP_CREDENTIAL);
    return sign1_of(writer_span(&w), room);
}

/* Two signers, one of each algorithm. */
static struct span sign_document(uint8_t *room)
{
    static uint8_t header[3][64];
    struct writer w[3] = {writer_of(header[0], 64), writer_of(header[1], 64),
                          writer_of(header[2], 64)};
    cose_write_sign_protected(&w[0], COSE_TYP_LIST);
    cose_write_signer_protected(&w[1], COSE_ES256, kid());
    cose_write_signer_protected(&w[2], COSE_EDDSA, span_of(kid_b, sizeof kid_b));
    struct cose_sign cose = {.protected = writer_span(&w[0]), .payload = span_str("rows")};
    for (size_t i = 0; i < 2; i++) {
        cose.signer[i].protected = writer_span(&w[i + 1]);
        cose.signer[i].signature = span_of(signature, sizeof signature);
    }
    cose.signer_count = 2;
    struct writer document = writer_of(room, ROOM);
    cose_write_sign(&document, &cose);
    assert_true(writer_ok(&document));
    return writer_span(&document);
}

static void sign1_by_value(void **state)
{
    (void)state;
    uint8_t room[ROOM], wanted[ROOM];
    struct span document = sign1_document(room);
    check_bytes(document, check_hex("d2 84 52 a3 01 26 04 48 0102030405060708 10 63 636331 a0 "
                                    "47 7061796c6f6164 5840 aabb "
                                    "0000000000000000000000000000000000000000000000000000000000"
                                    "0000000000000000000000000000000000000000000000000000000000"
                                    "00000000",
                                    wanted, sizeof wanted));
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    assert_int_equal(cose.alg, COSE_ES256);
    check_bytes(cose.kid, kid());
    check_bytes(cose.payload, span_str("payload"));
    check_bytes(cose.signature, span_of(signature, sizeof signature));
    assert_true(cose.payload.ptr > room && cose.payload.ptr < room + document.len);
}

static void sign_by_value(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct cose_sign cose;
    assert_int_equal(cose_sign_decode(sign_document(room), COSE_TYP_LIST, &cose), COSE_OK);
    assert_int_equal(cose.signer_count, 2);
    assert_int_equal(cose.signer[0].alg, COSE_ES256);
    assert_int_equal(cose.signer[1].alg, COSE_EDDSA);
    check_bytes(cose.signer[0].kid, kid());
    check_bytes(cose.signer[1].kid, span_of(kid_b, sizeof kid_b));
    check_bytes(cose.payload, span_str("rows"));
}

/* RFC 9052 Appendix C.2.1 and C.1.1; the latter has no protected headers in its body. */
static void rfc_9052_sig_structures(void **state)
{
    (void)state;
    uint8_t room[ROOM], wanted[ROOM], header[8];
    struct span protected = check_hex("a10126", header, sizeof header);
    struct span payload = span_str("This is the content.");
    struct cose_sign1 sign1 = {.protected = protected, .payload = payload};
    struct writer w = writer_of(room, sizeof room);
    cose_sign1_to_be_signed(&w, &sign1);
    check_bytes(
        writer_span(&w),
        check_hex("846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e",
                  wanted, sizeof wanted));
    struct cose_sign sign = {.payload = payload};
    struct cose_signer signer = {.protected = protected};
    w = writer_of(room, sizeof room);
    cose_sign_to_be_signed(&w, &sign, &signer, span_of(NULL, 0));
    check_bytes(
        writer_span(&w),
        check_hex("85695369676e61747572654043a101264054546869732069732074686520636f6e74656e742e",
                  wanted, sizeof wanted));
}

static void external_data_is_signed(void **state)
{
    (void)state;
    uint8_t room[ROOM], wanted[ROOM];
    struct cose_sign sign = {.protected = span_of("\xa1\x10\x61z", 4), .payload = span_str("p")};
    struct cose_signer signer = {.protected = span_of("\xa0", 1)};
    struct writer w = writer_of(room, sizeof room);
    cose_sign_to_be_signed(&w, &sign, &signer, span_of("\1\2\3", 3));
    check_bytes(writer_span(&w),
                check_hex("85 69 5369676e6174757265 44 a110617a 41 a0 43 010203 41 70", wanted,
                          sizeof wanted));
}

static void sign1_headers(void **state)
{
    (void)state;
    static const struct {
        const char *protected;
        enum cose_error error;
    } table[] = {
        {"a3 01 26 04 48 0102030405060708 10 63 636331", COSE_OK},
        {"a3 01 27 04 48 0102030405060708 10 63 636331", COSE_OK},
        {"a3 01 3822 04 48 0102030405060708 10 63 636331", COSE_UNSUPPORTED}, /* ES384 */
        {"a3 01 61 61 04 48 0102030405060708 10 63 636331", COSE_UNSUPPORTED},
        {"a3 01 26 04 48 0102030405060708 10 63 636332", COSE_UNSUPPORTED}, /* cc2 */
        {"a3 01 26 04 48 0102030405060708 10 10", COSE_UNSUPPORTED},
        {"a4 01 26 02 81 10 04 48 0102030405060708 10 63 636331", COSE_UNSUPPORTED}, /* crit */
        {"a4 01 26 04 48 0102030405060708 05 40 10 63 636331", COSE_UNSUPPORTED},
        {"a4 01 26 04 48 0102030405060708 10 63 636331 61 61 00", COSE_UNSUPPORTED},
        {"a2 01 26 04 48 0102030405060708", COSE_MALFORMED},
        {"a2 01 26 10 63 636331", COSE_MALFORMED},
        {"a2 04 48 0102030405060708 10 63 636331", COSE_MALFORMED},
        {"a3 01 26 04 47 01020304050607 10 63 636331", COSE_MALFORMED},
        {"a3 01 26 04 49 010203040506070809 10 63 636331", COSE_MALFORMED},
        {"a3 01 26 04 68 6162636465666768 10 63 636331", COSE_MALFORMED},
        {"a3 01 40 04 48 0102030405060708 10 63 636331", COSE_MALFORMED},
        {"a3 01 26 04 48 0102030405060708 10 43 636331", COSE_MALFORMED},
        {"a3 04 48 0102030405060708 01 26 10 63 636331", COSE_MALFORMED}, /* unsorted */
        {"a4 01 26 01 26 04 48 0102030405060708 10 63 636331", COSE_MALFORMED},
        {"a4 01 26 04 48 0102030405060708 10 63 636331 1818 9f", COSE_MALFORMED}, /* worse wins */
        {"a3 01 26 04 48 0102030405060708 10 63 636331 00", COSE_MALFORMED},
        {"83 01 26 04", COSE_MALFORMED},
        {"a0", COSE_MALFORMED},
        {"", COSE_MALFORMED},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint8_t header[64], room[ROOM];
        struct span protected = check_hex(table[i].protected, header, sizeof header);
        struct span document = sign1_of(protected, room);
        struct cose_sign1 cose = {.alg = 4711};
        enum cose_error error = cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose);
        if (error != table[i].error) {
            fail_msg("%s: %d", table[i].protected, error);
        }
        assert_int_equal(cose.alg == 4711, error != COSE_OK);
    }
}

#define HEADER "52 a3 01 26 04 48 0102030405060708 10 63 636331 "

static void sign1_structure(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        enum cose_error error;
    } table[] = {
        {"d2 84 " HEADER "a0 41 00 40", COSE_OK}, /* an empty signature is a signature failure */
        {"d2 84 " HEADER "a0 40 41 00", COSE_OK},
        {"84 " HEADER "a0 41 00 40", COSE_MALFORMED},         /* no tag */
        {"d1 84 " HEADER "a0 41 00 40", COSE_MALFORMED},      /* COSE_Mac0 */
        {"d83d d2 84 " HEADER "a0 41 00 40", COSE_MALFORMED}, /* in a CWT tag */
        {"d8 12 84 " HEADER "a0 41 00 40", COSE_MALFORMED},   /* a long head */
        {"d2 83 " HEADER "a0 41 00", COSE_MALFORMED},
        {"d2 85 " HEADER "a0 41 00 40 40", COSE_MALFORMED},
        {"d2 84 " HEADER "a1 04 41 00 41 00 40", COSE_MALFORMED}, /* unprotected */
        {"d2 84 " HEADER "80 41 00 40", COSE_MALFORMED},
        {"d2 84 " HEADER "a0 f6 40", COSE_MALFORMED}, /* detached */
        {"d2 84 " HEADER "a0 61 61 40", COSE_MALFORMED},
        {"d2 84 " HEADER "a0 41 00 60", COSE_MALFORMED},
        {"d2 84 " HEADER "a0 41 00 f6", COSE_MALFORMED},
        {"d2 84 " HEADER "a0 41 00 40 00", COSE_MALFORMED}, /* trailing */
        {"d2 84 a0 a0 41 00 40", COSE_MALFORMED},           /* headers not in a byte string */
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint8_t room[64];
        struct span document = check_hex(table[i].document, room, sizeof room);
        struct cose_sign1 cose;
        assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), table[i].error);
    }
}

/* The document of RFC 9052 Appendix C.2.1 keeps its kid unprotected. */
static void the_rfc_document_is_outside_the_profile(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct span document = check_hex(
        "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c"
        "465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a22"
        "3444547e01f11d3b0916e5a4c345cacb36",
        room, sizeof room);
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_MALFORMED);
}

static void signatures_of_other_lengths(void **state)
{
    (void)state;
    static const uint8_t zeros[COSE_MAX_SIGNATURE + 1];
    for (size_t len = 0; len <= sizeof zeros; len++) {
        uint8_t header[64], room[ROOM];
        struct writer h = writer_of(header, sizeof header);
        cose_write_sign1_protected(&h, COSE_EDDSA, kid(), COSE_TYP_CREDENTIAL);
        struct cose_sign1 cose = {.protected = writer_span(&h), .signature = span_of(zeros, len)};
        struct writer w = writer_of(room, sizeof room);
        cose_write_sign1(&w, &cose);
        enum cose_error error = cose_sign1_decode(writer_span(&w), COSE_TYP_CREDENTIAL, &cose);
        assert_int_equal(error, len <= COSE_MAX_SIGNATURE ? COSE_OK : COSE_MALFORMED);
    }
}

#define SIGNER "83 4d a2 01 26 04 48 0102030405060708 a0 41 00 "

static void sign_structure(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        enum cose_error error;
    } table[] = {
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 81 " SIGNER, COSE_OK},
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 82 " SIGNER SIGNER, COSE_OK},
        {"d862 84 48 a1 10 65 6c69737432 a0 41 00 81 " SIGNER, COSE_UNSUPPORTED},
        {"d862 84 4a a2 01 26 10 65 6c69737431 a0 41 00 81 " SIGNER, COSE_UNSUPPORTED},
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 80", COSE_MALFORMED},
        {"d862 84 48 a1 10 65 6c69737431 a0 f6 81 " SIGNER, COSE_MALFORMED},
        {"d862 84 48 a1 10 65 6c69737431 a1 00 00 41 00 81 " SIGNER, COSE_MALFORMED},
        {"d862 84 41 a0 a0 41 00 81 " SIGNER, COSE_MALFORMED},
        {"d2 84 48 a1 10 65 6c69737431 a0 41 00 81 " SIGNER, COSE_MALFORMED},
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 81 84 4d a2 01 26 04 48 0102030405060708 a0 41 "
         "00 00",
         COSE_MALFORMED},
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 81 83 4d a2 01 26 04 48 0102030405060708 a1 00 "
         "00 40",
         COSE_MALFORMED},
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 81 83 4e a2 01 3822 04 48 0102030405060708 a0 40",
         COSE_UNSUPPORTED},
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 82 83 4e a2 01 3822 04 48 0102030405060708 a0 40 "
         "83 43 a1 01 26 a0 40",
         COSE_MALFORMED}, /* the worse of two signers */
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 81 83 51 a3 01 26 04 48 0102030405060708 10 62 "
         "6363 a0 40",
         COSE_UNSUPPORTED}, /* a type in the signer */
        {"d862 84 48 a1 10 65 6c69737431 a0 41 00 81 " SIGNER "00", COSE_MALFORMED},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint8_t room[128];
        struct span document = check_hex(table[i].document, room, sizeof room);
        struct cose_sign cose = {.signer_count = 99};
        enum cose_error error = cose_sign_decode(document, COSE_TYP_LIST, &cose);
        if (error != table[i].error) {
            fail_msg("%s: %d", table[i].document, error);
        }
        assert_int_equal(cose.signer_count == 99, error != COSE_OK);
    }
}

static void the_number_of_signers_is_limited(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COSE_MAX_SIGNERS + 1; count++) {
        uint8_t room[ROOM], part[64];
        struct writer w = writer_of(room, sizeof room);
        writer_put(&w, check_hex("d862 84 48 a1 10 65 6c69737431 a0 41 00", part, sizeof part));
        cbor_write_array(&w, count);
        for (size_t i = 0; i < count; i++) {
            writer_put(&w, check_hex(SIGNER, part, sizeof part));
        }
        struct cose_sign cose;
        enum cose_error error = cose_sign_decode(writer_span(&w), COSE_TYP_LIST, &cose);
        assert_int_equal(error, count <= COSE_MAX_SIGNERS ? COSE_OK : COSE_MALFORMED);
    }
}

static void prefix_is_malformed(struct span prefix, void *context)
{
    (void)context;
    struct cose_sign1 sign1;
    struct cose_sign sign;
    assert_int_equal(cose_sign1_decode(prefix, COSE_TYP_CREDENTIAL, &sign1), COSE_MALFORMED);
    assert_int_equal(cose_sign_decode(prefix, COSE_TYP_LIST, &sign), COSE_MALFORMED);
}

static void every_prefix_is_malformed(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    check_prefixes(sign1_document(room), prefix_is_malformed, NULL);
    check_prefixes(sign_document(room), prefix_is_malformed, NULL);
}

struct flips {
    size_t accepted, refused;
};

/* What is accepted is told apart by its fields alone: they give back the same bytes. */
static void sign1_comes_back(struct span document, void *context)
{
    struct flips *flips = context;
    struct cose_sign1 cose;
    if (cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose) != COSE_OK) {
        flips->refused++;
        return;
    }
    flips->accepted++;
    uint8_t room[ROOM], header[64];
    struct writer h = writer_of(header, sizeof header);
    cose_write_sign1_protected(&h, cose.alg, cose.kid, COSE_TYP_CREDENTIAL);
    cose.protected = writer_span(&h);
    struct writer w = writer_of(room, sizeof room);
    cose_write_sign1(&w, &cose);
    check_bytes(writer_span(&w), document);
}

static void sign_comes_back(struct span document, void *context)
{
    struct flips *flips = context;
    struct cose_sign cose;
    if (cose_sign_decode(document, COSE_TYP_LIST, &cose) != COSE_OK) {
        flips->refused++;
        return;
    }
    flips->accepted++;
    uint8_t room[ROOM], header[COSE_MAX_SIGNERS + 1][64];
    struct writer h = writer_of(header[0], 64);
    cose_write_sign_protected(&h, COSE_TYP_LIST);
    cose.protected = writer_span(&h);
    for (size_t i = 0; i < cose.signer_count; i++) {
        h = writer_of(header[i + 1], 64);
        cose_write_signer_protected(&h, cose.signer[i].alg, cose.signer[i].kid);
        cose.signer[i].protected = writer_span(&h);
    }
    struct writer w = writer_of(room, sizeof room);
    cose_write_sign(&w, &cose);
    check_bytes(writer_span(&w), document);
}

static void every_flipped_bit_shows(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct flips sign1 = {0}, sign = {0};
    check_bit_flips(sign1_document(room), sign1_comes_back, &sign1);
    check_bit_flips(sign_document(room), sign_comes_back, &sign);
    /* Free bits: kid, payload, signature, and ES256 ↔ EdDSA. */
    assert_int_equal(sign1.accepted, (8 + 7 + 64) * 8 + 1);
    assert_int_equal(sign.accepted, (4 + 2 * (8 + 64)) * 8 + 2);
    assert_true(sign1.refused > 100 && sign.refused > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign1_by_value),
        cmocka_unit_test(sign_by_value),
        cmocka_unit_test(rfc_9052_sig_structures),
        cmocka_unit_test(external_data_is_signed),
        cmocka_unit_test(sign1_headers),
        cmocka_unit_test(sign1_structure),
        cmocka_unit_test(the_rfc_document_is_outside_the_profile),
        cmocka_unit_test(signatures_of_other_lengths),
        cmocka_unit_test(sign_structure),
        cmocka_unit_test(the_number_of_signers_is_limited),
        cmocka_unit_test(every_prefix_is_malformed),
        cmocka_unit_test(every_flipped_bit_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
