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

static void start_clock(void)
{
    const struct sigaction action = {.sa_handler = out_of_time};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm(CARD_SESSION_S);
}

int card_guest_open(const struct card_options *o, struct card_guest *guest)
{
    struct card_io io = {0};
    memset(guest, 0, sizeof *guest);
    enum card_io_error error = card_readers_open(&guest->readers);
    if (error != CARD_IO_OK) {
        return card_failed(NULL, error);
    }
    error = card_readers_wait(guest->readers, o->reader, o->wait_s * 1000, guest->reader);
    if (error != CARD_IO_OK) {
        return card_failed(o->reader, error);
    }
    start_clock();
    error = card_readers_connect(guest->readers, guest->reader, &io);
    if (error == CARD_IO_OK) {
        error = card_session_open(&guest->session, &io);
    }
    return error == CARD_IO_OK ? 0 : card_failed(guest->reader, error);
}

void card_guest_close(struct card_guest *guest)
{
    if (guest->session.io.close != NULL) {
        guest->session.io.close(guest->session.io.ctx);
    }
    card_readers_close(guest->readers);
    (void)alarm(0);
}
