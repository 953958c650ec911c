/* SPDX-License-Identifier: Apache-2.0
 *
 * GENERAL AUTHENTICATE and GENERATE ASYMMETRIC KEY PAIR: who may use which key, every answer, and
 * the examples that documents give by value.
 */
#include "piv_host.h"
#include "wire/tlv.h"

static struct card_host host;
static uint8_t points[3][65];
static const uint8_t references[3] = {0x9A, 0x9C, 0x9E};

#define HASH     "8120 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
#define SIGN     "7C24 8200" HASH
#define PLAIN    "00112233445566778899AABBCCDDEEFF"
#define RESPONSE "7C12 8210"

static int make(void **state)
{
    (void)state;
    host_make(&host, 62);
    host_personalise(&host, 7);
    piv_host_personalise(&host);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(piv_host_generate(&host, references[i], points[i]), SW_OK);
    }
    host_restart(&host);
    piv_host_select(&host);
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    assert_false(host.native.broke_a_rule);
    return 0;
}

static void nine_e_signs_without_a_pin(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) { /* with DER of all lengths */
        assert_int_equal(piv_host_sign(&host, 0x9E, seed, points[2]), SW_OK);
    }
}

static void nine_a_signs_after_the_pin(void **state)
{
    (void)state;
    assert_int_equal(piv_host_sign(&host, 0x9A, 1, points[0]), SW_SECURITY);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_sign(&host, 0x9A, 1, points[0]), SW_OK);
    assert_int_equal(piv_host_sign(&host, 0x9A, 2, points[0]), SW_OK);
    assert_int_equal(piv_host_verify(&host, "999999\xFF\xFF"), SW_TRIES_LEFT + 2);
    assert_int_equal(piv_host_sign(&host, 0x9A, 3, points[0]), SW_SECURITY);
}

static void nine_c_signs_once_for_each_pin(void **state)
{
    (void)state;
    assert_int_equal(piv_host_sign(&host, 0x9C, 1, points[1]), SW_SECURITY);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(host_hex(&host, "00CB3FFF 03 5C017E 00"), SW_OK); /* reading does no harm */
    assert_int_equal(piv_host_sign(&host, 0x9C, 1, points[1]), SW_OK);
    assert_int_equal(piv_host_sign(&host, 0x9C, 1, points[1]), SW_SECURITY);
    assert_int_equal(host_hex(&host, "00200080"), SW_OK); /* shown, but not again */
    assert_int_equal(piv_host_sign(&host, 0x9C, 1, points[1]), SW_SECURITY);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_sign(&host, 0x9E, 1, points[2]), SW_OK); /* another key used it up */
    assert_int_equal(piv_host_sign(&host, 0x9C, 1, points[1]), SW_SECURITY);
    assert_int_equal(piv_host_sign(&host, 0x9A, 1, points[0]), SW_OK);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_authenticate(&host, 0x11, 0x9C, "7C00"), SW_WRONG_DATA);
    assert_int_equal(piv_host_sign(&host, 0x9C, 1, points[1]), SW_SECURITY);
}

struct answer {
    uint8_t algorithm;
    uint8_t reference;
    const char *data;
    uint16_t sw;
};

static void expect_all(const struct answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct answer *a = &answers[i];
        if (piv_host_authenticate(&host, a->algorithm, a->reference, a->data) != a->sw) {
            print_error("%02X %02X %s\n", a->algorithm, a->reference, a->data);
        }
        assert_int_equal(host.sw, a->sw);
        assert_true(a->sw == SW_OK || host.data.len == 0);
    }
}

static void what_is_no_request_to_sign_is_refused(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {0x11, 0x9E, SIGN, SW_OK},
        {0x11, 0x9E, "7C24" HASH "8200", SW_OK},
        {0x11, 0x9E, "", SW_WRONG_LENGTH},
        {0x11, 0x9E, "7C", SW_WRONG_DATA},
        {0x11, 0x9E, "7C00", SW_WRONG_DATA},
        {0x11, 0x9E, "7C02 8200", SW_WRONG_DATA},
        {0x11, 0x9E, "7C22" HASH, SW_WRONG_DATA},           /* no place for the signature */
        {0x11, 0x9E, "7C24 8100" HASH, SW_WRONG_DATA},      /* a tag twice */
        {0x11, 0x9E, "7C26 8200 8000" HASH, SW_WRONG_DATA}, /* a witness */
        {0x11, 0x9E, "7C26 8200 8500" HASH, SW_WRONG_DATA}, /* key agreement */
        {0x11, 0x9E, "7C25 8201AA" HASH, SW_WRONG_DATA},
        {0x11, 0x9E, SIGN "00", SW_WRONG_DATA},
        {0x11, 0x9E, "7D24 8200" HASH, SW_WRONG_DATA},
        {0x11, 0x9E, "7C18 8200 8114 000102030405060708090A0B0C0D0E0F10111213", SW_WRONG_DATA},
        {0x11, 0x9E,
         "7C25 8200 8121 00000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
         SW_WRONG_DATA},
    };
    expect_all(answers, COUNT_OF(answers));
}

