/* SPDX-License-Identifier: Apache-2.0
 *
 * The management key (SP 800-73-4, part 2, appendix A.1), GENERATE and PUT DATA. Objects go in
 * parts of short length, which every token takes.
 */
#include "devices/card_piv_manage.h"

#include "base/crypto_aes.h"
#include "devices/card_piv_certificate.h"
#include "wire/tlv.h"

enum {
    TAG_TEMPLATE = 0x7C,
    TAG_WITNESS = 0x80,
    TAG_CHALLENGE = 0x81,
    TAG_RESPONSE = 0x82,
    TAG_LIST = 0x5C,
    TAG_DATA = 0x53,
    TAG_CONTROL = 0xAC,
    TAG_ALGORITHM = 0x80,
    TRIPLE_DES = 0x03,
    BLOCK = CARD_PIV_CHALLENGE
};

static enum card_piv_error failed(enum card_io_error io, enum card_io_error *ret_io)
{
    *ret_io = io;
    return CARD_PIV_ERROR_IO;
}

/* What the card says to being written, after it was shown the management key. */
static enum card_piv_error error_of_sw(uint16_t sw, enum card_io_error *ret_io)
{
    enum card_io_error error = card_io_error_of_sw(sw);
    if (error == CARD_IO_REFUSED) {
        return sw == SW_SECURITY ? CARD_PIV_ERROR_RIGHTS : CARD_PIV_ERROR_REFUSED;
    }
    return error == CARD_IO_OK ? CARD_PIV_OK : failed(error, ret_io);
}

static enum card_io_error send(struct card_piv *piv, const struct apdu *command, uint8_t *room,
                               size_t cap, struct apdu_response *ret_response)
{
    return card_command(&piv->io, command, room, cap, &piv->traffic, ret_response);
}

/* ---- the management key ---- */

static enum card_io_error authenticate(struct card_piv *piv, uint8_t algorithm, struct span data,
                                       uint8_t room[APDU_MAX_SHORT_NE + 2],
                                       struct apdu_response *ret_response)
{
    const struct apdu command = {.ins = CARD_INS_GENERAL_AUTHENTICATE,
                                 .p1 = algorithm,
                                 .p2 = CARD_PIV_KEY_9B,
                                 .data = data,
                                 .ne = APDU_MAX_SHORT_NE};
    return send(piv, &command, room, APDU_MAX_SHORT_NE + 2, ret_response);
}

/* 7C{tag{one block}} and nothing else. */
static bool read_block(struct span data, uint16_t tag, uint8_t ret_block[BLOCK])
{
    struct span template, block;
    if (!tlv_only(data, TAG_TEMPLATE, &template) || !tlv_only(template, tag, &block) ||
        block.len != BLOCK) {
        return false;
    }
    memcpy(ret_block, block.ptr, BLOCK);
    return true;
}

static const uint8_t ask_witness[] = {TAG_TEMPLATE, 2, TAG_WITNESS, 0};

/* A card that knows no AES key of this length may have one of 3DES: it is asked, and told nothing.
 */
static enum card_piv_error look_for_3des(struct card_piv *piv, enum card_io_error *ret_io)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response;
    enum card_io_error error =
        authenticate(piv, TRIPLE_DES, span_of(ask_witness, sizeof ask_witness), room, &response);
    if (error != CARD_IO_OK) {
        return failed(error, ret_io);
    }
    return response.sw == SW_OK ? CARD_PIV_ERROR_3DES : CARD_PIV_ERROR_NO_KEY;
}

/* The card's witness, decrypted. */
static enum card_piv_error take_witness(struct card_piv *piv, const struct card_piv_management *key,
                                        uint8_t ret_witness[BLOCK], enum card_io_error *ret_io)
{
    static const uint8_t no_iv[BLOCK];
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response;
    enum card_io_error error = authenticate(
        piv, key->algorithm, span_of(ask_witness, sizeof ask_witness), room, &response);
    if (error != CARD_IO_OK) {
        return failed(error, ret_io);
    }
    if (response.sw != SW_OK) {
        return response.sw == SW_MEMORY_FAILURE ? failed(CARD_IO_WORN, ret_io)
                                                : look_for_3des(piv, ret_io);
    }
    if (!read_block(response.data, TAG_WITNESS, ret_witness)) {
        return failed(CARD_IO_NONSENSE, ret_io);
    }
    return crypto_cbc_decrypt(span_of(key->key, key->len), no_iv, ret_witness, BLOCK) == CRYPTO_OK
               ? CARD_PIV_OK
               : failed(CARD_IO_SYSTEM, ret_io);
}

