/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading is by short identifier first, which selects the file, then by offset: one command for
 * each 2,048 bytes, and 256 where extended lengths are refused.
 */
#include "devices/card_session.h"

#include "wire/tlv.h"

enum {
    TAG_FCI = 0x6F,
    TAG_AID = 0x84,
    TAG_APPLICATION = 0x85, /* version, state */
    INDEX_SHORT_ID = CARD_APP_INDEX & 0x1F
};

static enum card_io_error send(struct card_session *s, const struct apdu *command, uint8_t *room,
                               size_t cap, struct apdu_response *ret_response)
{
    return card_command(&s->io, command, room, cap, &s->traffic, ret_response);
}

/* ---- the application ---- */

static bool read_application(struct span answer, uint8_t *ret_state)
{
    struct span fci, aid, application;
    if (!tlv_only(answer, TAG_FCI, &fci) || !tlv_find(fci, TAG_AID, &aid) ||
        !tlv_find(fci, TAG_APPLICATION, &application) ||
        !span_equal(aid, span_of(CARD_APP_AID, CARD_APP_AID_BYTES)) || application.len != 2) {
        return false;
    }
    *ret_state = application.ptr[1];
    return application.ptr[0] == CARD_APP_INDEX_VERSION;
}

static enum card_io_error select_application(struct card_session *s)
{
    uint8_t room[CARD_SELECT_ROOM];
    struct span answer;
    enum card_io_error error =
        card_select(&s->io, span_of(CARD_APP_AID, CARD_APP_AID_BYTES), &s->traffic, room, &answer);
    if (error != CARD_IO_OK) {
        return error;
    }
    s->ours = true;
    return read_application(answer, &s->state) ? CARD_IO_OK : CARD_IO_NONSENSE;
}

/* ---- the index ---- */

static size_t longest(uint16_t id)
{
    if (id == CARD_APP_PUBLIC_KEY) {
        return CARD_APP_PUBLIC_KEY_BYTES;
    }
    if (id == CARD_APP_PHOTO) {
        return CARD_APP_MAX_PHOTO;
    }
    if (id == CARD_APP_NDEF) {
        return CARD_APP_MAX_NDEF;
    }
    return card_app_is_credential(id) ? CARD_APP_MAX_CREDENTIAL : 0;
}

/* Ascending identifiers: no file stands there twice. */
static bool read_index(struct card_session *s, struct span index)
{
    struct reader r = reader_of(index);
    bool right =
        reader_be(&r, 1) == CARD_APP_INDEX_VERSION && reader_be(&r, 1) == s->state && !r.failed;
    uint16_t last = 0;
    while (right && r.rest.len != 0 && s->file_count < CARD_SESSION_FILES) {
        struct card_session_file file = {.id = (uint16_t)reader_be(&r, 2)};
        file.len = (uint16_t)reader_be(&r, 2);
        right = file.id > last && file.len != 0 && file.len <= longest(file.id) &&
                (file.id != CARD_APP_PUBLIC_KEY || file.len == CARD_APP_PUBLIC_KEY_BYTES);
        last = file.id;
        s->file[s->file_count++] = file;
    }
    return right && reader_done(&r);
}

enum card_io_error card_session_open(struct card_session *s, const struct card_io *io)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response;
    *s = (struct card_session){.io = *io};
    const struct apdu read = {
        .ins = CARD_INS_READ_BINARY, .p1 = 0x80 | INDEX_SHORT_ID, .ne = APDU_MAX_SHORT_NE};
    enum card_io_error error = select_application(s);
    if (error == CARD_IO_OK) {
        error = send(s, &read, room, sizeof room, &response);
    }
    if (error == CARD_IO_OK) {
        error = card_io_error_of_sw(response.sw);
    }
    if (error == CARD_IO_OK && !read_index(s, response.data)) {
        error = CARD_IO_NONSENSE;
    }
    if (error != CARD_IO_OK) {
        s->file_count = 0;
    }
    return error;
}

const struct card_session_file *card_session_find(const struct card_session *s, uint16_t id)
{
    for (size_t i = 0; i < s->file_count; i++) {
        if (s->file[i].id == id) {
            return &s->file[i];
        }
    }
    return NULL;
}

void card_session_note(struct card_session *s, uint16_t id, uint16_t len)
{
    size_t at = 0;
    while (at < s->file_count && s->file[at].id < id) {
        at++;
    }
    bool there = at < s->file_count && s->file[at].id == id;
    size_t behind = s->file_count - at - (there ? 1 : 0);
    s->has_key = s->has_key && id != CARD_APP_PUBLIC_KEY;
    if (len == 0 && there) {
        memmove(&s->file[at], &s->file[at + 1], behind * sizeof s->file[0]);
        s->file_count--;
    } else if (len != 0 && (there || s->file_count < CARD_SESSION_FILES)) {
        memmove(&s->file[at + 1], &s->file[at + (there ? 1 : 0)], behind * sizeof s->file[0]);
        s->file[at] = (struct card_session_file){id, len};
        s->file_count += there ? 0 : 1;
    }
}

