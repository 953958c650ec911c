/* SPDX-License-Identifier: Apache-2.0
 *
 * vpcd_card SLOT FLASH: the native card in a file (ifd_flash.h), in slot 0 or 1 of vsmartcard's
 * virtual reader. It keeps no secret.
 */
#include <stdio.h>
#include <stdlib.h>

#include "card/card.h"
#include "link/t1.h"
#include "port/ifd/ifd_flash.h"
#include "vpcd_line.h"

static struct ifd_flash flash;
static struct card card;

static size_t control(void *context, enum vpcd_control what, uint8_t *answer)
{
    (void)context;
    if (what == VPCD_ATR) {
        memcpy(answer, t1_atr, T1_ATR_BYTES);
        return T1_ATR_BYTES;
    }
    card_start(&card, &flash.native.port, CARD_CONTACT);
    return 0;
}

static size_t command(void *context, struct span bytes, uint8_t *answer)
{
    (void)context;
    size_t len = card_transmit(&card, bytes, answer);
    return ifd_flash_save(&flash) ? len : 0;
}

int main(int argc, char **argv)
{
    const struct vpcd_card served = {.control = control, .command = command};
    unsigned long slot = argc == 3 ? strtoul(argv[1], NULL, 10) : VPCD_SLOTS;
    if (slot >= VPCD_SLOTS) {
        fputs("usage: vpcd_card SLOT FLASH\n", stderr);
        return 64;
    }
    if (!ifd_flash_open(&flash, argv[2])) {
        fprintf(stderr, "vpcd_card: %s is no card, or cannot be written\n", argv[2]);
        return 1;
    }
    native_make_real(&flash.native);
    card_start(&card, &flash.native.port, CARD_CONTACT);
    return vpcd_serve((unsigned)slot, &served) ? 0 : 1;
}
