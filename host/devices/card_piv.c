/* SPDX-License-Identifier: Apache-2.0
 *
 * Which key signed is told by the signature; that it is the one the certificate names, by the
 * thumbprint; that it signed this challenge, by an ordinary verification with it. Only the last of
 * these is what a proof rests on.
 */
#include "devices/card_piv.h"

#include "base/crypto_recover.h"
#include "wire/tlv.h"

enum {
    AID_BYTES = 9, /* without the version, as SP 800-73-4, part 2, §3.1.1 has it */
    TAG_LIST = 0x5C,
    TAG_DATA = 0x53,
    TAG_TEMPLATE = 0x7C,
    TAG_CHALLENGE = 0x81,
    TAG_RESPONSE = 0x82,
    TAG_SEQUENCE = 0x30,
    TAG_INTEGER = 0x02,
    HALF = CARD_PROOF_SIGNATURE / 2
};

enum card_io_error card_piv_open(struct card_piv *piv, const struct card_io *io)
{
    uint8_t room[CARD_SELECT_ROOM];
    struct span answer;
    *piv = (struct card_piv){.io = *io};
    return card_select(&piv->io, span_of(CARD_PIV_AID, AID_BYTES), &piv->traffic, room, &answer);
}

/* ---- objects ---- */

enum card_io_error card_piv_get(struct card_piv *piv, uint32_t tag, uint8_t *room, size_t cap,
                                struct span *ret_value)
{
    const uint8_t list[] = {TAG_LIST, 3, (uint8_t)(tag >> 16), (uint8_t)(tag >> 8), (uint8_t)tag};
    struct apdu_response response;
    const struct apdu get = {.ins = CARD_INS_GET_DATA,
                             .p1 = 0x3F,
                             .p2 = 0xFF,
                             .data = span_of(list, sizeof list),
                             .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error =
        card_command_most(&piv->io, &get, cap, room, cap, &piv->traffic, &response);
    if (error != CARD_IO_OK) {
        return error;
    }
    if (response.sw == SW_NOT_FOUND || response.sw == SW_REFERENCE) {
        *ret_value = span_of(NULL, 0);
        return CARD_IO_OK;
    }
    if (response.sw != SW_OK) {
        return card_io_error_of_sw(response.sw);
    }
    return tlv_only(response.data, TAG_DATA, ret_value) ? CARD_IO_OK : CARD_IO_NONSENSE;
}

/* ---- signatures ---- */

/* One INTEGER of DER: positive, in its shortest form, of at most 32 bytes behind the sign. */
static bool read_integer(struct reader *r, uint8_t ret_half[HALF])
{
    struct tlv object;
    if (!tlv_next(r, &object) || object.tag != TAG_INTEGER || object.value.len == 0) {
        return false;
    }
    struct span number = object.value;
    bool zero = number.ptr[0] == 0;
    if ((number.ptr[0] & 0x80) != 0 || (zero && number.len > 1 && (number.ptr[1] & 0x80) == 0)) {
        return false; /* negative, or a needless zero */
    }
    if (zero) {
        number = span_of(number.ptr + 1, number.len - 1);
    }
    if (number.len > HALF) {
        return false;
    }
    memset(ret_half, 0, HALF);
    memcpy(ret_half + HALF - number.len, number.ptr, number.len);
    return true;
}

/* 7C{82{SEQUENCE{r, s}}} and nothing else. */
static bool read_signature(struct span data, uint8_t ret_signature[CARD_PROOF_SIGNATURE])
{
    static const uint16_t around[] = {TAG_TEMPLATE, TAG_RESPONSE, TAG_SEQUENCE};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        if (!tlv_only(data, around[i], &data)) {
            return false;
        }
    }
    struct reader numbers = reader_of(data);
    return read_integer(&numbers, ret_signature) && read_integer(&numbers, ret_signature + HALF) &&
           reader_done(&numbers);
}

