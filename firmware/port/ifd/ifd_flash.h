/* SPDX-License-Identifier: Apache-2.0
 *
 * A native card whose flash outlives the process: in a file that holds "SAKSICRD", the seed the
 * card was made from (8 bytes, big-endian), and the flash. A file that is not there, or is empty,
 * becomes a card fresh from the factory.
 */
#ifndef IFD_FLASH_H
#define IFD_FLASH_H

#include "port/native/native.h"

#include "wire/bytes.h"
#include "wire/must_use.h"

enum { IFD_FLASH_MAX_PATH = 1024 };

struct ifd_flash {
    char path[IFD_FLASH_MAX_PATH];
    uint64_t seed;
    uint64_t saved; /* operations of the flash that are in the file */
    struct native native;
};

/* Opens the card in a file, or makes it there: from the number in the environment variable
 * SAKSI_CARD_SEED, or else from the file's name, so that two files are two cards. False, when the
 * file cannot be read or written or holds something else. */
MUST_USE bool ifd_flash_open(struct ifd_flash *flash, const char *path);

/* Writes to the file what the card has changed since. */
MUST_USE bool ifd_flash_save(struct ifd_flash *flash);

#endif
