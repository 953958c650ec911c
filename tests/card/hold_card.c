/* SPDX-License-Identifier: Apache-2.0
 *
 * hold_card READER SECONDS COMMAND: the other program at the same reader. It keeps the card to
 * itself ("exclusive"), or resets it again and again ("reset"), for so long.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

int main(int argc, char **argv)
{
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    if (argc != 4) {
        return 64;
    }
    bool reset = strcmp(argv[3], "reset") == 0;
    long ms = strtol(argv[2], NULL, 10) * 1000;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS ||
        SCardConnect(context, argv[1], reset ? SCARD_SHARE_SHARED : SCARD_SHARE_EXCLUSIVE,
                     SCARD_PROTOCOL_T1, &card, &protocol) != SCARD_S_SUCCESS) {
        fputs("hold_card: the card cannot be had\n", stderr);
        return 1;
    }
    puts("held");
    (void)fflush(stdout);
    for (long at = 0; reset && at < ms; at += 20) {
        (void)SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_RESET_CARD,
                             &protocol);
        pause_ms(20);
    }
    pause_ms(reset ? 0 : ms);
    (void)SCardDisconnect(card, SCARD_RESET_CARD);
    (void)SCardReleaseContext(context);
    return 0;
}
