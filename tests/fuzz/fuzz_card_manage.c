/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a card that is being written: the first octet says which operation, then come the
 * responses, each behind two bytes: four bits of what to do to it, twelve of its length. Some are
 * given the right cryptogram or MAC, as a card would that knows its keys and means harm; when they
 * are used up the card is gone. Without these nothing is ever reported done, in no case is more
 * sent than what a channel may carry, and a channel that has ended is wiped.
 */
#include "fuzz.h"
#include "base/crypto_aes.h"
#include "devices/card_manage.h"
#include "wire/card_sample.h"

enum {
    /* the first octet */
    OPERATION = 0x07,
    OPENED = 0x10, /* begin with a channel that is open; otherwise open one first */
    LONG = 0x20,   /* with keys of 32 bytes */
    PLAIN = 0x40,  /* an open one has level 03, without MACs of answers */
    /* the high byte of a length */
    WITH_MAC = 0x80,
    WITH_CRYPTOGRAM = 0x40,
    LENGTH = 0x0FFF
};

static struct card_manage manage;
static struct card_session session;
static struct card_key_master master;
static bool helped; /* a MAC or a cryptogram was made right */

/* The card's cryptogram for a challenge of its own, from keys that only a real card knows. */
static void make_cryptogram(struct span challenge, uint8_t answer[29])
{
    static const uint8_t constants[] = {0x06, 0x00}; /* S-MAC, card cryptogram */
    struct card_key_set keys;
    uint8_t key[CARD_KEY_MAX], made[CARD_KEY_MAX], context[2 * SCP03_CHALLENGE];
    FUZZ_REQUIRE(card_keys_derive(&master, answer, answer[10], &keys));
    memcpy(context, challenge.ptr, SCP03_CHALLENGE);
    memcpy(context + SCP03_CHALLENGE, answer + 13, SCP03_CHALLENGE);
    memcpy(key, keys.mac, keys.len);
    for (size_t c = 0; c < sizeof constants; c++) {
        size_t len = c == 0 ? keys.len : SCP03_CRYPTOGRAM;
        for (size_t at = 0; at < len; at += CRYPTO_AES_BLOCK) {
            const uint8_t head[16] = {[11] = constants[c],
                                      [13] = (uint8_t)(len * 8 >> 8),
                                      [14] = (uint8_t)(len * 8),
                                      [15] = (uint8_t)(at / CRYPTO_AES_BLOCK + 1)};
            const struct span part[] = {span_of(head, sizeof head),
                                        span_of(context, sizeof context)};
            FUZZ_REQUIRE(crypto_cmac(span_of(key, keys.len), part, 2, made + at) == CRYPTO_OK);
        }
        memcpy(key, made, keys.len);
    }
    memcpy(answer + 21, made, SCP03_CRYPTOGRAM);
    helped = true;
}

/* Puts a MAC before the status word; the chaining value is that of the command just sent. */
static size_t add_mac(uint8_t *response, size_t len)
{
    const struct card_channel *c = &manage.channel;
    uint8_t mac[CRYPTO_AES_BLOCK];
    const uint8_t sw[] = {response[len - 2], response[len - 1]};
    const struct span part[] = {span_of(c->chain, sizeof c->chain), span_of(response, len - 2),
                                span_of(sw, sizeof sw)};
    FUZZ_REQUIRE(crypto_cmac(span_of(c->s_rmac, c->key_len), part, 3, mac) == CRYPTO_OK);
    memcpy(response + len - 2, mac, SCP03_MAC);
    memcpy(response + len - 2 + SCP03_MAC, sw, sizeof sw);
    helped = true;
    return len + SCP03_MAC;
}

