/* SPDX-License-Identifier: Apache-2.0
 *
 * Select, read the capability container, select the file it names, read its length, read so much.
 */
#include "devices/card_ndef.h"

#include "codec/qr_text.h"

enum {
    CONTAINER_BYTES = 15, /* as much of it as says where the message is */
    TAG_FILE_CONTROL = 0x04,
    FILE_CONTROL_BYTES = 6,
    LEAST_ANSWER = 15, /* that a tag may say it gives at once */
    LENGTH = 2,        /* bytes in front of the message */
    PIECE = 250        /* fits the short answers of every tag */
};

/* Where the message is. */
struct place {
    uint16_t file;
    size_t most;  /* bytes of the file, with the length */
    size_t piece; /* that the tag gives at once */
};

/* What a tag does not let us read is no message for us. */
static enum card_io_error send(struct card_ndef *ndef, const struct apdu *command, uint8_t *room,
                               size_t cap, struct span *ret_data)
{
    struct apdu_response response;
    enum card_io_error error =
        card_command(&ndef->io, command, room, cap, &ndef->traffic, &response);
    if (error == CARD_IO_OK) {
        *ret_data = response.data;
        error = card_io_error_of_sw(response.sw);
        error = error == CARD_IO_REFUSED ? CARD_IO_NO_APPLICATION : error;
    }
    return error;
}

static enum card_io_error select_application(struct card_ndef *ndef)
{
    uint8_t room[CARD_SELECT_ROOM];
    struct span data;
    return card_select(&ndef->io, span_of(CARD_NDEF_AID, CARD_NDEF_AID_BYTES), &ndef->traffic, room,
                       &data);
}

static enum card_io_error select_file(struct card_ndef *ndef, uint16_t file)
{
    const uint8_t name[] = {(uint8_t)(file >> 8), (uint8_t)file};
    uint8_t room[2];
    struct span data;
    const struct apdu select = {
        .ins = CARD_INS_SELECT, .p2 = 0x0C, .data = span_of(name, sizeof name)};
    return send(ndef, &select, room, sizeof room, &data);
}

/* Exactly `len` bytes from `offset` on, in pieces. */
static enum card_io_error read_bytes(struct card_ndef *ndef, size_t offset, uint8_t *bytes,
                                     size_t len, size_t piece)
{
    uint8_t room[APDU_MAX_SHORT_NE + 2];
    struct span data;
    for (size_t at = 0; at < len; at += data.len) {
        size_t n = len - at < piece ? len - at : piece;
        const struct apdu read = {.ins = CARD_INS_READ_BINARY,
                                  .p1 = (uint8_t)((offset + at) >> 8),
                                  .p2 = (uint8_t)(offset + at),
                                  .ne = (uint32_t)n};
        enum card_io_error error = send(ndef, &read, room, sizeof room, &data);
        if (error != CARD_IO_OK) {
            return error;
        }
        if (data.len != n) { /* it said that there is so much */
            return CARD_IO_NONSENSE;
        }
        memcpy(bytes + at, data.ptr, n);
    }
    return CARD_IO_OK;
}

