/* SPDX-License-Identifier: Apache-2.0
 *
 * From "no card yet" to a conversation, and back to a reader as it was found.
 */
#include "cli/card/card.h"

#include <signal.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"

int card_failed(const char *reader, enum card_io_error error)
{
    if (reader == NULL || *reader == '\0') {
        terminal_error("card", "%s", card_io_error_text(error));
    } else {
        terminal_error("card", "%s: %s", reader, card_io_error_text(error));
    }
    return error == CARD_IO_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
}

/* The service's library waits without a limit for a driver that hangs, and for a program that keeps
 * the card to itself. The service cleans up behind a client that is gone. */
static void out_of_time(int signal)
{
    static const char message[] = "saksi card: the card, its reader or another program held this "
                                  "one up for 60 s; try again\n";
    (void)signal;
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(EXIT_INPUT_OUTPUT);
}

void card_guest_start_clock(void)
{
    const struct sigaction action = {.sa_handler = out_of_time};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm(CARD_SESSION_S);
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

int card_guest_failed(const struct card_options *o, const struct card_guest *guest,
                      enum card_io_error error)
{
    return card_failed(guest->reader[0] == '\0' ? o->reader : guest->reader, error);
}

int card_guest_open(const struct card_options *o, struct card_guest *guest)
{
    enum card_io_error error = card_guest_wait(o, guest);
    if (error == CARD_IO_OK) {
        card_guest_start_clock();
        error = card_guest_connect(guest);
    }
    if (error == CARD_IO_OK) {
        error = card_visit_open(&guest->visit, &guest->io);
    }
    return error == CARD_IO_OK ? 0 : card_guest_failed(o, guest, error);
}

void card_guest_close(struct card_guest *guest)
{
    if (guest->io.close != NULL) {
        guest->io.close(guest->io.ctx);
    }
    card_readers_close(guest->readers);
    (void)alarm(0);
}
