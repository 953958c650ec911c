/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's own key: GENERATE ASYMMETRIC KEY PAIR (ISO/IEC 7816-8) makes it on the card,
 * INTERNAL AUTHENTICATE (ISO/IEC 7816-4 §11.5.2) proves that it is here. Nothing exports it, and
 * nothing else uses it.
 */
#include "command.h"
#include "pair.h"

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
    return pair_make(card, STORE_PAIR, out);
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
    if (!pair_is_there(card, STORE_PAIR)) {
        return SW_REFERENCE;
    }
    uint8_t purpose = command->data.ptr[CARD_PROOF_INPUT - 1];
    if (purpose != CARD_PURPOSE_VERIFY && purpose != CARD_PURPOSE_ISSUE) {
        return SW_WRONG_DATA;
    }
    uint8_t digest[CARD_DIGEST];
    uint8_t signature[CARD_SIGNATURE];
    digest_of(command->data, digest);
    uint16_t sw = pair_sign(card, STORE_PAIR, digest, signature);
    if (sw == SW_OK) {
        writer_put(out, span_of(signature, sizeof signature));
    }
    return sw;
}
