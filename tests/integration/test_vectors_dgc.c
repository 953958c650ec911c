/* SPDX-License-Identifier: Apache-2.0
 *
 * The test data of the EU Digital COVID Certificate: real codes from several makers, opened step by
 * step, with each step as their files expect it. */
#include <stdio.h>

#include "check.h"
#include "cli/inspect/inspect.h"
#include "cli/inspect/inspect_cbor.h"
#include "vectors.h"

#define KID_SIZE 8

enum step {
    UNPREFIX,
    B45DECODE,
    COMPRESSION,
    DECODE,
    VERIFY,
    STEP_COUNT,
};

static const char *const flag[STEP_COUNT] = {"EXPECTEDUNPREFIX", "EXPECTEDB45DECODE",
                                             "EXPECTEDCOMPRESSION", "EXPECTEDDECODE",
                                             "EXPECTEDVERIFY"};

static struct {
    size_t codes, expected[STEP_COUNT][2], differences, untagged, intermediates;
} count;

/* These three codes have no COSE tag, which their specification demands, and are expected to verify
 * all the same. */
static const char *const untagged[] = {
    "ES/2DCode/raw/1501.json",
    "ES/2DCode/raw/1502.json",
    "ES/2DCode/raw/1503.json",
};

/* Moves to the value of an integer key; false when the reader does not stand before a map with that
 * key. */
static bool enter(struct reader *r, int64_t wanted)
{
    struct inspect_head head = inspect_head(r);
    struct inspect_rest rest = inspect_rest_of(head);
    while (head.major == INSPECT_MAP && inspect_more(r, &rest)) {
        int64_t key = 0;
        if (!inspect_int(r, &key)) {
            (void)inspect_skip(r);
        } else if (key == wanted) {
            return true;
        }
        (void)inspect_skip(r);
    }
    return false;
}

/* hcert (-260), then 1, is where the certificate stands; it is a map. */
static bool holds_certificate(struct span payload)
{
    struct reader r = reader_of(payload);
    return inspect_is_item(payload) && enter(&r, -260) && enter(&r, 1) &&
           inspect_peek(&r).major == INSPECT_MAP;
}

/* These codes find their key by the kid, which is the beginning of the certificate's digest. */
static bool verifies(const struct inspect *in, struct span certificate)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    struct crypto_any_key *key = NULL;
    const struct inspect_signer *signer = &in->cose.signer[0];
    assert_int_equal(crypto_sha256(&certificate, 1, digest), CRYPTO_OK);
    assert_int_equal(crypto_any_key_read(certificate, &key), CRYPTO_OK);
    enum inspect_verdict verdict = inspect_check(in, signer, span_of(NULL, 0), key);
    crypto_any_key_free(key);
    return verdict == INSPECT_GOOD && span_equal(signer->kid, span_of(digest, KID_SIZE));
}

static void find_out(const struct inspect *in, struct span certificate, bool result[STEP_COUNT])
{
    enum inspect_step at = in->failed_at;
    bool text = at != INSPECT_AT_SIZE && at != INSPECT_AT_PREFIX;
    result[UNPREFIX] = text;
    result[B45DECODE] = text && at != INSPECT_AT_BASE45;
    result[COMPRESSION] = result[B45DECODE] && in->compressed && at != INSPECT_AT_INFLATE;
    result[DECODE] = at == INSPECT_DONE && holds_certificate(in->cose.payload);
    result[VERIFY] = at == INSPECT_DONE && certificate.len != 0 && verifies(in, certificate);
}

static void compare_flags(const char *name, const json_t *root, const bool result[STEP_COUNT])
{
    for (size_t i = 0; i < STEP_COUNT; i++) {
        const json_t *expected = json_object_get(vectors_at(root, "EXPECTEDRESULTS"), flag[i]);
        if (expected == NULL) {
            continue;
        }
        count.expected[i][json_is_true(expected)]++;
        if (json_is_true(expected) != result[i]) {
            print_message("%s: %s should be %d\n", name, flag[i], json_is_true(expected));
            count.differences++;
        }
    }
}

/* Some files tell what stands between the steps. */
static void compare_intermediates(const json_t *root, const struct inspect *in)
{
    struct span packed = vectors_hex(vectors_at(root, "COMPRESSED"));
    struct span message = vectors_hex(vectors_at(root, "COSE"));
    if (in->failed_at == INSPECT_DONE && packed.len != 0) {
        check_bytes(in->packed, packed);
        count.intermediates++;
    }
    if (in->failed_at == INSPECT_DONE && message.len != 0) {
        check_bytes(in->message, message);
        count.intermediates++;
    }
    vectors_free(packed);
    vectors_free(message);
}

static void note_untagged(const char *name, const struct inspect *in)
{
    if (in->failed_at == INSPECT_DONE && in->message.ptr[0] == 0x84) {
        assert_true(count.untagged < COUNT_OF(untagged));
        assert_string_equal(name, untagged[count.untagged]);
        count.untagged++;
    }
}

static void check_case(const char *name, const json_t *root)
{
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    struct span certificate = vectors_base64(vectors_at(root, "TESTCTX.CERTIFICATE"));
    const char *text = json_string_value(vectors_at(root, "PREFIX"));
    bool result[STEP_COUNT];
    assert_non_null(in);
    assert_non_null(text);
    (void)inspect_open(span_str(text), "HC1", in);
    find_out(in, certificate, result);
    compare_flags(name, root, result);
    compare_intermediates(root, in);
    note_untagged(name, in);
    count.codes++;
    free(in);
    vectors_free(certificate);
}

static void digital_covid_certificates(void **state)
{
    (void)state;
    size_t files = vectors_walk("dgc", check_case);
    if (files == 0) {
        print_message("the certificates are not there: set SAKSI_VECTORS\n");
        skip();
    }
    print_message("%zu codes\n", count.codes);
    for (size_t i = 0; i < STEP_COUNT; i++) {
        print_message("%-20s %zu true, %zu false\n", flag[i], count.expected[i][1],
                      count.expected[i][0]);
    }
    print_message("%zu intermediate results equal\n", count.intermediates);
    assert_int_equal(count.codes, 131);
    assert_int_equal(count.differences, 0);
    assert_int_equal(count.untagged, COUNT_OF(untagged));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(digital_covid_certificates)};
    return cmocka_run_group_tests_name("vectors_dgc", tests, NULL, NULL);
}
