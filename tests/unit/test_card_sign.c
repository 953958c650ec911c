/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's signatures: digests at the edges of their range by value, and faults. The library's
 * function that signs is wrapped by the linker, so that a glitch can spoil what it computes; the
 * card then answers 6F00, and nothing of the signature leaves it.
 */
#include "piv_host.h"
#include "card/crypto.h"

enum { SIGNATURE_BITS = 8 * CARD_SIGNATURE, NO_BIT = -1, HASH_LINE = 10 + 2 * 32 };

/* Names that the linker's --wrap makes. */
size_t __wrap_br_ecdsa_i31_sign_raw(const void *curve, const void *hash, const void *digest,
                                    const void *key, uint8_t *signature);
size_t __real_br_ecdsa_i31_sign_raw(const void *curve, const void *hash, const void *digest,
                                    const void *key, uint8_t *signature);

/* What goes wrong in the next signatures, and the right one of the last. */
static struct {
    int flip;    /* this bit of the signature, or NO_BIT */
    bool repeat; /* it is the one of the last message again */
    bool fails;  /* nothing is computed at all */
    unsigned signatures;
    uint8_t last[CARD_SIGNATURE];
} fault;

size_t __wrap_br_ecdsa_i31_sign_raw(const void *curve, const void *hash, const void *digest,
                                    const void *key, uint8_t *signature)
{
    uint8_t before[CARD_SIGNATURE];
    memcpy(before, fault.last, sizeof before);
    fault.signatures++;
    size_t len = __real_br_ecdsa_i31_sign_raw(curve, hash, digest, key, signature);
    assert_int_equal(len, CARD_SIGNATURE);
    memcpy(fault.last, signature, CARD_SIGNATURE);
    if (fault.flip != NO_BIT) {
        signature[fault.flip / 8] ^= (uint8_t)(1U << fault.flip % 8);
    }
    if (fault.repeat) {
        memcpy(signature, before, sizeof before);
    }
    return fault.fails ? 0 : len;
}

static struct card_host host;

static int make(void **state)
{
    (void)state;
    uint8_t point[65];
    memset(&fault, 0, sizeof fault);
    fault.flip = NO_BIT;
    host_make(&host, 91);
    host_open(&host, 0x03);
    assert_int_equal(host_generate(&host), SW_OK);
    piv_host_personalise(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_generate(&host, 0x9E, point), SW_OK);
    host_select(&host);
    return 0;
}

/* RFC 6979 with its key of A.2.5, for digests as numbers around 0 and the order n: those that are
 * the same modulo n have the same signature. Computed with big numbers, apart from any library.
 * What is 0 modulo n is not signed: the library's check does not take u1 = 0. */
static void digests_at_the_edges_have_their_signatures(void **state)
{
    (void)state;
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define OF_1                                                                                       \
    "492aa14595fcebaf00d14fe37d582462b0ce38bbe670a245be44ff6fdd0d772d"                             \
    "082b82545bb6902dec6fe354a3921e3efc909325731c3cf906c35c4089e3f860"
    static const char *const row[][2] = {
        {ZEROS, NULL},
        {"0000000000000000000000000000000000000000000000000000000000000001", OF_1},
        {"8000000000000000000000000000000000000000000000000000000000000000",
         "5cdc5144ca3b9031c9bb9d3dc3ccc75b8bdbfefdadba9085661b627662c19caf"
         "3220eeb289d55a500ae921ef8d7bbacd75ee6e9333be711ee4d00282c1282944"},
        {"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", /* n - 1 */
         "c675c43e829a5e838be6014515bcc7d82fb8d3053c770d32d322a9e9e35530e7"
         "49996eb95b9f4471484b96cd60fef80a14f6504ed7279e133404a61e1ab8aee5"},
        {"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NULL},
        {"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552", OF_1},
        {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         "1f2adbc54b88764c279f689fc9505959fc9e73e80dc20889a4e0be91865de75b"
         "9d109b65e2fbfc0ae42ba0b2e5f03670cd458cff4882df6783f3d93d607d1755"},
    };
    uint8_t private_key[CARD_PRIVATE_KEY], public_key[CARD_PUBLIC_KEY];
    check_hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", private_key, 32);
    check_hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
              "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
              public_key, CARD_PUBLIC_KEY);
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        uint8_t digest[CARD_DIGEST], wanted[CARD_SIGNATURE], signature[CARD_SIGNATURE];
        check_hex(row[i][0], digest, sizeof digest);
        check_hex(row[i][1] == NULL ? ZEROS ZEROS : row[i][1], wanted, sizeof wanted);
        assert_int_equal(card_sign(private_key, public_key, digest, signature), row[i][1] != NULL);
        assert_memory_equal(signature, wanted, sizeof wanted);
    }
}

static bool holds(const void *room, size_t room_len, const uint8_t *bytes, size_t len)
{
    const uint8_t *at = room;
    for (size_t i = 0; i + len <= room_len; i++) {
        if (memcmp(at + i, bytes, len) == 0) {
            return true;
        }
    }
    return false;
}

