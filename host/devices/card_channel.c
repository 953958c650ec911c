/* SPDX-License-Identifier: Apache-2.0
 *
 * SCP03 from the host's side: key derivation (NIST SP 800-108 in counter mode over CMAC), MACs that
 * chain, and encryption. Whatever is not as it must be closes the channel, and closing wipes it.
 */
#include "devices/card_channel.h"

#include "base/crypto_aes.h"

_Static_assert((int)CARD_CHANNEL_BLOCK == (int)CRYPTO_AES_BLOCK, "blocks of AES");

/* What is derived (Amendment D, table 4-1). */
enum constant {
    CARD_CRYPTOGRAM = 0x00,
    HOST_CRYPTOGRAM = 0x01,
    S_ENC = 0x04,
    S_MAC = 0x06,
    S_RMAC = 0x07
};

enum { LABEL = 12, CONTEXT = 2 * SCP03_CHALLENGE, PADDING = 0x80 };

enum { MAX_BODY = CARD_APP_MAX_NC + CARD_CHANNEL_BLOCK + SCP03_MAC };

void card_channel_close(struct card_channel *channel)
{
    crypto_wipe(channel, sizeof *channel); /* CARD_CHANNEL_CLOSED is 0 */
}

/* Ends the channel with an error. */
static enum card_io_error end(struct card_channel *channel, enum card_io_error error)
{
    card_channel_close(channel);
    return error;
}

/* ---- keys ---- */

/* `len` bytes for a constant (§4.1.5): K(1) ‖ K(2) ‖ … with K(i) = CMAC(key, label ‖ 00 ‖ bits ‖ i
 * ‖ context). */
static bool derive(struct span key, enum constant constant, const uint8_t context[CONTEXT],
                   uint8_t *ret_bytes, size_t len)
{
    uint8_t block[CRYPTO_AES_BLOCK];
    bool good = true;
    for (size_t at = 0; good && at < len; at += sizeof block) {
        const uint8_t head[LABEL + 4] = {[LABEL - 1] = (uint8_t)constant,
                                         [LABEL + 1] = (uint8_t)(len * 8 >> 8),
                                         [LABEL + 2] = (uint8_t)(len * 8),
                                         [LABEL + 3] = (uint8_t)(at / sizeof block + 1)};
        const struct span part[] = {span_of(head, sizeof head), span_of(context, CONTEXT)};
        good = crypto_cmac(key, part, 2, block) == CRYPTO_OK;
        if (good) {
            memcpy(ret_bytes + at, block, len - at < sizeof block ? len - at : sizeof block);
        }
    }
    crypto_wipe(block, sizeof block);
    return good;
}

/* The session's keys (§6.2.1). */
static bool derive_keys(struct card_channel *channel, const struct card_key_set *keys)
{
    size_t n = keys->len;
    channel->key_len = keys->len;
    return derive(span_of(keys->enc, n), S_ENC, channel->context, channel->s_enc, n) &&
           derive(span_of(keys->mac, n), S_MAC, channel->context, channel->s_mac, n) &&
           derive(span_of(keys->mac, n), S_RMAC, channel->context, channel->s_rmac, n);
}

static bool make_cryptogram(const struct card_channel *channel, enum constant constant,
                            uint8_t ret_cryptogram[SCP03_CRYPTOGRAM])
{
    return derive(span_of(channel->s_mac, channel->key_len), constant, channel->context,
                  ret_cryptogram, SCP03_CRYPTOGRAM);
}

/* ---- opening ---- */

static bool is_version(uint8_t version)
{
    return version == SCP03_TRANSPORT_VERSION ||
           (version >= SCP03_FIRST_VERSION && version <= SCP03_LAST_VERSION);
}