void card_session_forget(struct card_session *s)
{
    s->file_count = 0;
    s->has_key = false;
}

/* ---- files ---- */

/* The next bytes of a file, at least one. */
static enum card_io_error read_piece(struct card_session *s, const struct card_session_file *file,
                                     size_t at, uint8_t *room, size_t *ret_len)
{
    uint8_t bytes[CARD_APP_MAX_NE + 2];
    struct apdu_response response;
    size_t most = s->short_only ? APDU_MAX_SHORT_NE : CARD_APP_MAX_NE;
    size_t left = file->len - at;
    struct apdu read = {.ins = CARD_INS_READ_BINARY,
                        .p1 = at == 0 ? (uint8_t)(0x80 | (file->id & 0x1F)) : (uint8_t)(at >> 8),
                        .p2 = (uint8_t)at,
                        .ne = (uint32_t)(left < most ? left : most)};
    enum card_io_error error = send(s, &read, bytes, sizeof bytes, &response);
    if (error == CARD_IO_OK && response.sw == SW_WRONG_LENGTH && read.ne > APDU_MAX_SHORT_NE) {
        s->short_only = true;
        read.ne = APDU_MAX_SHORT_NE;
        error = send(s, &read, bytes, sizeof bytes, &response);
    }
    if (error == CARD_IO_OK) {
        error = card_io_error_of_sw(response.sw);
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    if (response.data.len == 0 || response.data.len > left) {
        return CARD_IO_NONSENSE;
    }
    memcpy(room, response.data.ptr, response.data.len);
    *ret_len = response.data.len;
    return CARD_IO_OK;
}

enum card_io_error card_session_read(struct card_session *s, const struct card_session_file *file,
                                     uint8_t *room)
{
    enum card_io_error error = CARD_IO_OK;
    for (size_t at = 0, len = 0; at < file->len && error == CARD_IO_OK; at += len) {
        error = read_piece(s, file, at, room + at, &len);
        /* A card that hands out its files byte by byte keeps the reader for hours. */
        if (error == CARD_IO_OK && len < 32 && at + len != file->len) {
            error = CARD_IO_NONSENSE;
        }
    }
    return error;
}

/* ---- the key ---- */

static enum card_io_error read_key(struct card_session *s)
{
    const struct card_session_file *file = card_session_find(s, CARD_APP_PUBLIC_KEY);
    if (s->has_key) {
        return CARD_IO_OK;
    }
    if (file == NULL) {
        return CARD_IO_REFUSED;
    }
    enum card_io_error error = card_session_read(s, file, s->key);
    s->has_key = error == CARD_IO_OK;
    return error;
}

enum card_io_error card_session_key(struct card_session *s,
                                    uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    enum card_io_error error = read_key(s);
    if (error == CARD_IO_OK) {
        error = card_point_check(s->key);
    }
    if (error == CARD_IO_OK) {
        memcpy(ret_point, s->key, sizeof s->key);
    }
    return error;
}

enum card_io_error card_session_thumbprint(struct card_session *s,
                                           uint8_t ret_thumbprint[CRYPTO_SHA256_SIZE])
{
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    enum card_io_error error = card_session_key(s, point);
    return error == CARD_IO_OK ? card_point_thumbprint(point, ret_thumbprint) : error;
}

/* ---- the proof ---- */

static enum card_io_error challenge(struct card_session *s, uint8_t purpose,
                                    struct card_proof *proof)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct apdu_response response;
    struct card_challenge asked;
    enum card_io_error error = card_challenge_make(proof->credential_digest, purpose, &asked);
    if (error != CARD_IO_OK) {
        return error;
    }
    const struct apdu command = {.ins = CARD_INS_INTERNAL_AUTHENTICATE,
                                 .data = card_challenge_input(&asked),
                                 .ne = APDU_MAX_SHORT_NE};
    error = send(s, &command, room, sizeof room, &response);
    if (error != CARD_IO_OK || response.sw != SW_OK) {
        return error; /* declined: no answer */
    }
    return card_challenge_check(&asked, s->key, response.data, &proof->answer);
}

enum card_io_error card_session_prove(struct card_session *s,
                                      const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                      uint8_t purpose, struct card_proof *proof)
{
    proof->answer = CARD_ANSWER_NONE;
    memcpy(proof->credential_digest, credential_digest, CRYPTO_SHA256_SIZE);
    enum card_io_error error = read_key(s);
    if (error == CARD_IO_REFUSED) {
        return CARD_IO_OK; /* there is no key to prove */
    }
    if (error == CARD_IO_OK) {
        error = card_point_thumbprint(s->key, proof->key_thumbprint);
    }
    return error == CARD_IO_OK ? challenge(s, purpose, proof) : error;
}