static enum card_io_error transmit(void *ctx, struct span command, uint8_t *response, size_t cap,
                                   size_t *ret_len)
{
    struct reader *r = ctx;
    struct apdu sent;
    FUZZ_REQUIRE(apdu_read(command, &sent));
    FUZZ_REQUIRE(sent.data.len <= CARD_APP_MAX_NC + CARD_CHANNEL_BLOCK + SCP03_MAC);
    uint16_t head = (uint16_t)reader_be(r, 2);
    size_t len = head & LENGTH;
    struct span bytes = reader_take(r, len < r->rest.len ? len : r->rest.len);
    if (r->failed) {
        return CARD_IO_REMOVED;
    }
    if (bytes.len + SCP03_MAC > cap) {
        return CARD_IO_NONSENSE;
    }
    if (bytes.len != 0) {
        memcpy(response, bytes.ptr, bytes.len);
    }
    *ret_len = bytes.len;
    if ((head >> 8 & WITH_CRYPTOGRAM) != 0 && bytes.len == 31 &&
        sent.ins == CARD_INS_INITIALIZE_UPDATE) {
        make_cryptogram(sent.data, response);
    } else if ((head >> 8 & WITH_MAC) != 0 && bytes.len >= 2 &&
               manage.channel.phase == CARD_CHANNEL_OPEN) {
        *ret_len = add_mac(response, bytes.len);
    }
    return CARD_IO_OK;
}

static enum card_io_error operate(unsigned operation)
{
    static const uint8_t bytes[5000] = {1};
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    switch (operation) {
    case 0:
        return card_manage_generate(&manage, point);
    case 1:
        return card_manage_store(&manage, CARD_APP_PHOTO, span_of(bytes, sizeof bytes));
    case 2:
        return card_manage_store(&manage, CARD_APP_CREDENTIAL, span_of(bytes, 100));
    case 3:
        return card_manage_put_keys(&manage, &master, SCP03_FIRST_VERSION);
    case 4:
        return card_manage_erase(&manage);
    default:
        return card_manage_set_state(&manage, CARD_TERMINATED);
    }
}

static void check_wiped(void)
{
    const uint8_t *bytes = (const uint8_t *)&manage.channel;
    for (size_t i = 0; manage.channel.phase == CARD_CHANNEL_CLOSED && i < sizeof manage.channel;
         i++) {
        FUZZ_REQUIRE(bytes[i] == 0);
    }
}

/* As after opening, without asking a card. */
static void open_by_hand(uint8_t flags)
{
    manage.session = &session;
    manage.channel = (struct card_channel){.io = &session.io,
                                           .traffic = &session.traffic,
                                           .phase = CARD_CHANNEL_OPEN,
                                           .level = (flags & PLAIN) != 0 ? 0x03 : 0x13,
                                           .key_len = master.len};
    manage.keys = (struct card_key_set){.version = SCP03_FIRST_VERSION, .len = master.len};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(span_of(data, size));
    uint8_t flags = (uint8_t)reader_be(&r, 1);
    enum card_io_error error = CARD_IO_OK;
    helped = false;
    memset(&manage, 0, sizeof manage);
    memset(&session, 0, sizeof session);
    session.io = (struct card_io){.transmit = transmit, .ctx = &r};
    memcpy(master.bytes, CARD_SAMPLE_ISSUER_MASTER, CARD_SAMPLE_MASTER_BYTES);
    master.len = (flags & LONG) != 0 ? CARD_KEY_MAX : CARD_SAMPLE_MASTER_BYTES;
    if ((flags & OPENED) != 0) {
        open_by_hand(flags);
    } else {
        error = card_manage_open(&manage, &session, &master, &master);
        FUZZ_REQUIRE(error != CARD_IO_OK || helped);
    }
    check_wiped();
    helped = (flags & OPENED) != 0 && (flags & PLAIN) != 0;
    if (error == CARD_IO_OK) {
        error = operate(flags & OPERATION);
        FUZZ_REQUIRE(error != CARD_IO_OK || helped);
    }
    check_wiped();
    FUZZ_REQUIRE(session.file_count <= CARD_SESSION_FILES);
    card_manage_close(&manage);
    return 0;
}
