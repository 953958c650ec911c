/* SPDX-License-Identifier: Apache-2.0
 *
 * Verification: published vectors, and every way a signature or a key can be almost right. The
 * whole program runs under an OpenSSL configuration that switches the default provider off, which
 * must not matter. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/crypto.h"
#include "check.h"
#include "codec/cose.h"

#define MAX_HEX 128

struct hex {
    uint8_t byte[MAX_HEX];
    size_t len;
};

static struct hex hex(const char *text)
{
    struct hex h = {{0}, 0};
    h.len = check_hex(text, h.byte, sizeof h.byte).len;
    return h;
}

static struct span span_hex(const struct hex *h)
{
    return span_of(h->byte, h->len);
}

/* Verifies with the signature in a heap block of exactly its size. */
static enum crypto_error verify(int alg, const char *key_hex, struct span message,
                                const struct hex *signature)
{
    struct hex key_bytes = hex(key_hex);
    struct crypto_key *key = NULL;
    assert_int_equal(crypto_key_new(alg, span_hex(&key_bytes), &key), CRYPTO_OK);
    uint8_t *exact = check_heap_copy(span_hex(signature));
    enum crypto_error error = crypto_verify(key, alg, message, span_of(exact, signature->len));
    free(exact);
    crypto_key_free(key);
    return error;
}

static enum crypto_error verify_hex(int alg, const char *key, const char *message,
                                    const char *signature)
{
    struct hex s = hex(signature);
    return verify(alg, key, span_str(message), &s);
}

/* RFC 6979 §A.2.5 */
#define P256_KEY "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define SAMPLE_R "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
#define SAMPLE_S "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
#define TEST_R   "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
#define TEST_S   "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
#define P256_N   "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ZERO     "0000000000000000000000000000000000000000000000000000000000000000"
#define ONES     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* RFC 8032 §7.1, test 1 */
#define ED_KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define ED_R   "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
#define ED_S   "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"

