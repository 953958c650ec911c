/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys on tokens, against a module that tells the truth once and lies in every other way.
 */
#include "base/pkcs11.h"

#include <dlfcn.h>
#include <stdio.h>

#include "check.h"
#include "codec/cose.h"
#include "fake_pkcs11.h"

static struct fake_state *fake;
static const struct pkcs11_uri any_uri;

static int find_fake(void **state)
{
    (void)state;
    void *library = dlopen(TEST_FAKE_PKCS11, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    fake = dlsym(library, FAKE_STATE);
    assert_non_null(fake);
    return 0; /* it stays open, so that its state is kept */
}

static void tell(enum fake_lie lie, bool edwards)
{
    *fake = (struct fake_state){.lie = lie, .edwards = edwards};
}

/* Whatever happened: nothing is left open, and no PIN was tried twice. */
static void assert_tidy(void)
{
    assert_false(fake->open);
    assert_int_equal(fake->sessions, 0);
}

static enum pkcs11_error open_key(const struct pkcs11_uri *uri, const char *pin,
                                  struct crypto_private_key **ret_key,
                                  struct pkcs11_problem *problem)
{
    struct pkcs11 *token = NULL;
    problem->error = PKCS11_OK;
    enum pkcs11_error error = pkcs11_open(TEST_FAKE_PKCS11, uri, &token, problem);
    if (error != PKCS11_OK) {
        assert_null(token);
        return error;
    }
    error = pkcs11_login(token, pin, problem);
    if (error == PKCS11_OK) {
        error = pkcs11_key(token, uri, ret_key, problem);
    }
    if (error != PKCS11_OK) {
        pkcs11_close(token);
    }
    return error;
}

static void assert_refused(enum fake_lie lie, bool edwards, enum pkcs11_error wanted)
{
    struct crypto_private_key *key = NULL;
    struct pkcs11_problem problem;
    char text[PKCS11_TEXT_SIZE];
    tell(lie, edwards);
    assert_int_equal(open_key(&any_uri, FAKE_PIN, &key, &problem), wanted);
    assert_int_equal(problem.error, wanted);
    pkcs11_describe(&problem, text);
    assert_true(strlen(text) > 10);
    assert_null(key);
    assert_tidy();
    assert_true(fake->logins <= 1);
    assert_true(fake->finds < 10);
    assert_int_equal(fake->signs, 0);
}

/* --- the truth --- */

static void check_signs(enum fake_lie lie, bool edwards, unsigned logins)
{
    struct crypto_private_key *key = NULL;
    struct pkcs11_problem problem;
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    struct crypto_key *verifier = NULL;
    struct span message = span_str("what is signed");
    int alg = edwards ? COSE_EDDSA : COSE_ES256;
    tell(lie, edwards);
    assert_int_equal(open_key(&any_uri, FAKE_PIN, &key, &problem), PKCS11_OK);
    assert_int_equal(crypto_private_key_alg(key), alg);
    size_t len = crypto_private_key_public(key, public_key);
    assert_int_equal(len, edwards ? 32 : 33);
    assert_int_equal(crypto_key_new(alg, span_of(public_key, len), &verifier), CRYPTO_OK);
    assert_int_equal(crypto_sign(key, message, signature), CRYPTO_OK);
    assert_int_equal(crypto_verify(verifier, alg, message, span_of(signature, sizeof signature)),
                     CRYPTO_OK);
    assert_int_equal(fake->logins, logins);
    assert_int_equal(fake->signs, 1);
    /* it is no key for a file */
    assert_int_equal(crypto_private_key_write(key, "/nowhere/key.pem", NULL), CRYPTO_FILE_FORMAT);
    crypto_key_free(verifier);
    crypto_private_key_free(key);
    assert_tidy();
}

static void a_token_signs(void **state)
{
    (void)state;
    check_signs(FAKE_TRUTH, false, 1);
    check_signs(FAKE_TRUTH, true, 1);
}

static void points_may_come_raw(void **state)
{
    (void)state;
    check_signs(FAKE_POINT_RAW, false, 1);
    check_signs(FAKE_POINT_RAW, true, 1);
}

static void some_keys_want_the_pin_for_each_signature(void **state)
{
    (void)state;
    check_signs(FAKE_ASKS_AGAIN, false, 2);
    check_signs(FAKE_ASKS_AGAIN, true, 2);
}

static void the_token_is_described(void **state)
{
    (void)state;
    struct pkcs11 *token = NULL;
    struct pkcs11_problem problem;
    tell(FAKE_TRUTH, false);
    assert_int_equal(pkcs11_open(TEST_FAKE_PKCS11, &any_uri, &token, &problem), PKCS11_OK);
    const struct pkcs11_token *info = pkcs11_info(token);
    assert_string_equal(info->label, "Fake");
    assert_string_equal(info->manufacturer, "Liars");
    assert_string_equal(info->model, "0123456789abcdef");
    assert_string_equal(info->serial, "42");
    assert_true(info->wants_pin);
    assert_false(info->own_pad || info->pin_low || info->pin_final);
    pkcs11_close(token);
    assert_tidy();

    tell(FAKE_TOKEN_CONTROLS, false);
    assert_int_equal(pkcs11_open(TEST_FAKE_PKCS11, &any_uri, &token, &problem), PKCS11_OK);
    assert_string_equal(pkcs11_info(token)->label, "F?[31m?");
    pkcs11_close(token);
    assert_tidy();
}

static void only_the_token_that_is_named_is_opened(void **state)
{
    (void)state;
    static const struct {
        struct pkcs11_uri uri;
        enum pkcs11_error wanted;
    } cases[] = {
        {{.token = "Fake", .serial = "42", .model = "0123456789abcdef", .manufacturer = "Liars"},
         PKCS11_OK},
        {{.has_slot = true, .slot = 5}, PKCS11_OK},
        {{.has_slot = true, .slot = 6}, PKCS11_NO_TOKEN},
        {{.token = "Fak"}, PKCS11_NO_TOKEN},
        {{.token = "Fake "}, PKCS11_NO_TOKEN},
        {{.token = "fake"}, PKCS11_NO_TOKEN},
        {{.token = "Fake", .serial = "43"}, PKCS11_NO_TOKEN},
        {{.model = "0123456789abcde"}, PKCS11_NO_TOKEN},
        {{.manufacturer = "Honest"}, PKCS11_NO_TOKEN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pkcs11 *token = NULL;
        struct pkcs11_problem problem;
        tell(FAKE_TRUTH, false);
        assert_int_equal(pkcs11_open(TEST_FAKE_PKCS11, &cases[i].uri, &token, &problem),
                         cases[i].wanted);
        pkcs11_close(token);
        assert_tidy();
        assert_int_equal(fake->logins, 0);
    }
}

/* --- PINs --- */

static void a_wrong_pin_is_tried_once(void **state)
{
    (void)state;
    struct crypto_private_key *key = NULL;
    struct pkcs11_problem problem;
    tell(FAKE_TRUTH, false);
    assert_int_equal(open_key(&any_uri, "1357", &key, &problem), PKCS11_PIN);
    assert_string_equal(problem.detail, "C_Login gave 0xa0");
    assert_int_equal(fake->wrong_pins, 1);
    assert_int_equal(fake->logins, 1);
    assert_tidy();
}

static void no_pin_is_no_try(void **state)
{
    (void)state;
    static const char *const pins[] = {NULL, ""};
    for (size_t i = 0; i < COUNT_OF(pins); i++) {
        struct crypto_private_key *key = NULL;
        struct pkcs11_problem problem;
        tell(FAKE_TRUTH, false);
        assert_int_equal(open_key(&any_uri, pins[i], &key, &problem), PKCS11_NO_PIN);
        assert_int_equal(fake->logins, 0);
        assert_tidy();
    }
}

static void pins_that_cannot_be_are_named(void **state)
{
    (void)state;
    assert_refused(FAKE_PIN_LOCKED, false, PKCS11_PIN_LOCKED);
    assert_refused(FAKE_PIN_LENGTH, false, PKCS11_PIN_FORM);
    assert_refused(FAKE_PIN_EXPIRED, false, PKCS11_PIN_UNSET);
    assert_refused(FAKE_PIN_LOCKED_FLAG, false, PKCS11_PIN_LOCKED);
    assert_int_equal(fake->logins, 0);
}

/* --- modules --- */

static void other_files_are_no_modules(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum pkcs11_error wanted;
    } cases[] = {
        {"/no/such/module.so", PKCS11_NO_MODULE},
        {"fake_pkcs11.so", PKCS11_NO_MODULE}, /* never from a search path */
        {"", PKCS11_NO_MODULE},
        {"/etc/passwd", PKCS11_NOT_MODULE},
        {"/tmp", PKCS11_NOT_MODULE},
        {TEST_NO_MODULE, PKCS11_NOT_MODULE}, /* a library of something else */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pkcs11 *token = NULL;
        struct pkcs11_problem problem = {PKCS11_OK, ""};
        assert_int_equal(pkcs11_open(cases[i].path, &any_uri, &token, &problem), cases[i].wanted);
        assert_int_equal(problem.error, cases[i].wanted);
        assert_null(token);
    }
}

/* --- lies --- */

static void every_lie_about_the_key_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum fake_lie lie;
        enum pkcs11_error wanted;
    } cases[] = {
        {FAKE_NO_LIST, PKCS11_NOT_MODULE},
        {FAKE_LIST_FAILS, PKCS11_FAILED},
        {FAKE_FUNCTION_MISSING, PKCS11_NOT_MODULE},
        {FAKE_OLD_VERSION, PKCS11_NOT_MODULE},
        {FAKE_INITIALISE_FAILS, PKCS11_FAILED},
        {FAKE_SLOTS_TOO_MANY, PKCS11_ANSWER},
        {FAKE_SLOTS_FAIL, PKCS11_FAILED},
        {FAKE_SLOTS_GREW, PKCS11_FAILED},
        {FAKE_TOKEN_FAILS, PKCS11_NO_TOKEN},
        {FAKE_TOKEN_EMPTY, PKCS11_NO_TOKEN},
        {FAKE_TOKEN_TWICE, PKCS11_TOKENS},
        {FAKE_SESSION_FAILS, PKCS11_FAILED},
        {FAKE_FIND_INIT_FAILS, PKCS11_REMOVED},
        {FAKE_FIND_FAILS, PKCS11_FAILED},
        {FAKE_FIND_ENDLESS, PKCS11_KEYS},
        {FAKE_FIND_MORE, PKCS11_ANSWER},
        {FAKE_FIND_NONE, PKCS11_NO_KEY},
        {FAKE_ATTRIBUTE_LONG, PKCS11_ANSWER},
        {FAKE_ATTRIBUTE_UNAVAILABLE, PKCS11_ANSWER},
        {FAKE_ATTRIBUTE_TOO_SMALL, PKCS11_ANSWER},
        {FAKE_ATTRIBUTE_FAILS, PKCS11_FAILED},
        {FAKE_TYPE_SHORT, PKCS11_ANSWER},
        {FAKE_TYPE_EMPTY, PKCS11_ANSWER},
        {FAKE_TYPE_RSA, PKCS11_KEY_TYPE},
        {FAKE_SIGN_FALSE, PKCS11_MAY_NOT_SIGN},
        {FAKE_SIGN_LONG_BOOL, PKCS11_ANSWER},
        {FAKE_CURVE_OTHER, PKCS11_CURVE},
        {FAKE_CURVE_EMPTY, PKCS11_CURVE},
        {FAKE_PUBLIC_NONE, PKCS11_NO_PUBLIC},
        {FAKE_PUBLIC_TWICE, PKCS11_NO_PUBLIC},
        {FAKE_PUBLIC_NAMELESS, PKCS11_NO_PUBLIC},
        {FAKE_POINT_EMPTY, PKCS11_BAD_KEY},
        {FAKE_POINT_SHORT, PKCS11_BAD_KEY},
        {FAKE_POINT_LONG, PKCS11_BAD_KEY},
        {FAKE_POINT_OTHER_LENGTH, PKCS11_BAD_KEY},
        {FAKE_POINT_OFF_CURVE, PKCS11_BAD_KEY},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_refused(cases[i].lie, false, cases[i].wanted);
        assert_refused(cases[i].lie, true, cases[i].wanted);
    }
}

