/* SPDX-License-Identifier: Apache-2.0
 *
 * Freshness tokens: text and back, what is no token, and whether a region's header fits one printed
 * code.
 */
#include "check.h"
#include "codec/base45.h"
#include "codec/cose.h"
#include "codec/trust_doc.h"
#include "codec/trust_text.h"

#include <stdio.h>
#ifdef TEST_QR
#include "issuer/page/qr.h"
#endif

#define STATES      11
#define SIGNERS     4
#define ROOM        4096
#define VERSION_MAX 25

static void there_and_back(void **state)
{
    (void)state;
    uint8_t document[TRUST_TEXT_MAX_DOCUMENT + 1], text[ROOM], back[ROOM];
    uint64_t seed = 1;
    check_random_bytes(&seed, document, sizeof document);
    for (size_t len = 1; len <= TRUST_TEXT_MAX_DOCUMENT; len += len < 40 ? 1 : 63) {
        struct writer w = writer_of(text, sizeof text), out = writer_of(back, sizeof back);
        assert_true(trust_text_encode(span_of(document, len), &w));
        assert_true(trust_text_is(writer_span(&w)));
        assert_true(w.len <= TRUST_TEXT_MAX);
        assert_true(trust_text_decode(writer_span(&w), &out));
        check_bytes(writer_span(&out), span_of(document, len));
    }
}

static void limits(void **state)
{
    (void)state;
    static uint8_t document[TRUST_TEXT_MAX_DOCUMENT + 1], text[ROOM], back[ROOM];
    struct writer w = writer_of(text, sizeof text);
    assert_false(trust_text_encode(span_of(document, 0), &w));
    assert_false(trust_text_encode(span_of(document, sizeof document), &w));
    w = writer_of(text, TRUST_TEXT_MAX);
    assert_true(trust_text_encode(span_of(document, TRUST_TEXT_MAX_DOCUMENT), &w));
    assert_true(w.len <= TRUST_TEXT_MAX && TRUST_TEXT_MAX - w.len < 3);
    struct writer small = writer_of(back, TRUST_TEXT_MAX_DOCUMENT - 1);
    assert_false(trust_text_decode(writer_span(&w), &small));
    small = writer_of(text, 10);
    assert_false(trust_text_encode(span_of(document, 5), &small));
    memset(text, '0', sizeof text);
    memcpy(text, TRUST_TEXT_PREFIX, 4);
    struct writer out = writer_of(back, sizeof back);
    assert_false(trust_text_decode(span_of(text, TRUST_TEXT_MAX + 2), &out));
}

static void what_is_no_token(void **state)
{
    (void)state;
    static const char *const other[] = {"",         "CT1:",     "CT1:A",   "CT1:a",
                                        "CT1::::",  "CT2:BB8",  "ct1:BB8", "CC1:BB8",
                                        "CT1:BB8 ", "CT1:BB8,", "CF1:BB8"};
    uint8_t back[ROOM];
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        struct writer out = writer_of(back, sizeof back);
        assert_false(trust_text_decode(span_str(other[i]), &out));
    }
}

/* --- how large it is --- */

/* A header of so many states; the numbers are as large as they will be for some decades, or as
 * large as they may be. */
static struct span header_of(size_t states, bool largest, uint8_t *room)
{
    static const char code[STATES][3] = {"BN", "ID", "KH", "LA", "MM", "MY",
                                         "PH", "SG", "TH", "TL", "VN"};
    static uint8_t digest[STATES][TRUST_DIGEST_SIZE];
    struct trust_header header = {
        .version = largest ? INT64_MAX : 60000,
        .issued_at_s = largest ? TRUST_MAX_SECONDS : 4000000000,
        .expires_s = largest ? TRUST_MAX_SECONDS : 4002592000,
        .staleness = {366, 366, 366},
        .root_version = largest ? INT64_MAX : 200,
        .state_count = states,
    };
    uint64_t seed = 3;
    for (size_t i = 0; i < states; i++) {
        check_random_bytes(&seed, digest[i], sizeof digest[i]);
        header.state[i] =
            (struct trust_header_state){.state = span_str(code[i]),
                                        .version = header.version,
                                        .as_of_s = header.issued_at_s,
                                        .list_digest = span_of(digest[i], sizeof digest[i])};
    }
    struct writer w = writer_of(room, ROOM);
    trust_header_encode(&header, &w);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

/* The signatures are random: their sizes are those of real ones. */
static struct span signed_by(size_t signers, struct span payload, uint8_t *room)
{
    uint8_t body[32], protected[SIGNERS][32], signature[SIGNERS][COSE_SIGNATURE_SIZE];
    uint64_t seed = 4;
    struct cose_sign cose = {.payload = payload, .signer_count = signers};
    struct writer b = writer_of(body, sizeof body), w = writer_of(room, ROOM);
    cose_write_sign_protected(&b, COSE_TYP_HEADER);
    cose.protected = writer_span(&b);
    for (size_t i = 0; i < signers; i++) {
        struct writer p = writer_of(protected[i], sizeof protected[i]);
        check_random_bytes(&seed, signature[i], COSE_SIGNATURE_SIZE);
        cose_write_signer_protected(&p, COSE_ES256, span_of(signature[i], COSE_KID_SIZE));
        cose.signer[i] = (struct cose_signer){
            .protected = writer_span(&p), .signature = span_of(signature[i], COSE_SIGNATURE_SIZE)};
    }
    cose_write_sign(&w, &cose);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static unsigned qr_version(const char *text)
{
#ifdef TEST_QR
    struct qr qr;
    struct refusal refusal = {.internal = false};
    assert_true(qr_make(text, QR_VERSION_MAX, &qr, &refusal));
    unsigned version = qr.version;
    qr_free(&qr);
    return version;
#else
    (void)text;
    return 0; /* a build without QR codes; the size in characters is looked at in any case */
#endif
}

static unsigned measure(size_t signers, bool largest)
{
    uint8_t payload[ROOM], document[ROOM];
    char text[ROOM] = {0};
    struct writer w = writer_of(text, sizeof text - 1);
    struct span token = signed_by(signers, header_of(STATES, largest, payload), document);
    assert_true(trust_text_encode(token, &w));
    unsigned version = qr_version(text);
    printf("eleven states, %zu signatures%s: %zu bytes, %zu characters, QR version %u\n", signers,
           largest ? ", largest numbers" : "", token.len, w.len, version);
    assert_true(w.len <= 1451); /* version 25, level M: ISO/IEC 18004, table 7 */
    return version;
}

static void eleven_states_fit_one_code(void **state)
{
    (void)state;
    for (size_t signers = 1; signers <= SIGNERS; signers++) {
        assert_true(measure(signers, false) <= VERSION_MAX);
    }
    (void)measure(2, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(limits),
        cmocka_unit_test(what_is_no_token),
        cmocka_unit_test(eleven_states_fit_one_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