static void sha256_of_parts(void **state)
{
    (void)state;
    static const struct {
        const char *part[3];
        const char *digest;
    } row[] = {
        {{"", "", ""}, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {{"abc", "", ""}, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {{"", "ab", "c"}, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {{"abcdbcdecdefdefgefghfghighij", "hijkijkljklmklmn", "lmnomnopnopq"},
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct span part[3] = {span_str(row[i].part[0]), span_str(row[i].part[1]),
                               span_str(row[i].part[2])};
        struct hex expected = hex(row[i].digest);
        uint8_t digest[CRYPTO_SHA256_SIZE];
        assert_int_equal(crypto_sha256(part, 3, digest), CRYPTO_OK);
        assert_memory_equal(digest, expected.byte, sizeof digest);
    }
    uint8_t nothing[CRYPTO_SHA256_SIZE];
    struct hex expected = hex(row[0].digest);
    assert_int_equal(crypto_sha256(NULL, 0, nothing), CRYPTO_OK);
    assert_memory_equal(nothing, expected.byte, sizeof nothing);
}

static void running_hash_of_a_million(void **state)
{
    (void)state;
    uint8_t block[1000];
    uint8_t digest[CRYPTO_SHA256_SIZE];
    struct hex expected = hex("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    struct crypto_hash *hash = NULL;
    memset(block, 'a', sizeof block);
    assert_int_equal(crypto_hash_begin(&hash), CRYPTO_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(crypto_hash_update(hash, span_of(block, sizeof block)), CRYPTO_OK);
    }
    assert_int_equal(crypto_hash_finish(hash, digest), CRYPTO_OK);
    assert_memory_equal(digest, expected.byte, sizeof digest);
    crypto_hash_free(hash);
    assert_int_equal(crypto_hash_begin(&hash), CRYPTO_OK);
    crypto_hash_free(hash); /* abandoned half way */
    crypto_hash_free(NULL);
}

static void published_signatures_verify(void **state)
{
    (void)state;
    assert_int_equal(verify_hex(COSE_ES256, P256_KEY, "sample", SAMPLE_R SAMPLE_S), CRYPTO_OK);
    assert_int_equal(verify_hex(COSE_ES256, P256_KEY, "test", TEST_R TEST_S), CRYPTO_OK);
    assert_int_equal(verify_hex(COSE_ES256, P256_KEY, "test", SAMPLE_R SAMPLE_S),
                     CRYPTO_BAD_SIGNATURE);

    static const struct {
        const char *key, *message, *signature;
    } ed[] = {
        {ED_KEY, "", ED_R ED_S},
        {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
        {"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
         "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
         "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
    };
    for (size_t i = 0; i < COUNT_OF(ed); i++) {
        struct hex message = hex(ed[i].message);
        struct hex signature = hex(ed[i].signature);
        assert_int_equal(verify(COSE_EDDSA, ed[i].key, span_hex(&message), &signature), CRYPTO_OK);
        message.byte[message.len++] = 0;
        assert_int_equal(verify(COSE_EDDSA, ed[i].key, span_hex(&message), &signature),
                         CRYPTO_BAD_SIGNATURE);
    }
}

/* Keys made so that r or s is tiny: r + n and s + n then fit in 32 bytes and mean the same to a
 * verifier that forgets the range. In the last row R's x coordinate is n + 3, and r = 3 is genuine.
 */
static void es256_numbers_out_of_range(void **state)
{
    (void)state;
    static const char tiny_s_key[] =
        "036c3cb628004e45ab7982dcae68074d6e7e5bc3e80dcedb7e6d7c89af4c827b13";
    static const char tiny_r_key[] =
        "02a3312ac726e598edf8ed333582d820a5c8e5e0b812f178f04fb2bb35930e7c1e";
    static const char wrapped_key[] =
        "0258d7a2b2c1a0f79caf1c66bec7b31020d74cbd838966ee8adc1ac9743d72e6dc";
#define TINY_S_R  "9fad84aeae08bbef7f010014d82cef6a09de2b0cf871b5ce0c4f1d13a59a5934"
#define DIGEST_S  "8c2b6402154d9f64ec16995d0430a487639506fcc421bf7ed8c81a17585a7c10"
#define NUMBER(x) "00000000000000000000000000000000000000000000000000000000000000" x
#define N_PLUS(x) "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325" x
    static const struct {
        const char *key, *signature;
        enum crypto_error error;
    } row[] = {
        {tiny_s_key, TINY_S_R NUMBER("01"), CRYPTO_OK},
        {tiny_s_key, TINY_S_R N_PLUS("52"), CRYPTO_BAD_SIGNATURE},
        {tiny_r_key, NUMBER("05") DIGEST_S, CRYPTO_OK},
        {tiny_r_key, N_PLUS("56") DIGEST_S, CRYPTO_BAD_SIGNATURE},
        {wrapped_key, NUMBER("03") DIGEST_S, CRYPTO_OK},
        {wrapped_key, N_PLUS("54") DIGEST_S, CRYPTO_BAD_SIGNATURE},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        assert_int_equal(verify_hex(COSE_ES256, row[i].key, "saksi", row[i].signature),
                         row[i].error);
    }
}

static void es256_signatures_that_are_almost_right(void **state)
{
    (void)state;
    static const char *const bad[] = {
        ZERO ZERO,
        ZERO SAMPLE_S,
        SAMPLE_R ZERO,
        P256_N SAMPLE_S,
        SAMPLE_R P256_N,
        P256_N P256_N,
        ONES SAMPLE_S,
        SAMPLE_R ONES,
        ONES ONES,
        SAMPLE_S SAMPLE_R,                       /* swapped */
        SAMPLE_R TEST_S,                         /* halves of two signatures */
        NUMBER("01") NUMBER("01"),               /* r = s = 1 */
        N_PLUS("50") N_PLUS("50"),               /* n - 1 */
        "",                                      /* nothing */
        SAMPLE_R,                                /* half of it */
        SAMPLE_R SAMPLE_S "00",                  /* one byte more */
        "00" SAMPLE_R SAMPLE_S,                  /* one byte more, in front */
        "00" SAMPLE_R "00" SAMPLE_S,             /* two halves of 33 bytes */
        "3046022100" SAMPLE_R "022100" SAMPLE_S, /* DER */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(verify_hex(COSE_ES256, P256_KEY, "sample", bad[i]), CRYPTO_BAD_SIGNATURE);
    }
}

static void eddsa_signatures_that_are_almost_right(void **state)
{
    (void)state;
    static const char *const bad[] = {
        ED_R "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b", /* S + L */
        ED_R "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", /* S = L */
        ED_R ZERO,
        ED_R ONES,
        ZERO ED_S,
        ONES ED_S,
        ZERO ZERO,
        "0100000000000000000000000000000000000000000000000000000000000000" ZERO, /* R = identity */
        ED_S ED_R,
        ED_R ED_S "00",
        ED_R,
        "",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(verify_hex(COSE_EDDSA, ED_KEY, "", bad[i]), CRYPTO_BAD_SIGNATURE);
    }
}

static void flip_everything(int alg, const char *key, const char *message, const char *signature)
{
    struct hex good = hex(signature);
    uint8_t text[16];
    size_t len = strlen(message);
    memcpy(text, message, len);
    for (size_t bit = 0; bit < good.len * 8; bit++) {
        struct hex bad = good;
        bad.byte[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(verify(alg, key, span_of(text, len), &bad), CRYPTO_BAD_SIGNATURE);
    }
    for (size_t bit = 0; bit < len * 8; bit++) {
        text[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(verify(alg, key, span_of(text, len), &good), CRYPTO_BAD_SIGNATURE);
        text[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t shorter = 0; shorter < good.len; shorter++) {
        struct hex bad = good;
        bad.len = shorter;
        assert_int_equal(verify(alg, key, span_of(text, len), &bad), CRYPTO_BAD_SIGNATURE);
    }
    for (size_t shorter = 0; shorter < len; shorter++) {
        assert_int_equal(verify(alg, key, span_of(text, shorter), &good), CRYPTO_BAD_SIGNATURE);
    }
    assert_int_equal(verify(alg, key, span_of(text, len), &good), CRYPTO_OK);
}

static void every_flipped_bit_and_every_prefix_is_refused(void **state)
{
    (void)state;
    flip_everything(COSE_ES256, P256_KEY, "sample", SAMPLE_R SAMPLE_S);
    /* RFC 8032 §7.1, test 2, whose message is "r" */
    flip_everything(COSE_EDDSA, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                    "r",
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

/* Another key, also one that differs in the sign of a coordinate alone. */
static void another_key_is_refused(void **state)
{
    (void)state;
    assert_int_equal(
        verify_hex(COSE_ES256, "0260fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
                   "sample", SAMPLE_R SAMPLE_S),
        CRYPTO_BAD_SIGNATURE);
    assert_int_equal(verify_hex(COSE_EDDSA,
                                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707519a",
                                "", ED_R ED_S),
                     CRYPTO_BAD_SIGNATURE);
}

/* The document names an algorithm; it must be the key's. */
static void swapped_algorithm_is_refused(void **state)
{
    (void)state;
    static const int alg[] = {COSE_ES256, COSE_EDDSA};
    static const char *const bytes[] = {P256_KEY, ED_KEY};
    struct hex signature[] = {hex(SAMPLE_R SAMPLE_S), hex(ED_R ED_S)};
    static const char *const message[] = {"sample", ""};

    for (size_t i = 0; i < 2; i++) {
        struct hex key_bytes = hex(bytes[i]);
        struct crypto_key *key = NULL;
        assert_int_equal(crypto_key_new(alg[i], span_hex(&key_bytes), &key), CRYPTO_OK);
        struct span m = span_str(message[i]);
        struct span s = span_hex(&signature[i]);
        assert_int_equal(crypto_verify(key, alg[i], m, s), CRYPTO_OK);
        assert_int_equal(crypto_verify(key, alg[1 - i], m, s), CRYPTO_BAD_SIGNATURE);
        assert_int_equal(crypto_verify(key, 0, m, s), CRYPTO_BAD_SIGNATURE);
        assert_int_equal(crypto_verify(key, -35, m, s), CRYPTO_BAD_SIGNATURE);
        crypto_key_free(key);
    }
    crypto_key_free(NULL);
}

/* Both ways into a key give the same answer, and a refusal leaves the outputs alone. */
static void check_key(int alg, const char *text, enum crypto_error expected)
{
    struct hex bytes = hex(text);
    uint8_t *exact = check_heap_copy(span_hex(&bytes));
    uint8_t kid[CRYPTO_KID_SIZE] = "untouche";
    struct crypto_key *key = NULL;
    assert_int_equal(crypto_kid(alg, span_of(exact, bytes.len), kid), expected);
    assert_int_equal(crypto_key_new(alg, span_of(exact, bytes.len), &key), expected);
    if (expected != CRYPTO_OK) {
        assert_memory_equal(kid, "untouche", sizeof kid);
        assert_null(key);
    }
    crypto_key_free(key);
    free(exact);
}

#define P256_X    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define P256_Y    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define THIRTY(x) x "00000000000000000000000000000000000000000000000000000000000000"

static void p256_keys_that_are_none(void **state)
{
    (void)state;
    check_key(COSE_ES256, P256_KEY, CRYPTO_OK);
    check_key(COSE_ES256, "02" NUMBER("05"), CRYPTO_OK);
    static const char *const bad[] = {
        "02" NUMBER("01"), /* x not on the curve */
        "02" ONES,         /* x ≥ p */
        "02ffffffff00000001000000000000000000000001000000000000000000000004", /* x = p + 5 */
        "02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", /* x = p */
        "00" P256_X,
        "01" P256_X,
        "04" P256_X, /* uncompressed, cut short */
        "05" P256_X,
        "06" P256_X,
        "ff" P256_X,
        "04" P256_X P256_Y, /* uncompressed */
        "07" P256_X P256_Y, /* hybrid */
        "00",               /* the point at infinity */
        P256_KEY "00",
        P256_X,
        "",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_key(COSE_ES256, bad[i], CRYPTO_BAD_KEY);
    }
}

static void check_compress(const char *point, const char *compressed)
{
    struct hex bytes = hex(point);
    uint8_t *exact = check_heap_copy(span_hex(&bytes));
    uint8_t key[CRYPTO_MAX_PUBLIC_KEY] = "untouched";
    enum crypto_error error = crypto_p256_compress(span_of(exact, bytes.len), key);
    free(exact);
    assert_int_equal(error, compressed == NULL ? CRYPTO_BAD_KEY : CRYPTO_OK);
    if (compressed == NULL) {
        assert_memory_equal(key, "untouched", 9);
    } else {
        struct hex wanted = hex(compressed);
        assert_memory_equal(key, wanted.byte, sizeof key);
    }
}

static void uncompressed_points(void **state)
{
    (void)state;
    check_compress("04" P256_X P256_Y, P256_KEY);
    check_compress("04" P256_X "86fc01eef74743675be51616a9d7439b0d0e4df4d28160ae885c3d6b2bb9dd66",
                   "02" P256_X); /* p - y */
    static const char *const bad[] = {
        "04" P256_X "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d446229b", /* y + 2 */
        "04" P256_Y P256_X,
        "04" ZERO ZERO,
        "04" ONES ONES,
        "06" P256_X P256_Y,
        "07" P256_X P256_Y,
        "03" P256_X P256_Y,
        "04" P256_X P256_Y "00",
        "04" P256_X,
        P256_KEY,
        "00",
        "",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_compress(bad[i], NULL);
    }
}

static void ed25519_keys_that_are_none(void **state)
{
    (void)state;
    check_key(COSE_EDDSA, ED_KEY, CRYPTO_OK);
    check_key(COSE_EDDSA, THIRTY("03"), CRYPTO_OK);
    static const char *const bad[] = {
        /* order 1, 2, 4, 8, with either sign of x */
        THIRTY("01"),
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        ZERO,
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        /* y = p and above: not canonical (p, p + 1: small order again; p + 3, p + 18: would be
           points) */
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ONES,
        /* y without an x */
        THIRTY("02"),
        THIRTY("07"),
        THIRTY("08"),
        /* wrong lengths */
        ED_KEY "00",
        P256_KEY,
        "d75a98",
        "",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_key(COSE_EDDSA, bad[i], CRYPTO_BAD_KEY);
    }
}

static void unknown_algorithms(void **state)
{
    (void)state;
    static const int alg[] = {0, 7, 8, -6, -9, -35, -36, -37, -257, 2147483647, -2147483647 - 1};
    for (size_t i = 0; i < COUNT_OF(alg); i++) {
        check_key(alg[i], P256_KEY, CRYPTO_UNSUPPORTED);
        check_key(alg[i], ED_KEY, CRYPTO_UNSUPPORTED);
    }
}

/* Computed independently from the SubjectPublicKeyInfo. */
static void kid_values(void **state)
{
    (void)state;
    static const struct {
        int alg;
        const char *key, *kid;
    } row[] = {{COSE_ES256, P256_KEY, "5a7a78cca4a0f420"},
               {COSE_EDDSA, ED_KEY, "06e3fd8fda29bb60"}};
    for (size_t i = 0; i < 2; i++) {
        struct hex key = hex(row[i].key);
        struct hex expected = hex(row[i].kid);
        uint8_t kid[CRYPTO_KID_SIZE];
        assert_int_equal(crypto_kid(row[i].alg, span_hex(&key), kid), CRYPTO_OK);
        assert_memory_equal(kid, expected.byte, sizeof kid);
    }
}

static void random_bytes_differ(void **state)
{
    (void)state;
    uint8_t bytes[2][32] = {{0}};
    uint8_t zero[32] = {0};
    assert_int_equal(crypto_random(bytes[0], 32), CRYPTO_OK);
    assert_int_equal(crypto_random(bytes[1], 32), CRYPTO_OK);
    assert_memory_not_equal(bytes[0], bytes[1], 32);
    assert_memory_not_equal(bytes[0], zero, 32);
    assert_int_equal(crypto_random(zero, 0), CRYPTO_OK);
}

static void wipe_and_compare(void **state)
{
    (void)state;
    uint8_t a[] = "secret";
    uint8_t b[] = "secreT";
    assert_true(crypto_equal(a, a, sizeof a));
    assert_false(crypto_equal(a, b, sizeof a));
    assert_true(crypto_equal(a, b, 5));
    assert_true(crypto_equal(a, b, 0));
    crypto_wipe(a, sizeof a);
    assert_memory_equal(a, "\0\0\0\0\0\0", sizeof a);
}

struct job {
    const struct crypto_key *key;
    struct hex signature;
    int wrong;
};

static void *verify_many(void *argument)
{
    struct job *job = (struct job *)argument;
    for (int i = 0; i < 50; i++) {
        struct span s = span_hex(&job->signature);
        job->wrong += crypto_verify(job->key, COSE_ES256, span_str("sample"), s) != CRYPTO_OK;
        job->wrong +=
            crypto_verify(job->key, COSE_ES256, span_str("simple"), s) != CRYPTO_BAD_SIGNATURE;
    }
    return NULL;
}

static void one_key_serves_many_threads(void **state)
{
    (void)state;
    pthread_t thread[4];
    struct job job[4];
    struct hex bytes = hex(P256_KEY);
    struct crypto_key *key = NULL;
    assert_int_equal(crypto_key_new(COSE_ES256, span_hex(&bytes), &key), CRYPTO_OK);
    for (size_t i = 0; i < 4; i++) {
        job[i] = (struct job){key, hex(SAMPLE_R SAMPLE_S), 0};
        assert_int_equal(pthread_create(&thread[i], NULL, verify_many, &job[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_int_equal(job[i].wrong, 0);
    }
    crypto_key_free(key);
}

/* Activating the null provider alone leaves OpenSSL's default context without a single algorithm.
 */
static bool break_the_default_configuration(void)
{
    static char name[] = TEST_BINARY_DIR "/test_crypto_XXXXXX";
    int fd = mkstemp(name);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL) {
        return false;
    }
    fputs("openssl_conf = init\n[init]\nproviders = list\n[list]\nnull = n\n[n]\nactivate = 1\n",
          file);
    return fclose(file) == 0 && setenv("OPENSSL_CONF", name, 1) == 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_parts),
        cmocka_unit_test(running_hash_of_a_million),
        cmocka_unit_test(published_signatures_verify),
        cmocka_unit_test(es256_numbers_out_of_range),
        cmocka_unit_test(es256_signatures_that_are_almost_right),
        cmocka_unit_test(eddsa_signatures_that_are_almost_right),
        cmocka_unit_test(every_flipped_bit_and_every_prefix_is_refused),
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(swapped_algorithm_is_refused),
        cmocka_unit_test(p256_keys_that_are_none),
        cmocka_unit_test(uncompressed_points),
        cmocka_unit_test(ed25519_keys_that_are_none),
        cmocka_unit_test(unknown_algorithms),
        cmocka_unit_test(kid_values),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(wipe_and_compare),
        cmocka_unit_test(one_key_serves_many_threads),
    };
    if (!break_the_default_configuration()) {
        return 1;
    }
    int failed = cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
    (void)unlink(getenv("OPENSSL_CONF"));
    return failed;
}
