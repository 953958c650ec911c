/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's own key: GENERATE ASYMMETRIC KEY PAIR (ISO/IEC 7816-8) makes it on the card,
 * INTERNAL AUTHENTICATE (ISO/IEC 7816-4 §11.5.2) proves that it is here. Nothing exports it, and
 * nothing else uses it.
 */
#include "command.h"
#include "wire/tlv.h"

enum { PAIR = CARD_PRIVATE_KEY + CARD_PUBLIC_KEY, TAG_KEY = 0x7F49, TAG_POINT = 0x86 };

uint16_t command_generate(struct card *card, const struct apdu *command, struct writer *out)
{
    if (command->p1 != 0 || command->p2 != 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len != 0) {
        return SW_WRONG_LENGTH;
    }
    if (card->state != CARD_BLANK) {
        return SW_CONDITIONS; /* certificates are bound to the key */
    }
    uint8_t pair[PAIR];
    bool replaces = store_length(&card->store, STORE_PAIR) != 0;
    uint16_t sw = SW_INTERNAL;
    if (card_make_key(card->port, pair, pair + CARD_PRIVATE_KEY)) {
        sw = command_store_sw(store_write(&card->store, STORE_PAIR, span_of(pair, sizeof pair)));
    }
    if (sw == SW_OK && replaces) {
        sw = command_store_sw(store_purge(&card->store, STORE_KEEP_ALL));
    }
    if (sw == SW_OK) {
        tlv_head(out, TAG_KEY, 2 + CARD_PUBLIC_KEY);
        tlv_put(out, TAG_POINT, span_of(pair + CARD_PRIVATE_KEY, CARD_PUBLIC_KEY));
    }
    card_wipe(pair, sizeof pair);
    return sw;
}

/* SHA-256(prefix ‖ challenge ‖ credential_digest ‖ purpose): the prefix, with its NUL, keeps these
 * signatures from ever being those of anything else. */
static void digest_of(struct span input, uint8_t digest[CARD_DIGEST])
{
    const struct span parts[] = {span_of(CARD_PROOF_PREFIX, CARD_PROOF_PREFIX_BYTES), input};
    card_sha256(parts, 2, digest);
}

uint16_t command_internal_authenticate(struct card *card, const struct apdu *command,
                                       struct writer *out)
{
    if (command->p1 != 0 || command->p2 != 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len != CARD_PROOF_INPUT) {
        return SW_WRONG_LENGTH;
    }
    if (store_length(&card->store, STORE_PAIR) != PAIR) {
        return SW_REFERENCE;
    }
    uint8_t purpose = command->data.ptr[CARD_PROOF_INPUT - 1];
    if (purpose != CARD_PURPOSE_VERIFY && purpose != CARD_PURPOSE_ISSUE) {
        return SW_WRONG_DATA;
    }
    uint8_t pair[PAIR];
    uint8_t digest[CARD_DIGEST];
    uint8_t signature[CARD_SIGNATURE];
    uint16_t sw = SW_MEMORY_FAILURE;
    digest_of(command->data, digest);
    if (store_read(&card->store, STORE_PAIR, 0, pair, sizeof pair)) {
        bool good = card_sign(pair, pair + CARD_PRIVATE_KEY, digest, signature);
        sw = good ? SW_OK : SW_INTERNAL;
    }
    card_wipe(pair, sizeof pair);
    if (sw == SW_OK) {
        writer_put(out, span_of(signature, sizeof signature));
    }
    return sw;
}