static uint16_t ask(uint8_t algorithm, uint8_t reference, struct span data)
{
    uint8_t *exact = check_heap_copy(data);
    const struct apdu command = {
        .ins = 0x87, .p1 = algorithm, .p2 = reference, .data = span_of(exact, data.len), .ne = 256};
    uint16_t sw = host_send(&host, &command);
    free(exact);
    return sw;
}

static void every_prefix_and_every_flip_of_a_head_is_refused(void **state)
{
    (void)state;
    uint8_t data[64];
    struct span whole = check_hex(SIGN, data, sizeof data);
    for (size_t len = 1; len < whole.len; len++) {
        assert_int_equal(ask(0x11, 0x9E, span_of(data, len)), SW_WRONG_DATA);
    }
    for (size_t bit = 0; bit < (size_t)6 * 8; bit++) {
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(ask(0x11, 0x9E, whole), SW_WRONG_DATA);
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    whole = check_hex("7C26 8010" PLAIN "8110" PLAIN "8200", data, sizeof data);
    for (size_t len = 1; len < whole.len; len++) {
        assert_int_equal(ask(0x0A, 0x9B, span_of(data, len)), SW_WRONG_DATA);
    }
}

/* BearSSL does not verify signatures of nothing, and the card hands out none that is not verified.
 */
static void zeros_are_not_signed(void **state)
{
    (void)state;
    uint8_t data[38] = {0x7C, 0x24, 0x82, 0x00, 0x81, 0x20};
    assert_int_equal(ask(0x11, 0x9E, span_of(data, sizeof data)), SW_INTERNAL);
    assert_int_equal(host.data.len, 0);
}

/* All pairs of algorithm and reference: those that exist, and no other. */
static void only_these_keys_exist(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
        uint8_t algorithm = (uint8_t)(pair >> 8);
        uint8_t reference = (uint8_t)pair;
        bool signs =
            algorithm == 0x11 && (reference == 0x9A || reference == 0x9C || reference == 0x9E);
        bool manages =
            (algorithm == 0x08 || algorithm == 0x0A || algorithm == 0x0C) && reference == 0x9B;
        const struct apdu command = {.ins = 0x87, .p1 = algorithm, .p2 = reference};
        assert_int_equal(host_send(&host, &command),
                         signs || manages ? SW_WRONG_LENGTH : SW_WRONG_P1P2);
    }
}

static void a_request_may_come_in_parts(void **state)
{
    (void)state;
    assert_int_equal(host_hex(&host, "1087119E 14 7C24 8200 8120 000102030405060708090A0B0C0D"),
                     SW_OK);
    assert_int_equal(host_hex(&host, "0087119E 12 0E0F101112131415161718191A1B1C1D1E1F 00"), SW_OK);
    uint8_t digest[32];
    for (uint8_t i = 0; i < 32; i++) {
        digest[i] = i;
    }
    assert_true(
        piv_host_is_signature(points[2], digest, span_of(host.data.ptr + 4, host.data.len - 4)));
    uint8_t first[80];
    size_t len = host.data.len;
    memcpy(first, host.data.ptr, len);
    assert_int_equal(piv_host_authenticate(&host, 0x11, 0x9E, SIGN), SW_OK);
    check_bytes(host.data, span_of(first, len)); /* RFC 6979: the same again */
}

