/* SPDX-License-Identifier: Apache-2.0
 *
 * From "no card yet" to a card that was looked at, and back to an empty reader.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "personalise.h"

int guest_options_check(struct guest_options *o, const char *command)
{
    uint64_t wait_s = PERSONALISE_WAIT_S;
    if (o->wait != NULL && !parse_number(o->wait, PERSONALISE_MAX_WAIT_S, &wait_s)) {
        return say(STATUS_USAGE, "%s: --wait must be a number of seconds from 0 to %d", command,
                   PERSONALISE_MAX_WAIT_S);
    }
    o->wait_s = (unsigned)wait_s;
    return STATUS_OK;
}

/* --- messages --- */

/* A reader's maker chooses its name, and terminals obey control characters. */
const char *guest_reader(const struct guest *guest)
{
    static char name[CARD_READER_NAME_SIZE];
    size_t len = 0;
    for (const char *c = guest->reader; *c != '\0' && len < sizeof name - 1; c++) {
        name[len++] = *c >= 0x20 && *c < 0x7F ? *c : '?';
    }
    name[len] = '\0';
    return name;
}

static int say_io(const char *reader, enum card_io_error error)
{
    int status = error == CARD_IO_SYSTEM ? STATUS_INTERNAL : STATUS_IO;
    return reader == NULL || *reader == '\0'
               ? say(status, "%s", card_io_error_text(error))
               : say(status, "%s: %s", reader, card_io_error_text(error));
}

/* --- one card after the other --- */

/* The service's library waits without a limit for a driver that hangs, and for a program that keeps
 * the card to itself. What was signed waits in the registry. */
static void out_of_time(int signal)
{
    static const char message[] = "saksi card: the card, its reader or another program held this "
                                  "one up for two minutes; present the same card again\n";
    (void)signal;
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(STATUS_IO);
}

static void start_clock(void)
{
    const struct sigaction action = {.sa_handler = out_of_time};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm(PERSONALISE_SESSION_S);
}

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

int guest_wait(struct guest *guest, const struct guest_options *o, const char *what)
{
    enum card_io_error error = wait_for_card(guest, o, what);
    if (error != CARD_IO_OK) {
        return say_io(o->reader, error);
    }
    start_clock();
    error = card_readers_connect(guest->readers, guest->reader, &guest->io);
    if (error != CARD_IO_OK) {
        return say_io(guest->reader, error);
    }
    return guest->kind->look(guest);
}

void guest_release(struct guest *guest)
{
    if (guest->io.close != NULL) {
        guest->kind->close(guest);
        guest->io.close(guest->io.ctx);
    }
    guest->io = (struct card_io){.transmit = NULL};
    guest->chip = NULL;
    (void)alarm(0);
}

int guest_wait_empty(struct guest *guest, const struct guest_options *o)
{
    (void)say(0, "%s: take the card out", guest->reader);
    enum card_io_error error =
        card_readers_wait_empty(guest->readers, guest->reader, o->wait_s * 1000);
    if (error == CARD_IO_NO_CARD) {
        return say(STATUS_IO, "%s: the card was not taken out", guest->reader);
    }
    return error == CARD_IO_OK ? STATUS_OK : say_io(guest->reader, error);
}

void guest_close(struct guest *guest)
{
    guest_release(guest);
    card_readers_close(guest->readers);
    guest->readers = NULL;
}
