/* SPDX-License-Identifier: Apache-2.0
 *
 * From a code's text to an opened message: each step, and each way to fail at it. */
#include <stdio.h>
#include <zlib.h>

#include "base/crypto_sign.h"
#include "check.h"
#include "cli/inspect/inspect.h"
#include "codec/base45.h"
#include "codec/cose.h"
#include "codec/qr_text.h"

#define MAX_TEXT  (INSPECT_MAX_INPUT + 64)
#define MAX_BYTES 4096

static uint8_t text_room[MAX_TEXT];
static uint8_t packed_room[INSPECT_MAX_INPUT];
static uint8_t message_room[2 * INSPECT_MAX_BYTES];

static struct span text_of(const char *prefix, struct span bytes)
{
    struct writer w = writer_of(text_room, sizeof text_room);
    writer_put(&w, span_str(prefix));
    base45_encode(bytes, &w);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static struct span zlib_of(struct span bytes)
{
    uLongf len = sizeof packed_room;
    assert_int_equal(compress2(packed_room, &len, bytes.ptr, bytes.len, 9), Z_OK);
    return span_of(packed_room, len);
}

/* A COSE_Sign1 with a payload of that many zeros. */
static struct span message_of(size_t payload)
{
    static uint8_t zeros[2 * INSPECT_MAX_BYTES];
    struct writer w = writer_of(message_room, sizeof message_room);
    writer_put(&w, span_of("\xd2\x84\x43\xa1\x01\x26\xa0", 7));
    cbor_write_bytes(&w, span_of(zeros, payload));
    cbor_write_bytes(&w, span_of(zeros, 64));
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

/* Opens an exact-size copy and frees nothing the result points to: only the step is looked at. */
static enum inspect_step step_of(struct span input, const char *prefix)
{
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    uint8_t *exact = check_heap_copy(input);
    assert_non_null(in);
    bool opened = inspect_open(span_of(exact, input.len), prefix, in);
    enum inspect_step step = in->failed_at;
    assert_true(opened == (step == INSPECT_DONE));
    free(exact);
    free(in);
    return step;
}

static void prefixes(void **state)
{
    (void)state;
    struct span message = message_of(10);
    static const char *const good[] = {"HC1:", "CC1:", "AB:", "ABCDEFGH:", "12:"};
    static const char *const bad[] = {
        "", ":", "A:", "ABCDEFGHI:", "hc1:", "HC1", "HC-1:", " HC1:", "HC1 :"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_int_equal(step_of(text_of(good[i], message), NULL), INSPECT_DONE);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(step_of(text_of(bad[i], message), NULL), INSPECT_AT_PREFIX);
    }
    assert_int_equal(step_of(text_of("HC1:", message), "HC1"), INSPECT_DONE);
    assert_int_equal(step_of(text_of("HC1:", message), "HC2"), INSPECT_AT_PREFIX);
    assert_int_equal(step_of(text_of("HC1:", message), "HC"), INSPECT_AT_PREFIX);
    assert_int_equal(step_of(text_of("HC1:", message), "HC1:"), INSPECT_AT_PREFIX);
    /* raw bytes have no prefix to compare */
    assert_int_equal(step_of(message, NULL), INSPECT_DONE);
    assert_int_equal(step_of(message, "HC1"), INSPECT_AT_PREFIX);
}

static void each_step_that_fails(void **state)
{
    (void)state;
    assert_int_equal(step_of(span_of(NULL, 0), NULL), INSPECT_AT_SIZE);
    assert_int_equal(step_of(span_str("hello"), NULL), INSPECT_AT_PREFIX);
    assert_int_equal(step_of(span_str("https://example.org/"), NULL), INSPECT_AT_PREFIX);
    assert_int_equal(step_of(span_str("HC1:lower"), NULL), INSPECT_AT_BASE45);
    assert_int_equal(step_of(span_str("HC1:GGX"), NULL), INSPECT_AT_BASE45);
    assert_int_equal(step_of(span_str("HC1:A"), NULL), INSPECT_AT_BASE45);
    assert_int_equal(step_of(span_str("HC1:"), NULL), INSPECT_AT_CBOR);
    assert_int_equal(step_of(text_of("HC1:", span_of("\x78\x9c\x00", 3)), NULL),
                     INSPECT_AT_INFLATE);
    assert_int_equal(step_of(text_of("HC1:", span_of("\xff", 1)), NULL), INSPECT_AT_CBOR);
    assert_int_equal(step_of(text_of("HC1:", span_of("\x01", 1)), NULL), INSPECT_AT_COSE);
    assert_int_equal(step_of(span_of("\x80", 1), NULL), INSPECT_AT_COSE);
    assert_int_equal(step_of(span_of("\xff", 1), NULL), INSPECT_AT_CBOR);
    for (int step = INSPECT_DONE; step <= INSPECT_AT_COSE; step++) {
        assert_true(strlen(inspect_step_text((enum inspect_step)step)) > 5);
    }
}

static void refused(struct span input, void *context)
{
    (void)context;
    assert_int_not_equal(step_of(input, NULL), INSPECT_DONE);
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    struct span message = message_of(40);
    check_prefixes(text_of("HC1:", message), refused, NULL);
    check_prefixes(text_of("HC1:", zlib_of(message)), refused, NULL);
    check_prefixes(message, refused, NULL);
}

static void compression(void **state)
{
    (void)state;
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    struct span message = message_of(500);
    assert_non_null(in);
    assert_true(inspect_open(text_of("HC1:", zlib_of(message)), NULL, in));
    assert_true(in->compressed);
    assert_true(in->is_text);
    assert_false(in->with_dictionary);
    assert_string_equal(in->prefix, "HC1");
    check_bytes(in->message, message);
    assert_true(inspect_open(text_of("HC1:", message), NULL, in));
    assert_false(in->compressed);
    check_bytes(in->message, message);
    free(in);
    /* behind the stream, or broken at its end */
    struct span packed = zlib_of(message);
    packed_room[packed.len] = 0;
    assert_int_equal(step_of(text_of("HC1:", span_of(packed.ptr, packed.len + 1)), NULL),
                     INSPECT_AT_INFLATE);
    packed_room[packed.len - 1] ^= 1;
    assert_int_equal(step_of(text_of("HC1:", packed), NULL), INSPECT_AT_INFLATE);
}

/* A kilobyte that would become a megabyte stops at the limit. */
static void bombs(void **state)
{
    (void)state;
    size_t head = message_of(1000).len - 1000;
    struct span largest = message_of(INSPECT_MAX_BYTES - head);
    assert_int_equal(largest.len, INSPECT_MAX_BYTES);
    assert_int_equal(step_of(text_of("HC1:", zlib_of(largest)), NULL), INSPECT_DONE);
    struct span larger = message_of(INSPECT_MAX_BYTES - head + 1);
    assert_int_equal(step_of(text_of("HC1:", zlib_of(larger)), NULL), INSPECT_AT_INFLATE);
    static uint8_t huge[1048576];
    assert_int_equal(step_of(text_of("HC1:", zlib_of(span_of(huge, sizeof huge))), NULL),
                     INSPECT_AT_INFLATE);
    memset(huge, 'A', sizeof huge);
    memcpy(huge, "HC1:", 4);
    assert_int_equal(step_of(span_of(huge, INSPECT_MAX_INPUT + 1), NULL), INSPECT_AT_SIZE);
}

static void line_ends(void **state)
{
    (void)state;
    struct span text = text_of("HC1:", message_of(10));
    text_room[text.len] = '\r';
    text_room[text.len + 1] = '\n';
    assert_int_equal(step_of(span_of(text.ptr, text.len + 2), NULL), INSPECT_DONE);
    text_room[text.len] = '\t';
    assert_int_equal(step_of(span_of(text.ptr, text.len + 1), NULL), INSPECT_AT_BASE45);
}

/* A signed message of this project, with a payload that only needs to be long enough for its
 * dictionary. */
static struct span signed_credential(const struct crypto_private_key *key)
{
    static uint8_t protected_room[64];
    static uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    uint8_t to_be_signed[MAX_BYTES];
    struct writer p = writer_of(protected_room, sizeof protected_room);
    struct writer w = writer_of(to_be_signed, sizeof to_be_signed);
    struct writer out = writer_of(message_room, MAX_BYTES);
    struct cose_sign1 cose = {.alg = COSE_ES256, .kid = span_str("12345678")};
    cose.payload = span_str("\xa1\x01\x70"
                            "ID.BNSP.LSP-0123");
    cose_write_sign1_protected(&p, cose.alg, cose.kid, COSE_TYP_CREDENTIAL);
    cose.protected = writer_span(&p);
    cose_sign1_to_be_signed(&w, &cose);
    assert_int_equal(crypto_sign(key, writer_span(&w), signature), CRYPTO_OK);
    cose.signature = span_of(signature, sizeof signature);
    cose_write_sign1(&out, &cose);
    assert_true(writer_ok(&out));
    return writer_span(&out);
}

static struct crypto_any_key *public_half(const struct crypto_private_key *key)
{
    uint8_t compressed[CRYPTO_MAX_PUBLIC_KEY];
    struct crypto_any_key *any = NULL;
    /* SubjectPublicKeyInfo of a compressed P-256 point */
    uint8_t spki[59] = {0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                        0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00};
    assert_int_equal(crypto_private_key_public(key, compressed), 33);
    memcpy(spki + 26, compressed, 33);
    assert_int_equal(crypto_any_key_read(span_of(spki, sizeof spki), &any), CRYPTO_OK);
    return any;
}

static struct crypto_private_key *key_of(uint8_t fill)
{
    uint8_t seed[32];
    struct crypto_private_key *key = NULL;
    memset(seed, fill, sizeof seed);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
    return key;
}

/* What the project itself writes, with the dictionary, opens and verifies; a forged one is bad. */
static void certificates_of_this_project(void **state)
{
    (void)state;
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    struct crypto_private_key *key = key_of(1);
    struct crypto_private_key *other = key_of(2);
    struct crypto_any_key *any = public_half(key);
    struct crypto_any_key *any_other = public_half(other);
    uint8_t text[QR_TEXT_MAX];
    struct writer w = writer_of(text, sizeof text);
    struct span message = signed_credential(key);
    assert_non_null(in);
    assert_int_equal(qr_text_encode(message, &w), QR_TEXT_OK);
    assert_true(inspect_open(writer_span(&w), "CC1", in));
    assert_true(in->with_dictionary);
    check_bytes(in->message, message);
    const struct inspect_signer *signer = &in->cose.signer[0];
    struct span none = span_of(NULL, 0);
    assert_int_equal(inspect_check(in, signer, none, any), INSPECT_GOOD);
    assert_int_equal(inspect_check(in, signer, none, any_other), INSPECT_BAD);
    assert_int_equal(inspect_check(in, signer, span_str("x"), any), INSPECT_BAD);
    free(in);
    crypto_any_key_free(any);
    crypto_any_key_free(any_other);
    crypto_private_key_free(key);
    crypto_private_key_free(other);
}

static enum inspect_verdict verdict_of(const char *hex, const struct crypto_any_key *key)
{
    uint8_t room[64];
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    assert_non_null(in);
    assert_true(inspect_open(check_hex(hex, room, sizeof room), NULL, in));
    enum inspect_verdict verdict = inspect_check(in, &in->cose.signer[0], span_of(NULL, 0), key);
    free(in);
    return verdict;
}

static void what_cannot_be_checked(void **state)
{
    (void)state;
    struct crypto_private_key *key = key_of(1);
    struct crypto_any_key *any = public_half(key);
    assert_int_equal(verdict_of("8440a04040", any), INSPECT_NO_ALGORITHM);
    assert_int_equal(verdict_of("8446a10163666f6fa04040", any), INSPECT_NO_ALGORITHM);
    assert_int_equal(verdict_of("8445a1013903e6a04040", any), INSPECT_NO_ALGORITHM);
    assert_int_equal(verdict_of("8443a10127a04040", any), INSPECT_OTHER_ALGORITHM);
    assert_int_equal(verdict_of("8444a1013824a04040", any), INSPECT_OTHER_ALGORITHM);
    assert_int_equal(verdict_of("8443a10126a0f640", any), INSPECT_NO_PAYLOAD);
    assert_int_equal(verdict_of("8443a10126a04040", any), INSPECT_BAD);
    crypto_any_key_free(any);
    crypto_private_key_free(key);
}

static void check_shown(const char *hex, const char *expected)
{
    uint8_t room[64];
    char text[1024];
    struct writer w = writer_of(text, sizeof text - 1);
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    assert_non_null(in);
    (void)inspect_open(check_hex(hex, room, sizeof room), NULL, in);
    assert_true(inspect_show(in, &w) == (expected != NULL));
    if (expected != NULL) {
        text[w.len] = '\0';
        assert_string_equal(text, expected);
    }
    free(in);
}

static void diagnostic_notation(void **state)
{
    (void)state;
    check_shown("d28443a10126a104413145a101624944"
                "4107",
                "18([\n"
                "  / protected / << {\n"
                "    / alg / 1: -7 / ES256 /\n"
                "  } >>,\n"
                "  / unprotected / {\n"
                "    / kid / 4: h'31'\n"
                "  },\n"
                "  / payload / << {\n"
                "    / iss / 1: \"ID\"\n"
                "  } >>,\n"
                "  / signature / h'07'\n"
                "])");
    check_shown("8440a042a001818340a04107", "[\n"
                                            "  / protected / h'',\n"
                                            "  / unprotected / {},\n"
                                            "  / payload / h'a001',\n"
                                            "  / signatures / [\n"
                                            "    [\n"
                                            "      / protected / h'',\n"
                                            "      / unprotected / {},\n"
                                            "      / signature / h'07'\n"
                                            "    ]\n"
                                            "  ]\n"
                                            "]");
    check_shown("8101", "[\n  1\n]"); /* CBOR, but no COSE */
    check_shown("81", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefixes),
        cmocka_unit_test(each_step_that_fails),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(compression),
        cmocka_unit_test(bombs),
        cmocka_unit_test(line_ends),
        cmocka_unit_test(certificates_of_this_project),
        cmocka_unit_test(what_cannot_be_checked),
        cmocka_unit_test(diagnostic_notation),
    };
    return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