/* RFC 6979, A.2.5, with the key there put in place of 9E. */
static void signatures_are_those_of_rfc_6979(void **state)
{
    (void)state;
    static const char *const hashes[] = {
        "7C24 8200 8120 AF2BDBE1AA9B6EC1E2ADE1D694F41FC71A831D0268E9891562113D8A62ADD1BF",
        "7C24 8200 8120 9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"};
    static const char *const signatures[] = {
        "7C4A 8248 3046"
        "022100 EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "022100 F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        "7C49 8247 3045"
        "022100 F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
        "0220   019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"};
    uint8_t room[97];
    struct span pair =
        check_hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721 04"
                  "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                  "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
                  room, sizeof room);
    assert_int_equal(store_write(&host.card.store, STORE_PIV_PAIR + 2, pair), STORE_OK);
    for (size_t i = 0; i < 2; i++) {
        uint8_t wanted[80];
        assert_int_equal(piv_host_authenticate(&host, 0x11, 0x9E, hashes[i]), SW_OK);
        check_bytes(host.data, check_hex(signatures[i], wanted, sizeof wanted));
    }
    room[96] ^= 1; /* a public key that is not the private one's: nothing is handed out */
    assert_int_equal(store_write(&host.card.store, STORE_PIV_PAIR + 2, pair), STORE_OK);
    assert_int_equal(piv_host_authenticate(&host, 0x11, 0x9E, SIGN), SW_INTERNAL);
    assert_int_equal(host.data.len, 0);
}

/* FIPS 197, appendix C: the challenge there, encrypted under the keys there. */
static void management_keys_are_those_of_fips_197(void **state)
{
    (void)state;
    static const struct {
        uint8_t algorithm;
        uint8_t key_bytes;
        const char *response;
    } examples[] = {
        {0x08, 16, "69C4E0D86A7B0430D8CDB78070B4C55A"},
        {0x0A, 24, "DDA97CA4864CDFE06EAF70A0EC0D7191"},
        {0x0C, 32, "8EA2B7CA516745BFEAFC49904B496089"},
    };
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        uint8_t key[33] = {examples[i].algorithm};
        uint8_t plain[16];
        char text[64] = RESPONSE;
        for (uint8_t n = 0; n < 32; n++) {
            key[1 + n] = n;
        }
        struct span value = span_of(key, 1U + examples[i].key_bytes);
        assert_int_equal(store_write(&host.card.store, STORE_MANAGEMENT, value), STORE_OK);
        check_hex(PLAIN, plain, sizeof plain);
        memcpy(host.card.piv.challenge, plain, 16);
        host.card.piv.pending = PIV_CHALLENGE;
        strcat(text, examples[i].response);
        assert_int_equal(piv_host_authenticate(&host, examples[i].algorithm, 0x9B, text), SW_OK);
        assert_true(host.card.piv.managed);
        memcpy(host.card.piv.challenge, plain, 16);
        host.card.piv.pending = PIV_WITNESS;
        assert_int_equal(piv_host_authenticate(&host, examples[i].algorithm, 0x9B,
                                               "7C26 8200 8010" PLAIN "8110" PLAIN),
                         SW_OK);
        uint8_t wanted[20];
        check_bytes(host.data, check_hex(text, wanted, sizeof wanted));
    }
}

static void single_authentication_opens_the_card(void **state)
{
    (void)state;
    uint8_t other[65];
    assert_int_equal(piv_host_generate(&host, 0x9E, other), SW_SECURITY);
    assert_int_equal(piv_host_manage(&host), SW_OK);
    assert_int_equal(piv_host_generate(&host, 0x9E, other), SW_OK);
    assert_int_equal(piv_host_sign(&host, 0x9E, 4, other), SW_OK);
    assert_memory_not_equal(other, points[2], 65);
    static const char *const enders[] = {"00A4040007 F053414B534901 00", "00870A9B 04 7C008200"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(piv_host_manage(&host), SW_OK);
        host_hex(&host, enders[i]);
        piv_host_select(&host);
        assert_int_equal(piv_host_generate(&host, 0x9E, other), SW_SECURITY);
    }
    assert_int_equal(piv_host_manage(&host), SW_OK);
    piv_host_select(&host); /* again: it stays */
    assert_int_equal(piv_host_generate(&host, 0x9E, other), SW_OK);
    host_restart(&host);
    piv_host_select(&host);
    assert_int_equal(piv_host_generate(&host, 0x9E, other), SW_SECURITY);
}

/* The data that answers a witness, with the host's challenge behind it. */
static void decrypt_witness(uint8_t data[40])
{
    static const uint8_t head[] = {0x7C, 0x26, 0x80, 0x10};
    assert_int_equal(piv_host_authenticate(&host, 0x0A, 0x9B, "7C02 8000"), SW_OK);
    assert_int_equal(host.data.len, 20);
    assert_memory_equal(host.data.ptr, "\x7C\x12\x80\x10", 4);
    memcpy(data, head, 4);
    memcpy(data + 4, host.data.ptr + 4, 16);
    piv_host_block(span_of(piv_host_key, 24), false, data + 4);
    check_hex("8110" PLAIN "8200", data + 20, 20);
}