enum card_io_error card_piv_sign(struct card_piv *piv, const uint8_t hash[CARD_PIV_HASH],
                                 uint8_t ret_signature[CARD_PROOF_SIGNATURE], size_t *ret_len)
{
    uint8_t data[4 + 2 + CARD_PIV_HASH], room[APDU_MAX_SHORT_NE + 2];
    uint8_t signature[CARD_PROOF_SIGNATURE];
    struct apdu_response response;
    struct writer w = writer_of(data, sizeof data);
    tlv_head(&w, TAG_TEMPLATE, 4 + CARD_PIV_HASH);
    tlv_head(&w, TAG_RESPONSE, 0);
    tlv_put(&w, TAG_CHALLENGE, span_of(hash, CARD_PIV_HASH));
    const struct apdu command = {.ins = CARD_INS_GENERAL_AUTHENTICATE,
                                 .p1 = CARD_PIV_P256,
                                 .p2 = CARD_PIV_KEY_9E,
                                 .data = writer_span(&w),
                                 .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error =
        card_command(&piv->io, &command, room, sizeof room, &piv->traffic, &response);
    if (error != CARD_IO_OK || response.sw != SW_OK) {
        return error == CARD_IO_OK ? CARD_IO_REFUSED : error;
    }
    bool is_one = read_signature(response.data, signature);
    if (is_one) {
        memcpy(ret_signature, signature, sizeof signature);
    }
    *ret_len = is_one ? sizeof signature : 0;
    return CARD_IO_OK;
}

/* ---- keys ---- */

/* A fresh challenge, its signature, and the keys that can have made it; none when it is none. */
struct answer {
    struct card_challenge challenge;
    uint8_t signature[CARD_PROOF_SIGNATURE];
    uint8_t point[CRYPTO_RECOVER_MAX][CRYPTO_P256_UNCOMPRESSED];
    size_t count;
};

static enum card_io_error ask(struct card_piv *piv, const uint8_t digest[CRYPTO_SHA256_SIZE],
                              uint8_t purpose, struct answer *answer)
{
    uint8_t hash[CRYPTO_SHA256_SIZE];
    size_t len = 0;
    answer->count = 0;
    enum card_io_error error = card_challenge_make(digest, purpose, &answer->challenge);
    struct span message = span_of(answer->challenge.bytes, sizeof answer->challenge.bytes);
    if (error == CARD_IO_OK && crypto_sha256(&message, 1, hash) != CRYPTO_OK) {
        error = CARD_IO_SYSTEM;
    }
    if (error == CARD_IO_OK) {
        error = card_piv_sign(piv, hash, answer->signature, &len);
    }
    if (error != CARD_IO_OK || len == 0) {
        return error;
    }
    return crypto_recover(message, span_of(answer->signature, len), answer->point,
                          &answer->count) == CRYPTO_SYSTEM
               ? CARD_IO_SYSTEM
               : CARD_IO_OK;
}

/* Two signatures of one key have one key in common. */
enum card_io_error card_piv_key(struct card_piv *piv, uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    static const uint8_t nothing[CRYPTO_SHA256_SIZE];
    struct answer first, second;
    const uint8_t *common = NULL;
    enum card_io_error error = ask(piv, nothing, CARD_PURPOSE_VERIFY, &first);
    if (error == CARD_IO_OK) {
        error = ask(piv, nothing, CARD_PURPOSE_VERIFY, &second);
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    for (size_t i = 0; i < first.count * second.count; i++) {
        const uint8_t *point = first.point[i / second.count];
        if (memcmp(point, second.point[i % second.count], CRYPTO_P256_UNCOMPRESSED) == 0) {
            common = point;
        }
    }
    if (common == NULL) {
        return CARD_IO_NONSENSE;
    }
    memcpy(ret_point, common, CRYPTO_P256_UNCOMPRESSED);
    return CARD_IO_OK;
}

/* The key with the wanted thumbprint, or NULL. `proof` keeps the thumbprint that was looked at
 * last. */
static enum card_io_error choose(const struct answer *answer,
                                 const uint8_t wanted[CRYPTO_SHA256_SIZE], struct card_proof *proof,
                                 const uint8_t **ret_point)
{
    for (size_t i = 0; i < answer->count && *ret_point == NULL; i++) {
        enum card_io_error error = card_point_thumbprint(answer->point[i], proof->key_thumbprint);
        if (error != CARD_IO_OK) {
            return error;
        }
        if (memcmp(proof->key_thumbprint, wanted, CRYPTO_SHA256_SIZE) == 0) {
            *ret_point = answer->point[i];
        }
    }
    return CARD_IO_OK;
}

enum card_io_error card_piv_prove(struct card_piv *piv,
                                  const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                  uint8_t purpose, const uint8_t wanted[CRYPTO_SHA256_SIZE],
                                  struct card_proof *proof)
{
    struct answer answer;
    const uint8_t *point = NULL;
    proof->generic_token = true;
    proof->answer = CARD_ANSWER_NONE;
    memcpy(proof->credential_digest, credential_digest, CRYPTO_SHA256_SIZE);
    enum card_io_error error = ask(piv, credential_digest, purpose, &answer);
    if (error != CARD_IO_OK) {
        return error == CARD_IO_REFUSED ? CARD_IO_OK : error; /* declined: no answer */
    }
    proof->answer = CARD_ANSWER_WRONG;
    error = choose(&answer, wanted, proof, &point);
    if (error != CARD_IO_OK || point == NULL) {
        return error;
    }
    return card_challenge_check(&answer.challenge, point,
                                span_of(answer.signature, sizeof answer.signature), &proof->answer);
}
