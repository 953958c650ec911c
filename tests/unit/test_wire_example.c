/* SPDX-License-Identifier: Apache-2.0
 *
 * The worked example of include/WIRE.md, read from that page: the page and the code say the same.
 */
#include "check.h"
#include "base/crypto_sign.h"
#include "codec/cose.h"
#include "codec/credential.h"
#include "codec/date.h"
#include "codec/qr_text.h"
#include "codec/rank_set.h"
#include "devices/card_keys.h"
#include "wire/card_sample.h"

#include <stdio.h>

#define PAGE_MAX (256 * 1024)
#define ROOM     4096

static char page[PAGE_MAX];

static int read_page(void **state)
{
    (void)state;
    FILE *file = fopen(TEST_SOURCE_DIR "/include/WIRE.md", "rb");
    assert_non_null(file);
    size_t len = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    assert_true(len > 0 && len < sizeof page - 1);
    page[len] = '\0';
    return 0;
}

/* The lines between "```NAME" and "```". */
static struct span block(const char *name)
{
    char fence[64];
    snprintf(fence, sizeof fence, "\n```%s\n", name);
    const char *start = strstr(page, fence);
    assert_non_null(start);
    start += strlen(fence);
    const char *end = strstr(start, "\n```\n");
    assert_non_null(end);
    return span_of(start, (size_t)(end - start));
}

/* The bytes of a block of hex, without blanks and remarks. */
static struct span hex_block(const char *name, uint8_t *room)
{
    static char digits[PAGE_MAX];
    struct span text = block(name);
    size_t len = 0;
    bool remark = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)text.ptr[i];
        remark = c != '\n' && (remark || c == ';');
        if (!remark) {
            digits[len++] = c;
        }
    }
    digits[len] = '\0';
    return check_hex(digits, room, ROOM);
}

static struct cose_sign1 decoded(uint8_t *room)
{
    struct cose_sign1 cose;
    assert_int_equal(
        cose_sign1_decode(hex_block("hex credential", room), COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    return cose;
}

static struct span to_be_signed(const struct cose_sign1 *cose, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM);
    cose_sign1_to_be_signed(&w, cose);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static void the_key_is_the_scalars(void **state)
{
    (void)state;
    uint8_t scalar[32], page_room[ROOM], public_key[CRYPTO_MAX_PUBLIC_KEY], kid[CRYPTO_KID_SIZE];
    memset(scalar, 0x01, sizeof scalar);
    struct crypto_private_key *key = NULL;
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, scalar, &key), CRYPTO_OK);
    size_t len = crypto_private_key_public(key, public_key);
    crypto_private_key_free(key);
    check_bytes(span_of(public_key, len), hex_block("hex public_key", page_room));
    assert_int_equal(crypto_kid(COSE_ES256, span_of(public_key, len), kid), CRYPTO_OK);
    check_bytes(span_of(kid, sizeof kid), hex_block("hex kid", page_room));
}

static void the_signature_is_good(void **state)
{
    (void)state;
    uint8_t document[ROOM], signed_room[ROOM], room[ROOM], digest[CRYPTO_SHA256_SIZE];
    struct cose_sign1 cose = decoded(document);
    check_bytes(cose.kid, hex_block("hex kid", room));
    struct span message = to_be_signed(&cose, signed_room);
    struct crypto_key *key = NULL;
    assert_int_equal(crypto_key_new(cose.alg, hex_block("hex public_key", room), &key), CRYPTO_OK);
    assert_int_equal(crypto_verify(key, cose.alg, message, cose.signature), CRYPTO_OK);
    signed_room[message.len - 1] ^= 1;
    assert_int_equal(crypto_verify(key, cose.alg, message, cose.signature), CRYPTO_BAD_SIGNATURE);
    signed_room[message.len - 1] ^= 1;
    crypto_key_free(key);
    assert_int_equal(crypto_sha256(&message, 1, digest), CRYPTO_OK);
    check_bytes(span_of(digest, sizeof digest), hex_block("hex credential_digest", room));
}

static int64_t day(const char *text)
{
    int64_t value = 0;
    assert_true(date_parse(span_str(text), &value));
    return value;
}

