/* SPDX-License-Identifier: Apache-2.0
 *
 * A reader and an issuer for tests. Written from the same pages as the card, with other tools.
 */
#include "card_host.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/crypto.h"

enum { ROOM = 2200, COSE_ES256 = -7 };

void host_make(struct card_host *host, uint64_t seed)
{
    memset(host, 0, sizeof *host);
    native_make(&host->native, seed);
    host->keys = host->native.transport_keys;
    card_start(&host->card, &host->native.port, CARD_CONTACT);
}

void host_copy(struct card_host *to, const struct card_host *from)
{
    memcpy(&to->card, &from->card,
           sizeof *to - offsetof(struct card_host, card)); /* flash is the larger part */
    native_copy(&to->native, &from->native);
    to->card.port = &to->native.port;
    to->card.store.port = &to->native.port;
}

void host_restart(struct card_host *host)
{
    native_power_up(&host->native);
    card_start(&host->card, &host->native.port, CARD_CONTACT);
}

uint16_t host_bytes(struct card_host *host, struct span command)
{
    struct apdu_response response = {.sw = 0};
    uint8_t *exact = check_heap_copy(command);
    struct span sent = span_of(exact, command.len);
    size_t len = host->transmit != NULL ? host->transmit(host->transmit_context, sent, host->bytes)
                                        : card_transmit(&host->card, sent, host->bytes);
    free(exact);
    assert_true(len >= 2 && len <= CARD_MAX_RESPONSE);
    assert_true(apdu_response_read(span_of(host->bytes, len), &response));
    host->data = response.data;
    host->sw = response.sw;
    return host->sw;
}

uint16_t host_hex(struct card_host *host, const char *command)
{
    uint8_t room[ROOM];
    return host_bytes(host, check_hex(command, room, sizeof room));
}

uint16_t host_send(struct card_host *host, const struct apdu *command)
{
    uint8_t room[ROOM];
    struct writer w = writer_of(room, sizeof room);
    assert_true(apdu_write(&w, command) && writer_ok(&w));
    return host_bytes(host, writer_span(&w));
}

void host_select(struct card_host *host)
{
    const struct apdu command = {.ins = CARD_INS_SELECT,
                                 .p1 = 0x04,
                                 .data = span_of(CARD_APP_AID, CARD_APP_AID_BYTES),
                                 .ne = 256};
    assert_int_equal(host_send(host, &command), SW_OK);
}

void host_cmac(struct span key, struct span message, uint8_t mac[16])
{
    EVP_MAC *kind = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(kind);
    char name[] = "AES-128-CBC";
    if (key.len == 32) {
        memcpy(name + 4, "256", 3);
    }
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
        OSSL_PARAM_construct_end()};
    size_t len;
    assert_int_equal(EVP_MAC_init(context, key.ptr, key.len, parameters), 1);
    assert_int_equal(EVP_MAC_update(context, message.ptr, message.len), 1);
    assert_int_equal(EVP_MAC_final(context, mac, &len, 16), 1);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(kind);
}

void host_cbc(struct span key, const uint8_t iv[16], bool encrypt, uint8_t *bytes, size_t len)
{
    uint8_t out[ROOM];
    int n;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    const EVP_CIPHER *kind = key.len == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
    assert_true(len <= sizeof out);
    assert_int_equal(EVP_CipherInit_ex(context, kind, NULL, key.ptr, iv, encrypt), 1);
    EVP_CIPHER_CTX_set_padding(context, 0);
    assert_int_equal(EVP_CipherUpdate(context, out, &n, bytes, (int)len), 1);
    assert_int_equal((size_t)n, len);
    memcpy(bytes, out, len);
    EVP_CIPHER_CTX_free(context);
}

/* NIST SP 800-108 as Amendment D lays it out, one or two blocks. */
static void derive(struct span key, uint8_t constant, const uint8_t context[16], uint8_t *out,
                   size_t len)
{
    for (uint8_t i = 1; (size_t)(i - 1) * 16 < len; i++) {
        uint8_t input[32] = {0};
        uint8_t mac[16];
        input[11] = constant;
        input[13] = (uint8_t)(len * 8 >> 8);
        input[14] = (uint8_t)(len * 8);
        input[15] = i;
        memcpy(input + 16, context, 16);
        host_cmac(key, span_of(input, sizeof input), mac);
        memcpy(out + (size_t)(i - 1) * 16, mac, len < 16 ? len : 16);
    }
}