/* Serial, key version, protocol, options, challenge, cryptogram (§7.1.1.6). */
static bool read_challenge(struct card_channel *channel, struct span answer)
{
    struct reader r = reader_of(answer);
    struct span serial = reader_take(&r, SCP03_DIVERSIFICATION);
    channel->version = (uint8_t)reader_be(&r, 1);
    uint64_t kind = reader_be(&r, 2);
    struct span challenge = reader_take(&r, SCP03_CHALLENGE);
    struct span cryptogram = reader_take(&r, SCP03_CRYPTOGRAM);
    if (!reader_done(&r) || kind != (SCP03_PROTOCOL << 8 | SCP03_OPTIONS) ||
        !is_version(channel->version)) {
        return false;
    }
    memcpy(channel->serial, serial.ptr, serial.len);
    memcpy(channel->context + SCP03_CHALLENGE, challenge.ptr, challenge.len);
    memcpy(channel->card_cryptogram, cryptogram.ptr, cryptogram.len);
    return true;
}

static enum card_io_error error_of_opening(uint16_t sw)
{
    switch (sw) {
    case SW_BLOCKED:
        return CARD_IO_SHUT;
    case SW_AUTHENTICATION_FAILED: /* from a card that has just shown that it knows the keys */
        return CARD_IO_TAMPERED;
    default:
        return card_io_error_of_sw(sw);
    }
}

enum card_io_error card_channel_begin(struct card_channel *channel, const struct card_io *io,
                                      struct card_traffic *traffic)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response;
    *channel = (struct card_channel){.io = io, .traffic = traffic};
    if (crypto_random(channel->context, SCP03_CHALLENGE) != CRYPTO_OK) {
        return end(channel, CARD_IO_SYSTEM);
    }
    const struct apdu command = {.cla = CARD_CLA_PROPRIETARY,
                                 .ins = CARD_INS_INITIALIZE_UPDATE,
                                 .data = span_of(channel->context, SCP03_CHALLENGE),
                                 .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error = card_command(io, &command, room, sizeof room, traffic, &response);
    if (error == CARD_IO_OK) {
        error = response.sw == SW_AUTHENTICATION_FAILED ? CARD_IO_REFUSED
                                                        : error_of_opening(response.sw);
    }
    if (error == CARD_IO_OK && !read_challenge(channel, response.data)) {
        error = CARD_IO_NONSENSE;
    }
    if (error != CARD_IO_OK) {
        return end(channel, error);
    }
    channel->phase = CARD_CHANNEL_CHALLENGED;
    return CARD_IO_OK;
}

/* ---- commands ---- */

static void count_command(struct card_channel *channel)
{
    for (size_t i = sizeof channel->counter; i-- > 0 && ++channel->counter[i] == 0;) {
    }
}

/* Pads and encrypts (§6.2.6); the counter encrypted is the initial vector. */
static bool encrypt(const struct card_channel *channel, uint8_t *body, size_t *len)
{
    struct span key = span_of(channel->s_enc, channel->key_len);
    uint8_t iv[CRYPTO_AES_BLOCK];
    memcpy(iv, channel->counter, sizeof iv);
    body[(*len)++] = PADDING;
    while (*len % CRYPTO_AES_BLOCK != 0) {
        body[(*len)++] = 0;
    }
    return crypto_aes_encrypt(key, iv) == CRYPTO_OK &&
           crypto_cbc_encrypt(key, iv, body, *len) == CRYPTO_OK;
}

/* Adds the MAC (§6.2.4) over the command as it will be sent, with the length that it then has; all
 * of it is the next chaining value. */
static bool add_mac(struct card_channel *channel, const struct apdu *command, uint8_t *body,
                    size_t *len)
{
    uint8_t head[7] = {command->cla, command->ins, command->p1, command->p2};
    struct writer w = {head, sizeof head, 4};
    if (command->extended) {
        writer_be(&w, 0, 1);
    }
    writer_be(&w, *len + SCP03_MAC, command->extended ? 2 : 1);
    const struct span part[] = {span_of(channel->chain, sizeof channel->chain), writer_span(&w),
                                span_of(body, *len)};
    uint8_t mac[CRYPTO_AES_BLOCK];
    if (crypto_cmac(span_of(channel->s_mac, channel->key_len), part, 3, mac) != CRYPTO_OK) {
        return false;
    }
    memcpy(channel->chain, mac, sizeof mac);
    memcpy(body + *len, mac, SCP03_MAC);
    *len += SCP03_MAC;
    return true;
}

