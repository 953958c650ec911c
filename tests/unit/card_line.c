/* SPDX-License-Identifier: Apache-2.0
 *
 * The line between a host under test and a native card.
 */
#include "card_line.h"

#include "base/crypto.h"
#include "codec/cose.h"
#include "codec/credential.h"
#include "sample.h"

static size_t put_sw(uint8_t *response, unsigned sw)
{
    response[0] = (uint8_t)(sw >> 8);
    response[1] = (uint8_t)sw;
    return 2;
}

/* The next part of what waits, with the word for what is left. */
static size_t hand_out(struct card_line *line, uint8_t *response, size_t most)
{
    size_t data = line->waiting_len - 2 - line->waiting_at;
    size_t n = data < most ? data : most;
    memcpy(response, line->waiting + line->waiting_at, n);
    line->waiting_at += n;
    data -= n;
    if (data != 0) {
        return n + put_sw(response + n, 0x6100U | (data > 255 ? 0 : (unsigned)data));
    }
    memcpy(response + n, line->waiting + line->waiting_len - 2, 2);
    return n + 2;
}

static size_t answer(struct card_line *line, struct span bytes, uint8_t *response)
{
    struct apdu command;
    if (!apdu_read(bytes, &command)) {
        return put_sw(response, SW_WRONG_LENGTH);
    }
    if (line->short_only && command.extended) {
        return put_sw(response, SW_WRONG_LENGTH);
    }
    bool waits = line->waiting_len > 2 && line->waiting_at < line->waiting_len - 2;
    if (line->part != 0 && waits && command.ins == CARD_INS_GET_RESPONSE) {
        return hand_out(line, response, line->part < command.ne ? line->part : command.ne);
    }
    line->waiting_len = card_transmit(&line->host->card, bytes, line->waiting);
    line->waiting_at = 0;
    size_t data = line->waiting_len - 2;
    if (line->exact && data != 0 && data < command.ne && command.ne <= 256) {
        return put_sw(response, (unsigned)(0x6C00 | data));
    }
    return hand_out(line, response, line->part == 0 ? data : line->part);
}

static enum card_io_error transmit(void *ctx, struct span command, uint8_t *response, size_t cap,
                                   size_t *ret_len)
{
    struct card_line *line = ctx;
    uint8_t room[CARD_MAX_RESPONSE + 16];
    line->count++;
    if (line->fail_at != 0 && line->count >= line->fail_at) {
        return line->failure;
    }
    size_t len = answer(line, command, room);
    if (line->twist != NULL) {
        len = line->twist(line, command, room, len, sizeof room);
    }
    if (len > cap) {
        return CARD_IO_NONSENSE;
    }
    memcpy(response, room, len);
    *ret_len = len;
    return CARD_IO_OK;
}

struct card_io card_line_io(struct card_line *line)
{
    return (struct card_io){.transmit = transmit, .ctx = line};
}

struct span card_line_document(size_t sample, const uint8_t *cnf, const uint8_t *photo_digest,
                               uint8_t *room)
{
    static const uint8_t signature[64] = {1}, kid[8] = {2};
    uint8_t payload[CREDENTIAL_MAX_BYTES], header[64];
    struct credential c = sample_credential(sample);
    credential_clear(&c, SAKSI_CLAIM_PHOTO_DIGEST);
    if (!credential_has(&c, SAKSI_CLAIM_BIRTH_DATE)) {
        credential_set_number(&c, SAKSI_CLAIM_BIRTH_DATE, 9872);
    }
    if (cnf != NULL) {
        credential_set_text(&c, SAKSI_CLAIM_CNF, span_of(cnf, 32));
    }
    if (photo_digest != NULL) {
        credential_set_text(&c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(photo_digest, 32));
    }
    struct writer w = writer_of(payload, sizeof payload);
    assert_int_equal(credential_encode(&c, &w).error, CREDENTIAL_OK);
    struct writer h = writer_of(header, sizeof header);
    cose_write_sign1_protected(&h, COSE_ES256, span_of(kid, 8), COSE_TYP_CREDENTIAL);
    const struct cose_sign1 cose = {.protected = writer_span(&h),
                                    .alg = COSE_ES256,
                                    .kid = span_of(kid, 8),
                                    .payload = writer_span(&w),
                                    .signature = span_of(signature, 64)};
    struct writer document = writer_of(room, CREDENTIAL_MAX_BYTES);
    cose_write_sign1(&document, &cose);
    assert_true(writer_ok(&document));
    return writer_span(&document);
}

void card_line_thumbprint(struct card_host *host, uint8_t thumbprint[32])
{
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    assert_int_equal(host_read(host, CARD_APP_PUBLIC_KEY, point, 65), 65);
    const struct span part[] = {span_of("\xA4\x01\x02\x20\x01\x21\x58\x20", 8),
                                span_of(point + 1, 32), span_of("\x22\x58\x20", 3),
                                span_of(point + 33, 32)};
    assert_int_equal(crypto_sha256(part, 4, thumbprint), CRYPTO_OK);
}

void card_line_personalise(struct card_host *host, uint64_t seed, size_t count, size_t photo_len)
{
    static uint8_t photo[CARD_APP_MAX_PHOTO], room[CREDENTIAL_MAX_BYTES];
    uint8_t thumbprint[32], digest[32];
    host_make(host, seed);
    host_open(host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_generate(host), SW_OK);
    card_line_thumbprint(host, thumbprint);
    check_random_bytes(&seed, photo, photo_len);
    struct span bytes = span_of(photo, photo_len);
    assert_int_equal(crypto_sha256(&bytes, 1, digest), CRYPTO_OK);
    if (photo_len != 0) {
        assert_int_equal(host_store(host, CARD_APP_PHOTO, bytes, 1024), SW_OK);
    }
    for (size_t i = 0; i < count; i++) {
        struct span document =
            card_line_document(i, thumbprint, photo_len == 0 ? NULL : digest, room);
        host_open(host, SCP03_LEVEL_C_MAC);
        assert_int_equal(host_store(host, (uint16_t)(CARD_APP_CREDENTIAL + i), document, 1024),
                         SW_OK);
    }
    host_open(host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_put_keys(host, SCP03_FIRST_VERSION, 16, seed), SW_OK);
    assert_int_equal(host_set_status(host, CARD_PERSONALISED), SW_OK);
    host_restart(host);
}
