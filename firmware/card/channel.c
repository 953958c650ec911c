/* SPDX-License-Identifier: Apache-2.0
 *
 * The secure channel's commands: INITIALIZE UPDATE and EXTERNAL AUTHENTICATE (Amendment D §7.1),
 * PUT KEY (§7.2). Knows where the static keys are kept and how often a stranger may have them at
 * work.
 */
#include "command.h"

enum {
    KEY_HEAD = 3,  /* of PUT KEY: type, length, length */
    KEYS_HEAD = 2, /* version, bytes of a key */
    KEYS_MAX = KEYS_HEAD + 3 * CARD_KEY_MAX_BYTES,
    LONG_KEYS = 3 * (KEY_HEAD + CARD_KEY_MAX_BYTES + 1 + SCP03_KCV), /* three of AES-256 */
    PUT_KEY_ALL = 0x81 /* P2: several keys, from identifier 1 */
};

/* Of the issuer's keys once there are some, of the factory's until then. Touches neither. */
static bool load_version(struct card *card, uint8_t *ret)
{
    *ret = SCP03_TRANSPORT_VERSION;
    return store_length(&card->store, STORE_KEYS) == 0 ||
           store_read(&card->store, STORE_KEYS, 0, ret, 1);
}

static bool read_keys_of_issuer(struct card *card, struct card_keys *keys)
{
    uint8_t stored[KEYS_MAX];
    size_t len = store_length(&card->store, STORE_KEYS);
    bool read = len <= sizeof stored && store_read(&card->store, STORE_KEYS, 0, stored, len);
    if (read) {
        struct reader r = reader_of(span_of(stored, len));
        *keys = (struct card_keys){.version = (uint8_t)reader_be(&r, 1)};
        keys->key_bytes = (uint8_t)reader_be(&r, 1);
        uint8_t *const to[] = {keys->enc, keys->mac, keys->dek};
        for (size_t i = 0; i < 3 && keys->key_bytes <= CARD_KEY_MAX_BYTES; i++) {
            struct span key = reader_take(&r, keys->key_bytes);
            if (!r.failed) {
                memcpy(to[i], key.ptr, key.len);
            }
        }
        read = reader_done(&r);
    }
    bytes_wipe(stored, sizeof stored);
    return read;
}

/* Of the issuer once there are some, of the factory until then. False, and none, when they cannot
 * be had. */
static bool load_keys(struct card *card, struct card_keys *keys)
{
    bool loaded = store_length(&card->store, STORE_KEYS) != 0
                      ? read_keys_of_issuer(card, keys)
                      : card->port->transport_keys(card->port->context, keys);
    if (!loaded) {
        bytes_wipe(keys, sizeof *keys);
    }
    return loaded;
}

static uint16_t save_keys(struct card *card, const struct card_keys *keys)
{
    uint8_t stored[KEYS_MAX];
    struct writer w = writer_of(stored, sizeof stored);
    writer_be(&w, keys->version, 1);
    writer_be(&w, keys->key_bytes, 1);
    writer_put(&w, span_of(keys->enc, keys->key_bytes));
    writer_put(&w, span_of(keys->mac, keys->key_bytes));
    writer_put(&w, span_of(keys->dek, keys->key_bytes));
    uint16_t sw = command_store_secret(card, STORE_KEYS, writer_span(&w));
    bytes_wipe(stored, sizeof stored);
    return sw;
}

/* Tries left: all of them while nothing is stored. */
static bool load_tries(struct card *card, uint8_t *ret)
{
    *ret = SCP03_TRIES;
    return store_length(&card->store, STORE_TRIES) == 0 ||
           (store_read(&card->store, STORE_TRIES, 0, ret, 1) && *ret <= SCP03_TRIES);
}

static uint16_t save_tries(struct card *card, uint8_t tries)
{
    return command_store_sw(store_write(&card->store, STORE_TRIES, span_of(&tries, 1)));
}

/* From what flash remembers: the power going and coming back skips nothing. The first tries may be
 * mistakes; those after them wait for twice as long each. */
static bool wait_for_try(struct card *card, uint8_t tries)
{
    unsigned wrong = SCP03_TRIES - tries;
    uint32_t ms = SCP03_DELAY_MIN_MS;
    if (wrong < SCP03_FREE_TRIES) {
        return true;
    }
    for (unsigned i = SCP03_FREE_TRIES; i < wrong && ms < SCP03_DELAY_MAX_MS; i++) {
        ms *= 2;
    }
    return card->port->wait(card->port->context, ms);
}

/* Waits, and spends the try, before a key is so much as read: power that goes in between gives
 * neither time nor try back, and nobody has the keys at work more often than there are tries. */
static uint16_t begin_try(struct card *card, uint8_t tries)
{
    return wait_for_try(card, tries) ? save_tries(card, (uint8_t)(tries - 1)) : SW_INTERNAL;
}

/* Serial and random bytes come first: what fails there costs no try. Keys that cannot be had, those
 * of the factory neither, have cost one by then. */
static uint16_t challenge(struct card *card, uint8_t tries, struct span host, struct writer *out)
{
    uint8_t serial[CARD_SERIAL_BYTES];
    uint8_t own[SCP03_CHALLENGE];
    uint8_t cryptogram[SCP03_CRYPTOGRAM];
    struct card_keys keys;
    if (!card->port->serial(card->port->context, serial) ||
        !card->port->random(card->port->context, own, sizeof own)) {
        return SW_INTERNAL;
    }
    uint16_t sw = begin_try(card, tries);
    if (sw != SW_OK) {
        return sw;
    }
    if (!load_keys(card, &keys)) {
        return SW_MEMORY_FAILURE;
    }
    const uint8_t about[] = {keys.version, SCP03_PROTOCOL, SCP03_OPTIONS};
    scp03_challenge(&card->channel, &keys, host.ptr, own, cryptogram);
    bytes_wipe(&keys, sizeof keys);
    writer_put(out, span_of(serial, sizeof serial));
    writer_put(out, span_of(about, sizeof about));
    writer_put(out, span_of(own, sizeof own));
    writer_put(out, span_of(cryptogram, sizeof cryptogram));
    return SW_OK;
}