/* Shows the witness, and has the card encrypt our challenge. */
static enum card_piv_error exchange(struct card_piv *piv, const struct card_piv_management *key,
                                    const uint8_t witness[BLOCK], uint8_t wanted[BLOCK],
                                    enum card_io_error *ret_io)
{
    uint8_t data[2 + 2 * (2 + BLOCK)], room[APDU_MAX_SHORT_NE + 2], got[BLOCK];
    struct apdu_response response;
    struct writer w = writer_of(data, sizeof data);
    tlv_head(&w, TAG_TEMPLATE, (size_t)2 * (2 + BLOCK));
    tlv_put(&w, TAG_WITNESS, span_of(witness, BLOCK));
    tlv_put(&w, TAG_CHALLENGE, span_of(wanted, BLOCK));
    enum card_io_error error = authenticate(piv, key->algorithm, writer_span(&w), room, &response);
    if (error != CARD_IO_OK) {
        return failed(error, ret_io);
    }
    if (response.sw != SW_OK) {
        return response.sw == SW_MEMORY_FAILURE ? failed(CARD_IO_WORN, ret_io)
                                                : CARD_PIV_ERROR_WRONG_KEY;
    }
    if (crypto_aes_encrypt(span_of(key->key, key->len), wanted) != CRYPTO_OK) {
        return failed(CARD_IO_SYSTEM, ret_io);
    }
    return read_block(response.data, TAG_RESPONSE, got) && crypto_equal(got, wanted, BLOCK)
               ? CARD_PIV_OK
               : CARD_PIV_ERROR_IMPOSTOR;
}

enum card_piv_error card_piv_authenticate(struct card_piv *piv,
                                          const struct card_piv_management *key,
                                          enum card_io_error *ret_io)
{
    uint8_t witness[BLOCK], challenge[BLOCK];
    enum card_piv_error error = card_piv_management_check(key);
    if (error == CARD_PIV_OK && crypto_random(challenge, sizeof challenge) != CRYPTO_OK) {
        error = failed(CARD_IO_SYSTEM, ret_io);
    }
    if (error == CARD_PIV_OK) {
        error = take_witness(piv, key, witness, ret_io);
    }
    if (error == CARD_PIV_OK) {
        error = exchange(piv, key, witness, challenge, ret_io);
    }
    crypto_wipe(witness, sizeof witness);
    return error;
}

/* ---- the key pair ---- */

enum card_piv_error card_piv_generate(struct card_piv *piv,
                                      uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES],
                                      enum card_io_error *ret_io)
{
    static const uint8_t p256[] = {TAG_CONTROL, 3, TAG_ALGORITHM, 1, CARD_PIV_P256};
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response;
    const struct apdu generate = {.ins = CARD_INS_GENERATE,
                                  .p2 = CARD_PIV_KEY_9E,
                                  .data = span_of(p256, sizeof p256),
                                  .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error = send(piv, &generate, room, sizeof room, &response);
    if (error == CARD_IO_OK && response.sw != SW_OK) {
        return error_of_sw(response.sw, ret_io);
    }
    if (error == CARD_IO_OK) {
        error = card_point_of_answer(response.data, ret_point);
    }
    return error == CARD_IO_OK ? CARD_PIV_OK : failed(error, ret_io);
}

/* ---- objects ---- */

static enum card_piv_error put_parts(struct card_piv *piv, struct span data,
                                     enum card_io_error *ret_io)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response = {.sw = SW_OK};
    struct reader r = reader_of(data);
    do {
        size_t n = r.rest.len < APDU_MAX_SHORT_NC ? r.rest.len : APDU_MAX_SHORT_NC;
        struct apdu put = {
            .ins = CARD_INS_PUT_DATA, .p1 = 0x3F, .p2 = 0xFF, .data = reader_take(&r, n)};
        put.cla = r.rest.len == 0 ? 0 : CARD_CLA_CHAIN;
        enum card_io_error error = send(piv, &put, room, sizeof room, &response);
        if (error != CARD_IO_OK) {
            return failed(error, ret_io);
        }
    } while (response.sw == SW_OK && r.rest.len != 0);
    return error_of_sw(response.sw, ret_io);
}

