/* SPDX-License-Identifier: Apache-2.0
 *
 * The PIV application's description, its rights, and its personalisation: STORE DATA inside the
 * secure channel sets PIN, PUK and management key. A card has none of them before.
 */
#include "command.h"
#include "wire/tlv.h"

enum {
    TAG_TEMPLATE = 0x61,
    TAG_APPLICATION = 0x4F,
    TAG_AUTHORITY = 0x79,
    PIX = CARD_PIV_AID_BYTES - CARD_PIV_RID_BYTES,
    WHOLE = 0x80 /* P1 of STORE DATA: the last block */
};

void piv_forget(struct piv *piv)
{
    bytes_wipe(piv, sizeof *piv);
}

void piv_describe(struct writer *out)
{
    tlv_head(out, TAG_TEMPLATE, 2 + PIX + 4 + CARD_PIV_RID_BYTES);
    tlv_put(out, TAG_APPLICATION, span_of(&CARD_PIV_AID[CARD_PIV_RID_BYTES], PIX));
    tlv_head(out, TAG_AUTHORITY, 2 + CARD_PIV_RID_BYTES);
    tlv_put(out, TAG_APPLICATION, span_of(CARD_PIV_AID, CARD_PIV_RID_BYTES));
}

bool piv_may_write(const struct card *card, const struct apdu *command)
{
    return card->piv.managed || (command->cla & CARD_CLA_SECURE) != 0;
}

unsigned piv_pair_object(uint8_t reference)
{
    switch (reference) {
    case CARD_PIV_KEY_9A:
        return STORE_PIV_PAIR;
    case CARD_PIV_KEY_9C:
        return STORE_PIV_PAIR + 1;
    case CARD_PIV_KEY_9E:
        return STORE_PIV_PAIR + 2;
    default:
        return 0;
    }
}

static uint16_t put(struct card *card, struct span data)
{
    struct reader r = reader_of(data);
    struct tlv object;
    if (!tlv_next(&r, &object) || !reader_done(&r)) {
        return SW_WRONG_DATA;
    }
    switch (object.tag) {
    case CARD_PIV_PIN:
    case CARD_PIV_PUK:
        return piv_put_secret(card, (uint8_t)object.tag, object.value);
    case CARD_PIV_KEY_9B:
        return piv_put_management_key(card, object.value);
    default:
        return SW_REFERENCE;
    }
}

/* The secrets must come encrypted. */
uint16_t command_piv_store_data(struct card *card, const struct apdu *command, struct writer *out)
{
    (void)out;
    if (command->p1 != WHOLE || command->p2 != 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len == 0) {
        return SW_WRONG_LENGTH;
    }
    if ((card->channel.level & SCP03_LEVEL_C_ENC) == 0) {
        return SW_SECURITY;
    }
    return command_may_change(card) ? put(card, command->data) : SW_CONDITIONS;
}
