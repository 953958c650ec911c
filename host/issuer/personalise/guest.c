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

static int say_keys(const struct guest *guest, const char *text)
{
    const struct key_ring *ring = guest->ring;
    if (guest->writer.io_error == CARD_IO_NO_KEYS) {
        return say(
            STATUS_KEY,
            "%s: this card is new from the factory: give --transport-keys FILE, the key that "
            "came with the cards",
            guest->reader);
    }
    return say(STATUS_KEY, "%s: %s (the key tried was %s)", guest->reader, text,
               guest->writer.manage.transport ? ring->transport_path : ring->issuer_path);
}

int guest_say(const struct guest *guest, enum chip_error error)
{
    const char *text = chip_writer_text(&guest->writer, error);
    if (error != CHIP_IO) {
        int status = error == CHIP_SAMPLE || error == CHIP_NOT_SAMPLE ? STATUS_DATA : STATUS_IO;
        return say(status, "%s: %s", guest->reader, text);
    }
    switch (guest->writer.io_error) {
    case CARD_IO_NO_KEYS:
    case CARD_IO_WRONG_KEYS:
    case CARD_IO_SHUT:
        return say_keys(guest, text);
    default:
        return say_io(guest->reader, guest->writer.io_error);
    }
}

static int say_token(const struct guest *guest, enum token_error error)
{
    const char *text = token_writer_text(&guest->token, error);
    switch (error) {
    case TOKEN_IO:
        return say_io(guest->reader, guest->token.io_error);
    case TOKEN_PIV:
        return say(STATUS_KEY, "%s: %s", guest_reader(guest), text);
    default:
        return say(STATUS_IO, "%s: %s", guest_reader(guest), text);
    }
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

static int look_at_card(struct guest *guest)
{
    const struct chip_keys keys = key_ring_keys(guest->ring);
    enum chip_error opened = chip_writer_open(&guest->writer, &guest->io, &keys);
    if (opened == CHIP_IO && guest->writer.io_error == CARD_IO_NO_APPLICATION) {
        return say(STATUS_DATA,
                   "%s: this is another kind of card; if it is a PIV card, give --management-key "
                   "FILE with its key",
                   guest_reader(guest));
    }
    return opened == CHIP_OK ? STATUS_OK : guest_say(guest, opened);
}

static int look_at_token(struct guest *guest)
{
    enum token_error opened = token_writer_open(&guest->token, &guest->io, guest->management);
    if (opened == TOKEN_IO && guest->token.io_error == CARD_IO_NO_APPLICATION) {
        return say(STATUS_DATA, "%s: this is no PIV card; leave --management-key out",
                   guest_reader(guest));
    }
    return opened == TOKEN_OK ? STATUS_OK : say_token(guest, opened);
}

const struct issue_chip *guest_chip(const struct guest *guest)
{
    bool has_key = guest->management == NULL ? guest->writer.has_key : guest->token.has_key;
    const struct issue_chip *chip =
        guest->management == NULL ? &guest->writer.chip : &guest->token.chip;
    return has_key ? chip : NULL;
}

int guest_make_key(struct guest *guest)
{
    if (guest->management != NULL) {
        enum token_error error = token_writer_make_key(&guest->token);
        return error == TOKEN_OK ? STATUS_OK : say_token(guest, error);
    }
    enum chip_error error = chip_writer_make_key(&guest->writer);
    return error == CHIP_OK ? STATUS_OK : guest_say(guest, error);
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
    return guest->management == NULL ? look_at_card(guest) : look_at_token(guest);
}

void guest_release(struct guest *guest)
{
    chip_writer_close(&guest->writer);
    if (guest->io.close != NULL) {
        guest->io.close(guest->io.ctx);
    }
    guest->io = (struct card_io){.transmit = NULL};
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