/* 6F00 and not a byte more; nor does the card keep any part of it for another command. */
static void expect_nothing(uint16_t sw)
{
    assert_int_equal(sw, SW_INTERNAL);
    assert_int_equal(host.data.len, 0);
    for (size_t i = 0; i < CARD_SIGNATURE; i += 8) {
        assert_false(holds(&host.card, sizeof host.card, fault.last + i, 8));
        assert_false(holds(host.bytes, sizeof host.bytes, fault.last + i, 8));
    }
    assert_int_equal(host_hex(&host, "00C00000 00"), SW_CONDITIONS);
}

static uint16_t sign_with_9e(void)
{
    char data[2 * 4 + HASH_LINE] = "7C24 8200 8120 ";
    memset(data + strlen(data), '5', 64);
    return piv_host_authenticate(&host, 0x11, 0x9E, data);
}

static uint16_t prove(void)
{
    char command[2 * (5 + CARD_PROOF_INPUT) + 3] = "0088000041";
    memset(command + 10, '1', 2 * CARD_PROOF_INPUT);
    memcpy(command + 10 + 2 * CARD_PROOF_INPUT - 2,
           "01"
           "00",
           5);
    memset(host.bytes, 0, sizeof host.bytes);
    return host_hex(&host, command);
}

static void no_flipped_bit_of_a_proof_leaves_the_card(void **state)
{
    (void)state;
    for (int bit = 0; bit < SIGNATURE_BITS; bit++) {
        fault.flip = bit;
        expect_nothing(prove());
    }
    fault.flip = NO_BIT;
    assert_int_equal(prove(), SW_OK);
    check_bytes(host.data, span_of(fault.last, CARD_SIGNATURE));
    assert_int_equal(host_prove(&host), SW_OK);
}

static void nor_of_a_piv_signature(void **state)
{
    (void)state;
    piv_host_select(&host);
    for (int bit = 0; bit < SIGNATURE_BITS; bit += 3) {
        fault.flip = bit;
        memset(host.bytes, 0, sizeof host.bytes);
        expect_nothing(sign_with_9e());
    }
    fault.flip = NO_BIT;
    assert_int_equal(sign_with_9e(), SW_OK);
    assert_true(holds(host.data.ptr, host.data.len, fault.last, 8));
}

/* In the channel, with encryption and R-MAC, a failure is a bare status word as well. */
static void nor_in_the_channel(void **state)
{
    (void)state;
    uint8_t input[CARD_PROOF_INPUT] = {[CARD_PROOF_INPUT - 1] = CARD_PURPOSE_ISSUE};
    const struct apdu command = {
        .ins = CARD_INS_INTERNAL_AUTHENTICATE, .data = span_of(input, sizeof input), .ne = 256};
    host_open(&host, 0x13);
    for (int bit = 0; bit < SIGNATURE_BITS; bit += 37) {
        fault.flip = bit;
        assert_int_equal(host_secure(&host, &command), SW_INTERNAL);
        assert_int_equal(host.data.len, 0);
    }
    fault.flip = NO_BIT;
    assert_int_equal(host_secure(&host, &command), SW_OK); /* the session has gone on */
    check_bytes(host.data, span_of(fault.last, CARD_SIGNATURE));
}

/* A signature that is good, but of another message; and none at all. */
static void a_signature_of_something_else_stays_inside(void **state)
{
    (void)state;
    assert_int_equal(prove(), SW_OK);
    assert_int_equal(host_prove(&host), SW_OK);
    fault.repeat = true;
    expect_nothing(prove());
    fault.repeat = false;
    fault.fails = true;
    expect_nothing(prove());
    fault.fails = false;
    assert_int_equal(prove(), SW_OK);
}

/* The private key is not the public one's: as if flash, or reading it, had failed. Every signature
 * is checked against the key that the card shows. */
static void a_spoilt_key_signs_nothing(void **state)
{
    (void)state;
    uint8_t pair[CARD_PRIVATE_KEY + CARD_PUBLIC_KEY];
    assert_true(store_read(&host.card.store, STORE_PAIR, 0, pair, sizeof pair));
    for (size_t i = 0; i < sizeof pair; i += 5) {
        pair[i] ^= 0x10;
        assert_int_equal(store_write(&host.card.store, STORE_PAIR, span_of(pair, sizeof pair)),
                         STORE_OK);
        unsigned before = fault.signatures;
        expect_nothing(prove());
        assert_int_equal(fault.signatures, before + 1);
        pair[i] ^= 0x10;
    }
    assert_int_equal(store_write(&host.card.store, STORE_PAIR, span_of(pair, sizeof pair)),
                     STORE_OK);
    assert_int_equal(host_prove(&host), SW_OK);
}

#define CARD_TEST(f) cmocka_unit_test_setup(f, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(digests_at_the_edges_have_their_signatures),
        CARD_TEST(no_flipped_bit_of_a_proof_leaves_the_card),
        CARD_TEST(nor_of_a_piv_signature),
        CARD_TEST(nor_in_the_channel),
        CARD_TEST(a_signature_of_something_else_stays_inside),
        CARD_TEST(a_spoilt_key_signs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