/* The claims as the remarks on the page tell them. */
static struct credential told_claims(void)
{
    static const struct {
        enum saksi_claim claim;
        const char *text;
    } text[] = {
        {SAKSI_CLAIM_ISS, "ID.BNSP.LSP-0123"},
        {SAKSI_CLAIM_CERTIFICATE_NUMBER, "55101 5151 2 0004217 2026"},
        {SAKSI_CLAIM_SCHEME_CODE, "SKM/0123/2024/07"},
        {SAKSI_CLAIM_SCHEME_TITLE, "Room Attendant"},
        {SAKSI_CLAIM_SECTOR_CODE, "I55"},
        {SAKSI_CLAIM_OCCUPATION_CODE, "5151"},
        {SAKSI_CLAIM_JOB_INDEX, "HHK.05"},
        {SAKSI_CLAIM_HOLDER_NAME, "Siti Rahmawati"},
        {SAKSI_CLAIM_NATIONALITY, "ID"},
    };
    static const struct {
        enum saksi_claim claim;
        const char *value;
    } enumerated[] = {
        {SAKSI_CLAIM_SCHEME_TYPE, "occupation"},
        {SAKSI_CLAIM_COVERAGE, "full"},
        {SAKSI_CLAIM_STANDARD_FAMILY, "SKKNI"},
        {SAKSI_CLAIM_FRAMEWORK, "KKNI"},
    };
    static const char *const unit[] = {"I.55HKP00.001.2", "I.55HKP00.004.2", "I.55HKP00.011.1",
                                       "I.55HDR00.001.2"};
    struct credential c = {0};
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        credential_set_text(&c, text[i].claim, span_str(text[i].text));
    }
    for (size_t i = 0; i < COUNT_OF(enumerated); i++) {
        credential_set_number(
            &c, enumerated[i].claim,
            claim_value_number(enumerated[i].claim, span_str(enumerated[i].value)));
    }
    for (size_t i = 0; i < COUNT_OF(unit); i++) {
        assert_true(credential_add_unit(&c, span_str(unit[i])));
    }
    credential_set_number(&c, SAKSI_CLAIM_IAT, day("2026-01-27") * 86400 + 150 * 60);
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, 4216);
    credential_set_number(&c, SAKSI_CLAIM_EDITION, 2012);
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, 2);
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, day("2026-01-27"));
    credential_set_number(&c, SAKSI_CLAIM_VALID_UNTIL, day("2029-01-26"));
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_DATE, day("1997-01-11"));
    return c;
}

static void the_claims_are_written_to_these_bytes(void **state)
{
    (void)state;
    uint8_t document[ROOM], payload[ROOM], header[64], again[ROOM], room[ROOM];
    struct cose_sign1 cose = decoded(document);
    struct credential c = told_claims(), read;
    struct writer claims = writer_of(payload, sizeof payload);
    assert_int_equal(credential_encode(&c, &claims).error, CREDENTIAL_OK);
    check_bytes(writer_span(&claims), cose.payload);
    assert_int_equal(credential_decode(cose.payload, &read).error, CREDENTIAL_OK);
    assert_true(read.present == c.present);

    struct writer protected = writer_of(header, sizeof header);
    cose_write_sign1_protected(&protected, COSE_ES256, hex_block("hex kid", room),
                               COSE_TYP_CREDENTIAL);
    struct cose_sign1 built = {.protected = writer_span(&protected),
                               .payload = writer_span(&claims),
                               .signature = cose.signature};
    struct writer whole = writer_of(again, sizeof again);
    cose_write_sign1(&whole, &built);
    check_bytes(writer_span(&whole), hex_block("hex credential", room));
}

