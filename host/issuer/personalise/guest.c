/* SPDX-License-Identifier: Apache-2.0
 *
 * From "no card yet" to a card that was looked at, and back to an empty reader.
 */
#include "personalise.h"

int guest_options_check(struct guest_options *o, const char *command)
{
    o->wait_s = CARD_PRESENTED_WAIT_S;
    if (o->wait != NULL && !card_presented_seconds(o->wait, &o->wait_s)) {
        return say(STATUS_USAGE, "%s: --wait must be a number of seconds from 0 to %d", command,
                   CARD_PRESENTED_MAX_WAIT_S);
    }
    return STATUS_OK;
}

static int say_io(const char *reader, enum card_io_error error)
{
    char room[CARD_PRESENTED_PHRASE];
    return say(card_presented_status(error), "%s", card_presented_phrase(reader, error, room));
}

/* --- one card after the other --- */

int guest_open(struct guest *guest, const struct key_ring *ring)
{
    guest->ring = ring;
    guest->kind = ring->management_path == NULL ? &guest_chip : &guest_token;
    enum card_io_error error = card_readers_open(&guest->readers);
    return error == CARD_IO_OK ? STATUS_OK : say_io(NULL, error);
}

/* Asks for the card only when there is none yet. */
static enum card_io_error wait_for_card(struct guest *guest, const struct guest_options *o,
                                        const char *what)
{
    enum card_io_error error = card_readers_wait(guest->readers, o->reader, 0, guest->reader);
    if ((error == CARD_IO_NO_CARD || error == CARD_IO_NO_READER) && o->wait_s != 0) {
        (void)say(0, "present a card%s%s", *what == '\0' ? "" : " for ", what);
        error = card_readers_wait(guest->readers, o->reader, o->wait_s * 1000, guest->reader);
    }
    return error;
}

void guest_pause(void)
{
    card_presented_clock(0, NULL);
}

/* What was signed waits in the registry. */
void guest_go_on(void)
{
    card_presented_clock(PERSONALISE_SESSION_S, "present the same card again");
}

int guest_wait(struct guest *guest, const struct guest_options *o, const char *what)
{
    enum card_io_error error = wait_for_card(guest, o, what);
    if (error != CARD_IO_OK) {
        return say_io(o->reader, error);
    }
    guest_go_on();
    error = card_readers_connect(guest->readers, guest->reader, &guest->io);
    if (error != CARD_IO_OK) {
        return say_io(guest->reader, error);
    }
    return guest->kind->look(guest);
}

int guest_refuse_awaited(const struct guest *guest, const struct opened *opened,
                         const char *station)
{
    struct credential claims;
    uint32_t index = 0;
    enum registry_error error = guest->key == NULL
                                    ? REGISTRY_DONE
                                    : issue_waiting(opened->registry, guest->key, &index, &claims);
    if (error == REGISTRY_OK) {
        struct span number = credential_text(&claims, SAKSI_CLAIM_CERTIFICATE_NUMBER);
        return say(STATUS_DATA,
                   "%s: certificate %.*s waits for this card: finish it with \"saksi card "
                   "personalise --station %s\", or first void it with \"saksi issue void --station "
                   "%s --index %u\"",
                   guest->reader, (int)number.len, (const char *)number.ptr, station, station,
                   (unsigned)index);
    }
    return error == REGISTRY_DONE ? STATUS_OK
                                  : say_registry(opened->station.registry_path, error,
                                                 registry_db_error(opened->registry));
}

int guest_erase(struct guest *guest)
{
    int status = guest->kind->erase(guest);
    if (status != STATUS_OK && *guest->label.number != '\0') {
        (void)say(0,
                  "certificate %s, index %u, may be gone from this card: present it again to see",
                  guest->label.number, (unsigned)guest->label.index);
    }
    return status;
}

void guest_release(struct guest *guest)
{
    if (guest->io.close != NULL) {
        guest->kind->close(guest);
    }
    card_presented_leave(&guest->io);
    guest->chip = NULL;
    guest->key = NULL;
    guest_pause();
}

int guest_wait_empty(struct guest *guest, const struct guest_options *o)
{
    (void)say(0, "%s: take the card out", guest->reader);
    enum card_io_error error =
        card_readers_wait_empty(guest->readers, guest->reader, o->wait_s * 1000);
    if (error == CARD_IO_NO_CARD) {
        return say(
            STATUS_IO,
            "%s: the card was not taken out; nothing was begun for the next one: say the same "
            "command again, with --resume",
            guest->reader);
    }
    return error == CARD_IO_OK ? STATUS_OK : say_io(guest->reader, error);
}

void guest_close(struct guest *guest)
{
    guest_release(guest);
    card_readers_close(guest->readers);
    guest->readers = NULL;
}
