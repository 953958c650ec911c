/* SPDX-License-Identifier: Apache-2.0
 *
 * From "no card yet" to a conversation, and back to a reader as it was found.
 */
#include "cli/card/card.h"

#include "cli/terminal.h"

int card_failed(const char *reader, enum card_io_error error)
{
    char room[CARD_PRESENTED_PHRASE];
    terminal_error("card", "%s", card_presented_phrase(reader, error, room));
    return card_presented_status(error);
}

void card_guest_start_clock(void)
{
    card_presented_clock(CARD_SESSION_S, "try again");
}

enum card_io_error card_guest_wait(const struct card_options *o, struct card_guest *guest)
{
    memset(guest, 0, sizeof *guest);
    enum card_io_error error = card_readers_open(&guest->readers);
    if (error == CARD_IO_OK) {
        error = card_readers_wait(guest->readers, o->reader, o->wait_s * 1000, guest->reader);
    }
    return error;
}

enum card_io_error card_guest_connect(struct card_guest *guest)
{
    return card_readers_connect(guest->readers, guest->reader, &guest->io);
}

enum card_io_error card_guest_visit(struct card_guest *guest)
{
    enum card_io_error error = card_guest_connect(guest);
    return error == CARD_IO_OK ? card_visit_open(&guest->visit, &guest->io) : error;
}

int card_guest_failed(const struct card_options *o, const struct card_guest *guest,
                      enum card_io_error error)
{
    return card_failed(guest->reader[0] == '\0' ? o->reader : guest->reader, error);
}

/* ---- one of several cards ---- */

/* A card that fails may hold some; one that never answered cannot be asked. */
static bool has_none(const struct card_guest *guest, enum card_io_error error)
{
    switch (error) {
    case CARD_IO_OK:
        return guest->visit.certificates == 0;
    case CARD_IO_MUTE:
        return guest->io.transmit == NULL;
    case CARD_IO_REFUSED: /* by name, all three kinds */
        return !guest->visit.known;
    default:
        return error == CARD_IO_NO_APPLICATION || error == CARD_IO_TERMINATED;
    }
}

/* Takes the first card with certificates instead of the one at hand. False: there is none. */
static bool find_another(struct card_guest *guest)
{
    static struct card_guest other;
    struct card_reader_state state[CARD_READER_MAX];
    size_t count = 0;
    if (card_readers_list(guest->readers, state, &count) != CARD_IO_OK) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!state[i].present || state[i].mute || strcmp(state[i].name, guest->reader) == 0) {
            continue;
        }
        other = (struct card_guest){.readers = guest->readers};
        memcpy(other.reader, state[i].name, sizeof other.reader);
        if (card_guest_visit(&other) == CARD_IO_OK && other.visit.certificates != 0) {
            card_presented_leave(&guest->io);
            *guest = other;
            return true;
        }
        card_presented_leave(&other.io);
    }
    return false;
}

/* Says that there are cards which nobody looked at, as there was one before them. */
static void mention_others(const struct card_guest *guest)
{
    struct card_reader_state state[CARD_READER_MAX];
    size_t count = 0;
    bool behind = false;
    if (guest->visit.certificates == 0 ||
        card_readers_list(guest->readers, state, &count) != CARD_IO_OK) {
        return;
    }
    for (size_t i = count; i > 0 && strcmp(state[i - 1].name, guest->reader) != 0; i--) {
        behind = behind || state[i - 1].present;
    }
    if (behind) {
        terminal_error("card",
                       "%s: this card was taken; those in the readers listed after it were not "
                       "looked at",
                       guest->reader);
    }
}

int card_guest_open(const struct card_options *o, struct card_guest *guest)
{
    enum card_io_error error = card_guest_wait(o, guest);
    card_guest_start_clock();
    if (error == CARD_IO_OK) {
        error = card_guest_visit(guest);
    }
    if (o->reader == NULL && has_none(guest, error) && find_another(guest)) {
        error = CARD_IO_OK;
    }
    if (o->reader == NULL && error == CARD_IO_OK) {
        mention_others(guest);
    }
    return error == CARD_IO_OK ? 0 : card_guest_failed(o, guest, error);
}

void card_guest_close(struct card_guest *guest)
{
    card_presented_leave(&guest->io);
    card_readers_close(guest->readers);
    card_presented_clock(0, NULL);
}
