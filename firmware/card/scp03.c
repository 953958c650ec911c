/* SPDX-License-Identifier: Apache-2.0
 *
 * SCP03: key derivation (NIST SP 800-108 in counter mode over CMAC), MACs and encryption.
 */
#include "scp03.h"

/* What is derived (Amendment D, table 4-1). */
enum constant {
    CARD_CRYPTOGRAM = 0x00,
    HOST_CRYPTOGRAM = 0x01,
    S_ENC = 0x04,
    S_MAC = 0x06,
    S_RMAC = 0x07
};

enum { LABEL = 12, CONTEXT = 2 * SCP03_CHALLENGE };

/* `len` bytes for a constant: K(1) ‖ K(2) ‖ … with K(i) = CMAC(key, label ‖ 00 ‖ bits ‖ i ‖
 * context). */
static void derive(struct span key, enum constant constant, const uint8_t context[],
                   uint8_t *derived, size_t len)
{
    for (uint8_t i = 1; len != 0; i++) {
        uint8_t head[LABEL + 4] = {0};
        uint8_t block[CARD_BLOCK];
        size_t n = len < sizeof block ? len : sizeof block;
        size_t bits = ((size_t)(i - 1) * sizeof block + len) * 8;
        head[LABEL - 1] = (uint8_t)constant;
        head[LABEL + 1] = (uint8_t)(bits >> 8);
        head[LABEL + 2] = (uint8_t)bits;
        head[LABEL + 3] = i;
        const struct span parts[] = {span_of(head, sizeof head), span_of(context, CONTEXT)};
        card_cmac(key, parts, 2, block);
        memcpy(derived, block, n);
        bytes_wipe(block, sizeof block);
        derived += n;
        len -= n;
    }
}

void scp03_close(struct scp03 *channel)
{
    bytes_wipe(channel, sizeof *channel); /* SCP03_CLOSED is 0 */
}

void scp03_challenge(struct scp03 *channel, const struct card_keys *keys,
                     const uint8_t host_challenge[SCP03_CHALLENGE],
                     const uint8_t card_challenge[SCP03_CHALLENGE],
                     uint8_t cryptogram[SCP03_CRYPTOGRAM])
{
    scp03_close(channel);
    size_t n = keys->key_bytes;
    channel->key_bytes = keys->key_bytes;
    memcpy(channel->context, host_challenge, SCP03_CHALLENGE);
    memcpy(channel->context + SCP03_CHALLENGE, card_challenge, SCP03_CHALLENGE);
    derive(span_of(keys->enc, n), S_ENC, channel->context, channel->s_enc, n);
    derive(span_of(keys->mac, n), S_MAC, channel->context, channel->s_mac, n);
    derive(span_of(keys->mac, n), S_RMAC, channel->context, channel->s_rmac, n);
    derive(span_of(channel->s_mac, n), CARD_CRYPTOGRAM, channel->context, cryptogram,
           SCP03_CRYPTOGRAM);
    channel->phase = SCP03_CHALLENGED;
}

/* The MAC over a command (§6.2.4) whose data ends with one; it becomes the chaining value. True
 * when they are the same. */
static bool check_mac(struct scp03 *channel, const struct apdu *command)
{
    uint8_t head[7] = {command->cla, command->ins, command->p1, command->p2};
    struct writer w = {head, sizeof head, 4};
    if (command->extended) {
        writer_be(&w, 0, 1);
    }
    writer_be(&w, command->data.len, command->extended ? 2 : 1);
    size_t body = command->data.len - SCP03_MAC;
    const struct span parts[] = {span_of(channel->chain, sizeof channel->chain), writer_span(&w),
                                 span_of(command->data.ptr, body)};
    uint8_t mac[CARD_BLOCK];
    card_cmac(span_of(channel->s_mac, channel->key_bytes), parts, 3, mac);
    memcpy(channel->chain, mac, sizeof mac);
    return card_equal(mac, command->data.ptr + body, SCP03_MAC);
}

