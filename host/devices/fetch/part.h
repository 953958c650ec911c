/* SPDX-License-Identifier: Apache-2.0
 *
 * A part file: what a download has brought so far, behind a head that says of which file on which
 * server, so that one file holds all that is needed to go on. The head is written before the first
 * byte; a part file cut at any place is a shorter one, or none.
 */
#ifndef DEVICES_FETCH_PART_H
#define DEVICES_FETCH_PART_H

#include "devices/fetch/message.h"

#define FETCH_PART_HEAD 4096 /* bytes in front of the first byte of the file */

struct fetch_part {
    char url[FETCH_URL_MAX + 1];
    struct fetch_validators validators;
    uint64_t total; /* bytes of the whole file, as its server says; 0: not known */
    uint64_t len;   /* bytes that are there */
};

/* Reads head and length; false when it is no part file. */
MUST_USE bool fetch_part_read(int fd, struct fetch_part *ret_part);

/* Empties the file and writes a new head; false when that fails. */
MUST_USE bool fetch_part_begin(int fd, const struct fetch_part *part);

/* Writes `bytes` of the file at `offset`; false when that fails. */
MUST_USE bool fetch_part_write(int fd, uint64_t offset, struct span bytes);

#endif
