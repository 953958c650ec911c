/* SPDX-License-Identifier: Apache-2.0
 *
 * What changes a card: STORE DATA writes files, SET STATUS moves the life cycle
 * (GlobalPlatform Card Specification §11.11 and §11.10, for the credential application).
 */
#include "command.h"
#include "card_file.h"

enum { LAST_BLOCK = 0x80, LAST_NUMBER = 0xFF, STATUS_OF_CARD = 0x80 };

static uint16_t remove_file(struct card *card, unsigned object, bool last, struct span rest)
{
    if (!last || rest.len != 0) {
        return SW_WRONG_DATA;
    }
    return command_store_sw(store_write(&card->store, object, span_of(NULL, 0)));
}

/* The first block: which file, how long it will be, and its first bytes. */
static uint16_t begin_file(struct card *card, struct span data, bool last, struct span *ret_bytes)
{
    struct reader r = reader_of(data);
    uint16_t file = (uint16_t)reader_be(&r, 2);
    size_t len = (size_t)reader_be(&r, 2);
    size_t most;
    if (r.failed) {
        return SW_WRONG_DATA;
    }
    if (file == CARD_APP_INDEX || file == CARD_APP_PUBLIC_KEY) {
        return SW_CONDITIONS; /* the card makes these */
    }
    unsigned object = card_file_object(file, &most);
    if (object == 0) {
        return SW_NOT_FOUND;
    }
    *ret_bytes = r.rest;
    if (len > most) {
        return SW_FULL;
    }
    if (len == 0) {
        return remove_file(card, object, last, r.rest);
    }
    card->streaming = CARD_INS_STORE_DATA;
    return command_store_sw(store_begin(&card->store, object, len));
}

static uint16_t store_block(struct card *card, const struct apdu *command)
{
    bool last = command->p1 == LAST_BLOCK;
    struct span bytes = command->data;
    if (command->p2 == 0) {
        uint16_t sw = begin_file(card, command->data, last, &bytes);
        if (sw != SW_OK || card->streaming == 0) {
            return sw;
        }
    }
    enum store_result result = store_append(&card->store, bytes);
    if (result == STORE_OK && last) {
        card->streaming = 0;
        result = store_commit(&card->store);
    }
    return command_store_sw(result);
}

/* P1-P2, state, and the number of the block: behind the highest there can be none. */
static uint16_t check_block(const struct card *card, const struct apdu *command)
{
    bool last = command->p1 == LAST_BLOCK;
    bool expected = command->p2 == 0 || (card->streaming != 0 && command->p2 == card->block);
    if ((!last && command->p1 != 0) || !expected) {
        return SW_WRONG_P1P2;
    }
    if (!command_may_change(card)) {
        return SW_CONDITIONS;
    }
    return !last && command->p2 == LAST_NUMBER ? SW_FULL : SW_OK;
}

/* The file keeps its old bytes until the last block is there and the length is right. Anything
 * unexpected in between, and the new ones are dropped. */
uint16_t command_store_data(struct card *card, const struct apdu *command, struct writer *out)
{
    (void)out;
    uint16_t sw = check_block(card, command);
    if (sw == SW_OK) {
        if (command->p2 == 0) {
            command_drop_stream(card);
        }
        sw = store_block(card, command);
    }
    card->block = (uint8_t)(command->p2 + 1);
    if (sw != SW_OK) {
        command_drop_stream(card);
    }
    return sw;
}

void command_drop_stream(struct card *card)
{
    store_abandon(&card->store);
    card->streaming = 0;
}

bool command_may_change(const struct card *card)
{
    return card->state == CARD_BLANK || card->state == CARD_PERSONALISED;
}

uint16_t command_store_secret(struct card *card, unsigned object, struct span value)
{
    bool replaces = store_length(&card->store, object) != 0;
    uint16_t sw = command_store_sw(store_write(&card->store, object, value));
    if (sw == SW_OK && replaces) {
        sw = command_store_sw(store_purge(&card->store, STORE_KEEP_ALL));
    }
    return sw;
}

/* Personalised means: the issuer's own keys, and a key pair that certificates can be bound to. */
static bool may_become(struct card *card, uint8_t state)
{
    switch (state) {
    case CARD_PERSONALISED:
        return card->state == CARD_BLANK && store_length(&card->store, STORE_KEYS) != 0 &&
               store_length(&card->store, STORE_PAIR) != 0;
    case CARD_LOCKED:
        return card->state == CARD_PERSONALISED;
    case CARD_BLANK:      /* a card that is BLANK may hold a key pair, files and PIV objects, too */
    case CARD_TERMINATED: /* and no command reaches this on a card that is TERMINATED */
        return true;
    default:
        return false;
    }
}

/* One move of the journal: the card is the old one, whole, until the moment in which only the keys
 * of the channel and its tries are left. Without a state it is BLANK. */
static uint16_t erase(struct card *card)
{
    uint16_t sw = command_store_sw(store_purge(&card->store, 1U << STORE_KEYS | 1U << STORE_TRIES));
    if (sw == SW_OK) {
        card->state = CARD_BLANK;
        card->file = 0;
    }
    return sw;
}

static uint16_t become(struct card *card, uint8_t state)
{
    uint16_t sw = command_store_sw(store_write(&card->store, STORE_STATE, span_of(&state, 1)));
    if (sw == SW_OK) {
        card->state = state;
    }
    if (sw == SW_OK && state == CARD_TERMINATED) { /* card_start() goes on where this is cut */
        card->application = APPLICATION_NONE;
        sw = command_store_sw(store_purge(&card->store, 1U << STORE_STATE));
    }
    return sw;
}

/* Erasing wants the channel at its strongest: a key that only makes MACs is not enough. */
uint16_t command_set_status(struct card *card, const struct apdu *command, struct writer *out)
{
    (void)out;
    uint8_t state = command->p2;
    if (command->p1 != STATUS_OF_CARD || (state != CARD_BLANK && state != CARD_PERSONALISED &&
                                          state != CARD_LOCKED && state != CARD_TERMINATED)) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len != 0) {
        return SW_WRONG_LENGTH;
    }
    if (state == CARD_BLANK && (card->channel.level & SCP03_LEVEL_C_ENC) == 0) {
        return SW_SECURITY;
    }
    if (!may_become(card, state)) {
        return SW_CONDITIONS;
    }
    return state == CARD_BLANK ? erase(card) : become(card, state);
}

uint16_t command_store_sw(enum store_result result)
{
    switch (result) {
    case STORE_OK:
        return SW_OK;
    case STORE_FULL:
        return SW_FULL;
    case STORE_MISUSE:
        return SW_WRONG_DATA;
    case STORE_FAULT:
    default:
        return SW_MEMORY_FAILURE;
    }
}
