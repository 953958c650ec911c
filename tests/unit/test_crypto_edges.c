/* SPDX-License-Identifier: Apache-2.0
 *
 * Signatures at the edges of their equations, by value: the largest and smallest numbers, special
 * points, and what verifiers are known to disagree about. All are over "saksi" and were computed
 * with big numbers, apart from any library of cryptography: for P-256, R and s were chosen and the
 * key follows as u2^-1 (R - u1 G); for Ed25519, secret scalar and nonce were chosen, and points of
 * small order added.
 */
#include "base/crypto.h"
#include "check.h"
#include "codec/cose.h"

enum { KEY = 33, SIGNATURE = 64 };

struct edge {
    const char *key, *signature;
    enum crypto_error error;
};

static enum crypto_error verify_bytes(int alg, const char *key_hex, const uint8_t *signature,
                                      size_t len, const char *message)
{
    uint8_t room[KEY];
    struct crypto_key *key = NULL;
    struct span bytes = check_hex(key_hex, room, sizeof room);
    assert_int_equal(crypto_key_new(alg, bytes, &key), CRYPTO_OK);
    uint8_t *exact = check_heap_copy(span_of(signature, len));
    enum crypto_error error = crypto_verify(key, alg, span_str(message), span_of(exact, len));
    free(exact);
    crypto_key_free(key);
    return error;
}

static enum crypto_error verify(int alg, const char *key, const char *signature,
                                const char *message)
{
    uint8_t room[2 * SIGNATURE];
    struct span bytes = check_hex(signature, room, sizeof room);
    return verify_bytes(alg, key, bytes.ptr, bytes.len, message);
}

static void check_edges(int alg, const struct edge *edge, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum crypto_error error = verify(alg, edge[i].key, edge[i].signature, "saksi");
        if (error != edge[i].error) {
            print_error("%s\n", edge[i].signature);
        }
        assert_int_equal(error, edge[i].error);
        assert_int_equal(verify(alg, edge[i].key, edge[i].signature, "saks1"),
                         CRYPTO_BAD_SIGNATURE);
    }
}

/* ---- P-256 ---- */

