/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: what issuers wrote lies in the store; the public key is the second half of the key pair;
 * the index is made when it is read, so that it cannot disagree with what is there.
 */
#include "card_file.h"
#include "ndef.h"

enum { PHOTO = STORE_FILE, FIRST_CREDENTIAL = STORE_FILE + 1 };

_Static_assert((int)FIRST_CREDENTIAL + (int)CARD_APP_CREDENTIALS <= (int)NDEF_OBJECT,
               "objects for all files");
_Static_assert((int)CARD_APP_MAX_PHOTO <= (int)STORE_MAX_VALUE, "the store takes the largest file");

unsigned card_file_object(uint16_t file, size_t *ret_most)
{
    if (file == CARD_APP_PHOTO) {
        *ret_most = CARD_APP_MAX_PHOTO;
        return PHOTO;
    }
    if (file == CARD_APP_NDEF) {
        *ret_most = CARD_APP_MAX_NDEF;
        return NDEF_OBJECT;
    }
    if (card_app_is_credential(file)) {
        *ret_most = CARD_APP_MAX_CREDENTIAL;
        return FIRST_CREDENTIAL + (unsigned)(file - CARD_APP_CREDENTIAL);
    }
    return 0;
}

/* Of the credential application's files but the index. */
static size_t stored_length(const struct card *card, uint16_t file)
{
    size_t most;
    unsigned object = card_file_object(file, &most);
    if (object != 0) {
        return store_length(&card->store, object);
    }
    bool key = file == CARD_APP_PUBLIC_KEY && store_length(&card->store, STORE_PAIR) != 0;
    return key ? CARD_PUBLIC_KEY : 0;
}

static void add_entry(const struct card *card, uint16_t file, struct writer *index)
{
    size_t len = stored_length(card, file);
    if (len != 0) {
        writer_be(index, file, 2);
        writer_be(index, len, 2);
    }
}

static struct span make_index(const struct card *card, uint8_t room[CARD_APP_MAX_INDEX])
{
    struct writer index = writer_of(room, CARD_APP_MAX_INDEX);
    writer_be(&index, CARD_APP_INDEX_VERSION, 1);
    writer_be(&index, card->state, 1);
    add_entry(card, CARD_APP_PUBLIC_KEY, &index);
    add_entry(card, CARD_APP_PHOTO, &index);
    add_entry(card, CARD_APP_NDEF, &index);
    for (unsigned i = 0; i < CARD_APP_CREDENTIALS; i++) {
        add_entry(card, (uint16_t)(CARD_APP_CREDENTIAL + i), &index);
    }
    return writer_span(&index);
}

size_t card_file_length(const struct card *card, uint16_t file)
{
    uint8_t index[CARD_APP_MAX_INDEX];
    if (card->application == APPLICATION_NDEF) {
        return ndef_length(card, file);
    }
    if (card->application != APPLICATION_CREDENTIAL) {
        return 0;
    }
    return file == CARD_APP_INDEX ? make_index(card, index).len : stored_length(card, file);
}

bool card_file_read(struct card *card, uint16_t file, size_t offset, uint8_t *bytes, size_t len)
{
    size_t most;
    if (card->application == APPLICATION_NDEF) {
        return ndef_read(card, file, offset, bytes, len);
    }
    unsigned object = card_file_object(file, &most);
    if (object != 0) {
        return store_read(&card->store, object, offset, bytes, len);
    }
    if (file == CARD_APP_PUBLIC_KEY) {
        if (offset > CARD_PUBLIC_KEY) { /* no sum may ever come round to the private half */
            return false;
        }
        return store_read(&card->store, STORE_PAIR, CARD_PRIVATE_KEY + offset, bytes, len);
    }
    uint8_t room[CARD_APP_MAX_INDEX];
    struct span index = make_index(card, room);
    if (offset > index.len || len > index.len - offset) {
        return false;
    }
    memcpy(bytes, index.ptr + offset, len);
    return true;
}

uint16_t card_file_of_short_identifier(const struct card *card, unsigned identifier)
{
    if (card->application != APPLICATION_CREDENTIAL) {
        return 0;
    }
    unsigned file = (CARD_APP_INDEX & ~0x1FU) | identifier;
    size_t most;
    bool known = file == CARD_APP_INDEX || file == CARD_APP_PUBLIC_KEY ||
                 card_file_object((uint16_t)file, &most) != 0;
    return identifier < 0x1F && known ? (uint16_t)file : 0;
}
