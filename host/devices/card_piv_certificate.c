/* SPDX-License-Identifier: Apache-2.0
 *
 * DER from the inside out. The serial number is the key's own x, so that no two keys share one.
 */
#include "devices/card_piv_certificate.h"

#include "wire/tlv.h"

enum {
    SEQUENCE = 0x30,
    INTEGER = 0x02,
    BIT_STRING = 0x03,
    VERSION = 0xA0,
    EXTENSIONS = 0xA3,
    SERIAL = 16, /* bytes */
    HALF = CARD_PROOF_SIGNATURE / 2,
    TAG_CERTIFICATE = 0x70,
    TAG_HOW = 0x71, /* 0: not compressed */
    TAG_CHECKSUM = 0xFE
};

/* ecdsa-with-SHA256 (RFC 5758 §3.2) */
static const uint8_t algorithm[] = {0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86,
                                    0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};

/* CN=Saksi card key */
static const uint8_t name[] = {0x30, 0x19, 0x31, 0x17, 0x30, 0x15, 0x06, 0x03, 0x55,
                               0x04, 0x03, 0x0C, 0x0E, 'S',  'a',  'k',  's',  'i',
                               ' ',  'c',  'a',  'r',  'd',  ' ',  'k',  'e',  'y'};

/* From 2000 on, and no end (RFC 5280 §4.1.2.5). */
static const uint8_t validity[] = "\x30\x20\x17\x0D"
                                  "000101000000Z"
                                  "\x18\x0F"
                                  "99991231235959Z";

/* SubjectPublicKeyInfo of P-256 (RFC 5480), up to the point. */
static const uint8_t key_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                   0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
                                   0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

/* keyUsage, critical: digitalSignature */
static const uint8_t extensions[] = {0x30, 0x10, 0x30, 0x0E, 0x06, 0x03, 0x55, 0x1D, 0x0F,
                                     0x01, 0x01, 0xFF, 0x04, 0x04, 0x03, 0x02, 0x07, 0x80};

/* An unsigned number: no needless zeros in front, and one where it would look negative. */
static void put_integer(struct writer *w, struct span number)
{
    while (number.len > 1 && number.ptr[0] == 0) {
        number = span_of(number.ptr + 1, number.len - 1);
    }
    bool sign = (number.ptr[0] & 0x80) != 0;
    tlv_head(w, INTEGER, number.len + sign);
    if (sign) {
        writer_be(w, 0, 1);
    }
    writer_put(w, number);
}

void card_piv_certificate_body(struct writer *w, const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES])
{
    static const uint8_t version_3[] = {INTEGER, 1, 2};
    uint8_t room[CARD_PIV_CERTIFICATE_MAX];
    struct writer in = writer_of(room, sizeof room);
    tlv_put(&in, VERSION, span_of(version_3, sizeof version_3));
    put_integer(&in, span_of(point + 1, SERIAL));
    writer_put(&in, span_of(algorithm, sizeof algorithm));
    writer_put(&in, span_of(name, sizeof name));
    writer_put(&in, span_of(validity, sizeof validity - 1));
    writer_put(&in, span_of(name, sizeof name));
    writer_put(&in, span_of(key_head, sizeof key_head));
    writer_put(&in, span_of(point, CARD_APP_PUBLIC_KEY_BYTES));
    tlv_put(&in, EXTENSIONS, span_of(extensions, sizeof extensions));
    tlv_put(w, SEQUENCE, writer_span(&in));
}

/* BIT STRING {SEQUENCE {r, s}} */
static void put_signature(struct writer *w, const uint8_t signature[CARD_PROOF_SIGNATURE])
{
    uint8_t room[2 * (2 + 1 + HALF)];
    struct writer numbers = writer_of(room, sizeof room);
    put_integer(&numbers, span_of(signature, HALF));
    put_integer(&numbers, span_of(signature + HALF, HALF));
    tlv_head(w, BIT_STRING, 1 + 2 + numbers.len);
    writer_be(w, 0, 1);
    tlv_put(w, SEQUENCE, writer_span(&numbers));
}

void card_piv_certificate_object(struct writer *w, struct span body,
                                 const uint8_t signature[CARD_PROOF_SIGNATURE])
{
    uint8_t room[CARD_PIV_CERTIFICATE_MAX], certificate[CARD_PIV_CERTIFICATE_MAX];
    struct writer parts = writer_of(room, sizeof room);
    writer_put(&parts, body);
    writer_put(&parts, span_of(algorithm, sizeof algorithm));
    put_signature(&parts, signature);
    struct writer whole = writer_of(certificate, sizeof certificate);
    tlv_put(&whole, SEQUENCE, writer_span(&parts));
    tlv_put(w, TAG_CERTIFICATE, writer_span(&whole));
    tlv_put(w, TAG_HOW, span_of("", 1));
    tlv_put(w, TAG_CHECKSUM, span_of("", 0));
}

/* Ours are alike but for the key: the one made anew for what stands at the key's place is the same.
 */
bool card_piv_certificate_read(struct span value, uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    enum { BEHIND = CARD_APP_PUBLIC_KEY_BYTES + 2 + sizeof extensions };
    uint8_t room[CARD_PIV_CERTIFICATE_MAX], point[CARD_APP_PUBLIC_KEY_BYTES];
    struct span certificate, parts, body;
    struct writer made = writer_of(room, sizeof room);
    if (!tlv_find(value, TAG_CERTIFICATE, &certificate) ||
        !tlv_only(certificate, SEQUENCE, &parts) || !tlv_find(parts, SEQUENCE, &body) ||
        body.len < BEHIND) {
        return false;
    }
    memcpy(point, body.ptr + body.len - BEHIND, sizeof point);
    card_piv_certificate_body(&made, point);
    if (!span_starts_with(parts, writer_span(&made))) {
        return false;
    }
    memcpy(ret_point, point, sizeof point);
    return true;
}