static void es256_at_the_edges(void **state)
{
    (void)state;
    static const struct edge edges[] = {
        {"03363eeaabf496c0f11d54da510ddf98c98b2827870acdd35212ef05d0de191ea1",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "0000000000000000000000000000000000000000000000000000000000000001",
         CRYPTO_OK}, /* s = 1 */
        {"02a6edd1a1e13f168ea74abdcd4b18c47a4cfd74ed45a9caca52d822de8ff1e9e1",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
         CRYPTO_OK}, /* s = n - 1 */
        {"03158009a0aa4d4eab9b706c5c50067627f743b06696a741259851669f2edc45d4",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "0000000000000000000000000000000100000000000000000000000000000000",
         CRYPTO_OK}, /* s = 2^128 */
        {"0218a86a977a885fbed40fef4ef821a4393b1ad0f7cd88b4c99c85e58c5f6f6696",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8",
         CRYPTO_OK}, /* s = (n - 1) / 2 */
        {"02bc22ce77233227870c4945fcc712459f0778b30c8a1a9f654e8fded8b288bf65",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9",
         CRYPTO_OK}, /* s = (n + 1) / 2 */
        {"0251160674980b648c389978889e295b4c526589048d42f9757a7d301faae8de6b",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "8c2b6402154d9f64ec16995d0430a487639506fcc421bf7ed8c81a17585a7c10",
         CRYPTO_OK}, /* u1 = 1 */
        {"0397984a01744b3ad99bd0016e5ac575c6da9510ffacc5060a4c385f6f761b7d30",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "73d49bfceab2609c13e966a2fbcf5b785951f3b0e2f5df061af1b0aba408a941",
         CRYPTO_OK}, /* u1 = n - 1 */
        {"0223aa7d24cef61b077558ea2b256c34f3d0ed539eb896a8dbf80ad9dfb2c53651",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390",
         CRYPTO_OK}, /* r = s: u2 = 1 */
        {"0217f28a5d72cb7bd51d598dccb8fdf949f20ee3ac9a90e136e7ed8179609a33a8",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "f3b105391ffaf0fef0b79b82bf97b141c8eaa2184a79063378ac8e51a892d1c1",
         CRYPTO_OK}, /* r = n - s: u2 = n - 1 */
        {"02a3312ac726e598edf8ed333582d820a5c8e5e0b812f178f04fb2bb35930e7c1e",
         "0000000000000000000000000000000000000000000000000000000000000005"
         "8c2b6402154d9f64ec16995d0430a487639506fcc421bf7ed8c81a17585a7c10",
         CRYPTO_OK}, /* r = 5, the least that is an x */
        {"0307fe2685e3eea8897b6111689769185df673ba694ea9cbe898f82f8097eee647",
         "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f"
         "8c2b6402154d9f64ec16995d0430a487639506fcc421bf7ed8c81a17585a7c10",
         CRYPTO_OK}, /* r = n - 2, the largest */
        {"03e4c44231c6cdfbda340bd4a25f628bf92cd54ad925c42b243347699ee99df73f",
         "000000000000000000000000000000004319055358e8617b0c46353d039cdaab"
         "8c2b6402154d9f64ec16995d0430a487639506fcc421bf7ed8c81a17585a7c10",
         CRYPTO_OK}, /* x of R is p - 3, r is x - n */
        {"036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "db444e338a2dafb6fe6698047896f74d24b13945e98f0c046873a3973156bb6d",
         CRYPTO_OK}, /* the key is G, ... */
        {"026b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "ef2246e5660a1ce8dbebb77941faf708684ffb35eb72ca40faf9e6cf8ee00843",
         CRYPTO_OK}, /* ... -G, ... */
        {"037cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
         "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
         "d15551da9c3f791e0fa4084a13e4f76f82e1d84de89d2ce61f3081fb02921502",
         CRYPTO_OK}, /* ... 2 G */
        {"03eda30ee77f8e7154c7dcfb68b110592b6ebdf4359a071923d439d22d841123c3",
         "3a24d36701f98b8d827e3956919209d76d30990b6eb96105c02637526df8293c"
         "2c30a0f6646846d7f164b34708e32ed4ab181d4ef925e63bc1310d404cfad965",
         CRYPTO_OK}, /* u1 G = u2 Q: the sum is a doubling */
        {"029fc60532fcb1142476e5d9c65b8725b5b418fed6c0480183d3a147fbee150c73",
         "0000000000000000000000000000000000000000000000000000000001234567"
         "0000000000000000000000000000000000000000000000000000000007654321",
         CRYPTO_BAD_SIGNATURE}, /* u1 G = -u2 Q: there is no R */
    };
    check_edges(COSE_ES256, edges, COUNT_OF(edges));
}

/* RFC 6979 A.2.5: the key, and its signatures over "sample" and "test". */
#define P256_KEY "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define SAMPLE_R "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
#define SAMPLE_S "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
#define TEST_R   "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
#define TEST_S   "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"

/* ECDSA has two values of s for every signature, and nobody here asks for the lower one: it is the
 * digest of what is signed that names a credential (WIRE.md), and both have the same. */
static void both_values_of_s_are_good(void **state)
{
    (void)state;
    static const struct {
        const char *message, *signature[2];
    } row[] = {
        {"sample",
         {SAMPLE_R SAMPLE_S,
          SAMPLE_R "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9"}},
        {"test",
         {TEST_R TEST_S,
          TEST_R "fe60beeb8bd5d4ec42da6d94b639b6ea5dc07c4cd3965338e6f1887217f424ce"}},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(verify(COSE_ES256, P256_KEY, row[i].signature[k], row[i].message),
                             CRYPTO_OK);
            assert_int_equal(verify(COSE_ES256, P256_KEY, row[i].signature[k], row[1 - i].message),
                             CRYPTO_BAD_SIGNATURE);
        }
    }
    assert_int_equal(
        verify(COSE_ES256, P256_KEY, /* n - r: R has one x, not two */
               "102b74d453495703eebf22632ba17e291fba7332506ca4f3306cbc1aadb3ee3b" SAMPLE_S,
               "sample"),
        CRYPTO_BAD_SIGNATURE);
}