uint16_t host_challenge(struct card_host *host)
{
    static const uint8_t challenge[8] = {0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7};
    const struct apdu command = {
        .cla = 0x80, .ins = 0x50, .data = span_of(challenge, 8), .ne = 256};
    uint8_t context[16];
    uint8_t wanted[8];
    size_t n = host->keys.key_bytes;
    if (host_send(host, &command) != SW_OK) {
        return host->sw;
    }
    assert_int_equal(host->data.len, 29);
    assert_memory_equal(host->data.ptr, host->native.serial, 10);
    assert_int_equal(host->data.ptr[11], 0x03);
    memcpy(context, challenge, 8);
    memcpy(context + 8, host->data.ptr + 13, 8);
    derive(span_of(host->keys.enc, n), 0x04, context, host->s_enc, n);
    derive(span_of(host->keys.mac, n), 0x06, context, host->s_mac, n);
    derive(span_of(host->keys.mac, n), 0x07, context, host->s_rmac, n);
    derive(span_of(host->s_mac, n), 0x00, context, wanted, 8);
    derive(span_of(host->s_mac, n), 0x01, context, host->host_cryptogram, 8);
    memset(host->chain, 0, 16);
    memset(host->counter, 0, 16);
    host->level = 0;
    return host->data.ptr[10] == host->keys.version && memcmp(wanted, host->data.ptr + 21, 8) == 0
               ? SW_OK
               : SW_AUTHENTICATION_FAILED; /* the card's keys are not the host's */
}

struct span host_wrap(struct card_host *host, const struct apdu *command, uint8_t *room)
{
    uint8_t body[ROOM];
    uint8_t zero[16] = {0};
    uint8_t iv[16];
    size_t len = command->data.len;
    size_t n = host->keys.key_bytes;
    if (len != 0) {
        memcpy(body, command->data.ptr, len);
    }
    host->counter[14] = (uint8_t)(host->counter[14] + (++host->counter[15] == 0));
    if ((host->level & SCP03_LEVEL_C_ENC) != 0 && len != 0) {
        body[len++] = 0x80;
        while (len % 16 != 0) {
            body[len++] = 0;
        }
        memcpy(iv, host->counter, 16);
        host_cbc(span_of(host->s_enc, n), zero, true, iv, 16);
        host_cbc(span_of(host->s_enc, n), iv, true, body, len);
    }
    struct apdu wrapped = *command;
    wrapped.cla |= CARD_CLA_SECURE;
    wrapped.data = span_of(body, len + 8);
    wrapped.extended = wrapped.data.len > 255 || command->ne > 256 || command->extended;
    uint8_t input[ROOM + 32];
    struct writer w = writer_of(input, sizeof input);
    const uint8_t head[] = {wrapped.cla, wrapped.ins, wrapped.p1, wrapped.p2, 0};
    writer_put(&w, span_of(host->chain, 16));
    writer_put(&w, span_of(head, wrapped.extended ? 5 : 4));
    writer_be(&w, len + 8, wrapped.extended ? 2 : 1);
    writer_put(&w, span_of(body, len));
    host_cmac(span_of(host->s_mac, n), writer_span(&w), host->chain);
    memcpy(body + len, host->chain, 8);
    w = writer_of(room, ROOM);
    assert_true(apdu_write(&w, &wrapped));
    return writer_span(&w);
}

uint16_t host_authenticate(struct card_host *host, uint8_t level)
{
    uint8_t room[ROOM];
    const struct apdu command = {
        .cla = 0x80, .ins = 0x82, .p1 = level, .data = span_of(host->host_cryptogram, 8)};
    host_bytes(host, host_wrap(host, &command, room));
    memset(host->counter, 0, 16);
    host->level = level;
    return host->sw;
}

void host_open(struct card_host *host, uint8_t level)
{
    host_select(host);
    assert_int_equal(host_challenge(host), SW_OK);
    assert_int_equal(host_authenticate(host, level), SW_OK);
}

