/* SPDX-License-Identifier: Apache-2.0
 *
 * The tolerant COSE reader: published messages, the liberties it allows, and what it will not open.
 */
#include "base/crypto_any.h"
#include "check.h"
#include "cli/inspect/inspect_cose.h"
#include "codec/cose.h"

#define MAX_BYTES 1024

/* "This is the content." and the two keys of RFC 9052 Appendix C. */
#define CONTENT "546869732069732074686520636f6e74656e742e"
#define KEY_X   "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
#define KEY_Y   "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"
#define SIGN1_SIGNATURE                                                                            \
    "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"                             \
    "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
#define SIGN_SIGNATURE                                                                             \
    "e2aeafd40d69d19dfe6e52077c5d7ff4e408282cbefb5d06cbf414af2e19d982"                             \
    "ac45ac98b8544c908b4507de1e90b717c3d34816fe926a2b98f53afd2fa0f30a"

/* RFC 9052 §C.2.1 and §C.1.1 */
#define SIGN1 "d28443a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE
#define SIGN  "d8628440a054" CONTENT "818343a10126a1044231315840" SIGN_SIGNATURE

/* RFC 8392 §A.3 */
#define CWT_PAYLOAD                                                                                \
    "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c69676874" \
    "2e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b71"
#define CWT                                                                                        \
    "d28443a10126a104524173796d6d65747269634543445341323536"                                       \
    "5850" CWT_PAYLOAD "5840"                                                                      \
    "5427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd"                             \
    "08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30"
#define CWT_X "143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f"
#define CWT_Y "60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9"

struct opened {
    uint8_t message[MAX_BYTES];
    uint8_t arena[MAX_BYTES];
    struct inspect_cose cose;
};

static bool open_hex(struct opened *o, const char *hex)
{
    struct span message = check_hex(hex, o->message, sizeof o->message);
    struct writer arena = writer_of(o->arena, sizeof o->arena);
    return inspect_cose_open(message, &arena, &o->cose);
}

static enum crypto_error verify(const struct opened *o, const char *x_hex, const char *y_hex,
                                struct span external)
{
    uint8_t x[32];
    uint8_t y[32];
    uint8_t room[MAX_BYTES];
    struct writer w = writer_of(room, sizeof room);
    struct crypto_any_key *key = NULL;
    const struct inspect_signer *signer = &o->cose.signer[0];
    assert_int_equal(crypto_any_key_of_point("P-256", check_hex(x_hex, x, sizeof x),
                                             check_hex(y_hex, y, sizeof y), &key),
                     CRYPTO_OK);
    inspect_cose_to_be_signed(&w, &o->cose, signer, external);
    assert_true(writer_ok(&w));
    enum crypto_error error =
        crypto_any_verify(key, signer->alg, writer_span(&w), signer->signature);
    crypto_any_key_free(key);
    return error;
}

static void check_to_be_signed(const struct opened *o, struct span external, const char *hex)
{
    uint8_t expected[MAX_BYTES];
    uint8_t room[MAX_BYTES];
    struct writer w = writer_of(room, sizeof room);
    inspect_cose_to_be_signed(&w, &o->cose, &o->cose.signer[0], external);
    check_bytes(writer_span(&w), check_hex(hex, expected, sizeof expected));
}

static const struct span nothing = {NULL, 0};

static void sign1_of_the_standard(void **state)
{
    (void)state;
    struct opened o;
    assert_true(open_hex(&o, SIGN1));
    assert_true(o.cose.single);
    assert_false(o.cose.detached);
    assert_false(o.cose.has_crit);
    assert_int_equal(o.cose.signer_count, 1);
    assert_int_equal(o.cose.signer[0].alg, COSE_ES256);
    assert_int_equal(o.cose.signer[0].alg_where, INSPECT_PROTECTED);
    assert_int_equal(o.cose.signer[0].kid_where, INSPECT_UNPROTECTED);
    check_bytes(o.cose.signer[0].kid, span_str("11"));
    check_bytes(o.cose.payload, span_str("This is the content."));
    check_to_be_signed(&o, nothing, "846a5369676e61747572653143a101264054" CONTENT);
    check_to_be_signed(&o, span_str("\x11\xaa"),
                       "846a5369676e61747572653143a101264211aa54" CONTENT);
    assert_int_equal(verify(&o, KEY_X, KEY_Y, nothing), CRYPTO_OK);
    assert_int_equal(verify(&o, KEY_X, KEY_Y, span_str("x")), CRYPTO_BAD_SIGNATURE);
    assert_int_equal(verify(&o, CWT_X, CWT_Y, nothing), CRYPTO_BAD_SIGNATURE);
}

