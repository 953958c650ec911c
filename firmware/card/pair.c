/* SPDX-License-Identifier: Apache-2.0
 *
 * Key pairs in the store: the private key, then the public one.
 */
#include "pair.h"
#include "command.h"
#include "wire/tlv.h"

enum { PAIR = CARD_PRIVATE_KEY + CARD_PUBLIC_KEY, TAG_KEY = 0x7F49, TAG_POINT = 0x86 };

bool pair_is_there(const struct card *card, unsigned object)
{
    return store_length(&card->store, object) == PAIR;
}

uint16_t pair_make(struct card *card, unsigned object, struct writer *out)
{
    uint8_t pair[PAIR];
    uint16_t sw = SW_INTERNAL;
    if (card_make_key(card->port, pair, pair + CARD_PRIVATE_KEY)) {
        sw = command_store_secret(card, object, span_of(pair, sizeof pair));
    }
    if (sw == SW_OK) {
        tlv_head(out, TAG_KEY, 2 + CARD_PUBLIC_KEY);
        tlv_put(out, TAG_POINT, span_of(pair + CARD_PRIVATE_KEY, CARD_PUBLIC_KEY));
    }
    bytes_wipe(pair, sizeof pair);
    return sw;
}

uint16_t pair_sign(struct card *card, unsigned object, const uint8_t digest[CARD_DIGEST],
                   uint8_t signature[CARD_SIGNATURE])
{
    uint8_t pair[PAIR];
    uint16_t sw = SW_MEMORY_FAILURE;
    if (store_read(&card->store, object, 0, pair, sizeof pair)) {
        bool good = card_sign(pair, pair + CARD_PRIVATE_KEY, digest, signature);
        sw = good ? SW_OK : SW_INTERNAL;
    }
    bytes_wipe(pair, sizeof pair);
    return sw;
}