static void assert_not_signed(enum fake_lie lie, bool edwards, enum crypto_error wanted,
                              const char *phrase)
{
    struct crypto_private_key *key = NULL;
    struct pkcs11_problem problem;
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    uint8_t untouched[CRYPTO_SIGNATURE_SIZE];
    memset(signature, 0x5A, sizeof signature);
    memset(untouched, 0x5A, sizeof untouched);
    tell(lie, edwards);
    assert_int_equal(open_key(&any_uri, FAKE_PIN, &key, &problem), PKCS11_OK);
    assert_int_equal(crypto_sign(key, span_str("message"), signature), wanted);
    assert_memory_equal(signature, untouched, sizeof signature);
    if (wanted == CRYPTO_REMOTE) {
        assert_string_equal(crypto_private_key_problem(key), phrase);
    }
    crypto_private_key_free(key);
    assert_tidy();
}

static void every_lie_about_a_signature_is_refused(void **state)
{
    (void)state;
    static const char *const other_length =
        "the module's answer breaks the standard; nothing of it "
        "is used (C_Sign: a signature of another length)";
    static const struct {
        enum fake_lie lie;
        enum crypto_error wanted;
        const char *phrase; /* NULL: of another length */
    } cases[] = {
        {FAKE_MECHANISM, CRYPTO_REMOTE,
         "the token cannot sign with this key (it needs CKM_ECDSA or CKM_EDDSA) (C_SignInit gave "
         "0x70)"},
        {FAKE_NOT_PERMITTED, CRYPTO_REMOTE,
         "this key may not be used for signing (C_SignInit gave 0x68)"},
        {FAKE_REMOVED, CRYPTO_REMOTE,
         "the token was removed, or it does not answer (C_Sign gave 0x32)"},
        {FAKE_SIGNATURE_SHORT, CRYPTO_REMOTE, NULL},
        {FAKE_SIGNATURE_LONG, CRYPTO_REMOTE, NULL},
        {FAKE_SIGNATURE_EMPTY, CRYPTO_REMOTE, NULL},
        {FAKE_SIGNATURE_ZERO, CRYPTO_BAD_SIGNATURE, ""},
        {FAKE_SIGNATURE_FLIPPED, CRYPTO_BAD_SIGNATURE, ""},
        {FAKE_SIGNATURE_ELSE, CRYPTO_BAD_SIGNATURE, ""},
        {FAKE_POINT_OTHER_KEY, CRYPTO_BAD_SIGNATURE, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *phrase = cases[i].phrase != NULL ? cases[i].phrase : other_length;
        assert_not_signed(cases[i].lie, false, cases[i].wanted, phrase);
        assert_not_signed(cases[i].lie, true, cases[i].wanted, phrase);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_signs),
        cmocka_unit_test(points_may_come_raw),
        cmocka_unit_test(some_keys_want_the_pin_for_each_signature),
        cmocka_unit_test(the_token_is_described),
        cmocka_unit_test(only_the_token_that_is_named_is_opened),
        cmocka_unit_test(a_wrong_pin_is_tried_once),
        cmocka_unit_test(no_pin_is_no_try),
        cmocka_unit_test(pins_that_cannot_be_are_named),
        cmocka_unit_test(other_files_are_no_modules),
        cmocka_unit_test(every_lie_about_the_key_is_refused),
        cmocka_unit_test(every_lie_about_a_signature_is_refused),
    };
    return cmocka_run_group_tests(tests, find_fake, NULL);
}