static uint16_t send_bytes(struct span data)
{
    return host_send(&host,
                     &(struct apdu){.ins = 0x87, .p1 = 0x0A, .p2 = 0x9B, .data = data, .ne = 256});
}

static void mutual_authentication_opens_the_card(void **state)
{
    (void)state;
    uint8_t data[40];
    uint8_t wanted[16];
    uint8_t point[65];
    decrypt_witness(data);
    assert_int_equal(send_bytes(span_of(data, 40)), SW_OK);
    check_hex(PLAIN, wanted, sizeof wanted);
    piv_host_block(span_of(piv_host_key, 24), true, wanted);
    assert_int_equal(host.data.len, 20);
    assert_memory_equal(host.data.ptr, "\x7C\x12\x82\x10", 4);
    assert_memory_equal(host.data.ptr + 4, wanted, 16);
    assert_int_equal(piv_host_generate(&host, 0x9A, point), SW_OK);
    decrypt_witness(data);
    data[1] -= 2; /* without the empty response */
    assert_int_equal(send_bytes(span_of(data, 38)), SW_OK);
    assert_int_equal(send_bytes(span_of(data, 38)), SW_CONDITIONS); /* each once */
    assert_false(host.card.piv.managed);
}

static void a_wrong_answer_opens_nothing(void **state)
{
    (void)state;
    uint8_t data[40];
    for (unsigned bit = 0; bit < 128; bit++) {
        decrypt_witness(data);
        data[4 + bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(send_bytes(span_of(data, 40)), SW_SECURITY);
        assert_int_equal(host.data.len, 0);
        assert_false(host.card.piv.managed);
        assert_int_equal(piv_host_authenticate(&host, 0x0A, 0x9B, "7C02 8100"), SW_OK);
        uint8_t answer[20] = {0x7C, 0x12, 0x82, 0x10};
        memcpy(answer + 4, host.data.ptr + 4, 16);
        piv_host_block(span_of(piv_host_key, 24), true, answer + 4);
        answer[4 + bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(send_bytes(span_of(answer, 20)), SW_SECURITY);
        assert_false(host.card.piv.managed);
    }
    decrypt_witness(data); /* a witness is no challenge, and the other way round */
    uint8_t answer[20] = {0x7C, 0x12, 0x82, 0x10};
    memcpy(answer + 4, host.card.piv.challenge, 16);
    piv_host_block(span_of(piv_host_key, 24), true, answer + 4);
    assert_int_equal(send_bytes(span_of(answer, 20)), SW_CONDITIONS);
    assert_int_equal(piv_host_authenticate(&host, 0x0A, 0x9B, "7C02 8100"), SW_OK);
    memcpy(data + 4, host.data.ptr + 4, 16);
    assert_int_equal(send_bytes(span_of(data, 40)), SW_CONDITIONS);
}

static void what_is_no_step_of_authentication_is_refused(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {0x08, 0x9B, "7C02 8100", SW_WRONG_P1P2}, /* the key is of AES-192 */
        {0x0C, 0x9B, "7C02 8100", SW_WRONG_P1P2},
        {0x03, 0x9B, "7C02 8100", SW_WRONG_P1P2}, /* triple DES */
        {0x11, 0x9B, "7C02 8100", SW_WRONG_P1P2},
        {0x0A, 0x9B, "7C00", SW_WRONG_DATA},
        {0x0A, 0x9B, "7C02 8200", SW_WRONG_DATA},
        {0x0A, 0x9B, "7C04 8000 8100", SW_WRONG_DATA},
        {0x0A, 0x9B, "7C02 8300", SW_WRONG_DATA},
        {0x0A, 0x9B, "7C04 8100 8100", SW_WRONG_DATA},
        {0x0A, 0x9B, "7C03 8201AA", SW_WRONG_DATA},
        {0x0A, 0x9B, RESPONSE PLAIN, SW_CONDITIONS}, /* nothing was asked */
        {0x0A, 0x9B, "7C24 8010" PLAIN "8110" PLAIN, SW_CONDITIONS},
        {0x0A, 0x9B, "7C14 8110" PLAIN "8200", SW_WRONG_DATA}, /* the card encrypts nothing */
        {0x0A, 0x9B, "7C12 8110" PLAIN, SW_WRONG_DATA},
        {0x0A, 0x9B, "7C12 8010" PLAIN, SW_WRONG_DATA},
        {0x0A, 0x9B, "7C36 8010" PLAIN "8110" PLAIN "8210" PLAIN, SW_WRONG_DATA},
    };
    expect_all(answers, COUNT_OF(answers));
    host.native.random_fails = true;
    assert_int_equal(piv_host_authenticate(&host, 0x0A, 0x9B, "7C02 8100"), SW_INTERNAL);
    assert_int_equal(host.card.piv.pending, 0);
}

static void generate_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        uint16_t sw;
    } answers[] = {
        {"0047019A 05 AC03800111 00", SW_WRONG_P1P2},
        {"0047009B 05 AC03800111 00", SW_WRONG_P1P2},
        {"0047009D 05 AC03800111 00", SW_WRONG_P1P2},
        {"00470000 05 AC03800111 00", SW_WRONG_P1P2},
        {"0047009A 00", SW_WRONG_LENGTH},
        {"0047009A 05 AC03800107 00", SW_WRONG_DATA}, /* RSA */
        {"0047009A 05 AC03800114 00", SW_WRONG_DATA}, /* P-384 */
        {"0047009A 02 AC00 00", SW_WRONG_DATA},
        {"0047009A 04 AC038001 00", SW_WRONG_DATA},
        {"0047009A 06 AC0380011100 00", SW_WRONG_DATA},
        {"1047009A 05 AC03800111 00", SW_CHAIN_UNKNOWN},
        {"8047009A 05 AC03800111 00", SW_CLA_UNKNOWN},
        {"0047009A 05 AC03800111 00", SW_OK},
    };
    assert_int_equal(piv_host_manage(&host), SW_OK);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_int_equal(host_hex(&host, answers[i].command), answers[i].sw);
    }
    host.native.random_fails = true;
    assert_int_equal(host_hex(&host, "0047009A 05 AC03800111 00"), SW_INTERNAL);
}

