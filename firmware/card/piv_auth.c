/* SPDX-License-Identifier: Apache-2.0
 *
 * GENERAL AUTHENTICATE (SP 800-73-4, part 2, §3.2.4) with the key pairs 9A, 9C and 9E, and GENERATE
 * ASYMMETRIC KEY PAIR (§3.3.2) that makes them. A PIV key signs any hash; the credential
 * application's key is none of these, and no reference leads to it.
 */
#include "command.h"
#include "pair.h"
#include "wire/tlv.h"

enum {
    TAG_TEMPLATE = 0x7C,
    TAG_SEQUENCE = 0x30,
    TAG_INTEGER = 0x02,
    TAG_CONTROL = 0xAC,
    TAG_ALGORITHM = 0x80,
    HALF = CARD_SIGNATURE / 2,
    MAX_INTEGER = 2 + 1 + HALF
};

bool piv_read_template(struct span data, struct piv_template *ret)
{
    struct span template;
    struct tlv object;
    if (!tlv_only(data, TAG_TEMPLATE, &template)) {
        return false;
    }
    struct piv_template found = {.there = {false}};
    struct reader r = reader_of(template);
    while (tlv_next(&r, &object)) {
        unsigned i = object.tag - (unsigned)PIV_WITNESS;
        if (object.tag < PIV_WITNESS || object.tag > PIV_RESPONSE || found.there[i]) {
            return false;
        }
        found.part[i] = object.value;
        found.there[i] = true;
    }
    if (!reader_done(&r)) {
        return false;
    }
    *ret = found;
    return true;
}

/* An unsigned number in DER: no needless zeros in front, and one where it would look negative. */
static void put_integer(struct writer *w, const uint8_t half[HALF])
{
    struct span number = span_of(half, HALF);
    while (number.len > 1 && number.ptr[0] == 0) {
        number = span_of(number.ptr + 1, number.len - 1);
    }
    bool sign = (number.ptr[0] & 0x80) != 0;
    tlv_head(w, TAG_INTEGER, number.len + sign);
    if (sign) {
        writer_be(w, 0, 1);
    }
    writer_put(w, number);
}

/* 7C{82 SEQUENCE{r, s}}: SP 800-73-4 wants signatures as X9.62 has them. */
static void put_signature(struct writer *out, const uint8_t signature[CARD_SIGNATURE])
{
    uint8_t room[2 * MAX_INTEGER];
    struct writer numbers = writer_of(room, sizeof room);
    put_integer(&numbers, signature);
    put_integer(&numbers, signature + HALF);
    tlv_head(out, TAG_TEMPLATE, 4 + numbers.len);
    tlv_head(out, PIV_RESPONSE, 2 + numbers.len);
    tlv_put(out, TAG_SEQUENCE, writer_span(&numbers));
}

/* A hash to sign, and an empty place for the signature. */
static bool read_hash(struct span data, struct span *ret)
{
    struct piv_template template;
    if (!piv_read_template(data, &template) || template.there[0] || !template.there[1] ||
        !template.there[2] || template.part[1].len != CARD_PIV_HASH || template.part[2].len != 0) {
        return false;
    }
    *ret = template.part[1];
    return true;
}

static bool may_sign(const struct piv *piv, uint8_t reference, bool fresh)
{
    return reference == CARD_PIV_KEY_9E || (reference == CARD_PIV_KEY_9A && piv->verified) ||
           (reference == CARD_PIV_KEY_9C && fresh);
}

static uint16_t sign(struct card *card, uint8_t reference, struct span data, bool fresh,
                     struct writer *out)
{
    unsigned object = piv_pair_object(reference);
    struct span hash;
    uint8_t signature[CARD_SIGNATURE];
    if (!pair_is_there(card, object)) {
        return SW_REFERENCE;
    }
    if (!may_sign(&card->piv, reference, fresh)) {
        return SW_SECURITY;
    }
    if (!read_hash(data, &hash)) {
        return SW_WRONG_DATA;
    }
    uint16_t sw = pair_sign(card, object, hash.ptr, signature);
    if (sw == SW_OK) {
        put_signature(out, signature);
    }
    return sw;
}

uint16_t command_general_authenticate(struct card *card, const struct apdu *command,
                                      struct writer *out)
{
    bool signs = command->p1 == CARD_PIV_P256 && piv_pair_object(command->p2) != 0;
    bool manages = piv_key_bytes(command->p1) != 0 && command->p2 == CARD_PIV_KEY_9B;
    bool fresh = card->piv.fresh;
    card->piv.fresh = false; /* whatever becomes of this */
    if (!signs && !manages) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len == 0) {
        return SW_WRONG_LENGTH;
    }
    return signs ? sign(card, command->p2, command->data, fresh, out)
                 : piv_manage(card, command->p1, command->data, out);
}

static bool asks_for_p256(struct span data)
{
    static const uint8_t p256[] = {TAG_CONTROL, 3, TAG_ALGORITHM, 1, CARD_PIV_P256};
    return span_equal(data, span_of(p256, sizeof p256));
}

uint16_t command_piv_generate(struct card *card, const struct apdu *command, struct writer *out)
{
    unsigned object = piv_pair_object(command->p2);
    if (command->p1 != 0 || object == 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len == 0) {
        return SW_WRONG_LENGTH;
    }
    if (!piv_may_write(card, command)) {
        return SW_SECURITY;
    }
    if (!command_may_change(card)) {
        return SW_CONDITIONS;
    }
    return asks_for_p256(command->data) ? pair_make(card, object, out) : SW_WRONG_DATA;
}
