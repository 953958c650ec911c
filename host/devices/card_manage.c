/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of an issuer. All go at level 13: keys and PINs need the encryption, and success is
 * believed only with its MAC.
 */
#include "devices/card_manage.h"

#include "base/crypto_aes.h"

enum {
    LEVEL = SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC,
    PUT_KEY_ALL = 0x81, /* P2: several keys, from identifier 1 */
    LAST_BLOCK = 0x80,
    MORE_BLOCKS = 0x00,
    FILE_HEAD = 4,         /* identifier, length */
    SHORT_BLOCK = 240 - 1, /* with padding 240 bytes, and a MAC: no length field of two bytes */
    KEY_FIELD = 3 + CARD_KEY_MAX + 1 + SCP03_KCV
};

/* Our card says 6985 when its state does not allow the command. */
static enum card_io_error error_of_sw(uint16_t sw)
{
    return sw == SW_CONDITIONS ? CARD_IO_STATE : card_io_error_of_sw(sw);
}

/* Any other status word than 9000 is an error; *ret_data points into room. */
static enum card_io_error send(struct card_manage *m, const struct apdu *command, uint8_t *room,
                               size_t cap, struct span *ret_data)
{
    struct apdu_response response;
    enum card_io_error error = card_channel_send(&m->channel, command, room, cap, &response);
    if (error != CARD_IO_OK) {
        m->sw = 0;
        return error;
    }
    m->sw = response.sw;
    *ret_data = response.data;
    return error_of_sw(response.sw);
}

/* A command that is answered by 9000 alone. */
static enum card_io_error order(struct card_manage *m, const struct apdu *command)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct span data;
    return send(m, command, room, sizeof room, &data);
}

/* ---- opening ---- */

enum card_io_error card_manage_open(struct card_manage *m, struct card_session *session,
                                    const struct card_key_master *transport,
                                    const struct card_key_master *issuer)
{
    *m = (struct card_manage){.session = session};
    enum card_io_error error = card_channel_open(&m->channel, &session->io, &session->traffic,
                                                 transport, issuer, LEVEL, &m->keys);
    m->transport = m->keys.version == SCP03_TRANSPORT_VERSION;
    if (error != CARD_IO_OK) {
        card_manage_close(m);
    }
    return error;
}

void card_manage_close(struct card_manage *m)
{
    card_channel_close(&m->channel);
    card_keys_wipe(&m->keys);
}

/* ---- the key pair ---- */

