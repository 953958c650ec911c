/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi demo --card: a certificate on a card, and what a copy of that card is worth. Virtual
 * readers alone are used, so that no card of anybody is touched.
 */
#include "cli/demo/card.h"

#include <stdio.h>
#include <string.h>

#include "devices/card_holding.h"
#include "devices/card_reader.h"
#include "issuer/chip_writer.h"
#include "wire/card_sample.h"

#define VIRTUAL_READER "Saksi virtual reader"

enum { GENUINE, PAPER, COPY };

#define ON_CARD                                                                                    \
    .issuer = "ID.SAMPLE-A.LSP-01", .key = "ID.SAMPLE-A.LSP-01", .index = 61, .signed_ago = 60,    \
    .issued_ago = 60, .valid_days = 1095, .holder = "Ayu Lestari", .scheme = "S-HTL-RA-2",         \
    .title = "Room Attendant", .sector = "I551", .job_index = "HHK.05", .framework = 1,            \
    .edition = 2012, .level = 2, .unit = {"S-HTL.001", "S-HTL.002"}

const struct demo_case demo_card_case[] = {
    [GENUINE] = {.name = "card",
                 ON_CARD,
                 .purpose = SAKSI_HOTEL,
                 .outcome = SAKSI_VALID,
                 .reason = SAKSI_KEY_PROVED},
    [PAPER] = {.name = "card-left-at-home",
               ON_CARD,
               .purpose = SAKSI_BORDER,
               .outcome = SAKSI_CHECK_BY_HAND,
               .reason = SAKSI_CARD_EXISTS},
    [COPY] = {.name = "card-copied",
              ON_CARD,
              .purpose = SAKSI_HOTEL,
              .outcome = SAKSI_NOT_VALID,
              .reason = SAKSI_CARD_CLONE_SUSPECTED},
};

/* Everything that is said to cards here. */
struct desk {
    struct demo *demo;
    struct demo_judge *judge;
    struct card_readers *readers;
    char reader[2][CARD_READER_NAME_SIZE];
    struct card_io io;
    struct card_key_master transport, issuer;
    struct chip_writer writer;
    struct card_holding holding; /* as it was read from a card */
};

static bool fail_io(struct desk *desk, enum card_io_error error)
{
    return demo_fail(desk->demo, "%s", card_io_error_text(error));
}

static bool find_readers(struct desk *desk)
{
    struct card_reader_state state[CARD_READER_MAX];
    size_t count = 0, found = 0;
    enum card_io_error error = card_readers_open(&desk->readers);
    if (error == CARD_IO_OK) {
        error = card_readers_list(desk->readers, state, &count);
    }
    for (size_t i = 0; error == CARD_IO_OK && i < count && found < 2; i++) {
        if (strncmp(state[i].name, VIRTUAL_READER, sizeof VIRTUAL_READER - 1) == 0) {
            memcpy(desk->reader[found++], state[i].name, CARD_READER_NAME_SIZE);
        }
    }
    return found == 2 ||
           demo_fail(desk->demo,
                     "there are no two virtual readers; say: tools/virtual-card --card first.card "
                     "--card second.card -- saksi demo --card (it needs pcscd, and the reader's "
                     "driver libsaksi-ifd.so from a build folder)");
}

/* --- one card at a time --- */

static bool take_card(struct desk *desk, const char *reader)
{
    const struct chip_keys keys = {&desk->transport, &desk->issuer, CHIP_KEYS_SAMPLE};
    enum card_io_error error = card_readers_connect(desk->readers, reader, &desk->io);
    if (error != CARD_IO_OK) {
        return fail_io(desk, error);
    }
    enum chip_error opened = chip_writer_open(&desk->writer, &desk->io, &keys);
    return opened == CHIP_OK ||
           demo_fail(desk->demo, "%s: %s", reader, chip_writer_text(&desk->writer, opened));
}

static void leave_card(struct desk *desk)
{
    chip_writer_close(&desk->writer);
    if (desk->io.close != NULL) {
        desk->io.close(desk->io.ctx);
    }
    desk->io = (struct card_io){.transmit = NULL};
}