/* Numbers around 0, n and p, in place of r, of s, and of both. */
static void special_numbers_sign_nothing(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8", /* (n - 1) / 2 */
        "8000000000000000000000000000000000000000000000000000000000000000",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", /* n - 1 */
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552",
        "ffffffff00000001000000000000000000000000fffffffffffffffffffffffe", /* p - 1 */
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        "ffffffff00000001000000000000000000000001000000000000000000000000",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        SAMPLE_R,
        SAMPLE_S,
    };
    unsigned good = 0;
    for (size_t i = 0; i < COUNT_OF(numbers) * COUNT_OF(numbers); i++) {
        uint8_t signature[SIGNATURE];
        const char *r = numbers[i / COUNT_OF(numbers)], *s = numbers[i % COUNT_OF(numbers)];
        check_hex(r, signature, 32);
        check_hex(s, signature + 32, 32);
        enum crypto_error error =
            verify_bytes(COSE_ES256, P256_KEY, signature, SIGNATURE, "sample");
        bool genuine = strcmp(r, SAMPLE_R) == 0 && strcmp(s, SAMPLE_S) == 0;
        assert_int_equal(error, genuine ? CRYPTO_OK : CRYPTO_BAD_SIGNATURE);
        good += genuine;
    }
    assert_int_equal(good, 1);
}

/* The private key of RFC 6979 A.2.5 over "sample" in other ways: right elsewhere, and not here. */
static void signatures_of_other_schemes_are_refused(void **state)
{
    (void)state;
#define OTHER_R "0c4efac5e0050f020f48647d40684ebdf3fc58955c9e98517b0d3c7153d05390"
    static const char *const others[] = {
        "523590fc00263b4ecc096c6df7cee2edc66c7f1722709b43ac267240e2d34e26" /* secp256k1 */
        "a1d97f431b2eaff55e3c530c13470192205d9698a8897653af44c08f5621cfa2",
        OTHER_R "07189bc5c9dc9904861f5eb8873db03376805c68e1fe73d53fdabb4f5ed15790", /* SHA-1 */
        OTHER_R "0fba833b1f5643b02f84bcc4e6e31cc6e14f4042a5a15b5180b937b158f3f18a", /* SHA-384 */
        OTHER_R "a32865bad3ffe326b73a007d9cd10716328314d789ec3f503cf9538129d82ec1", /* SHA-512 */
        OTHER_R "d72432da6bcb3769cc8039897718610feacb18f1bc7a7e03b7548cb1bd113535", /* SHA3-256 */
        OTHER_R "7b693a1ed9a0b1061693400c3322b21c3b7165c0c5e772380b58513e75852258", /* digest 0 */
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_int_equal(verify(COSE_ES256, P256_KEY, others[i], "sample"), CRYPTO_BAD_SIGNATURE);
    }
    /* the key of that secp256k1 signature is, by its x, also a point of P-256 */
    assert_int_equal(verify(COSE_ES256,
                            "032c8c31fc9f990c6b55e3865a184a4ce50e09481f2eaeb3e60ec1cea13a6ae645",
                            others[0], "sample"),
                     CRYPTO_BAD_SIGNATURE);
}

/* RFC 3279 DER, long and short, cut to 64 bytes, and lengths around the right one. */
static void forms_and_lengths_other_than_64_bytes_are_refused(void **state)
{
    (void)state;
    uint8_t good[SIGNATURE + 8] = {0};
    uint8_t der[72] = {0x30, 0x46, 0x02, 0x21, 0x00};
    check_hex(SAMPLE_R SAMPLE_S, good, SIGNATURE);
    memcpy(der + 5, good, 32);
    memcpy(der + 37, (const uint8_t[]){0x02, 0x21, 0x00}, 3);
    memcpy(der + 40, good + 32, 32);
    for (size_t len = 0; len <= sizeof good; len++) {
        assert_int_equal(verify_bytes(COSE_ES256, P256_KEY, good, len, "sample"),
                         len == SIGNATURE ? CRYPTO_OK : CRYPTO_BAD_SIGNATURE);
        assert_int_equal(verify_bytes(COSE_ES256, P256_KEY, der, len, "sample"),
                         CRYPTO_BAD_SIGNATURE);
    }
}

/* ---- Ed25519 ---- */

/* RFC 8032 §5.1.7 allows [8]S B = [8]R + [8]k A as well; here it is S B = R + k A, so that parts of
 * small order count. Whoever has the secret scalar can make keys and signatures that verifiers of
 * the other kind take or refuse; nobody else can. */
