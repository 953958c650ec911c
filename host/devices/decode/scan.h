/* SPDX-License-Identifier: Apache-2.0
 *
 * Gets every QR code it can out of one page, within a time limit: the order of attempts is here.
 * It knows nothing of files, nor of what the texts mean.
 */
#ifndef DEVICES_SCAN_H
#define DEVICES_SCAN_H

#include "devices/decode/codes.h"
#include "devices/decode/image.h"

/* No time limit: for tests, where the machine's speed must not count. */
enum { SCAN_UNHURRIED_MS = 0 };

enum scan_effort {
    SCAN_QUICK,    /* clean pages: what a drawn or well scanned code needs */
    SCAN_THOROUGH, /* photos: everything, until a code is found or the time is up */
};

/* Monotonic milliseconds. */
uint64_t scan_clock_ms(void);

/* Adds the texts on this page to the list; how many codes it read (the same text twice counts
 * twice). The image is used up: codes found are painted over. Clean images take one or two passes;
 * the costly attempts on hard ones stop when budget_ms is spent. */
unsigned scan_page(struct image *grey, unsigned page, enum scan_effort effort, unsigned budget_ms,
                   struct code_list *list);

#endif