/* Table 5 of the standard, in mappings 2 and 3: what a later one may add stands behind. */
static enum card_io_error read_container(struct card_ndef *ndef, struct place *ret_place)
{
    uint8_t bytes[CONTAINER_BYTES];
    enum card_io_error error = select_file(ndef, CARD_NDEF_CC);
    if (error == CARD_IO_OK) {
        error = read_bytes(ndef, 0, bytes, sizeof bytes, sizeof bytes);
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    struct reader r = reader_of(span_of(bytes, sizeof bytes));
    uint64_t len = reader_be(&r, 2);
    uint64_t version = reader_be(&r, 1) >> 4;
    size_t piece = (size_t)reader_be(&r, 2);
    reader_be(&r, 2); /* of commands that write */
    uint64_t tag = reader_be(&r, 1);
    uint64_t tag_len = reader_be(&r, 1);
    struct place place = {.file = (uint16_t)reader_be(&r, 2)};
    place.most = (size_t)reader_be(&r, 2);
    uint64_t access = reader_be(&r, 1);
    if (version < 2 || version > 3 || tag != TAG_FILE_CONTROL || access != 0) {
        return CARD_IO_NO_APPLICATION;
    }
    if (len < CONTAINER_BYTES || piece < LEAST_ANSWER || tag_len != FILE_CONTROL_BYTES ||
        place.most <= LENGTH) {
        return CARD_IO_NONSENSE;
    }
    place.piece = piece < PIECE ? piece : PIECE;
    *ret_place = place;
    return CARD_IO_OK;
}

static enum card_io_error read_message(struct card_ndef *ndef, uint8_t room[CARD_NDEF_MAX_MESSAGE],
                                       size_t *ret_len)
{
    struct place place;
    uint8_t length[LENGTH];
    enum card_io_error error = read_container(ndef, &place);
    if (error == CARD_IO_OK) {
        error = select_file(ndef, place.file);
    }
    if (error == CARD_IO_OK) {
        error = read_bytes(ndef, 0, length, LENGTH, place.piece);
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    size_t len = (size_t)length[0] << 8 | length[1];
    if (len > place.most - LENGTH) {
        return CARD_IO_NONSENSE;
    }
    if (len == 0 || len > CARD_NDEF_MAX_MESSAGE) {
        return CARD_IO_NO_APPLICATION;
    }
    *ret_len = len;
    return read_bytes(ndef, LENGTH, room, len, place.piece);
}

enum card_io_error card_ndef_open(struct card_ndef *ndef, const struct card_io *io)
{
    uint8_t message[CARD_NDEF_MAX_MESSAGE];
    size_t len = 0;
    struct span text;
    memset(ndef, 0, sizeof *ndef);
    ndef->io = *io;
    enum card_io_error error = select_application(ndef);
    if (error == CARD_IO_OK) {
        error = read_message(ndef, message, &len);
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    if (!card_ndef_text(span_of(message, len), span_str(QR_TEXT_PREFIX), &text)) {
        return CARD_IO_NONSENSE;
    }
    if (text.len == 0) {
        return CARD_IO_NO_APPLICATION;
    }
    struct writer w = writer_of(ndef->document, sizeof ndef->document);
    if (qr_text_decode(text, &w) != QR_TEXT_OK || !writer_ok(&w)) {
        return CARD_IO_NONSENSE;
    }
    ndef->len = w.len;
    return CARD_IO_OK;
}

/* ---- records (NFC Data Exchange Format 1.0, §3.2) ---- */

enum {
    FIRST = 0x80,
    LAST = 0x40,
    CHUNK = 0x20,
    SHORT = 0x10, /* the length of the payload has one byte, not four */
    WITH_ID = 0x08,
    TYPE_NAME = 0x07,
    WELL_KNOWN = 0x01,
    UTF_16 = 0x80,   /* in the first byte of a text */
    LANGUAGE = 0x3F, /* bytes of it that follow */
};

struct record {
    uint8_t head;
    struct span type, payload;
};

static bool next_record(struct reader *r, struct record *ret)
{
    struct record record = {.head = (uint8_t)reader_be(r, 1)};
    size_t type_len = (size_t)reader_be(r, 1);
    size_t payload_len = (size_t)reader_be(r, (record.head & SHORT) != 0 ? 1 : 4);
    size_t id_len = (record.head & WITH_ID) != 0 ? (size_t)reader_be(r, 1) : 0;
    record.type = reader_take(r, type_len);
    (void)reader_take(r, id_len);
    record.payload = reader_take(r, payload_len);
    *ret = record;
    return !r->failed;
}

/* Text records of UTF-8 (RTD Text 1.0, §3.2); a chunked one is none of ours. */
static bool is_text(const struct record *record, struct span *ret_text)
{
    struct reader r = reader_of(record->payload);
    uint8_t status = (uint8_t)reader_be(&r, 1);
    (void)reader_take(&r, status & LANGUAGE);
    *ret_text = r.rest;
    return (record->head & TYPE_NAME) == WELL_KNOWN && (record->head & CHUNK) == 0 &&
           span_equal(record->type, span_str("T")) && !r.failed && (status & UTF_16) == 0;
}

bool card_ndef_text(struct span message, struct span prefix, struct span *ret_text)
{
    struct reader r = reader_of(message);
    struct span found = {NULL, 0};
    struct record record;
    struct span text;
    for (bool first = true; first || (record.head & LAST) == 0; first = false) {
        if (!next_record(&r, &record) || first != ((record.head & FIRST) != 0)) {
            return false;
        }
        if (found.len == 0 && is_text(&record, &text) && span_starts_with(text, prefix)) {
            found = text;
        }
    }
    if (!reader_done(&r)) {
        return false;
    }
    *ret_text = found;
    return true;
}
