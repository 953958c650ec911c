/* SPDX-License-Identifier: Apache-2.0
 *
 * A PIV client, written from SP 800-73-4 as the card is, with other tools.
 */
#include "piv_host.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "wire/tlv.h"

enum { ROOM = 4300 };

const uint8_t piv_host_key[32] = {0x3A, 0x51, 0x07, 0xE2, 0x94, 0xB8, 0x0D, 0x66, 0x19, 0xC4, 0x7F,
                                  0x20, 0xDD, 0x83, 0x5E, 0x41, 0xA6, 0x92, 0x38, 0x0B, 0x75, 0xFA,
                                  0x2C, 0x10, 0x67, 0xEE, 0x89, 0x14, 0x53, 0xD0, 0xBF, 0x4A};

void piv_host_select(struct card_host *host)
{
    assert_int_equal(host_hex(host, "00A404000B A000000308000010000100 00"), SW_OK);
}

void piv_host_open(struct card_host *host, uint8_t level)
{
    piv_host_select(host);
    assert_int_equal(host_challenge(host), SW_OK);
    assert_int_equal(host_authenticate(host, level), SW_OK);
}

uint16_t piv_host_put(struct card_host *host, uint8_t reference, struct span value)
{
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    tlv_put(&w, reference, value);
    const struct apdu command = {
        .cla = 0x80, .ins = CARD_INS_STORE_DATA, .p1 = 0x80, .data = writer_span(&w)};
    return host_secure(host, &command);
}

void piv_host_personalise(struct card_host *host)
{
    uint8_t key[1 + PIV_HOST_KEY_BYTES] = {CARD_PIV_AES_192};
    memcpy(key + 1, piv_host_key, PIV_HOST_KEY_BYTES);
    piv_host_open(host, 0x03);
    assert_int_equal(piv_host_put(host, 0x80, span_of("\x03" PIV_HOST_PIN, 9)), SW_OK);
    assert_int_equal(piv_host_put(host, 0x81, span_of("\x03" PIV_HOST_PUK, 9)), SW_OK);
    assert_int_equal(piv_host_put(host, 0x9B, span_of(key, sizeof key)), SW_OK);
}

uint16_t piv_host_secret(struct card_host *host, uint8_t ins, uint8_t reference, const char *first,
                         const char *second)
{
    uint8_t data[16];
    struct writer w = writer_of(data, sizeof data);
    writer_put(&w, span_of(first, 8));
    if (second != NULL) {
        writer_put(&w, span_of(second, 8));
    }
    return host_send(host, &(struct apdu){.ins = ins, .p2 = reference, .data = writer_span(&w)});
}

uint16_t piv_host_verify(struct card_host *host, const char *pin)
{
    return piv_host_secret(host, CARD_INS_VERIFY, CARD_PIV_PIN, pin, NULL);
}

uint16_t piv_host_authenticate(struct card_host *host, uint8_t algorithm, uint8_t reference,
                               const char *data)
{
    uint8_t room[512];
    return host_send(host, &(struct apdu){.ins = CARD_INS_GENERAL_AUTHENTICATE,
                                          .p1 = algorithm,
                                          .p2 = reference,
                                          .data = check_hex(data, room, sizeof room),
                                          .ne = 256});
}

void piv_host_block(struct span key, bool encrypts, uint8_t block[16])
{
    const EVP_CIPHER *kind = key.len == 16   ? EVP_aes_128_ecb()
                             : key.len == 24 ? EVP_aes_192_ecb()
                                             : EVP_aes_256_ecb();
    uint8_t out[32];
    int n;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_CipherInit_ex(context, kind, NULL, key.ptr, NULL, encrypts), 1);
    EVP_CIPHER_CTX_set_padding(context, 0);
    assert_int_equal(EVP_CipherUpdate(context, out, &n, block, 16), 1);
    memcpy(block, out, 16);
    EVP_CIPHER_CTX_free(context);
}

uint16_t piv_host_manage(struct card_host *host)
{
    uint8_t data[20] = {0x7C, 0x12, 0x82, 0x10};
    if (piv_host_authenticate(host, CARD_PIV_AES_192, 0x9B, "7C02 8100") != SW_OK) {
        return host->sw;
    }
    assert_int_equal(host->data.len, 20);
    memcpy(data + 4, host->data.ptr + 4, 16);
    piv_host_block(span_of(piv_host_key, PIV_HOST_KEY_BYTES), true, data + 4);
    return host_send(host, &(struct apdu){.ins = CARD_INS_GENERAL_AUTHENTICATE,
                                          .p1 = CARD_PIV_AES_192,
                                          .p2 = 0x9B,
                                          .data = span_of(data, sizeof data)});
}

