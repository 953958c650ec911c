/* SPDX-License-Identifier: Apache-2.0
 *
 * PIN and PUK: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (SP 800-73-4, part 2, §3.2.1 to
 * §3.2.3). A value and its tries are one object, so that a new value with all its tries is one
 * write. A try is spent in flash before anything is compared: power that goes in between gives none
 * back, and a write that fails ends the command.
 */
#include "command.h"

enum { HEAD = 2, STORED = HEAD + CARD_PIV_SECRET, RESET_STATUS = 0xFF, PIN_LEAST = 6 };

struct secret {
    uint8_t left; /* tries */
    uint8_t most;
    uint8_t value[CARD_PIV_SECRET];
};

_Static_assert(sizeof(struct secret) == STORED, "stored as it is");

static unsigned object_of(uint8_t reference)
{
    switch (reference) {
    case CARD_PIV_PIN:
        return STORE_PIN;
    case CARD_PIV_PUK:
        return STORE_PUK;
    default:
        return 0;
    }
}

/* Six to eight digits, filled up with FF (part 1, §2.4.3); a PUK may be anything. */
static bool is_formed(uint8_t reference, const uint8_t value[CARD_PIV_SECRET])
{
    size_t digits = 0;
    if (reference == CARD_PIV_PUK) {
        return true;
    }
    while (digits < CARD_PIV_SECRET && value[digits] >= '0' && value[digits] <= '9') {
        digits++;
    }
    for (size_t i = digits; i < CARD_PIV_SECRET; i++) {
        if (value[i] != 0xFF) {
            return false;
        }
    }
    return digits >= PIN_LEAST;
}

static uint16_t load(struct card *card, unsigned object, struct secret *secret)
{
    if (store_length(&card->store, object) != STORED) {
        return SW_REFERENCE;
    }
    bool read = store_read(&card->store, object, 0, (uint8_t *)secret, STORED);
    return read ? SW_OK : SW_MEMORY_FAILURE;
}

static uint16_t save(struct card *card, unsigned object, const struct secret *secret)
{
    return command_store_sw(store_write(&card->store, object, span_of(secret, STORED)));
}

static void forget_pin(struct card *card)
{
    card->piv.verified = false;
    card->piv.fresh = false;
}

static uint16_t tries_left(const struct secret *secret)
{
    return secret->left == 0 ? SW_BLOCKED : (uint16_t)(SW_TRIES_LEFT | secret->left);
}

/* Spends a try and compares. With SW_OK the secret is in memory with all its tries, and the caller
 * saves it, changed or not. */
static uint16_t present(struct card *card, unsigned object, const uint8_t value[CARD_PIV_SECRET],
                        struct secret *secret)
{
    uint16_t sw = load(card, object, secret);
    if (sw != SW_OK) {
        return sw;
    }
    if (secret->left == 0) {
        return SW_BLOCKED;
    }
    secret->left--;
    sw = save(card, object, secret);
    if (sw != SW_OK) {
        return sw;
    }
    if (!card_equal(secret->value, value, CARD_PIV_SECRET)) {
        return (uint16_t)(SW_TRIES_LEFT | secret->left);
    }
    secret->left = secret->most;
    return SW_OK;
}

/* VERIFY without data: is it needed, and how often may it be tried? */
static uint16_t tell(struct card *card)
{
    struct secret secret;
    uint16_t sw = load(card, STORE_PIN, &secret);
    if (sw == SW_OK && !card->piv.verified) {
        sw = tries_left(&secret);
    }
    bytes_wipe(&secret, sizeof secret);
    return sw;
}

static uint16_t verify(struct card *card, struct span data)
{
    struct secret secret;
    if (data.len != CARD_PIV_SECRET || !is_formed(CARD_PIV_PIN, data.ptr)) {
        return SW_WRONG_DATA; /* no try, and what was shown stays so */
    }
    forget_pin(card);
    uint16_t sw = present(card, STORE_PIN, data.ptr, &secret);
    if (sw == SW_OK) {
        sw = save(card, STORE_PIN, &secret);
    }
    if (sw == SW_OK) {
        card->piv.verified = true;
        card->piv.fresh = true;
    }
    bytes_wipe(&secret, sizeof secret);
    return sw;
}