uint16_t command_initialize_update(struct card *card, const struct apdu *command,
                                   struct writer *out)
{
    uint8_t version;
    uint8_t tries;
    scp03_close(&card->channel);
    if (command->p2 != 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len != SCP03_CHALLENGE) {
        return SW_WRONG_LENGTH;
    }
    if (!load_version(card, &version) || !load_tries(card, &tries)) {
        return SW_MEMORY_FAILURE;
    }
    if (command->p1 != 0 && command->p1 != version) {
        return SW_REFERENCE;
    }
    return tries == 0 ? SW_BLOCKED : challenge(card, tries, command->data, out);
}

static bool level_is_known(uint8_t level)
{
    return (level & SCP03_LEVEL_C_MAC) != 0 &&
           (level & ~(SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC)) == 0;
}

/* Compares at most once for each challenge, and each challenge has cost a try. */
uint16_t command_external_authenticate(struct card *card, const struct apdu *command,
                                       struct writer *out)
{
    (void)out;
    if (!level_is_known(command->p1) || command->p2 != 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len != SCP03_CRYPTOGRAM + SCP03_MAC) {
        return SW_WRONG_LENGTH;
    }
    if (card->channel.phase != SCP03_CHALLENGED) {
        return SW_CONDITIONS;
    }
    if (!scp03_authenticate(&card->channel, command)) {
        return SW_AUTHENTICATION_FAILED;
    }
    uint16_t sw = save_tries(card, SCP03_TRIES);
    if (sw != SW_OK) {
        scp03_close(&card->channel);
    }
    return sw;
}

/* The key check value: the first bytes of a block of 01, encrypted. */
static void check_value(struct span key, uint8_t value[SCP03_KCV])
{
    uint8_t block[CARD_BLOCK];
    uint8_t zero[CARD_BLOCK] = {0};
    memset(block, 0x01, sizeof block);
    card_cbc_encrypt(key, zero, block, sizeof block);
    memcpy(value, block, SCP03_KCV);
}

/* One key of PUT KEY: type, length of what follows, length of the key, the key under the DEK,
 * check value. */
static bool read_key(struct reader *r, struct span dek, size_t key_bytes, uint8_t *key)
{
    uint64_t type = reader_be(r, 1);
    uint64_t outer = reader_be(r, 1);
    uint64_t inner = reader_be(r, 1);
    struct span secret = reader_take(r, key_bytes);
    uint64_t kcv_len = reader_be(r, 1);
    struct span kcv = reader_take(r, SCP03_KCV);
    if (r->failed || type != SCP03_KEY_TYPE_AES || outer != key_bytes + 1 || inner != key_bytes ||
        kcv_len != SCP03_KCV) {
        return false;
    }
    uint8_t zero[CARD_BLOCK] = {0};
    uint8_t wanted[SCP03_KCV];
    memcpy(key, secret.ptr, key_bytes);
    card_cbc_decrypt(dek, zero, key, key_bytes);
    check_value(span_of(key, key_bytes), wanted);
    return card_equal(wanted, kcv.ptr, SCP03_KCV);
}

/* Three keys of one length behind their version. */
static bool read_keys(struct span data, struct span dek, struct card_keys *keys)
{
    struct reader r = reader_of(data);
    keys->version = (uint8_t)reader_be(&r, 1);
    keys->key_bytes = r.rest.len == LONG_KEYS ? 32 : 16;
    uint8_t *const to[] = {keys->enc, keys->mac, keys->dek};
    for (size_t i = 0; i < 3; i++) {
        if (!read_key(&r, dek, keys->key_bytes, to[i])) {
            return false;
        }
    }
    return reader_done(&r) && keys->version >= SCP03_FIRST_VERSION &&
           keys->version <= SCP03_LAST_VERSION;
}

static void confirm_keys(const struct card_keys *keys, struct writer *out)
{
    const uint8_t *const all[] = {keys->enc, keys->mac, keys->dek};
    writer_be(out, keys->version, 1);
    for (size_t i = 0; i < 3; i++) {
        uint8_t value[SCP03_KCV];
        check_value(span_of(all[i], keys->key_bytes), value);
        writer_put(out, span_of(value, sizeof value));
    }
}

uint16_t command_put_key(struct card *card, const struct apdu *command, struct writer *out)
{
    struct card_keys old;
    struct card_keys new = {0};
    if (command->p2 != PUT_KEY_ALL) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len == 0) {
        return SW_WRONG_LENGTH;
    }
    if (!command_may_change(card)) {
        return SW_CONDITIONS;
    }
    if (!load_keys(card, &old)) {
        return SW_MEMORY_FAILURE;
    }
    uint16_t sw = SW_OK;
    if (command->p1 != 0 && command->p1 != old.version) {
        sw = SW_REFERENCE;
    } else if (!read_keys(command->data, span_of(old.dek, old.key_bytes), &new)) {
        sw = SW_WRONG_DATA;
    }
    if (sw == SW_OK) {
        sw = save_keys(card, &new);
    }
    if (sw == SW_OK) {
        confirm_keys(&new, out);
    }
    bytes_wipe(&old, sizeof old);
    bytes_wipe(&new, sizeof new);
    return sw;
}