uint16_t piv_host_generate(struct card_host *host, uint8_t reference, uint8_t point[65])
{
    static const uint8_t p256[] = {0xAC, 0x03, 0x80, 0x01, 0x11};
    const struct apdu command = {
        .ins = CARD_INS_GENERATE, .p2 = reference, .data = span_of(p256, sizeof p256), .ne = 256};
    if (host_send(host, &command) == SW_OK) {
        assert_int_equal(host->data.len, 70);
        assert_memory_equal(host->data.ptr, "\x7F\x49\x43\x86\x41\x04", 6);
        memcpy(point, host->data.ptr + 5, 65);
    }
    return host->sw;
}

bool piv_host_is_signature(const uint8_t point[65], const uint8_t digest[32], struct span der)
{
    char group[] = "P-256";
    uint8_t copy[65];
    memcpy(copy, point, sizeof copy);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof copy),
        OSSL_PARAM_construct_end()};
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    EVP_PKEY_CTX_free(context);
    context = EVP_PKEY_CTX_new(key, NULL);
    assert_int_equal(EVP_PKEY_verify_init(context), 1);
    bool good = EVP_PKEY_verify(context, der.ptr, der.len, digest, 32) == 1;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

uint16_t piv_host_sign(struct card_host *host, uint8_t reference, uint64_t seed,
                       const uint8_t point[65])
{
    uint8_t data[38] = {0x7C, 0x24, 0x82, 0x00, 0x81, 0x20};
    check_random_bytes(&seed, data + 6, 32);
    const struct apdu command = {.ins = CARD_INS_GENERAL_AUTHENTICATE,
                                 .p1 = CARD_PIV_P256,
                                 .p2 = reference,
                                 .data = span_of(data, sizeof data),
                                 .ne = 256};
    if (host_send(host, &command) == SW_OK) {
        struct span inner;
        struct span der;
        assert_true(tlv_find(host->data, 0x7C, &inner) && tlv_find(inner, 0x82, &der));
        assert_int_equal(host->data.len, 2 + inner.len);
        assert_true(piv_host_is_signature(point, data + 6, der));
        data[6] ^= 1;
        assert_false(piv_host_is_signature(point, data + 6, der));
    }
    return host->sw;
}

static uint16_t put_part(struct card_host *host, struct span part, bool last, bool extended)
{
    return host_send(host, &(struct apdu){.cla = last ? 0 : CARD_CLA_CHAIN,
                                          .ins = CARD_INS_PUT_DATA,
                                          .p1 = 0x3F,
                                          .p2 = 0xFF,
                                          .data = part,
                                          .extended = extended});
}

uint16_t piv_host_put_object(struct card_host *host, uint32_t tag, struct span value, size_t part)
{
    uint8_t room[ROOM];
    struct writer w = writer_of(room, sizeof room);
    writer_be(&w, 0x5C03, 2);
    writer_be(&w, tag, 3);
    tlv_put(&w, 0x53, value);
    struct reader r = reader_of(writer_span(&w));
    do {
        size_t n = part == 0 || r.rest.len < part ? r.rest.len : part;
        struct span bytes = reader_take(&r, n);
        put_part(host, bytes, r.rest.len == 0, n > 255);
    } while (host->sw == SW_OK && r.rest.len != 0);
    return host->sw;
}

uint16_t piv_host_get_object(struct card_host *host, uint32_t tag, uint32_t ne, struct writer *room)
{
    uint8_t bytes[ROOM];
    uint8_t list[5] = {0x5C, 0x03, (uint8_t)(tag >> 16), (uint8_t)(tag >> 8), (uint8_t)tag};
    struct writer w = writer_of(bytes, sizeof bytes);
    host_send(host, &(struct apdu){.ins = CARD_INS_GET_DATA,
                                   .p1 = 0x3F,
                                   .p2 = 0xFF,
                                   .data = span_of(list, sizeof list),
                                   .ne = ne});
    writer_put(&w, host->data);
    while (host->sw >> 8 == SW_MORE >> 8) {
        uint32_t left = host->sw & 0xFF; /* 0: more than 255 */
        uint32_t take = left != 0 && left < ne ? left : ne;
        host_send(host, &(struct apdu){.ins = CARD_INS_GET_RESPONSE, .ne = take});
        writer_put(&w, host->data);
    }
    if (host->sw == SW_OK) {
        struct span value;
        assert_true(tlv_find(writer_span(&w), 0x53, &value));
        assert_int_equal(value.ptr + value.len - bytes, w.len);
        writer_put(room, value);
    }
    return host->sw;
}

uint8_t piv_host_tries(const struct card_host *host, unsigned object)
{
    uint8_t left;
    struct store store = host->card.store;
    assert_true(store_read(&store, object, 0, &left, 1));
    return left;
}