/* The command as it is sent; its data lies in `body`, of MAX_BODY bytes. */
static bool wrap(struct card_channel *channel, const struct apdu *command, uint8_t *body,
                 struct apdu *ret_wrapped)
{
    size_t len = command->data.len;
    bool encrypts = (channel->level & SCP03_LEVEL_C_ENC) != 0 && len != 0;
    struct apdu wrapped = *command;
    if (len != 0) {
        memcpy(body, command->data.ptr, len);
    }
    count_command(channel);
    if (encrypts && !encrypt(channel, body, &len)) {
        return false;
    }
    wrapped.cla |= CARD_CLA_SECURE;
    wrapped.extended =
        command->extended || len + SCP03_MAC > APDU_MAX_SHORT_NC || command->ne > APDU_MAX_SHORT_NE;
    if (command->ne == 0 && (channel->level & SCP03_LEVEL_R_MAC) != 0) {
        wrapped.ne = APDU_MAX_SHORT_NE; /* the MAC at once, without GET RESPONSE */
    }
    if (!add_mac(channel, &wrapped, body, &len)) {
        return false;
    }
    wrapped.data = span_of(body, len);
    *ret_wrapped = wrapped;
    return true;
}

/* ---- responses ---- */

static bool is_failure(uint16_t sw)
{
    return sw != SW_OK && sw >> 8 != 0x62 && sw >> 8 != 0x63;
}

/* Checks the MAC (§6.2.5) and takes it off. */
static enum card_io_error check_mac(const struct card_channel *channel,
                                    struct apdu_response *response)
{
    const uint8_t sw[] = {(uint8_t)(response->sw >> 8), (uint8_t)response->sw};
    uint8_t mac[CRYPTO_AES_BLOCK];
    if (response->data.len < SCP03_MAC) {
        return CARD_IO_TAMPERED;
    }
    response->data.len -= SCP03_MAC;
    const struct span part[] = {span_of(channel->chain, sizeof channel->chain), response->data,
                                span_of(sw, sizeof sw)};
    if (crypto_cmac(span_of(channel->s_rmac, channel->key_len), part, 3, mac) != CRYPTO_OK) {
        return CARD_IO_SYSTEM;
    }
    return crypto_equal(mac, response->data.ptr + response->data.len, SCP03_MAC) ? CARD_IO_OK
                                                                                 : CARD_IO_TAMPERED;
}

static enum card_io_error judge(const struct card_channel *channel, const struct apdu *command,
                                struct apdu_response *response)
{
    enum card_io_error error = CARD_IO_OK;
    if (is_failure(response->sw)) {
        return response->data.len == 0 ? CARD_IO_OK : CARD_IO_NONSENSE;
    }
    if ((channel->level & SCP03_LEVEL_R_MAC) != 0) {
        error = check_mac(channel, response);
    }
    if (error == CARD_IO_OK && response->data.len > command->ne) {
        error = CARD_IO_NONSENSE;
    }
    return error;
}

/* What a command moves, to be put back when it has not reached the card's channel. */
struct moved {
    uint8_t chain[CARD_CHANNEL_BLOCK], counter[CARD_CHANNEL_BLOCK];
};

static struct moved keep(const struct card_channel *channel)
{
    struct moved moved;
    memcpy(moved.chain, channel->chain, sizeof moved.chain);
    memcpy(moved.counter, channel->counter, sizeof moved.counter);
    return moved;
}

static void put_back(struct card_channel *channel, const struct moved *moved)
{
    memcpy(channel->chain, moved->chain, sizeof moved->chain);
    memcpy(channel->counter, moved->counter, sizeof moved->counter);
}

static enum card_io_error exchange(struct card_channel *channel, const struct apdu *command,
                                   uint8_t *room, size_t cap, bool *ret_extended,
                                   struct apdu_response *ret_response)
{
    uint8_t body[MAX_BODY];
    struct apdu wrapped;
    enum card_io_error error = CARD_IO_SYSTEM;
    if (wrap(channel, command, body, &wrapped)) {
        *ret_extended = wrapped.extended;
        error = card_command_most(channel->io, &wrapped, command->ne + SCP03_MAC, room, cap,
                                  channel->traffic, ret_response);
    }
    crypto_wipe(body, sizeof body);
    return error;
}

