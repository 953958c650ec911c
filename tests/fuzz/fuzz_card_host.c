/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a card: responses, each behind its length in two bytes, whatever the host asks; when
 * they are used up the card is gone. The host reads, asks and gives up within its limits, and no
 * card that knows no key proves one.
 */
#include "fuzz.h"
#include "devices/card_holding.h"

/* A card whose every answer brings one byte nearer to the end takes no more than that. */
enum { MOST_COMMANDS = 100000 };

static unsigned commands;

static enum card_io_error transmit(void *ctx, struct span command, uint8_t *response, size_t cap,
                                   size_t *ret_len)
{
    struct reader *r = ctx;
    FUZZ_REQUIRE(command.len >= 4 && command.len <= CARD_COMMAND_MAX);
    FUZZ_REQUIRE(++commands < MOST_COMMANDS);
    if (r->rest.len == 0) {
        return CARD_IO_REMOVED;
    }
    size_t len = (size_t)reader_be(r, 2);
    struct span bytes = reader_take(r, len < r->rest.len ? len : r->rest.len);
    if (r->failed) {
        return CARD_IO_REMOVED;
    }
    if (bytes.len > cap) {
        return CARD_IO_NONSENSE;
    }
    if (bytes.len != 0) {
        memcpy(response, bytes.ptr, bytes.len);
    }
    *ret_len = bytes.len;
    return CARD_IO_OK;
}

static void check_session(const struct card_session *session)
{
    FUZZ_REQUIRE(session->file_count <= CARD_SESSION_FILES);
    for (size_t i = 0; i < session->file_count; i++) {
        const struct card_session_file *file = &session->file[i];
        FUZZ_REQUIRE(file->len != 0 && file->len <= CARD_APP_MAX_PHOTO);
        FUZZ_REQUIRE(file->id > CARD_APP_INDEX);
        FUZZ_REQUIRE(i == 0 || session->file[i - 1].id < file->id);
        FUZZ_REQUIRE(card_session_find(session, file->id) == file);
    }
}

static void check_visit(const struct card_visit *visit)
{
    bool known = false;
    for (size_t i = 0; i < CARD_PROFILES; i++) {
        known = known || visit->profile == &card_profiles[i];
    }
    FUZZ_REQUIRE(known && visit->certificates <= CARD_APP_CREDENTIALS);
    FUZZ_REQUIRE(visit->photo_bytes <= CARD_APP_MAX_PHOTO);
    FUZZ_REQUIRE(visit->photo_bytes == 0 || visit->profile->photo != NULL);
    if (visit->profile == &card_profiles[0]) {
        check_session(&visit->session);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct card_visit visit;
    static struct card_photo photo;
    static struct card_holding holding;
    struct reader r = reader_of(span_of(data, size));
    const struct card_io io = {.transmit = transmit, .ctx = &r};
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    commands = 0;
    photo.read = false;
    enum card_io_error error = card_visit_open(&visit, &io);
    if (error == CARD_IO_OK) {
        check_visit(&visit);
    }
    for (size_t i = 0; error == CARD_IO_OK && i < visit.certificates; i++) {
        error = card_holding_read(&visit, i, &photo, &holding);
        FUZZ_REQUIRE(holding.proof.answer != CARD_ANSWER_GOOD);
        FUZZ_REQUIRE(holding.proof.present && photo.len <= sizeof photo.bytes);
        FUZZ_REQUIRE(holding.len <= sizeof holding.document && holding.number != 0);
        FUZZ_REQUIRE(!holding.proof.has_photo || (photo.read && photo.len != 0));
    }
    if (error == CARD_IO_OK && visit.profile->key != NULL) {
        error = visit.profile->key(&visit, point);
    }
    return 0;
}
