/* SPDX-License-Identifier: Apache-2.0
 *
 * The capability container says that the message may be read and not be written.
 */
#include "ndef.h"

enum {
    VERSION = 0x20,      /* of the mapping: 2.0 */
    AT_ONCE = 0xFF,      /* bytes of a response or command that every phone can take */
    FILE_CONTROL = 0x04, /* tag and length of the one file's description */
    FILE_CONTROL_BYTES = 6,
    MAY_READ = 0x00,
    NEVER = 0xFF,
    LENGTH = 2 /* bytes before the message */
};

static void make_container(uint8_t bytes[CARD_NDEF_CC_BYTES])
{
    struct writer w = writer_of(bytes, CARD_NDEF_CC_BYTES);
    writer_be(&w, CARD_NDEF_CC_BYTES, 2);
    writer_be(&w, VERSION, 1);
    writer_be(&w, AT_ONCE, 2);
    writer_be(&w, AT_ONCE, 2);
    writer_be(&w, FILE_CONTROL, 1);
    writer_be(&w, FILE_CONTROL_BYTES, 1);
    writer_be(&w, CARD_NDEF_MESSAGE, 2);
    writer_be(&w, LENGTH + CARD_APP_MAX_NDEF, 2);
    writer_be(&w, MAY_READ, 1);
    writer_be(&w, NEVER, 1);
}

size_t ndef_length(const struct card *card, uint16_t file)
{
    if (file == CARD_NDEF_CC) {
        return CARD_NDEF_CC_BYTES;
    }
    return file == CARD_NDEF_MESSAGE ? LENGTH + store_length(&card->store, NDEF_OBJECT) : 0;
}

/* The length, then the message, from any place in either. */
static bool read_message(struct card *card, size_t offset, uint8_t *bytes, size_t len)
{
    size_t there = store_length(&card->store, NDEF_OBJECT);
    const uint8_t length[LENGTH] = {(uint8_t)(there >> 8), (uint8_t)there};
    while (offset < LENGTH && len != 0) {
        *bytes++ = length[offset++];
        len--;
    }
    return len == 0 || store_read(&card->store, NDEF_OBJECT, offset - LENGTH, bytes, len);
}

bool ndef_read(struct card *card, uint16_t file, size_t offset, uint8_t *bytes, size_t len)
{
    uint8_t container[CARD_NDEF_CC_BYTES];
    if (file == CARD_NDEF_MESSAGE) {
        return read_message(card, offset, bytes, len);
    }
    if (file != CARD_NDEF_CC || offset > sizeof container || len > sizeof container - offset) {
        return false;
    }
    make_container(container);
    memcpy(bytes, container + offset, len);
    return true;
}