bool scp03_authenticate(struct scp03 *channel, const struct apdu *command)
{
    uint8_t wanted[SCP03_CRYPTOGRAM];
    bool open = false;
    if (channel->phase == SCP03_CHALLENGED && command->data.len == SCP03_CRYPTOGRAM + SCP03_MAC) {
        derive(span_of(channel->s_mac, channel->key_bytes), HOST_CRYPTOGRAM, channel->context,
               wanted, sizeof wanted);
        bool same_mac = check_mac(channel, command);
        bool same_cryptogram = card_equal(wanted, command->data.ptr, sizeof wanted);
        open = same_mac && same_cryptogram;
        bytes_wipe(wanted, sizeof wanted);
    }
    if (!open) {
        scp03_close(channel);
        return false;
    }
    channel->level = command->p1;
    channel->phase = SCP03_OPEN;
    return true;
}

static void count_command(struct scp03 *channel)
{
    for (size_t i = sizeof channel->counter; i-- > 0 && ++channel->counter[i] == 0;) {
    }
}

/* Decrypts `data` into `room` (§6.2.6) and takes the padding off. */
static bool decrypt(struct scp03 *channel, struct span data, uint8_t *room, struct span *ret)
{
    if (data.len % CARD_BLOCK != 0) {
        return false;
    }
    struct span key = span_of(channel->s_enc, channel->key_bytes);
    uint8_t zero[CARD_BLOCK] = {0};
    uint8_t iv[CARD_BLOCK];
    memcpy(iv, channel->counter, sizeof iv);
    card_cbc_encrypt(key, zero, iv, sizeof iv);
    memcpy(room, data.ptr, data.len);
    card_cbc_decrypt(key, iv, room, data.len);
    size_t len = data.len;
    while (len != 0 && data.len - len < CARD_BLOCK && room[len - 1] == 0) {
        len--;
    }
    if (len == 0 || data.len - len >= CARD_BLOCK || room[len - 1] != 0x80) {
        return false;
    }
    *ret = span_of(room, len - 1);
    return true;
}

uint16_t scp03_unwrap(struct scp03 *channel, struct apdu *command, uint8_t *room)
{
    if (channel->phase != SCP03_OPEN || command->data.len < SCP03_MAC ||
        command->data.len > CARD_APP_MAX_NC + CARD_BLOCK + SCP03_MAC ||
        !check_mac(channel, command)) {
        scp03_close(channel);
        return SW_SECURITY;
    }
    count_command(channel);
    struct span data = span_of(command->data.ptr, command->data.len - SCP03_MAC);
    if ((channel->level & SCP03_LEVEL_C_ENC) == 0 || data.len == 0) {
        memcpy(room, data.ptr, data.len); /* so that the caller's buffer is free for the answer */
        command->data = span_of(room, data.len);
        return SW_OK;
    }
    if (!decrypt(channel, data, room, &command->data)) {
        scp03_close(channel);
        return SW_MESSAGING_WRONG;
    }
    return SW_OK;
}

/* §6.2.5. */
void scp03_wrap(struct scp03 *channel, struct writer *data, uint16_t sw)
{
    bool failure = sw != SW_OK && sw >> 8 != 0x62 && sw >> 8 != 0x63;
    if (channel->phase != SCP03_OPEN || (channel->level & SCP03_LEVEL_R_MAC) == 0 || failure) {
        return;
    }
    uint8_t mac[CARD_BLOCK];
    const uint8_t status[] = {(uint8_t)(sw >> 8), (uint8_t)sw};
    const struct span parts[] = {span_of(channel->chain, sizeof channel->chain), writer_span(data),
                                 span_of(status, sizeof status)};
    card_cmac(span_of(channel->s_rmac, channel->key_bytes), parts, 3, mac);
    writer_put(data, span_of(mac, SCP03_MAC));
}