static void sign_of_the_standard(void **state)
{
    (void)state;
    struct opened o;
    assert_true(open_hex(&o, SIGN));
    assert_false(o.cose.single);
    assert_int_equal(o.cose.signer_count, 1);
    check_to_be_signed(&o, nothing, "85695369676e61747572654043a101264054" CONTENT);
    assert_int_equal(verify(&o, KEY_X, KEY_Y, nothing), CRYPTO_OK);
}

static void cwt_of_the_standard(void **state)
{
    (void)state;
    struct opened o;
    assert_true(open_hex(&o, CWT));
    check_bytes(o.cose.signer[0].kid, span_str("AsymmetricECDSA256"));
    check_to_be_signed(&o, nothing, "846a5369676e61747572653143a10126405850" CWT_PAYLOAD);
    assert_int_equal(verify(&o, CWT_X, CWT_Y, nothing), CRYPTO_OK);
}

/* The same message in other clothes: the signature stays good. */
static void liberties(void **state)
{
    (void)state;
    static const char *const same[] = {
        "8443a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE,             /* no tag */
        "d83dd28443a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE,       /* CWT */
        "d9d9f7d28443a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE,     /* self-described */
        "d9d9f7d83dd28443a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE, /* both */
        "d83d8443a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE,         /* CWT without 18 */
        "d29f43a10126a10442313154" CONTENT "5840" SIGN1_SIGNATURE "ff",      /* indefinite array */
        "d28443a10126bf04423131ff54" CONTENT "5840" SIGN1_SIGNATURE,         /* indefinite map */
        "d2845f41a1420126ffa10442313154" CONTENT "5840" SIGN1_SIGNATURE,     /* chunks */
        "d2845f43a10126ffa1045f41314131ff5f54" CONTENT "40ff5f5840" SIGN1_SIGNATURE "ff",
        "d28443a10126a20442313163666f6ff93c0054" CONTENT "5840" SIGN1_SIGNATURE, /* a float */
        "d2845803a10126a1180442313158"
        "14" CONTENT "5840" SIGN1_SIGNATURE, /* long heads */
    };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        struct opened o;
        assert_true(open_hex(&o, same[i]));
        assert_int_equal(verify(&o, KEY_X, KEY_Y, nothing), CRYPTO_OK);
    }
}

/* An algorithm outside the protected header (COSE working group, sign-pass-01): an empty map is
 * signed as nothing. */
static void unprotected_algorithm(void **state)
{
    (void)state;
    struct opened o;
    assert_true(open_hex(&o, "d28441a0a201260442313154" CONTENT "5840"
                             "87db0d2e5571843b78ac33ecb2830df7b6e0a4d5b7376de336b23c591c90c425"
                             "317e56127fbe04370097ce347087b233bf722b64072beb4486bda4031d27244f"));
    assert_int_equal(o.cose.signer[0].alg_where, INSPECT_UNPROTECTED);
    check_to_be_signed(&o, nothing,
                       "846a5369676e6174757265314040"
                       "54" CONTENT);
    assert_int_equal(verify(&o, KEY_X, KEY_Y, nothing), CRYPTO_OK);
}

static void headers(void **state)
{
    (void)state;
    struct opened o;
    /* in both: what is signed over counts */
    assert_true(open_hex(&o, "d28446a201260441aaa10441bb40"
                             "40"));
    check_bytes(o.cose.signer[0].kid, span_str("\xaa"));
    assert_int_equal(o.cose.signer[0].kid_where, INSPECT_PROTECTED);
    /* none at all */
    assert_true(open_hex(&o, "d28440a04040"));
    assert_int_equal(o.cose.signer[0].alg_where, INSPECT_ABSENT);
    assert_int_equal(o.cose.signer[0].kid_where, INSPECT_ABSENT);
    assert_int_equal(o.cose.signer[0].kid.len, 0);
    /* an algorithm by name, a kid that is text */
    assert_true(open_hex(&o, "d28446a10163666f6fa1046131"
                             "4040"));
    assert_int_equal(o.cose.signer[0].alg_where, INSPECT_PROTECTED);
    assert_false(o.cose.signer[0].alg_is_number);
    assert_int_equal(o.cose.signer[0].kid_where, INSPECT_ABSENT);
    /* crit */
    assert_true(open_hex(&o, "d28446a20126028101a04040"));
    assert_true(o.cose.has_crit);
    /* a payload that is elsewhere */
    assert_true(open_hex(&o, "d28443a10126a0f640"));
    assert_true(o.cose.detached);
}