static void eddsa_at_the_edges(void **state)
{
    (void)state;
    static const struct edge edges[] = {
        {"2306cbb9307731969ec3740a923de3711b7fbbaf5ee2c0bfa0013c6887187749",
         "6675b3c809768ccae7b18bd1d323e2a9f9f38c7ed34ce64853339445cb34171c"
         "65cc835446bd4e253b3522ce749e100a672052abb8b9aee5d0def226fca3500a",
         CRYPTO_OK}, /* as any other */
        {"5866666666666666666666666666666666666666666666666666666666666666",
         "6675b3c809768ccae7b18bd1d323e2a9f9f38c7ed34ce64853339445cb34171c"
         "ac2c9363b7c4811fc386dd36a7e9bfc3c4fb87e9da392a8a622dfec71d99740b",
         CRYPTO_OK}, /* the key is B, ... */
        {"58666666666666666666666666666666666666666666666666666666666666e6",
         "6675b3c809768ccae7b18bd1d323e2a9f9f38c7ed34ce64853339445cb34171c"
         "133f913c549ddf2189d7a0d294ae894f90735dd51bb7436e4db54fb61081b408",
         CRYPTO_OK}, /* ... -B */
        {"2306cbb9307731969ec3740a923de3711b7fbbaf5ee2c0bfa0013c6887187749",
         "ffb8ace8dacb03c4a48618c7c506ae887a52583999fbe4e36c614b3c1f4e624c"
         "f7cb9c3757bd9b6f0e7d6ea67487d4b9f9a324a3955c8e37e27021876e06610b",
         CRYPTO_BAD_SIGNATURE}, /* R has a part of order 8, ... */
        {"2306cbb9307731969ec3740a923de3711b7fbbaf5ee2c0bfa0013c6887187749",
         "4bed65676c7d21519038dd4c407c20835549f40b73581580d0fe8649ce9c6d30"
         "77549e515ac47051eb477368e6ca2f70a00edb29a698fd7c0915d856089b710d",
         CRYPTO_BAD_SIGNATURE}, /* ... 4, ... */
        {"2306cbb9307731969ec3740a923de3711b7fbbaf5ee2c0bfa0013c6887187749",
         "878a4c37f6897335184e742e2cdc1d56060c73812cb319b7accc6bba34cbe8e3"
         "1faf2aa6a6849861dcf71a64f4d9d74b1916b371ba51249785c1adb9da76bf00",
         CRYPTO_BAD_SIGNATURE}, /* ... 2 */
        {"5a9430dd67b676d4f47e15f0007b584ff260bee0edb90a00a07c46fedd110abf",
         "639eb1156ee57ae036f002021a671dca3a9b03dd388f22f38fbfdb504a4a50ba"
         "3554819897f5d9e264f18b45259f2aee712472078094574893cf7f16aad28903",
         CRYPTO_OK}, /* the key has a part of order 8 that vanishes in k A, ... */
        {"5a9430dd67b676d4f47e15f0007b584ff260bee0edb90a00a07c46fedd110abf",
         "6675b3c809768ccae7b18bd1d323e2a9f9f38c7ed34ce64853339445cb34171c"
         "a618f98f6e21f0ea3fa197628d3d0520c5530d1759be4ddc0e22db08bfc7b40b",
         CRYPTO_BAD_SIGNATURE}, /* ... does not, ... */
        {"5a9430dd67b676d4f47e15f0007b584ff260bee0edb90a00a07c46fedd110abf",
         "ffb8ace8dacb03c4a48618c7c506ae887a52583999fbe4e36c614b3c1f4e624c"
         "edbb9ae7eeb8dc22502ef86b21f0f733cd32e815a84fd6c637a1151d59963003",
         CRYPTO_OK}, /* ... is made up for by R */
        {"caf93446cf88ce69613c8bf56dc21c8ee4804450a11d3f405ffec39778e788b6",
         "6675b3c809768ccae7b18bd1d323e2a9f9f38c7ed34ce64853339445cb34171c"
         "e410d02a319cb69ea29d6a4fafc510441347df4841e6d429f3c8ec8af1e4d204",
         CRYPTO_OK}, /* a part of order 2 that vanishes, ... */
        {"caf93446cf88ce69613c8bf56dc21c8ee4804450a11d3f405ffec39778e788b6",
         "61630465479b663e3f6768ce45fd573eda3fbe576a6fb96c41357260c60fb15b"
         "f975f09ef3f5a1a3e0cfc98b01965c6f794bff2fd0f113a65e0b58e5c5d21301",
         CRYPTO_BAD_SIGNATURE}, /* ... does not, ... */
        {"caf93446cf88ce69613c8bf56dc21c8ee4804450a11d3f405ffec39778e788b6",
         "8f1fcde9c9195cf01d019ed73e472a8989ccdcbb99fbd78a8a2cea58a1946386"
         "44a17e1ecb33cf6a9376b63add27d38de2b65daebc1d637a572efaf137697a05",
         CRYPTO_OK}, /* ... is made up for */
    };
    check_edges(COSE_EDDSA, edges, COUNT_OF(edges));
}

