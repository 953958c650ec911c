/* SPDX-License-Identifier: Apache-2.0
 *
 * SELECT of files (ISO/IEC 7816-4 §11.2.2) and READ BINARY (§11.3.3).
 */
#include "command.h"
#include "card_file.h"
#include "wire/tlv.h"

enum {
    BY_FILE = 0x00,
    BY_FILE_HERE = 0x02,
    BY_NAME = 0x04,
    WITH_FCI = 0x00,
    WITH_FCP = 0x04,
    WITH_NOTHING = 0x0C,
    TAG_FCP = 0x62,
    TAG_FCI = 0x6F,
    TAG_SIZE = 0x80,
    TAG_DESCRIPTOR = 0x82,
    TAG_FILE = 0x83,
    TAG_SHORT_IDENTIFIER = 0x88,
    TAG_OFFSET = 0x54,
    TAG_DATA = 0x53,
    TRANSPARENT = 0x01
};

/* Files of the NDEF application have no short identifier to name. */
static void describe_file(const struct card *card, size_t len, uint8_t tag, struct writer *out)
{
    bool has_short = card->application == APPLICATION_CREDENTIAL;
    tlv_head(out, tag, 4 + 3 + 4 + (has_short ? 3 : 0));
    tlv_head(out, TAG_SIZE, 2);
    writer_be(out, len, 2);
    tlv_head(out, TAG_DESCRIPTOR, 1);
    writer_be(out, TRANSPARENT, 1);
    tlv_head(out, TAG_FILE, 2);
    writer_be(out, card->file, 2);
    if (has_short) {
        tlv_head(out, TAG_SHORT_IDENTIFIER, 1);
        writer_be(out, (card->file & 0x1FU) << 3, 1);
    }
}

static uint16_t select_file(struct card *card, const struct apdu *command, struct writer *out)
{
    if (command->data.len != 2) {
        return SW_LC_P1P2;
    }
    if (card->application == APPLICATION_NONE) {
        return SW_CONDITIONS;
    }
    uint16_t file = (uint16_t)(command->data.ptr[0] << 8 | command->data.ptr[1]);
    size_t len = card_file_length(card, file);
    if (len == 0) {
        return SW_NOT_FOUND;
    }
    card->file = file;
    if (command->p2 != WITH_NOTHING) {
        describe_file(card, len, command->p2 == WITH_FCP ? TAG_FCP : TAG_FCI, out);
    }
    return SW_OK;
}

uint16_t command_select(struct card *card, const struct apdu *command, struct writer *out)
{
    bool by_name = command->p1 == BY_NAME;
    bool by_file = command->p1 == BY_FILE || command->p1 == BY_FILE_HERE;
    if ((!by_name && !by_file) || (command->p2 != WITH_FCI && command->p2 != WITH_NOTHING &&
                                   (by_name || command->p2 != WITH_FCP))) {
        return SW_WRONG_P1P2;
    }
    uint16_t sw =
        by_name ? application_select(card, command, out) : select_file(card, command, out);
    if (command->ne == 0) {
        out->len = 0; /* clients that want no description do not come back for it, either */
    }
    return sw;
}

/* A Le of zeros asks for all there is, which is not a promise that there is as much. */
static bool asks_for_all(const struct apdu *command)
{
    return command->ne == (command->extended ? APDU_MAX_EXTENDED_NE : APDU_MAX_SHORT_NE);
}

/* `len` bytes of the file from `offset` on, which are there and have room. */
static uint16_t read_bytes(struct card *card, size_t offset, size_t len, struct writer *out)
{
    if (!card_file_read(card, card->file, offset, out->ptr + out->len, len)) {
        return SW_MEMORY_FAILURE;
    }
    out->len += len;
    return SW_OK;
}

static size_t room_for(const struct apdu *command)
{
    return command->ne < CARD_APP_MAX_NE ? command->ne : CARD_APP_MAX_NE;
}

/* Finds the file by the short identifier, if one is given, and its length. */
static uint16_t open_file(struct card *card, uint16_t file, size_t *ret_len)
{
    if (file == 0) {
        return SW_NOT_FOUND;
    }
    *ret_len = card_file_length(card, file);
    if (*ret_len == 0) {
        return SW_NOT_FOUND;
    }
    card->file = file;
    return SW_OK;
}

uint16_t command_read_binary(struct card *card, const struct apdu *command, struct writer *out)
{
    bool by_identifier = (command->p1 & 0x80) != 0;
    if (by_identifier && (command->p1 & 0x60) != 0) {
        return SW_WRONG_P1P2;
    }
    if (command->data.len != 0 || command->ne == 0) {
        return SW_WRONG_LENGTH;
    }
    if (!by_identifier && card->file == 0) {
        return SW_NO_FILE_SELECTED;
    }
    size_t offset = by_identifier ? command->p2 : (size_t)(command->p1 << 8 | command->p2);
    uint16_t file =
        by_identifier ? card_file_of_short_identifier(card, command->p1 & 0x1F) : card->file;
    size_t len;
    uint16_t sw = open_file(card, file, &len);
    if (sw != SW_OK) {
        return sw;
    }
    if (offset >= len) {
        return SW_OFFSET;
    }
    size_t room = room_for(command);
    size_t left = len - offset;
    bool ends = left < room && !asks_for_all(command);
    sw = read_bytes(card, offset, left < room ? left : room, out);
    return sw == SW_OK && ends ? SW_END_OF_FILE : sw;
}

/* P1-P2 of the odd instruction: a file identifier, a short one, or zeros for the current file. */
static uint16_t odd_file(const struct card *card, const struct apdu *command)
{
    uint16_t file = (uint16_t)(command->p1 << 8 | command->p2);
    if (file == 0) {
        return card->file;
    }
    return file < 0x1F ? card_file_of_short_identifier(card, file) : file;
}

static bool read_offset(struct span data, size_t *ret)
{
    struct span offset;
    if (!tlv_only(data, TAG_OFFSET, &offset) || offset.len == 0 || offset.len > 4) {
        return false;
    }
    struct reader value = reader_of(offset);
    *ret = (size_t)reader_be(&value, offset.len);
    return true;
}

static size_t object_bytes(size_t len)
{
    struct writer size = writer_of(NULL, 0);
    tlv_head(&size, TAG_DATA, len);
    return size.len + len;
}

uint16_t command_read_binary_odd(struct card *card, const struct apdu *command, struct writer *out)
{
    size_t offset;
    size_t room = room_for(command);
    if (command->data.len == 0 || room < object_bytes(1)) {
        return SW_WRONG_LENGTH;
    }
    if (!read_offset(command->data, &offset)) {
        return SW_WRONG_DATA;
    }
    uint16_t file = odd_file(card, command);
    if (file == 0 && command->p1 == 0 && command->p2 == 0) {
        return SW_NO_FILE_SELECTED;
    }
    size_t len;
    uint16_t sw = open_file(card, file, &len);
    if (sw != SW_OK) {
        return sw;
    }
    if (offset >= len) {
        return SW_OFFSET;
    }
    size_t take = len - offset;
    bool ends = object_bytes(take) < room && !asks_for_all(command);
    if (take > room) {
        take = room;
    }
    while (object_bytes(take) > room) {
        take--;
    }
    tlv_head(out, TAG_DATA, take);
    sw = read_bytes(card, offset, take, out);
    return sw == SW_OK && ends ? SW_END_OF_FILE : sw;
}