static void the_qr_text_holds_the_credential(void **state)
{
    (void)state;
    uint8_t document[ROOM], text[ROOM], room[ROOM];
    struct span credential = hex_block("hex credential", document);
    struct span lines = block("text qr_text");
    struct writer joined = writer_of(text, sizeof text);
    for (size_t i = 0; i < lines.len; i++) {
        if (lines.ptr[i] != '\n') {
            writer_put(&joined, span_of(lines.ptr + i, 1));
        }
    }
    struct writer w = writer_of(room, sizeof room);
    assert_int_equal(qr_text_decode(writer_span(&joined), &w), QR_TEXT_OK);
    check_bytes(writer_span(&w), credential);

    /* Another zlib may write another text of the same meaning, hardly a longer one. */
    struct writer ours = writer_of(room, sizeof room);
    assert_int_equal(qr_text_encode(credential, &ours), QR_TEXT_OK);
    assert_true(ours.len <= joined.len + 6);
}

/* Written to these bytes, and read from them. */
static void index_set_is(const char *name, const uint32_t *index, size_t count)
{
    uint8_t room[ROOM], ours[ROOM];
    uint32_t read[64];
    size_t read_count;
    struct span bytes = hex_block(name, room);
    struct writer w = writer_of(ours, sizeof ours);
    assert_true(index_set_encode(index, count, COUNT_OF(read), &w));
    check_bytes(writer_span(&w), bytes);
    struct reader r = reader_of(bytes);
    assert_true(index_set_decode(&r, COUNT_OF(read), read, &read_count) && reader_done(&r));
    assert_int_equal(read_count, count);
    assert_memory_equal(read, index, count * sizeof read[0]);
}

static void sets_of_indices_are_written_to_these_bytes(void **state)
{
    (void)state;
    static const uint32_t few[] = {3, 10, 11, 40};
    static uint64_t rank[1 + RANK_SET_BLOCK] = {65541};
    uint32_t most[56];
    uint8_t room[ROOM], ours[ROOM];
    for (uint32_t i = 0; i < COUNT_OF(most); i++) {
        most[i] = 8 + i;
    }
    index_set_is("hex index_set_rice", few, COUNT_OF(few));
    index_set_is("hex index_set_interpolative", most, COUNT_OF(most));
    for (size_t i = 0; i < RANK_SET_BLOCK; i++) {
        rank[1 + i] = 262144 + i;
    }
    struct writer w = writer_of(ours, sizeof ours);
    assert_true(rank_set_encode(rank, COUNT_OF(rank), &w));
    check_bytes(writer_span(&w), hex_block("hex rank_set", room));
}

/* The three keys of one card, one behind the other. */
static void card_keys_are(const char *name, const struct card_key_master *master, uint8_t version)
{
    static const uint8_t serial[SCP03_DIVERSIFICATION] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    uint8_t room[ROOM], ours[3 * CARD_KEY_MAX];
    struct card_key_set keys;
    struct writer w = writer_of(ours, sizeof ours);
    assert_true(card_keys_derive(master, serial, version, &keys));
    writer_put(&w, span_of(keys.enc, keys.len));
    writer_put(&w, span_of(keys.mac, keys.len));
    writer_put(&w, span_of(keys.dek, keys.len));
    check_bytes(writer_span(&w), hex_block(name, room));
}

static void keys_of_cards_are_derived_to_these_bytes(void **state)
{
    (void)state;
    struct card_key_master sample = {.len = CARD_SAMPLE_MASTER_BYTES};
    struct card_key_master longer = {.len = CARD_KEY_MAX};
    memcpy(sample.bytes, CARD_SAMPLE_TRANSPORT_MASTER, CARD_SAMPLE_MASTER_BYTES);
    for (uint8_t i = 0; i < CARD_KEY_MAX; i++) {
        longer.bytes[i] = i;
    }
    card_keys_are("hex card_keys_sample", &sample, SCP03_TRANSPORT_VERSION);
    card_keys_are("hex card_keys_long", &longer, SCP03_FIRST_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_the_scalars),
        cmocka_unit_test(the_signature_is_good),
        cmocka_unit_test(the_claims_are_written_to_these_bytes),
        cmocka_unit_test(the_qr_text_holds_the_credential),
        cmocka_unit_test(sets_of_indices_are_written_to_these_bytes),
        cmocka_unit_test(keys_of_cards_are_derived_to_these_bytes),
    };
    return cmocka_run_group_tests(tests, read_page, NULL);
}