#define ED_KEY "2306cbb9307731969ec3740a923de3711b7fbbaf5ee2c0bfa0013c6887187749"

/* S = k a, which fits R of small order but for that part: only R = 0 itself, in its one form. The
 * last four are written with y ≥ p. */
static void eddsa_with_r_of_small_order(void **state)
{
    (void)state;
    static const struct {
        const char *r, *s;
        enum crypto_error error;
    } row[] = {
        {"0100000000000000000000000000000000000000000000000000000000000000",
         "95756ab745e1627423b9a1522cddc9dd996c31633175226fa63c80033c42de0a", CRYPTO_OK},
        {"0100000000000000000000000000000000000000000000000000000000000080",
         "940b0a7c897097300837f479449916011043d8dc7e5c78dd619a94213e4d9a0b", CRYPTO_BAD_SIGNATURE},
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         "d612137877a9a2297f31a8486a285d474d85d32d9022db7a2bb9bc14430d1d09", CRYPTO_BAD_SIGNATURE},
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         "eb686718772220f78e8ef7841b8ef8a1ecb7eb054f041371e230614908c88a09", CRYPTO_BAD_SIGNATURE},
        {"0000000000000000000000000000000000000000000000000000000000000000",
         "b27b0911cb73db8cd69895a3b89479d006977d1e68dc48dce200ae8eecc3b102", CRYPTO_BAD_SIGNATURE},
        {"0000000000000000000000000000000000000000000000000000000000000080",
         "dce6b24a9e3e2ee3d65958744e1cd13f65b4cd24e920ba6203521dfd83c5b105", CRYPTO_BAD_SIGNATURE},
        {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
         "b3fdc75c4f9be77df865955c23beca196077208562172e79df76250536d1ee07", CRYPTO_BAD_SIGNATURE},
        {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
         "e0841b8c6e8523bcf4bbc0ac07e07f7cdcb9c20a3b213fb25e79dd3863091805", CRYPTO_BAD_SIGNATURE},
        {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
         "b0af9b3bf8a4fab47a23081877cd3a6644aea71eec3d1f3306f60478f470840b", CRYPTO_BAD_SIGNATURE},
        {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
         "f73f6cf4970a846062b05253a5d03d9454eb2c7d858fb51ac61e26ef850dd50e", CRYPTO_BAD_SIGNATURE},
        {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         "d2d43d97e449fca5badd35ddc92e954e8f9a80521a7d6fae68b1ee47de2df905", CRYPTO_BAD_SIGNATURE},
        {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         "056eb4d751173ea74c37a43a349eea18ec6d38e94623eb38b21094f6c230e101", CRYPTO_BAD_SIGNATURE},
        {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         "459495dc363e852955497254504c14a1fbfc65164eae6b16c73af8ceca88c503", CRYPTO_BAD_SIGNATURE},
        {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         "41e3c70e1764de5e024297fffc53e7203d35f5029f9ee61c051ec761ec544e05", CRYPTO_BAD_SIGNATURE},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        uint8_t signature[SIGNATURE];
        check_hex(row[i].r, signature, 32);
        check_hex(row[i].s, signature + 32, 32);
        assert_int_equal(verify_bytes(COSE_EDDSA, ED_KEY, signature, SIGNATURE, "saksi"),
                         row[i].error);
    }
}

/* S + L, S + 2 L, … as long as they fit into 32 bytes. */
static void eddsa_with_s_beyond_the_order(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE];
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    check_hex("6675b3c809768ccae7b18bd1d323e2a9f9f38c7ed34ce64853339445cb34171c"
              "65cc835446bd4e253b3522ce749e100a672052abb8b9aee5d0def226fca3500a",
              signature, SIGNATURE);
    for (unsigned times = 0; times < 16; times++) {
        assert_int_equal(verify_bytes(COSE_EDDSA, ED_KEY, signature, SIGNATURE, "saksi"),
                         times == 0 ? CRYPTO_OK : CRYPTO_BAD_SIGNATURE);
        unsigned carry = 0;
        for (size_t i = 0; i < 32; i++) {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(carry, times == 15); /* S + 16 L needs a bit more */
    }
}

/* Signatures over "saksi" that anybody can make under keys of small order: S = r, R = r B, with r
 * chosen so that k A vanishes. Such a key is none. */