enum card_io_error card_channel_send(struct card_channel *channel, const struct apdu *command,
                                     uint8_t *room, size_t cap, struct apdu_response *ret_response)
{
    struct apdu_response response;
    bool extended = false;
    if (channel->phase != CARD_CHANNEL_OPEN) {
        return end(channel, CARD_IO_REFUSED);
    }
    if (command->data.len > CARD_APP_MAX_NC || command->ne > CARD_APP_MAX_NE) {
        return end(channel, CARD_IO_SYSTEM);
    }
    const struct moved moved = keep(channel);
    enum card_io_error error = exchange(channel, command, room, cap, &extended, &response);
    if (error == CARD_IO_OK) {
        error = judge(channel, command, &response);
    }
    if (error != CARD_IO_OK) {
        return end(channel, error);
    }
    if (extended && command->ins == CARD_INS_STORE_DATA && response.sw == SW_WRONG_LENGTH) {
        put_back(channel, &moved);
    }
    if (response.sw == SW_SECURITY || response.sw == SW_MESSAGING_WRONG) {
        card_channel_close(channel);
    }
    *ret_response = response;
    return CARD_IO_OK;
}

/* ---- opening, the rest ---- */

/* EXTERNAL AUTHENTICATE carries a MAC whatever the level, and its answer none. */
static enum card_io_error authenticate(struct card_channel *channel, uint8_t level)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    uint8_t body[SCP03_CRYPTOGRAM + SCP03_MAC];
    size_t len = SCP03_CRYPTOGRAM;
    struct apdu_response response;
    struct apdu command = {.cla = CARD_CLA_PROPRIETARY | CARD_CLA_SECURE,
                           .ins = CARD_INS_EXTERNAL_AUTHENTICATE,
                           .p1 = level};
    if (!make_cryptogram(channel, HOST_CRYPTOGRAM, body) ||
        !add_mac(channel, &command, body, &len)) {
        return CARD_IO_SYSTEM;
    }
    command.data = span_of(body, len);
    enum card_io_error error =
        card_command(channel->io, &command, room, sizeof room, channel->traffic, &response);
    return error == CARD_IO_OK ? error_of_opening(response.sw) : error;
}

static bool level_is_known(uint8_t level)
{
    return (level & SCP03_LEVEL_C_MAC) != 0 &&
           (level & ~(SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC)) == 0;
}

enum card_io_error card_channel_finish(struct card_channel *channel,
                                       const struct card_key_set *keys, uint8_t level)
{
    uint8_t wanted[SCP03_CRYPTOGRAM];
    if (channel->phase != CARD_CHANNEL_CHALLENGED || !level_is_known(level) ||
        !derive_keys(channel, keys) || !make_cryptogram(channel, CARD_CRYPTOGRAM, wanted)) {
        return end(channel, CARD_IO_SYSTEM);
    }
    if (!crypto_equal(wanted, channel->card_cryptogram, sizeof wanted)) {
        crypto_wipe(wanted, sizeof wanted);
        return end(channel, CARD_IO_WRONG_KEYS);
    }
    enum card_io_error error = authenticate(channel, level);
    if (error != CARD_IO_OK) {
        return end(channel, error);
    }
    channel->level = level;
    channel->phase = CARD_CHANNEL_OPEN;
    return CARD_IO_OK;
}

enum card_io_error card_channel_open(struct card_channel *channel, const struct card_io *io,
                                     struct card_traffic *traffic,
                                     const struct card_key_master *transport,
                                     const struct card_key_master *issuer, uint8_t level,
                                     struct card_key_set *keys)
{
    *keys = (struct card_key_set){.version = 0};
    if (!level_is_known(level)) { /* before it costs the card a try */
        return end(channel, CARD_IO_SYSTEM);
    }
    enum card_io_error error = card_channel_begin(channel, io, traffic);
    if (error != CARD_IO_OK) {
        return error;
    }
    keys->version = channel->version;
    const struct card_key_master *master =
        channel->version == SCP03_TRANSPORT_VERSION ? transport : issuer;
    if (master == NULL) {
        return end(channel, CARD_IO_NO_KEYS);
    }
    return card_keys_derive(master, channel->serial, channel->version, keys)
               ? card_channel_finish(channel, keys, level)
               : end(channel, CARD_IO_SYSTEM);
}
