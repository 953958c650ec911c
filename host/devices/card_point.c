/* SPDX-License-Identifier: Apache-2.0
 *
 * As trust documents carry keys, and as RFC 9679 names them.
 */
#include "devices/card_point.h"

#include "wire/tlv.h"

enum { COSE_ALG_ES256 = -7, COORDINATE = 32, TAG_PUBLIC_KEY = 0x7F49, TAG_POINT = 0x86 };

/* As trust documents carry it. */
enum crypto_error card_point_parse(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                   struct crypto_key **ret_key)
{
    uint8_t compressed[CRYPTO_MAX_PUBLIC_KEY];
    enum crypto_error error =
        crypto_p256_compress(span_of(point, CARD_APP_PUBLIC_KEY_BYTES), compressed);
    return error == CRYPTO_OK
               ? crypto_key_new(COSE_ALG_ES256, span_of(compressed, sizeof compressed), ret_key)
               : error;
}

/* SHA-256 over {1: 2, -1: 1, -2: x, -3: y} in deterministic CBOR. */
enum card_io_error card_point_thumbprint(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                         uint8_t ret_thumbprint[CRYPTO_SHA256_SIZE])
{
    const struct span part[] = {span_of("\xA4\x01\x02\x20\x01\x21\x58\x20", 8),
                                span_of(point + 1, COORDINATE), span_of("\x22\x58\x20", 3),
                                span_of(point + 1 + COORDINATE, COORDINATE)};
    return crypto_sha256(part, 4, ret_thumbprint) == CRYPTO_OK ? CARD_IO_OK : CARD_IO_SYSTEM;
}

enum card_io_error card_point_check(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES])
{
    struct crypto_key *key = NULL;
    enum crypto_error error = card_point_parse(point, &key);
    crypto_key_free(key);
    if (error == CRYPTO_OK) {
        return CARD_IO_OK;
    }
    return error == CRYPTO_SYSTEM ? CARD_IO_SYSTEM : CARD_IO_NONSENSE;
}

enum card_io_error card_point_verify(const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES],
                                     struct span message, struct span signature, bool *ret_good)
{
    struct crypto_key *key = NULL;
    enum crypto_error error = card_point_parse(point, &key);
    if (error == CRYPTO_OK) {
        error = crypto_verify(key, COSE_ALG_ES256, message, signature);
    }
    crypto_key_free(key);
    if (error == CRYPTO_SYSTEM) {
        return CARD_IO_SYSTEM;
    }
    *ret_good = error == CRYPTO_OK;
    return CARD_IO_OK;
}

enum card_io_error card_point_of_answer(struct span answer,
                                        uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    struct span inner, point;
    if (!tlv_only(answer, TAG_PUBLIC_KEY, &inner) || !tlv_only(inner, TAG_POINT, &point) ||
        point.len != CARD_APP_PUBLIC_KEY_BYTES) {
        return CARD_IO_NONSENSE;
    }
    enum card_io_error error = card_point_check(point.ptr);
    if (error == CARD_IO_OK) {
        memcpy(ret_point, point.ptr, CARD_APP_PUBLIC_KEY_BYTES);
    }
    return error;
}