uint16_t command_verify(struct card *card, const struct apdu *command, struct writer *out)
{
    (void)out;
    if (command->p1 != 0 && command->p1 != RESET_STATUS) {
        return SW_WRONG_P1P2;
    }
    if (command->p2 != CARD_PIV_PIN || store_length(&card->store, STORE_PIN) == 0) {
        return SW_REFERENCE;
    }
    if (command->p1 == RESET_STATUS) {
        if (command->data.len != 0) {
            return SW_WRONG_DATA;
        }
        forget_pin(card);
        return SW_OK;
    }
    return command->data.len == 0 ? tell(card) : verify(card, command->data);
}

/* What both commands that set a value check: P1, the references, and two values of eight bytes. */
static uint16_t check(const struct card *card, const struct apdu *command, bool reference_is_known)
{
    if (command->p1 != 0) {
        return SW_WRONG_P1P2;
    }
    if (!reference_is_known || store_length(&card->store, object_of(command->p2)) == 0) {
        return SW_REFERENCE;
    }
    bool formed = command->data.len == (size_t)2 * CARD_PIV_SECRET &&
                  is_formed(command->p2, command->data.ptr + CARD_PIV_SECRET);
    return formed ? SW_OK : SW_WRONG_DATA;
}

/* The replaced value is forgotten in flash as well. */
static uint16_t replace(struct card *card, unsigned object, const uint8_t value[CARD_PIV_SECRET],
                        struct secret *secret)
{
    secret->left = secret->most;
    memcpy(secret->value, value, CARD_PIV_SECRET);
    return command_store_secret(card, object, span_of(secret, STORED));
}

/* The PIN counts as shown afterwards only if it did before. */
uint16_t command_change_reference_data(struct card *card, const struct apdu *command,
                                       struct writer *out)
{
    (void)out;
    struct secret secret;
    uint16_t sw = check(card, command, object_of(command->p2) != 0);
    if (sw != SW_OK) {
        return sw;
    }
    unsigned object = object_of(command->p2);
    sw = present(card, object, command->data.ptr, &secret);
    if (sw == SW_OK) {
        sw = replace(card, object, command->data.ptr + CARD_PIV_SECRET, &secret);
    }
    if (sw != SW_OK && command->p2 == CARD_PIV_PIN) {
        forget_pin(card);
    }
    bytes_wipe(&secret, sizeof secret);
    return sw;
}

/* The PUK sets a new PIN. Its own tries come back last: a cut costs one, and gives none. */
uint16_t command_reset_retry_counter(struct card *card, const struct apdu *command,
                                     struct writer *out)
{
    (void)out;
    struct secret pin;
    struct secret puk;
    uint16_t sw = check(card, command, command->p2 == CARD_PIV_PIN);
    if (sw != SW_OK) {
        return sw;
    }
    forget_pin(card);
    sw = present(card, STORE_PUK, command->data.ptr, &puk);
    if (sw == SW_OK) {
        sw = load(card, STORE_PIN, &pin);
    }
    if (sw == SW_OK) {
        sw = replace(card, STORE_PIN, command->data.ptr + CARD_PIV_SECRET, &pin);
    }
    if (sw == SW_OK) {
        sw = save(card, STORE_PUK, &puk);
    }
    bytes_wipe(&pin, sizeof pin);
    bytes_wipe(&puk, sizeof puk);
    return sw;
}

uint16_t piv_put_secret(struct card *card, uint8_t reference, struct span value)
{
    if (value.len != 1 + CARD_PIV_SECRET || value.ptr[0] == 0 ||
        value.ptr[0] > CARD_PIV_MAX_TRIES || !is_formed(reference, value.ptr + 1)) {
        return SW_WRONG_DATA;
    }
    struct secret secret = {.most = value.ptr[0]};
    if (reference == CARD_PIV_PIN) {
        forget_pin(card);
    }
    uint16_t sw = replace(card, object_of(reference), value.ptr + 1, &secret);
    bytes_wipe(&secret, sizeof secret);
    return sw;
}