/* A card as new, with a key of its own. */
static bool begin_card(struct desk *desk, const char *reader)
{
    enum chip_error error = CHIP_OK;
    if (!take_card(desk, reader)) {
        return false;
    }
    if (chip_writer_is_taken(&desk->writer)) {
        error = chip_writer_erase(&desk->writer);
    }
    if (error == CHIP_OK) {
        error = chip_writer_make_key(&desk->writer);
    }
    return error == CHIP_OK ||
           demo_fail(desk->demo, "%s: %s", reader, chip_writer_text(&desk->writer, error));
}

static bool read_card(struct desk *desk, const char *reader)
{
    static struct card_photo photo;
    static struct card_visit visit;
    enum card_io_error error = card_readers_connect(desk->readers, reader, &desk->io);
    photo.read = false;
    if (error == CARD_IO_OK) {
        error = card_visit_open(&visit, &desk->io);
    }
    if (error == CARD_IO_OK) {
        error = visit.certificates == 1 ? card_holding_read(&visit, 0, &photo, &desk->holding)
                                        : CARD_IO_NONSENSE;
    }
    leave_card(desk);
    return error == CARD_IO_OK || fail_io(desk, error);
}

static bool judge_card(struct desk *desk, size_t at, const char *reader,
                       struct demo_answer ret_answer[])
{
    struct demo_document shown = {.proof = &desk->holding.proof};
    if (!read_card(desk, reader)) {
        return false;
    }
    shown.document = span_of(desk->holding.document, desk->holding.len);
    return demo_judge_document(desk->demo, desk->judge, &demo_card_case[at], &shown,
                               &ret_answer[at]);
}

/* --- the story --- */

static bool issue_on_card(struct desk *desk)
{
    bool issued = begin_card(desk, desk->reader[0]) &&
                  demo_issue_on_chip(desk->demo, &demo_card_case[GENUINE], &desk->writer.chip);
    leave_card(desk);
    if (issued) {
        puts("card: it made a key, which was signed for; written, read back, challenged, locked");
    }
    return issued;
}

/* Whoever has the factory's key can put the very bytes on a card of his; its key is another. */
static bool copy_card(struct desk *desk)
{
    const struct card_holding *from = &desk->holding;
    if (!begin_card(desk, desk->reader[1])) {
        return false;
    }
    enum chip_error error = chip_writer_write(&desk->writer, span_of(from->document, from->len),
                                              from->proof.credential_digest, span_of(NULL, 0));
    bool copied = error == CHIP_OK || demo_fail(desk->demo, "%s: %s", desk->reader[1],
                                                chip_writer_text(&desk->writer, error));
    leave_card(desk);
    if (copied) {
        puts("copy: all its bytes are on a second card, which has another key");
    }
    return copied;
}

static bool judge_paper(struct desk *desk, struct demo_answer ret_answer[])
{
    struct demo_document shown = {.document = span_of(desk->holding.document, desk->holding.len)};
    return demo_judge_document(desk->demo, desk->judge, &demo_card_case[PAPER], &shown,
                               &ret_answer[PAPER]);
}

bool demo_card_ready(struct demo *demo)
{
    static struct desk desk;
    desk.demo = demo;
    bool ready = find_readers(&desk);
    card_readers_close(desk.readers);
    return ready;
}

bool demo_card(struct demo *demo, struct demo_answer ret_answer[DEMO_CARD_CASES])
{
    static struct desk desk;
    desk.demo = demo;
    desk.transport.len = desk.issuer.len = CARD_SAMPLE_MASTER_BYTES;
    memcpy(desk.transport.bytes, CARD_SAMPLE_TRANSPORT_MASTER, CARD_SAMPLE_MASTER_BYTES);
    memcpy(desk.issuer.bytes, CARD_SAMPLE_ISSUER_MASTER, CARD_SAMPLE_MASTER_BYTES);
    bool told = find_readers(&desk) && issue_on_card(&desk) && demo_judge_open(demo, &desk.judge) &&
                judge_card(&desk, GENUINE, desk.reader[0], ret_answer) &&
                judge_paper(&desk, ret_answer) && copy_card(&desk) &&
                judge_card(&desk, COPY, desk.reader[1], ret_answer);
    leave_card(&desk);
    demo_judge_close(desk.judge);
    card_readers_close(desk.readers);
    return told;
}