/* Warnings (62xx, 63xx) have one, failures do not (Amendment D, §6.2.5). */
static void check_response_mac(struct card_host *host)
{
    uint8_t mac[16];
    uint8_t input[16 + CARD_MAX_RESPONSE];
    bool failure = host->sw != SW_OK && host->sw >> 8 != 0x62 && host->sw >> 8 != 0x63;
    if (failure) {
        assert_int_equal(host->data.len, 0);
    }
    if ((host->level & SCP03_LEVEL_R_MAC) == 0 || failure) {
        return;
    }
    assert_true(host->data.len >= 8);
    host->data.len -= 8;
    struct writer w = writer_of(input, sizeof input);
    writer_put(&w, span_of(host->chain, 16));
    writer_put(&w, host->data);
    writer_be(&w, host->sw, 2);
    host_cmac(span_of(host->s_rmac, host->keys.key_bytes), writer_span(&w), mac);
    assert_memory_equal(mac, host->data.ptr + host->data.len, 8);
}

/* Fetches what the response did not hold, as any reader must. */
static void fetch_rest(struct card_host *host)
{
    struct writer w = writer_of(host->whole, sizeof host->whole);
    writer_put(&w, host->data);
    while (host->sw >> 8 == SW_MORE >> 8) {
        host_send(host, &(struct apdu){.ins = CARD_INS_GET_RESPONSE, .ne = host->sw & 0xFF});
        writer_put(&w, host->data);
    }
    host->data = writer_span(&w);
}

uint16_t host_secure(struct card_host *host, const struct apdu *command)
{
    uint8_t room[ROOM];
    host_bytes(host, host_wrap(host, command, room));
    fetch_rest(host);
    check_response_mac(host);
    return host->sw;
}

static void put_key(struct writer *w, struct span dek, const uint8_t *key, size_t len)
{
    uint8_t secret[32];
    uint8_t zero[16] = {0};
    uint8_t ones[16];
    memcpy(secret, key, len);
    memset(ones, 1, sizeof ones);
    host_cbc(dek, zero, true, secret, len);
    host_cbc(span_of(key, len), zero, true, ones, 16);
    writer_be(w, 0x88, 1);
    writer_be(w, len + 1, 1);
    writer_be(w, len, 1);
    writer_put(w, span_of(secret, len));
    writer_be(w, 3, 1);
    writer_put(w, span_of(ones, 3));
}

struct span host_key_data(const struct card_host *host, const struct card_keys *keys, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM);
    struct span dek = span_of(host->keys.dek, host->keys.key_bytes);
    writer_be(&w, keys->version, 1);
    put_key(&w, dek, keys->enc, keys->key_bytes);
    put_key(&w, dek, keys->mac, keys->key_bytes);
    put_key(&w, dek, keys->dek, keys->key_bytes);
    return writer_span(&w);
}

uint16_t host_put_these_keys(struct card_host *host, const struct card_keys *new)
{
    uint8_t room[ROOM];
    const struct apdu command = {.cla = 0x80,
                                 .ins = CARD_INS_PUT_KEY,
                                 .p2 = 0x81,
                                 .data = host_key_data(host, new, room),
                                 .ne = 256};
    host_secure(host, &command);
    if (host->sw == SW_OK) {
        host->keys = *new; /* with keys of another length, begin a new session */
    }
    return host->sw;
}

uint16_t host_put_keys(struct card_host *host, uint8_t version, uint8_t key_bytes, uint64_t seed)
{
    struct card_keys new = {.version = version, .key_bytes = key_bytes};
    check_random_bytes(&seed, new.enc, key_bytes);
    check_random_bytes(&seed, new.mac, key_bytes);
    check_random_bytes(&seed, new.dek, key_bytes);
    return host_put_these_keys(host, &new);
}

uint16_t host_generate(struct card_host *host)
{
    return host_secure(host, &(struct apdu){.ins = CARD_INS_GENERATE, .ne = 256});
}