static void signers(void **state)
{
    (void)state;
    struct opened o;
    assert_true(open_hex(&o, "8440a041019f8340a041aa9f41a0a041bbffff"));
    assert_false(o.cose.single);
    assert_int_equal(o.cose.signer_count, 2);
    check_bytes(o.cose.signer[0].signature, span_str("\xaa"));
    check_bytes(o.cose.signer[1].signature, span_str("\xbb"));
    /* 16 are opened, 17 are not */
    char hex[400] = "d8628440a041019f";
    for (size_t i = 0; i < INSPECT_MAX_SIGNERS; i++) {
        strcat(hex, "8340a04101");
    }
    size_t len = strlen(hex);
    strcat(hex, "ff");
    assert_true(open_hex(&o, hex));
    assert_int_equal(o.cose.signer_count, INSPECT_MAX_SIGNERS);
    strcpy(hex + len, "8340a04101ff");
    assert_false(open_hex(&o, hex));
}

static void what_is_not_opened(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "f6",
        "a0",
        "80",
        "83"
        "40a040", /* an element short */
        "85"
        "40a0404040", /* one too many */
        "9f40a040ff", /* the same, indefinite */
        "9f40a0404040ff",
        "d903e68440a04040", /* tag 998 */
        "d18440a04040",     /* COSE_Mac0 */
        "d2d28440a04040",   /* tagged twice */
        "d2d83d8440a04040", /* in the wrong order */
        "d83dd83d8440a04040",
        "d2d8628440a04040",
        "d8628440a04040",       /* COSE_Sign with a byte string for signatures */
        "d28440a04080",         /* COSE_Sign1 with an array for the signature */
        "8440a04080",           /* no signer */
        "8440a040818240a0",     /* a signer with two elements */
        "8440a040818440a04040", /* a signer with four */
        "8440a040819f40a0ff",
        "84a0a04040",     /* protected is a map */
        "8440404040",     /* unprotected is a byte string */
        "844180a04040",   /* protected holds an array */
        "8442a000a04040", /* protected holds two items */
        "844101a04040",   /* protected holds a number */
        "8440a06040",     /* payload is text */
        "8440a04060",     /* signature is text */
        "8440a040f6",
        "8445a201260126a04040", /* alg twice */
        "8440a2044131044131"
        "4040", /* kid twice */
        "8440a20280028040"
        "40",           /* crit twice */
        "8440a0404000", /* a byte behind it */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct opened o;
        memset(&o.cose, 0x55, sizeof o.cose);
        assert_false(open_hex(&o, bad[i]));
        assert_int_equal(o.cose.signer_count, (size_t)0x5555555555555555); /* untouched */
    }
}

static void refused(struct span message, void *context)
{
    uint8_t room[MAX_BYTES];
    struct inspect_cose cose;
    struct writer arena = writer_of(room, sizeof room);
    (void)context;
    assert_false(inspect_cose_open(message, &arena, &cose));
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    static const char *const whole[] = {SIGN1, SIGN, CWT,
                                        "d29f5f43a10126ffbf045f41314131ffff5f54" CONTENT
                                        "40ff5f5840" SIGN1_SIGNATURE "ffff"};
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        uint8_t room[MAX_BYTES];
        struct opened o;
        assert_true(open_hex(&o, whole[i]));
        check_prefixes(check_hex(whole[i], room, sizeof room), refused, NULL);
    }
}

/* A flipped bit is refused, breaks the signature, or stands where nothing is signed (tag, kid). */
static size_t still_good;

static void flipped(struct span message, void *context)
{
    struct opened o;
    struct writer arena = writer_of(o.arena, sizeof o.arena);
    (void)context;
    if (inspect_cose_open(message, &arena, &o.cose) && o.cose.signer[0].alg_is_number &&
        verify(&o, KEY_X, KEY_Y, nothing) == CRYPTO_OK) {
        check_bytes(o.cose.payload, span_str("This is the content."));
        still_good++;
    }
}

static void every_flipped_bit(void **state)
{
    (void)state;
    uint8_t room[MAX_BYTES];
    still_good = 0;
    check_bit_flips(check_hex(SIGN1, room, sizeof room), flipped, NULL);
    /* 16 in the value of kid, 6 in its label that leave an integer, 1 in its head that makes it a
     * text */
    assert_int_equal(still_good, 23);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign1_of_the_standard),
        cmocka_unit_test(sign_of_the_standard),
        cmocka_unit_test(cwt_of_the_standard),
        cmocka_unit_test(liberties),
        cmocka_unit_test(unprotected_algorithm),
        cmocka_unit_test(headers),
        cmocka_unit_test(signers),
        cmocka_unit_test(what_is_not_opened),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(every_flipped_bit),
    };
    return cmocka_run_group_tests_name("inspect_cose", tests, NULL, NULL);
}