static void keys_of_small_order_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *key, *signature;
    } row[] = {
        {"0100000000000000000000000000000000000000000000000000000000000000",
         "5866666666666666666666666666666666666666666666666666666666666666"
         "0100000000000000000000000000000000000000000000000000000000000000"},
        {"0100000000000000000000000000000000000000000000000000000000000080",
         "5866666666666666666666666666666666666666666666666666666666666666"
         "0100000000000000000000000000000000000000000000000000000000000000"},
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd6022"
         "0200000000000000000000000000000000000000000000000000000000000000"},
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         "5866666666666666666666666666666666666666666666666666666666666666"
         "0100000000000000000000000000000000000000000000000000000000000000"},
        {"0000000000000000000000000000000000000000000000000000000000000000",
         "df5c2eadc44c6d94a19a9aa118afe5ac3193d26401f76251f522ff042dfbcb92"
         "0f00000000000000000000000000000000000000000000000000000000000000"},
        {"0000000000000000000000000000000000000000000000000000000000000080",
         "d4b4f5784868c3020403246717ec169ff79e26608ea126a1ab69ee77d1b16712"
         "0300000000000000000000000000000000000000000000000000000000000000"},
        {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
         "2f1132ca61ab38dff00f2fea3228f24c6c71d58085b80e47e19515cb27e8d047"
         "0400000000000000000000000000000000000000000000000000000000000000"},
        {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
         "39289c8998fd69835c26b619e89848a7bf02b7cb7ad1ba1581cbc4506f2550ce"
         "0e00000000000000000000000000000000000000000000000000000000000000"},
        {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
         "5866666666666666666666666666666666666666666666666666666666666666"
         "0100000000000000000000000000000000000000000000000000000000000000"},
        {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
         "91c4675d7103d26d13235834af163c80dc450001a09cafa1c9f1c15d67544ccd"
         "1d00000000000000000000000000000000000000000000000000000000000000"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        uint8_t bytes[32], kid[CRYPTO_KID_SIZE];
        struct crypto_key *key = NULL;
        check_hex(row[i].key, bytes, sizeof bytes);
        assert_int_equal(crypto_key_new(COSE_EDDSA, span_of(bytes, 32), &key), CRYPTO_BAD_KEY);
        assert_int_equal(crypto_kid(COSE_EDDSA, span_of(bytes, 32), kid), CRYPTO_BAD_KEY);
        assert_null(key);
        /* and under another key it is nothing */
        assert_int_equal(verify(COSE_EDDSA, ED_KEY, row[i].signature, "saksi"),
                         CRYPTO_BAD_SIGNATURE);
    }
}

/* A P-256 key may have any x that is one: 0 is, for instance. */
static void keys_at_the_edges(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum crypto_error error;
    } row[] = {
        {"020000000000000000000000000000000000000000000000000000000000000000", CRYPTO_OK},
        {"030000000000000000000000000000000000000000000000000000000000000000", CRYPTO_OK},
        {"000000000000000000000000000000000000000000000000000000000000000000", CRYPTO_BAD_KEY},
        {"02ffffffff00000001000000000000000000000000fffffffffffffffffffffffc", CRYPTO_OK},
        {"02ffffffff00000001000000000000000000000000fffffffffffffffffffffffd", CRYPTO_BAD_KEY},
        {"02ffffffff00000001000000000000000000000000fffffffffffffffffffffffe", CRYPTO_BAD_KEY},
        {"02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", CRYPTO_BAD_KEY},
        {"03ffffffff00000001000000000000000000000001000000000000000000000000", CRYPTO_BAD_KEY},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        uint8_t bytes[KEY];
        struct crypto_key *key = NULL;
        check_hex(row[i].key, bytes, sizeof bytes);
        assert_int_equal(crypto_key_new(COSE_ES256, span_of(bytes, KEY), &key), row[i].error);
        crypto_key_free(key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(es256_at_the_edges),
        cmocka_unit_test(both_values_of_s_are_good),
        cmocka_unit_test(special_numbers_sign_nothing),
        cmocka_unit_test(signatures_of_other_schemes_are_refused),
        cmocka_unit_test(forms_and_lengths_other_than_64_bytes_are_refused),
        cmocka_unit_test(eddsa_at_the_edges),
        cmocka_unit_test(eddsa_with_r_of_small_order),
        cmocka_unit_test(eddsa_with_s_beyond_the_order),
        cmocka_unit_test(keys_of_small_order_are_none),
        cmocka_unit_test(keys_at_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