enum card_io_error card_manage_generate(struct card_manage *m,
                                        uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct span data;
    const struct apdu command = {.ins = CARD_INS_GENERATE, .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error = send(m, &command, room, sizeof room, &data);
    if (error == CARD_IO_OK) {
        error = card_point_of_answer(data, ret_point);
    }
    if (error == CARD_IO_OK) {
        card_session_note(m->session, CARD_APP_PUBLIC_KEY, CARD_APP_PUBLIC_KEY_BYTES);
    }
    return error;
}

/* ---- files ---- */

/* One block; `rest` moves on behind what it took. */
static enum card_io_error store_block(struct card_manage *m, uint16_t file, size_t whole,
                                      size_t most, unsigned number, struct reader *rest)
{
    uint8_t data[CARD_APP_MAX_NC];
    struct writer w = writer_of(data, sizeof data);
    if (number == 0) {
        writer_be(&w, file, 2);
        writer_be(&w, whole, 2);
    }
    size_t room = most - w.len;
    writer_put(&w, reader_take(rest, rest->rest.len < room ? rest->rest.len : room));
    const struct apdu command = {.cla = CARD_CLA_PROPRIETARY,
                                 .ins = CARD_INS_STORE_DATA,
                                 .p1 = rest->rest.len == 0 ? LAST_BLOCK : MORE_BLOCKS,
                                 .p2 = (uint8_t)number,
                                 .data = writer_span(&w)};
    return order(m, &command);
}

static enum card_io_error store_blocks(struct card_manage *m, uint16_t file, struct span bytes,
                                       size_t most)
{
    struct reader rest = reader_of(bytes);
    enum card_io_error error = store_block(m, file, bytes.len, most, 0, &rest);
    for (unsigned i = 1; error == CARD_IO_OK && rest.rest.len != 0; i++) {
        error = store_block(m, file, bytes.len, most, i, &rest);
    }
    return error;
}

enum card_io_error card_manage_store(struct card_manage *m, uint16_t file, struct span bytes)
{
    if (bytes.len > CARD_APP_MAX_PHOTO) { /* the largest; 69 blocks of the smallest */
        return CARD_IO_FULL;
    }
    bool extended = !m->session->short_only && bytes.len + FILE_HEAD > SHORT_BLOCK;
    enum card_io_error error =
        store_blocks(m, file, bytes, extended ? CARD_APP_MAX_NC : SHORT_BLOCK);
    if (extended && error == CARD_IO_REFUSED && m->sw == SW_WRONG_LENGTH) {
        m->session->short_only = true;
        error = store_blocks(m, file, bytes, SHORT_BLOCK);
    }
    if (error == CARD_IO_OK) {
        card_session_note(m->session, file, (uint16_t)bytes.len);
    }
    return error;
}

/* ---- keys of the channel ---- */

/* The key check value: the first bytes of a block of 01, encrypted. */
static bool check_value(struct span key, uint8_t ret_value[SCP03_KCV])
{
    uint8_t block[CRYPTO_AES_BLOCK];
    memset(block, 0x01, sizeof block);
    bool good = crypto_aes_encrypt(key, block) == CRYPTO_OK;
    memcpy(ret_value, block, SCP03_KCV);
    return good;
}

/* Type, lengths, the key under the DEK, its check value (§7.2); the value alone goes to `wanted`.
 */
static bool put_key(struct writer *w, struct span dek, struct span key, struct writer *wanted)
{
    static const uint8_t zero[CRYPTO_AES_BLOCK];
    uint8_t secret[CARD_KEY_MAX];
    uint8_t value[SCP03_KCV];
    memcpy(secret, key.ptr, key.len);
    bool good =
        crypto_cbc_encrypt(dek, zero, secret, key.len) == CRYPTO_OK && check_value(key, value);
    writer_be(w, SCP03_KEY_TYPE_AES, 1);
    writer_be(w, key.len + 1, 1);
    writer_be(w, key.len, 1);
    writer_put(w, span_of(secret, key.len));
    writer_be(w, sizeof value, 1);
    writer_put(w, span_of(value, sizeof value));
    writer_put(wanted, span_of(value, sizeof value));
    crypto_wipe(secret, sizeof secret);
    return good;
}

static enum card_io_error replace_keys(struct card_manage *m, const struct card_key_set *new)
{
    uint8_t data[1 + 3 * KEY_FIELD];
    uint8_t confirmed[1 + 3 * SCP03_KCV];
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct span answer;
    struct writer w = writer_of(data, sizeof data);
    struct writer wanted = writer_of(confirmed, sizeof confirmed);
    struct span dek = span_of(m->keys.dek, m->keys.len);
    writer_be(&w, new->version, 1);
    writer_be(&wanted, new->version, 1);
    if (!put_key(&w, dek, span_of(new->enc, new->len), &wanted) ||
        !put_key(&w, dek, span_of(new->mac, new->len), &wanted) ||
        !put_key(&w, dek, span_of(new->dek, new->len), &wanted)) {
        return CARD_IO_SYSTEM;
    }
    const struct apdu command = {.cla = CARD_CLA_PROPRIETARY,
                                 .ins = CARD_INS_PUT_KEY,
                                 .p1 = m->keys.version,
                                 .p2 = PUT_KEY_ALL,
                                 .data = writer_span(&w),
                                 .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error = send(m, &command, room, sizeof room, &answer);
    if (error == CARD_IO_OK && !span_equal(answer, writer_span(&wanted))) {
        error = CARD_IO_TAMPERED;
    }
    return error;
}

enum card_io_error card_manage_put_keys(struct card_manage *m, const struct card_key_master *issuer,
                                        uint8_t version)
{
    struct card_key_set new;
    if (version < SCP03_FIRST_VERSION || version > SCP03_LAST_VERSION) {
        return CARD_IO_REFUSED;
    }
    if (!card_keys_derive(issuer, m->channel.serial, version, &new)) {
        return CARD_IO_SYSTEM;
    }
    enum card_io_error error = replace_keys(m, &new);
    if (error == CARD_IO_OK) {
        m->keys = new;
        m->transport = false;
    }
    card_keys_wipe(&new);
    return error;
}

/* ---- the life cycle ---- */

enum card_io_error card_manage_set_state(struct card_manage *m, uint8_t state)
{
    const struct apdu command = {.cla = CARD_CLA_PROPRIETARY,
                                 .ins = CARD_INS_SET_STATUS,
                                 .p1 = 0x80, /* of the card */
                                 .p2 = state};
    enum card_io_error error = order(m, &command);
    if (error != CARD_IO_OK) {
        return error;
    }
    m->session->state = state;
    if (state == CARD_BLANK || state == CARD_TERMINATED) {
        card_session_forget(m->session);
    }
    if (state == CARD_TERMINATED) {
        card_manage_close(m);
    }
    return CARD_IO_OK;
}

enum card_io_error card_manage_erase(struct card_manage *m)
{
    return card_manage_set_state(m, CARD_BLANK);
}
