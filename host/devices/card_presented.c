/* SPDX-License-Identifier: Apache-2.0
 *
 * The message of the clock is made before it is needed: a handler of signals can only write it.
 */
#include "devices/card_presented.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

bool card_presented_seconds(const char *text, unsigned *ret_seconds)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 4 || text[digits] != '\0') {
        return false;
    }
    unsigned seconds = (unsigned)strtoul(text, NULL, 10);
    if (seconds > CARD_PRESENTED_MAX_WAIT_S) {
        return false;
    }
    *ret_seconds = seconds;
    return true;
}

/* ---- the clock ---- */

static char late[256];

static void end_late(int signal)
{
    (void)signal;
    (void)!write(STDERR_FILENO, late, strlen(late));
    _exit(EX_IOERR);
}

void card_presented_clock(unsigned seconds, const char *advice)
{
    const struct sigaction action = {.sa_handler = end_late};
    (void)alarm(0);
    if (seconds == 0) {
        return;
    }
    (void)snprintf(late, sizeof late,
                   "saksi card: the card, its reader or another program held this one up for %u s; "
                   "%.80s\n",
                   seconds, advice);
    sigset_t blocked; /* by whoever started the program, perhaps */
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGALRM);
    (void)sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm(seconds);
}

/* ---- the end ---- */

void card_presented_leave(struct card_io *io)
{
    if (io->close != NULL) {
        io->close(io->ctx);
    }
    *io = (struct card_io){.transmit = NULL};
}

const char *card_presented_phrase(const char *reader, enum card_io_error error,
                                  char room[CARD_PRESENTED_PHRASE])
{
    const char *phrase = card_io_error_text(error);
    bool named = reader != NULL && *reader != '\0';
    (void)snprintf(room, CARD_PRESENTED_PHRASE, named ? "%.*s: %s" : "%.*s%s",
                   CARD_READER_NAME_SIZE, named ? reader : "", phrase);
    return room;
}

int card_presented_status(enum card_io_error error)
{
    return error == CARD_IO_SYSTEM ? EX_SOFTWARE : EX_IOERR;
}