static bool flash_holds(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + len <= NATIVE_FLASH; i++) {
        if (memcmp(host.native.flash + i, bytes, len) == 0) {
            return true;
        }
    }
    return false;
}

static void a_replaced_key_is_forgotten(void **state)
{
    (void)state;
    uint8_t pair[97];
    uint8_t point[65];
    assert_true(store_read(&host.card.store, STORE_PIV_PAIR, 0, pair, sizeof pair));
    assert_true(flash_holds(pair, 32));
    piv_host_open(&host, 0x01); /* the channel gives the right as well */
    static const uint8_t p256[] = {0xAC, 0x03, 0x80, 0x01, 0x11};
    const struct apdu command = {.ins = 0x47, .p2 = 0x9A, .data = span_of(p256, 5), .ne = 256};
    assert_int_equal(host_secure(&host, &command), SW_OK);
    memcpy(point, host.data.ptr + 5, 65);
    assert_int_equal(host_send(&host, &command), SW_SECURITY); /* inside it only */
    assert_false(flash_holds(pair, 32));
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_sign(&host, 0x9A, 6, point), SW_OK);
}

static void without_a_key_nothing_is_signed(void **state)
{
    (void)state;
    host_make(&host, 8);
    piv_host_select(&host);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(piv_host_authenticate(&host, 0x11, references[i], SIGN), SW_REFERENCE);
    }
    assert_int_equal(piv_host_authenticate(&host, 0x0A, 0x9B, "7C02 8100"), SW_REFERENCE);
}

#define PIV_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PIV_TEST(nine_e_signs_without_a_pin),
        PIV_TEST(nine_a_signs_after_the_pin),
        PIV_TEST(nine_c_signs_once_for_each_pin),
        PIV_TEST(what_is_no_request_to_sign_is_refused),
        PIV_TEST(every_prefix_and_every_flip_of_a_head_is_refused),
        PIV_TEST(zeros_are_not_signed),
        PIV_TEST(only_these_keys_exist),
        PIV_TEST(a_request_may_come_in_parts),
        PIV_TEST(signatures_are_those_of_rfc_6979),
        PIV_TEST(management_keys_are_those_of_fips_197),
        PIV_TEST(single_authentication_opens_the_card),
        PIV_TEST(mutual_authentication_opens_the_card),
        PIV_TEST(a_wrong_answer_opens_nothing),
        PIV_TEST(what_is_no_step_of_authentication_is_refused),
        PIV_TEST(generate_says_what_is_wrong),
        PIV_TEST(a_replaced_key_is_forgotten),
        PIV_TEST(without_a_key_nothing_is_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