static enum card_piv_error put_object(struct card_piv *piv, uint32_t tag, struct span value,
                                      enum card_io_error *ret_io)
{
    uint8_t data[5 + CARD_PIV_MAX_OBJECT], room[CARD_PIV_MAX_OBJECT + 2];
    struct span back;
    struct writer w = writer_of(data, sizeof data);
    writer_be(&w, TAG_LIST, 1);
    writer_be(&w, 3, 1);
    writer_be(&w, tag, 3);
    tlv_put(&w, TAG_DATA, value);
    enum card_piv_error error = put_parts(piv, writer_span(&w), ret_io);
    if (error != CARD_PIV_OK) {
        return error;
    }
    enum card_io_error io = card_piv_get(piv, tag, room, sizeof room, &back);
    if (io != CARD_IO_OK) {
        return failed(io, ret_io);
    }
    return span_equal(back, value) ? CARD_PIV_OK : CARD_PIV_ERROR_DIFFERS;
}

enum card_piv_error card_piv_put_credential(struct card_piv *piv, struct span document,
                                            enum card_io_error *ret_io)
{
    return document.len == 0 || document.len > CARD_PIV_MAX_CREDENTIAL
               ? CARD_PIV_ERROR_TOO_LONG
               : put_object(piv, CARD_PIV_CREDENTIAL, document, ret_io);
}

/* What is not there is not removed: not every token takes an empty object then. */
static enum card_piv_error remove_object(struct card_piv *piv, uint32_t tag,
                                         enum card_io_error *ret_io)
{
    uint8_t room[CARD_PIV_MAX_OBJECT + 2];
    struct span value;
    enum card_io_error error = card_piv_get(piv, tag, room, sizeof room, &value);
    if (error != CARD_IO_OK) {
        return failed(error, ret_io);
    }
    return value.len == 0 ? CARD_PIV_OK : put_object(piv, tag, span_of(NULL, 0), ret_io);
}

enum card_piv_error card_piv_remove(struct card_piv *piv, enum card_io_error *ret_io)
{
    enum card_piv_error error = remove_object(piv, CARD_PIV_CREDENTIAL, ret_io);
    return error == CARD_PIV_OK ? remove_object(piv, CARD_PIV_CERTIFICATE_9E, ret_io) : error;
}

enum card_piv_error card_piv_put_certificate(struct card_piv *piv,
                                             const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                             enum card_io_error *ret_io)
{
    uint8_t body[CARD_PIV_CERTIFICATE_MAX], object[CARD_PIV_CERTIFICATE_MAX];
    uint8_t hash[CRYPTO_SHA256_SIZE], signature[CARD_PROOF_SIGNATURE];
    size_t len = 0;
    struct writer w = writer_of(body, sizeof body);
    card_piv_certificate_body(&w, point);
    struct span signed_part = writer_span(&w);
    if (crypto_sha256(&signed_part, 1, hash) != CRYPTO_OK) {
        return failed(CARD_IO_SYSTEM, ret_io);
    }
    enum card_io_error error = card_piv_sign(piv, hash, signature, &len);
    if (error == CARD_IO_REFUSED) {
        return CARD_PIV_ERROR_REFUSED;
    }
    bool good = false;
    if (error == CARD_IO_OK && len != 0) {
        error = card_point_verify(point, signed_part, span_of(signature, len), &good);
    }
    if (error != CARD_IO_OK || !good) {
        return failed(error == CARD_IO_OK ? CARD_IO_NONSENSE : error, ret_io);
    }
    w = writer_of(object, sizeof object);
    card_piv_certificate_object(&w, signed_part, signature);
    return put_object(piv, CARD_PIV_CERTIFICATE_9E, writer_span(&w), ret_io);
}
