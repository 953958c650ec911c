/* SPDX-License-Identifier: Apache-2.0
 *
 * vpcd_board SLOT FLASH BOARD FOLDER-OF-IMAGES: the card's image on an emulated board, in slot 0 or
 * 1 of vsmartcard's virtual reader: whatever speaks PC/SC speaks to the firmware through its serial
 * line. FLASH is a card as make_card and libsaksi-ifd.so have it: its serial number and keys become
 * the board's factory page, its flash the board's, and what the firmware changes goes back.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/random.h>

#include "board_run.h"
#include "port/ifd/ifd_flash.h"
#include "vpcd_line.h"

_Static_assert((int)BOARD_STORAGE == (int)NATIVE_FLASH, "one file for both");

enum { MISSING = 77 };

static struct ifd_flash flash;
static struct card_host host; /* knows the card's factory page */
static struct board_run run;

static size_t control(void *context, enum vpcd_control what, uint8_t *answer)
{
    (void)context;
    const uint8_t byte = (uint8_t)what;
    board_send(&run, span_of(&byte, 1));
    return what == VPCD_ATR ? board_receive(&run, answer, CARD_MAX_RESPONSE) : 0;
}

/* What the board's flash holds now goes to the file. */
static bool save(void)
{
    static uint8_t cells[BOARD_STORAGE];
    board_get_flash(&run, cells);
    if (memcmp(cells, flash.native.flash, sizeof cells) != 0) {
        memcpy(flash.native.flash, cells, sizeof cells);
        flash.native.operations++;
    }
    return ifd_flash_save(&flash);
}

static size_t command(void *context, struct span bytes, uint8_t *answer)
{
    (void)context;
    board_send(&run, bytes);
    size_t len = board_receive(&run, answer, CARD_MAX_RESPONSE);
    return save() ? len : 0;
}

static void start(const struct board_kind *kind, const char *images)
{
    host_make(&host, flash.seed);
    board_make(&run, kind, images, &host);
    board_put_flash(&run, flash.native.flash);
    if (getrandom(&run.seed, sizeof run.seed, 0) != sizeof run.seed) {
        exit(1);
    }
    board_start(&run, "card");
}

static void end(int number)
{
    (void)number;
    board_remove(&run);
    _exit(0);
}

int main(int argc, char **argv)
{
    const struct vpcd_card served = {.control = control, .command = command};
    unsigned long slot = argc == 5 ? strtoul(argv[1], NULL, 10) : VPCD_SLOTS;
    const struct board_kind *kind = slot < VPCD_SLOTS ? board_find(argv[3]) : NULL;
    if (kind == NULL) {
        fputs("usage: vpcd_board SLOT FLASH BOARD FOLDER-OF-IMAGES\n", stderr);
        return 64;
    }
    const char *why = board_missing(argv[4], argv[3]);
    if (why != NULL) {
        fprintf(stderr, "vpcd_board: %s\n", why);
        return MISSING;
    }
    if (!ifd_flash_open(&flash, argv[2])) {
        fprintf(stderr, "vpcd_board: %s is no card, or cannot be written\n", argv[2]);
        return 1;
    }
    start(kind, argv[4]);
    signal(SIGTERM, end);
    (void)vpcd_serve((unsigned)slot, &served);
    board_remove(&run);
    return 1;
}
