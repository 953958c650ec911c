/* SPDX-License-Identifier: Apache-2.0
 *
 * GET DATA and PUT DATA (SP 800-73-4, part 2, §3.1.2 and §3.3.1). Objects are stored as they are
 * read, with their tag 53 and length; so a long one goes from flash to the reader, and from the
 * parts of a chain to flash, without ever being whole in memory.
 */
#include "command.h"
#include "wire/tlv.h"

enum {
    TAG_LIST = 0x5C,
    TAG_DATA = 0x53,
    TAG_AID = 0x4F,
    TAG_POLICY = 0x5F2F,
    PIN_ONLY = 0x4000, /* PIN usage policy: the application's PIN, and no other */
    HEAD = 4           /* tag and length, most */
};

static const struct {
    uint32_t tag;
    uint16_t most;
} objects[] = {
    {CARD_PIV_CCC, CARD_PIV_MAX_CCC},
    {CARD_PIV_CHUID, CARD_PIV_MAX_CHUID},
    {CARD_PIV_CERTIFICATE_9A, CARD_PIV_MAX_CERTIFICATE},
    {CARD_PIV_CERTIFICATE_9C, CARD_PIV_MAX_CERTIFICATE},
    {CARD_PIV_CERTIFICATE_9E, CARD_PIV_MAX_CERTIFICATE},
    {CARD_PIV_CREDENTIAL, CARD_PIV_MAX_CREDENTIAL},
};

enum { OBJECTS = sizeof objects / sizeof objects[0] };

_Static_assert((int)STORE_PIV_OBJECT + (int)OBJECTS == (int)STORE_OBJECTS, "objects for all tags");

/* The store's object with that tag, or 0. */
static unsigned object_of(uint32_t tag, size_t *ret_most)
{
    for (unsigned i = 0; i < OBJECTS; i++) {
        if (objects[i].tag == tag) {
            *ret_most = objects[i].most;
            return STORE_PIV_OBJECT + i;
        }
    }
    return 0;
}

/* 5C and the tag of one object, of one to three bytes. */
static bool read_tag(struct reader *r, uint32_t *ret)
{
    struct tlv list;
    if (!tlv_next(r, &list) || list.tag != TAG_LIST || list.value.len == 0 || list.value.len > 3) {
        return false;
    }
    struct reader tag = reader_of(list.value);
    *ret = (uint32_t)reader_be(&tag, list.value.len);
    return true;
}

static void put_discovery(struct writer *out)
{
    tlv_head(out, CARD_PIV_DISCOVERY, 2 + CARD_PIV_AID_BYTES + 5);
    tlv_put(out, TAG_AID, span_of(CARD_PIV_AID, CARD_PIV_AID_BYTES));
    tlv_head(out, TAG_POLICY, 2);
    writer_be(out, PIN_ONLY, 2);
}

/* In the secure channel the whole response has one MAC and must fit; outside it is read from flash
 * as it is fetched. */
static uint16_t get_object(struct card *card, const struct apdu *command, unsigned object,
                           struct writer *out)
{
    size_t len = store_length(&card->store, object);
    if ((command->cla & CARD_CLA_SECURE) == 0) {
        card->source = (uint8_t)object;
        return SW_OK;
    }
    if (len > CARD_APP_MAX_NE) {
        return SW_WRONG_LENGTH;
    }
    out->len = len;
    return store_read(&card->store, object, 0, out->ptr, len) ? SW_OK : SW_MEMORY_FAILURE;
}

static bool is_for_objects(const struct apdu *command)
{
    return command->p1 == 0x3F && command->p2 == 0xFF;
}

uint16_t command_get_data(struct card *card, const struct apdu *command, struct writer *out)
{
    uint32_t tag;
    size_t most;
    struct reader r = reader_of(command->data);
    if (!is_for_objects(command)) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len == 0) {
        return SW_WRONG_LENGTH;
    }
    if (!read_tag(&r, &tag) || !reader_done(&r)) {
        return SW_WRONG_DATA;
    }
    if (tag == CARD_PIV_DISCOVERY) {
        put_discovery(out);
        return SW_OK;
    }
    unsigned object = object_of(tag, &most);
    if (object == 0 || store_length(&card->store, object) == 0) {
        return SW_NOT_FOUND;
    }
    return get_object(card, command, object, out);
}

/* Starts the object's new value with its head. */
static uint16_t begin_value(struct card *card, unsigned object, size_t len)
{
    uint8_t room[HEAD];
    struct writer head = writer_of(room, sizeof room);
    tlv_head(&head, TAG_DATA, len);
    enum store_result result = store_begin(&card->store, object, head.len + len);
    if (result == STORE_OK) {
        card->streaming = CARD_INS_PUT_DATA;
        result = store_append(&card->store, writer_span(&head));
    }
    return command_store_sw(result);
}

/* The first part of a chain, or all there is: which object, how long, and its first bytes. An empty
 * one removes the object. */
static uint16_t begin(struct card *card, struct span data, bool last, struct span *ret_bytes)
{
    struct reader r = reader_of(data);
    uint32_t tag;
    size_t most;
    if (!read_tag(&r, &tag)) {
        return SW_WRONG_DATA;
    }
    unsigned object = object_of(tag, &most);
    if (object == 0) {
        return SW_FUNCTION;
    }
    uint16_t data_tag = tlv_read_tag(&r);
    size_t len = tlv_read_length(&r);
    if (r.failed || data_tag != TAG_DATA || r.rest.len > len || (len == 0 && !last)) {
        return SW_WRONG_DATA;
    }
    if (len > most) {
        return SW_FULL;
    }
    *ret_bytes = r.rest;
    return len == 0 ? command_store_sw(store_write(&card->store, object, r.rest))
                    : begin_value(card, object, len);
}

static uint16_t take(struct card *card, struct span bytes, bool last)
{
    enum store_result result = store_append(&card->store, bytes);
    if (result == STORE_OK && last) {
        card->streaming = 0;
        result = store_commit(&card->store);
    }
    return command_store_sw(result);
}

/* Each part of a chain comes here; card.c drops the new value when one of them is refused. */
uint16_t command_put_data(struct card *card, const struct apdu *command, struct writer *out)
{
    (void)out;
    bool last = (command->cla & CARD_CLA_CHAIN) == 0;
    struct span bytes = command->data;
    if (!is_for_objects(command)) {
        return SW_WRONG_P1P2;
    }
    if (bytes.len == 0) {
        return SW_WRONG_LENGTH;
    }
    if (!piv_may_write(card, command)) {
        return SW_SECURITY;
    }
    if (!command_may_change(card)) {
        return SW_CONDITIONS;
    }
    uint16_t sw = card->streaming == 0 ? begin(card, command->data, last, &bytes) : SW_OK;
    return sw == SW_OK && card->streaming != 0 ? take(card, bytes, last) : sw;
}