uint16_t host_store(struct card_host *host, uint16_t file, struct span bytes, size_t block)
{
    uint8_t data[ROOM];
    uint16_t sw = SW_OK;
    struct reader r = reader_of(bytes);
    for (unsigned i = 0; sw == SW_OK; i++) {
        struct writer w = writer_of(data, sizeof data);
        if (i == 0) {
            writer_be(&w, file, 2);
            writer_be(&w, bytes.len, 2);
        }
        size_t n = r.rest.len < block - w.len ? r.rest.len : block - w.len;
        writer_put(&w, reader_take(&r, n));
        const struct apdu command = {.cla = 0x80,
                                     .ins = CARD_INS_STORE_DATA,
                                     .p1 = r.rest.len == 0 ? 0x80 : 0,
                                     .p2 = (uint8_t)i,
                                     .data = writer_span(&w)};
        sw = host_secure(host, &command);
        if (r.rest.len == 0) {
            break;
        }
    }
    return sw;
}

uint16_t host_set_status(struct card_host *host, uint8_t state)
{
    return host_secure(
        host, &(struct apdu){.cla = 0x80, .ins = CARD_INS_SET_STATUS, .p1 = 0x80, .p2 = state});
}

size_t host_read(struct card_host *host, uint16_t file, uint8_t *room, size_t piece)
{
    const uint8_t name[] = {(uint8_t)(file >> 8), (uint8_t)file};
    const struct apdu select = {
        .ins = CARD_INS_SELECT, .p2 = 0x04, .data = span_of(name, 2), .ne = 256};
    if (host_send(host, &select) == SW_NOT_FOUND) {
        return 0;
    }
    assert_int_equal(host->sw, SW_OK);
    size_t len = (size_t)(host->data.ptr[4] << 8 | host->data.ptr[5]);
    for (size_t at = 0; at < len;) {
        const struct apdu read = {.ins = CARD_INS_READ_BINARY,
                                  .p1 = (uint8_t)(at >> 8),
                                  .p2 = (uint8_t)at,
                                  .ne = (uint32_t)(len - at < piece ? len - at : piece)};
        assert_int_equal(host_send(host, &read), SW_OK);
        assert_int_equal(host->data.len, read.ne);
        memcpy(room + at, host->data.ptr, host->data.len);
        at += host->data.len;
    }
    return len;
}

uint16_t host_prove(struct card_host *host)
{
    uint8_t message[CARD_PROOF_PREFIX_BYTES + CARD_PROOF_INPUT] = CARD_PROOF_PREFIX;
    uint8_t *input = message + CARD_PROOF_PREFIX_BYTES;
    uint8_t point[65];
    uint64_t seed = 99;
    check_random_bytes(&seed, input, CARD_PROOF_INPUT - 1);
    input[CARD_PROOF_INPUT - 1] = CARD_PURPOSE_VERIFY;
    const struct apdu command = {
        .ins = CARD_INS_INTERNAL_AUTHENTICATE, .data = span_of(input, CARD_PROOF_INPUT), .ne = 256};
    assert_int_equal(host_read(host, CARD_APP_PUBLIC_KEY, point, 65), 65);
    if (host_send(host, &command) != SW_OK) {
        return host->sw;
    }
    struct crypto_key *key = NULL;
    uint8_t compressed[33];
    compressed[0] = (uint8_t)(2 | (point[64] & 1));
    memcpy(compressed + 1, point + 1, 32);
    assert_int_equal(crypto_key_new(COSE_ES256, span_of(compressed, 33), &key), CRYPTO_OK);
    assert_int_equal(crypto_verify(key, COSE_ES256, span_of(message, sizeof message), host->data),
                     CRYPTO_OK);
    message[0] ^= 1;
    assert_int_not_equal(
        crypto_verify(key, COSE_ES256, span_of(message, sizeof message), host->data), CRYPTO_OK);
    crypto_key_free(key);
    return SW_OK;
}

void host_personalise(struct card_host *host, uint64_t seed)
{
    host_open(host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_generate(host), SW_OK);
    assert_int_equal(host_put_keys(host, SCP03_FIRST_VERSION, 16, seed), SW_OK);
    assert_int_equal(host_set_status(host, CARD_PERSONALISED), SW_OK);
}
