/* SPDX-License-Identifier: Apache-2.0
 *
 * Management keys of PIV cards, 9B (SP 800-73-4, part 1, table 4b), from files.
 */
#ifndef DEVICES_CARD_PIV_MANAGEMENT_H
#define DEVICES_CARD_PIV_MANAGEMENT_H

#include "wire/must_use.h"
#include "devices/card_piv_error.h"
#include "wire/bytes.h"

/* A management key; wipe it with card_piv_management_wipe. */
struct card_piv_management {
    uint8_t algorithm; /* enum card_piv_algorithm */
    size_t len;
    uint8_t key[32];
};

/* Reads a key of AES-128, -192 or -256 from a file (base/key_file.h). Refuses keys that cards are
 * sold with. */
MUST_USE enum card_piv_error card_piv_management_read(const char *path,
                                                      struct card_piv_management *ret_key);
/* CARD_PIV_ERROR_KEY_DEFAULT, or CARD_PIV_OK. */
MUST_USE enum card_piv_error card_piv_management_check(const struct card_piv_management *key);
void card_piv_management_wipe(struct card_piv_management *key);

#endif
