/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of the selected application: where their bytes come from and how long they may be.
 */
#ifndef CARD_CARD_FILE_H
#define CARD_CARD_FILE_H

#include "card.h"

/* The object that holds a file an issuer writes, with the most bytes it may have; 0 for others. */
unsigned card_file_object(uint16_t file, size_t *ret_most);

/* The length of a file; 0 when it is not there, or not the selected application's. */
size_t card_file_length(const struct card *card, uint16_t file);

/* Copies bytes that lie within a file that is there. False when the flash fails. */
MUST_USE bool card_file_read(struct card *card, uint16_t file, size_t offset, uint8_t *bytes,
                             size_t len);

/* The file with a short identifier (ISO/IEC 7816-4 §7.3.2), or 0; NDEF files have none. */
uint16_t card_file_of_short_identifier(const struct card *card, unsigned identifier);

#endif
