/* SPDX-License-Identifier: Apache-2.0
 *
 * The COSE working group's examples: every signed message is opened by the tolerant reader, gives
 * the published bytes to be signed, and is good or bad as its file says. The strict reader of
 * certificates takes none of them. */
#include <stdio.h>

#include "check.h"
#include "cli/inspect/inspect.h"
#include "codec/cose.h"
#include "vectors.h"

static struct {
    size_t good, refused, out_of_scope, signatures;
} count;

/* What must fail, and how. */
static const struct {
    const char *name;
    enum inspect_step step;
    enum inspect_verdict verdict;
} must_fail[] = {
    {"sign1-tests/sign-fail-01.json", INSPECT_AT_COSE, INSPECT_BAD},       /* tag 998 */
    {"sign1-tests/sign-fail-02.json", INSPECT_DONE, INSPECT_BAD},          /* payload changed */
    {"sign1-tests/sign-fail-03.json", INSPECT_DONE, INSPECT_NO_ALGORITHM}, /* alg -999 */
    {"sign1-tests/sign-fail-04.json", INSPECT_DONE, INSPECT_NO_ALGORITHM}, /* alg "unknown" */
    {"sign1-tests/sign-fail-06.json", INSPECT_DONE, INSPECT_BAD},          /* header added */
    {"sign1-tests/sign-fail-07.json", INSPECT_DONE, INSPECT_BAD},          /* header removed */
};

static struct crypto_any_key *key_of(const json_t *jwk)
{
    struct crypto_any_key *key = NULL;
    const char *curve = json_string_value(json_object_get(jwk, "crv"));
    struct span x = vectors_base64(json_object_get(jwk, "x"));
    struct span y = vectors_base64(json_object_get(jwk, "y"));
    struct span x_hex = vectors_hex(json_object_get(jwk, "x_hex"));
    struct span y_hex = vectors_hex(json_object_get(jwk, "y_hex"));
    assert_non_null(curve);
    assert_int_equal(
        crypto_any_key_of_point(curve, x.len != 0 ? x : x_hex, y.len != 0 ? y : y_hex, &key),
        CRYPTO_OK);
    vectors_free(x);
    vectors_free(y);
    vectors_free(x_hex);
    vectors_free(y_hex);
    return key;
}

static void check_to_be_signed(const struct inspect *in, const struct inspect_signer *signer,
                               struct span external, const json_t *expected)
{
    uint8_t room[1024];
    struct writer w = writer_of(room, sizeof room);
    struct span wanted = vectors_hex(expected);
    assert_true(wanted.len != 0);
    inspect_cose_to_be_signed(&w, &in->cose, signer, external);
    check_bytes(writer_span(&w), wanted);
    vectors_free(wanted);
}

/* One signer's own part of the file: `input` has the key, `steps` the bytes to be signed. */
static void check_signer(const struct inspect *in, size_t i, const json_t *input,
                         const json_t *steps)
{
    struct span external = vectors_hex(json_object_get(input, "external"));
    const struct inspect_signer *signer = &in->cose.signer[i];
    struct crypto_any_key *key = key_of(json_object_get(input, "key"));
    check_to_be_signed(in, signer, external, json_object_get(steps, "ToBeSign_hex"));
    assert_int_equal(inspect_check(in, signer, external, key), INSPECT_GOOD);
    assert_int_equal(inspect_check(in, signer, span_str("other"), key), INSPECT_BAD);
    crypto_any_key_free(key);
    vectors_free(external);
    count.signatures++;
}

static void check_good(const char *name, struct span message, const json_t *root)
{
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    const json_t *one = vectors_at(root, "input.sign0");
    const json_t *all = vectors_at(root, "input.sign.signers");
    assert_non_null(in);
    assert_true(inspect_open(message, NULL, in));
    assert_true(in->cose.single == (one != NULL));
    if (one != NULL) {
        check_signer(in, 0, one, vectors_at(root, "intermediates"));
    } else {
        const json_t *steps = vectors_at(root, "intermediates.signers");
        assert_int_equal(in->cose.signer_count, json_array_size(all));
        for (size_t i = 0; i < json_array_size(all); i++) {
            check_signer(in, i, json_array_get(all, i), json_array_get(steps, i));
        }
    }
    free(in);
    count.good++;
    print_message("good:         %s\n", name);
}

static void check_must_fail(const char *name, struct span message, const json_t *root)
{
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    size_t i = 0;
    assert_non_null(in);
    while (i < COUNT_OF(must_fail) && strcmp(name, must_fail[i].name) != 0) {
        i++;
    }
    assert_true(i < COUNT_OF(must_fail));
    (void)inspect_open(message, NULL, in);
    assert_int_equal(in->failed_at, must_fail[i].step);
    if (in->failed_at == INSPECT_DONE) {
        struct crypto_any_key *key = key_of(vectors_at(root, "input.sign0.key"));
        assert_int_equal(inspect_check(in, &in->cose.signer[0], span_of(NULL, 0), key),
                         must_fail[i].verdict);
        crypto_any_key_free(key);
    }
    free(in);
    count.refused++;
    print_message("refused:      %s\n", name);
}

/* None is a document of this project: no typ, short kids, open headers. */
static void check_strict_reader_refuses(struct span message)
{
    struct cose_sign1 one;
    struct cose_sign many;
    assert_int_not_equal(cose_sign1_decode(message, COSE_TYP_CREDENTIAL, &one), COSE_OK);
    assert_int_not_equal(cose_sign_decode(message, COSE_TYP_ROOT, &many), COSE_OK);
}

static void check_file(const char *name, const json_t *root)
{
    const json_t *input = vectors_at(root, "input");
    struct span message = vectors_hex(vectors_at(root, "output.cbor"));
    if (vectors_at(input, "sign") == NULL && vectors_at(input, "sign0") == NULL) {
        count.out_of_scope++;
        print_message("out of scope: %s (encryption or MAC)\n", name);
    } else if (json_is_true(vectors_at(root, "fail"))) {
        check_strict_reader_refuses(message);
        check_must_fail(name, message, root);
    } else {
        check_strict_reader_refuses(message);
        check_good(name, message, root);
    }
    vectors_free(message);
}

static void cose_working_group(void **state)
{
    (void)state;
    size_t files = vectors_walk("cose-wg", check_file);
    if (files == 0) {
        print_message("the COSE examples are not there: set SAKSI_VECTORS\n");
        skip();
    }
    print_message("%zu files: %zu good (%zu signatures), %zu refused, %zu out of scope\n", files,
                  count.good, count.signatures, count.refused, count.out_of_scope);
    assert_int_equal(count.refused, COUNT_OF(must_fail));
    assert_int_equal(count.good, 21);
    assert_int_equal(count.good + count.refused + count.out_of_scope, files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cose_working_group)};
    return cmocka_run_group_tests_name("vectors_cose", tests, NULL, NULL);
}
