/* SPDX-License-Identifier: Apache-2.0
 *
 * The management key 9B: the host shows that it knows it, either by encrypting the card's challenge
 * or in a mutual authentication that begins with the card's witness (SP 800-73-4, part 2, appendix
 * A.1). The card encrypts nothing for a host that has not shown the key.
 */
#include "command.h"
#include "wire/tlv.h"

enum { STORED_HEAD = 1, STORED = STORED_HEAD + CARD_KEY_MAX_BYTES, TAG_TEMPLATE = 0x7C };

/* Algorithm and key, as stored. */
struct key {
    uint8_t bytes[STORED];
    size_t len;
};

size_t piv_key_bytes(uint8_t algorithm)
{
    switch (algorithm) {
    case CARD_PIV_AES_128:
        return 16;
    case CARD_PIV_AES_192:
        return 24;
    case CARD_PIV_AES_256:
        return 32;
    default:
        return 0;
    }
}

static void encrypt(const struct key *key, uint8_t block[CARD_BLOCK])
{
    uint8_t zero[CARD_BLOCK] = {0};
    card_cbc_encrypt(span_of(key->bytes + STORED_HEAD, key->len - STORED_HEAD), zero, block,
                     CARD_BLOCK);
}

static void put_part(struct writer *out, uint16_t tag, const uint8_t block[CARD_BLOCK])
{
    tlv_head(out, TAG_TEMPLATE, 2 + CARD_BLOCK);
    tlv_put(out, tag, span_of(block, CARD_BLOCK));
}

/* A challenge in plain, which the host encrypts; or a witness, encrypted, which it decrypts. */
static uint16_t begin(struct card *card, const struct key *key, uint8_t kind, struct writer *out)
{
    uint8_t block[CARD_BLOCK];
    struct piv *piv = &card->piv;
    if (!card->port->random(card->port->context, piv->challenge, sizeof piv->challenge)) {
        return SW_INTERNAL;
    }
    memcpy(block, piv->challenge, sizeof block);
    if (kind == PIV_WITNESS) {
        encrypt(key, block);
    }
    put_part(out, kind, block);
    piv->pending = kind;
    return SW_OK;
}

static uint16_t finish_single(struct card *card, const struct key *key, struct span response)
{
    uint8_t wanted[CARD_BLOCK];
    memcpy(wanted, card->piv.challenge, sizeof wanted);
    encrypt(key, wanted);
    card->piv.managed = card_equal(wanted, response.ptr, sizeof wanted);
    bytes_wipe(wanted, sizeof wanted);
    return card->piv.managed ? SW_OK : SW_SECURITY;
}

static uint16_t finish_mutual(struct card *card, const struct key *key, struct span witness,
                              struct span challenge, struct writer *out)
{
    uint8_t block[CARD_BLOCK];
    card->piv.managed = card_equal(card->piv.challenge, witness.ptr, CARD_BLOCK);
    if (!card->piv.managed) {
        return SW_SECURITY;
    }
    memcpy(block, challenge.ptr, sizeof block);
    encrypt(key, block);
    put_part(out, PIV_RESPONSE, block);
    return SW_OK;
}

/* Which tags are there, as bits 80, 81, 82 from the lowest, and which of these hold a block. An
 * empty one asks for something; one of another length is none. */
static bool look(const struct piv_template *template, unsigned *ret_asked, unsigned *ret_given)
{
    *ret_asked = 0;
    *ret_given = 0;
    for (unsigned i = 0; i < 3; i++) {
        size_t len = template->part[i].len;
        if (template->there[i] && len != 0 && len != CARD_BLOCK) {
            return false;
        }
        unsigned bit = template->there[i] ? 1U << i : 0;
        *(len == 0 ? ret_asked : ret_given) |= bit;
    }
    return true;
}

static uint16_t answer(struct card *card, const struct key *key, struct span data,
                       struct writer *out)
{
    enum { WITNESS = 1, CHALLENGE = 2, RESPONSE = 4 };
    struct piv_template template;
    unsigned asked;
    unsigned given;
    uint8_t pending = card->piv.pending;
    card->piv.pending = 0; /* each is for one answer */
    if (!piv_read_template(data, &template) || !look(&template, &asked, &given)) {
        return SW_WRONG_DATA;
    }
    if (given == 0 && (asked == WITNESS || asked == CHALLENGE)) {
        return begin(card, key, asked == WITNESS ? PIV_WITNESS : PIV_CHALLENGE, out);
    }
    if (given == RESPONSE && asked == 0) {
        return pending == PIV_CHALLENGE ? finish_single(card, key, template.part[2])
                                        : SW_CONDITIONS;
    }
    if (given == (WITNESS | CHALLENGE) && (asked & ~(unsigned)RESPONSE) == 0) {
        return pending == PIV_WITNESS
                   ? finish_mutual(card, key, template.part[0], template.part[1], out)
                   : SW_CONDITIONS;
    }
    return SW_WRONG_DATA;
}

uint16_t piv_manage(struct card *card, uint8_t algorithm, struct span data, struct writer *out)
{
    struct key key = {.len = store_length(&card->store, STORE_MANAGEMENT)};
    if (key.len == 0) {
        return SW_REFERENCE;
    }
    uint16_t sw = SW_MEMORY_FAILURE;
    if (key.len <= sizeof key.bytes &&
        store_read(&card->store, STORE_MANAGEMENT, 0, key.bytes, key.len)) {
        bool same = key.bytes[0] == algorithm && key.len == STORED_HEAD + piv_key_bytes(algorithm);
        sw = same ? answer(card, &key, data, out) : SW_WRONG_P1P2;
    }
    if (sw != SW_OK) {
        card->piv.managed = false;
    }
    bytes_wipe(&key, sizeof key);
    return sw;
}

/* Keys like those that other cards come with, all bytes the same or eight of them over and over,
 * are no keys. */
static bool repeats(struct span key)
{
    return memcmp(key.ptr, key.ptr + 8, key.len - 8) == 0;
}

uint16_t piv_put_management_key(struct card *card, struct span value)
{
    size_t bytes = value.len == 0 ? 0 : piv_key_bytes(value.ptr[0]);
    if (bytes == 0 || value.len != STORED_HEAD + bytes ||
        repeats(span_of(value.ptr + STORED_HEAD, bytes))) {
        return SW_WRONG_DATA;
    }
    card->piv.managed = false;
    card->piv.pending = 0;
    return command_store_secret(card, STORE_MANAGEMENT, value);
}
